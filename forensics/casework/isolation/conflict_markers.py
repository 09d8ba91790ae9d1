"""The markers that git leaves in a file whose merge conflict was not resolved."""

import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.model.patch import Line

# Git writes exactly seven signs, a space and a label; separators and quotations have other lengths or no label.
# `SEARCH`, `REPLACE` and the like label the edit blocks that coding agents write into prompts and documents.
_START = re.compile(r"<{7} (?!SEARCH\b|ORIGINAL\b|YOUR\b)\S")
_END = re.compile(r">{7} (?!REPLACE\b|UPDATED\b)\S")
_MIDDLE = re.compile(r"={7}\s*$")  # alone it underlines a heading
_FENCES = ("```", "~~~")  # a manual shows a conflict in a fenced block


def unresolved(added: Sequence[Line]) -> tuple[str, ...]:
    """Return the added lines from a conflict's first marker to its last one, in this order; empty for none."""
    if not any(line.text.startswith("<<<<<<<") for line in added):
        return ()  # nearly every file: where its fences are does not matter then
    split, texts = False, list[str]()
    for line in _outside_fences(added):
        starts = _START.match(line.text)
        if starts:
            split, texts = False, []
        if starts or texts:
            texts.append(line.text)
        split = split or bool(texts and _MIDDLE.match(line.text))
        if texts and split and _END.match(line.text):
            return tuple(texts)
    return ()


def _outside_fences(added: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines outside fenced blocks.

    Only a fence in the same added block is known. A fence opened inside a conflict belongs to one side and hides no marker.
    """
    fence, last, in_conflict = "", 0, False
    for line in added:
        start = line.text.strip()[:3]
        if line.number != last + 1:
            fence = ""
        last = line.number
        if not in_conflict and start in _FENCES and fence in {"", start}:
            fence = "" if fence else start
        elif not fence:
            in_conflict = (in_conflict or line.text.startswith("<<<<<<<")) and not line.text.startswith(">>>>>>>")
            yield line

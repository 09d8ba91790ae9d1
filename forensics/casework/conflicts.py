"""The marks that git leaves in a file whose merge was not resolved, told from those that a document shows."""

import re
from collections.abc import Iterable

from forensics.model.patch import Line

_START = re.compile(r"<{7} (?!SEARCH\b|ORIGINAL\b|YOUR\b)\S")
_END = re.compile(r">{7} (?!REPLACE\b|UPDATED\b)\S")
_MIDDLE = re.compile(r"={7}\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")


def unresolved(added: Iterable[Line]) -> tuple[str, ...]:
    """Return the added lines from a conflict's first mark to its last one; empty for none.

    The three marks come in order. In a fenced block they are an example, and labels such as `SEARCH` and `REPLACE` are a
    notation for edits that some programs read.
    """
    fenced, split, texts = False, False, list[str]()
    for line in added:
        if _FENCE.match(line.text):
            fenced = not fenced
        starts = not fenced and _START.match(line.text)
        if starts:
            split, texts = False, []
        if starts or texts:
            texts.append(line.text)
        split = split or bool(texts and _MIDDLE.match(line.text))
        if texts and split and _END.match(line.text):
            return tuple(texts)
    return ()

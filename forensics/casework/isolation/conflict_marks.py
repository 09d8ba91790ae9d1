"""The marks that git leaves in a file whose merge was not resolved, told from those that a document shows."""

import re
from collections.abc import Iterable, Iterator

from forensics.model.patch import Line

_START = re.compile(r"<{7} (?!SEARCH\b|ORIGINAL\b|YOUR\b)\S")
_END = re.compile(r">{7} (?!REPLACE\b|UPDATED\b)\S")
_MIDDLE = re.compile(r"={7}\s*$")
_FENCES = ("```", "~~~")


def unresolved(added: Iterable[Line]) -> tuple[str, ...]:
    """Return the added lines from a conflict's first mark to its last one; empty for none.

    The three marks come in order. In a fenced block they are an example, and labels such as `SEARCH` and `REPLACE` are a
    notation for edits that some programs read.
    """
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
    """Yield the lines that no fence encloses which was added right with them: of a fence further up nothing is known.

    A fence that is opened amid a conflict is one side's, and hides none of its marks.
    """
    fence, last, amid = "", 0, False
    for line in added:
        start = line.text.strip()[:3]
        if line.number != last + 1:
            fence = ""
        last = line.number
        if not amid and start in _FENCES and fence in {"", start}:
            fence = "" if fence else start
        elif not fence:
            amid = (amid or line.text.startswith("<<<<<<<")) and not line.text.startswith(">>>>>>>")
            yield line

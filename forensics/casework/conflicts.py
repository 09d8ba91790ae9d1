"""The marks of an unresolved merge conflict among a commit's added lines."""

from collections.abc import Iterator, Sequence

from forensics.model.patch import Line

_MARKS = frozenset({"<<<<<<<", "=======", ">>>>>>>"})
_FENCES = ("```", "~~~")


def has_conflict(added: Sequence[Line]) -> bool:
    """Tell whether lines added to one file hold a conflict's marks; what stands in a fenced example is text about them."""
    return {line.text.split(" ")[0] for line in _outside_fences(added)} >= _MARKS


def _outside_fences(added: Sequence[Line]) -> Iterator[Line]:
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

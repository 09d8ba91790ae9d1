"""The patches of the `apply_patch` tool of Codex and OpenCode: parsed, and applied as those tools apply them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forensics.model.file_acts import Hunk

# A patch may stand in a shell heredoc, in a list of words, or by itself.
_BEGIN, _END = "*** Begin Patch", "\n*** End Patch"
# The head of each file in a patch; a file that is updated may be moved as well, in the next line.
_FILE = re.compile(r"\*\*\* (?P<what>Add|Update|Delete) File: (?P<path>.+)")
_MOVE = re.compile(r"\*\*\* Move to: (?P<path>.+)")
_END_OF_FILE = "*** End of File"


@dataclass(frozen=True, slots=True)
class FilePatch:
    """What a patch does to one file: `text` is a new file's, `hunks` an old one's; neither: it is deleted."""

    path: str
    text: str | None = None
    hunks: tuple[Hunk, ...] = ()
    to: str = ""


def file_patches(source: str) -> tuple[FilePatch, ...]:
    """Return the files that the patches in a text change."""
    return tuple(found for body in _bodies(source) for found in _files(body.split("\n")))


def _bodies(source: str) -> Iterator[str]:
    """Yield what stands between the marks; a patch that never ends has no body, and is looked through once."""
    place = 0
    while (begin := source.find(_BEGIN, place)) >= 0:
        first = source.find("\n", begin)
        last = source.find(_END, first) if first >= 0 else -1
        if last < 0:
            return
        yield source[first + 1 : last + 1]
        place = last + len(_END)


def _files(lines: Sequence[str]) -> Iterator[FilePatch]:
    starts = [place for place, line in enumerate(lines) if _FILE.fullmatch(line.rstrip())]
    for start, end in pairwise([*starts, len(lines)]):
        head = _FILE.fullmatch(lines[start].rstrip())
        body = lines[start + 1 : end]
        if head is None:
            continue
        path = head["path"].strip()
        if head["what"] == "Add":
            yield FilePatch(path, "".join(f"{line[1:]}\n" for line in body if line.startswith("+")))
        elif head["what"] == "Delete":
            yield FilePatch(path)
        else:
            move = _MOVE.fullmatch(body[0].rstrip()) if body else None
            yield FilePatch(path, hunks=tuple(_hunks(body[1:] if move else body)), to=move["path"] if move else "")


def _hunks(lines: Sequence[str]) -> Iterator[Hunk]:
    """Yield the hunks of an update; a line without a sign is an empty line of context."""
    old: list[str] = []
    new: list[str] = []
    anchor, at_end, begun = "", False, False
    for line in lines:
        if line.startswith("@@"):
            if old or new:
                yield Hunk(anchor, tuple(old), tuple(new), at_end)
            anchor, old, new, at_end, begun = line[2:].strip(), [], [], False, True
        elif line.rstrip() == _END_OF_FILE:
            at_end = True
        elif line[:1] in {" ", "+", "-", ""} and (line or begun or old or new):
            old += [line[1:]] if line[:1] != "+" else []
            new += [line[1:]] if line[:1] != "-" else []
    if lines and not lines[-1] and old[-1:] == [""] and new[-1:] == [""]:
        old, new = old[:-1], new[:-1]  # the line before `*** End Patch` or the next file ends here
    if old or new:
        yield Hunk(anchor, tuple(old), tuple(new), at_end)


def patched(text: str, hunks: Sequence[Hunk]) -> str | None:
    """Return a text after its hunks, None if one does not fit. The result ends with a line end, as the tool leaves it."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    place = 0
    changes: list[tuple[int, int, tuple[str, ...]]] = []
    for hunk in hunks:
        if hunk.anchor:
            found = _sought(lines, (hunk.anchor,), place, at_end=False)
            if found is None:
                return None
            place = found + 1
        # Only added lines and no place for them: the tools put them at the end.
        if not hunk.old:
            changes.append((len(lines), 0, hunk.new))
            continue
        old, new = hunk.old, hunk.new
        found = _sought(lines, old, place, at_end=hunk.at_end)
        if found is None and old[-1] == "":  # the empty line after the last one is not a line
            old, new = old[:-1], new[:-1] if new[-1:] == ("",) else new
            found = _sought(lines, old, place, at_end=hunk.at_end)
        if found is None:
            return None
        changes.append((found, len(old), new))
        place = found + len(old)
    for start, length, new in sorted(changes, key=lambda change: change[:2])[::-1]:  # from the end, so that places stay
        lines[start : start + length] = new
    return "".join(f"{line}\n" for line in lines)


def _sought(lines: Sequence[str], wanted: Sequence[str], start: int, *, at_end: bool) -> int | None:
    """Return where lines stand, exactly or else with other spaces at their ends."""
    first = len(lines) - len(wanted) if at_end and len(lines) >= len(wanted) else start
    # Models lose spaces at line ends and indent otherwise; the tools then take the next best place, and so do we.
    for plain in (str, str.rstrip, str.strip):
        sought = list(map(plain, wanted))
        for place in range(max(first, 0), len(lines) - len(wanted) + 1):
            if list(map(plain, lines[place : place + len(wanted)])) == sought:
                return place
    return None

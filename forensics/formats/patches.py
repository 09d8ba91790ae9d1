"""Patches as git prints them without context (`-p -U0`), read into added and removed lines."""

import re
from collections.abc import Iterator

from forensics.model.patch import Line, Patch

# Git leaves out a count of 1: `@@ -3 +3,2 @@`.
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
# In quoted names git writes bytes that are not ASCII as three octal digits, and a few others as in C.
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_LINE_LIMIT = 2_000  # a minified file is one line of megabytes


def parse_patches(output: bytes) -> Iterator[tuple[str, Patch]]:
    """Yield (full id, patch) out of `git log -p -U0 --format=%x00%H`, prefixes `a/` and `b/`.

    A commit without changes has an empty patch. Text that is not UTF-8 is kept as U+FFFD, and long lines are cut.
    """
    for part in re.split(rb"(?:\A|\n)\0(?=[0-9a-f]{40})", output):
        sha, _, body = part.partition(b"\n")
        if sha:
            yield sha.decode(), _patch(body.split(b"\n"))


def _patch(rows: list[bytes]) -> Patch:
    added: dict[str, list[Line]] = {}
    removed: dict[str, list[Line]] = {}
    before = after = ""
    index, last = 0, len(rows)
    while index < last:
        row = rows[index]
        index += 1
        if row.startswith(b"--- "):
            before = _path(row[4:])
        elif row.startswith(b"+++ "):
            after = _path(row[4:])
        elif match := _HUNK.match(row):
            old, olds, new, news = (int(number) if number is not None else 1 for number in match.groups())
            path = after or before
            index = _take(rows, index, b"-", olds, removed.setdefault(path, []), old)
            index = _take(rows, index, b"+", news, added.setdefault(path, []), new)
    return Patch(
        {path: tuple(lines) for path, lines in added.items() if lines},
        {path: tuple(lines) for path, lines in removed.items() if lines},
    )


def _take(rows: list[bytes], index: int, sign: bytes, many: int, lines: list[Line], first: int) -> int:
    """Collect as many lines of one side as the hunk's head says; return the index of the next row."""
    number = first
    while many > 0 and index < len(rows) and rows[index][:1] in {sign, b"\\"}:
        if rows[index][:1] == sign:
            lines.append(Line(number, rows[index][1:_LINE_LIMIT].decode("utf-8", "replace")))
            number, many = number + 1, many - 1
        index += 1
    while index < len(rows) and rows[index].startswith(b"\\ "):
        index += 1
    return index


def _path(text: bytes) -> str:
    """Return the path of a `---` or `+++` line, empty for /dev/null; git quotes unusual names."""
    name = text.rstrip(b"\t\r")
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return "" if name == b"/dev/null" else name[2:].decode("utf-8", "replace")


def _unescaped(match: re.Match[bytes]) -> bytes:
    text = match[1]
    return bytes([int(text, 8) & 255]) if len(text) == 3 else _LETTERS.get(text, text)

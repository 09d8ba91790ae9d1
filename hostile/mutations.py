"""Changes to a text that keep enough of its shape for a parser to go on reading: by bytes, by lines, by JSON values."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

# Bytes: longer inputs make fewer executions, and what grows faster than its input shows at this length already.
LONGEST = 24_000
# What a broken writer, another version or an attacker puts where a parser expects something else.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1e308, -0.0, "", " ", "null", "\x00", "\ud800", "a" * 5_000, [], [[]], {}, {"": None},
    [None] * 50, "2026-02-30T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999+14:00", "../../etc/passwd",
    "\u202e\u200b\ufe0f", "C:\\x\\y", "/" * 300, "1" * 400,
)  # fmt: skip
# What has a meaning to some parser, terminal, spreadsheet, browser or code host.
TOKENS: tuple[bytes, ...] = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "\n", "\r", "\r\n", "\n\n", "\t", "\0", "\x1b[31m", "\x9b", "\u2028", "\u202e", "\u200b", "\ufe0f", "\U000e0041", "\ud800", "`",
        "```", "~~~~", "    ", "|", "||", "---\n", "# ", "###### ", "- [x] ", "- [ ] ", "* ", "1. ", "> ", "**", "_**", "<details>",
        "</details>", "<tool-use ", "<!-- ", "-->", "<script>", "&amp;", "@name", "@org/team", "#12", "GH-12", "a/b#1", "fixes #3",
        "https://e.example/x", "www.e.example", "mailto:a@b.example", "=1+1", "::error::", "##[error]", "%0A", "a1b2c3d", "a1b2c3d..d4e5f6a",
        "0" * 40, "f" * 64, "12/12", "99999999999999999999", "1.2.3.4.5", "Task 1:", "## Phase 1: ", "T001", "Cycle 1.1: ", "RED", "GREEN",
        "passed", "failed", "FAILED", "ok", "Status: ", "commit ", "BASE ", "HEAD~1", "$(", "${", "'", '"', "\\", "\\\n", "&&", ";", "|&",
        "<<EOF\n", "EOF\n", "git commit -m ", "cd /", "{", "}", "[", "]", ":", ",", '":', "null", "NaN", "1e999", "*** Begin Patch\n",
        "@@ -1 +1 @@\n", "+++ b/x\n", "--- a/x\n", "password=", "ghp_" + "a" * 36,
    )
)  # fmt: skip

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(chance: random.Random, seed: bytes, others: Sequence[bytes]) -> bytes:
    """Return a seed after one to six changes, cut to a bearable length; sometimes text at random instead."""
    if chance.random() < 0.03:
        return _noise(chance)
    text = seed
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = chance.choice(_MUTATIONS)(chance, text, others)[: LONGEST * 2]
    return text[:LONGEST]


def _noise(chance: random.Random) -> bytes:
    """Return tokens and letters in any order."""
    letters = "ab1 .:-#*`|\n\t\"'{}[]()<>\\/=@é漢\u0301\u200d"
    parts = (
        chance.choice(TOKENS) if chance.random() < 0.5 else "".join(chance.choices(letters, k=chance.randint(1, 9))).encode()
        for _ in range(chance.randint(0, 60))
    )  # fmt: skip
    return b"".join(parts)


def _place(chance: random.Random, text: bytes) -> tuple[int, int]:
    first = chance.randint(0, len(text))
    return first, min(len(text), first + chance.choice((0, 1, 2, 8, 40, 400)))


def _insert(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    place, _end = _place(chance, text)
    return text[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 1, 1, 2, 40, 400, 8_000)) + text[place:]


def _delete(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    first, last = _place(chance, text)
    return text[:first] + text[last:]


def _double(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    first, last = _place(chance, text)
    return text[:last] + text[first:last] * chance.choice((1, 3, 60)) + text[last:]


def _flip(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    if not text:
        return text
    place = chance.randrange(len(text))
    return text[:place] + bytes([chance.randrange(256)]) + text[place + 1 :]


def _truncate(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    return text[: chance.randint(0, len(text))]


def _splice(chance: random.Random, text: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    first, last = _place(chance, other)
    place, _end = _place(chance, text)
    return text[:place] + other[first : max(last, first + 200)] + text[place:]


def _lines(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    """Drop, repeat, swap or move lines."""
    rows = text.splitlines(keepends=True)
    if not rows:
        return text
    one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    match chance.randrange(4):
        case 0:
            del rows[one]
        case 1:
            rows[one:one] = [rows[one]] * chance.choice((1, 2, 100))
        case 2:
            rows[one], rows[other] = rows[other], rows[one]
        case _:
            rows.insert(other, rows.pop(one))
    return b"".join(rows)


def _json(chance: random.Random, text: bytes, _: Sequence[bytes]) -> bytes:
    """Change one value of the text as JSON, or of one of its lines."""
    rows = text.splitlines()
    for whole in (text, *chance.sample(rows, min(3, len(rows)))):
        try:
            value = json.loads(whole)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list):
            try:
                changed = json.dumps(_changed(chance, value, value), ensure_ascii=chance.random() < 0.5)
            except (ValueError, RecursionError):
                return text
            return text.replace(whole, changed.encode("utf-8", "surrogatepass"), 1)
    return text


def _changed(chance: random.Random, root: Any, value: Any) -> Any:
    """Return a JSON value with a child, at any depth, replaced, removed, renamed or made its own parent's value."""
    if not isinstance(value, dict | list) or not value or (value is not root and chance.random() < 0.15):
        return chance.choice(VALUES) if chance.random() < 0.8 else root
    if isinstance(value, list):
        place = chance.randrange(len(value))
        if chance.random() < 0.15:
            return [*value[:place], *value[place + 1 :]]
        return [*value[:place], _changed(chance, root, value[place]), *value[place + 1 :]]
    key = chance.choice(list(value))
    rest = {name: held for name, held in value.items() if name != key}
    match chance.randrange(12):
        case 0:
            return rest
        case 1:
            return {**rest, chance.choice(("", "type", "id", "role", "content", "\ud800")): value[key]}
        case _:
            return {**value, key: _changed(chance, root, value[key])}


_MUTATIONS: tuple[Mutation, ...] = (
    _insert,
    _delete,
    _double,
    _flip,
    _truncate,
    _splice,
    _lines,
    _lines,
    _json,
    _json,
    _json,
)

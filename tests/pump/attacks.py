"""Texts that make a regular expression slow, if anything can: made from its parse tree, and some that fit many.

A repetition becomes slow where it can divide a text in many ways, or where a search begins it again at each place.
So each repetition is fed what it repeats, after what stands before it, and its end is made to fail.
"""

import random
import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any, NamedTuple

# Most repetitions below this bound only make a pattern slower by a constant.
_LONG = 300
# Single characters that are repeated, at most so many for one pattern: its own, and those that all texts have.
_ALPHABET = 28
_COMMON = " \na0`\t-|#*."
_GENERIC = (
    " \n",
    "a ",
    "a\n",
    "- ",
    "\n\n ",
    "a.",
    "a/",
    "a, ",
    "`a` ",
    "(a",
    "a=",
    "a:",
    "abcdef1 ",
    "* ",
    "| a ",
    "1/1 ",
)
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
_ENDS = ("\0", "", "\n\0")
_SAMPLES = {
    codes.CATEGORY_DIGIT: "7",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " \n",
    codes.CATEGORY_NOT_SPACE: "a-",
    codes.CATEGORY_WORD: "a_0",
    codes.CATEGORY_NOT_WORD: "- .",
}


class Attack(NamedTuple):
    """A text of any length: what comes first, what is repeated, and what makes it fail."""

    before: str
    pump: str
    end: str

    def text(self, length: int) -> str:
        """Return the attack with about so many characters."""
        return self.before + self.pump * (length // len(self.pump)) + self.end


def attacks(pattern: re.Pattern[Any]) -> Iterator[Attack]:
    """Yield the attacks on a pattern, each once."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    luck = random.Random(7)  # noqa: S311
    letters = _alphabet(tree)
    seen: set[Attack] = set()
    for before, pump in _pumps(tree, "", luck, letters):
        for end in _ENDS:
            attack = Attack(before, pump, end)
            if pump and attack not in seen:
                seen.add(attack)
                yield attack


def _pumps(tree: Any, before: str, luck: random.Random, letters: str) -> Iterator[tuple[str, str]]:
    for pump in (*letters, *_GENERIC):
        yield before, pump
    for first, body in _repetitions(tree, ""):
        bodies = {_example(body, None), *(_example(body, luck) for _ in range(4))}
        for pump in sorted(bodies):
            yield first, pump
            yield "", first + pump
            yield "", pump + first
        yield "", first
        for letter in letters[:8]:
            yield first, letter
            yield "", first + letter


def _repetitions(tree: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Yield each repetition's body, with the shortest text that leads to it."""
    for code, value in tree:
        if code in _REPEATS:
            if value[1] >= _LONG:
                yield before, value[2]
            yield from _repetitions(value[2], before)
        else:
            for part in _branches(code, value):
                yield from _repetitions(part, before)
        before += _example([(code, value)], None)


def _branches(code: Any, value: Any) -> list[Any]:
    if code is codes.SUBPATTERN:
        return [value[-1]]
    if code is codes.BRANCH:
        return list(value[1])
    if code is codes.ATOMIC_GROUP:
        return [value]
    if code in {codes.ASSERT, codes.ASSERT_NOT}:
        return [value[1]]
    return []


def _example(tree: Any, luck: random.Random | None) -> str:
    """Return a short text that a part of a pattern matches: the shortest, or with luck any."""
    return "".join(_one(code, value, luck) for code, value in tree)


def _one(code: Any, value: Any, luck: random.Random | None) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if code is codes.ANY:
        return luck.choice("a -`") if luck else "a"
    if code is codes.IN:
        fit = _members(value)
        return (luck.choice(fit) if luck else fit[0]) if fit else ""
    if code in _REPEATS:
        times = max(value[0], min(value[1], luck.randint(0, 2)) if luck else 0)
        return "".join(_example(value[2], luck) for _ in range(min(times, 60)))
    if code in {codes.SUBPATTERN, codes.ATOMIC_GROUP, codes.BRANCH}:
        ways = _branches(code, value)
        if luck:
            return _example(luck.choice(ways), luck)
        return min((_example(way, None) for way in ways), key=len)
    return ""


def _members(items: Any) -> str:
    """Return some characters of a class."""
    negated = items[0][0] is codes.NEGATE
    listed = "".join(_listed(code, value) for code, value in items)
    if not negated:
        return listed
    inside = re.compile(f"[{re.escape(listed)}]") if listed else re.compile("(?!)")
    return "".join(letter for letter in "a0 -_/.`\n:;,(\"'#*|" if not inside.match(letter) and not _in(items, letter))


def _in(items: Any, letter: str) -> bool:
    """Return whether a range or a category of a negated class holds a character."""
    for code, value in items:
        if code is codes.RANGE and value[0] <= ord(letter) <= value[1]:
            return True
        if code is codes.CATEGORY:
            space, digit, word = letter.isspace(), letter.isdigit(), letter.isalnum() or letter == "_"
            holds = {
                codes.CATEGORY_SPACE: space, codes.CATEGORY_NOT_SPACE: not space, codes.CATEGORY_DIGIT: digit,
                codes.CATEGORY_NOT_DIGIT: not digit, codes.CATEGORY_WORD: word, codes.CATEGORY_NOT_WORD: not word,
            }  # fmt: skip
            if holds.get(value, False):
                return True
    return False


def _listed(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(value[0]) + chr(value[1])
    return _SAMPLES.get(value, "") if code is codes.CATEGORY else ""


def _alphabet(tree: Any) -> str:
    """Return the characters to repeat: one of each class, and the literals, of the pattern."""
    found = dict.fromkeys(_COMMON)
    for letter in _letters(tree):
        found.setdefault(letter)
    return "".join(found)[:_ALPHABET]


def _letters(tree: Any) -> Iterator[str]:
    for code, value in tree:
        if code is codes.IN:
            yield from _members(value)[:4]
        elif code in _REPEATS:
            yield from _letters(value[2])
        elif code is codes.LITERAL:
            yield chr(value)
        for part in _branches(code, value):
            yield from _letters(part)

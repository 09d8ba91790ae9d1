"""Secrets made at run time, out of shapes and of gitleaks' expressions: nothing in this repository is one, and scanners stay silent."""

import re
from importlib import import_module
from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import Any

ALPHABETS = {
    "alnum": ascii_letters + digits,
    "lownum": ascii_lowercase + digits,
    "upnum": ascii_uppercase + digits,
    "letters": ascii_lowercase,
    "digit": digits,
    "hex": "0123456789abcdef",
    "b64": ascii_letters + digits + "+/",
    "base32": ascii_uppercase + "234567",
    "signs": ascii_letters + digits + "!#%^*+-_~",
}
_SLOT = re.compile(r"<(\w+)\*(\d+)>")
_WORDS = ["apple", "river", "stone", "cloud", "tiger", "lemon", "paper", "chair", "brave", "quiet", "ocean", "piano"]


def filled(shape: str, random: Random) -> tuple[str, tuple[str, ...]]:
    """Return a shape with every `<alphabet*length>` filled, and what was filled in with eight characters or more."""
    secrets: list[str] = []

    def fill(slot: re.Match[str]) -> str:
        alphabet, length = slot[1], int(slot[2])
        if alphabet == "words":
            text = " ".join(random.choice(_WORDS) for _ in range(length))
        else:
            text = drawn(ALPHABETS[alphabet], length, random)
        if length >= 8:
            secrets.append(text)
        return text

    return _SLOT.sub(fill, shape), tuple(secrets)


def drawn(alphabet: str, length: int, random: Random) -> str:
    """Return random characters; with a digit and a letter where the alphabet has both, as nearly all real keys have."""
    while True:
        text = "".join(random.choice(alphabet) for _ in range(length))
        kinds = {character.isdigit() for character in alphabet if character.isalnum()}
        if kinds <= {character.isdigit() for character in text if character.isalnum()}:
            return text


def matching(pattern: str, random: Random) -> tuple[str, dict[int, str]]:
    """Return a text that one of gitleaks' expressions matches, and its groups."""
    for go, python in (
        (r"(?i)", ""),
        ("(?i:", "(?:"),
        ("(?-i:", "(?:"),
        ("[[:alnum:]]", "[A-Za-z0-9]"),
        (r"\z", r"\Z"),
    ):
        pattern = pattern.replace(go, python)
    pattern = pattern.replace("[:alnum:]", "A-Za-z0-9")
    parser: Any = import_module("re._parser")
    return _Writer(random).written(parser.parse(pattern))


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.groups: dict[int, str] = {}

    def written(self, tree: Any) -> tuple[str, dict[int, str]]:
        return self._all(tree), self.groups

    def _all(self, tree: Any) -> str:
        return "".join(self._one(str(kind), value) for kind, value in tree)

    def _one(self, kind: str, value: Any) -> str:
        match kind:
            case "LITERAL":
                return chr(value)
            case "IN" | "NOT_LITERAL":
                return self.random.choice(_class(value) if kind == "IN" else ascii_letters)
            case "ANY":
                return "."
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, tree = value
                times = low if low == 0 else self.random.randint(low, min(int(high), low + 12))
                return "".join(self._all(tree) for _ in range(times))
            case "BRANCH":
                return self._all(self.random.choice(value[1]))
            case "SUBPATTERN":
                text = self._all(value[3])
                if value[0] is not None:
                    self.groups[value[0]] = text
                return text
            case "AT":
                return ""
        raise ValueError(kind)


def _class(members: Any) -> str:
    """Return the printable characters of a class."""
    found = ""
    for kind, value in members:
        match str(kind):
            case "LITERAL":
                found += chr(value)
            case "RANGE":
                found += "".join(map(chr, range(value[0], value[1] + 1)))
            case "CATEGORY":
                found += {"CATEGORY_WORD": ascii_letters + digits, "CATEGORY_DIGIT": digits, "CATEGORY_SPACE": " "}.get(
                    str(value), ascii_letters + digits
                )
            case "NEGATE":
                return ascii_letters + digits
    return found

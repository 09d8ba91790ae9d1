"""Step ids: how they are written, compared and ordered."""

import re

# Digits and letters are ids' pieces; what separates them (`1-3`, `1_3`, `1.3`) differs from plan to plan.
_PIECE = re.compile(r"\d+|[A-Za-z]+")
_NAME = re.compile(r"[A-Za-z]\d{3,}[A-Za-z]?")  # spec-kit pads its task ids: `T002` is a name, and shown as it is
# `5.2-5.8`, `5.2 to 5.8`, `P1..P4`; `expand` checks that both sides have the same prefix, because `1.2–2.1` is not a range.
_RANGE = re.compile(r"^(.*?)(?<!\d)(\d+)\s*(?:-|–|—|\.\.|to|through)\s*(.*?)(?<!\d)(\d+)$")
# Characters of both ids. Longer ones are not ids, and a range is looked for at each of their separators.
_LONGEST = 100
# A wider range is hardly one of steps.
MAX_RANGE = 60


def step_key(step: str) -> tuple[tuple[int, int, str], ...]:
    """Return the natural sort key of a step id: `1.2` before `1.10`, `A.1` after numbers."""
    return tuple((0, int(piece), "") if piece.isdigit() else (1, 0, piece.upper()) for piece in _PIECE.findall(step))


def canonical(step: str) -> str:
    """Return the one spelling of a step id: `1-3`, `1_3` and `1.3` are `1.3`; `a1` is `A.1`, and `t002` is `T002`."""
    if _NAME.fullmatch(step):
        return step[:1].upper() + step[1:40].lower()
    pieces = [piece.upper() if piece.isalpha() else str(int(piece)) for piece in _PIECE.findall(step[:40])]
    return ".".join(pieces)


def same_step(step: str, other: str) -> bool:
    """Return whether two ids mean the same step; `7` and `7.0` do."""
    return step == other or step.removesuffix(".0") == other.removesuffix(".0")


def expand(first: str, last: str) -> tuple[str, ...]:
    """Return every id from `first` to `last` (`5.2`–`5.8`); both alone where that is not a range."""
    match = _RANGE.match(f"{first}-{last}") if len(first) + len(last) < _LONGEST else None
    if match:
        prefix, low, other, high = match[1], int(match[2]), match[3], int(match[4])
        if prefix == other and 0 <= high - low < MAX_RANGE:
            digits = len(match[2])
            return tuple(canonical(f"{prefix}{number:0{digits}}") for number in range(low, high + 1))
    return (canonical(first), canonical(last))


def phase_of(step: str) -> str:
    """Return the phase part of a step id: `1` of `1.3`; the id itself where it has one part."""
    return step.split(".", 1)[0]

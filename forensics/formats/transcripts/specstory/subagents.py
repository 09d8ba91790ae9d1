"""Which turns of a SpecStory document are a subagent's: those between its launch and its launcher's next words."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from forensics.formats.transcripts.specstory.documents import ToolBlock, Turn

LAUNCHES = frozenset({"Task", "Agent"})


@dataclass(frozen=True, slots=True)
class Subagent:
    """A subagent's turns as those of a session, and the 0-based line of the call that launched it."""

    line: int
    turns: tuple[Turn, ...]

    def name(self, session: str) -> str:
        """Return an id for it: the document gives none, or only in the answer to the call."""
        return hashlib.sha256(f"{session}:{self.line}".encode("utf-8", "replace")).hexdigest()[:16]


def divided(turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], tuple[Subagent, ...]]:
    """Return the session's own turns, and its subagents.

    Side turns behind exactly one launch are that agent's. Behind several they cannot be told apart, and stay the session's.
    """
    own: list[Turn] = []
    found: list[Subagent] = []
    launched: list[int] = []
    for aside, group in groupby(turns, key=lambda turn: turn.mark.sidechain):
        part = tuple(group)
        if aside and len(launched) == 1:
            found.append(Subagent(launched[0], tuple(_as_main(part))))
        else:
            own += part
        launched = [] if aside else [*launched, *_launches(part)]
    return tuple(own), tuple(found)


def _launches(turns: Sequence[Turn]) -> Iterator[int]:
    pieces = (piece for turn in turns for piece in turn.pieces)
    return (piece.line for piece in pieces if isinstance(piece, ToolBlock) and piece.name in LAUNCHES)


def _as_main(turns: Sequence[Turn]) -> Iterator[Turn]:
    """Yield a subagent's turns as a session's; its prompt is written like its own words, but without a model."""
    for place, turn in enumerate(turns):
        is_prompt = place == 0 and turn.mark.model is None and not any(isinstance(p, ToolBlock) for p in turn.pieces)
        yield Turn(replace(turn.mark, sidechain=False, by_user=turn.mark.by_user or is_prompt), turn.pieces)

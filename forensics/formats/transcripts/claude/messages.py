"""Claude Code's messages counted once: several lines of one message, copies on resume, and replays become one Usage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.formats.transcripts.claude.records import Head, Iteration, RecordHeader, Spent, real
from forensics.model.transcript import Tokens, Usage

# The model of messages that Claude Code writes itself, such as API errors: they cost nothing.
SYNTHETIC = "<synthetic>"


@dataclass(slots=True)
class _Counted:
    """One API message so far; its counters stay as they are written until all lines are in."""

    agent: str
    sidechain: bool
    model: str | None
    moment: datetime
    spent: Spent
    complete: bool


Key = tuple[str | None, str | None, str | None]


class Messages:
    """The API messages of a set of files, by message and request id."""

    def __init__(self) -> None:
        self._counted: dict[Key, _Counted] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._counted

    def add(self, line: RecordHeader, message: Head | None, agent: str, moment: datetime, address: str) -> None:
        """Count an assistant's message; `address` replaces ids that are absent or redacted."""
        if message is None or message.usage is None or message.model == SYNTHETIC:
            return
        found = _Counted(
            agent,
            bool(line.sidechain),
            message.model,
            moment,
            message.usage,
            message.stop_reason is not None,
        )
        self._unite(_key(line, message, address), found)

    def absorb(self, other: "Messages") -> None:
        """Add the messages of later files."""
        for key, found in other._counted.items():
            self._unite(key, found)

    def _unite(self, key: Key, found: _Counted) -> None:
        known = self._counted.get(key)
        self._counted[key] = found if known is None else _united(known, found)

    def usage(self, agents: frozenset[str] | None = None, but: "Messages | None" = None) -> Iterator[Usage]:
        """Yield a row per message and model, of `agents` if given, without messages that `but` has counted."""
        for key, message in self._counted.items():
            if (agents is not None and message.agent not in agents) or (but is not None and key in but):
                continue
            yield Usage(message.agent, message.model, message.moment, _tokens(message.spent), not message.complete)
            for model, tokens in _advisors(message.spent):
                yield Usage(message.agent, model, message.moment, tokens)


def _key(line: RecordHeader, message: Head, address: str) -> Key:
    identity = real(message.id)
    request = real(line.request)
    return (identity, request, None) if identity else (None, request, real(line.uuid) or address)


def _united(known: _Counted, found: _Counted) -> _Counted:
    """Return one message out of two of its lines: the larger output's counters, the parent's copy as its place."""
    fuller = found if _extent(found.spent) >= _extent(known.spent) else known
    place = found if known.sidechain and not found.sidechain else known
    return _Counted(
        place.agent,
        place.sidechain,
        fuller.model or known.model,
        min(known.moment, found.moment),
        fuller.spent,
        known.complete or found.complete,
    )


def _extent(spent: Spent) -> tuple[int, int, int, int]:
    """Return the sort key for the more complete of two lines: output, then passes, then input."""
    passes = len(spent.iterations or ())
    return spent.output_tokens or 0, passes, spent.cache_creation_input_tokens or 0, spent.cache_read_input_tokens or 0


def _advisors(spent: Spent) -> Iterator[tuple[str | None, Tokens]]:
    """Yield what other models used within the message, which its own counters leave out."""
    for part in spent.iterations or ():
        if part.type == "advisor_message":
            yield part.model, _tokens(part)


def _tokens(spent: Iteration) -> Tokens:
    """Return a message's counters; where the split of cache writes does not add up to their total, the passes decide.

    With an advisor, the split at the top is the first pass's only, while the total covers all of them.
    """
    five, hour = _split(spent)
    written = max(spent.cache_creation_input_tokens or 0, five + hour)
    if written > five + hour and isinstance(spent, Spent):
        own = [_split(part) for part in spent.iterations or () if part.type == "message"]
        if sum(map(sum, own)) == written:
            five, hour = sum(split[0] for split in own), sum(split[1] for split in own)
    return Tokens(
        spent.input_tokens or 0,
        spent.output_tokens or 0,
        spent.cache_read_input_tokens or 0,
        written - hour,
        hour,
    )


def _split(spent: Iteration) -> tuple[int, int]:
    split = spent.cache_creation
    if split is None:
        return 0, 0
    return split.ephemeral_5m_input_tokens or 0, split.ephemeral_1h_input_tokens or 0

"""What is counted of a Claude Code file while it is read, and the gaps that both of its readers tell of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forensics.formats.transcripts.claude.records import BadLines
from forensics.model.prose import count, quote
from forensics.model.source import Gap, TranscriptRef


@dataclass(slots=True)
class FileTally:
    """One file; `last` is the last readable time in it, which stands in for unreadable ones."""

    path: str
    bad: BadLines = field(default_factory=BadLines)
    understood: int = 0
    untimed: int = 0
    last: datetime | None = None

    def gaps(self) -> Iterator[Gap]:
        """Yield what could not be read."""
        if self.bad.count:
            what = f"{count(self.bad.count, 'line')} of {quote(self.path)} could not be read"
            yield Gap(what, TranscriptRef(self.path, self.bad.first))
        if self.untimed:
            what = f"{count(self.untimed, 'record')} of {quote(self.path)} without a readable time"
            yield Gap(what, TranscriptRef(self.path))


def only_told(agent: str, ref: TranscriptRef) -> Gap:
    """Return the gap of an agent that its parent alone tells of."""
    what = f"the transcript of agent {quote(agent)} is not here; its parent tells of it, without its last message"
    return Gap(what, ref)


def unseen(agent: str, ref: TranscriptRef) -> Gap:
    """Return the gap of a launched agent of which nothing is here."""
    return Gap(f"the transcript of agent {quote(agent)} is not here", ref)


def gap_order(gap: Gap) -> tuple[str, int, str]:
    """Sort gaps by where they are."""
    return (gap.ref.place if gap.ref else "", (gap.ref.line if gap.ref else None) or 0, gap.what)

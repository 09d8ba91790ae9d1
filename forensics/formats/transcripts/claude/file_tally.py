"""The counts kept while a Claude Code file is read, and the gaps that both of its readers report."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forensics.formats.transcripts.claude.records import BadLines
from forensics.model.prose import count, quote
from forensics.model.source import Gap, TranscriptRef


@dataclass(slots=True)
class FileTally:
    """The counts of one file; `last` is the last readable time, used for records whose time is unreadable."""

    path: str
    bad: BadLines = field(default_factory=BadLines)
    understood: int = 0
    untimed: int = 0
    last: datetime | None = None

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for unreadable lines and one for unreadable times."""
        if self.bad.count:
            what = f"{count(self.bad.count, 'line')} of {quote(self.path)} could not be read"
            yield Gap(what, TranscriptRef(self.path, self.bad.first))
        if self.untimed:
            what = f"{count(self.untimed, 'record')} of {quote(self.path)} without a readable time"
            yield Gap(what, TranscriptRef(self.path))


def relayed_gap(agent: str, ref: TranscriptRef) -> Gap:
    """Return the gap for an agent that is known only from its parent's transcript."""
    what = (
        f"the transcript of agent {quote(agent)} is missing; its parent's transcript contains all but its last message"
    )
    return Gap(what, ref)


def missing_gap(agent: str, ref: TranscriptRef) -> Gap:
    """Return the gap for a launched agent without any record."""
    return Gap(f"the transcript of agent {quote(agent)} is missing", ref)


def gap_order(gap: Gap) -> tuple[str, int, str]:
    """Return the sort key of a gap: path, line, text."""
    return (gap.ref.place if gap.ref else "", (gap.ref.line if gap.ref else None) or 0, gap.what)

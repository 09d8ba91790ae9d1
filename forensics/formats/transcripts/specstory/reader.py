"""SpecStory's files to agents: one document at a time, each session once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from forensics.formats.transcripts.specstory.documents import head_of, is_document, turns_of
from forensics.formats.transcripts.specstory.sessions import agents_of
from forensics.model.prose import count, quote
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import AgentRun, Transcripts

# Bytes. A document is held whole while it is read; the largest ones seen have 3 MB.
_LARGEST = 100_000_000


def sniff(head: bytes) -> bool:
    """Return whether a file with this beginning is SpecStory's."""
    return is_document(head.decode("utf-8", "replace"))


@dataclass(slots=True)
class Histories:
    """The sessions read so far, by id: a session that got another name, or went on, is in several files."""

    agents: dict[str, AgentRun] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    local: list[str] = field(default_factory=list)

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one file to its end."""
        self.paths.append(path)
        pieces, size = [], 0
        for piece in chunks:
            size += len(piece)
            if size <= _LARGEST:
                pieces.append(piece)
        if size > _LARGEST:
            self.gaps.append(Gap(f"{quote(path)} is larger than 100 MB and was not read", TranscriptRef(path)))
            return
        text = b"".join(pieces).decode("utf-8", "replace").replace("\r\n", "\n")
        head = head_of(text, path)
        if head is None:
            self.gaps.append(Gap(f"{quote(path)} does not say when its session began", TranscriptRef(path)))
            return
        runs = tuple(agents_of(path, head, tuple(turns_of(text.split("\n"), head))))
        self.local += [path] if runs and not head.zoned else []
        for run in runs:
            self._add(run)

    def _add(self, run: AgentRun) -> None:
        """Keep the fuller copy of a session, and the paths of all."""
        known = self.agents.get(run.id)
        fuller = run if known is None or _extent(run) > _extent(known) else known
        paths = {*run.paths, *(known.paths if known else ())}
        self.agents[run.id] = replace(fuller, paths=tuple(sorted(paths)))

    def joined(self, others: Collection[str]) -> Transcripts:
        """Return the sessions, but for those that the agent's own transcript shows (`others`): it shows more."""
        kept = [run for run in self.agents.values() if run.id not in others and run.parent not in others]
        gaps = list(self.gaps)
        if self.local:
            what = f"The times in {count(len(self.local), 'transcript')} have no time zone and were read as UTC."
            gaps.append(Gap(what, TranscriptRef(min(self.local))))
        return Transcripts(
            tuple(sorted(kept, key=lambda run: (run.start, run.id))),
            gaps=tuple(sorted(gaps, key=lambda gap: (str(gap.ref), gap.what))),
            files=tuple(sorted(self.paths)),
        )


def _extent(run: AgentRun) -> tuple[int, int, str]:
    """Return the sort key for the fuller of two copies; of equal ones, the last path counts."""
    return len(run.events) + len(run.asked) + len(run.said), len(run.said), run.path

"""Evidence that all plans of a repository share, read once: its log and its agents' transcripts."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from forensics.casework.run_time import RunTime
from forensics.detect.registry import Detector, load_detectors
from forensics.model.source import Source
from forensics.model.transcript import Transcripts
from forensics.sources.damaged_history import read_log
from forensics.sources.git_log import HistoryLog
from forensics.sources.repository import Repository
from forensics.sources.transcripts import stored


class SharedEvidence:
    """One repository's log as seen from a head, and the transcripts that its agents' tools keep, each read when asked for."""

    def __init__(self, repository: Repository, head: str, cwd: Path, environment: Mapping[str, str]) -> None:
        self.repository, self.head = repository, head
        self._cwd, self._environment = cwd, environment

    @cached_property
    def walk(self) -> HistoryLog:
        """Return every commit that refs, reflogs and the head reach."""
        return read_log(self.repository, [self.head])

    @cached_property
    def detectors(self) -> tuple[Detector, ...]:
        """Return every detector."""
        return load_detectors()

    @cached_property
    def newest(self) -> float:
        """Return when the newest stored transcript was written, in a store or to git (seconds since 1970), or 0."""
        files = stored(self.repository.work_trees(), self._environment) if self._environment else ()
        written = (file.path.stat().st_mtime for file in files if file.path.is_file())
        return max((self.repository.last_checkpoint(), *written))

    @property
    def has_transcripts(self) -> bool:
        """Whether there is any place in which transcripts are looked for."""
        return bool(self._environment or self.repository.checkpoint_refs())

    def transcripts(self, time: RunTime) -> tuple[Transcripts, tuple[Source, ...]]:
        """Return the transcripts of the agents at work in a run's time, and the files they were read from."""
        from forensics.app.transcripts import within

        every, files = self._transcripts
        used = within(every, time)
        paths = {agent.path for agent in used.agents}
        kept = (file for file in files if file.path in paths)
        return used, tuple(replace(file, id=f"T{number}") for number, file in enumerate(kept, start=1))

    def transcripts_of_time(self, time: RunTime) -> tuple[Transcripts, tuple[Source, ...]]:
        """Return the transcripts of one time; where no plan needed them all, only that time's files are opened."""
        if "_transcripts" in vars(self):
            return self.transcripts(time)
        return self._read(time)

    @cached_property
    def _transcripts(self) -> tuple[Transcripts, tuple[Source, ...]]:
        return self._read(RunTime(None, None))

    def _read(self, time: RunTime) -> tuple[Transcripts, tuple[Source, ...]]:
        if not self.has_transcripts:
            return Transcripts(), ()
        from forensics.app.transcripts import transcripts_of

        return transcripts_of(self.repository, (), self._cwd, self._environment, time)

"""One text checked against git and, where a session is known, against its tool results: a message, a description."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from forensics.app.evidence import Scope, head_and_walk
from forensics.casework.attribute import attribute_sessions
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.sessions import Selection, Units, units_of
from forensics.casework.pipeline import build_case
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.errors import NothingToExamine, UsageError
from forensics.formats.messages import read_message
from forensics.model.case import Run, RunKind
from forensics.model.history import History
from forensics.model.plan import StepSpec, UnitKind
from forensics.model.prose import quote
from forensics.model.source import FileRef, Source, ref_order
from forensics.model.transcript import CommitMade, Message, Transcripts
from forensics.render.cleaning import clean
from forensics.render.verification import Checked
from forensics.sources.history import Question, look_up, read_history, with_commits
from forensics.sources.repository import Repository

# Bytes. A description is a few kilobytes; a log that somebody pipes in by mistake is not one.
LIMIT = 1_000_000
# Lines that git does not keep of a commit message which an editor was opened for.
_REMARKS = re.compile(r"^#.*$|^# -+ >8 -+$.*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be checked: a text, and the name to show for it."""

    content: str
    shown: str


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Where the evidence is: the repository, and the session that wrote the text (None: the latest one of this folder)."""

    cwd: Path
    repo: Path | None = None
    session: str | None = None
    transcripts: tuple[str, ...] = ()
    read_transcripts: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


def text_of(name: str, cwd: Path, standard_input: bytes | None) -> Text:
    """Return the text to check: a file's, or what was piped in where the name is `-`.

    Raises NothingToExamine where there is no such file, and UsageError where it is too long or not text.
    """
    if name == "-":
        content, shown = standard_input or b"", "<stdin>"
    else:
        try:
            content, shown = (cwd / name).read_bytes(), Path(name).as_posix()
        except OSError as error:
            raise NothingToExamine(f"{quote(name)} cannot be read: {error.strerror}.") from None
    if len(content) > LIMIT:
        raise UsageError(f"{quote(shown)} is longer than {LIMIT:,} bytes.", try_="Check one message at a time.")
    if b"\0" in content:
        raise UsageError(f"{quote(shown)} is not text.")
    return Text(content.decode("utf-8", "replace"), shown)


def check(text: Text, witnesses: Witnesses) -> Checked:
    """Judge the claims of a text. Raises UsageError and NothingToExamine."""
    repository, head, walk = head_and_walk(Scope(".", witnesses.cwd, repo=witnesses.repo))
    history = read_history(repository, head, walk, Question(frozenset(), {}), as_of=False, others={})
    found, files = _session(repository, witnesses)
    history = with_commits(repository, history, (made.sha for agent in found.agents for made in agent.of(CommitMade)))
    units = _as_unit(text, found, history)
    history = look_up(repository, history, {named.value for report in units.reports for named in report.hashes})
    run = Run("message", ".", None, None, None, kind=RunKind.SESSIONS)
    join = attribute_sessions(run, history, units, find_pulls(history))
    case = build_case(replace(join, transcripts=found, sources=files))
    outcome = run_detectors(case, load_detectors())
    return clean(
        Checked(
            text.shown,
            tuple(sorted(case.claims, key=lambda judged: ref_order(judged.claim.ref))),
            tuple(finding for finding in outcome.findings if finding.at.place == text.shown),
            outcome.faults,
            next((agent.id for agent in found.agents if agent.parent is None), None),
        )
    )


def _session(repository: Repository, witnesses: Witnesses) -> tuple[Transcripts, tuple[Source, ...]]:
    """Return the session that wrote the text: the one that is named, else the one of this folder that wrote last."""
    if not witnesses.read_transcripts or not (witnesses.transcripts or witnesses.environment):
        return Transcripts(), ()
    from forensics.app.transcripts import session_of

    found = session_of(repository, witnesses.transcripts, witnesses.cwd, witnesses.environment, witnesses.session)
    if witnesses.session and not found[0].agents:
        raise NothingToExamine(f"No session {quote(witnesses.session)} was found.", try_="Try --transcripts FILE.")
    return found


def _as_unit(text: Text, found: Transcripts, history: History) -> Units:
    """Return the text as the last message of its session, else as that of a unit of its own."""
    sent = datetime.now(UTC)
    root = next((agent for agent in found.agents if agent.parent is None), None)
    units = units_of(found, history, (), (None, None), Selection()) if root else Units()
    name = next((tie.step for tie in units.ties if root and tie.agent == root.id), "message")
    message = Message(sent, FileRef(text.shown, 1), _REMARKS.sub("", text.content))
    report = read_message(message, name)
    specs = units.specs or (StepSpec(name, text.shown, FileRef(text.shown, 1), kind=UnitKind.SESSION),)
    return replace(units, specs=specs, reports=(report,))

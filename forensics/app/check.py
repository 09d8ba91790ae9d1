"""One text checked against git and, where a session is known, against its tool results: a message, a description."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from forensics.app.brought_links import refuse_to_read
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
from forensics.model.source import FileRef, Source, TranscriptRef, ref_order
from forensics.model.transcript import CommitMade, Message, Transcripts
from forensics.render.cleaning import clean
from forensics.render.verification import STANDARD_INPUT, Checked
from forensics.sources.agent_sessions import File
from forensics.sources.history import Question, look_up, read_history, with_commits
from forensics.sources.repository import Repository

# Bytes. A description is a few kilobytes; a log that somebody pipes in by mistake is not one.
LIMIT = 1_000_000
# Characters. A shorter line may stand in any text: `All tests pass.`
_OWN_LINE = 20
# Lines of a text that are looked for; of a log that is piped in, they say as much as all.
_MOST_LINES = 200
# What agents put below every text, whoever asked for it: `Co-Authored-By: Claude <…>`, `Generated with [Claude Code](…)`.
_SIGNATURE = re.compile(r"^[\w-]+-by: |\bGenerated (?:with|by)\b", re.IGNORECASE)
# Files in which git opens an editor: their lines with `#` are its remarks. In a description, `# x` is a heading.
_EDITED = frozenset({"COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG"})
# Lines that git does not keep of such a message: its remarks, and the whole diff that `git commit -v` shows.
_REMARKS = re.compile(r"^# -+ >8 -+$[\s\S]*|^#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be checked: a text, and the name to show for it."""

    content: str
    shown: str


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Where the evidence is: the repository, and the session that wrote the text.

    Without a name it is the session of this folder that wrote last, if that session said most of the text; else git alone.
    """

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
        content, shown = standard_input or b"", STANDARD_INPUT
    else:
        refuse_to_read(name, cwd / name)
        try:
            content, shown = _beginning(cwd / name), Path(name).as_posix()
        except OSError as error:
            raise NothingToExamine(f"{quote(name)} cannot be read: {error.strerror}.") from None
    if len(content) > LIMIT:
        raise UsageError(f"{quote(shown)} is longer than {LIMIT:,} bytes.", try_="Check one message at a time.")
    if b"\0" in content:
        raise UsageError(f"{quote(shown)} is not text.")
    return Text(content.decode("utf-8", "replace"), shown)


def _beginning(path: Path) -> bytes:
    """Return no more of a file than shows that it is too long: `/dev/zero` has no end.

    A named pipe that nobody writes to is empty. One with a writer, which is what a shell makes of `<(…)`, is waited for.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    with open(handle, "rb") as stream:  # noqa: PTH123
        return stream.read(LIMIT + 1)


def check(text: Text, witnesses: Witnesses) -> Checked:
    """Judge the claims of a text. Raises UsageError and NothingToExamine."""
    repository, head, walk = head_and_walk(Scope(".", witnesses.cwd, repo=witnesses.repo))
    history = read_history(repository, head, walk, Question(frozenset(), {}), as_of=False, others={})
    places = _places(repository, witnesses)
    found, files = _read(places, witnesses.session)
    if witnesses.session and witnesses.read_transcripts and not found.agents:
        raise NothingToExamine(f"No session {quote(witnesses.session)} was found.", try_="Try --transcripts FILE.")
    if not (witnesses.session or witnesses.transcripts or wrote(found, text.content)):
        places, found, files = (), Transcripts(), ()  # somebody else's text: its tests are not this session's
    history = with_commits(repository, history, (made.sha for agent in found.agents for made in agent.of(CommitMade)))
    units = _as_unit(text, found, history)
    named = {mention.value for report in units.reports for mention in report.hashes}
    history = look_up(repository, history, named)
    absent = {value for value in named if history.lookups[value].type is None}
    run = Run("message", ".", None, None, None, kind=RunKind.SESSIONS)
    join = attribute_sessions(run, history, units, find_pulls(history))
    printed = _printed(places, absent, found)
    case = build_case(replace(join, transcripts=found, sources=files, printed=printed))
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


def _places(repository: Repository, witnesses: Witnesses) -> tuple[File, ...]:
    """Return the files of the session that wrote the text: the one that is named, else the one of this folder that wrote last."""
    if not witnesses.read_transcripts or not (witnesses.transcripts or witnesses.environment):
        return ()
    from forensics.app.session_files import session_files

    return session_files(repository, witnesses.transcripts, witnesses.cwd, witnesses.environment, witnesses.session)


def _read(places: Sequence[File], session: str | None) -> tuple[Transcripts, tuple[Source, ...]]:
    if not places:
        return Transcripts(), ()
    from forensics.app.session_files import session_of

    return session_of(places, session)


def wrote(found: Transcripts, text: str) -> bool:
    """Return whether a session said most lines of a text, or gave them to a command: `gh pr create --body`, `git commit -m`.

    One line is not enough: descriptions of a project share a template.
    """
    said = [message.text for agent in found.agents for message in agent.said]
    given = [run.command for agent in found.agents for run in agent.ran()]
    own = " ".join(" ".join(words.split()) for words in (*said, *given))
    lines = {line for each in text.splitlines() if len(line := " ".join(each.split())) >= _OWN_LINE}
    looked_for = sorted(line for line in lines if not _SIGNATURE.search(line))[:_MOST_LINES]
    return bool(looked_for) and sum(line in own for line in looked_for) * 2 > len(looked_for)


def _printed(places: Sequence[File], absent: Collection[str], found: Transcripts) -> dict[str, TranscriptRef]:
    """Return where the session's files hold hashes that the text names and git lacks; its own messages do not count."""
    if not places or not absent:
        return {}
    from forensics.app.session_files import lines_with

    return lines_with(((shown, opened([])) for shown, opened in places), absent, found)


def _kept(text: Text) -> str:
    """Return what git keeps of a text as a commit's message; all of any other text."""
    return _REMARKS.sub("", text.content) if PurePosixPath(text.shown).name in _EDITED else text.content


def _as_unit(text: Text, found: Transcripts, history: History) -> Units:
    """Return the text as the last message of its session, else as that of a unit of its own."""
    sent = datetime.now(UTC)
    root = next((agent for agent in found.agents if agent.parent is None), None)
    units = units_of(found, history, (), (None, None), Selection()) if root else Units()
    name = next((tie.step for tie in units.ties if root and tie.agent == root.id), "message")
    message = Message(sent, FileRef(text.shown, 1), _kept(text))
    report = read_message(message, name)
    specs = units.specs or (StepSpec(name, text.shown, FileRef(text.shown, 1), kind=UnitKind.SESSION),)
    return replace(units, specs=specs, reports=(report,))

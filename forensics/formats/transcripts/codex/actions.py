"""What a Codex session did: commands, written files, commits and launches, each once, even if several records show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from forensics.formats.transcripts.codex.calls import FOLLOWS, Call, SpawnCall, UnreadableCall
from forensics.formats.transcripts.codex.launches import Launches
from forensics.formats.transcripts.codex.outputs import NOTHING_PRINTED, KeptOutput, within
from forensics.formats.transcripts.codex.records import SessionMeta, TurnContext
from forensics.formats.transcripts.codex.rollout_facts import Called, CallResult, Noted, Returned, Said, Started, Total
from forensics.formats.transcripts.codex.rollouts import RolloutRecord
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.model.prose import count
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import Command, CommitMade, Event, FileWrite


@dataclass(frozen=True, slots=True)
class _Begun:
    """A call that has begun; `inner` is how many commands Codex had noted inside scripts by then."""

    record: RolloutRecord
    call: Call
    cwd: str
    inner: int = 0
    printed: KeptOutput = NOTHING_PRINTED


@dataclass(slots=True)
class _Session:
    """The state while the records pass by; `noted` are the ids of which Codex itself notes the end."""

    cwd: str
    thread: str
    noted: frozenset[str]
    open: dict[str, _Begun] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    running: dict[str, tuple[RolloutRecord, _Begun]] = field(default_factory=dict)
    launches: Launches = field(default_factory=Launches)
    inner: int = 0
    response: int = 0
    total: Total | None = None
    unreadable: list[TranscriptRef] = field(default_factory=list)


def actions_of(meta: SessionMeta, thread: str, records: Sequence[RolloutRecord]) -> tuple[tuple[Event, ...], list[Gap]]:
    """Return the events of a session's own records in order of time, and a gap for calls that cannot be read."""
    noted = frozenset(fact.call for record in records if isinstance(fact := record.fact, Noted) and fact.call)
    session = _Session(meta.cwd or "", thread, noted)
    events: list[Event] = []
    for record in records:
        events += _from_record(session, record)
    without_end = [(begun.record, begun) for call, begun in session.open.items() if call not in session.noted]
    for record, begun in [*without_end, *session.running.values()]:
        events += _ran(session, begun, None, record)
    events += session.launches.all()
    events.sort(key=lambda event: event.moment)
    return tuple(events), _gap_for(session.unreadable)


def _gap_for(refs: list[TranscriptRef]) -> list[Gap]:
    calls = count(len(refs), "tool call")
    return [Gap(f"the arguments of {calls} could not be read, beginning here", ref) for ref in refs[:1]]


def _from_record(session: _Session, record: RolloutRecord) -> Iterator[Event]:
    match record.fact:
        case TurnContext(cwd=str(cwd)):
            session.cwd = cwd
        case Called(call=call) as called if call not in session.seen:
            session.seen.add(call)
            _begin(session, record, called)
        case Returned(call=call, result=CallResult() as result):
            session.launches.returned(call, result, record)
            yield from _end(session, record, call, result)
        case Said(by_agent=True) as said:
            session.launches.answered(said, record)
        case Total() as total:
            session.response += total != session.total
            session.total = total
        case Started() as started:
            session.launches.started(started)
        case Noted(own=True) as note:
            yield from _note(session, record, note)


def _begin(session: _Session, record: RolloutRecord, called: Called) -> None:
    """Open a call; calls of tools that neither run nor write anything are dropped."""
    asked = called.asked
    if isinstance(asked, UnreadableCall):
        session.unreadable.append(record.ref)
        asked = asked.call
    match asked:
        case SpawnCall():
            session.launches.asked(record, called.call, f"{session.thread}:{session.response}", asked)
        case Call():
            cwd = within(session.cwd, asked.workdir)
            session.open[called.call] = _Begun(record, asked, cwd, session.inner)


def _end(session: _Session, record: RolloutRecord, identity: str, result: CallResult) -> Iterator[Event]:
    """Yield what a call did, unless Codex's own note shows it or the command still runs."""
    if identity in session.noted or identity not in session.open:
        return
    begun = session.open.pop(identity)
    follows, key = begun.call.follows, result.running
    if begun.call.name in FOLLOWS:
        if follows not in session.running:
            return
        # A script's poll may print only the output, without saying whether the command has ended.
        unknown = begun.call.name == "poll" and result.exit_code is None
        key = follows if key or unknown else None
        begun = session.running.pop(follows)[1]
    begun = replace(begun, printed=begun.printed + result.printed)
    if key:
        session.running[key] = (record, begun)
    else:
        yield from _ran(session, begun, result.exit_code, record)


def _ran(session: _Session, begun: _Begun, exit_code: int | None, record: RolloutRecord) -> Iterator[Event]:
    """Yield the command with its result, the commits it printed, and the files it patched."""
    call, printed = begun.call, begun.printed
    if call.name == "exec" and session.inner > begun.inner:
        return  # Codex noted what the script ran
    if call.command:
        yield Command(record.moment, begun.record.ref, call.command, begun.cwd, exit_code, printed.text)
        yield from _commits(begun, record)
    if exit_code == 0 or (exit_code is None and printed.patched):
        yield from _writes(record, begun.cwd, call)


def _writes(record: RolloutRecord, cwd: str, patch: Call | Noted) -> Iterator[FileWrite]:
    for path in patch.writes or ():
        yield FileWrite(record.moment, record.ref, within(cwd, path), deletes=path in patch.deletes)


def _commits(begun: _Begun, record: RolloutRecord) -> Iterator[CommitMade]:
    for made in printed_commits(begun.call.command, begun.printed.lines):
        yield CommitMade(record.moment, record.ref, made.sha, made.branch, made.subject, begun.cwd)


def _note(session: _Session, record: RolloutRecord, note: Noted) -> Iterator[Event]:
    """Read Codex's own note of an end, once."""
    identity = note.call or ""
    if identity in session.said:
        return
    session.said.add(identity)
    session.inner += identity not in session.seen
    begun = session.open.get(identity)
    cwd = within(session.cwd, note.cwd or (begun.cwd if begun else ""))
    if note.writes is not None:
        yield from _writes(record, cwd, note)
        return
    call = Call("shell", note.command or (begun.call.command if begun else ""))
    ended = _Begun(begun.record if begun else record, call, cwd, printed=note.printed)
    yield from _ran(session, ended, note.exit_code, record)

"""What a Codex session did: commands, written files, commits and launches, each once, however often it is told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec
from msgspec import Raw

from forensics.formats.transcripts.codex_launches import Launches
from forensics.formats.transcripts.codex_outputs import (
    Output,
    arguments_of,
    cut,
    output_of,
    patched_in,
    polled_in,
    runs_commands,
    script_of,
    scripts_in,
    text_of,
    within,
    words_of,
)
from forensics.formats.transcripts.codex_records import UNREADABLE, Happening, Item, Record, SessionMeta, TurnContext
from forensics.formats.transcripts.codex_tokens import total_in
from forensics.model.source import Gap, Ref
from forensics.model.transcript import Command, CommitMade, Event, FileWrite

_CALLS = {"function_call", "custom_tool_call", "local_shell_call"}
_OUTPUTS = {"function_call_output", "custom_tool_call_output", "local_shell_call_output"}
_SHELLS = {"shell", "shell_command", "exec_command", "local_shell", "container.exec", "local_shell_call"}
_FOLLOWS = {"write_stdin", "wait", "poll"}
_NOTES = {"exec_command_end", "patch_apply_end"}
_NOT_ITS_OWN = {"user_shell", "unified_exec_interaction"}
_GIT = re.compile(r"\bgit\b")
_COMMITS = re.compile(r"\b(?:commit|cherry-pick|revert|merge|rebase|am)\b")
_COMMITTED = re.compile(
    r"^\[(?P<branch>[^\]\n]{1,250}?)(?: \(root-commit\))? (?P<sha>[0-9a-f]{7,64})\] (?P<subject>[^\n]*)", re.MULTILINE
)
_CHANGED = re.compile(r"^[AMD] (\S[^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that has begun; `inner` is how many commands Codex had noted inside scripts by then."""

    ref: Ref
    name: str
    command: str
    cwd: str
    writes: tuple[str, ...] = ()
    follows: str = ""
    inner: int = 0
    printed: str = ""


@dataclass(slots=True)
class _Session:
    """The state while the records pass by; `noted` are the ids of which Codex itself notes the end."""

    cwd: str
    thread: str
    noted: frozenset[str]
    open: dict[str, tuple[Record, _Call]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    running: dict[str, tuple[Record, _Call]] = field(default_factory=dict)
    launches: Launches = field(default_factory=Launches)
    inner: int = 0
    response: int = 0
    total: object = None
    unreadable: list[Ref] = field(default_factory=list)


def actions_of(meta: SessionMeta, thread: str, records: Sequence[Record]) -> tuple[tuple[Event, ...], list[Gap]]:
    """Return the events of a session's own records in order of time, and a gap for calls that cannot be read."""
    notes = [body for record in records if isinstance(body := record.body, Happening) and body.type in _NOTES]
    session = _Session(meta.cwd or "", thread, frozenset(body.call_id for body in notes if body.call_id))
    events: list[Event] = []
    for record in records:
        events += _from_record(session, record)
    without_end = [begun for call, begun in session.open.items() if call not in session.noted]
    for record, call in [*without_end, *session.running.values()]:
        events += _ran(session, call, Output(call.printed), record)
    events += session.launches.all()
    events.sort(key=lambda event: event.moment)
    return tuple(events), _gap_for(session.unreadable)


def _gap_for(refs: list[Ref]) -> list[Gap]:
    if not refs:
        return []
    calls = "1 tool call" if len(refs) == 1 else f"{len(refs)} tool calls"
    return [Gap(f"what {calls} ran cannot be read, from this one on", refs[0])]


def _from_record(session: _Session, record: Record) -> Iterator[Event]:
    match record.body:
        case TurnContext(cwd=str(cwd)):
            session.cwd = cwd
        case Item(type=kind, call_id=str(call)) as item if kind in _CALLS and call not in session.seen:
            session.seen.add(call)
            _begin(session, record, item, call)
        case Item(type=kind, call_id=str(call)) as item if kind in _OUTPUTS:
            yield from _end(session, record, output_of(item.output), call)
        case Item(type="agent_message") as item:
            session.launches.told(item, record.moment)
        case Happening(type="token_count"):
            count = total_in(record)
            session.response += count is not None and count != session.total
            session.total = count or session.total
        case Happening(type="sub_agent_activity") as activity:
            session.launches.heard(activity)
        case Happening(type=kind) as note if kind in _NOTES:
            yield from _note(session, record, note)


def _begin(session: _Session, record: Record, item: Item, identity: str) -> None:
    """Take a call in; calls of tools that neither run nor write anything are let go."""
    name = item.name or item.type
    if item.type == "custom_tool_call":
        call = _custom(session, record, name, text_of(item.input))
    elif name in _SHELLS | _FOLLOWS | {"spawn_agent", "apply_patch"}:
        call = _function(session, record, item, identity)
    else:
        return
    if call:
        session.open[identity] = (record, call)


def _function(session: _Session, record: Record, item: Item, identity: str) -> _Call | None:
    """Read a call with named arguments."""
    name = item.name or item.type
    arguments = arguments_of(item.arguments, item.action)
    if arguments is None:
        session.unreadable.append(record.ref)
        return None
    if name == "spawn_agent":
        session.launches.asked(record, identity, f"{session.thread}:{session.response}", arguments)
        return None
    command = script_of(arguments.command or arguments.cmd) if name in _SHELLS else ""
    cwd = within(session.cwd, arguments.workdir or arguments.working_directory or "")
    return _Call(record.ref, name, command, cwd, patched_in(command or arguments.input or ""), arguments.follows)


def _custom(session: _Session, record: Record, name: str, source: str) -> _Call | None:
    """Read a call with free text: a patch, or a script that runs commands and patches."""
    if name == "apply_patch":
        return _Call(record.ref, name, "", session.cwd, patched_in(source))
    if name != "exec":
        return None
    found = list(scripts_in(source))
    if not found and (follows := polled_in(source)):
        return _Call(record.ref, "poll", "", session.cwd, follows=follows)
    if not found and runs_commands(source):
        session.unreadable.append(record.ref)
    cwd = within(session.cwd, next((workdir for _, workdir in found if workdir), ""))
    # What several commands of one script printed cannot be told apart: they are one command of several lines.
    command = "\n".join(command for command, _ in found)
    return _Call(record.ref, name, command, cwd, patched_in(source, in_script=True), inner=session.inner)


def _end(session: _Session, record: Record, output: Output, identity: str) -> Iterator[Event]:
    """Say what a call did, unless Codex's own note says it, or it goes on."""
    session.launches.answered(identity, output.text)
    session.launches.waited(output.text, record.moment)
    if identity in session.noted or identity not in session.open:
        return
    call = session.open.pop(identity)[1]
    key = output.running
    if call.name in _FOLLOWS:
        if call.follows not in session.running:
            return
        first = session.running.pop(call.follows)[1]
        # A script's poll may print the output alone; then whether the command has ended is not told.
        untold = call.name == "poll" and output.exit_code is None
        key = call.follows if key or untold else None
        call = replace(first, printed=first.printed + output.text)
    else:
        call = replace(call, printed=output.text)
    if key:
        session.running[key] = (record, call)
    else:
        yield from _ran(session, call, replace(output, text=call.printed), record)


def _ran(session: _Session, call: _Call, output: Output, record: Record) -> Iterator[Event]:
    """Yield the command with its result, the commits it printed, and the files it patched."""
    if call.name == "exec" and session.inner > call.inner:
        return  # Codex noted what the script ran
    if call.command:
        yield Command(record.moment, call.ref, call.command, call.cwd, output.exit_code, cut(output.text))
        yield from _commits(call, output.text, record)
    if output.exit_code == 0 or (output.exit_code is None and "Success. Updated" in output.text):
        yield from (FileWrite(record.moment, record.ref, within(call.cwd, path)) for path in call.writes)


def _commits(call: _Call, text: str, record: Record) -> Iterator[CommitMade]:
    git = _GIT.search(call.command)
    if git and _COMMITS.search(call.command, git.end()):
        for match in _COMMITTED.finditer(text):
            subject = match["subject"].strip()
            yield CommitMade(record.moment, record.ref, match["sha"], match["branch"], subject, call.cwd)


def _note(session: _Session, record: Record, note: Happening) -> Iterator[Event]:
    """Read Codex's own note of an end, once; what a person ran, or a mere poll, is left out."""
    identity = note.call_id or ""
    if identity in session.said or text_of(note.source) in _NOT_ITS_OWN:
        return
    session.said.add(identity)
    session.inner += identity not in session.seen
    begun = session.open.get(identity)
    cwd = within(session.cwd, note.cwd or (begun[1].cwd if begun else ""))
    if note.type == "patch_apply_end":
        if note.success:
            yield from (FileWrite(record.moment, record.ref, within(cwd, path)) for path in _changed(note))
        return
    command = words_of(note.command) or (begun[1].command if begun else "")
    printed = note.aggregated_output or (note.stdout or "") + (note.stderr or "")
    call = _Call(begun[1].ref if begun else record.ref, "shell", command, cwd)
    yield from _ran(session, call, Output(printed, note.exit_code), record)


def _changed(note: Happening) -> tuple[str, ...]:
    """Return the paths a patch changed, as the note names them, else as its output does."""
    try:
        changes = msgspec.json.decode(note.changes, type=dict[str, Raw] | None)
    except UNREADABLE:
        changes = None
    return tuple(changes or _CHANGED.findall(note.stdout or ""))

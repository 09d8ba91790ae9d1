"""What is kept from a Codex record: a small fact in place of its line."""

import re
from dataclasses import dataclass
from enum import Enum
from sys import intern

import msgspec
from msgspec import Raw, Struct

from forensics.formats.transcripts.codex.calls import CALLS, Asked, SpawnCall, UnreadableCall, asked_in
from forensics.formats.transcripts.codex.counts import Counted
from forensics.formats.transcripts.codex.outputs import (
    NOTHING_PRINTED,
    KeptOutput,
    output_of,
    printed,
    text_of,
    words_of,
)
from forensics.formats.transcripts.codex.records import UNREADABLE, Body, Happening, Item, SessionMeta, TurnContext

_OUTPUTS = {"function_call_output", "custom_tool_call_output", "local_shell_call_output"}
_NOTES = {"exec_command_end", "patch_apply_end"}
# Commands that a person ran, and polls of a running command.
_NOT_ITS_OWN = {"user_shell", "unified_exec_interaction"}
# States of agents that have not ended.
_STILL = {b'"running"', b'"pending_init"', b'"not_found"'}
# What `apply_patch` prints per file once it has worked; a refused patch prints no such line.
_CHANGED = re.compile(r"^(?P<how>[AMD]) (?P<path>\S[^\n]*)", re.MULTILINE)
# What a note says of a file that is gone: `{"type": "delete", …}`, in older versions `{"delete": {…}}`.
_DELETES = re.compile(rb'\A\{\s*(?:"type"\s*:\s*)?"delete"')
# Context that Codex itself puts before what the user wrote.
_CONTEXT = re.compile(r"\A\s*(?:<[a-zA-Z_]+[ >]|# AGENTS\.md instructions)")

# What a person ran with `!` and what it printed: evidence, which a person gave.
SHELL = "<user_shell_command>"
# Characters of one message. A pasted log can hold megabytes; its end has the summary.
LONGEST = 20_000

Figures = tuple[int, int, int, int]


class Signal(Enum):
    """Records that only count by their presence."""

    ANSWER = "the model has answered"
    FAILURE = "the API has failed"
    STOPPED = "a person has stopped the turn"


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A turn begins."""

    turn_id: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a user or another agent said; `noted`: Codex's own note of it. Empty if Codex itself put it there."""

    text: str
    author: str | None = None
    by_agent: bool = False
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Spoke:
    """What the agent wrote: a remark between its calls, or the end of a turn; `final` where Codex says that it is the end."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The agent ended a turn; `text` is its last message, empty where the note does not hold it."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A tool was called; None if the tool does nothing that is read here."""

    call: str
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A call of another kind, of which no more is read than that it goes on until it returns."""

    call: str


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a call brought: what it printed, the agent that it launched (id and name), and those that had ended.

    An agent that has ended has an answer, which is empty if it failed.
    """

    printed: KeptOutput = NOTHING_PRINTED
    exit_code: int | None = None
    running: str | None = None
    launched: tuple[str, str] | None = None
    ended: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A tool returned; None if nothing that it brought is read."""

    call: str
    result: CallResult | None


@dataclass(frozen=True, slots=True)
class Noted:
    """Codex noted that a command or patch ended; `writes` are the files a patch changed, None of a command.

    Not the agent's `own` are what a person ran, and a mere poll.
    """

    call: str | None
    command: str = ""
    cwd: str = ""
    printed: KeptOutput = NOTHING_PRINTED
    exit_code: int | None = None
    writes: tuple[str, ...] | None = None
    deletes: tuple[str, ...] = ()
    own: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """A token counter: its total and, if present, what the last request used."""

    figures: Figures
    last: Figures | None


@dataclass(frozen=True, slots=True)
class Started:
    """Codex noted that a launched agent has started."""

    call: str | None
    agent: str
    path: str | None


RolloutFact = (
    SessionMeta
    | TurnContext
    | TurnStarted
    | TurnEnded
    | Said
    | Spoke
    | Called
    | Opened
    | Returned
    | Noted
    | Total
    | Started
    | Signal
)


class _Spawned(Struct):
    agent_id: str | None = None
    task_name: str | None = None


class _Completed(Struct):
    completed: str | None = None


class _Waited(Struct):
    status: dict[str, Raw]


def fact_of(body: Body, *, launches_only: bool = False) -> RolloutFact | None:
    """Return what is kept of a record; with `launches_only`, nothing of commands, patches and outputs."""
    match body:
        case Item():
            return _of_item(body, launches_only=launches_only)
        case Happening(type=kind) if kind in _NOTES:
            return Signal.ANSWER if launches_only else _noted(body)
        case Happening():
            return _of_happening(body, launches_only=launches_only)
    return body


def without_output(returned: Returned) -> Returned:
    """Return a fact of which only launched agents are kept."""
    result = returned.result
    return Returned(returned.call, _of_agents(result.launched, result.ended) if result else None)


def _of_item(item: Item, *, launches_only: bool) -> RolloutFact | None:
    match item:
        case Item(type="message", role="user"):
            return Said(_own_words(item.content))
        case Item(type="message", role="assistant", phase=phase) if phase != "commentary" and not launches_only:
            return Spoke(shortened(text_of(item.content)), final=phase == "final_answer")
        case Item(type="agent_message"):
            return Said(_own_words(item.content), item.author, by_agent=True)
        case Item(type=kind, call_id=str(call)) if kind.endswith("_output"):
            result = _result(item.output, launches_only=launches_only) if kind in _OUTPUTS else None
            return Returned(intern(call), result)
        case Item(type=kind, call_id=str(call)) if kind in CALLS:
            asked = asked_in(item)
            return Called(intern(call), _of_launch(asked) if launches_only else asked)
        case Item(call_id=str(call)):
            return Opened(intern(call))
        case Item(type=kind, role=role) if kind == "reasoning" or kind.endswith("_call") or role == "assistant":
            return Signal.ANSWER
    return None


def _of_launch(asked: Asked | None) -> Asked | None:
    """Reduce a call to its launch, or to the fact that it cannot be read."""
    match asked:
        case SpawnCall():
            return asked
        case UnreadableCall():
            return UnreadableCall()
    return None


def _of_happening(said: Happening, *, launches_only: bool) -> RolloutFact | None:
    match said.type:
        case "task_complete" | "turn_complete" if not launches_only:
            return TurnEnded(shortened(text_of(said.last_agent_message)))
        case "turn_aborted":
            return Signal.STOPPED
        case "task_started":
            return TurnStarted(said.turn_id)
        case "user_message":
            return Said(text_of(said.message), noted=True)
        case "token_count":
            return _total(said.info)
        case "sub_agent_activity" if said.agent_thread_id and text_of(said.kind) == "started":
            return Started(said.event_id, said.agent_thread_id, said.agent_path)
        case "agent_message" | "agent_reasoning":
            return Signal.ANSWER
        case "stream_error" | "error":
            return Signal.FAILURE
    return None


def _own_words(content: Raw) -> str:
    text = text_of(content)
    return "" if _CONTEXT.match(text) and not text.startswith(SHELL) else text


def shortened(text: str) -> str:
    """Return a text's head and tail, `LONGEST` characters at most."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}\n…\n{text[-half:]}"


def _result(raw: Raw, *, launches_only: bool) -> CallResult | None:
    output = output_of(raw)
    launched, ended = _launched(output.text), _ended(output.text)
    if not launches_only:
        return CallResult(printed(output.text), output.exit_code, output.running, launched, ended)
    return _of_agents(launched, ended)


def _of_agents(launched: tuple[str, str] | None, ended: tuple[tuple[str, str], ...]) -> CallResult | None:
    return CallResult(launched=launched, ended=ended) if launched or ended else None


def _launched(text: str) -> tuple[str, str] | None:
    """Read what `spawn_agent` returned: an id, or the path that names the agent; None if it failed."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        spawned = msgspec.json.decode(text, type=_Spawned)
    except UNREADABLE:
        return None
    return (spawned.agent_id or "", spawned.task_name or "") if spawned.agent_id or spawned.task_name else None


def _ended(text: str) -> tuple[tuple[str, str], ...]:
    """Read what a wait for agents returned, the state of each: return those that have ended, with their answers."""
    if not text.startswith('{"status"'):
        return ()
    try:
        states = msgspec.json.decode(text, type=_Waited).status
    except UNREADABLE:
        return ()
    return tuple((agent, _answer(state)) for agent, state in states.items() if bytes(state) not in _STILL)


def _answer(state: Raw) -> str:
    try:
        return shortened(msgspec.json.decode(state, type=_Completed).completed or "")
    except UNREADABLE:
        return ""


def _noted(note: Happening) -> Noted:
    if text_of(note.source) in _NOT_ITS_OWN:
        return Noted(note.call_id, own=False)
    cwd = note.cwd or ""
    if note.type == "patch_apply_end":
        changed = _changed(note) if note.success else {}
        gone = tuple(path for path, deleted in changed.items() if deleted)
        return Noted(note.call_id, cwd=cwd, writes=tuple(changed), deletes=gone)
    text = note.aggregated_output or (note.stdout or "") + (note.stderr or "")
    return Noted(note.call_id, words_of(note.command), cwd, printed(text), note.exit_code)


def _changed(note: Happening) -> dict[str, bool]:
    """Return the paths a patch changed with whether it deleted each, as the note names them, else as its output does."""
    try:
        changes = msgspec.json.decode(note.changes, type=dict[str, Raw] | None)
    except UNREADABLE:
        changes = None
    if changes:
        return {path: _DELETES.match(bytes(change)) is not None for path, change in changes.items()}
    return {match["path"]: match["how"] == "D" for match in _CHANGED.finditer(note.stdout or "")}


def _total(info: Raw) -> Total | None:
    try:
        count = msgspec.json.decode(info, type=Counted | None)
    except UNREADABLE:
        return None
    if count is None or count.total_token_usage is None:
        return None
    return Total(count.total_token_usage.figures, count.last_token_usage.figures if count.last_token_usage else None)

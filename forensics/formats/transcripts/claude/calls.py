"""Claude Code's tool calls and their results, joined into Events."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from forensics.formats.test_lines import weakened
from forensics.formats.transcripts.claude.records import Block, Record, decoded
from forensics.formats.transcripts.claude.turns import shortened
from forensics.formats.transcripts.printed_commits import PrintedCommit, printed_commits
from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.test_runs import OUTPUT_LIMIT, as_test_run, ends_of
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Command, CommitMade, Event, FileRead, FileWrite, Launch, Message

_READS = frozenset({"Read", "NotebookRead"})
_WRITES = frozenset({"Edit", "Write", "MultiEdit", "NotebookEdit"})
_LAUNCHES = frozenset({"Task", "Agent"})
_FILES = _READS | _WRITES
_WANTED = _FILES | _LAUNCHES | {"Bash"}
# Claude Code begins a failed command's output with its exit code.
_EXIT = re.compile(r"\A(?:Error: )?Exit code (?P<code>-?\d{1,5})\b")
# The note on a launched agent, which names it by seven hexadecimal digits: a reader of claims would take them for a commit.
_NOTE, _NOTE_LIMIT = "\nagentId: ", 1_000
# Results of older versions name the launched agent only in their text: `agentId: a1b2`, `agent_id: x`.
_AGENT_ID = re.compile(r"\bagent_?[Ii][dD]: ?([\w@.-]{2,80})")


class _Change(Struct, gc=False):
    old_string: str | None = None
    new_string: str | None = None


class _Input(_Change, gc=False):
    command: str | None = None
    file_path: str | None = None
    notebook_path: str | None = None
    description: str | None = None
    prompt: str | None = None
    run_in_background: bool | None = None
    edits: list[_Change] | None = None


class _Commit(Struct, gc=False):
    sha: str | None = None
    branch: str | None = None


class _GitOperation(Struct, gc=False):
    commit: _Commit | None = None


class _Outcome(Struct, gc=False):
    status: str | None = None
    agentId: str | None = None  # noqa: N815  (the log's own name, beside the other one)
    agent_id: str | None = None
    interrupted: bool | None = None
    backgroundTaskId: str | None = None  # noqa: N815
    gitOperation: Raw = Raw()  # noqa: N815


class _Text(Struct, gc=False):
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """A tool call waiting for its result."""

    agent: str
    name: str
    id: str
    message: str
    moment: datetime
    ref: TranscriptRef
    cwd: str
    said: _Input


@dataclass(frozen=True, slots=True)
class _Result:
    """A tool's result; `text` is what the agent saw."""

    moment: datetime
    ref: TranscriptRef
    failed: bool
    text: str
    outcome: _Outcome


class Calls:
    """The calls of the wanted tools in a set of files, their results, and the ends of what ran in the background."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}
        self._early: dict[str, _Result] = {}
        self._done: set[str] = set()
        self._ended: dict[str, datetime] = {}
        self._answers: dict[str, Message] = {}
        self.events: list[tuple[str, Event]] = []

    def call(self, block: Block, record: Record, agent: str, moment: datetime, ref: TranscriptRef) -> None:
        """Add a tool call; its event follows with the result."""
        if block.id is None or block.id in self._calls or block.id in self._done:
            return
        if block.name not in _WANTED:
            self._done.add(block.id)
            self._early.pop(block.id, None)
            return
        said = decoded(block.input, _Input) or _Input()
        message = (record.message.id if record.message else None) or record.uuid or str(ref)
        call = _Call(agent, block.name, block.id, message, moment, ref, record.cwd or "", said)
        early = self._early.pop(block.id, None)
        if early:
            self._join(call, early)
        else:
            self._calls[block.id] = call

    def result(self, block: Block, record: Record, moment: datetime, ref: TranscriptRef) -> None:
        """Add a tool's result. One that precedes its call in the file is kept, shortened, until the call comes."""
        if block.tool_use_id is None or block.tool_use_id in self._done:
            return
        call = self._calls.pop(block.tool_use_id, None)
        if call is None and block.tool_use_id in self._early:
            return
        if call and call.name in _FILES:  # its result repeats the whole file
            found = _Result(moment, ref, bool(block.is_error), "", _Outcome())
        else:
            outcome = decoded(record.result, _Outcome) or _Outcome()
            found = _Result(moment, ref, bool(block.is_error), text_in(block.content), outcome)
        if call:
            self._join(call, found)
        else:
            self._early[block.tool_use_id] = replace(found, text=found.text[-5 * OUTPUT_LIMIT :])

    def notified(self, identity: str, moment: datetime, answer: Message | None) -> None:
        """Note the end of a background task, by the id of its call or of the task; the first notice counts.

        An agent that was sent more work ends again: its last answer counts.
        """
        self._ended.setdefault(identity, moment)
        if answer:
            self._answers[identity] = answer

    def all_events(self) -> Iterator[tuple[str, Event]]:
        """Yield each event with its agent's id; calls without a result last."""
        for agent, event in self.events:
            yield agent, self._closed(event) if isinstance(event, Launch) else event
        for call in self._calls.values():
            if call.name in _LAUNCHES:
                yield call.agent, self._closed(_launch(call, None))
            elif call.name == "Bash" and call.said.command:
                where = folder_of(call.said.command, call.cwd)
                yield call.agent, Command(call.moment, call.ref, call.said.command, where, None, "")

    def _closed(self, launch: Launch) -> Launch:
        """Return a background launch with the end and the answer that its notification gives."""
        if launch.ended is not None:
            return launch
        ended = self._ended.get(launch.call) or self._ended.get(launch.agent or "")
        answer = self._answers.get(launch.call) or self._answers.get(launch.agent or "")
        return replace(launch, ended=ended, background=launch.background or ended is not None, answer=answer)

    def _join(self, call: _Call, result: _Result) -> None:
        self._done.add(call.id)
        self.events += [(call.agent, event) for event in _events(call, result)]


def _events(call: _Call, result: _Result) -> Iterator[Event]:
    path = call.said.file_path or call.said.notebook_path
    if call.name in _LAUNCHES:
        yield _launch(call, result)
    elif call.name == "Bash" and call.said.command:
        yield from _shell(call, call.said.command, result)
    elif path and not result.failed and call.name in _READS:
        yield FileRead(result.moment, result.ref, path)
    elif path and not result.failed:
        yield FileWrite(result.moment, result.ref, path, _weakens(call.said))


def _weakens(said: _Input) -> tuple[tuple[str, str], ...]:
    return tuple(
        pair
        for change in (said, *(said.edits or ()))
        if change.old_string and change.new_string is not None
        for pair in weakened(change.old_string.splitlines(), change.new_string.splitlines())
    )


def _shell(call: _Call, command: str, result: _Result) -> Iterator[Event]:
    """Yield the command, or the test run it is, and the commits it made."""
    where = folder_of(command, call.cwd)
    ran = Command(result.moment, result.ref, command, where, _exit_code(result), result.text)
    # In the background, tests have printed nothing yet when the call returns.
    in_background = result.outcome.backgroundTaskId is not None
    yield (None if in_background else as_test_run(ran)) or replace(ran, output=ends_of(ran.output))
    for made in _commits(command, result):
        yield CommitMade(result.moment, result.ref, made.sha, made.branch, made.subject, where)


def _commits(command: str, result: _Result) -> tuple[PrintedCommit, ...]:
    """Return the commits made: those printed, and the one the log names itself."""
    printed = printed_commits(command, result.text)
    operation = decoded(result.outcome.gitOperation, _GitOperation)
    named = operation.commit if operation else None
    if named is None or not named.sha or any(_same(commit.sha, named.sha) for commit in printed):
        return printed
    return (*printed, PrintedCommit(named.sha, named.branch, ""))


def _same(sha: str, other: str) -> bool:
    return sha.startswith(other) or other.startswith(sha)


def _exit_code(result: _Result) -> int | None:
    """Return the exit code: 0 if nothing says otherwise, None if it was stopped, refused or still runs."""
    if match := _EXIT.match(result.text):
        return int(match["code"])
    unknown = result.failed or result.outcome.interrupted or result.outcome.backgroundTaskId
    return None if unknown else 0


def _launch(call: _Call, result: _Result | None) -> Launch:
    outcome = result.outcome if result else _Outcome()
    background = bool(call.said.run_in_background) or outcome.status in {"async_launched", "teammate_spawned"}
    agent = outcome.agentId or outcome.agent_id
    if result and agent is None and not result.failed:
        # The note stands at the end: an answer may speak of other agents.
        agent = next(reversed(_AGENT_ID.findall(result.text[-OUTPUT_LIMIT:])), None)
    ended = result.moment if result and (result.failed or not background) else None
    said = call.said
    in_time = result and not (result.failed or background)
    return Launch(
        call.moment,
        call.ref,
        call.id,
        call.message,
        said.description or "",
        said.prompt or "",
        agent,
        background,
        ended,
        Message(result.moment, result.ref, shortened(_answer_in(result.text)))
        if result and in_time and result.text
        else None,
    )


def _answer_in(text: str) -> str:
    """Return what a launched agent told its launcher, without the note on the agent that Claude Code puts behind it."""
    place = text.rfind(_NOTE)
    return text[:place].rstrip() if place >= 0 and len(text) - place <= _NOTE_LIMIT else text


def text_in(content: Raw) -> str:
    """Return a result's content as text: a string, or the texts of its blocks."""
    if (plain := decoded(content, str)) is not None:
        return plain
    try:
        parts = msgspec.json.decode(content, type=list[_Text]) if memoryview(content) else []
    except (ValueError, RecursionError):
        return ""
    return "\n".join(part.text for part in parts if part.text)

"""What one part of an OpenCode message says: an event, a text, or the list of tasks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.formats.test_lines import weakened, weakened_in_patch
from forensics.formats.transcripts.excerpts import cut
from forensics.formats.transcripts.opencode.records import Input, Outcome, Part, State, decoded, moment_of, real
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Command, CommitMade, Event, FileRead, FileWrite, Launch, Message, Todo

# Characters of an output, as for other agents: enough for a summary at the end and the first lines.
_OUTPUT = 4_000
# Characters of a text: a pasted log can hold megabytes, and its end has the summary.
_TEXT = 20_000
_WRITES = frozenset({"write", "edit", "multiedit", "patch", "apply_patch"})
# The answer of a launched agent stands between these, behind a line that names its session.
_ANSWER = ("<task_result>", "</task_result>")


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is kept of a part. Folders of its events are as the call names them: relative to the session's, or empty."""

    ref: TranscriptRef
    events: tuple[Event, ...] = ()
    text: str = ""
    todos: tuple[Todo, ...] | None = None
    is_tool: bool = False


def facts_of(part: Part, at: datetime, message: str, ref: TranscriptRef) -> PartFacts:
    """Return what a part says; `at` is the time of its message, `message` the message's id."""
    if part.type == "text" and part.text and not part.synthetic and not part.ignored:
        return PartFacts(ref, text=cut(part.text, _TEXT))
    if part.type != "tool" or part.state is None:
        return PartFacts(ref)
    said = decoded(part.state.input, Input) or Input()
    done = moment_of(part.state.time.end if part.state.time else None) or at
    events = tuple(_events(part, said, done, message, ref))
    todos = _todos(said, done, ref) if part.tool == "todowrite" and part.state.status == "completed" else None
    return PartFacts(ref, events, todos=todos, is_tool=True)


def _events(part: Part, said: Input, done: datetime, message: str, ref: TranscriptRef) -> Iterator[Event]:
    state = part.state or State()
    outcome = decoded(state.metadata, Outcome) or Outcome()
    if part.tool == "bash" and said.command:
        yield from _shell(said, state, outcome, done, ref)
    elif part.tool == "task":
        began = moment_of(state.time.start if state.time else None) or done
        yield _launch(said, state, outcome, (began, done), (part.call or part.id or str(ref), message), ref)
    elif state.status != "completed":
        return
    elif part.tool == "read" and said.file:
        yield FileRead(done, ref, said.file)
    elif part.tool in _WRITES:
        changed = [path for file in outcome.files or () for path in (file.moved, file.file) if path]
        gone = {file.file for file in outcome.files or () if file.type == "delete" or file.moved}
        for path in changed or ([said.file] if said.file else []):
            yield FileWrite(done, ref, path, _weakens(said, path), path in gone)


def _weakens(said: Input, path: str) -> tuple[tuple[str, str], ...]:
    if said.patch:
        return weakened_in_patch(said.patch, path)
    return weakened((said.old or "").splitlines(), (said.new or "").splitlines())


def _shell(said: Input, state: State, outcome: Outcome, done: datetime, ref: TranscriptRef) -> Iterator[Event]:
    """Yield the command, or the test run it is, and the commits it made; one that was stopped has no exit code."""
    command, output = said.command or "", state.output or state.error or ""
    where = folder_of(command, said.workdir or "")
    ended = state.status == "completed"
    ran = Command(done, ref, command, where, outcome.exit if ended else None, output)
    yield (as_test_run(ran) if ended else None) or replace(ran, output=cut(output, _OUTPUT))
    for made in printed_commits(command, output):
        yield CommitMade(done, ref, made.sha, made.branch, made.subject, where)


def _launch(
    said: Input,
    state: State,
    outcome: Outcome,
    times: tuple[datetime, datetime],
    names: tuple[str, str],
    ref: TranscriptRef,
) -> Launch:
    """Return the launch of another session; its answer is what the call printed."""
    ended = state.status in {"completed", "error"}
    _, begun, rest = (state.output or "").partition(_ANSWER[0])
    text = rest.rpartition(_ANSWER[1])[0] if begun else state.output or ""
    return Launch(
        times[0],
        ref,
        names[0],
        names[1],
        said.description or "",
        said.prompt or "",
        real(outcome.session),
        background=False,
        ended=times[1] if ended else None,
        answer=Message(times[1], ref, cut(text.strip(), _TEXT))
        if state.status == "completed" and text.strip()
        else None,
    )


def _todos(said: Input, moment: datetime, ref: TranscriptRef) -> tuple[Todo, ...]:
    return tuple(
        Todo(moment, ref, item.content, done=item.status == "completed") for item in said.todos or () if item.content
    )

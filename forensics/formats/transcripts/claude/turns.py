"""The turns of a Claude Code session: what persons asked, what the agent ended each turn with, and its list of tasks."""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from forensics.formats.transcripts.claude.messages import SYNTHETIC
from forensics.formats.transcripts.claude.records import Block, Record, decoded
from forensics.formats.transcripts.prompts import given_by_person
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Message, Todo

# Characters of one message. A pasted log can hold megabytes; its end has the summary.
LONGEST = 20_000
# A record cut off before its tool call, or that met the limit of tokens, does not end a turn.
_GOES_ON = frozenset({"tool_use", "max_tokens", "pause_turn"})

# A text that a person stopped is not what the agent wanted to end with.
_INTERRUPTED = "[Request interrupted by user"


class _Item(Struct, gc=False):
    content: str | None = None
    status: str | None = None


class _Todos(Struct, gc=False):
    todos: list[_Item] | None = None


class _Queued(Struct, gc=False):
    type: str | None = None
    prompt: str | None = None


class _Hook(Struct, gc=False, rename={"event": "hookEvent"}):
    event: str | None = None


class _Task(Struct, gc=False, rename={"id": "taskId"}):
    subject: str | None = None
    id: str | None = None
    status: str | None = None


@dataclass(slots=True)
class Turns:
    """What is known of one agent's turns so far; `ending` is the text that ends the turn if no tool call follows.

    `ended`: the turn did end with it, so that a person who stops the hooks behind it does not stop the text.
    """

    asked: list[Message] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    todos: dict[str, Todo] = field(default_factory=dict)
    ending: Message | None = None
    ended: bool = False
    _message: str | None = None

    def take(self, record: Record, moment: datetime, ref: TranscriptRef, *, by_person: bool) -> None:
        """Take one record, in the file's order."""
        if by_person:
            self.close()
            if given := given_by_person(_text(record)):
                self.asked.append(Message(moment, ref, shortened(given)))
        elif record.type == "user" and _text(record).startswith(_INTERRUPTED):
            self.ending = self.ending if self.ended else None
        elif record.type == "progress" and self.ending:
            hook = decoded(record.data, _Hook)
            self.ended = self.ended or (hook is not None and hook.event == "Stop")
        elif record.type == "attachment" and not record.agent and (given := _queued(record)):
            self.asked.append(Message(moment, ref, shortened(given)))
        elif (
            record.type == "assistant" and record.message and record.message.model != SYNTHETIC and not record.api_error
        ):
            self._answer(record, moment, ref)

    def close(self) -> None:
        """End the turn: the text that nothing followed was its last."""
        if self.ending:
            self.said.append(self.ending)
        self.ending = None

    def answered(self, answer: Message | None) -> None:
        """Take what the launcher's transcript shows of this agent's last words, where its own shows none."""
        self.close()
        if answer and not self.said:
            self.said.append(answer)

    def _answer(self, record: Record, moment: datetime, ref: TranscriptRef) -> None:
        message = record.message
        content = message.content if message else None
        for block in [Block("text", content)] if isinstance(content, str) else content or ():
            if not isinstance(block, Block):
                continue
            if block.type == "tool_use":
                self.ending = None
                self._tasks(block, moment, ref)
            elif block.type == "text" and block.text and block.text.strip():
                self._text(block.text, message.id if message else None, moment, ref)
        if message and message.stop_reason in _GOES_ON:
            self.ending = None
        self.ended = message is not None and message.stop_reason == "end_turn"

    def _text(self, text: str, message: str | None, moment: datetime, ref: TranscriptRef) -> None:
        """Take a text; several of one API message are one, in the log as records of their own."""
        if self.ending and message and message == self._message:
            text = f"{self.ending.text}\n\n{text}"
        self.ending, self._message = Message(moment, ref, shortened(text)), message

    def _tasks(self, block: Block, moment: datetime, ref: TranscriptRef) -> None:
        """Take the list of tasks as the agent writes it: whole, or one task at a time."""
        if block.name == "TodoWrite":
            items = (decoded(block.input, _Todos) or _Todos()).todos or ()
            kept = [item for item in items if item.content]
            self.todos = {
                str(place): _todo(item.content or "", item.status, moment, ref) for place, item in enumerate(kept, 1)
            }
        elif block.name == "TaskCreate" and (task := decoded(block.input, _Task)) and task.subject:
            self.todos[str(len(self.todos) + 1)] = _todo(task.subject, task.status, moment, ref)
        elif (
            block.name == "TaskUpdate"
            and (task := decoded(block.input, _Task))
            and task.id in self.todos
            and task.status
        ):
            before = self.todos[task.id or ""]
            self.todos[task.id or ""] = _todo(task.subject or before.text, task.status, moment, ref)


def _queued(record: Record) -> str:
    """Return what a person typed while the agent was at work; it does not end the agent's turn."""
    held = decoded(record.attachment, _Queued)
    return given_by_person(held.prompt or "") if held and held.type == "queued_command" else ""


def shortened(text: str) -> str:
    """Return a text's head and tail, `LONGEST` characters at most."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}\n…\n{text[-half:]}"


def _todo(text: str, status: str | None, moment: datetime, ref: TranscriptRef) -> Todo:
    return Todo(moment, ref, text, done=status in {"completed", "done"})


def _text(record: Record) -> str:
    content = record.message.content if record.message else None
    if isinstance(content, str):
        return content
    return "\n".join(
        (block.text or "") if isinstance(block, Block) else block
        for block in content or ()
        if isinstance(block, str) or block.type == "text"
    )

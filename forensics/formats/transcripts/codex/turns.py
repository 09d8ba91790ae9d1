"""The turns of a Codex session: what persons asked, what the agent ended each turn with, and its list of tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from forensics.formats.transcripts.codex.calls import PlanCall
from forensics.formats.transcripts.codex.rollout_facts import (
    SHELL,
    Called,
    Opened,
    Said,
    Signal,
    Spoke,
    TurnEnded,
    TurnStarted,
    shortened,
)
from forensics.formats.transcripts.codex.rollouts import RolloutRecord
from forensics.model.transcript import Message, Todo


@dataclass(slots=True)
class Turns:
    """What the records so far have shown; `ending` is the text that ends the turn if no call follows.

    `noted`: Codex notes the ends of turns, so that a text without such a note may be a remark. `final`: the text itself
    is marked as the turn's answer; a checkpoint copies the file before the note is written.
    """

    noted: bool
    asked: list[Message] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    todos: tuple[Todo, ...] = ()
    ending: Message | None = None
    final: bool = False

    def take(self, record: RolloutRecord) -> None:
        """Take the next record."""
        match record.fact:
            case Spoke(text=text, final=final) if text.strip():
                self.ending, self.final = Message(record.moment, record.ref, text), final
            case TurnEnded(text=text):
                self._end(record, text)
            case Signal.STOPPED:
                self.ending = None
            case Called(asked=asked):
                self.ending = None
                if isinstance(asked, PlanCall):
                    self.todos = tuple(Todo(record.moment, record.ref, task, done) for task, done in asked.tasks)
            case Opened():
                self.ending = None
            case TurnStarted() | Said(by_agent=False):
                self.close()

    def close(self) -> None:
        """End a turn of which no note says that it ended."""
        if self.ending and (self.final or not self.noted):
            self.said.append(self.ending)
        self.ending = None

    def _end(self, record: RolloutRecord, text: str) -> None:
        """Take the note of a turn's end; the message itself, where it is here, is the better address."""
        ref = self.ending.ref if self.ending else record.ref
        words = text if text.strip() or self.ending is None else self.ending.text
        if words.strip():
            self.said.append(Message(record.moment, ref, words))
        self.ending = None


def turns_of(records: Sequence[RolloutRecord], *, launched: bool) -> Turns:
    """Return the turns of a session's own records; an agent that another launched was asked by no person.

    Codex writes what a person said twice: its own note has only the person's words, and counts where there is one.
    """
    turns = Turns(any(isinstance(record.fact, TurnEnded) for record in records))
    for record in records:
        turns.take(record)
    turns.close()
    said = [(record, record.fact) for record in records if isinstance(record.fact, Said) and not record.fact.by_agent]
    noted = any(words.noted for _, words in said)
    turns.asked = [
        Message(record.moment, record.ref, shortened(words.text))
        for record, words in said
        if words.text.strip() and not launched and (words.noted or not noted or words.text.startswith(SHELL))
    ]
    return turns

"""Which agents a Codex session launched, under which ids, and when they ended as far as it was told."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from forensics.formats.transcripts.codex_outputs import Arguments, text_of
from forensics.formats.transcripts.codex_records import UNREADABLE, Happening, Item, Record
from forensics.model.transcript import Launch

_ANSWER = re.compile(r"\AMessage Type: FINAL_ANSWER\b")
_STILL = {b'"running"', b'"pending_init"', b'"not_found"'}


class _Spawned(Struct):
    agent_id: str | None = None
    task_name: str | None = None


class _Waited(Struct):
    status: dict[str, Raw]


@dataclass(slots=True)
class Launches:
    """The launches so far by the id of their call; `agents` by call, `calls` by agent id or path."""

    by_call: dict[str, Launch] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)

    def asked(self, record: Record, call: str, message: str, arguments: Arguments) -> None:
        """Take in a call of `spawn_agent`; it counts once an answer shows that it launched."""
        title = arguments.task_name or arguments.agent_type or ""
        prompt = arguments.message or ""
        self.by_call[call] = Launch(
            record.moment, record.ref, call, message, title, prompt, None, background=True, ended=None
        )

    def answered(self, call: str, text: str) -> None:
        """Take in what `spawn_agent` returned: an id, or the path that names the agent; else it failed."""
        if call not in self.by_call:
            return
        try:
            spawned = msgspec.json.decode(text, type=_Spawned)
        except UNREADABLE:
            return
        if spawned.agent_id:
            self.agents[call] = spawned.agent_id
        for name in (spawned.agent_id, spawned.task_name):
            if name:
                self.calls[name] = call

    def heard(self, activity: Happening) -> None:
        """Take in that an agent has started."""
        if activity.event_id in self.by_call and activity.agent_thread_id and text_of(activity.kind) == "started":
            self.agents[activity.event_id] = activity.agent_thread_id
            self.calls[activity.agent_thread_id] = activity.event_id
            if activity.agent_path:
                self.calls[activity.agent_path] = activity.event_id

    def told(self, item: Item, moment: datetime) -> None:
        """Take in an agent's final answer; after a further task there is a later one."""
        if item.author and _ANSWER.match(text_of(item.content)):
            self._ended(item.author, moment)

    def waited(self, text: str, moment: datetime) -> None:
        """Take in what a wait for agents returned: the state of each."""
        if not text.startswith('{"status"'):
            return
        try:
            states = msgspec.json.decode(text, type=_Waited).status
        except UNREADABLE:
            return
        for agent, state in states.items():
            if bytes(state) not in _STILL:
                self._ended(agent, moment)

    def _ended(self, agent: str, moment: datetime) -> None:
        call = self.calls.get(agent)
        if call is not None:
            self.by_call[call] = replace(self.by_call[call], ended=moment)

    def all(self) -> list[Launch]:
        """Return the launches that succeeded."""
        started = set(self.calls.values())
        return [replace(one, agent=self.agents.get(call)) for call, one in self.by_call.items() if call in started]

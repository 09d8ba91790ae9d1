"""Which agents a Codex session launched, under which ids, and when each is known to have ended."""

import re
from dataclasses import dataclass, field, replace

from forensics.formats.transcripts.codex.calls import SpawnCall
from forensics.formats.transcripts.codex.rollout_facts import CallResult, Said, Started
from forensics.formats.transcripts.codex.rollouts import RolloutRecord
from forensics.model.transcript import Launch, Message

# Codex delivers an agent's messages to its parent with this header; other types are progress.
_ANSWER = re.compile(r"\AMessage Type: FINAL_ANSWER\b")
# The header ends with this line; what follows is the agent's own text.
_PAYLOAD = re.compile(r"^Payload:\s*\n", re.MULTILINE)


@dataclass(slots=True)
class Launches:
    """The launches so far by the id of their call; `agents` by call, `calls` by agent id or path."""

    by_call: dict[str, Launch] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)

    def asked(self, record: RolloutRecord, call: str, message: str, spawn: SpawnCall) -> None:
        """Note a call of `spawn_agent`; it counts once an answer shows that an agent was launched."""
        self.by_call[call] = Launch(
            record.moment, record.ref, call, message, spawn.title, spawn.prompt, None, background=True, ended=None
        )

    def returned(self, call: str, result: CallResult, record: RolloutRecord) -> None:
        """Note what a call returned: the agent it launched, or agents that have ended."""
        if result.launched and call in self.by_call:
            if result.launched[0]:
                self.agents[call] = result.launched[0]
            self.calls |= {name: call for name in result.launched if name}
        for agent, answer in result.ended:
            self._ended(agent, record, answer)

    def started(self, fact: Started) -> None:
        """Note that an agent has started."""
        if fact.call in self.by_call:
            self.agents[fact.call] = fact.agent
            self.calls |= {name: fact.call for name in (fact.agent, fact.path) if name}

    def answered(self, said: Said, record: RolloutRecord) -> None:
        """Note an agent's final answer. After a further task there may be a later answer."""
        if said.author and _ANSWER.match(said.text):
            payload = _PAYLOAD.search(said.text)
            self._ended(said.author, record, said.text[payload.end() :] if payload else "")

    def _ended(self, agent: str, record: RolloutRecord, answer: str) -> None:
        call = self.calls.get(agent)
        if call is not None:
            launch = self.by_call[call]
            last = Message(record.moment, record.ref, answer.strip()) if answer.strip() else launch.answer
            self.by_call[call] = replace(launch, ended=record.moment, answer=last)

    def all(self) -> list[Launch]:
        """Return the launches that succeeded."""
        started = set(self.calls.values())
        return [
            replace(launch, agent=self.agents.get(call)) for call, launch in self.by_call.items() if call in started
        ]

"""Agents that say that they made something, and whose transcripts show nothing that could have made it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.formats.transcripts.reading_calls import only_looks
from forensics.model.case import Case
from forensics.model.history import History
from forensics.model.transcript import AgentRun, CommitMade, FileRead, FileWrite, Launch, Message

# "Created `src/a.py`" and "I have added rows to `src/a.py`" claim work. Those that explore say of others' code that "the
# parser was added in `src/a.py`", so the verb must begin the sentence or follow "I".
_MADE = re.compile(
    r"(?:^|\bI(?:'ve| have)? (?:also |now |successfully )*)[-*+✅✓\s\d.]*+(?:successfully )?"
    r"(?P<verb>created|implemented|added|wrote|written|updated|modified|fixed|refactored|rewrote)\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"`(?P<path>[\w@.+-]+(?:/[\w@.+()\[\]-]+)+\.\w{1,8})`")
# A sentence's end; a full stop within a path is not one.
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class IdleAgent:
    """An agent with a message, the sentence in it that claims work, and the file that the sentence names."""

    agent: AgentRun
    message: Message
    said: str
    path: str


def idle_agents(case: Case) -> tuple[IdleAgent, ...]:
    """Return launched agents that could not write, wrote nothing, and name a file that nobody wrote since they began."""
    written = frozenset(event.path for agent in case.transcripts.agents for event in agent.of(FileWrite))
    return tuple(
        found
        for agent in case.transcripts.agents
        if agent.parent and agent.said and _did_nothing(agent)
        for found in _claims(agent, agent.said[-1], case.history, written)
    )


def _did_nothing(agent: AgentRun) -> bool:
    """Return whether all that an agent is known to have done is reading; one without any known act may have used other tools."""
    acts = [event for event in agent.events if not isinstance(event, FileRead)]
    quiet = not any(isinstance(event, FileWrite | CommitMade | Launch) for event in acts)
    return bool(agent.events) and quiet and all(only_looks(event.command) for event in agent.ran())


def _claims(agent: AgentRun, message: Message, history: History, written: frozenset[str]) -> Iterator[IdleAgent]:
    """Yield the first sentence that claims a file which neither a tool call nor a commit since then has."""
    committed = {
        path for commit in history.commits.values() if commit.author_time >= agent.start for path in commit.paths()
    }
    known = frozenset(written | committed)
    for sentence in _SENTENCE.split(message.text):
        made, named = _MADE.search(sentence), _PATH.search(sentence)
        if made and named and made.end() < named.start() and not _is_known(named["path"], known):
            yield IdleAgent(agent, message, sentence.strip(), named["path"])
            return


def _is_known(path: str, known: frozenset[str]) -> bool:
    """Return whether a path is known, as the end of an absolute one or with a folder too many in front."""
    return any(f"/{other}".endswith(f"/{path}") or f"/{path}".endswith(f"/{other}") for other in known)

"""Who asked for an agent: a person whose words speak of agents, or the agent that launched it, on its own."""

import re
from collections.abc import Mapping

from forensics.casework.agents.ties import launches
from forensics.model.transcript import AgentRun, Launch, Transcripts

# What persons say who want agents launched; a command of theirs (`/review`, `/gsd:execute`) may launch them too.
_OF_AGENTS = re.compile(
    r"\b(?:sub-?)?agents?\b|\bparallel\b|\bdelegat|\bTask tool\b|\bworkers?\b|^[^\S\n]*/[a-z]",
    re.IGNORECASE | re.MULTILINE,
)


def launched_unasked(transcripts: Transcripts) -> frozenset[str]:
    """Return the agents that others launched although no person's words before spoke of agents.

    What a launched agent launches was asked for if a person had spoken of agents to the session that it all began in.
    """
    runs = {agent.id: agent for agent in transcripts.agents}
    found = set()
    for child, launch in launches(transcripts).items():
        session = _session(child, runs)
        if session and child in runs and not _spoke_of_agents(session, launch):
            found.add(child)
    return frozenset(found)


def _session(child: str, runs: Mapping[str, AgentRun]) -> AgentRun | None:
    """Return the session that an agent's chain of launches began in; a chain without an end has none."""
    name, left = runs[child].parent if child in runs else None, len(runs)
    while name is not None and left and (run := runs.get(name)):
        if run.parent is None:
            return run
        name, left = run.parent, left - 1
    return None


def _spoke_of_agents(session: AgentRun, launch: Launch) -> bool:
    return any(_OF_AGENTS.search(message.text) for message in session.asked if message.moment <= launch.moment)

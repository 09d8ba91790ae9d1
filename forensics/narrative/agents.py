"""The agents of a run, as the postmortem lists them."""

from forensics.casework.agents.ties import launches
from forensics.model.case import Case
from forensics.model.postmortem import AgentFacts


def agent_facts(case: Case) -> tuple[AgentFacts, ...]:
    """Return every agent, tied to a step or not, in order of its start."""
    ties = {tie.agent: tie for tie in case.ties}
    launched = launches(case.transcripts)
    facts = []
    for agent in sorted(case.transcripts.agents, key=lambda agent: (agent.start, agent.id)):
        tied, launch = ties.get(agent.id), launched.get(agent.id)
        together = [other for other, call in launched.items() if launch and call.message == launch.message]
        facts.append(
            AgentFacts(
                id=agent.id,
                parent=agent.parent,
                step=tied.step if tied else None,
                confidence=str(tied.confidence) if tied else None,
                model=agent.model,
                cwd=agent.cwd,
                branch=agent.branch,
                start=agent.start,
                end=agent.end,
                launched_with=tuple(sorted({*together} - {agent.id})),
            )
        )
    return tuple(facts)

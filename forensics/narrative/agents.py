"""The agents of a run, as the postmortem lists them."""

from forensics.casework.agents.ties import launches
from forensics.model.case import Case
from forensics.model.postmortem import AgentFacts


def agent_facts(case: Case) -> tuple[AgentFacts, ...]:
    """Return every agent, tied to a step or not, in order of its start."""
    ties = {one.agent: one for one in case.ties}
    launched = launches(case.transcripts)
    facts = []
    for agent in sorted(case.transcripts.agents, key=lambda one: (one.start, one.id)):
        tied, launch = ties.get(agent.id), launched.get(agent.id)
        together = [
            other for other, one in launched.items() if launch and one.message == launch.message and other != agent.id
        ]
        step, sure = (tied.step, str(tied.confidence)) if tied else (None, None)
        facts.append(
            AgentFacts(
                id=agent.id,
                parent=agent.parent,
                step=step,
                confidence=sure,
                model=agent.model,
                cwd=agent.cwd,
                branch=agent.branch,
                start=agent.start,
                end=agent.end,
                launched_with=tuple(sorted(together)),
            )
        )
    return tuple(facts)

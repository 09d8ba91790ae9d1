"""What a sentence calls an agent: by its step or unit, or by its own id where it is tied to none."""

from collections.abc import Mapping

from forensics.model.case import Case
from forensics.model.prose import quote

_DIGITS = 8  # of an agent's id: enough to tell agents apart, and short enough to read


def steps_of_agents(case: Case) -> Mapping[str, str]:
    """Return the step or unit that each agent is tied to."""
    return {tie.agent: tie.step for tie in case.ties}


def agent_named(agent: str, step_of: Mapping[str, str]) -> str:
    """Return `step 1.3's agent`, or an agent's own id."""
    return f"step {step_of[agent]}'s agent" if agent in step_of else f"the agent {quote(agent[:_DIGITS])}"

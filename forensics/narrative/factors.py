"""What made it easier to go wrong: contributing factors, as far as the plan and the launch prompts show them."""

import re
from collections.abc import Iterator

from forensics.casework.agents.ties import launches
from forensics.model.case import Case
from forensics.model.plan import ConstraintKind, Strength
from forensics.model.prose import count, listing, quote

# What a launch prompt tells an agent that works beside others. Wide on purpose: a prompt that says it in any of these words
# is not blamed, because a false factor accuses whoever wrote the prompt.
_INSTRUCTIONS = {
    "to wait for the previous step": re.compile(
        r"\bsequential|\bin order\b|\bone (?:step )?(?:after|at)|\bwait for|\bafter (?:step|cycle)", re.IGNORECASE
    ),
    "to use its own worktree": re.compile(r"\bwork ?trees?\b|\bown (?:branch|checkout|folder)|\bisolat", re.IGNORECASE),
    "when to stop": re.compile(r"\bstop\b|\bescalat|\babort\b|\bhalt\b", re.IGNORECASE),
}


def factors(case: Case) -> Iterator[str]:
    """Yield one sentence per factor."""
    order = [
        rule
        for rule in case.plan.constraints
        if rule.kind in {ConstraintKind.SEQUENTIAL, ConstraintKind.SEQUENTIAL_IN_PHASE}
    ]
    if order and all(rule.strength is Strength.PROSE for rule in order):
        places = listing(dict.fromkeys(quote(str(rule.ref)) for rule in order), limit=3)
        yield f"The plan requires sequential steps in prose only ({places}); no field says so that a tool could enforce."
    yield from _not_in_prompts(case)
    depends = any(rule.kind is ConstraintKind.DEPENDS for rule in case.plan.constraints)
    if order and len(case.plan.steps) > 1 and not depends:
        yield "No step names the steps it depends on."


def _not_in_prompts(case: Case) -> Iterator[str]:
    """Yield what none of the prompts that launched the steps' agents said."""
    launched = launches(case.transcripts)
    agents = (agent.id for dossier in case.dossiers for agent in dossier.agents)
    prompts = [launched[agent].prompt for agent in agents if agent in launched]
    unsaid = [what for what, words in _INSTRUCTIONS.items() if not any(words.search(prompt) for prompt in prompts)]
    if prompts and unsaid:
        what = " or ".join(filter(None, (", ".join(unsaid[:-1]), unsaid[-1])))
        yield f"None of the {count(len(prompts), 'launch prompt')} told the agent {what}."

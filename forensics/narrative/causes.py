"""Why it happened: one root cause where the evidence singles it out, and the chain from it to each symptom."""

import re
from collections.abc import Callable, Iterator, Sequence

from forensics.casework.agents.concurrency import written_under
from forensics.casework.agents.ties import launches
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Finding, Severity
from forensics.model.plan import ConstraintKind, Strength
from forensics.model.postmortem import CausalLink, RootCause
from forensics.model.prose import count, listing, quote, short, steps_named, upper_first
from forensics.model.steps import step_key

_EFFECTS: dict[str, tuple[str, Confidence, Callable[[Finding], str]]] = {
    "RED001": (
        "the code it was to fail without was already in the tree",
        Confidence.LIKELY,
        lambda one: f"Step {one.steps[0]}'s test passed in RED",
    ),
    "ISO001": (
        "nothing kept their agents apart",
        Confidence.CERTAIN,
        lambda one: f"{upper_first(steps_named(sorted(one.steps, key=step_key)))} raced for {quote(one.files[0])}",
    ),
    "ISO003": (
        "edits of both lay in one folder when it was made",
        Confidence.CERTAIN,
        lambda one: (
            f"Step {one.steps[0]}'s commit {short(one.commits[0])} swept up edits of {steps_named(one.steps[1:])}"
        ),
    ),
    "ISO004": (
        "its branch held commits and edits of others when it was merged",
        Confidence.CERTAIN,
        lambda one: f"Step {one.steps[0]}'s pull request brought work of {steps_named(one.steps[1:])}",
    ),
    "ISO005": (
        "its work had landed under another name before",
        Confidence.CERTAIN,
        lambda one: f"Step {one.steps[0]}'s pull request landed hollow as {short(one.commits[0])}",
    ),
    "ISO006": (
        "a branch that carried foreign commits was cleaned by reverting them",
        Confidence.LIKELY,
        lambda one: f"Step {one.steps[1]} took out step {one.steps[0]}'s {short(one.commits[0])}",
    ),
    "CLM011": (
        "tests of the other steps lay in the same tree and were counted with its own",
        Confidence.LIKELY,
        lambda one: f"Step {one.steps[0]} reported more tests than there can be",
    ),
    "CLM001": (
        "commits made on a branch that others reset, amend or rebase under them do not survive",
        Confidence.POSSIBLE,
        lambda one: f"Commit {quote(one.commits[0])} of {steps_named(one.steps)} never landed",
    ),
    "REP001": (
        "the run was halted before its agent could write one",
        Confidence.POSSIBLE,
        lambda one: f"{upper_first(steps_named(one.steps))} left no report",
    ),
}
_SPOILT = ("ISO003", "ISO004", "ISO005", "ISO006")


def root_cause(case: Case, findings: Sequence[Finding]) -> RootCause | None:
    """Return why it happened; None where nothing serious happened, `known` False where the evidence is silent."""
    serious = [one for one in findings if one.severity.rank >= Severity.HIGH.rank]
    if not serious:
        return None
    together = [one for one in serious if one.code == "ORD004"]
    if together:
        return _launched_together(case, together, findings)
    overlap = next((one for one in serious if one.code == "ORD001"), None)
    if overlap:
        steps = tuple(dict.fromkeys(step for one in serious if one.code == "ORD001" for step in one.steps))
        return RootCause(
            True,
            f"{upper_first(steps_named(steps))} shared one work tree and ran at once or out of order, while the plan has "
            f"them one after another.",
            overlap.confidence,
            (overlap.at, *overlap.related),
            tuple(_chain(case, overlap, steps, findings)),
            tuple(_factors(case)),
        )
    checkouts = [one for one in serious if one.code == "ISO002"]
    if checkouts:
        return _one_checkout(case, checkouts, findings)
    misplaced = next((one for one in serious if one.code == "CLM008"), None)
    if misplaced and all(one.code == "CLM008" for one in serious):
        return RootCause(
            True,
            f"Step {misplaced.steps[0]}'s commit was made before its files were added, and the next commit that "
            f"took everything in was step {misplaced.steps[1]}'s.",
            Confidence.LIKELY,
            (misplaced.at, *misplaced.related),
            factors=tuple(_factors(case)),
        )
    return RootCause(
        False,
        "The evidence does not single out a cause: the findings below stand side by side.",
        None,
        factors=tuple(_factors(case)),
    )


def _launched_together(case: Case, together: Sequence[Finding], findings: Sequence[Finding]) -> RootCause:
    """The transcripts show it: agents for ordered steps were launched at once, into one tree or several."""
    steps = tuple(sorted({step for one in together for step in one.steps}, key=step_key))
    trees = {agent.cwd for step in steps if (dossier := case.dossier(step)) for agent in dossier.agents}
    where = " into one work tree" if len(trees) == 1 else ""
    how = "launched together" if together[0].confidence is Confidence.CERTAIN else "at work at the same time"
    statement = f"{upper_first(steps_named(steps))} were {how}{where}, while the plan has them one after another."
    cause = together[0]
    evidence = tuple(dict.fromkeys(ref for one in together for ref in (one.at, *one.related)))
    return RootCause(
        True, statement, cause.confidence, evidence, tuple(_chain(case, cause, steps, findings)), tuple(_factors(case))
    )


def _one_checkout(case: Case, checkouts: Sequence[Finding], findings: Sequence[Finding]) -> RootCause:
    """Git shows it: commits were made on whatever branch another agent had checked out."""
    steps = tuple(sorted({step for one in checkouts for step in one.steps}, key=step_key))
    cause = max(checkouts, key=lambda one: one.confidence.rank)
    involved = {
        *steps,
        *(step for one in findings if one.code in _SPOILT for step in one.steps if set(one.steps) & set(steps)),
    }
    return RootCause(
        True,
        f"{upper_first(steps_named(steps))} were worked on in one checkout, so commits landed on each other's branches.",
        cause.confidence,
        tuple(dict.fromkeys(ref for one in checkouts for ref in (one.at, *one.related))),
        tuple(_chain(case, cause, tuple(involved), [one for one in findings if one.code in _SPOILT])),
        tuple(_factors(case)),
    )


_ORDERS = {
    "order": re.compile(
        r"\bsequential|\bin order\b|\bone (?:step )?(?:after|at)|\bwait for|\bafter (?:step|cycle)", re.IGNORECASE
    ),
    "a work tree of its own": re.compile(r"\bwork ?trees?\b|\bown (?:branch|checkout|folder)|\bisolat", re.IGNORECASE),
    "when to stop": re.compile(r"\bstop\b|\bescalat|\babort\b|\bhalt\b", re.IGNORECASE),
}


def _orders_given(case: Case) -> Iterator[str]:
    """Yield what the prompts that launched the agents said of order, isolation and stopping."""
    tied = [agent for dossier in case.dossiers for agent in dossier.agents]
    launched = launches(case.transcripts)
    prompts = [launched[agent.id].prompt for agent in tied if agent.id in launched]
    silent = [name for name, words in _ORDERS.items() if not any(words.search(prompt) for prompt in prompts)]
    if prompts and silent:
        yield f"None of the {count(len(prompts), 'prompt')} that launched an agent speaks of {listing(silent)}."


def _chain(case: Case, cause: Finding, steps: Sequence[str], findings: Sequence[Finding]) -> Iterator[CausalLink]:
    for one in sorted(
        findings, key=lambda one: (list(_EFFECTS).index(one.code) if one.code in _EFFECTS else 0, one.steps)
    ):
        if one.code in _EFFECTS and set(one.steps) <= set(steps) and one is not cause and one.steps:
            because, confidence, effect = _EFFECTS[one.code]
            under = written_under(case, one.steps[0]) if one.code == "RED001" else ()
            if under:
                paths = listing(dict.fromkeys(quote(race.path) for race in under), limit=3)
                who = steps_named(tuple(race.writer_step for race in under))
                because = f"before it ran, {paths} had been written into its tree by {who}"
            seen = [ref for race in under for ref in (race.write.ref, race.access.ref)]
            yield CausalLink(effect(one), because, confidence, tuple(dict.fromkeys([one.at, *seen])))


def _factors(case: Case) -> Iterator[str]:
    """Yield what made it easier to go wrong, as far as the plan shows."""
    order = [
        rule
        for rule in case.plan.constraints
        if rule.kind in {ConstraintKind.SEQUENTIAL, ConstraintKind.SEQUENTIAL_IN_PHASE}
    ]
    if order and all(rule.strength is Strength.PROSE for rule in order):
        places = listing(dict.fromkeys(quote(str(rule.ref)) for rule in order), limit=3)
        yield f"The plan asks for one step after another in prose only ({places}); no field says so that a tool could enforce."
    yield from _orders_given(case)
    depending = {rule.steps[0] for rule in case.plan.constraints if rule.kind is ConstraintKind.DEPENDS}
    if order and len(case.plan.steps) > 1 and not depending:
        yield "No step names the steps it depends on."

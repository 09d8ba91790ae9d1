"""What a plan's constraints say about two of its steps."""

from forensics.model.plan import Constraint, ConstraintKind, Plan, Strength
from forensics.model.steps import phase_of, same_step

# What a machine reads (a field) outweighs a marked rule, and that outweighs a sentence: the plainer word is cited.
_RANK = {Strength.FIELD: 2, Strength.MARKED: 1, Strength.PROSE: 0}


def must_precede(plan: Plan, first: str, then: str) -> Constraint | None:
    """Return the rule by which `first` has to be finished before `then` starts, None where the plan has none.

    A permission to run in parallel that covers both steps, or the whole plan, outweighs a general rule; a stated
    dependency outweighs the permission.
    """
    if not plan.constraints:  # as in every run without a plan, whose agents may be thousands
        return None
    early, late = plan.position(first), plan.position(then)
    if early is None or late is None or early >= late:
        return None
    depends = [
        rule
        for rule in plan.constraints
        if rule.kind is ConstraintKind.DEPENDS
        and same_step(rule.steps[0], then)
        and any(same_step(first, step) for step in rule.steps[1:])
    ]
    if depends:
        return max(depends, key=_strength)
    if any(rule.kind is ConstraintKind.PARALLEL and _allows(rule, first, then) for rule in plan.constraints):
        return None
    general = [rule for rule in plan.constraints if _orders(rule, plan, first, then)]
    return max(general, key=_strength, default=None)


def _strength(rule: Constraint) -> tuple[int, bool]:
    return _RANK[rule.strength], rule.kind is ConstraintKind.SEQUENTIAL


def _allows(rule: Constraint, first: str, then: str) -> bool:
    alone = len(rule.steps) == 1  # "step 1.3 may run in parallel" allows it beside any other
    return _covers(rule, first, then) or (alone and any(same_step(step, rule.steps[0]) for step in (first, then)))


def _covers(rule: Constraint, *steps: str) -> bool:
    return not rule.steps or all(any(same_step(step, named) for named in rule.steps) for step in steps)


def _orders(rule: Constraint, plan: Plan, first: str, then: str) -> bool:
    if rule.kind is ConstraintKind.SEQUENTIAL:
        return _covers(rule, first, then)
    if rule.kind is ConstraintKind.SEQUENTIAL_IN_PHASE:
        phases = {spec.id: spec.phase or phase_of(spec.id) for spec in plan.steps}
        return phases[first] == phases[then]
    return False

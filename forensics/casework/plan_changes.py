"""What a run took out of its own plan: steps, order, expected failures, test commands and files."""

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.casework.attribution.titles import similar
from forensics.model.case import PlanEdit
from forensics.model.plan import Plan, StepSpec
from forensics.model.prose import listing, quote
from forensics.model.source import Ref


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One rule that a plan no longer states as it did: `step` None for the whole plan; `demand` if it was of RED."""

    step: str | None
    what: str
    ref: Ref
    demand: bool = False


def plan_changes(edit: PlanEdit) -> Iterator[PlanChange]:
    """Yield what was taken out or changed; what was added, ticked or reworded binds nobody less."""
    after = {spec.id: spec for spec in edit.after.steps}
    # A new plan in the same folder uses the old numbers for other work: its steps have other titles.
    alike = [spec.id for spec in edit.before.steps if spec.id in after and similar(spec.title, after[spec.id].title)]
    if 2 * len(alike) < len(edit.before.steps):
        return
    for spec in edit.before.steps:
        if spec.id in alike:
            yield from _of_step(spec, after[spec.id])
        elif spec.id not in after:
            yield PlanChange(spec.id, "was removed", spec.ref)
    yield from _of_order(edit.before, edit.after)


def _of_step(before: StepSpec, after: StepSpec) -> Iterator[PlanChange]:
    old, new = before.red, after.red
    if old and not old.exempt:
        if new is None or new.exempt:
            yield PlanChange(before.id, "no longer has to fail first", old.ref, demand=True)
        elif old.exceptions and set(old.exceptions) != set(new.exceptions):
            expected = listing(map(quote, new.exceptions)) or "no particular failure"
            yield PlanChange(
                before.id,
                f"was to fail with {listing(map(quote, old.exceptions))}, and now with {expected}",
                old.ref,
            )
        if new and old.command and old.command != new.command:
            yield PlanChange(before.id, f"was to be tested by {quote(old.command, 60)}", old.ref)
    if gone := [path for path in before.files if path not in after.files]:
        yield PlanChange(before.id, f"was to change {listing(map(quote, gone), limit=3)}", before.ref)


def _of_order(before: Plan, after: Plan) -> Iterator[PlanChange]:
    common = {spec.id for spec in before.steps} & {spec.id for spec in after.steps}
    orders = [[spec.id for spec in plan.steps if spec.id in common] for plan in (before, after)]
    if orders[0] != orders[1]:
        moved = next(old for old, new in zip(*orders, strict=True) if old != new)
        ref = next(spec.ref for spec in before.steps if spec.id == moved)
        yield PlanChange(moved, "has another place in the order", ref)
    kept = {(rule.kind, rule.steps) for rule in after.constraints}
    for rule in before.constraints:
        if (rule.kind, rule.steps) not in kept and set(rule.steps) <= common:
            yield PlanChange(next(iter(rule.steps), None), f"the rule {quote(rule.text, 60)} is gone", rule.ref)

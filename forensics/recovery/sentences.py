"""A recovery plan in sentences: what can be kept, what is recovered, what is not, and where to resume."""

from collections.abc import Iterator, Mapping, Sequence

from forensics.model.case import Case
from forensics.model.history import History
from forensics.model.prose import count, listing, quote, short, steps_named, upper_first
from forensics.model.recovery import Pick, Recovery, steps_of
from forensics.narrative.standing import Standing
from forensics.recovery.landings import never_merged


def sentences(
    case: Case, plan: Recovery, standing: Mapping[str, Standing], later: Sequence[str], today: History
) -> Iterator[str]:
    """Yield the plan's sentences; `later` are the steps after the one to resume at that are done or recovered."""
    if plan.sound and (plan.resume_at or plan.picks):
        yield f"{upper_first(steps_named(plan.sound))} can be kept."
    if picks := plan.recovered:
        recover = "recovers" if len(picks) == 1 else "recover"
        yield f"{count(len(picks), 'commit')} {recover} {steps_named(steps_of(picks))} ({_proof_of(case, plan)})."
    yield from _failed(plan.failed)
    yield from _forward(plan, today)
    back = {*steps_of(plan.picks), *(step for step, verdict in standing.items() if verdict is Standing.UNPROVEN)}
    yield from _misplaced(case, plan, standing)
    if unmerged := never_merged(case.pulls, back):
        yield unmerged
    yield _resume(case, plan, standing, later)


def _proof_of(case: Case, plan: Recovery) -> str:
    if plan.failure:
        return f"this could not be tried: {plan.failure}"
    if all(pick.outcome for pick in plan.picks):
        return "tried in a temporary work tree"
    which = "it" if len(plan.picks) == 1 else "them"
    if case.run.path == ".":
        return f"not tried; `forensics recover` with the same options tries {which}"
    return f"not tried; `forensics recover {case.run.path.replace('`', '')}` tries {which}"


def _failed(picks: Sequence[Pick]) -> Iterator[str]:
    if not picks:
        return
    where = f" in {listing(map(quote, picks[0].files), limit=3)}" if picks[0].files else ""
    of = f" of {steps_named(steps)}" if (steps := steps_of(picks)) else ""
    if len(picks) == 1:
        yield f"{short(picks[0].commit)}{of} does not apply{where}, and is left out."
    else:
        first = f"{short(picks[0].commit)} is the first, {'with a conflict' + where if where else 'which git refuses'}"
        yield f"{count(len(picks), 'commit')}{of} do not apply and are left out; {first}."


def _misplaced(case: Case, plan: Recovery, standing: Mapping[str, Standing]) -> Iterator[str]:
    """Yield, for each misplaced step, which commit on the branch has its work: nothing is picked for it, and why."""
    back = steps_of(plan.picks)
    for step in (step for step, verdict in standing.items() if verdict is Standing.MISPLACED and step not in back):
        holders = [work.commit for work in plan.foreign if work.owner == step and work.commit in case.history.on_branch]
        if holders:
            named = listing(dict.fromkeys(map(short, holders)))
            yield f"Step {step}'s work is on the branch, in {named} of another step: keep {'it' if len(set(holders)) == 1 else 'them'}."
        else:
            yield f"Where step {step}'s work is was not found: compare its finding with the branch before you redo it."


def _forward(plan: Recovery, today: History) -> Iterator[str]:
    """Yield a sentence if one ref has all picks on top of the branch as it is: then merging is enough."""
    sources = {pick.source for pick in plan.picks}
    source = sources.pop() if len(sources) == 1 else None
    if source is None or source not in today.refs:
        return
    reached = today.ancestors([today.refs[source]])
    ahead = len(reached - today.on_branch)
    if ahead and reached.issuperset((plan.onto, *(pick.commit for pick in plan.picks))):
        yield (
            f"All picks are on {quote(source)}, {count(ahead, 'commit')} ahead of this branch: "
            "merging it brings in every commit there, picked or not."
        )


def _resume(case: Case, plan: Recovery, standing: Mapping[str, Standing], later: Sequence[str]) -> str:
    if plan.resume_at is None:
        return _nothing_open(case, plan, standing)
    where = "on top of the branch as it is"
    others = f"although {count(len(later), 'later step')} landed" if later else ""
    if standing[plan.resume_at] is Standing.NO_TRACE:
        also = f", {others}" if others else ""
        return f"No trace of step {plan.resume_at} was found{also}: if no commit below holds its work, resume there, {where}."
    if any(kept.step == plan.resume_at for kept in plan.stays) and not plan.recovered:
        also = f", and {count(len(later), 'later step')} landed" if later else ""
        return f"Step {plan.resume_at} landed but is in doubt{also}: check it first, and correct it {where}."
    if later and not plan.recovered:
        return f"Step {plan.resume_at} did not land, {others.removesuffix(' landed')} did: do it {where}."
    if later:
        there = "is done or recovered" if len(later) == 1 else "are done or recovered"
        return f"Step {plan.resume_at} is still open, although {steps_named(later)} {there}: do it on top of them."
    if plan.recovered:
        return f"Then resume at step {plan.resume_at}, on top of the recovered work."
    return f"Resume at step {plan.resume_at}{f', from {short(plan.base)}' if plan.base else ''}."


def _nothing_open(case: Case, plan: Recovery, standing: Mapping[str, Standing]) -> str:
    back = steps_of(plan.picks)
    unproven = [step for step, verdict in standing.items() if verdict is Standing.UNPROVEN and step not in back]
    if unproven:
        return f"No step is known to be open, but {steps_named(unproven)} could not be verified: check {'it' if len(unproven) == 1 else 'these'} first."
    if not any(dossier.spec for dossier in case.dossiers):
        return "The plan names no steps, so there is no step to resume at."
    if plan.picks:
        return "No other step is open."
    return "Every step of the plan has landed; there is nothing to resume."

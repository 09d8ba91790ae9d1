"""A recovery plan in sentences: what can be kept, what comes back, what does not, and where to resume."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from forensics.model.case import Case
from forensics.model.history import History
from forensics.model.prose import count, listing, quote, short, steps_named, upper_first
from forensics.model.recovery import Outcome, Pick, Recovery
from forensics.narrative.standing import Standing


def sentences(
    case: Case, plan: Recovery, standing: Mapping[str, Standing], later: Sequence[str], today: History
) -> Iterator[str]:
    """Yield the plan's sentences; `later` are the steps after the one to resume at that are there, or come back."""
    brought = [one for one in plan.picks if one.outcome in {None, Outcome.APPLIED}]
    if plan.sound and (plan.resume_at or plan.picks):
        yield f"{upper_first(steps_named(plan.sound))} can be kept."
    if brought:
        back = "brings" if len(brought) == 1 else "bring"
        yield f"{count(len(brought), 'commit')} {back} back {steps_named(_steps(brought))} ({_proof_of(case, plan)})."
    yield from _failed(plan.failed)
    yield from _forward(plan, today)
    yield _resume(case, plan, standing, later)


def _steps(picks: Iterable[Pick]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for one in picks for step in one.steps))


def _proof_of(case: Case, plan: Recovery) -> str:
    if plan.failure:
        return f"this could not be tried: {plan.failure}"
    if all(one.outcome for one in plan.picks):
        return "tried in a temporary work tree"
    if case.run.path == ".":
        return "not tried; `forensics recover`, called with the same options, tries it"
    return f"not tried; `forensics recover {case.run.path.replace('`', '')}` tries it"


def _failed(picks: Sequence[Pick]) -> Iterator[str]:
    if not picks:
        return
    where = f" in {listing(map(quote, picks[0].files), limit=3)}" if picks[0].files else ""
    of = f" of {steps_named(_steps(picks))}" if _steps(picks) else ""
    if len(picks) == 1:
        yield f"{short(picks[0].commit)}{of} does not apply{where}, and is left out."
    else:
        first = f"{short(picks[0].commit)} is the first, {'with a conflict' + where if where else 'which git refuses'}"
        yield f"{count(len(picks), 'commit')}{of} do not apply and are left out; {first}."


def _forward(plan: Recovery, today: History) -> Iterator[str]:
    """Say so if one ref has all picks on top of the branch as it is: then nothing needs to be picked."""
    sources = {one.source for one in plan.picks}
    ref = next(iter(sources)) if len(sources) == 1 else None
    if ref is None or ref not in today.refs:
        return
    reached = today.ancestors([today.refs[ref]])
    if plan.onto in reached and reached - today.on_branch and all(one.commit in reached for one in plan.picks):
        ahead = len(reached - today.on_branch)
        yield (
            f"Everything to be picked lies on {quote(ref)}, {count(ahead, 'commit')} ahead of this branch: "
            "merging it brings everything that is there, picked or not."
        )


def _resume(case: Case, plan: Recovery, standing: Mapping[str, Standing], later: Sequence[str]) -> str:
    if plan.resume_at is None:
        return _nothing_open(case, plan, standing)
    brought = any(one.outcome in {None, Outcome.APPLIED} for one in plan.picks)
    if later and not brought:
        return (
            f"Step {plan.resume_at} did not land, as far as can be seen, although {count(len(later), 'later step')} did: do it "
            f"on top of the branch as it is."
        )
    if later:
        there = "is there, or comes back" if len(later) == 1 else "are there, or come back"
        return f"Step {plan.resume_at} is still open, although {steps_named(later)} {there}: do it on top of all this."
    if brought:
        return f"Then resume at step {plan.resume_at}, on top of all this."
    return f"Resume at step {plan.resume_at}{f', from {short(plan.base)}' if plan.base else ''}."


def _nothing_open(case: Case, plan: Recovery, standing: Mapping[str, Standing]) -> str:
    back = {step for one in plan.picks for step in one.steps}
    unproven = [step for step, one in standing.items() if one is Standing.UNPROVEN and step not in back]
    if unproven:
        return f"No step is known to be open, but {steps_named(unproven)} could not be proven: look at these first."
    if not any(dossier.spec for dossier in case.dossiers):
        return "The plan names no steps here, so nothing can be said of where to resume."
    if plan.picks:
        return "No other step is open."
    return "Every step of the plan has landed; there is nothing to resume."

"""The exact commands of a recovery: look for missing commits, save unreachable ones, pick, resume, prove."""

import re
import shlex
from collections.abc import Iterator, Mapping

from forensics.casework.readings import commit_claims, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Verdict
from forensics.model.prose import steps_named
from forensics.model.recovery import Command, Outcome, Recovery
from forensics.narrative.standing import Standing

# The plain call of a known test runner. A plan is foreign text: any other command could do anything when it is pasted.
_RUNS_TESTS = re.compile(
    r"(?:(?:uv|poetry|pdm|hatch) run )?(?:(?:python3?(?:\.\d+)? -m )?(?:pytest|unittest)\b|(?:just|make|npm|yarn|pnpm|go|cargo|mix|bun|tox|nox)"
    r" (?:run )?tests?\b|(?:npx )?(?:vitest|jest)\b)"
)
# No character with which a shell would start another command.
_SAFE = re.compile(r"[\w./:=,\[\]@ -]{1,200}")
_SHA = re.compile(r"[0-9a-f]{4,64}")


def commands(case: Case, plan: Recovery, standing: Mapping[str, Standing]) -> Iterator[Command]:
    """Yield the commands of a plan, in the order in which they are run."""
    yield from _rescues(case, plan)
    yield from _picking(plan)
    if plan.resume_at and plan.base:
        name = re.sub(r"[^0-9A-Za-z.]", "-", plan.resume_at)
        yield Command(
            f"Start step {plan.resume_at} from the last sound commit before it",
            f"git switch -c resume-{name} {plan.base}",
        )
        test = _test_command(case, plan.resume_at)
        if test:
            yield Command(f"See step {plan.resume_at}'s test fail before anything is written for it", test)
    for dossier in case.dossiers:
        if standing[dossier.id] is Standing.VIOLATED:
            yield from _proof(dossier)


def _picking(plan: Recovery) -> Iterator[Command]:
    picks = [pick for pick in plan.picks if pick.outcome in {None, Outcome.APPLIED}]
    if picks:
        yield Command(
            "Start a branch for the recovered work, from the branch as it is",
            f"git switch -c {plan.branch} {plan.onto}",
        )
        steps = tuple(dict.fromkeys(step for pick in picks for step in pick.steps))
        yield Command(
            f"Recover work of {steps_named(steps)}"
            f"{' (not tried yet, so it may conflict)' if any(pick.outcome is None for pick in picks) else ''}",
            f"git cherry-pick -x {' '.join(pick.commit for pick in picks)}",
        )


def _proof(dossier: StepDossier) -> Iterator[Command]:
    """Yield the commands that run a step's test on the commit before its implementation."""
    work = sure_work(dossier)[0].commit
    tests = sorted(path for path in work.paths() if "test" in path.rsplit("/", 1)[-1].lower() and _SAFE.fullmatch(path))
    if not tests or not work.parents:
        return
    place = f"../prove-{re.sub(r'[^0-9A-Za-z.]', '-', dossier.id)}"
    yield Command(
        f"Prove step {dossier.id}: without its implementation, its test must fail",
        f"git worktree add --detach {place} {work.sha}^ && git -C {place} checkout {work.sha} -- {' '.join(map(shlex.quote, tests))}",
    )


def _rescues(case: Case, plan: Recovery) -> Iterator[Command]:
    """Yield the commands that look for missing commits, and that save those git may delete."""
    missing = sorted(value for value in commit_claims(case, Verdict.MISSING) if _SHA.fullmatch(value))
    if missing:
        yield Command(
            "Look for the missing commits in every clone where agents ran",
            f"git reflog --all | grep -E '{'|'.join(missing[:20])}'",
        )
        if not case.history.searched.pull_heads and any(ref.startswith("refs/remotes/") for ref in case.history.refs):
            yield Command(
                "Fetch pull-request heads, which may hold them",
                "git fetch origin '+refs/pull/*/head:refs/pull/*/head'",
            )
    loose = [pick.commit for pick in plan.picks if pick.source is None]
    loose += [one.commit for one in plan.left if one.source is None]
    for sha in dict.fromkeys((*_unreachable(case), *loose)):
        yield Command("Save a commit that no ref reaches", f"git branch rescued-{sha[:7]} {sha}")


def _unreachable(case: Case) -> list[str]:
    """Return the commits of this repository that reports claim and that no ref reaches."""
    found = [claims[0].commit for claims in commit_claims(case, Verdict.UNREACHABLE).values()]
    return [sha for sha in found if sha and case.history.get(sha)]


def _test_command(case: Case, step: str) -> str | None:
    """Return the step's own test command: foreign text, so only the plain call of a known test runner is passed on."""
    dossier = case.dossier(step)
    command = dossier.spec.red.command if dossier and dossier.spec and dossier.spec.red else None
    return command if command and _SAFE.fullmatch(command) and _RUNS_TESTS.match(command) else None

"""The exact commands of a recovery: look for missing commits, save unreachable ones, pick, resume, prove."""

import re
import shlex
from collections.abc import Iterator, Mapping

from forensics.casework.readings import commit_claims, sure_work
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.history import Commit
from forensics.model.prose import steps_named
from forensics.model.recovery import Command, Recovery, steps_of
from forensics.narrative.standing import Standing

# The plain call of a known test runner. A plan is foreign text: any other command could do anything when it is pasted.
_RUNS_TESTS = re.compile(
    r"(?:(?:uv|poetry|pdm|hatch) run )?(?:(?:python3?(?:\.\d+)? -m )?(?:pytest|unittest)\b|(?:just|make|npm|yarn|pnpm|go|cargo|mix|bun|tox|nox)"
    r" (?:run )?tests?\b|(?:npx )?(?:vitest|jest)\b)"
)
# No character with which a shell would start another command. Brackets and `::` are in the names of tests.
# A longer line is not offered: nobody reads it before pasting it.
_SAFE = re.compile(r"[\w./:=,\[\]@ -]{1,200}")
# A claimed hash goes into the pattern of `grep -E`, so it has to be hexadecimal; 4 digits are the fewest that git resolves.
_SHA = re.compile(r"[0-9a-f]{4,64}")
# A step's id becomes part of a branch or folder name, where slashes, spaces and the shell's characters have no place.
_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z.]")
# More hashes than this make a line that nobody reads before pasting it.
_SEARCHED = 20


def commands(case: Case, plan: Recovery, standing: Mapping[str, Standing]) -> Iterator[Command]:
    """Yield the commands of a plan, in the order in which they are run."""
    yield from _rescues(case, plan)
    yield from _picking(plan)
    if plan.resume_at and plan.base:
        yield Command(
            f"Start step {plan.resume_at} from the last sound commit before it",
            f"git switch -c resume-{_in_a_name(plan.resume_at)} {plan.base}",
        )
        if test := _test_command(case, plan.resume_at):
            yield Command(f"See step {plan.resume_at}'s test fail before anything is written for it", test)
    for dossier in case.dossiers:
        if standing[dossier.id] is Standing.VIOLATED and (work := sure_work(dossier)):
            yield from _proof(dossier.id, work[0].commit)


def _picking(plan: Recovery) -> Iterator[Command]:
    if picks := plan.recovered:
        yield Command(
            "Start a branch for the recovered work, from the branch as it is",
            f"git switch -c {plan.branch} {plan.onto}",
        )
        untried = "" if all(pick.outcome for pick in picks) else " (not tried yet, so it may conflict)"
        yield Command(
            f"Recover work of {steps_named(steps_of(picks))}{untried}",
            f"git cherry-pick -x {' '.join(pick.commit for pick in picks)}",
        )


def _proof(step: str, work: Commit) -> Iterator[Command]:
    """Yield the commands that run a step's test on the commit before its implementation."""
    tests = sorted(path for path in work.paths() if "test" in path.rsplit("/", 1)[-1].lower() and _SAFE.fullmatch(path))
    if not tests or not work.parents:
        return
    place = f"../prove-{_in_a_name(step)}"
    yield Command(
        f"Prove step {step}: without its implementation, its test must fail",
        f"git worktree add --detach {place} {work.sha}^ && git -C {place} checkout {work.sha} -- {' '.join(map(shlex.quote, tests))}",
    )


def _rescues(case: Case, plan: Recovery) -> Iterator[Command]:
    """Yield the commands that look for missing commits, and that save those git may delete."""
    missing = sorted(value for value in commit_claims(case, Verdict.MISSING) if _SHA.fullmatch(value))
    if missing:
        yield Command(
            "Look for the missing commits in every clone where agents ran",
            f"git reflog --all | grep -E '{'|'.join(missing[:_SEARCHED])}'",
        )
        if not case.history.searched.pull_heads and any(ref.startswith("refs/remotes/") for ref in case.history.refs):
            yield Command(
                "Fetch pull-request heads, which may hold them",
                "git fetch origin '+refs/pull/*/head:refs/pull/*/head'",
            )
    unreachable = [claims[0].commit for claims in commit_claims(case, Verdict.UNREACHABLE).values()]
    known = [sha for sha in unreachable if sha and case.history.get(sha)]
    places = [(commit.commit, commit.source) for commit in plan.picks]
    places += [(commit.commit, commit.source) for commit in plan.left]
    for sha in dict.fromkeys((*known, *(sha for sha, source in places if source is None))):
        yield Command("Save a commit that no ref reaches", f"git branch rescued-{sha[:7]} {sha}")


def _in_a_name(step: str) -> str:
    return _NOT_IN_A_NAME.sub("-", step)


def _test_command(case: Case, step: str) -> str | None:
    """Return the step's own test command: foreign text, so only the plain call of a known test runner is passed on."""
    dossier = case.dossier(step)
    command = dossier.spec.red.command if dossier and dossier.spec and dossier.spec.red else None
    return command if command and _SAFE.fullmatch(command) and _RUNS_TESTS.match(command) else None

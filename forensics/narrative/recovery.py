"""Where to resume, what is sound, and the exact commands."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from forensics.casework.readings import commit_claims, landed, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Verdict
from forensics.model.postmortem import Command, Recovery
from forensics.model.prose import count, short, steps_named, upper_first
from forensics.narrative.standing import BLOCKED, Standing

_RUNS_TESTS = re.compile(
    r"(?:(?:uv|poetry|pdm|hatch) run )?(?:(?:python3?(?:\.\d+)? -m )?(?:pytest|unittest)\b|(?:just|make|npm|yarn|pnpm|go|cargo|mix|bun|tox|nox)"
    r" (?:run )?tests?\b|(?:npx )?(?:vitest|jest)\b)"
)
_SAFE = re.compile(r"[\w./:=,\[\]@ -]{1,200}")
_SHA = re.compile(r"[0-9a-f]{4,64}")


def recovery(case: Case, standing: Mapping[str, Standing]) -> Recovery:
    """Plan the way on: resume at the first step of the plan that did not land.

    The base is the last commit of the steps before it; where later steps landed too, it is the branch as it is, since
    starting further back would drop their work.
    """
    planned = [dossier for dossier in case.dossiers if dossier.spec]
    sound = tuple(dossier.id for dossier in case.dossiers if standing[dossier.id] is Standing.SOUND)
    resume = next((dossier for dossier in planned if standing[dossier.id] in BLOCKED | {Standing.NOT_STARTED}), None)
    if resume is None:
        unproven = [step for step, one in standing.items() if one is Standing.UNPROVEN]
        return Recovery(
            None, None, sound, tuple(_commands(case, None, None, standing)), _nothing_open(planned, unproven)
        )
    place = planned.index(resume)
    later = [dossier for dossier in planned[place + 1 :] if landed(case, dossier)]
    before = [one.commit.sha for dossier in planned[:place] for one in sure_work(dossier)[-1:]]
    base = None if later or not before else before[-1]
    note = f"{upper_first(steps_named(sound))} can be kept. " if sound else ""
    if later:
        note += (
            f"Step {resume.id} did not land, as far as can be seen, although {count(len(later), 'later step')} did: do it "
            f"on top of the branch as it is."
        )
    else:
        note += f"Resume at step {resume.id}{f', from {short(base)}' if base else ''}."
    return Recovery(resume.id, base, sound, tuple(_commands(case, resume.id, base, standing)), note)


def _nothing_open(planned: Sequence[StepDossier], unproven: Sequence[str]) -> str:
    if unproven:
        return f"No step is known to be open, but {steps_named(unproven)} could not be proven: look at these first."
    if not planned:
        return "The plan names no steps here, so nothing can be said of where to resume."
    return "Every step of the plan has landed; there is nothing to resume."


def _commands(case: Case, resume: str | None, base: str | None, standing: Mapping[str, Standing]) -> Iterator[Command]:
    yield from _rescues(case)
    if resume and base:
        name = re.sub(r"[^0-9A-Za-z.]", "-", resume)
        yield Command(
            f"Start step {resume} from the last commit before it that stands", f"git switch -c resume-{name} {base}"
        )
        test = _test_command(case, resume)
        if test:
            yield Command(f"See step {resume}'s test fail before anything is written for it", test)
    for dossier in case.dossiers:
        if standing[dossier.id] is Standing.VIOLATED:
            yield from _proof(dossier)


def _proof(dossier: StepDossier) -> Iterator[Command]:
    """Yield the commands that run a step's test on the commit before its implementation."""
    work = sure_work(dossier)[0].commit
    tests = sorted(path for path in work.paths() if "test" in path.rsplit("/", 1)[-1].lower() and _SAFE.fullmatch(path))
    if not tests or not work.parents:
        return
    place = f"../prove-{re.sub(r'[^0-9A-Za-z.]', '-', dossier.id)}"
    yield Command(
        f"Prove step {dossier.id}: its test, without its implementation, has to fail",
        f"git worktree add --detach {place} {work.sha}^ && git -C {place} checkout {work.sha} -- {' '.join(map(shlex.quote, tests))}",
    )


def _rescues(case: Case) -> Iterator[Command]:
    """Yield the commands that look for, save or bring over claimed commits."""
    missing = sorted(value for value in commit_claims(case, Verdict.MISSING) if _SHA.fullmatch(value))
    if missing:
        yield Command(
            "Look for the missing commits in every clone where agents ran",
            f"git reflog --all | grep -E '{'|'.join(missing[:20])}'",
        )
        if not case.history.searched.pull_heads:
            yield Command(
                "Fetch pull-request heads, which may hold them",
                "git fetch origin '+refs/pull/*/head:refs/remotes/pull/*'",
            )
    for sha in _shas(case, Verdict.UNREACHABLE):
        yield Command("Save a commit that no ref reaches", f"git branch rescued-{sha[:7]} {sha}")
    for sha in _shas(case, Verdict.ELSEWHERE):
        yield Command("Bring over a commit that only another branch has", f"git cherry-pick -x {sha}")


def _shas(case: Case, verdict: Verdict) -> list[str]:
    """Return the commits of this repository that claims with a verdict name."""
    found = [claims[0].commit for claims in commit_claims(case, verdict).values()]
    return list(dict.fromkeys(sha for sha in found if sha and case.history.get(sha)))


def _test_command(case: Case, step: str) -> str | None:
    """Return the step's own test command: foreign text, so only the plain call of a known test runner is passed on."""
    dossier = case.dossier(step)
    command = dossier.spec.red.command if dossier and dossier.spec and dossier.spec.red else None
    return command if command and _SAFE.fullmatch(command) and _RUNS_TESTS.match(command) else None

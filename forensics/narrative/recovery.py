"""Where to resume, what is sound, and the exact commands."""

import re
from collections.abc import Iterator, Mapping, Sequence

from forensics.casework.readings import commit_claims, sure_work
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Finding
from forensics.model.postmortem import Command, Recovery
from forensics.model.prose import short, steps_named
from forensics.narrative.standing import BLOCKED, Standing

_SAFE = re.compile(r"[\w./:=,\[\]@ -]{1,200}")
_SHA = re.compile(r"[0-9a-f]{4,64}")


def recovery(case: Case, standing: Mapping[str, Standing], findings: Sequence[Finding]) -> Recovery:
    """Plan the way on: resume at the first step of the plan that did not land, from the last sound commit before it."""
    planned = [dossier for dossier in case.dossiers if dossier.spec]
    sound = tuple(dossier.id for dossier in case.dossiers if standing[dossier.id] is Standing.SOUND)
    begun = any(standing[dossier.id] is not Standing.NOT_STARTED for dossier in planned)
    resume = (
        next(
            (
                dossier
                for dossier in planned
                if standing[dossier.id] in BLOCKED | {Standing.NOT_STARTED, Standing.UNPROVEN}
                and not sure_work(case, dossier)
            ),
            None,
        )
        if begun
        else (planned[0] if planned else None)
    )
    base = None
    if resume is not None:
        for dossier in planned[: planned.index(resume)]:
            work = sure_work(case, dossier)
            base = work[-1].commit.sha if work else base
    commands = tuple(_commands(case, resume.id if resume else None, base, standing))
    return Recovery(
        resume.id if resume else None,
        base,
        sound,
        commands,
        _note(resume.id if resume else None, base, sound),
    )


def _note(resume: str | None, base: str | None, sound: Sequence[str]) -> str:
    if resume is None:
        return "Every step of the plan has landed; there is nothing to resume."
    kept = f"{steps_named(sound).capitalize()} can be kept. " if sound else ""
    start = f", from {short(base)}" if base else ""
    return f"{kept}Resume at step {resume}{start}."


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
        work = sure_work(case, dossier)
        if standing[dossier.id] is Standing.VIOLATED and work and case.history.get(work[0].commit.sha):
            name = re.sub(r"[^0-9A-Za-z.]", "-", dossier.id)
            yield Command(
                f"Prove step {dossier.id}: run its test without its implementation",
                f"git worktree add ../prove-{name} {work[0].commit.sha}^",
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
    """Return the step's own test command, if it is nothing but a plain command line: it is foreign text."""
    dossier = case.dossier(step)
    command = dossier.spec.red.command if dossier and dossier.spec and dossier.spec.red else None
    return command if command and _SAFE.fullmatch(command) else None

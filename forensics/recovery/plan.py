"""The plan to get sound work back: what stays, what is picked onto what, what is lost, and where to resume."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from forensics.casework.readings import landed, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Fate, Finding, MisplacedWork
from forensics.model.history import History, reachable
from forensics.model.prose import listing, quote, short
from forensics.model.recovery import Kept, LeftOut, Outcome, Pick, Recovery, Trial, steps_of
from forensics.narrative.standing import BLOCKED, TRACELESS, Standing
from forensics.recovery.commands import commands
from forensics.recovery.losses import losses
from forensics.recovery.off_branch_commits import off_branch
from forensics.recovery.picks import choose
from forensics.recovery.sentences import sentences

_FAILED = frozenset({Outcome.CONFLICT, Outcome.REFUSED})
_NEEDED = 3  # the last commits before a conflict are the ones it most likely rests on


def recovery(
    case: Case,
    findings: tuple[Finding, ...],
    standing: Mapping[str, Standing],
    today: History | None = None,
    trial: Trial | None = None,
) -> Recovery:
    """Plan the recovery: pick what is off the branch, and resume at the first step of the plan that is still open.

    `today` is the current history, where the case was read from a revision or more objects were looked up; `trial` is
    what applying the picks has shown. The base to resume from is the last commit of the steps before. Where later steps
    landed too, or picks come first, it is the branch as it is, because starting further back would drop their work.
    """
    today = today or case.history
    picks, left = choose(case, findings, today)
    tried = _tried(picks, trial, today) if trial else picks
    resume, base, later = _place(case, standing, tried)
    plan = Recovery(
        resume_at=resume,
        base=base,
        sound=tuple(dossier.id for dossier in case.dossiers if standing[dossier.id] is Standing.SOUND),
        commands=(),
        note="",
        onto=today.head,
        branch=f"recover-{_name(case.run.name)}",
        stays=tuple(_stays(case, standing)),
        picks=tried,
        foreign=_foreign(findings, today, left),
        left=left,
        lost=losses(case, findings),
        tree=trial.tree if trial else None,
        test=trial.test if trial else None,
        failure=trial.failure if trial else "",
    )
    plan = replace(plan, note=" ".join(sentences(case, plan, standing, later, today)))
    return replace(plan, commands=tuple(commands(case, plan, standing)))


def _place(
    case: Case, standing: Mapping[str, Standing], picks: Sequence[Pick]
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Return the step to resume at, the commit to resume from, and the later steps that are already done."""
    planned = [dossier for dossier in case.dossiers if dossier.spec]
    failed = set(steps_of(pick for pick in picks if pick.outcome in _FAILED))
    back = set(steps_of(picks)) - failed

    def is_open(dossier: StepDossier) -> bool:
        lost = dossier.id in failed and not landed(case, dossier)
        return dossier.id not in back and (lost or standing[dossier.id] in BLOCKED | TRACELESS)

    resume = next(filter(is_open, planned), None)
    if resume is None:
        return None, None, ()
    place = planned.index(resume)
    later = tuple(dossier.id for dossier in planned[place + 1 :] if landed(case, dossier) or dossier.id in back)
    before = [attributed.commit.sha for dossier in planned[:place] for attributed in sure_work(dossier)[-1:]]
    # Where a step left no trace, commits after the last sure one may be its work: the branch as it is has them.
    keep = later or back or not before or standing[resume.id] is Standing.NO_TRACE
    return resume.id, None if keep else before[-1], later


def _stays(case: Case, standing: Mapping[str, Standing]) -> Iterator[Kept]:
    """Yield the steps whose work is on the branch and stays there, whatever their verdict; a squash stands for its parts."""
    for dossier in case.dossiers:
        own = [found.commit.sha for found in sure_work(dossier) if found.commit.sha in case.history.on_branch]
        parts = [case.squashed.get(found.commit.sha) for found in dossier.elsewhere] if not own else []
        if work := tuple(dict.fromkeys(sha for sha in (*own, *parts) if sha)):
            yield Kept(dossier.id, str(standing[dossier.id]), work)


def _foreign(findings: Sequence[Finding], history: History, left: Sequence[LeftOut]) -> tuple[MisplacedWork, ...]:
    """Return the work that stays in other steps' commits, once each; removed work and work that the branch lacks does not."""
    lacking = {(out.commit, step) for out in left for step in out.steps}
    stays = (foreign for finding in findings if finding.rule.fate is not Fate.DESTROYED for foreign in finding.foreign)
    return tuple(
        dict.fromkeys(
            work
            for work in stays
            if work.commit in history.commits and work.commit != work.home and (work.commit, work.owner) not in lacking
        )
    )


def _tried(picks: Sequence[Pick], trial: Trial, history: History) -> tuple[Pick, ...]:
    """Return the picks with what became of them; a failed one with the commits before it that it may rest on."""
    result = []
    for pick in picks:
        found = trial.tried.get(pick.commit)
        if found is None:
            result.append(pick)
            continue
        note = _needs(pick, found.files, picks, history) if found.outcome is Outcome.CONFLICT else ""
        if found.said:
            note = f"git says {quote(found.said)}"
        result.append(replace(pick, outcome=found.outcome, files=found.files, note=note))
    return tuple(result)


def _needs(pick: Pick, files: Sequence[str], picks: Sequence[Pick], history: History) -> str:
    """Name the commits off the branch, before a failed pick, that change the files in which it conflicts."""
    off = off_branch(history)
    others = reachable(off, [pick.commit]) - {pick.commit for pick in picks}
    found = sorted(
        (off[sha] for sha in others if off[sha].paths() & set(files)),
        key=lambda commit: (commit.commit_time, commit.sha),
    )
    if not found:
        return ""
    named = listing((f"{short(taken.sha)} {quote(taken.subject, 60)}" for taken in found[-_NEEDED:]), limit=_NEEDED)
    change, are = ("changes", "is") if len(found) == 1 else ("change", "are")
    return f"{named}, earlier on that branch, {change} the same files and {are} not picked"


def _name(plan: str) -> str:
    """Return a plan's name as part of a valid branch name: letters, digits, dots and dashes."""
    # git refuses `..`, a dot or dash at either end, and `.lock` at the end.
    # 60 characters keep a long folder name from making a branch name that no terminal shows in one line.
    plain = re.sub(r"\.{2,}", ".", re.sub(r"[^0-9A-Za-z._]+", "-", plan)).strip("-.")[:60].rstrip("-.")
    return re.sub(r"\.lock$", "-lock", plain) or "run"

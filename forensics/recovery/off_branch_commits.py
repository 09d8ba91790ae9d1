"""Commits of a step that are not on the branch: other refs have them, or none has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from forensics.casework.agents.ties import in_its_tree
from forensics.casework.attribution.steps import attribute, expectations, window
from forensics.casework.files import holds_work
from forensics.model.case import Attribution, Case, RunKind, StepDossier
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import quote
from forensics.model.report import Role, StepReport
from forensics.model.transcript import CommitMade


@dataclass(frozen=True, slots=True)
class OffBranchCommit:
    """A step's commit off the branch, and why it is that step's; `claimed` if a report names it."""

    commit: Commit
    steps: tuple[str, ...]
    reason: str
    claimed: bool = False


def off_branch_commits(case: Case, history: History) -> tuple[OffBranchCommit, ...]:
    """Return the commits off the branch of `history`, oldest first: claimed in reports, made by agents, or named by their subjects.

    Commits that hold only the run's documents are left out.
    """
    found: dict[str, OffBranchCommit] = {}
    expected = expectations(case.plan, _reports(case))
    for step, commit, reason, claimed in (
        *_claimed(case),
        *_made(case, history),
        *_aside(case),
        *_named(case, history),
    ):
        files = expected[step].files if step in expected else frozenset()
        if commit.sha in history.on_branch or not holds_work(commit, files, case.run.path):
            continue
        known = found.get(commit.sha)
        if known is None:
            found[commit.sha] = OffBranchCommit(commit, (step,), reason, claimed)
        elif step not in known.steps and claimed == known.claimed:
            found[commit.sha] = replace(known, steps=(*known.steps, step))
    return tuple(sorted(found.values(), key=lambda stray: (stray.commit.commit_time, stray.commit.sha)))


def work_on_branch(case: Case, history: History) -> dict[str, tuple[Commit, ...]]:
    """Return each step's surely or likely known work on the branch of `history`, which may have grown since the case."""
    found: dict[str, dict[str, Commit]] = {}
    later = {} if history.head == case.history.head else _attributed(case, history)
    for step, commits in (*((dossier.id, dossier.commits) for dossier in case.dossiers), *later.items()):
        for attributed in commits:
            if (
                attributed.work
                and attributed.confidence is not Confidence.POSSIBLE
                and attributed.commit.sha in history.on_branch
            ):
                found.setdefault(step, {})[attributed.commit.sha] = attributed.commit
    return {
        step: tuple(sorted(commits.values(), key=lambda commit: (commit.commit_time, commit.sha)))
        for step, commits in found.items()
    }


def off_branch(history: History) -> dict[str, Commit]:
    """Return the commits that are not on the branch, by their full ids."""
    return {sha: commit for sha, commit in history.commits.items() if sha not in history.on_branch}


def made_commits(dossier: StepDossier) -> Iterator[CommitMade]:
    """Yield the commits that the step's agents made in their own work trees, as their transcripts show."""
    for agent in dossier.agents:
        for event in agent.events:
            if isinstance(event, CommitMade) and in_its_tree(event, agent):
                yield event


_Found = tuple[str, Commit, str, bool]


def _claimed(case: Case) -> Iterator[_Found]:
    for dossier in case.dossiers:
        for judged in (*dossier.commit_claims(), *dossier.cited_by):
            commit = case.history.get(judged.commit)
            if commit is None or judged.verdict not in {Verdict.ELSEWHERE, Verdict.UNREACHABLE}:
                continue
            if judged.claim.superseded or judged.claim.role is Role.BASE:
                continue
            if judged.claim.role is Role.OWN:
                yield dossier.id, commit, "the step's report names it", True
            elif judged in dossier.cited_by:
                yield dossier.id, commit, f"the report of step {judged.claim.step} names it", True
        yield from _attributions(dossier.id, dossier.commits)


def _made(case: Case, history: History) -> Iterator[_Found]:
    digits = {sha[:7]: commit for sha, commit in off_branch(history).items()}  # git prints at least 7 digits
    for dossier in case.dossiers:
        for event in made_commits(dossier):
            commit = digits.get(event.sha[:7])
            if commit and commit.sha.startswith(event.sha):
                yield dossier.id, commit, f"the step's agent made it ({quote(str(event.ref))})", False


def _aside(case: Case) -> Iterator[_Found]:
    for dossier in case.dossiers:
        yield from _attributions(dossier.id, dossier.elsewhere)


def _named(case: Case, history: History) -> Iterator[_Found]:
    """Yield the commits off the branch whose subjects name a step, as surely as those on it have to."""
    off = frozenset(off_branch(history))
    for step, commits in _attributed(case, replace(history, on_branch=off)).items():
        yield from _attributions(step, (attributed for attributed in commits if attributed.commit.sha in off))


def _attributions(step: str, commits: Iterable[Attribution]) -> Iterator[_Found]:
    for attributed in commits:
        if attributed.confidence is not Confidence.POSSIBLE:
            yield step, attributed.commit, attributed.reason, False


def _attributed(case: Case, history: History) -> dict[str, tuple[Attribution, ...]]:
    """Attribute the commits on the branch of another history, in the case's own window; sessions' are known already.

    No subject names a session: its title is the words of a prompt.
    """
    if case.run.kind is RunKind.SESSIONS:
        return {}
    start, end = window(case.run, case.history)
    return attribute(case.plan, _reports(case), history, replace(case.run, since=start, until=end))


def _reports(case: Case) -> tuple[StepReport, ...]:
    return tuple({id(report): report for dossier in case.dossiers for report in dossier.reports}.values())

"""Which commits off the branch are picked, which stay out, and why; destroyed work is picked back."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from forensics.casework.claims.twin import rewritten_as
from forensics.casework.files import is_bookkeeping
from forensics.casework.readings import landed, stopped
from forensics.model.case import Case
from forensics.model.finding import Effect, Fate, Finding
from forensics.model.history import Commit, History, reachable
from forensics.model.prose import listing, quote, short, steps_named
from forensics.model.recovery import LeftOut, Pick
from forensics.recovery.landings import Landings
from forensics.recovery.off_branch_commits import OffBranchCommit, off_branch, off_branch_commits, work_on_branch

# Which ref to name for a commit: the first of these that reaches it is the easiest to check out.
_NEAREST = ("refs/heads/", "refs/remotes/", "refs/pull/", "refs/merge-requests/", "refs/tags/")

_COMMITTED = attrgetter("commit_time", "sha")


def choose(case: Case, findings: Sequence[Finding], today: History) -> tuple[tuple[Pick, ...], tuple[LeftOut, ...]]:
    """Return the picks, parents before children and old before new, and the known commits that stay out.

    Work that is on the branch under another hash is never picked, and is listed only where a report names it.
    """
    strays = off_branch_commits(case, today)
    landings = Landings(case, findings, today, [stray.commit.sha for stray in strays])
    scene = _Scene(case, findings, today, work_on_branch(case, today), off_branch(today), landings)
    left: list[LeftOut] = []
    candidates: list[OffBranchCommit] = []
    for stray in strays:
        why = scene.against(stray)
        if why is None:
            candidates.append(stray)
        elif why or stray.claimed:
            left.append(scene.left(stray, why or scene.landed_as(stray)))
    chosen: list[OffBranchCommit] = []
    for stray in sorted(candidates, key=scene.preference, reverse=True):
        if any(rewritten_as(stray.commit, other.commit, today.commits) for other in chosen):
            continue
        rival = next((other for other in chosen if scene.rivals(other, stray)), None)
        if rival:
            why = f"{short(rival.commit.sha)} is another attempt at the same step and is picked instead"
            left.append(scene.left(stray, why))
        else:
            chosen.append(stray)
    picks = {stray.commit.sha: scene.pick(stray) for stray in chosen}
    picks |= {pick.commit: pick for pick in scene.documents([stray.commit for stray in chosen])}
    for pick in scene.destroyed():
        picks.setdefault(pick.commit, pick)
    left += [swept for swept in scene.swept() if swept.commit not in picks]
    left += [reverted for reverted in scene.reverted() if reverted.commit not in picks]
    order = _in_order([today.commits[sha] for sha in picks], today)
    return tuple(picks[commit.sha] for commit in order), tuple(sorted(left, key=lambda out: (out.steps, out.commit)))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What decides about a commit off the branch: the case, its findings, today's history, and each step's work on the branch."""

    case: Case
    findings: Sequence[Finding]
    today: History
    work: Mapping[str, tuple[Commit, ...]]
    off: Mapping[str, Commit]
    landings: Landings
    _present: dict[object, list[Commit]] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)

    def against(self, stray: OffBranchCommit) -> str | None:
        """Return why a commit stays out: None if it does not, empty if the step's work has landed without it."""
        commit = stray.commit
        twin = self._twin(commit)
        if twin:
            return f"its work is on the branch as {short(twin[0].sha)}, which {twin[1]}" if stray.claimed else ""
        if landing := self.landings.of(commit):
            return landing if stray.claimed else ""
        if all(self._done(stray, step) for step in stray.steps):
            return ""
        if revert := self.landings.reverted_by(commit):
            return f"{short(revert.sha)} reverted it on its own branch"
        if doubt := self.landings.doubt(commit, stray.steps):
            return doubt
        if commit.changes is None:
            return f"it is a merge; if none of its parts is picked, `git cherry-pick -m 1 -x {commit.sha}` brings in all of it"
        if self.today.searched.shallow and not commit.parents:
            return "this shallow clone ends at it; `git fetch --unshallow` shows what it changed"
        dossiers = filter(None, map(self.case.dossier, stray.steps))
        if halted := [dossier.id for dossier in dossiers if dossier.report and stopped(dossier.report)]:
            return f"the report says that {steps_named(halted)} stopped: check it before you pick it"
        return None

    def landed_as(self, stray: OffBranchCommit) -> str:
        """Return a clause that names the step's work on the branch."""
        known = [short(attributed.sha) for step in stray.steps for attributed in self.work.get(step, ())]
        return f"{steps_named(stray.steps)} landed{' as ' + listing(dict.fromkeys(known)) if known else ''}"

    def preference(self, stray: OffBranchCommit) -> tuple[bool, bool, float, str]:
        """Return the sort key that decides between versions of the same work: claimed, reached by a ref, new."""
        reached = self._source(stray.commit) is not None
        return stray.claimed, reached, stray.commit.commit_time.timestamp(), stray.commit.sha

    def rivals(self, known: OffBranchCommit, other: OffBranchCommit) -> bool:
        """Return whether two commits are attempts at the same step: they share a file, and neither is built on the other."""
        if not set(known.steps) & set(other.steps) or not known.commit.paths() & other.commit.paths():
            return False
        return not self._follows(known.commit, other.commit) and not self._follows(other.commit, known.commit)

    def pick(self, stray: OffBranchCommit) -> Pick:
        """Return the pick of a commit, with the findings that put its step in doubt."""
        doubts = sorted(
            {
                finding.code
                for finding in self.findings
                if finding.serious
                and finding.affected in stray.steps
                and Effect.VIOLATES in {finding.rule.effect, finding.rule.if_landed}
            }
        )
        doubt = f"; check {listing(doubts)} first" if doubts else ""
        why = stray.reason.replace(f" {quote(stray.commit.subject)}", "")
        return Pick(*self._facts(stray.commit, stray.steps), f"{why}{doubt}")

    def documents(self, chosen: Sequence[Commit]) -> Iterator[Pick]:
        """Yield the commits before the chosen ones that change only the run's documents, where a chosen one changes them too.

        Without them, a report that grew with every step would make each later pick conflict.
        """
        if self.case.run.path == ".":
            return  # tickets have no documents of the run: each document is some ticket's work
        touched = {path for stray in chosen for path in stray.paths()}
        for sha in sorted(reachable(self.off, [stray.sha for stray in chosen]) - {stray.sha for stray in chosen}):
            commit = self.off[sha]
            paths = commit.paths()
            if not paths & touched or not all(is_bookkeeping(path, self.case.run.path) for path in paths):
                continue
            if self._twin(commit) is None:
                yield Pick(*self._facts(commit, ()), "the run's documents, which later picks change")

    def left(self, stray: OffBranchCommit, why: str) -> LeftOut:
        """Return a commit as left out."""
        return LeftOut(*self._facts(stray.commit, stray.steps), why)

    def destroyed(self) -> Iterator[Pick]:
        """Yield the commits whose work was destroyed, unless it was restored under another hash."""
        for finding, commit in self._met(Fate.DESTROYED):
            if commit.changes is None or not finding.serious:
                continue
            if commit.sha in self.today.on_branch or self._twin(commit) is None:
                yield Pick(*self._facts(commit, _affected(finding)), f"its work was destroyed ({finding.code})")

    def reverted(self) -> Iterator[LeftOut]:
        """Yield the reverted commits: the revert may have been intended."""
        for finding, commit in self._met(Fate.REVERTED):
            by = f" by {short(finding.commits[1])}" if len(finding.commits) > 1 else ""
            why = f"it was reverted{by}; if that was not intended, `git cherry-pick -x {commit.sha}` restores it"
            yield LeftOut(*self._facts(commit, _affected(finding)), why)

    def swept(self) -> Iterator[LeftOut]:
        """Yield the other steps' commits that alone have a step's files, where the branch has not got these.

        The owner never committed them: another agent's `git add -A` did, and its commit was dropped or the file taken out.
        """
        seen = set()
        for work in (work for finding in self.findings for work in finding.foreign if work.home is None):
            commit = self.today.get(work.commit)
            paths = self._not_there(commit, [path for path, _ in work.files]) if commit else ()
            if commit and paths and (commit.sha, work.owner) not in seen:
                seen.add((commit.sha, work.owner))
                why = (
                    f"it alone has step {work.owner}'s {listing(map(quote, paths), limit=3)}, which no commit of that step has and "
                    f"the branch lacks; `git checkout {commit.sha} -- {shlex.join(paths)}` brings {'it' if len(paths) == 1 else 'them'}"
                )
                yield LeftOut(*self._facts(commit, (work.owner,)), why)

    def _not_there(self, commit: Commit, paths: Sequence[str]) -> tuple[str, ...]:
        """Return those of a commit's files that the branch does not have: never brought there, or deleted since."""
        if commit.sha not in self.today.on_branch:
            return () if self.landings.of(commit) else tuple(paths)
        last: dict[str, str] = {}
        for other in sorted((self.today.commits[sha] for sha in self.today.on_branch), key=_COMMITTED):
            last |= {change.path: change.status for change in other.changes or () if change.path in paths}
        return tuple(path for path in paths if last.get(path) == "D")

    def _met(self, fate: Fate) -> Iterator[tuple[Finding, Commit]]:
        """Yield the findings whose first commit met this fate, with that commit."""
        for finding in self.findings:
            if finding.rule.fate is fate and finding.commits and (commit := self.today.get(finding.commits[0])):
                yield finding, commit

    def _facts(self, commit: Commit, steps: tuple[str, ...]) -> tuple[str, tuple[str, ...], str, str | None]:
        """Return what a pick and a commit left out both begin with: hash, steps, subject and source."""
        return commit.sha, steps, commit.subject, self._source(commit)

    def _done(self, stray: OffBranchCommit, step: str) -> bool:
        """Return whether a step landed without this commit.

        A commit that the report names beside landed ones is still missing if it is newer, or shares no file with them.
        """
        work = self.work.get(step, ())
        if not work:
            dossier = self.case.dossier(step)
            return dossier is not None and landed(self.case, dossier)
        if not stray.claimed:
            return True
        paths = stray.commit.paths()
        after = all(attributed.commit_time < stray.commit.commit_time for attributed in work)
        return not after and any(attributed.paths() & paths for attributed in work)

    def _twin(self, commit: Commit) -> tuple[Commit, str] | None:
        """Return the commit on the branch that is the same work, with the reason."""
        if not self._present:
            for sha in sorted(self.today.on_branch):
                present = self.today.commits[sha]
                for key in (present.author_time, *((change.path, change.blob) for change in present.changes or ())):
                    self._present.setdefault(key, []).append(present)
        keys = (commit.author_time, *((change.path, change.blob) for change in (commit.changes or ())[:1]))
        near = [present for key in keys for present in self._present.get(key, ())]
        return next(
            ((present, why) for present in near if (why := rewritten_as(commit, present, self.today.commits))), None
        )

    def _follows(self, later: Commit, earlier: Commit) -> bool:
        return earlier.sha in reachable(self.off, [later.sha])

    def _source(self, commit: Commit) -> str | None:
        """Return the easiest ref to use of those that reach a commit: local branches first."""
        if commit.sha in self.today.on_branch:
            return min(self.today.refs_reaching(commit.sha), key=_distance, default=None)
        if not self._sources:
            for ref in sorted(self.today.refs, key=_distance):
                for sha in reachable(self.off, [self.today.refs[ref]]):
                    self._sources.setdefault(sha, ref)
        return self._sources.get(commit.sha)


def _distance(ref: str) -> tuple[int, str]:
    return next((place for place, start in enumerate(_NEAREST) if ref.startswith(start)), len(_NEAREST)), ref


def _affected(finding: Finding) -> tuple[str, ...]:
    return (finding.affected,) if finding.affected else ()


def _in_order(commits: Iterable[Commit], history: History) -> list[Commit]:
    """Return commits oldest first, each after its ancestors even where clocks disagree."""
    rest = sorted(commits, key=lambda commit: (commit.sha not in history.on_branch, commit.author_time, commit.sha))
    off = off_branch(history)  # commits on the branch come first: they cannot depend on others
    before = {
        commit.sha: reachable(history.commits if commit.sha in history.on_branch else off, [commit.sha]) - {commit.sha}
        for commit in rest
    }
    ordered: list[Commit] = []
    while rest:
        following = next(commit for commit in rest if not any(other.sha in before[commit.sha] for other in rest))
        rest.remove(following)
        ordered.append(following)
    return ordered

"""Claims that are not commits: files, RED, GREEN and counts; each ends in one of four verdicts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.casework.join import Account
from forensics.casework.paths import at_root, is_copy, is_outside, locate
from forensics.model.case import Attribution
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit, History
from forensics.model.prose import listing, quote, short
from forensics.model.report import Role
from forensics.model.source import CommitRef

_UNTESTED = "no transcript that was read decides it, and no test was run again"


def judge_files(
    account: Account,
    own: Sequence[Attribution],
    elsewhere: Sequence[Attribution],
    others: Sequence[Attribution],
    history: History,
) -> Iterator[JudgedClaim]:
    """Judge each reported file by the step's commits, the commit that brought the report, and commits on other refs.

    A squash need not change all that its pull request did: a pull request that landed before may have brought it.
    `others` are the commits of the run's other steps.
    """
    ground = _Ground.of(account, own, elsewhere, others, history)
    for mention in account.report.files:
        yield _judge_file(account.claim(ClaimKind.FILE, mention.path, mention.ref), ground)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What an account's files are judged by: the step's commits, and which commit changes which path.

    `aside` are the commits that are not on the branch, `told` those that the report says belong to others or came before.
    `earlier` and `later` are those of the run's other steps, made before the step's first and after its last one.
    """

    commits: Sequence[Commit]
    changed: Mapping[str, str]
    aside: Mapping[str, str]
    told: Mapping[str, str]
    earlier: Mapping[str, str]
    later: Mapping[str, str]
    links: frozenset[str]
    unknown: bool
    history: History

    @classmethod
    def of(
        cls,
        account: Account,
        own: Sequence[Attribution],
        elsewhere: Sequence[Attribution],
        others: Sequence[Attribution],
        history: History,
    ) -> "_Ground":
        commits = [found.commit for found in own]
        brought = [*commits, *([account.container] if account.container else [])]
        cited = [judged.commit for judged in account.claims if judged.claim.role is Role.OTHER]
        told = [commit for sha in cited if (commit := history.get(sha))]
        times = sorted(commit.commit_time for commit in commits)
        before = [found.commit for found in others if times and found.commit.commit_time < times[0]]
        after = [found.commit for found in others if times and found.commit.commit_time > times[-1]]
        return cls(
            commits,
            changed=_changed_by(brought),
            aside=_changed_by(found.commit for found in elsewhere),
            told=_changed_by(told),
            earlier=_changed_by(before),
            later=_changed_by(after),
            links=frozenset(change.path for commit in brought for change in commit.changes or () if change.link),
            unknown=any(commit.changes is None for commit in brought),
            history=history,
        )

    def paths(self) -> frozenset[str]:
        """Return every path that the history ever had."""
        return frozenset(path for commit in self.history.commits.values() for path in commit.paths())


def _changed_by(commits: Iterable[Commit]) -> dict[str, str]:
    return {path: commit.sha for commit in commits for path in commit.paths()}


def _judge_file(claim: Claim, ground: _Ground) -> JudgedClaim:
    if path := locate(claim.value, ground.changed):
        return _changed(claim, ground.changed[path])
    if path := locate(claim.value, ground.aside):
        reason = f"{short(ground.aside[path])}, which is not on the branch itself, changes it"
        return judged_by(claim, Verdict.CONFIRMED, Confidence.LIKELY, reason, commit=ground.aside[path])
    absent = ground.history.searched.submodules_absent
    if ground.unknown or _inside(claim.value, ground.links) or _inside(claim.value, absent):
        return judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "it lies where this clone cannot look")
    if not ground.commits:
        return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, "no commit of the step is known")
    return _judge_unchanged(claim, ground)


def _judge_unchanged(claim: Claim, ground: _Ground) -> JudgedClaim:
    """Judge a file that none of the step's commits changes under the path as reported."""
    names = listing(short(commit.sha) for commit in ground.commits)
    none = f"none of the step's commits ({names}) changes {quote(claim.value)}"
    if path := locate(claim.value, ground.told):
        # The work was there before, and the report says in which commit: an honest report, though not the step's own work.
        reason = f"{none}; {short(ground.told[path])}, which the report names as another's, does"
        return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, reason, commit=ground.told[path])
    folders = frozenset(folder for path in ground.paths() for folder in path.split("/")[:-1])
    if (name := at_root(claim.value, folders)) and name in ground.changed:
        return _changed(claim, ground.changed[name])
    ends = [path for path in ground.changed if path.endswith(f"/{claim.value}")]
    if len(ends) == 1:  # a report may leave out the project's folder: `docs/guide.md` for `app/docs/guide.md`
        return _changed(claim, ground.changed[ends[0]])
    if is_outside(claim.value, folders):
        return judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "it seems to lie outside this repository")
    known = locate(claim.value, ground.paths())
    if known is None or is_copy(claim.value, known):
        # Installed copies and builds are ignored by git, and reports list them as changed.
        reason = "no commit here ever changed it: git ignores it, or it was never made"
        return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, reason)
    if known not in ground.later and (why := _excused(known, ground)):
        return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, f"{none}; {why}")
    judged = judged_by(claim, Verdict.CONTRADICTED, Confidence.LIKELY, none, commit=ground.commits[-1].sha)
    return replace(judged, evidence=tuple(CommitRef(commit.sha) for commit in ground.commits))


def _excused(path: str, ground: _Ground) -> str:
    """Say why git cannot show whether the step changed the file; empty where it can.

    An installer writes copies that git ignores until somebody adds them by force, and copies what an earlier step of
    the plan has already committed.
    """
    if path in ground.earlier:
        return f"{short(ground.earlier[path])}, another step's, had changed it before"
    moment = max(commit.commit_time for commit in ground.commits)
    tracked = _was_tracked(path, moment, ground.history)
    return "" if tracked else "git did not track it then: ignored, removed or not yet added"


def _was_tracked(path: str, moment: datetime, history: History) -> bool:
    """Return whether the branch had a file then: by the last commit that changed it before, else by the first one after."""
    changes = sorted(
        (commit.commit_time, change.status)
        for commit in (history.commits[sha] for sha in history.on_branch)
        for change in commit.changes or ()
        if change.path == path
    )
    before = [status for made, status in changes if made <= moment]
    after = [status for made, status in changes if made > moment]
    return before[-1] != "D" if before else after[:1] != ["A"]


def _changed(claim: Claim, sha: str) -> JudgedClaim:
    return judged_by(claim, Verdict.CONFIRMED, Confidence.CERTAIN, f"{short(sha)} changes it", commit=sha)


def judge_tests(account: Account) -> Iterator[JudgedClaim]:
    """Judge what a report says about its tests; without a transcript or a re-run, only by arithmetic."""
    report = account.report
    claims = []
    if report.red:
        claims.append(account.claim(ClaimKind.RED, report.red.outcome or "unclear", report.red.ref))
    if report.green:
        claims.append(account.claim(ClaimKind.GREEN, report.green.value, report.green.ref))
    for claim in claims:
        yield judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, _UNTESTED)
    for number in report.counts:
        claim = account.claim(ClaimKind.COUNT, f"{number.passed}/{number.total}", number.ref)
        judged = Verdict.UNTESTABLE, Confidence.LIKELY, _UNTESTED
        if number.passed > number.total:
            judged = Verdict.CONTRADICTED, Confidence.CERTAIN, "more tests passed than there were"
        yield judged_by(claim, *judged)


def _inside(path: str, folders: Iterable[str]) -> bool:
    return any(f"/{folder.rsplit('/', 1)[-1]}/" in f"/{path}" for folder in folders)

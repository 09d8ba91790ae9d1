"""Claims that are not commits: files, RED, GREEN and counts; each ends in one of four verdicts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forensics.casework.join import Account
from forensics.casework.paths import locate
from forensics.model.case import Attribution
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import History
from forensics.model.prose import listing, quote, short
from forensics.model.report import Role
from forensics.model.source import CommitRef, FileRef

_UNTESTED = "no transcript that was read decides it, and no test was run again"


def judge_files(
    account: Account, own: Sequence[Attribution], elsewhere: Sequence[Attribution], history: History
) -> Iterator[JudgedClaim]:
    """Judge each reported file by the step's commits, the commit that brought the report, and commits on other refs.

    A squash need not change all that its pull request did: a pull request that landed before may have brought it.
    """
    commits = [found.commit for found in own]
    brought = [*commits, *([account.container] if account.container else [])]
    unknown = any(commit.changes is None for commit in brought)
    changed = {path: commit.sha for commit in brought for path in commit.paths()}
    aside = {path: found.commit.sha for found in elsewhere for path in found.commit.paths()}
    links = {change.path for commit in brought for change in commit.changes or () if change.link}
    for mention in account.report.files:
        claim = _claim(account, ClaimKind.FILE, mention.path, mention.ref)
        if path := locate(mention.path, changed):
            reason = f"{short(changed[path])} changes it"
            yield judged_by(claim, Verdict.CONFIRMED, Confidence.CERTAIN, reason, commit=changed[path])
        elif path := locate(mention.path, aside):
            reason = f"{short(aside[path])}, which is not on the branch itself, changes it"
            yield judged_by(claim, Verdict.CONFIRMED, Confidence.LIKELY, reason, commit=aside[path])
        elif unknown or _inside(mention.path, links) or _inside(mention.path, history.searched.submodules_absent):
            reason = "it lies where this clone cannot look"
            yield judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, reason)
        elif not commits:
            yield judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, "no commit of the step is known")
        else:
            names = listing(short(commit.sha) for commit in commits)
            reason = f"none of the step's commits ({names}) changes {quote(mention.path)}"
            judged = judged_by(claim, Verdict.CONTRADICTED, Confidence.LIKELY, reason, commit=commits[-1].sha)
            yield replace(judged, evidence=tuple(CommitRef(commit.sha) for commit in commits))


def judge_tests(account: Account) -> Iterator[JudgedClaim]:
    """Judge what a report says about its tests; without a transcript or a re-run, only by arithmetic."""
    report = account.report
    claims = (
        [_claim(account, ClaimKind.RED, str(report.red.outcome or "unclear"), report.red.ref)] if report.red else []
    )
    claims += [_claim(account, ClaimKind.GREEN, str(report.green.value), report.green.ref)] if report.green else []
    for claim in claims:
        yield judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, _UNTESTED)
    for number in report.counts:
        claim = _claim(account, ClaimKind.COUNT, f"{number.passed}/{number.total}", number.ref)
        if number.passed > number.total:
            reason = "more tests passed than there were"
            yield judged_by(claim, Verdict.CONTRADICTED, Confidence.CERTAIN, reason)
        else:
            yield judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, _UNTESTED)


def _claim(account: Account, kind: ClaimKind, value: str, ref: FileRef) -> Claim:
    return Claim(account.step, account.step, kind, Role.OWN, value, ref, superseded=account.superseded)


def _inside(path: str, folders: Iterable[str]) -> bool:
    return any(f"/{folder.rsplit('/', 1)[-1]}/" in f"/{path}" for folder in folders)

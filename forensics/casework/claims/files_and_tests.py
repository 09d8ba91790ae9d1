"""Claims that are not commits: files, RED, GREEN and counts; each ends in one of four verdicts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forensics.casework.join import Account
from forensics.casework.paths import locate
from forensics.model.case import Attribution
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import History
from forensics.model.prose import listing, quote, short
from forensics.model.source import CommitRef

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
        claim = account.claim(ClaimKind.FILE, mention.path, mention.ref)
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

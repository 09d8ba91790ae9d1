"""Claims that are not commits: files, RED, GREEN and counts; each ends in one of four verdicts."""

from collections.abc import Iterable, Iterator

from forensics.casework.clock import container_of
from forensics.casework.paths import locate
from forensics.model.case import Attribution
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.history import History
from forensics.model.prose import listing, quote, short
from forensics.model.report import Role, StepReport
from forensics.model.source import CommitRef, FileRef


def judge_files(
    report: StepReport,
    own: tuple[Attribution, ...],
    elsewhere: tuple[Attribution, ...],
    history: History,
    *,
    superseded: bool,
) -> Iterator[JudgedClaim]:
    """Judge each reported file by the step's commits, the commit that brought the report, and commits on other refs.

    A squash need not change all that its pull request did: a pull request that landed before may have brought it.
    """
    container = container_of(report, history)
    commits = [one.commit for one in own]
    brought = [*commits, *([container] if container else [])]
    unknown = any(commit.changes is None for commit in brought)
    changed = {path: commit.sha for commit in brought for path in commit.paths()}
    aside = {path: one.commit.sha for one in elsewhere for path in one.commit.paths()}
    links = {change.path for commit in brought for change in commit.changes or () if change.link}
    for mention in report.files:
        claim = _claim(report, ClaimKind.FILE, mention.path, mention.ref, superseded)
        path = locate(mention.path, changed)
        if path:
            yield JudgedClaim(
                claim,
                Verdict.CONFIRMED,
                Confidence.CERTAIN,
                f"{short(changed[path])} changes it",
                commit=changed[path],
                evidence=(CommitRef(changed[path]),),
            )
        elif path := locate(mention.path, aside):
            yield JudgedClaim(
                claim,
                Verdict.CONFIRMED,
                Confidence.LIKELY,
                f"{short(aside[path])}, which is not on the branch itself, changes it",
                commit=aside[path],
                evidence=(CommitRef(aside[path]),),
            )
        elif unknown or _inside(mention.path, links) or _inside(mention.path, history.searched.submodules_absent):
            yield JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "it lies where this clone cannot look")
        elif not commits:
            yield JudgedClaim(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, "no commit of the step is known")
        else:
            names = listing(short(commit.sha) for commit in commits)
            yield JudgedClaim(
                claim,
                Verdict.CONTRADICTED,
                Confidence.LIKELY,
                f"none of the step's commits ({names}) changes {quote(mention.path)}",
                commit=commits[-1].sha,
                evidence=tuple(CommitRef(commit.sha) for commit in commits),
            )


def judge_tests(report: StepReport, *, superseded: bool) -> Iterator[JudgedClaim]:
    """List what a report says of its tests; without a transcript or a re-run nothing but arithmetic tests it."""
    untested = "no transcript that was read decides it, and no test was run again"
    if report.red:
        yield JudgedClaim(
            _claim(report, ClaimKind.RED, str(report.red.outcome or "unclear"), report.red.ref, superseded),
            Verdict.UNTESTABLE,
            Confidence.LIKELY,
            untested,
        )
    if report.green:
        yield JudgedClaim(
            _claim(report, ClaimKind.GREEN, str(report.green.value), report.green.ref, superseded),
            Verdict.UNTESTABLE,
            Confidence.LIKELY,
            untested,
        )
    for number in report.counts:
        claim = _claim(report, ClaimKind.COUNT, f"{number.passed}/{number.total}", number.ref, superseded)
        if number.passed > number.total:
            yield JudgedClaim(claim, Verdict.CONTRADICTED, Confidence.CERTAIN, "more tests passed than there were")
        else:
            yield JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, untested)


def _claim(report: StepReport, kind: ClaimKind, value: str, ref: FileRef, superseded: bool) -> Claim:
    step = report.steps[0] if report.steps else None
    return Claim(step, step, kind, Role.OWN, value, ref, superseded=superseded)


def _inside(path: str, folders: Iterable[str]) -> bool:
    return any(f"/{folder.rsplit('/', 1)[-1]}/" in f"/{path}" for folder in folders)

"""For a claimed commit that is gone: the commit its work lives on in, and why it is that one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.attribution.titles import similar, subject_title
from forensics.casework.clock import as_local, stated_after_commit
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import duration, quote, short
from forensics.model.report import HashMention, StepReport
from forensics.model.steps import same_step
from forensics.model.transcript import CommitMade

_INSTANT = timedelta(minutes=2)
_AMENDED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Twin:
    """What became of a gone commit."""

    verdict: Verdict
    commit: Commit
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """A report with what is known of it once: the commit that brought it, and the commits it names that exist."""

    report: StepReport
    container: Commit | None
    confirmed: tuple[Commit, ...] = ()

    @property
    def latest(self) -> datetime | None:
        """Return the latest moment it can have been written, None if it was never committed."""
        return self.container.commit_time if self.container else None


def find_twin(mention: HashMention, account: Account, own: tuple[Attribution, ...], history: History) -> Twin | None:
    """Return where the work of a gone commit lives on; `own` are the commits of the step it is about.

    Author time decides: a commit authored before the report was written can be the claimed one, rewritten
    (amend, rebase and cherry-pick keep the author time); one authored after it is the work done again.
    """
    report, container, latest, confirmed = account.report, account.container, account.latest, account.confirmed
    candidates = [one for one in own if one.confidence is not Confidence.POSSIBLE]
    before = [one.commit for one in candidates if latest is None or one.commit.author_time <= latest]
    within = _container_twin(mention, report, container, before)
    if within:
        return within
    if before:
        return _rewritten(mention, before[0] if len(before) == 1 else _closest(mention, before), confirmed)
    if confirmed:
        return Twin(
            Verdict.REWRITTEN,
            confirmed[-1],
            Confidence.LIKELY,
            f"the same report names {short(confirmed[-1].sha)} as well, which exists",
        )
    by_subject = _same_subject(mention, history, latest)
    if by_subject:
        return _rewritten(mention, by_subject, confirmed)
    after = [one for one in candidates if latest is not None and one.commit.author_time > latest]
    if after and latest is not None:
        again = after[0]
        return Twin(
            Verdict.REDONE,
            again.commit,
            again.confidence,
            f"the step was carried out again as {short(again.commit.sha)}, authored {duration(again.commit.author_time - latest)} "
            f"after the report was committed{_after_its_own_time(report, container, again.commit)}; the claimed commit never landed",
        )
    return _in_container(container, report)


def successor(made: CommitMade, history: History) -> Commit | None:
    """Return the commit that an agent's commit became: of the same subject, authored then, or before it was amended."""
    fits = [
        one
        for one in history.commits.values()
        if made.subject and one.subject == made.subject and -_AMENDED <= one.author_time - made.moment <= _INSTANT
    ]
    return min(fits, key=lambda one: abs(one.author_time - made.moment), default=None)


def same_work(commit: Commit, other: Commit) -> str:
    """Say why another commit is the same work: amend, rebase and cherry-pick keep the author time; a squash, the content."""
    if commit.author_time == other.author_time and (commit.subject == other.subject or commit.paths() & other.paths()):
        return "has the same author time" + (" and subject" if commit.subject == other.subject else " and files")
    content = {(change.path, change.blob) for change in commit.changes or ()}
    if content and content <= {(change.path, change.blob) for change in other.changes or ()}:
        return "changes the same files to the same content"
    return ""


def _after_its_own_time(report: StepReport, container: Commit | None, again: Commit) -> str:
    """Say how long after the time the report gives for itself; one that cannot be right is read as local time."""
    stated = report.time
    if stated is None or stated.day_only or container is None:
        return ""
    wrong = stated_after_commit(stated, container) is not None
    moment = as_local(stated, container) if wrong or not stated.zoned else stated.moment
    return (
        f" and {duration(again.author_time - moment)} after the time it gives{' (read as local time)' if wrong else ''}"
    )


def _container_twin(
    mention: HashMention, report: StepReport, container: Commit | None, before: list[Commit]
) -> Twin | None:
    """The step's own commit holds the very report that cites it: no commit can contain its own hash."""
    if container is None or container not in before:
        return None
    if container.rewritten_later:
        return Twin(
            Verdict.REWRITTEN,
            container,
            Confidence.LIKELY,
            f"the report stands inside {short(container.sha)}, which was amended "
            f"{duration(container.commit_time - container.author_time)} after it was authored",
        )
    if not any(same_step(step, mention.about or "") for step in steps_of_commit(container.subject)):
        return _in_container(container, report)
    return Twin(
        Verdict.SELF_CITING,
        container,
        Confidence.LIKELY,
        f"the hash first appears inside {short(container.sha)}, the commit it stands for, which cannot contain its own",
    )


def _rewritten(mention: HashMention, commit: Commit, confirmed: tuple[Commit, ...]) -> Twin:
    alike = bool(mention.subject) and similar(subject_title(mention.subject), subject_title(commit.subject))
    if commit.rewritten_later:
        return Twin(
            Verdict.REWRITTEN,
            commit,
            Confidence.LIKELY,
            f"{short(commit.sha)} is the same step's commit; it was authored before the report and rewritten "
            f"{duration(commit.commit_time - commit.author_time)} later",
        )
    sure = Confidence.LIKELY if alike or commit in confirmed else Confidence.POSSIBLE
    return Twin(
        Verdict.REWRITTEN,
        commit,
        sure,
        f"{short(commit.sha)} is the same step's commit, {quote(commit.subject)}, authored before the report",
    )


def _closest(mention: HashMention, commits: list[Commit]) -> Commit:
    """Prefer the commit whose subject is the claimed one, word for word or nearly; else the last rewritten one; else the last."""
    for commit in reversed(commits):
        if mention.subject and commit.subject == mention.subject:
            return commit
    for commit in reversed(commits):
        if mention.subject and similar(subject_title(mention.subject), subject_title(commit.subject)):
            return commit
    return next((commit for commit in reversed(commits) if commit.rewritten_later), commits[-1])


def _same_subject(mention: HashMention, history: History, latest: datetime | None) -> Commit | None:
    """Find a commit with exactly the claimed subject, authored before the report was committed."""
    wanted = subject_title(mention.subject).casefold()
    if len(wanted) < 12:
        return None
    fits = [
        commit
        for commit in history.commits.values()
        if subject_title(commit.subject).casefold() == wanted and (latest is None or commit.author_time <= latest)
    ]
    return max(fits, key=lambda commit: commit.author_time, default=None)


def _in_container(container: Commit | None, report: StepReport) -> Twin | None:
    """The commit that brings the report brings the reported files too: the work was squashed into it."""
    if container is None or container.changes is None:
        return None
    paths = container.paths()
    names = {mention.path.rsplit("/", 1)[-1] for mention in report.files}
    carried = {path.rsplit("/", 1)[-1] for path in paths if path != report.ref.path and not path.endswith(".md")}
    if not names & carried:
        return None
    if container.rewritten_later and container.commit_time - container.author_time > _INSTANT / 60:
        why = f"{short(container.sha)} holds the report and the files it names, and was amended after it was authored"
    else:
        why = f"{short(container.sha)} holds both the report and the files it names; the claimed commit was folded into it"
    return Twin(Verdict.REWRITTEN, container, Confidence.LIKELY, why)

"""For a claimed commit that is gone: the commit its work lives on in, and why it is that one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter

from forensics.casework.attribution.titles import similar, subject_title
from forensics.casework.claims.commit_evidence import CommitEvidence
from forensics.casework.claims.named_commits import NamedCommits, holds_its_test
from forensics.casework.claims.twin import Twin, self_citing
from forensics.casework.clock import as_local, stated_after_commit
from forensics.casework.files import is_document
from forensics.casework.join import Account
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import duration, quote, short
from forensics.model.report import HashMention
from forensics.model.steps import same_step
from forensics.model.transcript import CommitMade

# A transcript's event may carry the time of git's output, a little after the commit's own.
_INSTANT = timedelta(minutes=2)
# A commit amended the next day keeps its first author time; beyond that, an equal subject is another commit.
_AMENDED = timedelta(days=1)
# `git commit` sets author and committer time within a second or two; a longer gap is an amend.
_SAME_COMMIT = timedelta(seconds=2)
# Shorter subjects ("wip", "fix tests") recur in every history.
MIN_SUBJECT = 12


def find_twin(
    mention: HashMention, account: Account, own: Sequence[Attribution], known: CommitEvidence, named: NamedCommits
) -> Twin | None:
    """Return where the work of a gone commit lives on; `own` are the commits of the step it is about.

    Author time decides: a commit authored before the report was written can be the claimed one, rewritten
    (amend, rebase and cherry-pick keep the author time); one authored after it is the work done again.
    """
    latest, history = account.latest, known.history
    is_free = partial(named.is_free, mention=mention, account=account)
    candidates = [found for found in own if found.confidence is not Confidence.POSSIBLE]
    before = authored_by(latest, [found.commit for found in candidates])
    within = _container_twin(mention, account, before)
    if within and (within.squash or is_free(within.commit)):
        return within
    free = list(filter(is_free, before))
    beside = named.beside(mention, account)
    if free:
        return _rewritten(mention, free[0] if len(free) == 1 else _closest(mention, free), beside)
    listed = filter(is_free, (history.commits[sha] for sha in beside if sha in history.commits))
    if commit := max(listed, key=attrgetter("place_in_time"), default=None):
        return _listed(mention, commit)
    if by_subject := _same_subject(mention, account, known, is_free):
        return _rewritten(mention, by_subject, beside)
    return _redone(account, candidates) or _in_container(account)


def authored_by(latest: datetime | None, commits: Sequence[Commit]) -> list[Commit]:
    """Return those of a step's commits that were authored by the time its report was committed, None if it was not.

    A rebase that stops at a conflict makes a new commit with a new author time: such a commit is older than it says,
    which shows in that the one right after it was authored before it.
    """
    if latest is None:
        return list(commits)
    early = {commit.parents[:1]: commit for commit in commits if commit.author_time <= latest}
    return [
        commit
        for commit in commits
        if commit.author_time <= latest
        or ((after := early.get((commit.sha,))) and after.author_time < commit.author_time)
    ]


def _redone(account: Account, candidates: Sequence[Attribution]) -> Twin | None:
    """Return the step's next commit after the report: the work done again."""
    latest = account.latest
    again = next((found for found in candidates if latest and found.commit.author_time > latest), None)
    if again is None or latest is None:
        return None
    why = (
        f"the step was carried out again as {short(again.commit.sha)}, authored "
        f"{duration(again.commit.author_time - latest)} after the report was committed"
        f"{_after_its_own_time(account, again.commit)}; the claimed commit never landed"
    )
    return Twin(Verdict.REDONE, again.commit, again.confidence, why)


def successor(made: CommitMade, history: History) -> Commit | None:
    """Return the commit that an agent's commit became: of the same subject, authored then, or before it was amended."""
    fits = [
        commit
        for commit in history.commits.values()
        if made.subject and commit.subject == made.subject and -_AMENDED <= commit.author_time - made.moment <= _INSTANT
    ]
    return min(fits, key=lambda commit: abs(commit.author_time - made.moment), default=None)


def _after_its_own_time(account: Account, again: Commit) -> str:
    """Say how long after the time the report gives for itself; one that cannot be right is read as local time."""
    stated, container = account.report.time, account.container
    if stated is None or stated.day_only or container is None:
        return ""
    wrong = stated_after_commit(stated, container) is not None
    moment = as_local(stated, container) if wrong or not stated.zoned else stated.moment
    local = " (read as local time)" if wrong else ""
    return f" and {duration(again.author_time - moment)} after the time it gives{local}"


def _container_twin(mention: HashMention, account: Account, before: Sequence[Commit]) -> Twin | None:
    """Return the step's own commit where it holds the very report that cites it: no commit can contain its own hash."""
    container = account.container
    if container is None or container not in before:
        return None
    if container.rewritten_later:
        later = duration(container.commit_time - container.author_time)
        why = f"{short(container.sha)} contains the report, and was amended {later} after it was authored"
        return Twin(Verdict.REWRITTEN, container, Confidence.LIKELY, why)
    if not any(same_step(step, mention.about or "") for step in steps_of_commit(container.subject)):
        return _in_container(account)
    return self_citing(container)


def _rewritten(mention: HashMention, commit: Commit, beside: frozenset[str]) -> Twin:
    close = closeness(mention.subject, commit)
    if commit.rewritten_later:
        later = duration(commit.commit_time - commit.author_time)
        why = f"{short(commit.sha)} is the same step's commit; it was authored before the report and rewritten {later} later"
        return Twin(Verdict.REWRITTEN, commit, Confidence.LIKELY, why, closeness=close)
    if commit.sha in beside and not close and holds_its_test(commit, mention):
        return _listed(mention, commit)
    why = f"{short(commit.sha)} is the same step's commit, {quote(commit.subject)}, authored before the report"
    sure = Confidence.LIKELY if close or commit.sha in beside else Confidence.POSSIBLE
    return Twin(Verdict.REWRITTEN, commit, sure, why, closeness=close)


def _listed(mention: HashMention, commit: Commit) -> Twin:
    """Return a commit that the same report names beside a gone one."""
    if commit.rewritten_later or not holds_its_test(commit, mention):
        why = f"the same report names {short(commit.sha)} beside it, which replaced it"
        return Twin(Verdict.REWRITTEN, commit, Confidence.LIKELY, why)
    why = f"{short(commit.sha)}, which the same report names beside it, adds the failing test together with the code"
    return Twin(Verdict.REWRITTEN, commit, Confidence.POSSIBLE, why)


def closeness(words: str, commit: Commit) -> int:
    """Return 2 if a claim's words are a commit's subject, 1 if they say the same, else 0."""
    title, wanted = subject_title(commit.subject), subject_title(words)
    if wanted and title.casefold() == wanted.casefold():
        return 2
    return int(bool(words) and similar(title, wanted))


def _closest(mention: HashMention, commits: Sequence[Commit]) -> Commit:
    """Prefer the commit whose subject is the claimed one, word for word or nearly; else the last rewritten one; else the last."""
    wanted, title = mention.subject, subject_title(mention.subject)
    same = [commit for commit in commits if wanted and commit.subject == wanted]
    alike = [commit for commit in commits if wanted and similar(title, subject_title(commit.subject))]
    return (same or alike or [commit for commit in commits if commit.rewritten_later] or commits)[-1]


def _same_subject(
    mention: HashMention, account: Account, known: CommitEvidence, is_free: Callable[[Commit], bool]
) -> Commit | None:
    """Return the last free commit with exactly the claimed subject, authored before the report was committed."""
    wanted = subject_title(mention.subject).casefold()
    if len(wanted) < MIN_SUBJECT:
        return None
    early = [c for c in known.titled.get(wanted, ()) if account.latest is None or c.author_time <= account.latest]
    return max(filter(is_free, early), key=attrgetter("author_time"), default=None)


def _in_container(account: Account) -> Twin | None:
    """Return the commit that brings the report if it brings reported files too: the work was squashed into it."""
    report, container = account.report, account.container
    if container is None or container.changes is None or not report.files:
        return None
    names = {mention.path.rsplit("/", 1)[-1] for mention in report.files}
    carried = {path.rsplit("/", 1)[-1] for path in container.paths() if not is_document(path)}
    if not names & carried:
        return None
    why = f"{short(container.sha)} holds both the report and the files it names; the claimed commit was folded into it"
    if container.commit_time - container.author_time > _SAME_COMMIT:
        why = f"{short(container.sha)} holds the report and the files it names, and was amended after it was authored"
    return Twin(Verdict.REWRITTEN, container, Confidence.LIKELY, why, squash=True)

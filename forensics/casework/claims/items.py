"""Where the work of a gone commit lives on, if its account names each piece of work by a commit of its own.

One commit stands for one hash there: what an account rightly names for one piece of work cannot be another's twin.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from forensics.casework.attribution.titles import similar, subject_title
from forensics.casework.claims.named_commits import NamedCommits
from forensics.casework.claims.twins import MIN_SUBJECT, Twin, self_citing
from forensics.casework.files import is_bookkeeping
from forensics.casework.join import Account
from forensics.casework.paths import locate
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import duration, quote, short
from forensics.model.report import HashMention
from forensics.model.steps import same_step


def find_item(
    mention: HashMention, account: Account, own: Sequence[Attribution], history: History, named: NamedCommits
) -> Twin | None:
    """Return where the work of one gone item lives on; `own` are the commits of the step it is about."""
    holder = history.get(history.first_seen.get((mention.ref.path, mention.value))) or account.container
    latest = holder.commit_time if holder else None

    is_free = partial(named.is_free, mention=mention, account=account)

    free = [
        found.commit
        for found in own
        if found.confidence is not Confidence.POSSIBLE
        and found.work
        and (latest is None or found.commit.author_time <= latest)
        and is_free(found.commit)
    ]
    alike = _alike(mention, free) or _alike(mention, filter(is_free, _committed_by(latest, history)), exactly=True)
    if alike:
        why = f"{short(alike.sha)} has its subject, {quote(alike.subject)}, and was authored before the report"
        return Twin(Verdict.REWRITTEN, alike, Confidence.LIKELY, why)
    folded = _folded(mention, holder, account) if holder else None
    if folded and (folded.confidence is Confidence.LIKELY or is_free(folded.commit)):
        return folded
    if free:
        why = f"{short(free[-1].sha)} is the same step's commit, {quote(free[-1].subject)}, authored before the report"
        return Twin(Verdict.REWRITTEN, free[-1], Confidence.POSSIBLE, why)
    if holder is None:
        return None
    before = history.get(holder.parents[0]) if len(holder.parents) == 1 else None
    noted = _noted(mention, holder, before, history) if before and is_free(before) else None
    return noted or (self_citing(holder) if _cites_itself(mention) else None)


def folded_into(commit: Commit, mention: HashMention, history: History) -> Commit | None:
    """Return the commit that an unreachable one was squashed into: it brought the hash, and changes the same files."""
    holder = history.get(history.first_seen.get((mention.ref.path, mention.value)))
    plan = mention.ref.path.rpartition("/")[0]
    if holder is None:
        return None
    work = {path for path in commit.paths() if not is_bookkeeping(path, plan)}
    papers = {_tail(path) for path in commit.paths()} if not work else set()  # a plan's folder is moved to the archive
    held = work <= holder.paths() and papers <= {_tail(path) for path in holder.paths()}
    return holder if held and (work or papers) else None


def _tail(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _committed_by(latest: datetime | None, history: History) -> list[Commit]:
    return [commit for commit in history.commits.values() if latest is None or commit.commit_time <= latest]


def _is_other_step_s(commit: Commit, mention: HashMention) -> bool:
    named = steps_of_commit(commit.subject)
    return bool(named) and not any(same_step(step, mention.about or "") for step in named)


def _alike(mention: HashMention, commits: Iterable[Commit], *, exactly: bool = False) -> Commit | None:
    """Return the last commit whose subject says what the account calls the item."""
    wanted = subject_title(mention.subject)
    if not wanted or (exactly and len(wanted) < MIN_SUBJECT):
        return None
    fits = [
        commit
        for commit in commits
        if (title := subject_title(commit.subject))
        and (title.casefold() == wanted.casefold() if exactly else similar(title, wanted))
    ]
    return max(fits, key=lambda commit: commit.author_time, default=None)


def _holds_work(commit: Commit, mention: HashMention) -> bool:
    plan = mention.ref.path.rpartition("/")[0]
    return any(not is_bookkeeping(path, plan) for path in commit.paths())


def _folded(mention: HashMention, holder: Commit, account: Account) -> Twin | None:
    """Return the commit that brought the hash if it brought work: files the account names, or any where it names none."""
    names = [file.path for file in account.report.files]
    shared = any(locate(name, holder.paths()) for name in names)
    if not _holds_work(holder, mention) or (names and not shared):
        return None
    sure = Confidence.LIKELY if shared else Confidence.POSSIBLE
    why = f"{short(holder.sha)} brought the report together with work; the claimed commit was folded into it"
    return Twin(Verdict.REWRITTEN, holder, sure, why)


def _noted(mention: HashMention, holder: Commit, before: Commit, history: History) -> Twin | None:
    """Return the commit right before the one that notes the hash; surer where a rebase rewrote both."""
    rebased = holder.rewritten_later and before.rewritten_later
    if _is_other_step_s(before, mention) or not (rebased or _holds_work(before, mention)):
        return None
    again = f", and both were rewritten {duration(holder.commit_time - holder.author_time)} later" if rebased else ""
    why = f"{short(holder.sha)} noted it right after {short(before.sha)}, {quote(before.subject)}{again}"
    sure = Confidence.LIKELY if rebased and _is_alone(mention, holder, history) else Confidence.POSSIBLE
    return Twin(Verdict.REWRITTEN, before, sure, why)


def _is_alone(mention: HashMention, holder: Commit, history: History) -> bool:
    """Return whether a commit noted this hash and no other: several cannot all be the commit right before it."""
    return not any(
        path == mention.ref.path and sha == holder.sha and value in history.lookups and value != mention.value
        for (path, value), sha in history.first_seen.items()
    )


def _cites_itself(mention: HashMention) -> bool:
    """Return whether a hash is said to be the commit of the report itself, which GSD calls the plan's metadata commit."""
    words = f"{mention.subject} {mention.context}".lower()
    return any(word in words for word in ("metadata", "docs:", "docs(", "final commit", "complete plan"))

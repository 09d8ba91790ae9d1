"""Where the work of a gone commit lives on, if its account names each piece of work by a commit of its own.

There one commit stands for one hash: what the account rightly names for one piece cannot be another piece's twin.
"""

from collections.abc import Iterable
from datetime import datetime

from forensics.casework.attribution.titles import similar, subject_title
from forensics.casework.claims.twins import Account, Twin
from forensics.casework.paths import is_bookkeeping, locate
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import duration, quote, short
from forensics.model.report import HashMention
from forensics.model.steps import same_step

_EXACT = 12


def find_item(mention: HashMention, account: Account, own: tuple[Attribution, ...], history: History) -> Twin | None:
    """Return where the work of one gone item lives on; `own` are the commits of the step it is about."""
    holder = history.get(history.first_seen.get((mention.ref.path, mention.value))) or account.container
    latest = holder.commit_time if holder else None
    taken = {commit.sha for commit in account.confirmed}
    free = [
        one.commit
        for one in own
        if one.confidence is not Confidence.POSSIBLE
        and one.commit.sha not in taken
        and one.work
        and (latest is None or one.commit.author_time <= latest)
    ]
    alike = _alike(mention, free) or _alike(mention, _ahead(history, latest), exactly=True)
    if alike:
        why = f"{short(alike.sha)} has its subject, {quote(alike.subject)}, and was authored before the report"
        return Twin(Verdict.REWRITTEN, alike, Confidence.LIKELY, why)
    plan = mention.ref.path.rpartition("/")[0]
    folded = _folded(holder, account, plan) if holder else None
    if folded:
        return folded
    if free:
        why = f"{short(free[-1].sha)} is the same step's commit, {quote(free[-1].subject)}, authored before the report"
        return Twin(Verdict.REWRITTEN, free[-1], Confidence.POSSIBLE, why)
    return (_noted(mention, holder, taken, history) if holder else None) or _paperwork(mention, holder)


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


def _ahead(history: History, latest: datetime | None) -> Iterable[Commit]:
    return [one for one in history.commits.values() if latest is None or one.commit_time <= latest]


def _of_other(commit: Commit, mention: HashMention) -> bool:
    """Tell whether a commit's subject gives it to another step."""
    named = steps_of_commit(commit.subject)
    return bool(named) and not any(same_step(one, mention.about or "") for one in named)


def _alike(mention: HashMention, commits: Iterable[Commit], *, exactly: bool = False) -> Commit | None:
    """Return the last commit whose subject says what the account calls the item."""
    wanted = subject_title(mention.subject)
    if not wanted or (exactly and len(wanted) < _EXACT):
        return None
    fits = [
        commit
        for commit in commits
        if (title := subject_title(commit.subject))
        and (title.casefold() == wanted.casefold() if exactly else similar(title, wanted))
    ]
    return max(fits, key=lambda commit: commit.author_time, default=None)


def _holds_work(commit: Commit, plan: str) -> bool:
    return any(not is_bookkeeping(path, plan) for path in commit.paths())


def _folded(holder: Commit, account: Account, plan: str) -> Twin | None:
    """The commit that brought the hash brought work, too: the files the account names, or any where it names none."""
    names = [mention.path for mention in account.report.files]
    shared = any(locate(name, holder.paths()) for name in names)
    if not _holds_work(holder, plan) or (names and not shared):
        return None
    sure = Confidence.LIKELY if shared else Confidence.POSSIBLE
    why = f"{short(holder.sha)} brought the report together with work; the claimed commit was folded into it"
    return Twin(Verdict.REWRITTEN, holder, sure, why)


def _noted(mention: HashMention, holder: Commit, taken: set[str], history: History) -> Twin | None:
    """The commit right before the one that notes the hash; surer where a rebase made both of them anew."""
    before = history.get(holder.parents[0]) if len(holder.parents) == 1 else None
    if before is None or before.sha in taken or _of_other(before, mention):
        return None
    rebased = holder.rewritten_later and before.rewritten_later
    if not (rebased or _holds_work(before, mention.ref.path.rpartition("/")[0])):
        return None
    again = f", and both were made anew {duration(holder.commit_time - holder.author_time)} later" if rebased else ""
    why = f"{short(holder.sha)} noted it right after {short(before.sha)}, {quote(before.subject)}{again}"
    sure = Confidence.LIKELY if rebased and _alone(mention, holder, history) else Confidence.POSSIBLE
    return Twin(Verdict.REWRITTEN, before, sure, why)


def _alone(mention: HashMention, holder: Commit, history: History) -> bool:
    """Tell whether a commit noted this hash and no other one: several cannot all be the commit right before it."""
    noted = {
        value
        for (path, value), sha in history.first_seen.items()
        if path == mention.ref.path and sha == holder.sha and value in history.lookups
    }
    return noted <= {mention.value}


def _paperwork(mention: HashMention, holder: Commit | None) -> Twin | None:
    """The commit of the report itself, cited in the report: no commit can contain its own hash."""
    said = f"{mention.subject} {mention.context}".lower()
    if holder is None or not any(
        word in said for word in ("metadata", "docs:", "docs(", "final commit", "complete plan")
    ):
        return None
    why = f"the hash first appears inside {short(holder.sha)}, the commit it stands for, which cannot contain its own"
    return Twin(Verdict.SELF_CITING, holder, Confidence.LIKELY, why)

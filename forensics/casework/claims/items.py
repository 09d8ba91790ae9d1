"""Where the work of a gone commit lives on, if its account names each piece of work by a commit of its own.

One commit stands for one hash there: what an account rightly names for one piece of work cannot be another's twin.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter

from forensics.casework.attribution.titles import similar, subject_title
from forensics.casework.claims.commit_evidence import CommitEvidence
from forensics.casework.claims.named_commits import NamedCommits
from forensics.casework.claims.twin import Twin, self_citing
from forensics.casework.claims.twins import MIN_SUBJECT, authored_by, closeness
from forensics.casework.files import is_bookkeeping, is_document
from forensics.casework.join import Account
from forensics.casework.paths import locate
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution
from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, History
from forensics.model.prose import duration, quote, short
from forensics.model.report import HashMention
from forensics.model.steps import same_step

# A file in an item's own words ("Task 1: personality.ts and its tests"): a name and an ending.
_FILE = re.compile(r"(?<![\w./-])[\w./-]*\w\.[a-z]{1,4}\b")
# How far back from the commit that notes a hash its work may be: a phase's commits are noted together at its end.
_NOTED_WITHIN = 20


def find_item(
    mention: HashMention, account: Account, own: Sequence[Attribution], known: CommitEvidence, named: NamedCommits
) -> Twin | None:
    """Return where the work of one gone item lives on; `own` are the commits of the step it is about."""
    history = known.history
    holder = history.get(history.first_seen.get((mention.ref.path, mention.value))) or account.container
    latest = holder.commit_time if holder else None
    is_free = partial(named.is_free, mention=mention, account=account)
    work = [found.commit for found in own if found.confidence is not Confidence.POSSIBLE and found.work]
    free = list(filter(is_free, authored_by(latest, work)))
    if alike := _alike(mention, free) or max(
        filter(is_free, _titled_so(mention, latest, known)), key=attrgetter("author_time"), default=None
    ):
        why = f"{short(alike.sha)} has its subject, {quote(alike.subject)}, and was authored before the report"
        return Twin(Verdict.REWRITTEN, alike, Confidence.LIKELY, why, closeness=closeness(mention.subject, alike))
    if named_file := _of_its_file(mention, free):
        why = f"{short(named_file.sha)} is the same step's commit, and changes the file that the report names for it"
        return Twin(Verdict.REWRITTEN, named_file, Confidence.LIKELY, why, closeness=1)
    if squash := _squash(mention, authored_by(latest, work), named):
        return squash
    if account.report.beside and mention.about is None:
        return None  # what a check of the phase cites may be of any time, so where it was noted shows nothing
    folded = _folded(mention, holder, account) if holder else None
    if folded and holder and folded.confidence is Confidence.POSSIBLE:
        # Work of a later task may bring the ticked plan along: it is not the work of tasks that other commits name.
        before = list(filter(is_free, _before(holder, mention, known)))
        if named_one := _named_before(mention, holder, before):
            return named_one
    if folded and (
        folded.confidence is Confidence.LIKELY
        or is_free(folded.commit)
        or _is_in_checkpoint(mention, folded.commit, known, named)
    ):
        return folded
    if free:
        return _step_s_own(free)
    if holder is None:
        return None
    noted = _noted(mention, account, holder, list(filter(is_free, _before(holder, mention, known))), known)
    return noted or (self_citing(holder) if _cites_itself(mention) and is_free(holder) else None)


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


def _is_other_step_s(commit: Commit, mention: HashMention) -> bool:
    named = steps_of_commit(commit.subject)
    return bool(named) and not any(same_step(step, mention.about or "") for step in named)


def _alike(mention: HashMention, commits: Iterable[Commit]) -> Commit | None:
    """Return the commit whose subject is what the account calls the item, else the last that says the same."""
    fits = [(close, commit) for commit in commits if (close := closeness(mention.subject, commit))]
    return max(fits, key=lambda fit: (fit[0], fit[1].author_time), default=(0, None))[1]


def _titled_so(mention: HashMention, latest: datetime | None, known: CommitEvidence) -> Iterator[Commit]:
    """Yield the commits, of whatever step, with exactly the item's words as their subject."""
    wanted = subject_title(mention.subject).casefold()
    for commit in known.titled.get(wanted, ()) if len(wanted) >= MIN_SUBJECT else ():
        if latest is None or commit.commit_time <= latest:
            yield commit


def _of_its_file(mention: HashMention, commits: Sequence[Commit]) -> Commit | None:
    """Return the commit that changes more of the files named in the item's own words than any other.

    A file that one task creates, the next one fills: the task that sets up a module names the settings, too.
    """
    # A heading may name the plan's document, which is nobody's work; the item's own words may be about a document.
    names = [*_FILE.findall(mention.subject), *(n for n in _FILE.findall(mention.context) if not is_document(n))]
    changed = [(sum(locate(name, commit.paths()) is not None for name in set(names)), commit) for commit in commits]
    most = max((number for number, _ in changed), default=0)
    fits = [commit for number, commit in changed if number == most]
    return fits[0] if most and len(fits) == 1 else None


def _named_before(mention: HashMention, holder: Commit, before: Sequence[Commit]) -> Twin | None:
    """Return the commit before the one that brought the hash, if the item's words or files name it and not that one."""
    commit = next((commit for commit in before if _says(commit, mention.subject)), None)
    commit = commit or _of_its_file(mention, [*before, holder])
    if commit is None or commit is holder or _says(holder, mention.subject):
        return None
    why = f"{short(commit.sha)}, {quote(commit.subject)}, is the commit before the report that the item's words or files name"
    return Twin(Verdict.REWRITTEN, commit, Confidence.POSSIBLE, why, closeness=1)


def _squash(mention: HashMention, work: Sequence[Commit], named: NamedCommits) -> Twin | None:
    """Return the step's commit that adds all files which the account names for the item, and stands for gone items alone.

    An agent in a worktree commits a task's test and code one by one; its branch then lands as one commit, and all hashes
    in the report are gone. A commit that the account names by a hash of its own is the agent's, not a squash.
    """
    names = {name for name in _FILE.findall(mention.context) if not mention.ref.path.endswith(name)}
    for commit in work:
        added = {change.path for change in commit.changes or () if change.status == "A"}
        if names and all(locate(name, added) for name in names) and named.only_gone(commit):
            why = f"{short(commit.sha)} is the same step's commit, and adds all files that the report names for it"
            return Twin(Verdict.REWRITTEN, commit, Confidence.LIKELY, why, squash=True)
    return None


def _step_s_own(free: Sequence[Commit]) -> Twin:
    """Return the step's next commit that stands for no other item: items are listed in the order of their commits."""
    commit = free[0]
    if commit.rewritten_later:
        later = duration(commit.commit_time - commit.author_time)
        why = f"{short(commit.sha)} is the same step's commit, authored before the report and rewritten {later} later"
        return Twin(Verdict.REWRITTEN, commit, Confidence.LIKELY, why)
    why = f"{short(commit.sha)} is the same step's commit, {quote(commit.subject)}, authored before the report"
    return Twin(Verdict.REWRITTEN, commit, Confidence.POSSIBLE, why)


def _before(holder: Commit, mention: HashMention, known: CommitEvidence) -> list[Commit]:
    """Return the commits between the one that noted a hash and the one that changed the document before, newest first.

    If nothing shows when the document was changed before, the commits further back may be any work, so only the last
    one is returned.
    """
    found: list[Commit] = []
    commit: Commit | None = holder
    for _ in range(_NOTED_WITHIN):
        commit = known.history.get(commit.parents[0]) if commit and len(commit.parents) == 1 else None
        if commit is None:
            break
        if known.changes_document(commit, mention.ref.path):
            # A commit may change the document along with its work. If it notes hashes, they are of what came before it,
            # and only a checkpoint is noted in turn by the next commit.
            noted = (mention.ref.path, commit.sha) in known.noted
            says, works = _says(commit, mention.subject), _holds_work(commit, mention)
            return [*found, commit] if (says and works) or (not noted and (says or works)) else found
        if not _is_other_step_s(commit, mention):
            found.append(commit)
    return found[:1]


def is_all_that_was_claimed(commit: Commit, whole: Commit, mention: HashMention) -> bool:
    """Return whether a commit of documents is what a hash claims, or the squash changes a file that the item's words name.

    A checkpoint and the end of a plan are such commits, and so is one that says the item's words.
    """
    named = (locate(name, whole.paths()) for name in _FILE.findall(f"{mention.subject} {mention.context}"))
    return mention.closes or _cites_itself(mention) or _says(commit, mention.subject) or any(named)


def _says(commit: Commit, words: str) -> bool:
    """Return whether a commit's subject says the words of an item, with or without the number of its phase."""
    return similar(subject_title(commit.subject), subject_title(words)) or similar(commit.subject, words)


def _noted(
    mention: HashMention, account: Account, holder: Commit, before: Sequence[Commit], known: CommitEvidence
) -> Twin | None:
    """Return the commit, before the one that notes the hash, that the item's words or files name, else the last one.

    The last one may have any words, and only documents if its words are the item's: a checkpoint is such a commit.
    """
    alike = [commit for commit in before if _says(commit, mention.subject or account.report.title)]
    work = [commit for commit in before if _holds_work(commit, mention)]
    by_words = alike[0] if alike else _of_its_file(mention, before)
    last = next((commit for commit in before[:1] if commit in work or commit.rewritten_later), None)
    commit = by_words or last
    if commit is None:
        return None
    rebased = holder.rewritten_later and commit.rewritten_later
    again = f", and both were rewritten {duration(holder.commit_time - holder.author_time)} later" if rebased else ""
    after = "right after" if commit is before[0] else "after"
    why = f"{short(holder.sha)} noted it {after} {short(commit.sha)}, {quote(commit.subject)}{again}"
    alone = len(known.noted.get((mention.ref.path, holder.sha), ())) == 1
    sure = Confidence.LIKELY if rebased and alone else Confidence.POSSIBLE
    return Twin(Verdict.REWRITTEN, commit, sure, why, closeness=int(by_words is not None))


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
    return Twin(Verdict.REWRITTEN, holder, sure, why, squash=True)


def _is_in_checkpoint(mention: HashMention, holder: Commit, known: CommitEvidence, named: NamedCommits) -> bool:
    """Return whether the checkpoint that noted a hash may hold its work: it names no other, and noted no other.

    Agents tick a phase's tasks with one hash and commit their work and the plan as the checkpoint. Of several hashes the
    checkpoint can be only one.
    """
    return named.only_closes(holder) and len(known.noted.get((mention.ref.path, holder.sha), ())) == 1


def _cites_itself(mention: HashMention) -> bool:
    """Return whether a hash is said to be the commit of the report itself, which GSD calls the plan's metadata commit."""
    words = f"{mention.subject} {mention.context}".lower()
    return any(word in words for word in ("metadata", "docs:", "docs(", "final commit", "complete plan"))

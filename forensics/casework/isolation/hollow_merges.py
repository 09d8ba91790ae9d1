"""Pull requests that were merged without the work their messages list, because an earlier one had brought it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from forensics.casework.isolation.lineage import Lineage
from forensics.formats.tickets import code_words, sections
from forensics.model.history import Commit
from forensics.model.prose import count, quote, short
from forensics.model.pull import Pull
from forensics.model.source import CommitRef, Ref

# Names of code as a message writes them are whole words of the diff: `put` is not changed where `output` is.
_WORD = re.compile(r"\w+")
# A commit with fewer distinctive lines, or a message with fewer names of code, is missing by chance too easily.
_FEWEST_LINES = 3
_FEWEST_NAMES = 4
# One or two names of code are in many diffs: the landing that has the work must have changed three of the missing.
_FEWEST_CARRIED = 3
# A follow-up ("Tidy") touches a few of the lines again, and review changes some before the earlier landing.
_ABSENT = 0.1
_PRESENT = 0.8
# A landing that keeps most of its pull request's own lines is not empty, whatever else was brought in before it.
_KEPT = 0.5
# `chore: update the index` is in a dozen messages: it does not say which commit is meant.
_MOST_LISTS = 3
# The landing that swept the work up is of the same run. Equal lines from weeks ago are a coincidence.
_BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sign:
    """What shows that a landing is hollow, and where; with the landing and the commit that have the work, if known."""

    text: str
    ref: Ref
    carrier: Commit
    home: Commit | None = None


@dataclass(frozen=True, slots=True)
class HollowMerge:
    """`pull` was merged almost empty; `carrier` is the earlier landing that has the work, `home` the commit it was made in.

    `lines` are those of `home` that the carrier has, by file. `in_part` if it keeps most of its pull request's lines.
    """

    pull: Pull
    landing: Commit
    carrier: Commit
    home: Commit | None
    lines: tuple[tuple[str, int], ...]
    signs: tuple[Sign, ...]
    in_part: bool = False


def hollow_merges(lineage: Lineage) -> tuple[HollowMerge, ...]:
    """Return the landings that lack what their messages list, by the pull request's number."""
    found = []
    for pull in lineage.pulls:
        landing = lineage.history.get(pull.landing) if pull.squashed else None
        if landing is None or landing.sha not in lineage.history.patches or not (pull.step or pull.bullets):
            continue
        signs = () if _is_second_try(lineage, pull, landing) else tuple(_signs(lineage, pull, landing))
        if any(sign.home for sign in signs) or (signs and not landing.changes):
            carrier, home = signs[0].carrier, next((sign.home for sign in signs if sign.home), None)
            lines = lineage.shared_lines(carrier.sha, home.sha) if home else ()
            in_part = _keeps_its_work(lineage, pull, landing)
            found.append(HollowMerge(pull, landing, carrier, home, lines, signs, in_part))
    return tuple(found)


def _keeps_its_work(lineage: Lineage, pull: Pull, landing: Commit) -> bool:
    """Return whether a landing has most distinctive lines of the commits that it lists and its pull request brought."""
    brought = (lineage.history.commits[sha] for sha in pull.commits if sha in lineage.owners)
    own = {commit for commit in (*_listed(lineage, pull), *brought) if commit.sha not in lineage.landings}
    lines = frozenset(
        line
        for commit in own
        if not lineage.different_step(commit.sha, landing.sha)
        for line in lineage.distinctive_lines(commit.sha)
    )
    return len(lines & lineage.distinctive_lines(landing.sha)) > _KEPT * len(lines)


def _is_second_try(lineage: Lineage, pull: Pull, landing: Commit) -> bool:
    """Return whether an earlier pull request of the same ticket landed what this one lists: nothing is misplaced then."""
    listed = {pull.title, *pull.bullets}
    return any(
        other.landing in lineage.owners
        and other.number != pull.number
        and listed & {other.title, *other.bullets}
        and not lineage.different_step(other.landing, landing.sha)
        and lineage.reaches(landing.sha, other.landing)
        for other in lineage.pulls
    )


def _signs(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    yield from _lines_missing(lineage, pull, landing)
    yield from _names_missing(lineage, pull, landing)
    yield from _listed_before(lineage, pull, landing)
    if not landing.changes and not _meant_empty(lineage, pull):
        yield from _changes_nothing(lineage, pull, landing)


def _earlier(lineage: Lineage, landing: Commit) -> tuple[Commit, ...]:
    """Return the landings of other tickets within a day before this one."""
    made = attrgetter("commit_time")
    first = bisect_left(lineage.landed, landing.commit_time - _BEFORE, key=made)
    last = bisect_right(lineage.landed, landing.commit_time, key=made)
    return tuple(other for other in lineage.landed[first:last] if _is_below_and_other(lineage, landing, other))


def _is_below_and_other(lineage: Lineage, landing: Commit, other: Commit) -> bool:
    return lineage.reaches(landing.sha, other.sha) and lineage.different_step(other.sha, landing.sha)


def _listed(lineage: Lineage, pull: Pull) -> Iterator[Commit]:
    """Yield the commits that a landing's message lists, oldest first under each subject."""
    for subject in sorted({pull.title, *pull.bullets}):
        yield from (commit for commit in lineage.by_subject.get(subject, ()) if commit.sha not in lineage.landings)


def _lines_missing(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """A listed commit is not in the diff, and an earlier landing has nearly all of it, without having picked it."""
    listed = tuple(_listed(lineage, pull))
    for commit in listed:
        mine = lineage.distinctive_lines(commit.sha)
        kept = mine & lineage.distinctive_lines(landing.sha)
        absent = len(mine) >= _FEWEST_LINES and len(kept) <= _ABSENT * len(mine)
        if not absent or lineage.different_step(commit.sha, landing.sha):
            continue
        for carrier in _earlier(lineage, landing):
            taken = mine & lineage.distinctive_lines(carrier.sha)
            if len(taken) < _PRESENT * len(mine) or carrier.commit_time <= commit.author_time:
                continue
            # The lower branch of a stack landed its own work; a copy that the upper one lists has its title's words.
            if not lineage.different_step(commit.sha, carrier.sha) or _is_titled_so(lineage, carrier, commit):
                continue
            if not any(lineage.brought_on_purpose(lineage.landings[carrier.sha], work) for work in listed):
                text = (
                    f"its message lists {short(commit.sha)}, but it has {len(kept)} of that commit's "
                    f"{count(len(mine), 'distinctive line')}, and {short(carrier.sha)} had already brought {len(taken)}"
                )
                yield Sign(text, CommitRef(commit.sha), carrier, commit)
                return


def _is_titled_so(lineage: Lineage, carrier: Commit, commit: Commit) -> bool:
    return lineage.landings[carrier.sha].title == commit.subject


def _names_missing(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """Most names of code in the message are not in the diff, and a single earlier landing changed them."""
    own = next((text for subject, text in sections(landing.body) if subject == pull.title), None)
    named = code_words(own) if own else frozenset[str]()
    missing = named - _words(lineage, landing) if len(named) >= _FEWEST_NAMES else frozenset[str]()
    if 2 * len(missing) <= len(named):
        return
    found = [
        (other, carried)
        for other in _earlier(lineage, landing)
        if len(carried := missing & _words(lineage, other)) >= _FEWEST_CARRIED
    ]
    if len(found) == 1:
        [(carrier, carried)] = found
        names = ", ".join(quote(word) for word in sorted(carried)[:3])
        text = f"its message names {names}, which it does not touch and {short(carrier.sha)} had already changed"
        yield Sign(text, CommitRef(landing.sha), carrier)


def _words(lineage: Lineage, commit: Commit) -> frozenset[str]:
    patch = lineage.patch(commit.sha)
    texts = (line.text for side in (patch.added, patch.removed) for lines in side.values() for line in lines)
    return frozenset(_WORD.findall("\n".join((*commit.paths(), *texts))))


def _listed_before(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """An earlier landing of another ticket lists the same title, so it had the same commits."""
    for other in lineage.pulls if pull.title in pull.bullets and _identifying(lineage, {pull.title}) else ():
        if other.landing is None or other.number == pull.number or pull.title not in other.bullets:
            continue
        if (first := lineage.history.commits[other.landing]) in _earlier(lineage, landing):
            text = f"its title is already in the list of commits of {short(first.sha)}, which landed before it"
            yield Sign(text, CommitRef(first.sha), first)
            return


def _meant_empty(lineage: Lineage, pull: Pull) -> bool:
    """Return whether its own commits change nothing either: it was made as a record ("Close the audit")."""
    brought = [lineage.history.commits[sha] for sha in pull.commits]
    return bool(brought) and not any(commit.changes is None or commit.changes for commit in brought)


def _changes_nothing(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """It changes no file, and an earlier landing lists the same commits; a commit that only starts CI lists none."""
    work = [commit for commit in _listed(lineage, pull) if not lineage.different_step(commit.sha, landing.sha)]
    subjects = _identifying(lineage, {commit.subject for commit in work} or {pull.title, *pull.bullets})
    before = [
        first
        for other in lineage.pulls
        if other.landing and other.number != pull.number and subjects & {other.title, *other.bullets}
        if not any(lineage.brought_on_purpose(other, commit) for commit in work)
        if _is_below_and_other(lineage, landing, first := lineage.history.commits[other.landing])
    ]
    if before:
        lines = {line for commit in work for line in lineage.distinctive_lines(commit.sha)}
        carrier = max(before, key=lambda first: len(lines & lineage.distinctive_lines(first.sha)))
        text = f"it changes no file, and what its message lists had already landed as {short(carrier.sha)}"
        yield Sign(text, CommitRef(landing.sha), carrier)


def _identifying(lineage: Lineage, subjects: Set[str]) -> frozenset[str]:
    """Return the subjects that only a few pull requests list."""
    lists = Counter(subject for pull in lineage.pulls for subject in {pull.title, *pull.bullets} & subjects)
    return frozenset(subject for subject in subjects if lists[subject] <= _MOST_LISTS)

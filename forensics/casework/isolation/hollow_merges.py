"""Pull requests that landed without the work their messages tell of, because another one had taken it in before."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from forensics.casework.isolation.lineage import Lineage
from forensics.formats.tickets import code_words, sections
from forensics.model.history import Commit
from forensics.model.prose import count, quote, short
from forensics.model.pull import Pull
from forensics.model.source import CommitRef, Ref

_WORD = re.compile(r"\w+")
_FEWEST = 3
_ABSENT = 0.1
_PRESENT = 0.8
_WORDS = 4
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Hollow:
    """`pull` landed hollow; `carrier` is the earlier landing that has the work, `home` the commit it was made in.

    `signs` say how it shows, each with where it stands; `lines` are those of `home` that the carrier has, by file.
    """

    pull: Pull
    landing: Commit
    carrier: Commit | None
    home: Commit | None
    lines: tuple[tuple[str, int], ...]
    signs: tuple[tuple[str, Ref], ...]


@lru_cache(maxsize=2)
def hollow_pulls(lineage: Lineage) -> tuple[Hollow, ...]:
    """Return the landings that lack what they tell of, by number."""
    found = []
    for pull in lineage.pulls:
        landing = lineage.history.get(pull.landing) if pull.squashed else None
        if landing is None or landing.sha not in lineage.history.patches or not (pull.step or pull.bullets):
            continue
        signs = [
            *_by_lines(lineage, pull, landing),
            *_by_words(lineage, pull, landing),
            *_twice(lineage, pull, landing),
        ]
        if not landing.changes and not _meant_empty(lineage, pull):
            signs += _empty(lineage, pull, landing)
        if signs:
            carriers = [carrier for _, _, carrier, _ in signs if carrier is not None]
            homes = [home for _, _, _, home in signs if home is not None]
            carrier, home = next(iter(carriers), None), next(iter(homes), None)
            lines = lineage.shared_lines(carrier.sha, home.sha) if carrier and home else ()
            found.append(Hollow(pull, landing, carrier, home, lines, tuple((text, ref) for text, ref, _, _ in signs)))
    return tuple(found)


Sign = tuple[str, Ref, Commit | None, Commit | None]


def _earlier(lineage: Lineage, landing: Commit) -> tuple[Commit, ...]:
    """Return the landings of other tickets within a day before."""
    return tuple(
        one
        for one in lineage.landed[
            bisect_left(lineage.landed, landing.commit_time - _DAY, key=_made) : bisect_right(
                lineage.landed, landing.commit_time, key=_made
            )
        ]
        if one.sha != landing.sha and lineage.reaches(landing.sha, one.sha) and lineage.foreign_to(one.sha, landing.sha)
    )


def _made(commit: Commit) -> datetime:
    return commit.commit_time


def _told(lineage: Lineage, pull: Pull) -> Iterator[Commit]:
    """Yield the commits that a landing's message lists, oldest first under each subject."""
    for subject in sorted({pull.title, *pull.bullets}):
        yield from (one for one in lineage.by_subject.get(subject, ()) if one.sha not in lineage.landings)


def _by_lines(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """A commit that the message lists is not in the diff, but nearly whole in an earlier landing that did not mean to have it."""
    has = lineage.telling(landing.sha)
    for commit in _told(lineage, pull):
        mine = lineage.telling(commit.sha)
        if len(mine) < _FEWEST:
            continue
        if lineage.foreign_to(commit.sha, landing.sha) or len(mine & has) > _ABSENT * len(mine):
            continue
        for carrier in _earlier(lineage, landing):
            taken = mine & lineage.telling(carrier.sha)
            if any(lineage.meant(lineage.landings[carrier.sha], one) for one in _told(lineage, pull)):
                continue
            if len(taken) >= _PRESENT * len(mine) and carrier.commit_time > commit.author_time:
                yield (
                    f"of the {count(len(mine), 'telling line')} of {short(commit.sha)}, which its message lists, it has "
                    f"{len(mine & has)}, and {short(carrier.sha)} has {len(taken)}",
                    CommitRef(commit.sha),
                    carrier,
                    commit,
                )
                return


def _by_words(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """The code that the message tells of is not in the diff, but was changed by one earlier landing of another ticket."""
    own = next((text for subject, text in sections(landing.body) if subject == pull.title), None)
    told = code_words(own) if own else frozenset[str]()
    if len(told) < _WORDS:
        return
    lacking = told - _words(lineage, landing)
    if 2 * len(lacking) <= len(told):
        return
    carriers = [one for one in _earlier(lineage, landing) if len(lacking & _words(lineage, one)) >= _FEWEST]
    if len(carriers) == 1:
        named = ", ".join(quote(word) for word in sorted(lacking & _words(lineage, carriers[0]))[:3])
        yield (
            f"its message tells of {named}, which {short(carriers[0].sha)} changed and it does not touch",
            CommitRef(landing.sha),
            carriers[0],
            None,
        )


def _words(lineage: Lineage, commit: Commit) -> frozenset[str]:
    patch = lineage.patch(commit.sha)
    lines = (line.text for side in (patch.added, patch.removed) for ones in side.values() for line in ones)
    return frozenset(_WORD.findall("\n".join((*commit.paths(), *lines))))


def _twice(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """The subject it is titled with was listed before by another ticket's landing, which therefore had its commits."""
    for other in lineage.pulls:
        if other.landing is None or other.number == pull.number or pull.title not in other.bullets:
            continue
        first = lineage.history.commits[other.landing]
        if first in _earlier(lineage, landing) and pull.title in pull.bullets:
            yield (
                f"{short(first.sha)}, which landed before it, lists its title among its own commits",
                CommitRef(first.sha),
                first,
                None,
            )
            return


def _meant_empty(lineage: Lineage, pull: Pull) -> bool:
    """Tell whether its own commits change nothing either: a record that was meant to be one, and nobody took its work."""
    brought = [lineage.history.commits[sha] for sha in pull.commits]
    return bool(brought) and not any(one.changes is None or one.changes for one in brought)


def _empty(lineage: Lineage, pull: Pull, landing: Commit) -> Iterator[Sign]:
    """It changes nothing at all, and an earlier landing lists what it tells of; one that only starts CI tells of nothing."""
    work = [one for one in _told(lineage, pull) if not lineage.foreign_to(one.sha, landing.sha)]
    told = {one.subject for one in work} or {pull.title, *pull.bullets}
    before = [
        one
        for other in lineage.pulls
        if other.landing and other.number != pull.number and told & {other.title, *other.bullets}
        if not any(lineage.meant(other, commit) for commit in work)
        for one in [lineage.history.commits[other.landing]]
        if lineage.reaches(landing.sha, one.sha) and lineage.foreign_to(one.sha, landing.sha)
    ]
    if before:
        where = f"what its message lists had landed as {short(before[-1].sha)}"
        yield f"it changes nothing, and {where}", CommitRef(landing.sha), before[-1], None

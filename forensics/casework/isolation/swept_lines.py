"""Lines of one step that a commit of another carries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from forensics.casework.isolation.lineage import Lineage
from forensics.model.finding import Foreign
from forensics.model.history import Commit

_NEAR = timedelta(hours=24)
_FEWEST = 5
_SHARE = 0.5
_WHOLE = 0.8
_CROWD = 8


@dataclass(frozen=True, slots=True)
class Sweep:
    """`carrier` holds `files` (path, lines) of `home`, `owner`'s commit; `share` of home's telling lines, from 0 to 1."""

    carrier: Commit
    home: Commit
    owner: str
    share: float
    files: tuple[tuple[str, int], ...]

    @property
    def foreign(self) -> Foreign:
        """Return what a finding says of it."""
        return Foreign(self.carrier.sha, self.owner, self.home.sha, self.files)


@lru_cache(maxsize=2)
def sweeps(lineage: Lineage) -> tuple[Sweep, ...]:
    """Return the sweeps, by carrier, each home once for a carrier.

    Two commits, each surely of its step, and within a day, add the same telling lines: at least half of the smaller one's, and
    five or more, since two who mend one bug write a few alike. Neither was built on the other: what a commit's author had before him he may repeat, and only what
    was committed by the time the other was *written* counts as there, since a rebase puts it there afterwards.
    Commits that are the same as wholes are a cherry-pick; so is what a carrier's pull request picked, or was stacked on.
    What had landed was no half-done edit any more, and what a landing adds to a branch that has it already is a copy. Two
    commits to the very same files that agree in a part are two goes at one piece of work.
    """
    found: dict[tuple[float, str, str], Sweep] = {}
    for one, other in _pairs(lineage):
        carrier, home = _direction(lineage, one, other)
        if carrier is None or home is None or _was_there(lineage, one, other) or _was_there(lineage, other, one):
            continue
        if _copied(lineage, carrier, home):
            continue
        owner = lineage.owner(home.sha)
        if _picked_or_stacked(lineage, carrier, home) or _one_pull(lineage, carrier, home, owner):
            continue
        if _brings_back(lineage, home, carrier):
            continue
        share = _share(lineage, home, carrier)
        if share < _WHOLE and carrier.paths() == home.paths():
            continue
        made = Sweep(carrier, home, owner, share, lineage.shared_lines(carrier.sha, home.sha))
        key = (carrier.author_time.timestamp(), carrier.subject, owner)
        known = found.get(key)
        if known is None or _rank(made) < _rank(known):
            found[key] = made
    return tuple(sorted(found.values(), key=lambda sweep: (sweep.carrier.commit_time, sweep.carrier.sha, sweep.owner)))


def _rank(sweep: Sweep) -> tuple[float, float, float, str]:
    """Prefer the home that holds most, then the first copy of it, then the first carrier."""
    lines = sum(number for _, number in sweep.files)
    return -lines, sweep.home.commit_time.timestamp(), sweep.carrier.commit_time.timestamp(), sweep.home.sha


def _pairs(lineage: Lineage) -> Iterator[tuple[Commit, Commit]]:
    """Yield pairs of commits of different steps that share enough telling lines."""
    adding: dict[tuple[str, str], list[Commit]] = {}
    for commit in lineage.commits:
        for line in lineage.telling(commit.sha):
            adding.setdefault(line, []).append(commit)
    shared: Counter[tuple[str, str]] = Counter()
    for commits in adding.values():
        distinct = {(one.author_time, one.subject) for one in commits}
        if 1 < len(distinct) <= _CROWD and len(commits) <= _CROWD * _CROWD:  # a line that very many add tells nothing
            for place, one in enumerate(commits):
                for other in commits[place + 1 :]:
                    shared[one.sha, other.sha] += 1
    for (one_sha, other_sha), many in shared.items():
        if one_sha not in lineage.sure or other_sha not in lineage.sure:
            continue
        one, other = lineage.history.commits[one_sha], lineage.history.commits[other_sha]
        smaller = min(len(lineage.telling(one_sha)), len(lineage.telling(other_sha)))
        near = abs(one.author_time - other.author_time) <= _NEAR
        if many >= _FEWEST and many >= _SHARE * smaller and near and lineage.foreign_to(one_sha, other_sha):
            yield one, other


def _direction(lineage: Lineage, one: Commit, other: Commit) -> tuple[Commit | None, Commit | None]:
    """Return (carrier, home): the lines are most of home's, and a part of the carrier's; (None, None) where they are both's."""
    if _alike(lineage, one, other):
        return None, None
    return (other, one) if _share(lineage, one, other) > _share(lineage, other, one) else (one, other)


def _alike(lineage: Lineage, one: Commit, other: Commit) -> bool:
    """Tell whether two commits are the same as wholes."""
    return min(_share(lineage, one, other), _share(lineage, other, one)) >= _WHOLE


def _share(lineage: Lineage, of: Commit, by: Commit) -> float:
    mine = lineage.telling(of.sha)
    return len(mine & lineage.telling(by.sha)) / len(mine) if mine else 0.0


def _was_there(lineage: Lineage, source: Commit, commit: Commit) -> bool:
    """Tell whether a commit's author had the source before him: it, or a twin of it, was committed below or had landed by then."""
    return any(
        one.sha != commit.sha
        and (
            (one.sha in lineage.trunk and one.commit_time < commit.author_time)
            or (one.commit_time <= commit.author_time and lineage.reaches(commit.sha, one.sha))
        )
        for one in lineage.forms(source)
    )


def _copied(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Tell whether the carrier's landing adds the shared lines to a branch that has them from the home already."""
    shared = lineage.telling(home.sha) & lineage.telling(carrier.sha)
    return any(
        landing.sha in lineage.trunk
        and 2 * len(shared & lineage.telling(landing.sha)) > len(shared)
        and any(lineage.reaches(landing.sha, one.sha) for one in lineage.forms(home))
        for landing in lineage.landed_as(carrier)
        if landing.sha not in {one.sha for one in lineage.forms(home)}
    )


def _picked_or_stacked(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Tell whether the carrier's pull request has the home's commits on purpose: picked from elsewhere, or all at its bottom."""
    if any(
        twin.sha in lineage.owners and not lineage.foreign_to(twin.sha, home.sha) for twin in lineage.twins(carrier)
    ):
        return True
    if home.sha in lineage.landings and lineage.meant(lineage.landings[home.sha], carrier):
        return True
    pull = lineage.landings.get(carrier.sha)
    if pull is None:
        return False
    brought = [lineage.history.commits[sha] for sha in pull.commits]
    owned = [one for one in brought if one.sha in lineage.owners]
    theirs = [one for one in owned if not lineage.foreign_to(one.sha, home.sha)]
    mine = [one for one in owned if not lineage.foreign_to(one.sha, carrier.sha)]
    if any(_is_pick(one, twin) for one in theirs for twin in lineage.twins(one)):
        return True
    if lineage.meant(pull, home) or any(_alike(lineage, one, home) for one in mine if one.sha != carrier.sha):
        return True
    below = [one for one in theirs if all(lineage.reaches(above.sha, one.sha) for above in mine)]
    return bool(theirs) and bool(mine) and len(below) == len(theirs)


def _one_pull(lineage: Lineage, carrier: Commit, home: Commit, owner: str) -> bool:
    """Tell whether both are one pull request's, and the owner has none of its own: another name of the same ticket."""
    of_home = {pull.number: pull for pull in lineage.pulls_with(home.sha)}
    of_carrier = {pull.number: pull for pull in lineage.pulls_with(carrier.sha)}
    shared = [of_home[number] for number in of_home.keys() & of_carrier.keys()]
    return any(not lineage.has_own_pull(owner, pull) for pull in shared)


def _brings_back(lineage: Lineage, home: Commit, carrier: Commit) -> bool:
    """Tell whether the shared lines are old ones that the home's line had taken out before: it restored them."""
    shared = lineage.telling(home.sha) & lineage.telling(carrier.sha)
    gone = {path: lineage.restored(home, path) for path in {path for path, _ in shared}}
    new = [line for path, line in shared if line not in gone[path]]
    return len(new) < _FEWEST or len(new) < _SHARE * len(lineage.telling(home.sha))


def _is_pick(one: Commit, twin: Commit) -> bool:
    """Tell a cherry-pick, which has another parent, from an amend in place, which has not."""
    return one.parents != twin.parents

"""Lines of one step that a commit of another step carries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, takewhile

from forensics.casework.isolation.lineage import Lineage
from forensics.model.finding import MisplacedWork
from forensics.model.history import Commit

# Half-done edits lie in a folder while both agents work there. Equal lines written days apart were copied.
_NEAR = timedelta(hours=24)
# Two steps that fix the same bug write three or four equal lines.
_FEWEST = 5
# A few equal lines in two large files are boilerplate that both wrote.
_SHARE = 0.5
# A cherry-pick onto another base may lose some lines to a conflict, and is the same commit all the same.
_WHOLE = 0.8
# A line that more commits than this add (a flag switched on and off, generated code) identifies none of them.
_MOST_AUTHORS = 8
_MOST_COPIES = _MOST_AUTHORS * _MOST_AUTHORS  # rebased stacks have many copies of each commit


@dataclass(frozen=True, slots=True)
class SweptLines:
    """`carrier` holds `files` (path, lines) of `home`, `owner`'s commit; `share` of home's distinctive lines, from 0 to 1."""

    carrier: Commit
    home: Commit
    owner: str
    share: float
    files: tuple[tuple[str, int], ...]

    @property
    def misplaced(self) -> MisplacedWork:
        """Return them as the work that a finding names."""
        return MisplacedWork(self.carrier.sha, self.owner, self.home.sha, self.files)


def swept_lines(lineage: Lineage) -> tuple[SweptLines, ...]:
    """Return the swept lines by carrier; for each owner, the commit of which the carrier holds most.

    Two commits of different steps add the same distinctive lines within a day. Whichever step committed them first took
    them out of the folder in which the other one, their owner, was still writing them.
    """
    found: dict[tuple[float, str, str], SweptLines] = {}
    for pair in _pairs(lineage):
        carrier, home = _directed(lineage, *pair) or (None, None)
        if carrier and home and not _came_by_intention(lineage, carrier, home):
            owner, share = lineage.owner(home.sha), _share(lineage, home, carrier)
            swept = SweptLines(carrier, home, owner, share, lineage.shared_lines(carrier.sha, home.sha))
            key = (carrier.author_time.timestamp(), carrier.subject, owner)
            found[key] = min(found.get(key, swept), swept, key=_rank)
    return tuple(sorted(found.values(), key=lambda swept: (swept.carrier.commit_time, swept.carrier.sha, swept.owner)))


def _directed(lineage: Lineage, commit: Commit, other: Commit) -> tuple[Commit, Commit] | None:
    """Return which of two commits carries the other one's lines, and the other one; None if neither is known to.

    How much of each is shared says nothing: an owner who goes on writing has more in its commit than was swept.
    """
    shared = lineage.distinctive_lines(commit.sha) & lineage.distinctive_lines(other.sha)
    first, second = sorted((commit, other), key=lambda of: lineage.first_written(of, shared))
    # one that has a twin was rebased: it keeps the time at which its lines were written
    squashes = (of for of in (first, second) if of.sha in lineage.landings and not lineage.twins(of))
    landing = next(squashes, None)
    if landing and lineage.first_written(landing, shared) == landing.author_time:
        # a landing is made after the commits it squashes; where none of these has the lines, only the shares are left
        home = max((commit, other), key=lambda of: _share(lineage, of, first if of is second else second))
        return (first if home is second else second), home
    if _has_own_work(lineage, first, second):
        is_first = first.sha in lineage.landings or lineage.first_written(first, shared) == first.author_time
        return (first, second) if is_first else None
    # a commit of these lines alone was made for them; a merge that has them later brought them in
    return (second, first) if second.sha in lineage.landings else None


def _has_own_work(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether a carrier has more than the shared lines: a commit mostly of these was made for them, and later copied."""
    return _share(lineage, carrier, home) < _WHOLE or bool(_paths_of_its_own(lineage, carrier, home))


def _paths_of_its_own(lineage: Lineage, commit: Commit, other: Commit) -> frozenset[str]:
    """Return the files in which a commit adds distinctive lines, none of which the other one adds."""
    mine = lineage.distinctive_lines(commit.sha)
    shared = {path for path, _ in mine & lineage.distinctive_lines(other.sha)}
    return frozenset(path for path, _ in mine if path not in shared)


def _rank(swept: SweptLines) -> tuple[float, float, float, str]:
    """Prefer the home that holds most, then the first copy of it, then the first carrier."""
    lines = sum(number for _, number in swept.files)
    return -lines, swept.home.commit_time.timestamp(), swept.carrier.commit_time.timestamp(), swept.home.sha


def _pairs(lineage: Lineage) -> Iterator[tuple[Commit, Commit]]:
    """Yield pairs of commits of different steps that share enough distinctive lines."""
    for (sha, other_sha), number in _shared_line_counts(lineage).items():
        if sha not in lineage.sure or other_sha not in lineage.sure:
            continue
        commit, other = lineage.history.commits[sha], lineage.history.commits[other_sha]
        smaller = min(_in_shared_files(lineage, sha, other_sha), _in_shared_files(lineage, other_sha, sha))
        near = abs(commit.author_time - other.author_time) <= _NEAR
        if number >= _FEWEST and number >= _SHARE * smaller and near and lineage.different_step(sha, other_sha):
            yield commit, other


def _in_shared_files(lineage: Lineage, sha: str, other: str) -> int:
    """Return how many distinctive lines a commit adds to the files in which it shares some: a sweep takes whole files."""
    mine = lineage.distinctive_lines(sha)
    shared = {path for path, _ in mine & lineage.distinctive_lines(other)}
    return sum(path in shared for path, _ in mine)


def _shared_line_counts(lineage: Lineage) -> Counter[tuple[str, str]]:
    shared: Counter[tuple[str, str]] = Counter()
    repeated = lineage.history.repeated
    for line, commits in lineage.adding.items():
        distinct = {(commit.author_time, commit.subject) for commit in commits}
        if 1 < len(distinct) <= _MOST_AUTHORS and len(commits) <= _MOST_COPIES:
            shared.update(combinations((commit.sha for commit in commits), 2))
            # both files had the line before: each copied a neighbouring test, say, and neither copied the other one
            shared.subtract(combinations((commit.sha for commit in commits if line in repeated.get(commit.sha, ())), 2))
    return shared


def _came_by_intention(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether the lines may be in both commits because somebody put them there knowingly."""
    return (
        (_same_whole(lineage, carrier, home) and not _paths_of_its_own(lineage, carrier, home))
        or _had_before(lineage, home, carrier)
        or _had_before(lineage, carrier, home)
        or _copied(lineage, carrier, home)
        or _copied(lineage, home, carrier)
        or _picked_or_stacked(lineage, carrier, home)
        or _same_pull(lineage, carrier, home)
        or _restores(lineage, home, carrier)
        or _moves(lineage, carrier, home)
        or _begun_later(lineage, carrier, home)
        # two commits to the very same files that agree in a part are two attempts at one piece of work
        or (_share(lineage, home, carrier) < _WHOLE and carrier.paths() == home.paths())
    )


def _same_whole(lineage: Lineage, commit: Commit, other: Commit) -> bool:
    """Return whether each commit has nearly all of the other one's lines, as a cherry-pick has."""
    return min(_share(lineage, commit, other), _share(lineage, other, commit)) >= _WHOLE


def _share(lineage: Lineage, of: Commit, by: Commit) -> float:
    mine = lineage.distinctive_lines(of.sha)
    return len(mine & lineage.distinctive_lines(by.sha)) / len(mine) if mine else 0.0


def _had_before(lineage: Lineage, source: Commit, commit: Commit) -> bool:
    """Return whether a commit's author had the source: a version of it was committed below, or had landed by then.

    Only what was committed when the commit was *written* counts: a rebase may put it below afterwards.
    """
    return any(
        version.sha != commit.sha
        and (
            (version.sha in lineage.trunk and version.commit_time < commit.author_time)
            or (version.commit_time <= commit.author_time and lineage.reaches(commit.sha, version.sha))
        )
        for version in lineage.versions(source)
    )


def _copied(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether the carrier's landing adds the shared lines to a branch that already has them from the home."""
    shared = lineage.distinctive_lines(home.sha) & lineage.distinctive_lines(carrier.sha)
    versions = lineage.versions(home)
    return any(
        landing.sha in lineage.trunk
        and landing not in versions
        and 2 * len(shared & lineage.distinctive_lines(landing.sha)) > len(shared)
        and any(lineage.reaches(landing.sha, version.sha) for version in versions)
        for landing in lineage.landed_as(carrier)
    )


def _picked_or_stacked(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether the carrier's pull request has the home's commits on purpose: cherry-picked, or all at its bottom."""
    twins = lineage.twins(carrier)
    landed = lineage.landings.get(home.sha)
    if (landed and lineage.brought_on_purpose(landed, carrier)) or any(
        twin.sha in lineage.owners and not lineage.different_step(twin.sha, home.sha) for twin in twins
    ):
        return True
    pull = lineage.landings.get(carrier.sha)
    if pull is None:
        return False
    owned = [lineage.history.commits[sha] for sha in pull.commits if sha in lineage.owners]
    theirs = [commit for commit in owned if not lineage.different_step(commit.sha, home.sha)]
    mine = [commit for commit in owned if not lineage.different_step(commit.sha, carrier.sha)]
    stacked = theirs and mine and all(lineage.reaches(above.sha, commit.sha) for commit in theirs for above in mine)
    return (
        bool(stacked)
        or lineage.brought_on_purpose(pull, home)
        # a cherry-pick has another parent; an amend in place has the same one
        or any(commit.parents != twin.parents for commit in theirs for twin in lineage.twins(commit))
        or any(_same_whole(lineage, commit, home) for commit in mine if commit.sha != carrier.sha)
    )


def _same_pull(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether one pull request brought both, and the owner has none of its own: another name of the same ticket."""
    of_carrier = {pull.number for pull in lineage.pulls_with(carrier.sha)}
    shared = [pull for pull in lineage.pulls_with(home.sha) if pull.number in of_carrier]
    return any(not lineage.has_own_pull(lineage.owner(home.sha), pull) for pull in shared)


def _restores(lineage: Lineage, home: Commit, carrier: Commit) -> bool:
    """Return whether most shared lines are old ones: commits below the home had removed them, and the home restored them."""
    shared = lineage.distinctive_lines(home.sha) & lineage.distinctive_lines(carrier.sha)
    removed = {path: lineage.removed_below(home, path) for path in {path for path, _ in shared}}
    new = [line for path, line in shared if line not in removed[path]]
    return len(new) < max(_FEWEST, _SHARE * len(shared))


def _moves(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether most shared lines are moved ones: either step takes them out of another file, if in another commit."""
    shared = lineage.distinctive_lines(home.sha) & lineage.distinctive_lines(carrier.sha)
    paths = carrier.paths() & home.paths()  # two like files that both lose a line again are not moved
    moved = {(path, text) for path, text in shared if lineage.removed_elsewhere((carrier, home), paths, text)}
    return len(shared - moved) < max(_FEWEST, _SHARE * len(shared))


def _begun_later(lineage: Lineage, carrier: Commit, home: Commit) -> bool:
    """Return whether one's branch was only begun after the other had been committed: nothing of it lay in a folder then.

    So a later pull request takes over the work of one that it supersedes. A rebase hides when a branch was begun.
    """
    return any(
        (begun := _begun(lineage, of)) is not None and begun > other.author_time
        for of, other in ((carrier, home), (home, carrier))
        if other.sha not in lineage.landings
    )


def _begun(lineage: Lineage, commit: Commit) -> datetime | None:
    """Return when the commit was made that a commit's branch, or its pull request's, was begun on; None if unknown."""
    pull = lineage.landings.get(commit.sha)
    line = list(lineage.history.first_parents(pull.head if pull else commit.sha))
    inside = {*pull.commits} if pull else lineage.owners
    own = list(takewhile(lambda sha: sha in inside and (pull or not lineage.different_step(sha, commit.sha)), line))
    base = lineage.history.get(next(iter(line[len(own) :]), None))
    oldest = lineage.history.get(own[-1]) if own else None
    in_place = base and oldest and lineage.written_in_place(oldest) and base.commit_time <= oldest.author_time
    return base.commit_time if base and in_place else None

"""Pull requests found in git alone: their heads, what landed them, and which commits they brought."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter

from forensics.casework.attribution.ancestry import since as since_of
from forensics.formats.dialects import steps_of_commit
from forensics.formats.promotions import is_promotion
from forensics.formats.tickets import PULL_HEAD, bullets, pull_of_subject, without_pull
from forensics.model.history import Commit, History
from forensics.model.pull import Pull
from forensics.model.steps import same_step

# A landing made this long before its head was authored is of another pull request; less can be two machines' clocks.
_CLOCKS = timedelta(hours=1)
# A head for another base branch "brings" that branch's whole history; nobody reviews a thousand commits at once.
_MOST = 1_000
# Two steps in one pull request may be one step's, and another's commit by accident. A third makes it a run's branch.
_RUN = 3
_TIME = attrgetter("commit_time", "author_time", "sha")


def find_pulls(history: History) -> tuple[Pull, ...]:
    """Return every pull request that a head or a landing on the branch shows, by number.

    A squash names its number at the subject's end, a merge at its beginning; the last one to name it counts, unless
    it is empty: a second try after the first had landed. What a pull request brought is what its head reaches and the branch before its
    landing did not; today's branch would hide it.
    """
    trunk = first_parents(history)
    since = since_of(history.commits, trunk)
    heads = _heads(history)
    landings: dict[int, tuple[Commit, str | None]] = {}
    for sha in trunk:
        commit = history.commits[sha]
        found = pull_of_subject(commit.subject)
        if found and not (found[0] in landings and commit.changes == ()):
            landings[found[0]] = (commit, found[1])
    place = {sha: index for index, sha in enumerate(trunk)}
    known = {commit.sha for commit, _ in landings.values()}
    unnumbered = {
        _content([commit]): commit
        for sha in trunk
        if sha not in known and len((commit := history.commits[sha]).parents) == 1 and commit.changes
    }
    for number in sorted(heads.keys() - landings.keys()):
        brought = [history.commits[sha] for sha in _brought(heads[number], history, since, len(place))]
        landed = unnumbered.get(_content(brought)) if brought else None
        if landed:
            landings[number] = (landed, None)
    return tuple(
        _pull(number, heads.get(number), landings.get(number), (history, since, place))
        for number in sorted(heads.keys() | landings.keys())
    )


def _heads(history: History) -> dict[int, str]:
    """Return the pull requests' heads; of several remotes', a fork's say, `refs/pull` and then `origin` count."""
    found = [(match, tip) for ref, tip in sorted(history.refs.items()) if (match := PULL_HEAD.match(ref))]
    found.sort(key=lambda head: (head[0]["remote"] is not None, head[0]["remote"] != "origin"), reverse=True)
    return {int(match["number"]): tip for match, tip in found if tip in history.commits}


def with_steps(pulls: Sequence[Pull], owners: Mapping[str, str], known: Iterable[str]) -> tuple[Pull, ...]:
    """Return the pull requests with the step each is for: the one its title names, or the only one its commits are of.

    `owners` are commits' steps, `known` the plan's. A pull request that has nothing to do with the plan is left out. One
    that brings a whole run, of which the step in its title is only a part, is for no single step.
    """
    steps = tuple(known)
    found = []
    for pull in pulls:
        titled = [step for named in steps_of_commit(pull.title) for step in steps if same_step(step, named)]
        of_commits = Counter(owners[sha] for sha in {*pull.commits, pull.landing or ""} if sha in owners)
        if of_commits:
            ids = set(of_commits) if not titled or _is_of_run(of_commits, titled) else set(titled)
            found.append(replace(pull, step=ids.pop() if len(ids) == 1 else None))
    return tuple(found)


def _is_of_run(of_commits: Counter[str], titled: Iterable[str]) -> bool:
    """Return whether a pull request brings a run of at least three steps, most of it not of the steps in its title.

    Phases have ids like steps: `Phase 4.1` is also how plan 01 of phase 4 is written.
    """
    own = sum(of_commits[step] for step in set(titled))
    return len(of_commits) >= _RUN and 2 * own < of_commits.total()


def first_parents(history: History) -> tuple[str, ...]:
    """Return the line on which work landed, oldest first: what each commit came from, merges followed by first parent.

    Where a release merges the development branch into the main one, work landed on the development branch.
    """
    line: list[str] = []
    sha: str | None = history.head
    while sha is not None and sha in history.commits:
        line.append(sha)
        commit = history.commits[sha]
        promoted = len(commit.parents) == 2 and commit.parents[1] in history.commits and is_promotion(commit.subject)
        sha = commit.parents[1] if promoted else next(iter(commit.parents), None)
    return tuple(line[::-1])


def _content(commits: Iterable[Commit]) -> frozenset[tuple[str, str]]:
    """Return what commits, in order of time, leave in the files that they change."""
    left = {change.path: change.blob for commit in sorted(commits, key=_TIME) for change in commit.changes or ()}
    return frozenset(left.items())


def _pull(
    number: int,
    head: str | None,
    landed: tuple[Commit, str | None] | None,
    line: tuple[History, Mapping[str, int], Mapping[str, int]],
) -> Pull:
    history, since, place = line
    landing, branch = landed or (None, None)
    known = head if head in history.commits else None
    if landing and known and landing.commit_time < history.commits[known].author_time - _CLOCKS:
        landing = None  # another project's pull request of this number, taken over with its history
    squashed = landing is not None and len(landing.parents) < 2
    if known is None and landing is not None and not squashed:
        known = landing.parents[1] if landing.parents[1] in history.commits else None
    before = place[landing.sha] if landing else len(place)
    if landing is None and known not in place:
        before = since.get(known or "", before)  # it came with another one that was stacked on it
    brought = sorted((history.commits[sha] for sha in _brought(known, history, since, before)), key=_TIME)
    title = ""
    if landing:
        title = landing.subject if squashed else landing.body.partition("\n")[0]
    return Pull(
        number=number,
        head=known,
        landing=landing.sha if landing else None,
        squashed=squashed,
        title=without_pull(title, number),
        branch=branch,
        commits=tuple(commit.sha for commit in brought),
        bullets=bullets(landing.body) if landing and squashed else (),
    )


def _brought(head: str | None, history: History, since: Mapping[str, int], before: int) -> frozenset[str]:
    """Return what a head reaches that the branch's commit at place `before` made part of it, or nothing did.

    Nothing for more than anybody puts into one pull request: then it was made for another branch than this one.
    """
    seen: set[str] = set()
    todo = [head] if head else []
    while todo and len(seen) <= _MOST:
        sha = todo.pop()
        if sha not in seen and sha in history.commits and since.get(sha, before) >= before:
            seen.add(sha)
            todo += history.commits[sha].parents
    return frozenset(seen) if len(seen) <= _MOST else frozenset()

"""Pull requests and branches as units of work, where no session shows who did it."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from forensics.casework.attribution.pulls import first_parents
from forensics.casework.attribution.steps import oldest_first
from forensics.casework.attribution.tickets import Window, in_window
from forensics.model.case import Attribution
from forensics.model.claim import Confidence
from forensics.model.history import Commit, History, reachable
from forensics.model.plan import StepSpec, UnitKind
from forensics.model.pull import Pull
from forensics.model.source import CommitRef

_HEADS = ("refs/heads/", "refs/remotes/")
# Tools keep sessions and notes of reviews in branches that nobody works in.
_TOOLS = ("entire/", "gh-pages")


def units_in_git(
    history: History, pulls: Sequence[Pull], window: Window, known: AbstractSet[str], asked: frozenset[str] | None
) -> Iterator[tuple[StepSpec, tuple[Attribution, ...]]]:
    """Yield pull requests and unmerged branches of a time, with the commits that no session is known to have made."""
    taken = set(known)
    for pull in pulls:
        work = _fresh(
            [*pull.commits, *([pull.landing] if pull.landing and not pull.commits else [])], history, window, asked
        )
        if work and not any(commit.sha in taken for commit in work) and pull.landing not in known:
            taken |= {commit.sha for commit in work}
            yield _unit(pull.name, pull.title or work[-1].subject, UnitKind.PULL, work, "the pull request brought it")
        taken |= {*pull.commits}
    for name in branches(history):
        work = _fresh(commits_of_branch(history, name), history, window, asked)
        if work and not any(commit.sha in taken for commit in work):
            taken |= {commit.sha for commit in work}
            yield _unit(name, work[-1].subject, UnitKind.BRANCH, work, "only this branch has it")


def branches(history: History) -> tuple[str, ...]:
    """Return the names of the branches that are not the one examined, remote ones without their remote's name."""
    found: dict[str, None] = {}
    for ref in history.refs:
        name = _name(ref)
        if name and name not in {history.branch, "HEAD"} and not name.startswith(_TOOLS):
            found[name] = None
    return tuple(found)


def commits_of_branch(history: History, name: str) -> tuple[str, ...]:
    """Return the commits of a branch that the examined one has not, oldest first; all its own where it is that one."""
    tips = [tip for ref, tip in history.refs.items() if _name(ref) == name]
    own = reachable(history.commits, tips) - history.on_branch
    if not own and name == history.branch:
        return tuple(first_parents(history))
    ordered = sorted((history.commits[sha] for sha in own), key=attrgetter("place_in_time"))
    return tuple(commit.sha for commit in ordered)


def _name(ref: str) -> str:
    for head in _HEADS:
        if ref.startswith(head):
            rest = ref.removeprefix(head)
            return rest.partition("/")[2] if head == "refs/remotes/" else rest
    return ""


def _fresh(shas: Sequence[str], history: History, window: Window, asked: frozenset[str] | None) -> tuple[Commit, ...]:
    found = (history.commits[sha] for sha in shas if sha in history.commits)
    return tuple(
        commit
        for commit in found
        if commit.changes is not None and (commit.sha in asked if asked is not None else in_window(commit, window))
    )


def _unit(
    name: str, title: str, kind: UnitKind, work: Sequence[Commit], reason: str
) -> tuple[StepSpec, tuple[Attribution, ...]]:
    attributions = (Attribution(commit, Confidence.CERTAIN, reason) for commit in work)
    return StepSpec(name, title[:80], CommitRef(work[0].sha), kind=kind), oldest_first(attributions)

"""Which work tree an agent acted in: its own folder, one made by `git worktree add`, or one of no concern to the run."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from forensics.casework.files import is_bookkeeping
from forensics.formats.transcripts.git_calls import repositories_made, worktrees_added
from forensics.model.case import Case
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.transcript import AgentRun, BranchSeen, Command, CommitMade, Event, FileRead, FileWrite, TestRun

# Where orchestrators put the worktrees of their agents: `.worktrees/x`, `app-worktrees/x`, `.trees/x`.
_NESTED = re.compile(r"(?P<root>.*/(?:[\w.-]*worktrees?|\.trees)/[^/]+)(?:/|$)")

# One new `src/index.ts` in a package, while the repository has one at its top, does not make the package a work tree.
_FEWEST_OWN = 3


@dataclass(frozen=True, slots=True)
class Trees:
    """The roots of known work trees; `others` are repositories that agents made on the side."""

    roots: frozenset[str]
    others: frozenset[str]

    def of(self, place: str) -> str | None:
        """Return the root of the tree a path lies in: the nearest one above it; None for a place in no tree of the run."""
        nested = _NESTED.match(place)
        above = place
        while above not in self.roots | self.others:
            if nested and above == nested["root"]:
                return above
            if above in {"", "/", "."} or ":" in above[-2:]:
                return None
            above = posixpath.dirname(above)
        return above if above in self.roots else None


def trees_of(case: Case) -> Trees:
    """Return the work trees of a case: where agents with a branch began, what they added, and where known commits were made.

    A folder within another agent's tree is that tree's; so a commit made in one tells of no tree of its own, and neither
    does a session that began there, unless git printed that folder as a root.
    """
    agents = case.transcripts.agents
    ran = [event for agent in agents for event in agent.of(Command) if "git" in event.command]
    added = {path for event in ran for path in worktrees_added(event.command, plain(event.cwd))}
    made = {path for event in ran for path in repositories_made(event.command, plain(event.cwd))}
    roots = _Roots(case, frozenset(added | {path for event in ran for path in _printed(event)}))
    shown = {place: roots.of(place) for place in {plain(agent.cwd) for agent in agents if agent.cwd and agent.branch}}
    known_roots = roots.told | {root for root in shown.values() if root}
    open_places = {place for place, root in shown.items() if root is None}
    begun = known_roots | {place for place in open_places if not _is_inside(place, known_roots | open_places)}
    trees = Trees(frozenset(begun), frozenset(made - begun))
    known = by_digits(case.history)
    committed = {plain(event.cwd) for agent in agents for event in agent.of(CommitMade) if commit_of(event, known)}
    places = {roots.of(place) or place for place in committed if trees.of(place) is None}
    return Trees(trees.roots | places, trees.others)


class _Roots:
    """The root of the work tree that a folder lies in; `told` are those that git itself named."""

    def __init__(self, case: Case, told: frozenset[str]) -> None:
        self.told = told
        searched = case.history.searched
        self._submodules = (*searched.submodules_read, *searched.submodules_absent)
        self._used = {
            place_of(event, agent) or ""
            for agent in case.transcripts.agents
            for event in agent.events
            if isinstance(event, FileRead | FileWrite)
        }
        self._paths = {path for commit in case.history.commits.values() for path in commit.paths()}

    def of(self, place: str) -> str | None:
        """Return a folder's root as git told it, or as most files used below it show; None where nothing shows it.

        Many sessions of a monorepo begin in `packages/app`: what they write there as `src/a.ts`, the repository knows as
        `packages/app/src/a.ts`, so its root is two folders up.
        """
        if self._is_told(place):
            return place
        parts = place.split("/")
        votes: Counter[str] = Counter()
        for path in (inside(path, place) for path in self._used if path.startswith(f"{place}/")):
            for end in range(len(parts), 0, -1):
                if "/".join((*parts[end:], path)) in self._paths:
                    votes["/".join(parts[:end])] += 1
        most = max(votes.values(), default=0)
        first = [root for root, number in votes.items() if number == most]
        # As many for each decide nothing: `README.md` is in every folder.
        if len(first) == 1 and (first[0] != place or most >= _FEWEST_OWN):
            return first[0]
        return max((root for root in self.told if place.startswith(f"{root}/")), key=len, default=None)

    def _is_told(self, place: str) -> bool:
        """Return whether git named a folder as a root, or it is a worktree by its name, or a submodule."""
        nested = _NESTED.match(place)
        of_submodule = any(place.endswith(f"/{path}") for path in self._submodules)
        return place in self.told or of_submodule or bool(nested and nested["root"] == place)


def _printed(event: Command) -> Iterator[str]:
    """Yield the root that `git rev-parse --show-toplevel` printed: a line that is the command's folder, or one above it."""
    if "--show-toplevel" in event.command:
        place = plain(event.cwd)
        yield from (
            line for line in map(plain, event.output.split("\n")) if line and f"{place}/".startswith(f"{line}/")
        )


def _is_inside(place: str, others: Iterable[str]) -> bool:
    return any(place.startswith(f"{other.rstrip('/')}/") for other in others)


def place_of(event: Event, agent: AgentRun) -> str | None:
    """Return where an event acted: the file's path, or the command's folder; None for a launch."""
    match event:
        case FileRead(path=path) | FileWrite(path=path):
            return plain(posixpath.join(agent.cwd, path))
        case Command(cwd=cwd) | TestRun(cwd=cwd) | CommitMade(cwd=cwd) | BranchSeen(cwd=cwd):
            return plain(cwd)
    return None


def acts(agent: AgentRun, tree: str, trees: Trees) -> Iterator[Event]:
    """Yield what an agent did in a tree, in order."""
    for event in agent.events:
        if (place := place_of(event, agent)) is not None and trees.of(place) == tree:
            yield event


def works(event: Event, agent: AgentRun, tree: str, plan_path: str) -> bool:
    """Return whether what an agent did in a tree is work of its step: a commit, tests, or a file other than bookkeeping."""
    if isinstance(event, FileWrite):
        place = place_of(event, agent)
        return place is not None and not is_bookkeeping(inside(place, tree), plan_path)
    return isinstance(event, CommitMade | TestRun)


def inside(place: str, tree: str) -> str:
    """Return a path as seen from its tree."""
    return place.removeprefix(f"{tree.rstrip('/')}/")


def plain(path: str) -> str:
    """Return a path with forward slashes and without detours."""
    return posixpath.normpath(path.replace("\\", "/")) if path else ""


def by_digits(history: History) -> Mapping[str, tuple[Commit, ...]]:
    """Return the commits by the first seven digits of their ids."""
    return grouped((sha[:7], commit) for sha, commit in history.commits.items())


def commit_of(event: CommitMade, known: Mapping[str, tuple[Commit, ...]]) -> Commit | None:
    """Return the commit an agent made, if this clone has it and the id it printed names no other."""
    fits = [commit for commit in known.get(event.sha[:7], ()) if commit.sha.startswith(event.sha)]
    return fits[0] if len(fits) == 1 else None


def ancestry(case: Case) -> Mapping[str, tuple[str, ...]]:
    """Return of each agent itself and those that launched it, one through the other; the last one is its session."""
    parents = {run.id: run.parent for run in case.transcripts.agents}
    found: dict[str, tuple[str, ...]] = {}
    for agent in parents:
        line = [agent]
        while (parent := parents.get(line[-1])) and parent not in line:
            line.append(parent)
        found[agent] = tuple(line)
    return found

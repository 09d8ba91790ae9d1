"""Which work tree an agent acted in: its own folder, one made by `git worktree add`, or one of no concern to the run."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.casework.files import is_bookkeeping
from forensics.formats.transcripts.git_calls import repositories_made, worktrees_added
from forensics.model.case import Case
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.transcript import AgentRun, BranchSeen, Command, CommitMade, Event, FileRead, FileWrite, TestRun

# Where orchestrators put the worktrees of their agents: `.worktrees/x`, `app-worktrees/x`, `.trees/x`.
_NESTED = re.compile(r"(?P<root>.*/(?:[\w.-]*worktrees?|\.trees)/[^/]+)(?:/|$)")


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

    A folder within another agent's tree is that tree's; so a commit made in one tells of no tree of its own.
    """
    agents = case.transcripts.agents
    begun = {plain(agent.cwd) for agent in agents if agent.cwd and agent.branch}
    ran = [event for agent in agents for event in agent.of(Command) if "git" in event.command]
    added = {path for event in ran for path in worktrees_added(event.command, plain(event.cwd))}
    made = {path for event in ran for path in repositories_made(event.command, plain(event.cwd))}
    trees = Trees(frozenset(begun | added), frozenset(made - begun - added))
    known = by_digits(case.history)
    committed = {plain(event.cwd) for agent in agents for event in agent.of(CommitMade) if commit_of(event, known)}
    return Trees(trees.roots | {place for place in committed if trees.of(place) is None}, trees.others)


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

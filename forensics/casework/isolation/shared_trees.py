"""Work trees that agents of different steps shared at one time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.casework.agents.concurrency import at_once
from forensics.casework.agents.work_trees import Trees, acts, ancestry, inside, place_of, trees_of, works
from forensics.model.case import Case
from forensics.model.transcript import AgentRun, Command, CommitMade, Event, FileWrite, TestRun

_LOOKS = ("pwd", "git rev-parse --show-toplevel", "git status", "git worktree list", "git branch --show-current")


@dataclass(frozen=True, slots=True)
class Share:
    """What one agent did in a shared tree: everything, and the files it wrote there, as paths from the tree."""

    agent: AgentRun
    step: str
    events: tuple[Event, ...]
    written: Mapping[str, tuple[FileWrite, ...]]

    @property
    def committed(self) -> tuple[CommitMade, ...]:
        """Return the commits it made there."""
        return tuple(event for event in self.events if isinstance(event, CommitMade))


@dataclass(frozen=True, slots=True)
class SharedTree:
    """A tree, who worked in it, and which of them did so at the same time.

    `events` are everybody's commands and commits there. `known` False: the agents are of several sessions, whose folders
    may be two machines'.
    """

    root: str
    shares: tuple[Share, ...]
    pairs: tuple[tuple[Share, Share], ...]
    events: tuple[Command | TestRun | CommitMade, ...]
    known: bool


def shared_trees(case: Case) -> Iterator[SharedTree]:
    """Yield each tree in which agents of different steps, none launched by the other, worked at the same time."""
    pairs = list(at_once(case))
    if not pairs:
        return
    trees, line = trees_of(case), ancestry(case)
    step_of = {one.agent: one.step for one in case.ties}
    agents = {agent.id: agent for pair in pairs for agent in (pair.one, pair.other)}
    shares = {agent.id: _shares(agent, step_of[agent.id], trees, case.run.path) for agent in agents.values()}
    found: dict[str, list[tuple[Share, Share]]] = {}
    for pair in pairs:
        one, other = pair.one.id, pair.other.id
        if one in line[other] or other in line[one]:
            continue
        for root in sorted(shares[one].keys() & shares[other].keys()):
            both = shares[one][root], shares[other][root]
            if pair.launched or _overlap(*both):
                found.setdefault(root, []).append(both)
    for root, ones in sorted(found.items()):
        there = {share.agent.id: share for both in ones for share in both}
        sessions = {line[agent][-1] for agent in there}
        everything = tuple(
            event
            for agent in case.transcripts.agents
            for event in acts(agent, root, trees)
            if isinstance(event, Command | TestRun | CommitMade)
        )
        yield SharedTree(
            root, tuple(there[agent] for agent in sorted(there)), tuple(ones), everything, len(sessions) == 1
        )


def lacking(tree: SharedTree, case: Case) -> tuple[str, ...]:
    """Return which signs of isolation the transcripts lack; nothing where they show no commands."""
    ran = [
        event.command
        for agent in case.transcripts.agents
        for event in agent.events
        if isinstance(event, Command | TestRun)
    ]
    if not any(isinstance(event, Command | TestRun) for share in tree.shares for event in share.events):
        return ()
    found = [] if any("worktree add" in command for command in ran) else ["nobody ran `git worktree add`"]
    blind = [share.step for share in tree.shares if share.written and not _looked(share)]
    if len(blind) == len(tree.shares):
        found.append("none of them looked where it was (`pwd`, `git status`) before it wrote")
    return tuple(found)


def _shares(agent: AgentRun, step: str, trees: Trees, plan_path: str) -> dict[str, Share]:
    """Return what an agent did in each tree it worked in."""
    roots = {
        trees.of(place)
        for event in agent.events
        if isinstance(event, FileWrite | CommitMade) and (place := place_of(event, agent))
    }
    found = {}
    for root in sorted(filter(None, roots)):
        events = tuple(acts(agent, root, trees))
        written: dict[str, tuple[FileWrite, ...]] = {}
        for event in events:
            if isinstance(event, FileWrite) and works(event, agent, root, plan_path):
                path = inside(place_of(event, agent) or "", root)
                written[path] = (*written.get(path, ()), event)
        if written or any(isinstance(event, CommitMade) for event in events):
            found[root] = Share(agent, step, events, written)
    return found


def _overlap(one: Share, other: Share) -> bool:
    """Tell whether neither had done its last in the tree before the other did its first."""
    return one.events[0].moment <= other.events[-1].moment and other.events[0].moment <= one.events[-1].moment


def _looked(share: Share) -> bool:
    first = min(writes[0].moment for writes in share.written.values())
    return any(
        isinstance(event, Command) and event.moment <= first and any(look in event.command for look in _LOOKS)
        for event in share.events
    )

"""Work trees in which agents of different steps worked at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.casework.agents.ties import Together
from forensics.casework.agents.work_trees import Trees, acts, inside, place_of, works
from forensics.model.case import Case
from forensics.model.grouping import grouped
from forensics.model.transcript import AgentRun, Command, CommitMade, Event, FileWrite, TestRun

# Commands with which an agent finds out where it is, and whose edits are there already.
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

    `events` are all agents' commands and commits there. `tied` says that all its agents certainly worked on their steps. `known` is False where the agents are of several sessions: equal
    paths may then be folders on two machines.
    """

    root: str
    shares: tuple[Share, ...]
    pairs: tuple[tuple[Share, Share], ...]
    events: tuple[Command | TestRun | CommitMade, ...]
    known: bool
    tied: bool


def shared_trees(
    case: Case,
    overlaps: Sequence[Together],
    work_trees: Trees,
    launchers: Mapping[str, tuple[str, ...]],
    surely_tied: frozenset[str],
) -> tuple[SharedTree, ...]:
    """Return each tree in which agents of different steps, neither launched by the other, worked at the same time."""
    step_of = {tie.agent: tie.step for tie in case.ties}
    agents = {agent.id: agent for pair in overlaps for agent in (pair.one, pair.other)}
    shares = {agent.id: _shares(agent, step_of[agent.id], work_trees, case.run.path) for agent in agents.values()}
    pairs_by_root = grouped(
        (root, (shares[first][root], shares[second][root]))
        for pair in overlaps
        for first, second in [(pair.one.id, pair.other.id)]
        if first not in launchers[second] and second not in launchers[first]
        for root in shares[first].keys() & shares[second].keys()
        if pair.launched or _overlap(shares[first][root], shares[second][root])
    )
    trees = []
    for root, pairs in sorted(pairs_by_root.items()):
        there = {share.agent.id: share for both in pairs for share in both}
        events = tuple(
            event
            for agent in case.transcripts.agents
            for event in acts(agent, root, work_trees)
            if isinstance(event, Command | TestRun | CommitMade)
        )
        known = len({launchers[agent][-1] for agent in there}) == 1
        by_agent = tuple(there[agent] for agent in sorted(there))
        trees.append(SharedTree(root, by_agent, pairs, events, known, there.keys() <= surely_tied))
    return tuple(trees)


def missing_precautions(tree: SharedTree, case: Case) -> tuple[str, ...]:
    """Return which signs of isolation the transcripts lack; nothing where they show no commands."""
    if not any(isinstance(event, Command | TestRun) for share in tree.shares for event in share.events):
        return ()
    added = any("worktree add" in event.command for agent in case.transcripts.agents for event in agent.ran())
    found = [] if added else ["nobody ran `git worktree add`"]
    if all(share.written and not _looked(share) for share in tree.shares):
        found.append("none of them checked where it was (`pwd`, `git status`) before it wrote")
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
        written = grouped(
            (inside(place_of(event, agent) or "", root), event)
            for event in events
            if isinstance(event, FileWrite) and works(event, agent, root, plan_path)
        )
        if written or any(isinstance(event, CommitMade) for event in events):
            found[root] = Share(agent, step, events, written)
    return found


def _overlap(first: Share, second: Share) -> bool:
    """Return whether neither had finished in the tree before the other began there."""
    return max(first.events[0].moment, second.events[0].moment) <= min(
        first.events[-1].moment, second.events[-1].moment
    )


def _looked(share: Share) -> bool:
    first = min(writes[0].moment for writes in share.written.values())
    return any(
        isinstance(event, Command) and event.moment <= first and any(look in event.command for look in _LOOKS)
        for event in share.events
    )

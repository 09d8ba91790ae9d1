"""HEAD moved under an agent: its checkout was suddenly on another branch, and the agent had not switched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.agents.concurrency import just_looks
from forensics.casework.agents.work_trees import Trees, acts, place_of, works
from forensics.formats.transcripts.git_calls import in_one_place, is_plain, may_switch, switched_to
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.transcript import AgentRun, BranchSeen, Command, CommitMade, TestRun

# Transcripts record the branch some seconds before or after it was switched.
_SLACK = timedelta(minutes=1)
# After a longer silence between two records, a person may have switched.
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An agent was on `before` at `last`, and on `branch` at an event of its own, in one tree.

    Its own switch after `since` would explain it. Transcripts may record a branch late; a commit's own output is exact.
    """

    agent: AgentRun
    tree: str
    event: BranchSeen | CommitMade
    before: str
    branch: str
    last: datetime
    since: datetime

    @property
    def until(self) -> datetime:
        """Return the latest time of a switch that would explain it."""
        return self.event.moment + _SLACK


@dataclass(frozen=True, slots=True)
class HeadMove:
    """HEAD moved under an agent; `mover` is another agent, `switch` its command, None if only its presence is known.

    `commits` are those the agent then made on that branch.
    """

    seen: Sighting
    mover: AgentRun
    switch: Command | TestRun | None
    commits: tuple[CommitMade, ...]


def head_moves(case: Case, work_trees: Trees, launchers: Mapping[str, tuple[str, ...]]) -> tuple[HeadMove, ...]:
    """Return each sighting that another agent explains: by its switch, or by its presence when git printed the branch.

    What the agent may have switched itself, or its launcher, or an agent that it launched, is excluded.
    """
    step_of = {tie.agent: tie.step for tie in case.ties if tie.confidence is not Confidence.POSSIBLE}
    found: list[HeadMove | None] = []
    agents = case.transcripts.agents
    for agent in agents:
        if agent.id not in step_of or just_looks(agent):
            continue
        found_at = tuple(sightings(agent, work_trees))
        if not found_at:
            continue
        kin = [other for other in agents if agent.id in launchers[other.id] or other.id in launchers[agent.id]]
        others = [other for other in agents if other not in kin and step_of.get(other.id) != step_of[agent.id]]
        for seen in found_at if others else ():
            later = [event for event in acts(agent, seen.tree, work_trees) if event.moment >= seen.event.moment]
            if any(works(event, agent, seen.tree, case.run.path) for event in later):
                found.append(_explained(seen, kin, others, work_trees))
    return tuple(filter(None, found))


def sightings(agent: AgentRun, trees: Trees) -> Iterator[Sighting]:
    """Yield where an agent's records, or the commits git printed for it, are on another branch than before.

    A printed branch is compared with an earlier printed one, or with the agent's own switch.
    """
    printed: dict[str, tuple[str, datetime]] = {}
    since = agent.start
    for event in agent.events:
        tree = trees.of(place_of(event, agent) or "")
        if tree is None:
            continue
        match event:
            case BranchSeen(branch=branch, before=before, last=last):
                if abs(event.moment - last) <= _PAUSE:
                    yield Sighting(agent, tree, event, before, branch, min(last, event.moment) - _SLACK, since - _SLACK)
                since = event.moment
            case Command() | TestRun() if may_switch(event.command):
                printed.clear()
                if in_one_place(event.command) and (own := switched_to(event.command)) and _worked(event):
                    printed[tree] = own[-1], event.moment
            case CommitMade(branch=str(branch)):
                before, last = printed.get(tree, (branch, event.moment))
                if before != branch:
                    yield Sighting(agent, tree, event, before, branch, last, last)
                printed[tree] = branch, event.moment


def _explained(seen: Sighting, kin: Sequence[AgentRun], others: Sequence[AgentRun], trees: Trees) -> HeadMove | None:
    """Return what moved HEAD: the first switch to that branch; else, where git printed it, whoever was there too."""
    own = [event for agent in kin for event in agent.ran() if seen.since < event.moment <= seen.until]
    if any(may_switch(event.command) for event in own):
        return None
    commits = tuple(
        event
        for event in acts(seen.agent, seen.tree, trees)
        if isinstance(event, CommitMade) and event.moment >= seen.event.moment and event.branch == seen.branch
    )
    start = max(seen.last, seen.agent.start)
    for other in others:
        for event in acts(other, seen.tree, trees):
            if isinstance(event, Command | TestRun) and start <= event.moment <= seen.until and _switches(event, seen):
                return HeadMove(seen, other, event, commits)
    # a person may switch in a session's own folder, and a recipe (`make branch`) may switch unseen
    if isinstance(seen.event, BranchSeen) or not seen.agent.parent or not all(is_plain(event.command) for event in own):
        return None
    for other in others:
        if any(start <= event.moment <= seen.event.moment for event in acts(other, seen.tree, trees)):
            return HeadMove(seen, other, None, commits)
    return None


def _switches(event: Command | TestRun, seen: Sighting) -> bool:
    """Return whether a command switched to the branch that was seen then, as far as it is known to have run."""
    return (
        "git" in event.command
        and in_one_place(event.command)
        and switched_to(event.command)[-1:] == (seen.branch,)
        and _worked(event)
    )


def _worked(event: Command | TestRun) -> bool:
    return isinstance(event, TestRun) or (event.exit_code == 0 and "Already on" not in event.output)

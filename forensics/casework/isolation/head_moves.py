"""HEAD that moved under an agent: its checkout came to be on another branch, and it did not switch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.agents.concurrency import just_looks
from forensics.casework.agents.work_trees import Trees, acts, ancestry, place_of, trees_of, works
from forensics.formats.transcripts.git_calls import in_one_place, is_plain, may_switch, switched_to
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.transcript import AgentRun, BranchSeen, Command, CommitMade, TestRun

SLACK = timedelta(minutes=1)  # logs write the branch down seconds before or after it was switched
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An agent was on `before` at `last`, and on `branch` at an event of its own, in one tree.

    `since` is from when on a switch of its own would explain it: logs may be long behind, git's own word is not.
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
        """Return until when a switch would explain it."""
        return self.event.moment + SLACK


@dataclass(frozen=True, slots=True)
class Move:
    """HEAD moved under an agent; `mover` is another agent, `switch` its command, None if only its presence is known.

    `commits` are those the agent then made on that branch.
    """

    seen: Sighting
    mover: AgentRun
    switch: Command | TestRun | None
    commits: tuple[CommitMade, ...]


def head_moves(case: Case) -> Iterator[Move]:
    """Yield each sighting that another agent's switch explains, or another agent's presence beside git's own word.

    An agent that only looks is left alone, and so is one that did no work in the tree afterwards. What the agent may
    have switched itself, or one that launched it, or one that it launched, is nobody else's doing.
    """
    step_of = {one.agent: one.step for one in case.ties if one.confidence is not Confidence.POSSIBLE}
    victims = [one for one in case.transcripts.agents if one.id in step_of and not just_looks(one)]
    trees, line = trees_of(case), ancestry(case)
    for victim in victims:
        kin, others = [], []
        for one in case.transcripts.agents:
            if victim.id in line[one.id] or one.id in line[victim.id]:
                kin.append(one)
            elif step_of.get(one.id) != step_of[victim.id]:
                others.append(one)
        for seen in sightings(victim, trees) if others else ():
            later = [event for event in acts(victim, seen.tree, trees) if event.moment >= seen.event.moment]
            if any(works(event, victim, seen.tree, case.run.path) for event in later):
                yield from _explained(seen, kin, others, trees)


def sightings(agent: AgentRun, trees: Trees) -> Iterator[Sighting]:
    """Yield where an agent's records, or the commits git printed for it, are on another branch than before.

    What git printed is held against its word before: an earlier commit, or the agent's own switch.
    """
    told: dict[str, tuple[str, datetime]] = {}
    since = agent.start
    for event in agent.events:
        tree = trees.of(place_of(event, agent) or "")
        if tree is None:
            continue
        match event:
            case BranchSeen(branch=branch, before=before, last=last):
                if abs(event.moment - last) <= _PAUSE:
                    yield Sighting(agent, tree, event, before, branch, min(last, event.moment) - SLACK, since - SLACK)
                since = event.moment
            case Command() | TestRun() if may_switch(event.command):
                told.clear()
                if in_one_place(event.command) and (own := switched_to(event.command)) and _worked(event):
                    told[tree] = own[-1], event.moment
            case CommitMade(branch=str(branch)):
                before, last = told.get(tree, (branch, event.moment))
                if before != branch:
                    yield Sighting(agent, tree, event, before, branch, last, last)
                told[tree] = branch, event.moment


def _explained(seen: Sighting, kin: Sequence[AgentRun], others: Sequence[AgentRun], trees: Trees) -> Iterator[Move]:
    """Yield what moved HEAD: the first switch to that branch; else, on git's own word, whoever was there too."""
    own = [event for one in kin for event in _ran(one) if seen.since < event.moment <= seen.until]
    if any(may_switch(event.command) for event in own):
        return
    after = [one for one in acts(seen.agent, seen.tree, trees) if one.moment >= seen.event.moment]
    made = tuple(one for one in after if isinstance(one, CommitMade) and one.branch == seen.branch)
    start = max(seen.last, seen.agent.start)
    for other in others:
        for event in acts(other, seen.tree, trees):
            if isinstance(event, Command | TestRun) and start <= event.moment <= seen.until and _switches(event, seen):
                yield Move(seen, other, event, made)
                return
    if isinstance(seen.event, BranchSeen) or not seen.agent.parent or not all(is_plain(one.command) for one in own):
        return
    for other in others:
        if any(start <= event.moment <= seen.event.moment for event in acts(other, seen.tree, trees)):
            yield Move(seen, other, None, made)
            return


def _ran(agent: AgentRun) -> Iterator[Command | TestRun]:
    return (event for event in agent.events if isinstance(event, Command | TestRun))


def _switches(event: Command | TestRun, seen: Sighting) -> bool:
    """Tell whether a command switched to the branch that was seen then, as far as it is known to have run."""
    return (
        "git" in event.command
        and in_one_place(event.command)
        and switched_to(event.command)[-1:] == (seen.branch,)
        and _worked(event)
    )


def _worked(event: Command | TestRun) -> bool:
    return isinstance(event, TestRun) or (event.exit_code == 0 and "Already on" not in event.output)

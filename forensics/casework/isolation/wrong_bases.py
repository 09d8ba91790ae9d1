"""Launched agents that began in a worktree of their own from another commit than the one their launcher was at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from forensics.casework.agents.work_trees import Trees, by_digits, commit_of, place_of
from forensics.formats.transcripts.git_calls import git_calls, may_switch
from forensics.model.case import Case
from forensics.model.history import Commit, History
from forensics.model.transcript import AgentRun, BranchSeen, CommitMade, Launch

# A prompt that names where to start from chose the base: "branch off main", "from origin/main", "based on 1a2b3c4".
_BASE_NAMED = re.compile(
    r"\b(?:off|from|based on|on top of|rebase|base[sd]?)\b[^.\n]{0,40}\b(?:main|master|origin/\S+|develop|trunk|[0-9a-f]{7,40})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrongBase:
    """An agent's first commit, the commit that it began from, and the launcher's, which its work lacks.

    `behind` is how many of the launcher's commits are missing.
    """

    agent: AgentRun
    launcher: AgentRun
    launch: Launch
    made: CommitMade
    first: Commit
    base: Commit
    head: Commit
    behind: int


def wrong_bases(case: Case, work_trees: Trees, launches: Mapping[str, Launch]) -> tuple[WrongBase, ...]:
    """Return the agents whose first commit lacks what their launcher had committed before it launched them."""
    agents = {agent.id: agent for agent in case.transcripts.agents}
    known = by_digits(case.history)
    found = (
        _wrong_base(agents[name], agents[parent], launch, case.history, work_trees, known)
        for name, launch in launches.items()
        if name in agents and (parent := agents[name].parent) in agents and parent is not None
    )
    return tuple(filter(None, found))


def _wrong_base(
    agent: AgentRun,
    launcher: AgentRun,
    launch: Launch,
    history: History,
    trees: Trees,
    known: Mapping[str, tuple[Commit, ...]],
) -> WrongBase | None:
    made = next(agent.of(CommitMade), None)
    first = commit_of(made, known) if made else None
    head = _head_of(launcher, launch, known)
    if made is None or first is None or head is None or not first.parents:
        return None
    apart = trees.of(place_of(made, agent) or "") != trees.of(launcher.cwd)
    base = history.get(first.parents[0])
    if not apart or base is None or _chose_its_base(agent, made, launch):
        return None
    behind = history.ancestors([head.sha]) - history.ancestors([base.sha])
    # Only a base that the launcher had already left behind is wrong: an agent may well be ahead, on a branch of its own.
    left = base.sha in history.ancestors([head.sha])
    return WrongBase(agent, launcher, launch, made, first, base, head, len(behind)) if behind and left else None


def _head_of(launcher: AgentRun, launch: Launch, known: Mapping[str, tuple[Commit, ...]]) -> Commit | None:
    """Return the last commit that a launcher made before a launch; None if it, or somebody, moved HEAD afterwards."""
    made = [event for event in launcher.of(CommitMade) if event.moment <= launch.moment]
    if not made:
        return None
    moved = any(
        isinstance(event, BranchSeen) or may_switch(getattr(event, "command", ""))
        for event in launcher.events
        if made[-1].moment < event.moment <= launch.moment
    )
    return None if moved else commit_of(made[-1], known)


def _chose_its_base(agent: AgentRun, made: CommitMade, launch: Launch) -> bool:
    """Return whether the prompt names a base, or the agent moved HEAD itself before it committed."""
    moved = any(
        words[0] in {"checkout", "switch", "reset", "rebase", "merge", "pull", "cherry-pick", "worktree"}
        for event in agent.ran()
        if event.moment <= made.moment
        for words in git_calls(event.command)
    )
    return moved or bool(_BASE_NAMED.search(f"{launch.prompt}\n{agent.prompt}"))

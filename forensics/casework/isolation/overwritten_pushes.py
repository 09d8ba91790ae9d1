"""Commits that a forced push took off a remote branch, and who had made them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forensics.casework.agents.work_trees import Trees, place_of
from forensics.casework.claims.twins import successor
from forensics.casework.isolation.remade_work import committed_since, written_before
from forensics.formats.transcripts.pushes import Pushed, pushed
from forensics.model.case import Case
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.transcript import AgentRun, Command, CommitMade


@dataclass(frozen=True, slots=True)
class OverwrittenPush:
    """A forced push. `made` is the overwritten commit as its maker's transcript shows it, None if none does.

    `twin` is the commit that took over from it, where it was amended or rebased. `remade`: later commits have all files that
    its maker had written for it.
    """

    by: AgentRun
    ran: Command
    push: Pushed
    maker: AgentRun | None
    made: CommitMade | None
    twin: Commit | None = None
    remade: bool = False


def overwritten_pushes(case: Case, work_trees: Trees) -> tuple[OverwrittenPush, ...]:
    """Return forced pushes whose old commit nothing reaches any more."""
    makers = grouped(
        (event.sha[:7], (agent, event)) for agent in case.transcripts.agents for event in agent.of(CommitMade)
    )
    reached = case.history.ancestors((case.history.head, *case.history.refs.values()))
    kept = [case.history.commits[sha] for sha in reached]
    return tuple(
        _overwritten(agent, event, push, makers, case.history, kept, work_trees)
        for agent in case.transcripts.agents
        for event in agent.of(Command)
        for push in pushed(event)
        if push.forced
        and work_trees.of(place_of(event, agent) or "")
        and not _is_reached(push.old, case.history, reached)
    )


def _overwritten(
    agent: AgentRun,
    event: Command,
    push: Pushed,
    makers: Mapping[str, tuple[tuple[AgentRun, CommitMade], ...]],
    history: History,
    kept: Collection[Commit],
    trees: Trees,
) -> OverwrittenPush:
    known = [
        (maker, made)
        for maker, made in makers.get(push.old[:7], ())
        if (made.sha.startswith(push.old) or push.old.startswith(made.sha)) and made.moment <= event.moment
    ]
    maker, made = known[0] if known else (None, None)
    if maker is None or made is None:
        return OverwrittenPush(agent, event, push, None, None)
    files = written_before(maker, made, trees)
    remade = bool(files) and files <= committed_since(kept, made.moment)
    return OverwrittenPush(agent, event, push, maker, made, successor(made, history), remade)


def _is_reached(digits: str, history: History, reached: frozenset[str]) -> bool:
    return any(sha in reached for sha in history.commits if sha.startswith(digits))

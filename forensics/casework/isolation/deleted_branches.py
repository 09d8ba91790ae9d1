"""Branches that agents deleted although nothing else had their last commit, and whose work no later commit has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.casework.agents.work_trees import Trees, place_of
from forensics.casework.claims.twins import successor
from forensics.casework.isolation.remade_work import committed_since, written_before
from forensics.formats.transcripts.git_calls import git_calls
from forensics.model.case import Case
from forensics.model.transcript import AgentRun, Command, CommitMade

# git names the last commit of a branch that it deletes. With `-d` it refuses where nothing else has the commit.
_DELETED = re.compile(r"^Deleted branch (?P<branch>\S+) \(was (?P<sha>[0-9a-f]{7,64})\)\.?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DeletedBranch:
    """A branch that was deleted by force, and its last commit as its maker's transcript shows it.

    `files` are those that the maker had written before, and that no commit since has.
    """

    by: AgentRun
    ran: Command
    branch: str
    maker: AgentRun
    made: CommitMade
    files: tuple[str, ...]


def deleted_branches(case: Case, work_trees: Trees) -> tuple[DeletedBranch, ...]:
    """Return the deleted branches whose work is in no commit that this clone has."""
    return tuple(
        found
        for agent in case.transcripts.agents
        for event in agent.of(Command)
        if _forces(event.command) and work_trees.of(place_of(event, agent) or "")
        for match in _DELETED.finditer(event.output)
        for found in _deleted(agent, event, match["branch"], match["sha"], case, work_trees)
    )


def _forces(command: str) -> bool:
    return any(
        words[0] == "branch" and ("-D" in words or {"--force", "--delete"} <= set(words))
        for words in git_calls(command)
    )


def _deleted(by: AgentRun, ran: Command, branch: str, sha: str, case: Case, trees: Trees) -> Iterator[DeletedBranch]:
    """Yield the branch if a transcript shows who made its last commit, and nothing has that commit or its files."""
    if any(known.startswith(sha) for known in case.history.commits):
        return  # a pull request's head, another branch or the reflog has it
    for maker in case.transcripts.agents:
        made = next(
            (event for event in maker.of(CommitMade) if _is_same(event.sha, sha) and event.moment <= ran.moment), None
        )
        if made and successor(made, case.history) is None:
            files = written_before(maker, made, trees)
            if files and not files & committed_since(case.history.commits.values(), made.moment):
                yield DeletedBranch(by, ran, branch, maker, made, tuple(sorted(files)))
            return


def _is_same(sha: str, other: str) -> bool:
    return sha.startswith(other) or other.startswith(sha)

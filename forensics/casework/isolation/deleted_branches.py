"""Branches that agents deleted although nothing else had their last commit, and whose work no later commit has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.agents.work_trees import Trees, inside, place_of
from forensics.casework.claims.twins import successor
from forensics.formats.transcripts.git_calls import git_calls
from forensics.model.case import Case
from forensics.model.transcript import AgentRun, Command, CommitMade, FileWrite

# git names the last commit of a branch that it deletes. With `-d` it refuses where nothing else has the commit.
_DELETED = re.compile(r"^Deleted branch (?P<branch>\S+) \(was (?P<sha>[0-9a-f]{7,64})\)\.?$", re.MULTILINE)
# A branch is merged, or squashed, mostly before it is deleted and seldom a week later; a commit of its files in between
# may be its work under another subject.
_LATER = timedelta(days=7)
# Work of one commit is written within a working day before it.
_BEFORE = timedelta(hours=24)


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
            files = _written(maker, made, trees)
            if files and not files & _committed_since(case, made.moment):
                yield DeletedBranch(by, ran, branch, maker, made, tuple(sorted(files)))
            return


def _is_same(sha: str, other: str) -> bool:
    return sha.startswith(other) or other.startswith(sha)


def _written(maker: AgentRun, made: CommitMade, trees: Trees) -> frozenset[str]:
    found = set()
    for event in maker.of(FileWrite):
        place = place_of(event, maker) or ""
        root = trees.of(place)
        if root and timedelta() <= made.moment - event.moment <= _BEFORE:
            found.add(inside(place, root))
    return frozenset(found)


def _committed_since(case: Case, moment: datetime) -> frozenset[str]:
    return frozenset(
        path
        for commit in case.history.commits.values()
        # An amended or reworded commit keeps the time of its first version, and the files were written within that time;
        # git keeps whole seconds.
        if moment - timedelta(seconds=1) <= commit.commit_time <= moment + _LATER
        and commit.author_time >= moment - _BEFORE
        for path in commit.paths()
    )

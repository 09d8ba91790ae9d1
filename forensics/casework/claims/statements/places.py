"""Where a session's commands acted: in its own project, or in another one, whose tests and pushes show nothing of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from forensics.casework.agents.work_trees import plain
from forensics.casework.paths import in_tree
from forensics.formats.transcripts.checks import check_of
from forensics.formats.transcripts.git_calls import worktrees_added
from forensics.formats.transcripts.shell import joined, simple_commands
from forensics.formats.transcripts.test_commands import is_test_call
from forensics.model.history import History
from forensics.model.transcript import AgentRun, Command, CommitMade, FileWrite, TestRun

# A person's folder, for which `~` stands.
_HOME = re.compile(r"(?:/home/[^/]+|/Users/[^/]+|/root)(?=/|$)")
# A folder that a variable names: `cd "$OTHER"`, `cd ${OTHER}`.
_VARIABLE = re.compile(r"\$\{?(?P<name>\w+)\}?")


@dataclass(frozen=True)
class Places:
    """The work trees of a session and its subagents, as far as their events until a moment show them."""

    runs: tuple[AgentRun, ...]
    events: Sequence[object]
    history: History

    def has(self, ran: Command | TestRun | CommitMade) -> bool:
        """Return whether a command acted in the session's project: in a folder of its trees, or above one."""
        return self._has(ran.cwd if isinstance(ran, CommitMade) else place_of(ran.command, ran.cwd), ran)

    def _has(self, place: str, ran: Command | TestRun | CommitMade) -> bool:
        folder = self._resolved(place, "" if isinstance(ran, CommitMade) else ran.command)
        if folder is None or any(_related(folder, tree) for tree in self._trees):
            return True
        return any(_related(folder, tree) for tree in self._written)

    def _resolved(self, place: str, command: str) -> str | None:
        """Return a folder without `~` and without a variable that the command itself sets; None where it is not known."""
        if match := _VARIABLE.match(place):
            given = re.search(rf"\b{match['name']}=['\"]?(?P<value>[^\s;&'\"$]+)", command)
            place = given["value"] + place[match.end() :] if given else place
        if place.startswith("~/"):
            home = next((found[0] for run in self.runs if (found := _HOME.match(run.cwd))), "~")
            place = f"{home}{place[1:]}"
        return plain(place) if place.startswith("/") or place[1:2] == ":" or place.startswith("~/") else None

    @cached_property
    def _trees(self) -> frozenset[str]:
        """Return where agents began, the worktrees that they added, and where they made commits that git has."""
        known = {sha[:7] for sha in self.history.commits}
        ran = [event for event in self.events if isinstance(event, Command) and "worktree" in event.command]
        made = {e.cwd for e in self.events if isinstance(e, CommitMade) and e.sha[:7] in known}
        added = {path for event in ran for path in worktrees_added(event.command, event.cwd)}
        # Without a folder, as in some exports, nothing is elsewhere.
        return frozenset(map(plain, {run.cwd or "/" for run in self.runs} | made | added))

    @cached_property
    def _written(self) -> frozenset[str]:
        """Return the other trees of the same repository: agents edit `/srv/shop-wt1/src/tax.py`, which it has as `src/tax.py`."""
        paths = {path for commit in self.history.commits.values() for path in commit.paths() if "/" in path}
        found = set()
        for event in self.events:
            parts = plain(event.path).split("/") if isinstance(event, FileWrite) else []
            found |= {"/".join(parts[:start]) for start in range(2, len(parts) - 1) if "/".join(parts[start:]) in paths}
        return frozenset(found)


def _related(folder: str, tree: str) -> bool:
    """Return whether one of two folders lies in the other: a session may have begun in a part of its project."""
    return in_tree_or_same(folder, tree) or in_tree_or_same(tree, folder)


def in_tree_or_same(folder: str, root: str) -> bool:
    """Return whether a folder is another one or lies below it."""
    return folder.rstrip("/") == root.rstrip("/") or in_tree(folder, root) is not None


@lru_cache(4_096)
def place_of(command: str, cwd: str) -> str:
    """Return where the tests or checks of a command run: every `cd` before them counts, the first is in `cwd` already."""
    where = cwd
    for place, words in enumerate(simple_commands(command)):
        if is_test_call(words) or check_of(words):
            break
        if words[0] in {"cd", "pushd"} and len(words) > 1 and place:
            where = joined(where, words[1])
    return where

"""Which commit came from which, asked pair by pair: no set of ancestors is kept, and depth costs no recursion."""

from collections.abc import Mapping, Sequence

from forensics.model.grouping import grouped
from forensics.model.history import Commit


class Ancestry:
    """Ancestry in a history, whose branch's own line is `trunk`, oldest first."""

    def __init__(self, commits: Mapping[str, Commit], trunk: Sequence[str]) -> None:
        self._commits = commits
        self._place = {sha: index for index, sha in enumerate(trunk)}
        self._since = since(commits, trunk)
        self._depth = _depths(commits)

    def reaches(self, above: str, below: str) -> bool:
        """Return whether `below` is `above` or an ancestor of it. Times do not matter: clocks may be wrong."""
        least = self._depth.get(below)
        if least is None or above not in self._depth:
            return False
        seen: set[str] = set()
        todo = [above]
        while todo:
            sha = todo.pop()
            if sha == below:
                return True
            if sha in self._place:
                if self._since.get(below, len(self._place)) <= self._place[sha]:
                    return True
            elif sha not in seen and self._depth.get(sha, 0) > least:
                seen.add(sha)
                todo += self._commits[sha].parents
        return False


def since(commits: Mapping[str, Commit], trunk: Sequence[str]) -> dict[str, int]:
    """Return from which of the trunk's commits on each commit is part of the branch."""
    found: dict[str, int] = {}
    for index, tip in enumerate(trunk):
        todo = [tip]
        while todo:
            sha = todo.pop()
            if sha not in found and sha in commits:
                found[sha] = index
                todo += commits[sha].parents
    return found


def _depths(commits: Mapping[str, Commit]) -> dict[str, int]:
    """Return for each commit the length of its longest way down: an ancestor's is always less."""
    parents = {sha: {parent for parent in commit.parents if parent in commits} for sha, commit in commits.items()}
    children = grouped((parent, sha) for sha, below in parents.items() for parent in below)
    waiting = {sha: len(below) for sha, below in parents.items()}
    todo = [sha for sha, many in waiting.items() if not many]
    depths = dict.fromkeys(todo, 0)
    while todo:
        sha = todo.pop()
        for child in children.get(sha, ()):
            depths[child] = max(depths.get(child, 0), depths[sha] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                todo.append(child)
    return depths

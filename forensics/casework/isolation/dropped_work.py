"""Steps' commits that no ref reaches any more, and whose work no reachable commit has."""

from collections.abc import Mapping

from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.model.grouping import grouped
from forensics.model.history import Commit

# A commit without distinctive lines (a version number, a formatter's run) may have been made again anywhere.
_FEWEST = 3
# A squash or a second attempt rarely keeps every line; with half of them elsewhere, the work is not lost.
_MOST_ELSEWHERE = 0.5


def dropped_work(lineage: Lineage) -> Mapping[str, tuple[Commit, ...]]:
    """Return each step's dropped commits, oldest first.

    Most unreachable commits are earlier versions of others (amended, rebased, squashed or tried again) and are not dropped.
    """
    history = lineage.history
    reached = history.ancestors((history.head, *history.refs.values()))
    lost = [commit for commit in lineage.commits if commit.sha not in reached and commit.sha in lineage.sure]
    if not lost or history.searched.unread:  # behind damaged commits, nothing can be said to be unreachable
        return {}
    content = {change for sha in reached for change in history.commits[sha].content()}
    kept = [commit.sha for commit in lineage.commits if commit.sha in reached]
    lines = {line for sha in kept for line in lineage.distinctive_lines(sha)}
    return grouped(
        (lineage.owner(commit.sha), commit)
        for commit in lost
        for mine in [lineage.distinctive_lines(commit.sha)]
        if len(mine) >= _FEWEST and len(mine & lines) <= _MOST_ELSEWHERE * len(mine)
        if not any(twin.sha in reached for twin in lineage.twins(commit))
        if not _tried_again(lineage, commit, reached) and not commit.content() <= content
    )


def _tried_again(lineage: Lineage, commit: Commit, reached: frozenset[str]) -> bool:
    """Return whether the step changed one of the commit's files later, in a reachable commit."""
    steps = lineage.owners[commit.sha]
    return any(
        later.sha in reached
        and later.commit_time >= commit.author_time
        and later.paths() & commit.paths()
        and any(is_same_step(mine, other) for mine in steps for other in lineage.owners[later.sha])
        for later in lineage.commits
    )

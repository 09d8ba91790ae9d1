"""Steps' commits that no ref reaches any more, and whose work no reachable commit has."""

from collections.abc import Mapping

from forensics.casework.isolation.lineage import Lineage, is_same_step
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
    if not lost:
        return {}
    kept = [history.commits[sha] for sha in reached]
    content = {(change.path, change.blob) for commit in kept for change in commit.changes or ()}
    lines = {
        line for commit in lineage.commits if commit.sha in reached for line in lineage.distinctive_lines(commit.sha)
    }
    found: dict[str, tuple[Commit, ...]] = {}
    for commit in lost:
        mine = lineage.distinctive_lines(commit.sha)
        if len(mine) < _FEWEST or len(mine & lines) > _MOST_ELSEWHERE * len(mine):
            continue
        if any(twin.sha in reached for twin in lineage.twins(commit)) or _tried_again(lineage, commit, reached):
            continue
        if not {(change.path, change.blob) for change in commit.changes or ()} <= content:
            step = lineage.owner(commit.sha)
            found[step] = (*found.get(step, ()), commit)
    return found


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

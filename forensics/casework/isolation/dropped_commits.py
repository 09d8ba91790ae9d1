"""Steps' commits that no ref reaches any more, and whose work is nowhere that a ref reaches."""

from forensics.casework.isolation.lineage import Lineage, is_same
from forensics.model.history import Commit

_FEWEST = 3
_MOST = 0.5


def dropped(lineage: Lineage) -> dict[str, tuple[Commit, ...]]:
    """Return each step's dropped commits, oldest first.

    Most commits that nothing reaches are earlier states of others: amended or rebased (the author time stays), squashed
    (content or lines stand elsewhere), or tried again (the step changed one of these files later). None of these is dropped.
    """
    history = lineage.history
    reached = history.ancestors((history.head, *history.refs.values()))
    lost = [one for one in lineage.commits if one.sha not in reached and one.sha in lineage.sure and one.changes]
    if not lost:
        return {}
    kept = [history.commits[sha] for sha in reached]
    content = {(change.path, change.blob) for one in kept for change in one.changes or ()}
    lines = {line for one in lineage.commits if one.sha in reached for line in lineage.telling(one.sha)}
    found: dict[str, tuple[Commit, ...]] = {}
    for commit in lost:
        mine = lineage.telling(commit.sha)
        if len(mine) < _FEWEST or len(mine & lines) > _MOST * len(mine) or _again(lineage, commit, reached):
            continue
        if any(twin.sha in reached for twin in lineage.twins(commit)):
            continue
        if {(change.path, change.blob) for change in commit.changes or ()} <= content:
            continue
        step = lineage.owner(commit.sha)
        found[step] = (*found.get(step, ()), commit)
    return found


def _again(lineage: Lineage, commit: Commit, reached: frozenset[str]) -> bool:
    """Tell whether the step changed one of the commit's files later, in a commit that is reached."""
    steps = lineage.owners[commit.sha]
    return any(
        one.sha in reached
        and one.commit_time >= commit.author_time
        and one.paths() & commit.paths()
        and any(is_same(mine, other) for mine in steps for other in lineage.owners[one.sha])
        for one in lineage.commits
    )

"""The commits that a claimed range holds: what lies between its base and its head is the step's work, too."""

from forensics.model.history import Commit, History
from forensics.model.report import HashMention

# A longer range is a branch or the whole run, and says nothing about a single step.
MAX_RANGE = 200


def inside(mention: HashMention, history: History) -> tuple[Commit, ...]:
    """Return a range's commits before its head, oldest first; none where base and head are not on one line here."""
    base, head = (history.lookups.get(value or "") for value in (mention.since, mention.value))
    if base is None or head is None or base.sha not in history.commits or head.sha not in history.commits:
        return ()
    if base.sha is None or head.sha is None:
        return ()
    line = history.ancestors([head.sha])
    if base.sha not in line:
        return ()
    between = line - history.ancestors([base.sha]) - {head.sha}
    found = sorted((history.commits[sha] for sha in between), key=lambda commit: (commit.commit_time, commit.sha))
    return tuple(found) if len(found) <= MAX_RANGE else ()

"""Which commits a rebase made again, as their times show."""

from forensics.model.history import History


def rebased_commits(history: History) -> frozenset[str]:
    """Return the commits that a rebase committed again in a row: each was authored before the one below it was committed.

    An amended commit is committed later than it was authored, too, but alone.
    """
    rows = (
        (parent, commit)
        for commit in history.commits.values()
        if (parent := history.get(next(iter(commit.parents), None))) and commit.author_time < parent.commit_time
    )
    return frozenset(commit.sha for row in rows for commit in row if commit.rewritten_later)

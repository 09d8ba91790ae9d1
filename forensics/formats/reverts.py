"""Which commits a message says that it reverts."""

import re

# The line that `git revert` writes; a squash quotes it among its other subjects.
_REVERTS = re.compile(r"This reverts commit ([0-9a-f]{7,64})")


def reverted_commits(message: str) -> tuple[str, ...]:
    """Return the commits, as written, that a message reverts."""
    return tuple(dict.fromkeys(_REVERTS.findall(message)))

"""The commits that a claimed range holds: what lies between its base and its head is the step's work, too."""

from operator import attrgetter

from forensics.model.history import Commit, History
from forensics.model.report import HashMention

# A longer range is a branch or the whole run, and says nothing about a single step.
MAX_RANGE = 200


def inside(mention: HashMention, history: History) -> tuple[Commit, ...]:
    """Return a range's commits before its head, oldest first; none where base and head are not on one line here."""
    looked = (history.lookups.get(value or "") for value in (mention.since, mention.value))
    base, head = (history.get(lookup.sha) if lookup else None for lookup in looked)
    line = history.ancestors([head.sha]) if base and head else frozenset[str]()
    if base is None or head is None or base.sha not in line:
        return ()
    between = line - history.ancestors([base.sha]) - {head.sha}
    found = sorted((history.commits[sha] for sha in between), key=attrgetter("place_in_time"))
    return tuple(found) if len(found) <= MAX_RANGE else ()

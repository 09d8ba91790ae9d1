"""Titles of steps and subjects of commits: what they tell, and whether they say the same."""

import re
from functools import lru_cache

from forensics.formats.step_ids import title_of_heading

# Single letters and digits are numbers of steps and parts, not words that two titles share.
_WORD = re.compile(r"[a-z0-9_]{2,}")
# `WIP: `, `[wip] `: an amended commit often loses the mark, and its title is the same work all the same.
_WIP = re.compile(r"^\W*(?:\[?wip\]?)\W+", re.IGNORECASE)
# Words that stand in the title of every step: what is left without them says which step it is.
_PLAIN = re.compile(
    r"\b(?:add(?:ed|s)?|update[ds]?|execution|reports?|notes?|cycles?|steps?|tasks?|phases?|summary|results?|logs?|for|of|the|and|to|"
    r"docs?|complete[ds]?|completion|implement(?:ed|ation)?|wip)\b|[\W\d_]+",
    re.IGNORECASE,
)

# The words of `UserList`, `user_list` and `user list`.
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Shorter words are parts of others in paths (`lib`, `src`, `app`).
_SHORTEST = 4
# What is done, and to what kind of thing: tasks of any phase share these words, and paths have them, too.
_ACT = re.compile(
    r"add|appl(?:y|ie)|build|configure|create|define|design|ensure|extract|finalize|implement|integrate|make|migrate|"
    r"pass|polish|refactor|remove|rename|setup|test|update|verif(?:y|ie)|wire|write|with|from|into|that|"
    r"component|feature|file|function|main|model|module|package|page|screen|service|source|util|view|widget",
    re.IGNORECASE,
)


def is_distinctive(title: str) -> bool:
    """Return whether a title says anything about its step: `Cycle 1.3 Execution Report` does not."""
    return bool(_PLAIN.sub("", title))


def similar(title: str, other: str, share: float = 0.7) -> bool:
    """Return whether two titles say the same: the shorter one's words are mostly the longer one's.

    At the default share of 0.7, all of up to three words have to be shared: two short titles of one plan often share a
    word or two. Titles that say nothing resemble none.
    """
    first, second = _words(title), _words(other)
    smaller = min(len(first), len(second))
    return smaller > 0 and is_distinctive(title) and is_distinctive(other) and len(first & second) >= share * smaller


def alike(title: str, other: str) -> bool:
    """Return whether two titles share half of the shorter one's telling words, and at least two: one paraphrases the other."""
    # `Verify recall with the new format` is the step `Verify that recall gives valid reports`; one shared word is chance.
    first, second = _telling(title), _telling(other)
    return len(first & second) >= max(2, min(len(first), len(second)) / 2)


def same_work(title: str, other: str) -> bool:
    """Return whether two titles paraphrase each other, or name the same function: `read_queue()` in both."""
    return alike(title, other) or any("_" in word for word in _telling(title) & _telling(other))


def shared_words(title: str, other: str) -> int:
    """Return how many telling words two titles share."""
    return len(_telling(title) & _telling(other))


def names_plan(subject: str, plan: str) -> bool:
    """Return whether a subject has every word of a plan's name, which are two at least: `test split for task classification`."""
    name = frozenset(re.findall(r"[a-z]{2,}", plan.lower()))
    return len(name) > 1 and name <= _words(subject.replace("-", " "))


@lru_cache(maxsize=50_000)  # a gone hash is compared with every commit's subject
def subject_title(subject: str) -> str:
    """Return a commit subject without its WIP mark and step id."""
    return title_of_heading(_WIP.sub("", subject))


def named_things(text: str) -> frozenset[str]:
    """Return the things that a title or a path names, in the singular: `user` and `list` of `UsersList.tsx`, not `build`."""
    parts = (part.lower().removesuffix("s") for part in _PART.findall(text))
    return frozenset(part for part in parts if len(part) >= _SHORTEST and not _ACT.fullmatch(part))


def _telling(text: str) -> frozenset[str]:
    return _words(_PLAIN.sub(" ", text))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))

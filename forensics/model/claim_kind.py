"""What a claim is about: in a report, or in an agent's message."""

from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim is about. The last ten are read in messages, by the form of their words."""

    COMMIT = "commit"
    FILE = "file"
    RED = "red"
    GREEN = "green"
    COUNT = "count"
    TESTS = "tests"
    NEW_TESTS = "new-tests"
    FILES = "files"
    CLEAN = "clean"
    BRANCH = "branch"
    PULL = "pull"
    PUSHED = "pushed"
    COMMITTED = "committed"
    TREE = "tree"
    TODO = "todo"
    FAILURE = "failure"

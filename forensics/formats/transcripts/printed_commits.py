"""The commits that git prints when it makes them: `[branch sha] subject`."""

import re
from typing import NamedTuple

from forensics.formats.transcripts.git_calls import commits, git_call
from forensics.formats.transcripts.printed_results import runs_something, without_own_words
from forensics.formats.transcripts.shell import UNREADABLE, simple_commands

# Only the output of such a command is read: reports and logs that agents print quote the same lines. Recipes and aliases
# that commit have other names (`just ship`, `git ci`).
_MAY_COMMIT = re.compile(r"\b(?:commit|cherry-pick|revert|merge|rebase|am|ci|save|ship)\b")
_DETACHED = "detached HEAD"
# git allows branch names of about 250 bytes, and no space in them. The id has 7 digits or more.
_LINE = re.compile(
    rf"^\[(?P<branch>{_DETACHED}|[^\]\s]{{1,250}})(?: \(root-commit\))? (?P<sha>[0-9a-f]{{7,64}})\] (?P<subject>.*)$",
    re.MULTILINE,
)
# The verb stands at a command's start; one that is looked for further on costs time.
_LIMIT = 20_000


class PrintedCommit(NamedTuple):
    """A commit as git prints it; `branch` is None if HEAD was detached."""

    sha: str
    branch: str | None
    subject: str


def printed_commits(command: str, output: str) -> tuple[PrintedCommit, ...]:
    """Return the commits that a committing command printed, in order, each once.

    Its own words do not count, and neither does what it commits in a repository that an option names.
    """
    if not _MAY_COMMIT.search(command[:_LIMIT]) or not runs_something(command):
        return ()
    elsewhere = any(words[0] == "git" and git_call(words) == (UNREADABLE,) for words in simple_commands(command))
    if elsewhere and not commits(command):
        return ()
    found = {
        match["sha"]: PrintedCommit(
            match["sha"], None if match["branch"] == _DETACHED else match["branch"], match["subject"].strip()
        )
        for match in _LINE.finditer(without_own_words(command, output))
    }
    return tuple(found.values())

"""The commit that the work of a gone commit lives on in."""

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit, reachable
from forensics.model.prose import short


@dataclass(frozen=True, slots=True)
class Twin:
    """What became of a gone commit.

    `closeness` is 2 if the claim's words are this commit's subject, 1 if they name it in other words or by a file, else 0.
    `squash` if the commit brings the report with its work, so that
    it may stand for several gone ones.
    """

    verdict: Verdict
    commit: Commit
    confidence: Confidence
    reason: str
    closeness: int = 0
    squash: bool = False


def self_citing(commit: Commit) -> Twin:
    """Return a commit as the one that a hash stands for which first appears inside it."""
    why = f"the hash first appears inside {short(commit.sha)}, the commit it stands for, which cannot contain its own"
    return Twin(Verdict.SELF_CITING, commit, Confidence.LIKELY, why)


def rewritten_as(commit: Commit, other: Commit, commits: Mapping[str, Commit]) -> str:
    """Say why another commit is the same work; empty if one was made on top of the other.

    A script commits twice within a second, to the same file: the first is not what became of the second.
    """
    why = same_work(commit, other)
    built_on = why and (other.sha in reachable(commits, [commit.sha]) or commit.sha in reachable(commits, [other.sha]))
    return "" if built_on else why


def same_work(commit: Commit, other: Commit) -> str:
    """Say why another commit is the same work: amend, rebase and cherry-pick keep the author time; a squash, the content."""
    if commit.author_time == other.author_time and (commit.subject == other.subject or commit.paths() & other.paths()):
        return "has the same author time" + (" and subject" if commit.subject == other.subject else " and files")
    content = commit.content()
    return "changes the same files to the same content" if content and content <= other.content() else ""

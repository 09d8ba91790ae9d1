"""The commit that the work of a gone commit lives on in."""

from dataclasses import dataclass

from forensics.model.claim import Confidence, Verdict
from forensics.model.history import Commit
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


def same_work(commit: Commit, other: Commit) -> str:
    """Say why another commit is the same work: amend, rebase and cherry-pick keep the author time; a squash, the content."""
    if commit.author_time == other.author_time and (commit.subject == other.subject or commit.paths() & other.paths()):
        return "has the same author time" + (" and subject" if commit.subject == other.subject else " and files")
    content = commit.content()
    return "changes the same files to the same content" if content and content <= other.content() else ""

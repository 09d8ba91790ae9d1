"""What claimed commits are judged by: the history, whose its commits are, and what its commits noted and are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from forensics.casework.attribution.titles import subject_title
from forensics.casework.files import is_document
from forensics.casework.join import Join, WorkByStep
from forensics.model.case import RunKind
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History

# Git abbreviates to seven digits, so that many say which commit was meant where the rest of a longer hash is wrong.
DIGITS = 7


# Git itself writes these lines into a commit's message, so the hash they cite did exist.
_PICKED = re.compile(r"\(cherry picked from commit (?P<sha>[0-9a-f]{40})\)")
# At a line's beginning, as git writes it: a message that quotes another one in a sentence reverts nothing.
_REVERTED = re.compile(r"^This reverts commit (?P<sha>[0-9a-f]{40})", re.MULTILINE)


def changes_nothing(commit: Commit) -> bool:
    """Return whether a commit changes no file, or only documents; what a merge changes is not known."""
    return commit.changes is not None and all(map(is_document, commit.paths()))


@dataclass(frozen=True, slots=True)
class CommitEvidence:
    """What a claimed commit is judged by.

    History, each step's commits, every path the history ever had, its commits by their first digits, the files that
    the plan gives each step, the commits by title (`titled`), and the hashes that a commit was the first to note in a
    document (`noted`, by the document's path and the commit), the
    commits whose messages say of which one they are a copy (`picked`) or that they revert it (`reverted`), by its full
    id, and the folders in which the plan lay.
    """

    history: History
    commits_of: WorkByStep
    paths: frozenset[str]
    by_digits: Mapping[str, tuple[str, ...]]
    planned: Mapping[str, frozenset[str]]
    titled: Mapping[str, tuple[Commit, ...]]
    noted: Mapping[tuple[str, str], tuple[str, ...]]
    picked: Mapping[str, Commit]
    reverted: Mapping[str, Commit]
    folders: tuple[str, ...] = ()

    def changes_document(self, commit: Commit, path: str) -> bool:
        """Return whether a commit changes a report, also where it stood before the plan's folder was moved."""
        here = next((folder for folder in self.folders if path.startswith(f"{folder}/")), None)
        names = {folder + path.removeprefix(here) for folder in self.folders} if here else {path}
        return not names.isdisjoint(commit.paths())

    def owner(self, sha: str) -> tuple[str, Confidence] | None:
        """Return the step that a commit belongs to, by the surest attribution."""
        owners = [
            (step, found.confidence)
            for step, attributions in self.commits_of.items()
            for found in attributions
            if found.commit.sha == sha
        ]
        return max(owners, key=lambda owner: owner[1].rank, default=None)


def evidence_of(join: Join) -> CommitEvidence:
    """Collect from a run what its claimed commits are judged by."""
    history = join.history
    commits: WorkByStep = dict(join.commits)
    if join.tickets:  # a document may rightly mention a ticket's commit that no pull request landed
        commits = {step: (*found, *join.elsewhere.get(step, ())) for step, found in commits.items()}
    if join.run.kind is RunKind.SESSIONS:
        commits = {}  # a message tells of subagents' and other sessions' commits as well as of its own
    return CommitEvidence(
        history,
        commits,
        frozenset(path for commit in history.commits.values() for path in commit.paths()),
        grouped((sha[:DIGITS], sha) for sha in history.commits),
        {spec.id: frozenset(spec.files) for spec in join.plan.steps},
        grouped((subject_title(commit.subject).casefold(), commit) for commit in history.commits.values()),
        grouped(((path, sha), value) for (path, value), sha in history.first_seen.items() if value in history.lookups),
        _quoted(_PICKED, history),
        _quoted(_REVERTED, history),
        tuple(folder.path for folder in join.run.folders),
    )


def _quoted(line: re.Pattern[str], history: History) -> dict[str, Commit]:
    """Return the commits whose message has a line that git wrote about another one, by that one's id.

    Anybody can write such a line, so it counts only where the commit does something: a pick or a revert of work is work.
    """
    working = (commit for commit in history.commits.values() if commit.body and not changes_nothing(commit))
    bodies = ((commit, line.search(commit.body)) for commit in working)
    return {match["sha"]: commit for commit, match in bodies if match}

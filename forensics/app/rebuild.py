"""Rebuild lost commits from transcripts: read what agents did to files, ask git for the bases, make and try the commits."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from forensics.app.evidence import Scope
from forensics.app.transcripts import files_of
from forensics.casework.agents.work_trees import trees_of
from forensics.casework.isolation.lost_edits import lost_edits
from forensics.casework.run_time import RunTime
from forensics.formats.transcripts.file_acts import read_acts
from forensics.model.case import Case
from forensics.model.file_acts import Act
from forensics.model.history import Commit, History
from forensics.model.prose import quote
from forensics.model.rebuilt import Offer, RebuiltCommit
from forensics.model.recovery import Lost, Outcome
from forensics.model.source import Gap
from forensics.recovery.rebuild.bases import Bases
from forensics.recovery.rebuild.proofs import Identity, checked, identical, with_trailers
from forensics.recovery.rebuild.rebuilding import Contents, GitFile, Rebuilding, lost_commits
from forensics.sources.git_settings import GitError
from forensics.sources.rebuilt_commits import committers, make_commit, numbers_of, patch_of, tree_of, write_object
from forensics.sources.repository import Repository
from forensics.sources.trial import TrialTree

# Bytes. A larger file is not written by an agent's tool.
_LARGEST = 20_000_000
# Authors and zones that are tried for a commit's id: few people commit to one repository on one machine.
_MOST_IDENTITIES = 4


def rebuilt_commits(
    repository: Repository, scope: Scope, case: Case, today: History, lost: Sequence[Lost]
) -> tuple[tuple[RebuiltCommit, ...], tuple[Gap, ...]]:
    """Return the commits that the run's transcripts show and git does not have, rebuilt, and what stood in the way."""
    acts = _acts(repository, scope, case)
    if not acts:
        return (), (Gap("No transcript of this run was found, so nothing could be rebuilt from transcripts."),)
    thrown_away = lost_edits(case, trees_of(case))
    bases = Bases(today.commits, today.refs, today.head)
    try:
        found = rebuilt(repository, lost_commits(acts, bases, known_paths(today.commits.values()), thrown_away))
    except GitError as error:
        return (), (Gap(f"Lost commits could not be rebuilt: git says {quote(error.said)}"),)
    return tuple(replace(commit, step=_step(commit, lost)) for commit in found), ()


def _acts(repository: Repository, scope: Scope, case: Case) -> tuple[Act, ...]:
    """Read the run's transcripts once more, with the content that their tools show."""
    agents = case.transcripts.agents
    if not agents:
        return ()
    time = RunTime(min(agent.start for agent in agents), max(agent.end for agent in agents))
    files, _ = files_of(repository, scope.transcripts, scope.cwd, scope.environment, time, [])
    used = {path for agent in agents for path in (agent.path, *agent.paths)}
    return read_acts([(shown, pieces) for shown, pieces in files if shown in used])


def _step(commit: RebuiltCommit, lost: Sequence[Lost]) -> str:
    return next((known.step for known in lost if known.value[:7] == commit.sha[:7]), "")


def rebuilt(repository: Repository, found: Rebuilding) -> list[RebuiltCommit]:
    """Return the commits, after asking git for the files of their bases; raises GitError."""
    return found.rebuilt(contents_of(repository, found))


def contents_of(repository: Repository, found: Rebuilding) -> Contents:
    """Return the files that git has of each base, as far as they are asked for."""
    contents: dict[str, dict[str, GitFile]] = {}
    for base, paths in found.asked().items():
        entries = [(mode, blob, path) for mode, blob, path in repository.tree(base, "") if path in paths]
        blobs = repository.blobs([blob for mode, blob, _ in entries if mode.startswith("100")], _LARGEST)
        contents[base] = {path: GitFile(mode, blobs[blob]) for mode, blob, path in entries if blob in blobs}
    return contents


def known_paths(commits: Iterable[Commit]) -> frozenset[str]:
    """Return every path that any commit changed."""
    return frozenset(path for commit in commits for path in commit.paths())


def offers(repository: Repository, place: TrialTree, commits: Sequence[RebuiltCommit]) -> Iterator[Offer]:
    """Make each commit in the temporary repository, check it against what git printed, and apply it to the trial's tree."""
    made: dict[str, str] = {}
    for commit in commits:
        if not any(file.content is not None or file.deleted for file in commit.files):
            yield Offer(commit)
            continue
        parent = next((made[sha] for sha in reversed(commit.on) if sha in made), commit.base)
        try:
            offer = _made(repository, place.repository, commit, parent)
        except GitError as error:  # a path that git does not take
            yield Offer(commit, notes=(f"git says {quote(error.said)}",))
            continue
        made[commit.sha] = offer.made or commit.base
        yield _tried(place, offer)


def _made(repository: Repository, trial: Repository, commit: RebuiltCommit, parent: str) -> Offer:
    """Write one commit; if its very id can come out, as it was, else with trailers that say what it is."""
    known = list(_identities(committers(repository, commit.base)))
    author = commit.author or (known[0].name if known else "unknown <unknown>")
    sha = make_commit(trial, commit, parent, author, _with_trailers(commit))
    tree, numbers = tree_of(trial, sha), numbers_of(trial, parent, sha)
    began = commit.began or commit.moment
    content = None if commit.discarded else identical(commit, tree, [parent], began, known)
    if content is not None:
        return Offer(commit, identical=True, made=write_object(trial, content), tree=tree)
    commit, notes = checked(commit, numbers)
    if commit.author is None:
        notes = (*notes, "its author is the one who made most of the commits before it")
    return Offer(commit, made=sha, tree=tree, notes=notes)


def _tried(place: TrialTree, offer: Offer) -> Offer:
    tried = place.apply(offer.made or "")
    patch = patch_of(place.repository, "HEAD") if tried.outcome is Outcome.APPLIED else b""
    said = (f"git says {quote(tried.said)}",) if tried.said else ()
    return replace(offer, outcome=tried.outcome, conflicts=tried.files, patch=patch, notes=(*offer.notes, *said))


def _identities(rows: Sequence[tuple[str, str]]) -> Iterator[Identity]:
    """Yield who commits here and in which zone, the most frequent first."""
    counted = Counter((name, date[19:]) for name, date in rows)
    for (name, zone), _ in counted.most_common(_MOST_IDENTITIES):
        with contextlib.suppress(ValueError):  # a broken clock's zone, such as +99:00
            yield Identity(name, datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").tzinfo)


def _with_trailers(commit: RebuiltCommit) -> str:
    """Return the message with trailers that say that the commit was rebuilt, and from which record."""
    own = "" if commit.discarded else f"Rebuilt-commit: {commit.sha}\n"
    return f"{with_trailers(commit.message)}{own}Rebuilt-from: {commit.record}\n"

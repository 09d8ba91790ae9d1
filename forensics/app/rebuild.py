"""Rebuild lost commits from transcripts: read what agents did to files, ask git for the bases, put the commits together."""

from collections.abc import Iterable

from forensics.model.history import Commit
from forensics.model.rebuilt import RebuiltCommit
from forensics.recovery.rebuild.rebuilding import Contents, GitFile, Rebuilding
from forensics.sources.repository import Repository

# Bytes. A larger file is not written by an agent's tool.
_LARGEST = 20_000_000


def rebuilt(repository: Repository, found: Rebuilding) -> list[RebuiltCommit]:
    """Return the commits, after asking git for the files of their bases."""
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

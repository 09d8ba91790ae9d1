"""Lines that a commit adds to a file which has them already: copies of a neighbouring test, say, which do not identify the commit."""

from collections import Counter
from collections.abc import Iterator, Mapping

from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.patch import Patch
from forensics.sources.repository import Repository

# Fewer equal lines in two commits prove nothing anyway, so that nobody asks where they come from.
_FEWEST = 5
# Bytes. A larger file is generated, or data.
_LIMIT = 1_000_000
# A run of a thousand tickets has a few dozen; the bound is for a history of copies (an import, a rebased stack).
_MOST_FILES = 2_000


def repeated_lines(
    repository: Repository, commits: Mapping[str, Commit], patches: Mapping[str, Patch]
) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return by commit the (path, line) that it adds and its parent's file has; only where another commit adds them too."""
    places = sorted(_places(commits, patches))[:_MOST_FILES]
    before = repository.blobs_at({(commits[sha].parents[0], path) for sha, path in places}, _LIMIT)
    found = []
    for sha, path in places:
        content = before.get((commits[sha].parents[0], path), b"").decode("utf-8", "replace")
        had = {line.strip() for line in content.split("\n")}
        found += [(sha, (path, text)) for text in _texts(patches[sha], path) if text in had]
    return {sha: frozenset(lines) for sha, lines in grouped(found).items()}


def _places(commits: Mapping[str, Commit], patches: Mapping[str, Patch]) -> Iterator[tuple[str, str]]:
    """Yield (commit, path) where it changes a file and at least two commits, copies aside, add the same lines to it."""
    by_path = grouped((path, sha) for sha, patch in patches.items() for path in patch.added if sha in commits)
    for path, shas in by_path.items():
        versions = {(commits[sha].author_time, commits[sha].subject): sha for sha in shas}
        if len(versions) < 2:
            continue
        many = Counter(text for sha in versions.values() for text in _texts(patches[sha], path))
        for sha in shas:
            changed = any(change.path == path and change.status == "M" for change in commits[sha].changes or ())
            if changed and sum(many[text] > 1 for text in _texts(patches[sha], path)) >= _FEWEST:
                yield sha, path


def _texts(patch: Patch, path: str) -> set[str]:
    return {line.text.strip() for line in patch.added[path]}

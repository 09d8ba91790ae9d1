"""`python -m accuracy.rebuilt CLONES…`: hide commits that sessions in git show being made, rebuild them, compare."""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from forensics.app.rebuild import known_paths, offers, rebuilt
from forensics.formats.transcripts.file_acts import read_acts
from forensics.model.file_acts import Act
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.rebuilt import RebuiltCommit, RebuiltFile, Sureness
from forensics.recovery.rebuild.bases import Bases
from forensics.recovery.rebuild.made_commits import MadeCommit, made_commits
from forensics.recovery.rebuild.rebuilding import rebuilding
from forensics.recovery.rebuild.trees import trees_of
from forensics.sources.checkpoints import checkpoint_files
from forensics.sources.git_log import HistoryLog
from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.transcripts import chunks, find
from forensics.sources.trial import trial_tree

# Bytes of sessions kept in git that are read; the figures are of what is kept, not of what fits a default.
_LIMIT = 2_000_000_000


@dataclass(slots=True)
class Figures:
    """Files by (sureness, right, wrong, missed, extra) and commits by how they came out."""

    files: Counter[tuple[str, str]] = field(default_factory=Counter)
    commits: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each clone and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument(
        "--transcripts", nargs="*", default=[], help="files or folders, in place of the sessions in git"
    )
    parser.add_argument("--prove", action="store_true", help="also make each commit, and compare ids and line counts")
    parser.add_argument("--misses", action="store_true", help="print each file that did not come out byte-identical")
    options = parser.parse_args(arguments)
    total = Figures()
    for clone in options.clones:
        found = measured(clone, options.transcripts, prove=options.prove)
        print(f"{clone.name}: {summary(found)}")
        if options.misses:
            print("\n".join(found.misses))
        total.files += found.files
        total.commits += found.commits
    print(f"all: {summary(total)}")
    return 0


def measured(clone: Path, transcripts: Sequence[str] = (), *, prove: bool = False) -> Figures:
    """Hide each commit that the sessions show being made, with all that follows it, and rebuild it."""
    repository = Repository.discover(clone)
    head = repository.head() or ""
    commits = dict(HistoryLog(repository.log([head])).commits)
    acts = _acts(repository, transcripts)
    trees = trees_of(acts, known_paths(commits.values()))
    made = made_commits(acts, trees)
    known = Bases(commits, repository.refs(), head)
    figures = Figures()
    for each in made:
        actual = known.find(each.sha)
        if actual is None or actual.changes is None:
            figures.commits["not in the clone"] += actual is None
            continue
        hidden = _descendants(commits, actual)
        bases = _without(hidden, commits, repository.refs(), head)
        try:
            found = rebuilt(repository, rebuilding(acts, [each], made, trees, bases))
            if prove and found:
                found = [_proven(figures, repository, found[0])]
        except GitError:  # a partial clone
            figures.commits["of which this clone lacks files"] += 1
            continue
        _compare(figures, each, actual, found[0] if found else None)
    return figures


def _proven(figures: Figures, repository: Repository, commit: RebuiltCommit) -> RebuiltCommit:
    """Return a commit as sure as its id and its line counts make it; nothing is applied."""
    with trial_tree(repository, commit.base, [], [commit.base]) as place:
        offer = next(offers(repository, place, [replace(commit, on=())]))
    figures.commits["identical"] += offer.identical
    if offer.identical:
        return replace(commit, files=tuple(replace(file, sureness=Sureness.EXACT) for file in commit.files))
    return offer.commit


def _acts(repository: Repository, transcripts: Sequence[str]) -> tuple[Act, ...]:
    if transcripts:
        return read_acts([(file.shown, chunks(file, [])) for file in find(transcripts, Path.cwd(), {})])
    return read_acts(checkpoint_files(repository, (None, None), [], _LIMIT).files)


def _without(hidden: frozenset[str], commits: Mapping[str, Commit], refs: Mapping[str, str], head: str) -> Bases:
    """Return what git would have without some commits: their branches end before them."""
    visible = {sha: commit for sha, commit in commits.items() if sha not in hidden}

    def _back(tip: str) -> str:
        while tip in hidden and commits[tip].parents:
            tip = commits[tip].parents[0]
        return tip

    return Bases(visible, {ref: _back(tip) for ref, tip in refs.items()}, _back(head))


def _descendants(commits: Mapping[str, Commit], start: Commit) -> frozenset[str]:
    children = grouped((parent, commit.sha) for commit in commits.values() for parent in commit.parents)
    found, todo = {start.sha}, [start.sha]
    while todo:
        fresh = [sha for sha in children.get(todo.pop(), ()) if sha not in found]
        found.update(fresh)
        todo += fresh
    return frozenset(found)


def _compare(figures: Figures, made: MadeCommit, actual: Commit, found: RebuiltCommit | None) -> None:
    """Count a commit's files: as they are, and as they were rebuilt."""
    if found is None:
        figures.commits["no base"] += 1
        return
    blobs = {change.path: None if change.status == "D" else change.blob for change in actual.changes or ()}
    rebuilt_files = {file.path: file for file in found.files}
    whole = True
    for path, blob in blobs.items():
        file = rebuilt_files.get(path)
        result = "missed" if file is None else "gap" if file.sureness is Sureness.GAP else _result(file, blob)
        whole &= result == "right"
        figures.files[file.sureness if file else "none", result] += 1
        if result != "right":
            figures.misses.append(
                f"  {result} {file.sureness if file else ''} {actual.sha[:9]} {path}: {file.why if file else ''} [{made.ran.ref}]"
            )
    for path in rebuilt_files.keys() - blobs.keys():
        whole = False
        figures.files[rebuilt_files[path].sureness, "extra"] += 1
        figures.misses.append(
            f"  extra {rebuilt_files[path].sureness} {actual.sha[:9]} {path}: {rebuilt_files[path].why} [{made.ran.ref}]"
        )
    figures.commits[f"{'whole' if whole else 'not whole'}, said {found.sureness}"] += 1
    if found.base in actual.parents:
        figures.commits["base right"] += 1
    else:
        figures.commits[f"base wrong, {'guessed' if found.base_why else 'shown'}"] += 1
        parent = actual.parents[0][:9] if actual.parents else "none"
        figures.misses.append(
            f"  base {actual.sha[:9]}: {found.base[:9]}, not {parent} {found.base_why} [{made.ran.ref}]"
        )


def _result(file: RebuiltFile, blob: str | None) -> str:
    if file.content is None or blob is None:
        return "right" if file.content is None and blob is None else "wrong"
    digest = hashlib.sha1 if len(blob) == 40 else hashlib.sha256
    own = digest(b"blob %d\0" % len(file.content) + file.content).hexdigest()
    return "right" if own == blob else "wrong"


def summary(figures: Figures) -> str:
    """Return the figures in a few lines."""
    return "\n".join(("", *_rows(figures)))


def _rows(figures: Figures) -> Iterator[str]:
    for kind in ("exact", "probable", "gap", "none"):
        counts = {result: number for (sureness, result), number in figures.files.items() if sureness == kind}
        if counts:
            yield f"  files {kind}: " + ", ".join(f"{result} {number}" for result, number in sorted(counts.items()))
    for name, number in sorted(figures.commits.items()):
        yield f"  commits {name}: {number}"


if __name__ == "__main__":
    sys.exit(main())

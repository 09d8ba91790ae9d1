"""New files that one step's commit holds, and that only another step's unfinished work imports and is imported by."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from forensics.casework.files import has_recurring_lines
from forensics.casework.isolation.between import NEAR
from forensics.casework.isolation.lineage import Lineage
from forensics.model.grouping import grouped
from forensics.model.history import Commit

# How Python, JavaScript, Java, Rust, C and Ruby name another file. Other mentions of a name may mean anything.
_IMPORT = re.compile(
    r"^\s*(?:import|from|use|using|#include|require(?:_relative)?)\b|\brequire\(|\bimport\(|\bfrom\s+['\"]"
)
# A folder and a file in it (`theirs.first`, `theirs/first`, `theirs::first`), looked for at each place of a longer name.
_PAIR = re.compile(r"(?=(?<![\w-])(?P<folder>[\w-]+)(?:\.|/|::)(?P<name>[\w-]+))")
# Imports stand at the top; a whole file of generated code is not searched for them.
_TOP = 60
# Every folder has a file of such a name, and a package is imported without naming it.
_EVERYWHERE = frozenset({"__init__", "index", "mod", "main", "lib"})

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SweptFile:
    """`carrier` adds `path`, which imports `base`'s new file and which `user` imports: both are `owner`'s, neither is below it."""

    carrier: Commit
    path: str
    owner: str
    base: Commit
    user: Commit


def swept_files(lineage: Lineage) -> tuple[SweptFile, ...]:
    """Return the files that lay in a shared folder when another step committed it, and that their owner never committed.

    The owner's branch does not work without the file, and the file does not work without the owner's branch.
    """
    commits = [
        commit for commit in lineage.commits if commit.sha in lineage.sure and commit.sha not in lineage.landings
    ]
    named = grouped((name, commit) for commit in commits for path in _created(commit) if (name := _name(path)))
    found: dict[tuple[float, str, str], SweptFile] = {}
    for carrier in commits:
        for path in _created(carrier):
            for swept in _swept(lineage, named, carrier, path):
                found.setdefault((carrier.author_time.timestamp(), carrier.subject, path), swept)
    return tuple(sorted(found.values(), key=lambda swept: (swept.carrier.place_in_time, swept.path)))


def _created(commit: Commit) -> list[str]:
    return [
        change.path for change in commit.changes or () if change.status == "A" and not has_recurring_lines(change.path)
    ]


def _name(path: str) -> Name | None:
    """Return the folder and the name by which a file is imported, None where these name many files."""
    *_, folder, name = ("", "", *path.split("/"))
    stem = name.partition(".")[0]
    return (folder, stem) if folder and stem and stem not in _EVERYWHERE else None


def _imported(lineage: Lineage, commit: Commit, path: str, limit: int | None = None) -> frozenset[Name]:
    """Return the names that the lines which a commit adds to a file import; `limit` is how many lines are searched."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    lines = islice(lineage.patch(commit.sha).added.get(path, ()), limit)
    texts = [line.text for line in lines if _IMPORT.search(line.text)]
    pairs = ((match["folder"], match["name"]) for text in texts for match in _PAIR.finditer(text))
    beside = ((folder, name) for text in texts for name in re.findall(r"(?<![\w.])\./([\w-]+)", text))
    return frozenset((*pairs, *beside))


def _swept(
    lineage: Lineage, named: Mapping[Name, tuple[Commit, ...]], carrier: Commit, path: str
) -> Iterator[SweptFile]:
    name = _name(path)
    if name is None or any(not _is_version(lineage, carrier, other) for other in named[name]):
        return  # another commit has a file of this name, too: its owner has a copy, or it is not known which is meant
    for wanted in sorted(_imported(lineage, carrier, path, _TOP) & named.keys()):
        for base in named[wanted]:
            if not _lacks(lineage, carrier, base, wanted) or _uses_itself(lineage, carrier, path, name):
                continue
            for user in _users(lineage, carrier, base, name):
                yield SweptFile(carrier, path, lineage.owner(user.sha), base, user)
                return


def _is_version(lineage: Lineage, commit: Commit, other: Commit) -> bool:
    return commit.sha == other.sha or other in lineage.twins(commit)


def _lacks(lineage: Lineage, carrier: Commit, base: Commit, wanted: Name) -> bool:
    """Return whether the carrier has no file of that name below it, though another step had committed one by then."""
    return (
        lineage.different_step(carrier.sha, base.sha)
        and carrier.author_time - NEAR <= base.author_time <= carrier.author_time
        and wanted not in set(map(_name, _created(carrier)))
        and not _has_below(lineage, carrier, wanted)
    )


def _has_below(lineage: Lineage, commit: Commit, wanted: Name) -> bool:
    return any(
        lineage.reaches(commit.sha, other.sha)
        for other in lineage.history.commits.values()
        for change in other.changes or ()
        if wanted[1] in change.path and _name(change.path) == wanted
    )


def _uses_itself(lineage: Lineage, carrier: Commit, path: str, name: Name) -> bool:
    """Return whether the carrier's own step imports the file: then it is a part of that step's work."""
    mine = (commit for commit in lineage.commits if not lineage.different_step(commit.sha, carrier.sha))
    return any(name in names for commit in mine for names in _imports_of(lineage, commit, besides=path))


def _users(lineage: Lineage, carrier: Commit, base: Commit, name: Name) -> Iterable[Commit]:
    """Return the base's step's commits, made within a day after the carrier and not on top of it, that import the file."""
    return (
        commit
        for commit in lineage.commits
        if _is_soon_after(carrier, commit)
        and commit.sha not in lineage.landings
        and lineage.owners[commit.sha] == lineage.owners[base.sha]
        and not any(lineage.reaches(commit.sha, copy.sha) for copy in lineage.versions(carrier))
        and any(name in names for names in _imports_of(lineage, commit))
    )


def _is_soon_after(carrier: Commit, user: Commit) -> bool:
    """Return whether a commit was written after another one, within a day."""
    return carrier.author_time < user.author_time <= carrier.author_time + NEAR


def _imports_of(lineage: Lineage, commit: Commit, besides: str = "") -> Iterator[frozenset[Name]]:
    return (_imported(lineage, commit, path) for path in lineage.patch(commit.sha).added if path != besides)

"""Whether the work tree agrees with history, without running any filter that the repository configures."""

import contextlib
import hashlib
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository

# Bytes. A larger file whose time changed counts as changed: hashing it would take too long.
_LIMIT = 5_000_000
# One entry of `git ls-files --stage --debug -z`: its stage line, then its times and size on lines of their own.
_ENTRY = re.compile(
    rb"(?P<mode>\d{6}) (?P<blob>[0-9a-f]+) \d\t(?P<path>[^\0]+)\0.*?mtime: (?P<seconds>\d+):(?P<nanos>\d+).*?size: (?P<size>\d+)[^\n]*\n",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file as git's index knows it: content, size in bytes, and time of change in nanoseconds."""

    path: bytes
    blob: str
    size: int
    changed: int


def changed_files(repository: Repository) -> tuple[str, ...] | None:
    """Return the tracked files whose content differs from HEAD; None where that cannot be said.

    Asking git would run the clean filters that the repository's configuration names. So git only tells what its index
    holds and what of it is staged; sizes, times and, where these differ, contents are compared here. A file that an
    attribute gives a filter gets the benefit of the doubt.
    """
    root = repository.root
    if root is None:
        return None
    try:
        staged = repository.run(
            "diff-index", "--cached", "--name-only", "-z", "--no-renames", "--ignore-submodules=all", "HEAD"
        )
        suspects = [entry for entry in _entries(repository) if _touched(root, entry)]
        filtered = _filtered(repository, [entry.path for entry in suspects])
    except GitError:
        return None
    differing = {path for path in staged.split(b"\0") if path}
    differing |= {entry.path for entry in suspects if entry.path not in filtered and not _same(root, entry)}
    return tuple(sorted(path.decode("utf-8", "replace") for path in differing))


def _entries(repository: Repository) -> Iterator[_Entry]:
    """Yield the regular files of the index."""
    for match in _ENTRY.finditer(repository.run("ls-files", "--stage", "--debug", "-z")):
        if match["mode"].startswith(b"100"):
            changed = int(match["seconds"]) * 1_000_000_000 + int(match["nanos"])
            yield _Entry(match["path"], match["blob"].decode(), int(match["size"]), changed)


def _touched(root: Path, entry: _Entry) -> bool:
    """Return whether a file's size or time differs from the index."""
    try:
        facts = (root / entry.path.decode("utf-8", "surrogateescape")).lstat()
    except OSError:
        return True
    return (facts.st_size, facts.st_mtime_ns) != (entry.size, entry.changed)


def _filtered(repository: Repository, paths: list[bytes]) -> frozenset[bytes]:
    """Return the files that an attribute gives a filter."""
    if not paths:
        return frozenset()
    names = [path.decode("utf-8", "surrogateescape") for path in paths]
    plain = [name for name in names if "\n" not in name and '"' not in name]
    if repository.root and _has_odd_attributes(repository.root, plain[:500]):
        return frozenset(paths)  # the benefit of the doubt
    # A command line has a limit; the files after the first 500 count as without a filter.
    out = repository.run(f"--work-tree={repository.root}", "check-attr", "-z", "filter", "--", *plain[:500])
    fields = out.split(b"\0")
    triples = zip(fields[::3], fields[1::3], fields[2::3], strict=False)
    return frozenset(path for path, _, value in triples if value not in {b"unspecified", b"unset"})


def _has_odd_attributes(root: Path, names: list[str]) -> bool:
    """Return whether a `.gitattributes` on the way to a file is not a regular file: git would wait for a named pipe."""
    folders = {folder for name in names for folder in PurePosixPath(name).parents}
    for folder in folders:
        with contextlib.suppress(OSError):
            if not stat.S_ISREG((root / folder / ".gitattributes").lstat().st_mode):
                return True
    return False


def _same(root: Path, entry: _Entry) -> bool:
    """Return whether a file has the content that the index names; CRLF line ends do not count."""
    file = root / entry.path.decode("utf-8", "surrogateescape")
    if file.is_symlink() or not file.is_file() or file.stat().st_size > _LIMIT:
        return False
    content = file.read_bytes()
    return entry.blob in {_blob_id(content, entry.blob), _blob_id(content.replace(b"\r\n", b"\n"), entry.blob)}


def _blob_id(content: bytes, like: str) -> str:
    """Return the id git would give a blob, in the same hash as `like`."""
    made = hashlib.sha1(usedforsecurity=False) if len(like) == 40 else hashlib.sha256()
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()

"""Where files of the record lie: a folder, or whatever fsspec opens. Names are relative, with slashes."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from forensics.sources.links import link_inside
from forensics.sources.special_files import regular_bytes
from forensics.sources.transcripts import is_regular
from forensics.sources.whole_files import write_whole

PART = ".part"
# Bytes. A year of a busy team's facts has a hundredth of it; each file is read into memory at once.
LARGEST = 50_000_000


class Store(Protocol):
    """A place that keeps small files; errors are OSErrors."""

    def names(self) -> Mapping[str, float]:
        """Return every Parquet file below the place, sorted, with the time it was last written (seconds since 1970)."""

    def read(self, name: str) -> bytes:
        """Return a file's content."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file so that no reader ever sees half of it: under another name first, and then renamed."""

    def touch(self, name: str) -> bool:
        """Mark a file as current and return whether it exists."""


class FolderStore:
    """A folder on this machine, made when the first file is written."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def names(self) -> Mapping[str, float]:
        """Return the files, sorted; links are not followed, and unreadable entries are skipped."""
        found: dict[str, float] = {}
        for folder, folders, files in os.walk(self.place):
            folders.sort()
            for name in sorted(files):
                if name.endswith(".parquet"):
                    path = Path(folder, name)
                    with contextlib.suppress(OSError):
                        facts = path.lstat()
                        if stat.S_ISREG(facts.st_mode):  # a named pipe would be waited for
                            found[path.relative_to(self.place).as_posix()] = facts.st_mtime
        return found

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        return regular_bytes(self.place / name, LARGEST)

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole. The place may be a link, but none is followed below it: a project may have brought that."""
        path = self.place / name
        if link := link_inside(self.place.absolute() / name, (self.place,)):
            raise OSError(errno.ELOOP, "it leads through a symbolic link", str(link))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)

    def touch(self, name: str) -> bool:
        """Set an existing file's time to now, and return whether it exists."""
        if not is_regular(self.place / name):
            return False
        try:
            os.utime(self.place / name)
        except FileNotFoundError:
            return False
        return True


class MemoryStore:
    """A place in memory, gone when the process ends."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def names(self) -> Mapping[str, float]:
        """Return the files, sorted."""
        return dict.fromkeys(sorted(self._files), float("inf"))

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        return self._files[name]

    def write(self, name: str, content: bytes) -> None:
        """Keep a file."""
        self._files[name] = content

    def touch(self, name: str) -> bool:
        """Return whether a file exists."""
        return name in self._files


class RemoteStore:
    """A place that a URL names: `memory://x`, `s3://bucket/x`, `file:///x`. Raises OSError if its driver is not installed."""

    def __init__(self, url: str) -> None:
        import fsspec  # only where a URL is named

        with _as_os_errors():
            found: tuple[Any, str] = fsspec.core.url_to_fs(url)
        self._files, self._root = found[0], found[1].rstrip("/")

    def names(self) -> Mapping[str, float]:
        """Return the files, sorted; a place that does not exist yet holds none."""
        with _as_os_errors():
            self._files.invalidate_cache()
            listed = self._files.find(self._root, detail=True) if self._files.exists(self._root) else {}
        rows = ((path[len(self._root) :].lstrip("/"), facts) for path, facts in sorted(listed.items()))
        return {name: _written(facts) for name, facts in rows if name.endswith(".parquet")}

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        with _as_os_errors():
            content = bytes(self._files.cat_file(f"{self._root}/{name}", start=0, end=LARGEST + 1))
        if len(content) > LARGEST:
            raise OSError(errno.EFBIG, f"larger than {LARGEST:,} bytes", name)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file under a name of its own, and rename it."""
        path = f"{self._root}/{name}"
        folder, _, last = path.rpartition("/")
        part = f"{folder}/.{last}.{secrets.token_hex(6)}{PART}"
        with _as_os_errors():
            self._files.makedirs(folder, exist_ok=True)
            self._files.pipe_file(part, content)
            self._files.mv(part, path)

    def touch(self, name: str) -> bool:
        """Return whether a file exists; stores on the network have no way to set its time."""
        with _as_os_errors():
            return bool(self._files.exists(f"{self._root}/{name}"))


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    """Make an OSError of whatever a driver raises: each has errors of its own, and none may end an analysis."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from None


def _written(facts: Mapping[str, Any]) -> float:
    """Return when a file was written, as its store says; infinitely late if it does not say, so that the file is never stale."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        value = facts.get(key)
        if isinstance(value, int | float):
            return float(value)
        if isinstance(value, datetime):
            return value.timestamp()
    return float("inf")

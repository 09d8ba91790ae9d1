"""Files are written whole or not at all: a full disk, a kill, a second writer and a link leave what was there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.sources.whole_files import PART, write_whole
from tests.attack.kills import Kills, kill_writers


def _parts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if PART.fullmatch(path.name)]


def test_an_earlier_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "postmortem.md"
    write_whole(file, b"first")
    assert file.stat().st_mode & 0o777 == 0o666 & ~_umask()
    file.chmod(0o640)
    write_whole(file, b"second")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"second", 0o640)
    write_whole(file, b"third", executable=True)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"third", 0o755)
    assert not _parts(tmp_path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_link_of_the_user_s_own_is_followed(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "latest.md").symlink_to("shared/postmortem.md")
    write_whole(tmp_path / "latest.md", b"text")
    assert (tmp_path / "latest.md").is_symlink()
    assert (tmp_path / "shared/postmortem.md").read_bytes() == b"text"


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_not_a_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "x.md"
    place.mkdir() if kind == "folder" else os.mkfifo(place)
    with pytest.raises(OSError, match="not a regular file"):
        write_whole(place, b"text")
    assert not _parts(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"first")
    file.chmod(0o444)
    with pytest.raises(PermissionError):
        write_whole(file, b"second")


_TOO_LARGE = """
import resource, sys
from pathlib import Path
from forensics.app.outputs import write_file
from forensics.errors import UsageError
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_file(Path(sys.argv[1]), b"x" * 100_000)
except UsageError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path) -> None:
    file = tmp_path / "postmortem.md"
    file.write_bytes(b"first" * 2_000)
    done = subprocess.run(
        [sys.executable, "-c", _TOO_LARGE, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Cannot write" in done.stdout
    assert "File too large" in done.stdout
    assert file.read_bytes() == b"first" * 2_000
    assert not _parts(tmp_path)


def test_only_leftovers_are_removed(tmp_path: Path) -> None:
    dead, other, link = (tmp_path / f".forensics-{letter * 16}{end}" for letter, end in (("a", ".part"), ("b", ".txt"), ("c", ".part")))  # fmt: skip
    dead.write_bytes(b"half")
    other.write_bytes(b"theirs")
    link.symlink_to(other)
    write_whole(tmp_path / "x.md", b"text")
    assert not dead.exists()
    assert other.read_bytes() == b"theirs"
    assert link.is_symlink()


def test_a_kill_while_writing_loses_nothing(tmp_path: Path) -> None:
    assert kill_writers(tmp_path, kills=12) == Kills(12, lost=0, torn=0, left_over=0)

"""Named pipes and devices: wherever one is, nothing waits for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.sources.git_settings import GitLimit
from forensics.sources.special_files import refuse_special_files
from tests.unpack import git

IN_GIT = (
    "HEAD",
    "config",
    "index",
    "packed-refs",
    "shallow",
    "commondir",
    "info/exclude",
    "info/attributes",
    "logs/HEAD",
    "objects/info/alternates",
    "objects/info/commit-graph",
    "objects/pack/pack-" + "1" * 40 + ".idx",
    "objects/aa/" + "b" * 38,
    "refs/heads/main",
    "refs/heads/other",
    "worktrees/x/gitdir",
    "worktrees/x/HEAD",
)
# What the use cases ask first: the repository, its refs, log, folders, shallow commits and reflog.
ASKING = """
import sys
from pathlib import Path
from forensics.errors import ForensicsError
from forensics.sources.repository import Repository
try:
    repository = Repository.discover(Path(sys.argv[1]))
    repository.refs(), repository.log([]), repository.work_trees(), repository.shallow_commits(), repository.head_log()
    repository.run("ls-files", "--stage")
    print("answered")
except ForensicsError as error:
    print(error)
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a").write_text("a")
    git(folder, "add", "a")
    git(folder, "commit", "-qm", "first")
    return folder


def ask(repo: Path, **extra: str) -> str:
    """Return what a process of its own says; one that waits for ever is ended, and the test fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        [sys.executable, "-c", ASKING, str(repo)],
        env=environment | extra,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    return done.stdout


def replace_by_pipe(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    os.mkfifo(file)


@pytest.mark.parametrize("name", IN_GIT)
def test_a_pipe_in_the_git_directory_is_refused(repo: Path, name: str) -> None:
    replace_by_pipe(repo / ".git" / name)
    assert "named pipe" in ask(repo)


def test_a_link_to_a_device_is_refused(repo: Path) -> None:
    (repo / ".git/packed-refs").symlink_to("/dev/zero")
    assert "named pipe or a device" in ask(repo)


def test_a_link_to_the_null_device_and_a_socket_are_not(repo: Path) -> None:
    (repo / ".git/info/attributes").symlink_to(os.devnull)
    assert "answered" in ask(repo)


def test_a_pipe_in_a_borrowed_store_is_refused(repo: Path, tmp_path: Path) -> None:
    replace_by_pipe(tmp_path / "other/objects/aa" / ("b" * 38))
    (repo / ".git/objects/info/alternates").write_text(f"{tmp_path}/other/objects\n")
    assert "named pipe" in ask(repo)


def test_a_pipe_behind_a_pointer_is_refused(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    replace_by_pipe(repo / ".git/packed-refs")
    assert "named pipe" in ask(tmp_path / "second")


def test_a_pipe_as_the_work_trees_git_is_no_repository(repo: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".git")
    (tmp_path / "x").mkdir()
    assert "No git repository" in ask(tmp_path / "x")


def test_what_no_look_at_names_shows_ends_with_the_limit(repo: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "included")
    with (repo / ".git/config").open("a") as file:
        file.write(f"[include]\n\tpath = {tmp_path}/included\n")
    said = ask(repo, FORENSICS_GIT_SECONDS="1")
    assert "git rev-parse did not end within 1 seconds" in said
    assert "FORENSICS_GIT_SECONDS" in said


def test_too_much_output_ends_with_the_limit(repo: Path) -> None:
    assert "gave more than 100 bytes" in ask(repo, FORENSICS_GIT_BYTES="100")


@pytest.mark.parametrize("wished", ["x", "0", "-1", "inf", "nan"])
def test_a_limit_that_is_not_a_number_is_an_error(repo: Path, wished: str) -> None:
    assert "not a positive number" in ask(repo, FORENSICS_GIT_SECONDS=wished)


def test_of_a_borrowed_store_only_its_own_folders_are_searched(repo: Path, tmp_path: Path) -> None:
    """An alternate can be named to be any folder, and git does not look at what is not a store's."""
    place = tmp_path / "other"
    for folder in ("pack", "1a", "somebody", "somebody/pack"):
        (place / folder).mkdir(parents=True)
    (repo / ".git/objects/info/alternates").write_text(f"{place}\n")
    os.mkfifo(place / "somebody/pipe")
    refuse_special_files(repo / ".git", repo / ".git")
    os.mkfifo(place / "1a" / ("2" * 38))
    with pytest.raises(GitLimit):
        refuse_special_files(repo / ".git", repo / ".git")


READING_STORES = """
import sys
from pathlib import Path
from forensics.sources.gemini import gemini_files
from forensics.sources.opencode import opencode_files
from forensics.sources.opencode_database import database_sessions
from forensics.sources.transcripts import stored
home = {"HOME": sys.argv[1]}
place = [Path("/srv/shop")]
none = (None, None)
found = [gemini_files(place, home, none), opencode_files(place, home, none), database_sessions(place, home, none, [])]
print(len(stored(place, home)) + sum(map(len, found)))
"""


@pytest.mark.parametrize(
    "name",
    [
        ".claude/projects/-srv-shop/s.jsonl",
        ".codex/sessions/2026/01/30/rollout-a.jsonl",
        ".gemini/tmp/shop/.project_root",
        ".gemini/tmp/shop/chats/session-a.json",
        ".local/share/opencode/opencode.db",
        ".local/share/opencode/storage/session/p/ses_a.json",
    ],
)
def test_a_pipe_in_an_agents_store_is_passed_over(tmp_path: Path, name: str) -> None:
    replace_by_pipe(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", READING_STORES, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.stdout == "0\n"


@pytest.mark.parametrize("name", [".gitattributes", ".mailmap", ".gitignore", ".gitmodules", "src/.gitattributes"])
def test_a_pipe_among_the_files_is_not_waited_for(repo: Path, name: str) -> None:
    """Git reads these in the folder that it takes for the work tree, to show a commit's files or lines."""
    (repo / "src").mkdir(exist_ok=True)
    (repo / "src/a.py").write_text("1\n")
    git(repo, "add", "-A")
    git(repo, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "x")
    os.utime(repo / "src/a.py", (1, 1))
    replace_by_pipe(repo / name)
    program = ASKING.replace(
        'repository.run("ls-files"',
        "changed_files(repository), repository.run('log', '-p'), repository.run(\"ls-files\"",
    )
    program = program.replace(
        "import Repository", "import Repository\nfrom forensics.sources.work_tree import changed_files"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(repo)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "answered" in done.stdout, done.stderr

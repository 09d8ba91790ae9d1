"""Makes real repositories for tests: the sample runs, and small ones out of a list of commits."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_runs"
PLAN = "plans/ledger-rules"
_AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=True,
        env={**os.environ, **_AUTHOR, **(env or {})},
    )
    return done.stdout.decode("utf-8", "replace").strip()


def unpack(name: str, folder: Path) -> Path:
    """Unpack a sample run into a folder and return it."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    git(folder, "fast-import", "--quiet", stdin=(SAMPLES / name / "history.fi").read_bytes())
    git(folder, "checkout", "-q", "main")
    return folder


def home_with(name: str, run: Path, folder: Path) -> Path:
    """Put a sample's transcripts where Claude Code keeps those of the unpacked run; return the home folder."""
    place = "".join(letter if letter.isalnum() else "-" for letter in str(run))
    store = folder / "home" / ".claude" / "projects" / place
    transcripts = SAMPLES / name / "transcripts"
    shutil.copytree(transcripts, store) if transcripts.is_dir() else store.mkdir(parents=True)
    return folder / "home"


def plan_of(run: Path) -> str | None:
    """Return an unpacked sample run's plan folder: the only one it has, or None."""
    folders = list((run / "plans").glob("*"))
    return folders[0].relative_to(run).as_posix() if folders else None


def commit(
    folder: Path, subject: str, files: Mapping[str, str], *, authored: str = "10:00", committed: str | None = None
) -> str:
    """Write files and commit them at times of 2026-03-04, UTC; return the full id."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    times = {"GIT_AUTHOR_DATE": _moment(authored), "GIT_COMMITTER_DATE": _moment(committed or authored)}
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, env=times)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """Make an empty repository on branch main."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def _moment(clock: str) -> str:
    return f"2026-03-04T{clock}:00+00:00"

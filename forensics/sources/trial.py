"""A temporary repository in which picks are tried, and a test command is run; nothing of the user's is written to.

It has its own objects (the trees it starts from and the picks, packed out of the user's repository), its own empty
configuration, no hooks and no remote. Git marks objects of a borrowed store as used when it would write them again, so
none is borrowed: like a checkout in CI, it has no history before the commits that are tried.
"""

import contextlib
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from forensics.errors import UsageError
from forensics.model.history import Commit
from forensics.model.recovery import Outcome, Tried
from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.trial_leftovers import PREFIX, owned, remove_leftovers

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Where temporary files may be put if the usual folder lies inside the repository.
_OTHER_PLACES = ("/tmp", "/var/tmp")  # noqa: S108  (a folder of our own is made in them)
# Attempts, 0.1 s apart: a git process that lost its parent may still be writing into the folder.
_PATIENCE = 50
_CONFIG = """[core]
\trepositoryformatversion = {version}
\thooksPath = /dev/null
\tautocrlf = false
\tlogAllRefUpdates = false
[commit]
\tgpgSign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[rerere]
\tenabled = false
[advice]
\tdetachedHead = false
[user]
\tname = forensics
\temail = forensics@localhost
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"
_ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_AUTHOR_EMAIL": "forensics@localhost",
    "GIT_AUTHOR_NAME": "forensics",
    "GIT_COMMITTER_EMAIL": "forensics@localhost",
    "GIT_COMMITTER_NAME": "forensics",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_EDITOR": "true",
}


class TrialTree:
    """A work tree of its own, at the commit that picks go onto; `folder` is its root."""

    def __init__(self, folder: Path, repository: Repository, onto: str) -> None:
        self.folder = folder
        self.repository = self._repository = repository
        self._onto = onto

    def pick(self, commit: Commit) -> Tried:
        """Apply a commit on top of what is there; what does not apply leaves nothing behind."""
        return self.apply(commit.sha, "-x", "--allow-empty-message")

    def apply(self, sha: str, *options: str) -> Tried:
        """Apply a commit of this temporary repository; what does not apply leaves nothing behind."""
        try:
            self._write("cherry-pick", *options, sha)
        except GitError as error:
            found = self._failed(error)
            self._write("cherry-pick", "--quit")
            self._back_to("HEAD")
            return found
        return Tried(Outcome.APPLIED)

    def tree(self) -> str:
        """Return the id of the tree as it is after the picks."""
        return self._repository.run("rev-parse", "HEAD^{tree}").decode().strip()

    def to_base(self) -> None:
        """Go back to the commit that picks go onto, and remove everything else."""
        self._back_to(self._onto)

    def _failed(self, error: GitError) -> Tried:
        rows = self._repository.run("ls-files", "--unmerged", "-z").split(b"\0")
        files = sorted({row.partition(b"\t")[2].decode("utf-8", "replace") for row in rows if row})
        if files:
            return Tried(Outcome.CONFLICT, tuple(files))
        with contextlib.suppress(GitError):
            self._repository.run("rev-parse", "--verify", "--quiet", "CHERRY_PICK_HEAD")
            self._repository.run("diff-index", "--cached", "--quiet", "HEAD")
            return Tried(Outcome.THERE_ALREADY)
        return Tried(Outcome.REFUSED, said=error.said)

    def _write(self, *arguments: str) -> None:
        """Run a command that changes files. It names the work tree: without a name git would change the folder it is run in."""
        self._repository.run(f"--work-tree={self.folder}", *arguments)

    def _back_to(self, revision: str) -> None:
        self._write("reset", "--hard", "--quiet", revision)
        self._write("clean", "-ffdxq")


@contextlib.contextmanager
def trial_tree(
    repository: Repository, onto: str, picks: Sequence[Commit], bases: Sequence[str] = ()
) -> Iterator[TrialTree]:
    """Give a temporary work tree at `onto` that knows the picks and `bases`, and remove it whatever happens.

    A signal to end (Ctrl-C, SIGTERM, SIGHUP) ends the process by an exception meanwhile, so that this holds for it too.
    Raises GitError if objects are missing.
    """
    with _temporary_folder(repository) as place:
        folder = place / "tree"
        parents = {commit.parents[0] for commit in picks if commit.parents}
        known = sorted({onto, *bases, *(commit.sha for commit in picks), *parents})
        whole = {commit.sha for commit in picks} - {onto, *bases}
        _lay_out(folder, onto, [sha for sha in known if sha not in whole])
        pack = folder / ".git" / "objects" / "pack" / "pack-trial.pack"
        repository.pack(known, pack)
        made = Repository.discover(folder, upwards=False, environment=_ENVIRONMENT)
        made.run("index-pack", str(pack))
        tree = TrialTree(folder, made, onto)
        tree.to_base()
        yield tree


def _lay_out(folder: Path, head: str, cut: Sequence[str]) -> None:
    """Make a repository by hand: `git init` would copy the templates that a user's configuration names."""
    for name in ("objects/pack", "refs/heads", "info"):
        (folder / ".git" / name).mkdir(parents=True)
    config = _CONFIG.format(version=int(len(head) == 64)) + (_SHA256 if len(head) == 64 else "")
    for name, text in (("HEAD", f"{head}\n"), ("config", config), ("shallow", "".join(f"{sha}\n" for sha in cut))):
        (folder / ".git" / name).write_text(text, encoding="ascii")


@contextlib.contextmanager
def _temporary_folder(repository: Repository) -> Iterator[Path]:
    """Give a folder that is removed at the end, also if that comes by a signal; what a killed call left is removed first."""
    place = _place(repository)
    remove_leftovers(place)
    before = _on_ending()
    try:
        with _undisturbed():
            holder = tempfile.TemporaryDirectory(prefix=PREFIX, dir=place)
        try:
            with owned(Path(holder.name)):
                yield Path(holder.name)
        finally:
            with _undisturbed():
                _remove(holder)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _place(repository: Repository) -> Path:
    """Return a folder for temporary files outside the repository; raises UsageError where there is none.

    TMPDIR may name one inside, and Python takes the current folder where no other can be written.
    """
    own = [place.resolve() for place in (*repository.work_trees(), repository.git_dir, repository.common_dir)]
    with contextlib.suppress(OSError):
        for place in map(Path.resolve, map(Path, (tempfile.gettempdir(), *_OTHER_PLACES))):
            if place.is_dir() and os.access(place, os.W_OK) and not any(place.is_relative_to(each) for each in own):
                return place
    raise UsageError("There is no folder for temporary files outside the repository.", try_="Set TMPDIR to one.")


def _remove(holder: "tempfile.TemporaryDirectory[str]") -> None:
    """Remove a folder, patiently: a git that has lost its parent may still be writing into it."""
    for _ in range(_PATIENCE):
        with contextlib.suppress(OSError):
            holder.cleanup()
            return
        time.sleep(0.1)
    holder.cleanup()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off the signals that end the process: a folder is never made, or left half removed, without being known."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _on_ending() -> list[tuple[int, "signal._HANDLER"]]:
    """Have the signals that end the process raise an exception; return what they did before. Only a main thread may."""
    if threading.current_thread() is not threading.main_thread():
        return []
    wanted = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    return [(number, signal.signal(number, _end)) for number in wanted]


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)

"""One git repository, read in a few batch calls and never written to.

Everything goes through GitPython's command layer with plumbing: no process per commit, no hook, filter, pager,
signature check or network that a repository's configuration could start.
"""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import git
from git.exc import GitCommandError, GitCommandNotFound, InvalidGitRepositoryError, NoSuchPathError

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import quote

_QUIET = (
    "core.fsmonitor=false",
    "protocol.allow=never",
    "log.showSignature=false",
    "log.mailmap=false",
    "i18n.logOutputEncoding=UTF-8",
    "core.quotePath=false",
    "gc.auto=0",
    "core.pager=cat",
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_PIPE = 1 << 20
_CLAIMED = re.compile(r"[0-9a-f]{4,64}")


class Repository:
    """A repository's git directory, its work tree (None if bare), and raw answers from git."""

    def __init__(self, repo: git.Repo) -> None:
        self._git = repo.git
        self.git_dir = Path(repo.git_dir)
        self.common_dir = Path(repo.common_dir)
        self.root = Path(repo.working_tree_dir) if repo.working_tree_dir else None
        options = [f"--git-dir={self.git_dir}", *(word for pair in _QUIET for word in ("-c", pair))]
        self._options = options
        self._git.update_environment(**_ENVIRONMENT)

    @classmethod
    def discover(cls, path: Path, *, upwards: bool = True) -> "Repository":
        """Open the repository that holds `path`.

        Raises NothingToExamine where there is none, where git refuses its owner, or where git is missing.
        """
        start = path
        while not start.exists() and start != start.parent:
            start = start.parent
        try:
            repository = cls(git.Repo(start if start.is_dir() else start.parent, search_parent_directories=upwards))
            repository.run("rev-parse", "--git-dir")
        except (InvalidGitRepositoryError, NoSuchPathError, ValueError):
            raise NothingToExamine(
                f"No git repository at {quote(str(path))} or above it.", try_="Try --repo DIR."
            ) from None
        except GitCommandNotFound:
            raise NothingToExamine("git is not installed or not on the PATH.", try_="Install git.") from None
        except GitCommandError as error:
            said = _said(error)
            hint = "Try git config --global --add safe.directory DIR." if "dubious" in said else ""
            raise NothingToExamine(f"git cannot read {quote(str(path))}: {quote(said)}.", try_=hint) from None
        return repository

    def run(self, *arguments: str) -> bytes:
        """Run one git command and return its output; raises GitCommandError."""
        output = self._git.execute(
            ["git", *self._options, *arguments], stdout_as_string=False, strip_newline_in_stdout=False
        )
        return bytes(output)

    def feed(self, lines: Iterable[str], *arguments: str) -> bytes:
        """Run one git command with `lines` on its standard input and return its output."""
        process = self._git.execute(
            ["git", *self._options, *arguments], istream=subprocess.PIPE, as_process=True, pipesize=_PIPE
        )
        asked = "".join(f"{line}\n" for line in lines).encode()
        if len(asked) < _PIPE // 16:  # it fits into the pipe: read the answer in a few large pieces
            process.stdin.write(asked)
            process.stdin.close()
            output = process.stdout.read()
        else:
            output, _ = process.communicate(asked)
        process.wait()  # raises GitCommandError with what git said
        return bytes(output)

    def resolve(self, revision: str) -> str:
        """Return the full id of a commit named by the user; raises UsageError if there is none."""
        try:
            out = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
            return out.decode().split("\n")[0].strip()
        except GitCommandError:
            hint = "This clone is shallow: git fetch --unshallow." if self.shallow else "Try git log --oneline."
            raise UsageError(f"Unknown revision {quote(revision)} in this repository.", try_=hint) from None

    @property
    def shallow(self) -> bool:
        """Whether history was cut off when this was cloned."""
        return (self.common_dir / "shallow").exists()

    def shallow_commits(self) -> frozenset[str]:
        """Return the commits at which a shallow clone was cut off."""
        return (
            frozenset((self.common_dir / "shallow").read_text("ascii", "replace").split())
            if self.shallow
            else frozenset()
        )

    def head(self) -> str | None:
        """Return the id HEAD points to, None in a repository without commits."""
        try:
            return self.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip() or None
        except GitCommandError:
            return None

    def branch(self) -> str | None:
        """Return the checked-out branch, None if HEAD is detached."""
        try:
            return self.run("symbolic-ref", "--quiet", "--short", "HEAD").decode("utf-8", "replace").strip() or None
        except GitCommandError:
            return None

    def refs(self) -> dict[str, str]:
        """Return every ref with the commit it points to, annotated tags peeled."""
        out = self.run("for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)")
        rows = [row.split("\0") for row in out.decode("utf-8", "replace").splitlines()]
        return {row[0]: row[2] or row[1] for row in rows if len(row) == 3}

    def log(self, tips: Sequence[str], *, walk: bool = True) -> bytes:
        """Return commits as NUL-separated fields with their raw changes: everything, or just the `tips`."""
        reach = ["--all", "--reflog"] if walk else ["--no-walk=unsorted"]
        return self.feed(
            tips,
            "log",
            *reach,
            "--stdin",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-color",
            "--root",
            "--format=%H%x00%P%x00%aI%x00%cI%x00%B",
        )

    def check(self, values: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
        """Tell what each hash string names: (type, full id), (None, None) if nothing, ("ambiguous", None) if several.

        Only strings of 4 to 64 hexadecimal digits reach git; one batch call serves all of them.
        """
        asked = sorted({value for value in values if _CLAIMED.fullmatch(value)})
        if not asked:
            return {}
        rows = self.feed(asked, "cat-file", "--batch-check", "--buffer").decode().splitlines()
        answers: dict[str, tuple[str | None, str | None]] = {}
        for value, row in zip(asked, rows, strict=True):
            words = row.split()
            if words[-1] in {"missing", "ambiguous"}:
                answers[value] = (words[-1] if words[-1] == "ambiguous" else None, None)
            else:
                answers[value] = (words[1], words[0])
        return answers

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the content of blobs by id; what is not there or no blob is left out."""
        asked = sorted(set(ids))
        out = self.feed(asked, "cat-file", "--batch", "--buffer") if asked else b""
        contents: dict[str, bytes] = {}
        position = 0
        for wanted in asked:
            end = out.index(b"\n", position)
            words = out[position:end].split()
            position = end + 1
            if len(words) == 3 and words[2].isdigit():
                size = int(words[2])
                if words[1] == b"blob":
                    contents[wanted] = out[position : position + size]
                position += size + 1
        return contents

    def tree(self, revision: str, path: str) -> list[tuple[str, str, str]]:
        """Return (mode, blob id, path) for every file below `path` in a revision."""
        where = ["--", f":(top,literal){path}"] if path not in {"", "."} else []
        out = self.run("ls-tree", "-r", "-z", "--full-tree", revision, *([path] if where else []))
        entries = []
        for row in out.split(b"\0"):
            if row:
                facts, _, name = row.partition(b"\t")
                mode, _kind, blob = facts.decode().split()[:3]
                entries.append((mode, blob, name.decode("utf-8", "replace")))
        return entries

    def dirty(self) -> tuple[str, ...] | None:
        """Return the tracked paths whose work-tree content differs from HEAD; None where there is no work tree."""
        if self.root is None or self.head() is None:
            return None
        out = self.run(
            f"--work-tree={self.root}", *self._no_filters(), "status", "--porcelain=v1", "-z",
            "--untracked-files=no", "--no-renames", "--ignore-submodules=all",
        )  # fmt: skip
        return tuple(sorted(row[3:].decode("utf-8", "replace") for row in out.split(b"\0") if len(row) > 3))

    def _no_filters(self) -> list[str]:
        """Return options that keep a repository's own filter commands from running."""
        try:
            out = self.run("config", "--null", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|smudge)$")
        except GitCommandError:
            return []
        names = {name for name in out.decode("utf-8", "replace").split("\0") if name and "=" not in name}
        return [word for name in sorted(names) for word in ("-c", f"{name}=")]

    def submodule_directories(self, paths: Iterable[str]) -> dict[str, "Repository"]:
        """Return the submodules that are here, by path: checked out, or kept under the git directory."""
        found: dict[str, Repository] = {}
        for path in sorted(set(paths)):
            places = [self.common_dir / "modules" / path]
            if self.root is not None:
                places.insert(0, self.root / path)
            for place in places:
                if place.is_dir() and ((place / ".git").exists() or (place / "HEAD").exists()):
                    try:
                        found[path] = Repository.discover(place, upwards=False)
                        break
                    except NothingToExamine:
                        continue
        return found

    def has_reflog(self) -> bool:
        """Whether a reflog is here to hold what refs no longer reach."""
        logs = self.common_dir / "logs"
        return logs.is_dir() and any(logs.iterdir())


def _said(error: GitCommandError) -> str:
    lines = str(error.stderr or error).strip().splitlines()
    text = next((line for line in lines if "fatal" in line or "error" in line), lines[-1] if lines else "")
    return text.replace("stderr:", "").strip(" '\"")

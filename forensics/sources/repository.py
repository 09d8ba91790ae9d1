"""One git repository, read in a few batch calls and never written to.

Everything goes through plumbing: no process per commit, and no hook, filter, pager, signature check or network that a
repository's configuration could start. Each process has limits (`git_process.py`).
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import quote
from forensics.sources.git_places import Places, find_places
from forensics.sources.git_process import Place, call_git
from forensics.sources.git_settings import ENVIRONMENT, QUIET, GitError
from forensics.sources.special_files import regular_text

# Where Entire keeps agents' sessions inside a repository.
_CHECKPOINTS = ("refs/entire/", "refs/heads/entire/", "refs/remotes/origin/entire/")
# Refs of another work tree: git lists those of the one it is called in.
_PRIVATE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
# Bytes. Larger files are generated or data; git treats them as binary instead of comparing lines.
_LARGE = 512 * 1024
# Bytes. One line per commit at which a clone was cut off, and one for the folder of a linked work tree.
_SHALLOW, _LINK = 10_000_000, 100_000
# Calls for blobs that fail before the rest is given up; each damaged blob among a thousand takes ten.
_MOST_FAILURES = 200
# Bytes of all files that are read at once, of which each has its own limit, too.
_MOST_BYTES = 500_000_000
# Listing every object of a larger store takes minutes.
_MOST_OBJECTS = 3_000_000
# Git answers `REV:path missing` for what it does not have, and names trees and submodules too.
_BLOB_ROW = re.compile(r"[0-9a-f]{40,64} blob \d+")
# Fewer digits name nothing in git; 64 are a whole SHA-256 id. Nothing else in a report may reach git's input.
_CLAIMED = re.compile(r"[0-9a-f]{4,64}")


class Repository:
    """A repository's git directory, its work tree (None if bare), and raw answers from git."""

    def __init__(self, places: Places, environment: Mapping[str, str]) -> None:
        self.git_dir, self.common_dir, self.root = places
        self._options = [f"--git-dir={self.git_dir}", *(word for pair in QUIET for word in ("-c", pair))]
        self._place = Place(self.root or self.git_dir, {**ENVIRONMENT, **environment})

    def _place_of(self, arguments: tuple[str, ...]) -> Place:
        """Return where a command runs. Git reads `.gitattributes` and `.mailmap` of the folder, and would wait for a named pipe.

        The log needs no file of the work tree, so it runs beside none.
        """
        return Place(self.git_dir, self._place.environment) if "log" in arguments else self._place

    @classmethod
    def discover(
        cls, path: Path, *, upwards: bool = True, environment: Mapping[str, str] = MappingProxyType({})
    ) -> "Repository":
        """Open the repository that holds `path`; git is run with `environment` added to its own.

        Raises NothingToExamine where there is none, where git refuses its owner, or where git is missing.
        """
        return cls(find_places(path, {**ENVIRONMENT, **environment}, upwards=upwards), environment)

    @classmethod
    def around(cls, path: Path) -> "Repository":
        """Open the repository whose work tree holds a plan; raises NothingToExamine.

        A plan's folder may hold a file `HEAD` and folders `objects` and `refs`, as git's own folder does.
        """
        try:
            path.is_dir()  # a name that is too long is one of nothing
        except OSError as error:
            raise NothingToExamine(
                f"{quote(path.name)} cannot be read: {error.strerror}.", try_="Try --repo DIR."
            ) from None
        return cls.discover(next((place for place in (path, *path.parents) if os.path.lexists(place / ".git")), path))

    def run(self, *arguments: str) -> bytes:
        """Run one git command and return its output; raises GitError."""
        return call_git([*self._options, *arguments], self._place_of(arguments))

    def feed(self, lines: Iterable[str], *arguments: str) -> bytes:
        """Run one git command with `lines` on its standard input and return its output; raises GitError."""
        return self.feed_bytes("".join(f"{line}\n" for line in lines).encode(), *arguments)

    def feed_bytes(self, asked: bytes, *arguments: str) -> bytes:
        """Run one git command with these bytes on its standard input and return its output; raises GitError."""
        return call_git([*self._options, *arguments], self._place_of(arguments), asked)

    def resolve(self, revision: str) -> str:
        """Return the full id of a commit named by the user; raises UsageError if there is none."""
        found = self._line("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
        if found is None:
            hint = "This clone is shallow: git fetch --unshallow." if self.shallow else "Try git log --oneline."
            raise UsageError(f"Unknown revision {quote(revision)} in this repository.", try_=hint)
        return found

    @property
    def shallow(self) -> bool:
        """Whether this clone was made with a limited history."""
        return (self.common_dir / "shallow").is_file()

    def shallow_commits(self) -> frozenset[str]:
        """Return the commits at which a shallow clone was cut off."""
        return frozenset((regular_text(self.common_dir / "shallow", _SHALLOW) or "").split())

    def head(self) -> str | None:
        """Return the id HEAD points to, None in a repository without commits."""
        return self._line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def why_no_head(self) -> str:
        """Return why `head` is None, as a sentence: damage is not called a repository without commits."""
        try:
            others = [name for name, _, peeled in self._peeled_refs() if peeled]
        except GitError as error:  # git refuses all refs for one bad line of packed-refs
            return f"HEAD cannot be read: git says {quote(error.said.replace(f'{self.common_dir}/', ''))}."
        head = (regular_text(self.git_dir / "HEAD", _LINK) or "").strip()
        name = head.removeprefix("ref:").strip() if head.startswith("ref:") else ""
        if head and not name:
            return f"HEAD is damaged: it names {quote(head)}, which is not a commit that git can read."
        said = regular_text(self.common_dir / name, _LINK)
        if said is not None or name in {ref for ref, _, _ in self._peeled_refs()}:
            what = (
                f"names {quote(said.strip())}, which is not a commit that git can read"
                if said and said.strip()
                else "is empty"
            )
            return f"HEAD is damaged: its branch {quote(name)} {what}."
        return (
            f"HEAD names the branch {quote(name)}, which does not exist."
            if others
            else "This repository has no commits."
        )

    def branch(self) -> str | None:
        """Return the checked-out branch, None if HEAD is detached."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    def _line(self, *arguments: str) -> str | None:
        """Run a git command that prints one line; return it, None if it prints nothing or fails."""
        try:
            return self.run(*arguments).decode("utf-8", "replace").strip() or None
        except GitError:
            return None

    def refs(self) -> dict[str, str]:
        """Return every ref with the commit it points to, annotated tags peeled; a ref whose object is gone is left out."""
        form = "--format=%(refname)%00%(objectname)%00"
        try:
            rows = _rows(self.run("for-each-ref", f"{form}%(*objectname)"))
        except GitError:  # a single missing object makes git refuse the whole list
            rows = [[name, sha, peeled] for name, sha, peeled in self._peeled_refs() if peeled]
        return {row[0]: row[2] or row[1] for row in rows if not row[0].startswith(_CHECKPOINTS)}

    def _peeled_refs(self) -> list[tuple[str, str, str | None]]:
        """Return every ref that git lists, what it points to, and the object behind that, None if it is not there."""
        rows = _rows(self.run("for-each-ref", "--format=%(refname)%00%(objectname)%00"))
        found = self.feed([f"{row[1]}^{{}}" for row in rows], "cat-file", "--batch-check").decode().split("\n")
        return [
            (row[0], row[1], None if answer.endswith("missing") else answer.split(" ")[0])
            for row, answer in zip(rows, found, strict=False)
        ]

    def broken_refs(self) -> tuple[str, ...]:
        """Return the refs that lead to nothing: their files name no object, or one that is not here.

        The HEAD of a remote, which clones keep after its branch was renamed, and files that git is writing do not count.
        """
        known = {name: peeled for name, _, peeled in self._peeled_refs()}
        files = [path for path in (self.common_dir / "refs").rglob("*") if path.is_file() or path.is_symlink()]
        names = {path.relative_to(self.common_dir).as_posix() for path in files}
        lost = {name for name in names - known.keys() if not name.endswith((".lock", "/HEAD"))}
        lost |= {name for name, peeled in known.items() if peeled is None}
        return tuple(sorted(name for name in lost if not name.startswith((*_CHECKPOINTS, *_PRIVATE))))

    def checkpoint_refs(self) -> tuple[str, ...]:
        """Return the refs under which sessions are kept in git; they are not part of the project's history."""
        names = self.run("for-each-ref", "--format=%(refname)", *_CHECKPOINTS).decode("utf-8", "replace")
        return tuple(name for name in names.split("\n") if name)

    def last_checkpoint(self) -> float:
        """Return when a session was last saved to git (seconds since 1970), or 0; infinity where git cannot tell."""
        try:
            times = self.run("for-each-ref", "--format=%(committerdate:unix)", *_CHECKPOINTS).decode("ascii", "replace")
        except GitError:  # a damaged one: nothing that is recorded can be known to be newer
            return float("inf")
        return max((float(time) for time in times.split() if time.isdigit()), default=0.0)

    def log(self, tips: Sequence[str], *, walk: bool = True) -> bytes:
        """Return commits as NUL-separated fields with their raw changes: everything, or just the `tips`."""
        hidden = [f"--exclude={name}*" for name in _CHECKPOINTS]
        reach = ["--ignore-missing", *hidden, "--all", "--reflog"] if walk else ["--no-walk=unsorted"]
        return self.feed(
            tips, "log", *reach, "--stdin", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color",
            "--ignore-submodules=none", "--root", "--format=%H%x00%P%x00%aI%x00%cI%x00%B",
        )  # fmt: skip

    def log_without_zones(self, shas: Sequence[str], *, changes: bool) -> bytes:
        """Return commits as `log` does, with times as seconds: git ends at a time zone that it cannot print.

        Without `changes`, their trees are not needed.
        """
        listed = ("--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", "--root") if changes else ("-s",)
        return self.feed(
            shas, "log", "--no-walk=unsorted", "--stdin", "-z", *listed, "--no-ext-diff", "--no-color",
            "--format=%H%x00%P%x00@%at%x00@%ct%x00%B",
        )  # fmt: skip

    def log_of(self, ref: str) -> bytes:
        """Return the commits that one ref reaches, as `log` does; raises GitError where a partial clone lacks them."""
        return self.run(
            "log", ref, "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color", "--root",
            "--format=%H%x00%P%x00%aI%x00%cI%x00%B",
        )  # fmt: skip

    def patches(self, shas: Sequence[str], *globs: str) -> bytes:
        """Return the commits' patches without context, each after a NUL and its id; merges have none.

        With `globs`, only files that fit one of them are looked at, and commits without such a file are left out.
        """
        return self.feed(
            shas, "-c", f"core.bigFileThreshold={_LARGE}", *(("--no-literal-pathspecs",) if globs else ()),
            "log", "--no-walk=unsorted", "--stdin", "-p", "-U0",
            "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/",
            "--diff-algorithm=myers", "--submodule=short", "--inter-hunk-context=0", "--root", "--format=%x00%H",
            *(("--", *globs) if globs else ()),
        ) if shas else b""  # fmt: skip

    def merges(self, shas: Sequence[str]) -> bytes:
        """Return merges as `log` does, with what each changed against its first parent."""
        return self.feed(
            shas, "log", "--no-walk=unsorted", "--stdin", "-z", "--raw", "--no-abbrev", "--no-renames",
            "--diff-merges=first-parent", "--no-ext-diff", "--no-color", "--format=%H%x00%P%x00%aI%x00%cI%x00%B",
        ) if shas else b""  # fmt: skip

    def last_deletion(self, head: str, path: str) -> str | None:
        """Return the last commit before `head` that deleted a file below a path."""
        return self.run("log", "-1", "--format=%H", "--diff-filter=D", head, "--", path).decode().strip() or None

    def check(self, values: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
        """Return what each hash string names, in one batch call.

        Only strings of 4 to 64 hexadecimal digits reach git. Returns (type, full id), (None, None) for nothing and
        ("ambiguous", None) for several objects. A ref that is called like a hash does not count.
        """
        asked = sorted({value for value in values if _CLAIMED.fullmatch(value)})
        rows = self.feed(asked, "cat-file", "--batch-check", "--buffer").decode().split("\n") if asked else []
        answers: dict[str, tuple[str | None, str | None]] = {}
        for value, row in zip(asked, rows, strict=False):
            words = row.split()
            if words[-1] in {"missing", "ambiguous"}:
                answers[value] = (words[-1] if words[-1] == "ambiguous" else None, None)
            else:
                answers[value] = (words[1], words[0]) if words[0].startswith(value) else (None, None)
        return answers

    def blobs(self, ids: Iterable[str], limit: int, total: int = _MOST_BYTES) -> dict[str, bytes]:
        """Return the content of blobs by id; those missing, damaged, or larger than `limit` bytes, and other objects are left out.

        So are those, in the order of their ids, that all together would be larger than `total` bytes.
        """
        sizes = {blob: size for blob, size in self.sizes(set(ids)).items() if size <= limit}
        waiting = [[blob for blob, end in zip(sizes, accumulate(sizes.values()), strict=True) if end <= total]]
        contents: dict[str, bytes] = {}
        failures = 0
        while waiting:
            some = waiting.pop()
            try:
                contents |= self._contents(some) if failures < _MOST_FAILURES else {}
            except GitError:  # git ends at the first one that is damaged
                failures += 1
                half = len(some) // 2
                waiting += [some[half:], some[:half]] if half else []
        return contents

    def _contents(self, blobs: Sequence[str]) -> dict[str, bytes]:
        """Return the content of blobs that are here by id; raises GitError if one is damaged."""
        out = self.feed(blobs, "cat-file", "--batch", "--buffer") if blobs else b""
        contents: dict[str, bytes] = {}
        position = 0
        for blob in blobs:
            end = out.index(b"\n", position)
            size = int(out[position:end].split()[2])
            contents[blob] = out[end + 1 : end + 1 + size]
            position = end + size + 2
        return contents

    def blobs_at(self, places: Iterable[tuple[str, str]], limit: int) -> dict[tuple[str, str], bytes]:
        """Return the content of files by (revision, path), as `blobs` does; a path with a line end cannot be asked for."""
        asked = sorted({place for place in places if "\n" not in place[1]})
        names = [f"{revision}:{path}" for revision, path in asked]
        rows = self.feed(names, "cat-file", "--batch-check", "--buffer").decode().split("\n") if names else []
        ids = {place: row.split()[0] for place, row in zip(asked, rows, strict=False) if _BLOB_ROW.fullmatch(row)}
        contents = self.blobs(ids.values(), limit)
        return {place: contents[blob] for place, blob in ids.items() if blob in contents}

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the sizes of blobs in bytes by id, sorted; missing ones and other objects are left out."""
        asked = sorted(set(ids))
        rows = self.feed(asked, "cat-file", "--batch-check", "--buffer").decode().split("\n") if asked else []
        return {row.split()[0]: int(row.split()[2]) for row in rows if " blob " in row}

    def all_commits(self) -> tuple[str, ...] | None:
        """Return every commit in the object store, also those that nothing reaches; None if there are too many objects."""
        counts = dict(row.split(": ") for row in self.run("count-objects", "-v").decode().splitlines() if ": " in row)
        if int(counts.get("count", 0)) + int(counts.get("in-pack", 0)) > _MOST_OBJECTS:
            return None
        rows = self.run("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
        return tuple(row[7:] for row in rows.decode().splitlines() if row.startswith("commit "))

    def pack(self, commits: Sequence[str], target: Path) -> None:
        """Write these commits, with their whole trees and without their history, into a pack file."""
        listed = self.feed(commits, "rev-list", "--objects", "--no-object-names", "--no-walk=unsorted", "--stdin")
        with target.open("wb") as stream:
            packing = [*self._options, "pack-objects", "-q", "--stdout", "--window=0"]
            call_git(packing, self._place, listed, stream)

    def tree(self, revision: str, path: str) -> list[tuple[str, str, str]]:
        """Return (mode, blob id, path) for every file below `path` in a revision."""
        where = ["--", path] if path not in {"", "."} else []
        out = self.run("ls-tree", "-r", "-z", "--full-tree", revision, *where)
        entries = (row.partition(b"\t") for row in out.split(b"\0") if row)
        split = ((facts.decode().split(), name.decode("utf-8", "replace")) for facts, _, name in entries)
        return [(mode, blob, name) for (mode, _, blob), name in split]

    def submodule_directories(self, paths: Iterable[str]) -> dict[str, "Repository"]:
        """Return the submodules that are here, by path: checked out, or kept under the git directory.

        A link in a submodule's place leads elsewhere and is not followed.
        """
        found: dict[str, Repository] = {}
        for path in sorted(set(paths)):
            places = [(self.common_dir / "modules", path), *([(self.root, path)] if self.root else [])]
            for base, name in reversed(places):
                place = base / name
                inside = place.is_dir() and place.resolve() == base.resolve() / name
                if inside and ((place / ".git").exists() or (place / "HEAD").is_file()):
                    try:
                        found[path] = Repository.discover(place, upwards=False)
                        break
                    except NothingToExamine:
                        continue
        return found

    def work_trees(self) -> tuple[Path, ...]:
        """Return the folders of this repository's work trees, this one first, also of linked ones that are gone by now."""
        links = [link for link in sorted(self.common_dir.glob("worktrees/*/gitdir")) if not link.is_symlink()]
        linked = [Path(text.strip()).parent for link in links if (text := regular_text(link, _LINK))]
        # Seen from a linked one, the main one is around the folder that all share; a bare repository has none.
        shared = self.common_dir.resolve()
        main = [shared.parent] if self.root and shared.name == ".git" else []
        return tuple(dict.fromkeys([*([self.root] if self.root else []), *main, *linked]))

    def head_log(self) -> list[tuple[str, str]]:
        """Return what HEAD's reflog holds of this work tree, oldest first: (full id, what was done); nothing without one."""
        try:
            rows = self.run("log", "-g", "--format=%H %gs", "HEAD").decode("utf-8", "replace").split("\n")
        except GitError:
            return []
        found = [(sha, said) for row in rows if row for sha, _, said in [row.partition(" ")]]
        return found[::-1]

    def has_reflog(self) -> bool:
        """Return whether this clone has a reflog, which keeps commits that refs no longer reach."""
        logs = self.common_dir / "logs"
        return logs.is_dir() and any(logs.iterdir())


def _rows(output: bytes) -> list[list[str]]:
    rows = (row.split("\0") for row in output.decode("utf-8", "replace").split("\n"))
    return [row for row in rows if len(row) == 3]

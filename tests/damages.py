"""Repositories damaged with git's own plumbing: one function per kind of damage."""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.unpack import git

NOWHERE = "12345678" * 5


def _object(folder: Path, sha: str) -> Path:
    return folder / ".git/objects" / sha[:2] / sha[2:]


def _write(folder: Path, text: str, *, ref: str = "") -> str:
    """Write a commit object as it is, and point a ref to it."""
    sha = git(folder, "hash-object", "-t", "commit", "--literally", "-w", "--stdin", stdin=text.encode())
    if ref:
        path = folder / ".git" / ref
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{sha}\n")
    return sha


def _commit(folder: Path, *, tree: str = "", parent: str = "", zone: str = "+0000") -> str:
    tree = tree or git(folder, "rev-parse", "HEAD^{tree}")
    parents = f"parent {parent}\n" if parent else ""
    who = f"Ada <ada@example.org> 1772600000 {zone}"
    return f"tree {tree}\n{parents}author {who}\ncommitter {who}\n\nOdd commit\n"


def _set_ref(name: str, text: str) -> Callable[[Path], str]:
    def damage(folder: Path) -> str:
        path = folder / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return name

    return damage


def _time_zone(zone: str) -> Callable[[Path], str]:
    """Put a commit with an impossible time zone on the branch."""

    def damage(folder: Path) -> str:
        sha = _write(folder, _commit(folder, parent=git(folder, "rev-parse", "HEAD"), zone=zone))
        git(folder, "update-ref", "refs/heads/main", sha)
        return sha

    return damage


def time_overflow(folder: Path) -> str:
    """Put a commit with an impossible time on a branch."""
    text = _commit(folder, parent=git(folder, "rev-parse", "HEAD")).replace("1772600000", "9" * 30)
    return _write(folder, text, ref="refs/heads/odd")


def no_author(folder: Path) -> str:
    """Put a commit without an author or committer on a branch."""
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    return _write(folder, f"tree {tree}\n\nOdd commit\n", ref="refs/heads/odd")


def missing_parent(folder: Path) -> str:
    """Point a branch to a commit whose parent is not there."""
    _write(folder, _commit(folder, parent=NOWHERE), ref="refs/heads/odd")
    return NOWHERE


def missing_tree(folder: Path) -> str:
    """Point a branch to a commit whose tree is not there."""
    return _write(folder, _commit(folder, tree=NOWHERE, parent=git(folder, "rev-parse", "HEAD")), ref="refs/heads/odd")


def missing_subtree(folder: Path) -> str:
    """Take away a tree below the first commit's."""
    tree = git(folder, "rev-parse", "HEAD~2:plans")
    _object(folder, tree).unlink()
    return git(folder, "rev-parse", "HEAD~2")


def _overwritten(folder: Path, sha: str, content: bytes) -> str:
    _object(folder, sha).chmod(0o644)
    _object(folder, sha).write_bytes(content)
    return sha


def missing_commit(folder: Path) -> str:
    """Take away a commit in the middle of the branch."""
    sha = git(folder, "rev-parse", "HEAD~1")
    _object(folder, sha).unlink()
    return sha


def corrupt_commit(folder: Path) -> str:
    """Overwrite a commit in the middle of the branch with junk."""
    sha = git(folder, "rev-parse", "HEAD~1")
    return _overwritten(folder, sha, b"junk")


def empty_commit_object(folder: Path) -> str:
    """Empty a commit's file, as a crash of the machine does."""
    sha = git(folder, "rev-parse", "HEAD~1")
    return _overwritten(folder, sha, b"")


def wrong_hash(folder: Path) -> str:
    """Give a commit's file another commit's content."""
    sha = git(folder, "rev-parse", "HEAD~1")
    _object(folder, sha).chmod(0o644)
    content = _commit(folder).encode()
    _object(folder, sha).write_bytes(zlib.compress(b"commit %d\0" % len(content) + content))
    return sha


def corrupt_blob(folder: Path) -> str:
    """Overwrite a committed file's content with junk."""
    sha = git(folder, "rev-parse", "HEAD~1:src/a.py")
    return _overwritten(folder, sha, b"junk")


def missing_blob(folder: Path) -> str:
    """Take away a committed file's content."""
    sha = git(folder, "rev-parse", "HEAD~1:src/a.py")
    _object(folder, sha).unlink()
    return sha


def ref_to_nothing(folder: Path) -> str:
    """Point a branch to an object that is not there."""
    (folder / ".git/refs/heads/odd").write_text(f"{NOWHERE}\n")
    return "refs/heads/odd"


def packed_ref_to_nothing(folder: Path) -> str:
    """Point a branch in packed-refs to an object that is not there."""
    (folder / ".git/packed-refs").write_text(f"{NOWHERE} refs/heads/odd\n")
    return "refs/heads/odd"


def ref_to_blob(folder: Path) -> str:
    """Point a branch to a file's content."""
    (folder / ".git/refs/heads/odd").write_text(git(folder, "rev-parse", "HEAD:src/a.py") + "\n")
    return "refs/heads/odd"


def tag_of_nothing(folder: Path) -> str:
    """Make an annotated tag of an object that is not there."""
    text = f"object {NOWHERE}\ntype commit\ntag odd\ntagger Ada <a@b.c> 1772600000 +0000\n\nx\n"
    sha = git(folder, "hash-object", "-t", "tag", "--literally", "-w", "--stdin", stdin=text.encode())
    (folder / ".git/refs/tags/odd").write_text(f"{sha}\n")
    return "refs/tags/odd"


def shallow_lie(folder: Path) -> str:
    """Name a commit that is not there as a shallow clone's boundary."""
    (folder / ".git/shallow").write_text(f"{NOWHERE}\n")
    return "is shallow"


def reflog_junk(folder: Path) -> str:
    """Append junk to HEAD's reflog."""
    with (folder / ".git/logs/HEAD").open("ab") as stream:
        stream.write(b"\0\xff junk\n" + f"{NOWHERE} {NOWHERE} Ada <a@b.c> 1 +0000\tcommit: x\n".encode())
    return "logs/HEAD"


def index_junk(folder: Path) -> str:
    """Overwrite the index with junk."""
    (folder / ".git/index").write_bytes(b"junk")
    return "index"


def pack_junk(folder: Path) -> str:
    """Add a pack of junk with its index."""
    pack = folder / ".git/objects/pack"
    pack.mkdir(exist_ok=True)
    for end in ("pack", "idx"):
        (pack / f"pack-{NOWHERE}.{end}").write_bytes(b"junk" * 400)
    return "pack"


DAMAGES: Mapping[str, Callable[[Path], str]] = {
    "impossible time zone": _time_zone("+99999999"),
    "time zone of a day": _time_zone("+2400"),
    "impossible time": time_overflow,
    "no author": no_author,
    "missing parent": missing_parent,
    "missing tree": missing_tree,
    "missing subtree": missing_subtree,
    "missing commit": missing_commit,
    "corrupt commit": corrupt_commit,
    "empty commit": empty_commit_object,
    "wrong hash": wrong_hash,
    "missing blob": missing_blob,
    "corrupt blob": corrupt_blob,
    "ref to nothing": ref_to_nothing,
    "ref to a blob": ref_to_blob,
    "tag of nothing": tag_of_nothing,
    "empty ref": _set_ref("refs/heads/odd", ""),
    "junk ref": _set_ref("refs/heads/odd", "junk\n"),
    "ref of zeros": _set_ref("refs/heads/odd", "\0" * 41),
    "symref to nothing": _set_ref("refs/heads/odd", "ref: refs/heads/gone\n"),
    "symref to itself": _set_ref("refs/heads/odd", "ref: refs/heads/odd\n"),
    "junk in packed-refs": _set_ref("packed-refs", "# pack-refs with: peeled fully-peeled sorted \njunk\n"),
    "packed ref to nothing": packed_ref_to_nothing,
    "odd ref name": _set_ref("refs/heads/odd..name", f"{NOWHERE}\n"),
    "shallow lie": shallow_lie,
    "junk in the reflog": reflog_junk,
    "junk index": index_junk,
    "junk pack": pack_junk,
}
HEADS: Mapping[str, Callable[[Path], str]] = {
    "empty HEAD": _set_ref("HEAD", ""),
    "junk HEAD": _set_ref("HEAD", "junk\n"),
    "HEAD of zeros": _set_ref("HEAD", "\0" * 41),
    "HEAD to nothing": _set_ref("HEAD", f"{NOWHERE}\n"),
    "HEAD to no branch": _set_ref("HEAD", "ref: refs/heads/gone\n"),
    "empty branch": _set_ref("refs/heads/main", ""),
    "junk branch": _set_ref("refs/heads/main", "junk\n"),
    "branch to nothing": _set_ref("refs/heads/main", f"{NOWHERE}\n"),
}

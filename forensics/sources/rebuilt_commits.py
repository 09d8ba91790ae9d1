"""Rebuilt commits as git objects, in a temporary repository; the one that is examined gets none of them."""

from collections.abc import Iterator

from forensics.model.rebuilt import Numbers, RebuiltCommit
from forensics.sources.repository import Repository

# Names may hold anything but control characters.
_SEPARATOR = "\x1f"


def make_commit(repository: Repository, commit: RebuiltCommit, parent: str, author: str, message: str) -> str:
    """Write a commit on top of `parent` and return its id; files that are not known stay as the parent has them."""
    ref = f"refs/rebuilt/{commit.sha}"
    repository.feed_bytes(b"".join(_stream(commit, ref, parent, author, message)), "fast-import", "--quiet", "--force")
    return repository.run("rev-parse", ref).decode().strip()


def _stream(commit: RebuiltCommit, ref: str, parent: str, author: str, message: str) -> Iterator[bytes]:
    """Yield the commit in the language of `git fast-import`."""
    stamp = f"{int(commit.moment.timestamp())} {commit.moment.strftime('%z')}"
    who = _plain(author)
    yield f"commit {ref}\nauthor {who} {stamp}\ncommitter {who} {stamp}\n".encode()
    yield _data(message.encode("utf-8", "replace"))
    yield f"from {parent}\n".encode()
    for file in commit.files:
        path = '"' + file.path.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if file.content is not None:
            yield f"M {file.mode} inline {path}\n".encode("utf-8", "surrogateescape") + _data(file.content)
        elif file.deleted:
            yield f"D {path}\n".encode("utf-8", "surrogateescape")
    yield b"\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _plain(author: str) -> str:
    """Return `Name <mail>` without anything that would end the line or the name."""
    name, _, mail = author.replace("\n", " ").replace("\0", "").rpartition("<")
    return f"{name.replace('<', '').replace('>', '').strip()} <{mail.replace('>', '').strip()}>"


def tree_of(repository: Repository, sha: str) -> str:
    """Return the id of a commit's tree."""
    return repository.run("rev-parse", f"{sha}^{{tree}}").decode().strip()


def write_object(repository: Repository, content: bytes) -> str:
    """Write a commit object as it is and return its id."""
    return repository.feed_bytes(content, "hash-object", "-t", "commit", "-w", "--stdin").decode().strip()


def numbers_of(repository: Repository, before: str, after: str) -> Numbers:
    """Return what git counts between two commits, renames found as `git commit` does."""
    rows = repository.run("diff-tree", "-r", "-M", "--numstat", "-z", before, after).split(b"\0")
    counted = [row.split(b"\t") for row in rows if row.count(b"\t") == 2]
    lines = [(int(added), int(removed)) for added, removed, _ in counted if added != b"-"]
    return Numbers(len(counted), sum(added for added, _ in lines), sum(removed for _, removed in lines))


def patch_of(repository: Repository, sha: str) -> bytes:
    """Return a commit as a mail that `git am` applies."""
    return repository.run("format-patch", "-1", "--stdout", "--binary", "--full-index", "--no-signature", "-M", sha)


def committers(repository: Repository, head: str) -> list[tuple[str, str]]:
    """Return who made the last commits before a commit, as (`Name <mail>`, date as ISO 8601), the newest first."""
    form = _SEPARATOR.join(("%cn <%ce>", "%an <%ae>", "%aI"))
    rows = repository.run("log", "-100", "--no-merges", f"--format={form}", head).decode("utf-8", "replace").split("\n")
    found = [row.split(_SEPARATOR) for row in rows if row.count(_SEPARATOR) == 2]
    # A site that merges for people signs as itself: who wrote the commit is the author then.
    return [(author if "noreply" in committer else committer, date) for committer, author, date in found]

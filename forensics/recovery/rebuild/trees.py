"""Which work tree a transcript's absolute paths lie in, and the path that git knows them by."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from forensics.model.file_acts import Act, ShellRan

# Tools that keep transcripts in git write this word over what may be a secret: what stood there is not known.
REDACTED = "REDACTED"
# Where orchestrators put the worktrees of their agents: `.worktrees/x`, `app-worktrees/x`, `.trees/x`.
_NESTED = re.compile(r"(?P<root>.*/(?:[\w.-]*worktrees?|\.trees)/[^/]+)/(?P<path>(?s:.+))")
# A root that fewer than one path in five speaks for is another repository with folders of the same names, unless
# commands ran there.
_FEWEST = 5


class Trees:
    """The roots of the repository's work trees on the machine of the transcript."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._roots = sorted(set(roots), key=len, reverse=True)

    def of(self, path: str) -> tuple[str, str] | None:
        """Return (root, path inside it); None for a path of no tree, one with `..`, and git's own files."""
        plain = posixpath.normpath(path.replace("\\", "/"))
        nested = _NESTED.fullmatch(plain)
        if nested and any(_within(nested["root"], root) for root in map(posixpath.dirname, self._roots)):
            return _inside(nested["root"], nested["path"])
        root = next((root for root in self._roots if _within(plain, root)), None)
        return _inside(root, plain[len(root) + 1 :]) if root else None

    def root_of(self, folder: str) -> str | None:
        """Return the root of the tree that a folder lies in, or is."""
        found = self.of(posixpath.join(folder, "x"))
        return found[0] if found else None


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root.rstrip('/')}/")


def _inside(root: str, path: str) -> tuple[str, str] | None:
    # A transcript is foreign text: nothing it names may leave the tree or reach git's own files.
    parts = path.split("/")
    refused = not path or ".." in parts or any(part.lower() == ".git" for part in parts) or "\0" in path or "\n" in path
    return None if refused or REDACTED in path else (root, path)


def trees_of(acts: Sequence[Act], known: Collection[str]) -> Trees:
    """Return the trees that most paths speak for: `/home/ada/app/src/a.py` does for `/home/ada/app` if git knows `src/a.py`."""
    votes: Counter[str] = Counter()
    for path in {act.path for act in acts if not isinstance(act, ShellRan)}:
        parts = posixpath.normpath(path.replace("\\", "/")).split("/")
        nested = _NESTED.fullmatch("/".join(parts))
        if nested:
            continue
        # The longest path that git knows: `README.md` is in many folders.
        start = next((place for place in range(1, len(parts)) if "/".join(parts[place:]) in known), None)
        if start is not None:
            votes["/".join(parts[:start])] += 1
    most = max(votes.values(), default=0)
    cwds = Counter(act.cwd for act in acts if isinstance(act, ShellRan) and act.cwd)
    if not votes and cwds:  # all that the agents wrote is new to git: they began in the repository
        return Trees(cwd for cwd, _ in cwds.most_common(1))
    return Trees(root for root, number in votes.items() if root in cwds or number * _FEWEST >= most)

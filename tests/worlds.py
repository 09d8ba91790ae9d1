"""Small repositories held in memory, for generated histories: trees of lines, from which patches follow as from git's."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

from forensics.casework.attribute import attribute_tickets
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.tickets import work_of_tickets
from forensics.casework.pipeline import build_case
from forensics.formats.tickets import Tickets
from forensics.model.case import Case, Run, RunKind
from forensics.model.history import Change, Commit, History, reachable
from forensics.model.patch import Line, Patch

Tree = Mapping[str, tuple[str, ...]]
NIGHT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class World:
    """Commits with their trees, refs, and a clock; `main` is the branch everything is seen from."""

    commits: dict[str, Commit] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    merged: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    now: datetime = NIGHT

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def commit(
        self, subject: str, tree: Tree, *parents: str, authored: datetime | None = None, body: str = "", on: str = ""
    ) -> str:
        """Make a commit of a whole tree; `on` is the ref that then points to it."""
        identity = f"{len(self.commits)} {subject} {self.now} {sorted(tree.items())} {parents}"
        sha = hashlib.sha1(identity.encode(), usedforsecurity=False).hexdigest()
        before = self.trees[parents[0]] if parents else {}
        self.trees[sha] = dict(tree)
        patch = _patch(before, tree)
        changes = tuple(
            Change(
                "D" if path not in tree else "M" if path in before else "A",
                path,
                _blob(tree[path]) if path in tree else "0" * 40,
            )
            for path in sorted({path for path in {*before, *tree} if before.get(path) != tree.get(path)})
        )
        if len(parents) > 1:
            self.merged[sha] = changes
        else:
            self.patches[sha] = patch
        plain = changes if len(parents) < 2 else None
        self.commits[sha] = Commit(sha, parents, authored or self.now, self.now, subject, body, plain)
        if on:
            self.refs[on] = sha
        return sha

    @property
    def main(self) -> str:
        return self.refs["refs/heads/main"]

    def edit(
        self, sha: str, edits: Mapping[str, Sequence[str]], gone: Mapping[str, Sequence[str]] | None = None
    ) -> Tree:
        """Return a commit's tree with lines added at the ends of files, and lines taken out."""
        tree = {path: list(lines) for path, lines in self.trees[sha].items()}
        for path, lines in (gone or {}).items():
            tree[path] = [line for line in tree.get(path, ()) if line not in set(lines)]
        for path, lines in edits.items():
            tree.setdefault(path, []).extend(lines)
        return {path: tuple(lines) for path, lines in tree.items() if lines}

    def base(self, sha: str, other: str) -> str:
        """Return the merge base of two commits: the common ancestor made last."""
        both = reachable(self.commits, [sha]) & reachable(self.commits, [other])
        order = list(self.commits)
        return max(both, key=order.index)

    def joined(self, ours: str, theirs: str, base: str | None = None) -> Tree:
        """Return the merge of two trees, by lines: what either took out is out, what either added is in."""
        root, mine, other = self.trees[base or self.base(ours, theirs)], self.trees[ours], self.trees[theirs]
        tree = {}
        for path in {*mine, *other}:
            was, our, their = root.get(path, ()), mine.get(path, ()), other.get(path, ())
            if was in (our, their) or our == their:
                lines = their if our == was else our
            else:
                out = (set(was) - set(our)) | (set(was) - set(their))
                new = [line for line in their if line not in set(was) | set(our)]
                lines = tuple(line for line in (*our, *new) if line not in out)
            if lines:
                tree[path] = lines
        return tree

    def own(self, tip: str) -> list[str]:
        """Return what a tip has and main has not, oldest first."""
        there = reachable(self.commits, [self.main])
        return [sha for sha in self.commits if sha in reachable(self.commits, [tip]) - there]

    def moved(self, tip: str, onto: str) -> str:
        """Rebase a tip's commits onto another: author times are kept; what changes nothing is dropped."""
        mine = [sha for sha in self.own(tip) if sha not in reachable(self.commits, [onto])]
        for sha in mine:
            old = self.commits[sha]
            if old.changes is None:
                continue
            tree = self.joined(onto, sha, old.parents[0])
            if tree != self.trees[onto]:
                onto = self.commit(old.subject, tree, onto, authored=old.author_time)
        return onto

    def land(self, number: int, title: str, tip: str, *, merge: bool = False, branch: str = "topic") -> str:
        """Land a pull request, as a squash that lists its commits or as a merge; its head stays where it is."""
        self.refs[f"refs/pull/{number}/head"] = tip
        tree = self.joined(self.main, tip)
        mine = [self.commits[sha].subject for sha in self.own(tip) if self.commits[sha].changes is not None]
        if merge:
            subject = f"Merge pull request #{number} from owner/{branch}"
            return self.commit(subject, tree, self.main, tip, body=title, on="refs/heads/main")
        body = "\n\n".join(f"* {subject}" for subject in mine) if len(mine) > 1 else ""
        return self.commit(f"{title} (#{number})", tree, self.main, body=body, on="refs/heads/main")

    def history(self) -> History:
        return History(
            commits=self.commits,
            head=self.main,
            branch="main",
            on_branch=reachable(self.commits, [self.main]),
            refs=self.refs,
            patches=self.patches,
            merged=self.merged,
        )

    def case(self, pattern: str = r"R\d+") -> Case:
        history = self.history()
        work = work_of_tickets(history, find_pulls(history), Tickets(pattern), frozenset(self.commits))
        return build_case(attribute_tickets(Run("tickets", ".", None, None, None, kind=RunKind.TICKETS), history, work))

    def stream(self) -> bytes:
        """Return the world for `git fast-import`, with commits' ids as marks' names in a table of refs."""
        marks = {sha: place for place, sha in enumerate(self.commits, start=1)}
        out = []
        for sha, commit in self.commits.items():
            message = f"{commit.subject}\n\n{commit.body}".strip()
            out.append(f"commit refs/marks/{marks[sha]}\nmark :{marks[sha]}")
            for role, when in (("author", commit.author_time), ("committer", commit.commit_time)):
                out.append(f"{role} Ada <ada@example.org> {int(when.timestamp())} +0000")
            out.append(f"data {len(message.encode())}\n{message}")
            words = ["from", *["merge"] * len(commit.parents)]
            out += [f"{word} :{marks[parent]}" for word, parent in zip(words, commit.parents, strict=False)]
            out.append("deleteall")
            for path, lines in sorted(self.trees[sha].items()):
                text = "".join(f"{line}\n" for line in lines)
                out.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}")
        out += [f"reset {ref}\nfrom :{marks[sha]}\n" for ref, sha in sorted(self.refs.items())]
        return "\n".join(out).encode() + b"\n"


def world() -> World:
    """Return a world with a main branch of two commits."""
    made = World()
    tree = {"README.md": ("# Things",), "CHANGELOG.md": ("# Changes",), "src/core.py": ("import os", "def core(): ...")}
    root = made.commit("Begin", tree)
    made.wait(30)
    made.commit(
        "Grow", made.edit(root, {"src/core.py": ["core_is_here = len(os.environ)"]}), root, on="refs/heads/main"
    )
    made.wait(30)
    return made


def lines(name: str, first: int, last: int) -> list[str]:
    """Return distinctive lines, after an import that everybody writes alike."""
    distinctive = [f"{name}_result_{number} = work_of_{name}({number})" for number in range(first, last + 1)]
    return [f"import {name}", *distinctive] if first == 1 else distinctive


def _blob(content: tuple[str, ...]) -> str:
    return hashlib.sha1("\n".join(content).encode(), usedforsecurity=False).hexdigest()


def _patch(before: Tree, after: Tree) -> Patch:
    added: dict[str, tuple[Line, ...]] = {}
    removed: dict[str, tuple[Line, ...]] = {}
    for path in sorted({*before, *after}):
        old, now = before.get(path, ()), after.get(path, ())
        if old == now:
            continue
        gone, new = [], []
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, now, autojunk=False).get_opcodes():
            if kind != "equal":
                gone += [Line(place + 1, old[place]) for place in range(i1, i2)]
                new += [Line(place + 1, now[place]) for place in range(j1, j2)]
        if gone:
            removed[path] = tuple(gone)
        if new:
            added[path] = tuple(new)
    return Patch(added, removed)

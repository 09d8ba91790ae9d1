"""Generated ticket runs in which everybody does what is right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.worlds import World, lines, world


@dataclass(slots=True)
class Branch:
    """One ticket's pull request as it grows."""

    ticket: str
    number: int
    tip: str
    below: "Branch | None" = None
    title: str = ""
    done: bool = False
    landed: bool = False
    files: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def ref(self) -> str:
        return f"refs/pull/{self.number}/head"


class Night:
    """A run in which everybody does what is right, each step drawn by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.world = world()
        self.branches: list[Branch] = []

    def run(self) -> World:
        for _ in range(self.random.randint(2, 5)):
            self._start()
        for _ in range(self.random.randint(6, 26)):
            self.go_on()
        return self.world

    def go_on(self) -> None:
        self.world.wait(self.random.choice([1, 2, 5, 11, 30]))
        busy = [other for other in self.branches if not other.landed]
        if not busy or self.random.random() < 0.12:
            return self._start()
        branch = self.random.choice(busy)
        return (self._land if branch.done else self._work)(branch)

    def _start(self) -> None:
        done = [other for other in self.branches if other.done and not other.landed]
        below = self.random.choice(done) if done and self.random.random() < 0.6 else None
        number = len(self.branches) + 1
        landed = [other.ticket for other in self.branches if other.landed]
        ticket = f"R{10 + number}"
        if landed and self.random.random() < 0.2:  # a follow-up
            ticket = self.random.choice(landed)
        trunk = [self.world.main, self.world.commits[self.world.main].parents[0]]
        tip = below.tip if below else self.random.choice(trunk)
        made = Branch(ticket, number, tip, below, title=f"{ticket}: Part {number}")
        made.files = [f"src/{ticket.lower()}_{number}.py"]
        if below and self.random.random() < 0.4:
            made.files.append(below.files[0])
        self.branches.append(made)
        self.world.wait(1)
        self._write(made)

    def _work(self, branch: Branch) -> None:
        ways: list[Callable[[Branch], None]] = [self._write, self._write, self._amend, self._rebase, self._update]
        ways += [self._revert, self._move, self._pick, self._mend, self._finish, self._finish, self._empty]
        self.random.choice(ways)(branch)

    def _write(self, branch: Branch) -> None:
        branch.count += 1
        name = f"{branch.ticket.lower()}_{branch.number}_{branch.count}"
        edits = {self.random.choice(branch.files): lines(name, 1, self.random.randint(2, 12))}
        if self.random.random() < 0.5:
            edits["CHANGELOG.md"] = [f"- {branch.ticket}: one more of the many things that were made"]
        if self.random.random() < 0.4:
            edits["uv.lock"] = [f'name = "package-everybody-wants-{number}"' for number in range(5)]
        epic = "-B" if self.random.random() < 0.2 else ""
        self._commit(branch, f"{branch.ticket}{epic}: Write {name}", edits)

    def _commit(self, branch: Branch, subject: str, edits: dict[str, list[str]], **gone: dict[str, list[str]]) -> None:
        tree = self.world.edit(branch.tip, edits, gone.get("gone"))
        branch.tip = self.world.commit(subject, tree, branch.tip, on=branch.ref)

    def _mine(self, branch: Branch) -> list[str]:
        below = set(self.world.own(branch.below.tip)) if branch.below else set()
        return [
            sha
            for sha in self.world.own(branch.tip)
            if sha not in below and branch.ticket in self.world.commits[sha].subject
        ]

    def _amend(self, branch: Branch) -> None:
        old = self.world.commits[branch.tip]
        if branch.tip not in self._mine(branch) or not old.changes:
            return
        tree = self.world.edit(branch.tip, {branch.files[0]: [f"amended_{branch.tip[:6]} = really(better)"]})
        branch.tip = self.world.commit(old.subject, tree, *old.parents, authored=old.author_time, on=branch.ref)

    def _rebase(self, branch: Branch) -> None:
        onto = branch.below.tip if branch.below and not branch.below.landed else self.world.main
        branch.tip = self.world.refs[branch.ref] = self.world.moved(branch.tip, onto)

    def _update(self, branch: Branch) -> None:
        tree = self.world.joined(branch.tip, self.world.main)
        subject = f"Merge branch 'main' into {branch.ticket.lower()}-part"
        branch.tip = self.world.commit(subject, tree, branch.tip, self.world.main, on=branch.ref)

    def _revert(self, branch: Branch) -> None:
        mine = [sha for sha in self._mine(branch) if self.world.commits[sha].changes]
        if mine:
            sha = self.random.choice(mine)
            patch = self.world.patches[sha]
            gone = {path: [line.text for line in found] for path, found in patch.added.items()}
            back = {path: [line.text for line in found] for path, found in patch.removed.items()}
            old = self.world.commits[sha].subject
            subject = f'Revert "{old}"' if self.random.random() < 0.5 else f"{branch.ticket}: Without {old[5:]}"
            self._commit(branch, subject, back, gone=gone)

    def _move(self, branch: Branch) -> None:
        """Move a file's lines to another file; two tickets may move the same lines."""
        source = self.random.choice(["src/core.py", branch.files[0]])
        old = list(self.world.trees[branch.tip].get(source, ()))
        if len(old) > 1:
            self._commit(branch, f"{branch.ticket}: Split {source}", {"src/split.py": old[1:]}, gone={source: old[1:]})

    def _pick(self, branch: Branch) -> None:
        """Take another ticket's commit on purpose, where both do without each other's."""
        others = [other for other in self.branches if other.ticket != branch.ticket and not other.landed]
        shas = [sha for other in others for sha in self._mine(other) if self.world.commits[sha].changes]
        shas = [sha for sha in shas if sha not in self.world.own(branch.tip)]
        if shas:
            old = self.world.commits[self.random.choice(shas)]
            tree = self.world.joined(branch.tip, old.sha, old.parents[0])
            if tree != self.world.trees[branch.tip]:
                branch.tip = self.world.commit(old.subject, tree, branch.tip, authored=old.author_time, on=branch.ref)

    def _mend(self, branch: Branch) -> None:
        """Mend the same bug as others do: a few equal lines."""
        same = [
            "if core_is_here is None:",
            "    raise ValueError('nothing is here')",
            "core_is_here = max(0, core_is_here)",
        ]
        branch.count += 1
        fix = lines(f"mend_{branch.number}_{branch.count}", 2, self.random.randint(2, 9))
        self._commit(branch, f"{branch.ticket}: Mend the core", {"src/core.py": [*same, *fix]})

    def _empty(self, branch: Branch) -> None:
        branch.tip = self.world.commit(
            f"{branch.ticket}: Start CI again", self.world.trees[branch.tip], branch.tip, on=branch.ref
        )

    def _finish(self, branch: Branch) -> None:
        branch.done = True

    def _land(self, branch: Branch) -> None:
        above = [other for other in self.branches if other.below is branch and not other.landed]
        if self.random.random() < 0.15 and above:
            return self._land_into(branch, self.random.choice(above))
        if self.random.random() < 0.2:
            return None
        if branch.below and not branch.below.landed and self.random.random() < 0.6:
            return None
        branch.landed = True
        below = branch.below
        while below is not None:  # what it was stacked on landed with it
            below.landed = True
            below = below.below
        slug = f"{branch.ticket.lower()}-part"
        title = f"Part {branch.number} ({branch.ticket})"
        tip = self.world.land(branch.number, title, branch.tip, merge=self.random.random() < 0.3, branch=slug)
        for upper in above:
            if self.random.random() < 0.7:
                self.world.wait(1)
                upper.tip = self.world.refs[upper.ref] = self._restacked(upper, branch, tip)
        return None

    def _restacked(self, upper: Branch, below: Branch, onto: str) -> str:
        tip = onto
        for sha in self._mine(upper):
            old = self.world.commits[sha]
            if old.changes is not None:
                tree = self.world.joined(tip, sha, old.parents[0])
                tip = self.world.commit(old.subject, tree, tip, authored=old.author_time)
        return tip

    def _land_into(self, branch: Branch, above: Branch) -> None:
        """Land a stack's upper part into its lower one, as its pull request asks for."""
        if not above.done or branch.tip not in reached(self.world, above.tip):
            return
        above.landed = True
        tree = self.world.trees[above.tip]
        title = f"Part {above.number} ({above.ticket}) (#{above.number})"
        if self.random.random() < 0.5:
            branch.tip = self.world.commit(title, tree, branch.tip, on=branch.ref)
        else:
            subject = f"Merge pull request #{above.number} from owner/{above.ticket.lower()}-part"
            branch.tip = self.world.commit(subject, tree, branch.tip, above.tip, body=above.title, on=branch.ref)


def reached(made: World, tip: str) -> set[str]:
    found, todo = set(), [tip]
    while todo:
        sha = todo.pop()
        if sha not in found:
            found.add(sha)
            todo += made.commits[sha].parents
    return found

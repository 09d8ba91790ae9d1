"""Measure on generated histories: a fault is injected into a run of tickets, and the same run without it is its clean pair."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from accuracy.agreement import is_accusation
from accuracy.runs import PARALLEL, Run, Said, said
from accuracy.scores import Share, share
from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.formats.tickets import Tickets
from tests.nights import Night
from tests.worlds import World, lines

# The tickets of the injected part: R901 does the harm and R902 suffers it. The night around them has lower numbers.
CULPRIT, VICTIM = "R901", "R902"
BOTH = {CULPRIT, VICTIM}


@dataclass(slots=True)
class Shop:
    """A world and the way in which its pull requests land; `dev` is a branch that is promoted to main at the end."""

    world: World
    way: str
    random: Random

    def some(self, name: str, fewest: int = 3) -> list[str]:
        """Return distinctive lines, few or many: neither side's share of a commit may decide."""
        return lines(name, 2, self.random.randint(fewest, 24))

    @property
    def trunk(self) -> str:
        """Return the tip that new work starts from."""
        return self.world.refs["refs/heads/dev"] if self.way == "dev" else self.world.main

    def write(self, number: int, tip: str, what: str, edits: dict[str, list[str]], **gone: dict[str, list[str]]) -> str:
        """Commit edits for a ticket on its branch and return the new tip."""
        self.world.wait(3)
        tree = self.world.edit(tip, edits, gone.get("gone"))
        return self.world.commit(f"R{number}: {what}", tree, tip, on=f"refs/pull/{number}/head")

    def land(self, number: int, what: str, tip: str, tree: dict[str, tuple[str, ...]] | None = None) -> str:
        """Land a ticket's branch; `tree` is what the landing has instead of the merge. Return the new tip of the trunk."""
        world, title = self.world, f"{what} (R{number})"
        world.wait(15)
        world.refs[f"refs/pull/{number}/head"] = tip
        if self.way == "rebase" and tree is None:
            world.refs["refs/heads/main"] = world.moved(tip, world.main)
            return world.main
        on = "refs/heads/dev" if self.way == "dev" else "refs/heads/main"
        result = tree if tree is not None else world.joined(self.trunk, tip)
        if self.way == "merge":
            subject = f"Merge pull request #{number} from owner/r{number}-part"
            return world.commit(subject, result, self.trunk, tip, body=title, on=on)
        return world.commit(f"{title} (#{number})", result, self.trunk, on=on)

    def promote(self) -> None:
        """Merge dev into main, as a release does."""
        if self.way == "dev":
            world, dev = self.world, self.world.refs["refs/heads/dev"]
            world.wait(60)
            tree = world.joined(world.main, dev)
            world.commit("Merge branch 'dev'", tree, world.main, dev, on="refs/heads/main")


Injection = Callable[[Shop, bool], None]


def foreign_hunk(shop: Shop, faulty: bool) -> None:
    """R901's commit holds a hunk of R902's, in a file that both have; R902 commits it, too, and goes on."""
    start, hunk = shop.trunk, shop.some("theirs", 8)
    foreign = {"src/core.py": hunk[: shop.random.randint(6, len(hunk))]} if faulty else {}
    mine = shop.write(901, start, "Mine", {"src/mine.py": shop.some("mine"), **foreign})
    theirs = shop.write(902, start, "Theirs", {"src/core.py": hunk})
    theirs = shop.write(902, theirs, "Theirs, too", {"src/core.py": shop.some("later")})
    shop.land(901, "Mine", mine)
    shop.land(902, "Theirs", theirs)


def sweep_with_copy(shop: Shop, faulty: bool) -> None:
    """R901 commits with `add -A` what R902 has half written; R902 commits its whole file later."""
    start, theirs = shop.trunk, shop.some("theirs", 9)
    swept = {"src/theirs.py": theirs[: shop.random.randint(6, len(theirs))]} if faulty else {}
    mine = shop.write(901, start, "Mine", {"src/mine.py": shop.some("mine"), **swept})
    tip = shop.write(902, start, "Theirs", {"src/theirs.py": theirs})
    landings = [(901, "Mine", mine), (902, "Theirs", tip)]
    for number, what, head in landings if shop.random.random() < 0.5 else reversed(landings):
        shop.land(number, what, head)


def sweep_without_copy(shop: Shop, faulty: bool) -> None:
    """R901 commits with `add -A` a file that R902 wrote, which uses R902's first file; R902 never commits it."""
    start = shop.trunk
    first = shop.write(902, start, "Start theirs", {"src/theirs/first.py": lines("first", 1, 9)})
    second = [
        "from theirs.first import first_result_1",
        "from theirs.first import work_of_first",
        *shop.some("second", 6),
    ]
    swept = {"src/theirs/second.py": second} if faulty else {}
    mine = shop.write(901, start, "Mine", {"src/mine.py": shop.some("mine"), **swept})
    own = {} if faulty else {"src/theirs/second.py": second}
    use = ["import theirs.second", "theirs.second.second_result_2()"]
    tip = shop.write(902, first, "Use the second", {"src/theirs/first.py": use, **own})
    shop.land(901, "Mine", mine)
    shop.land(902, "Theirs", tip)


def unlanded_base(shop: Shop, faulty: bool) -> None:
    """R901 starts on R902's branch, which has not landed and continues; R901 lands first, with R902's commits."""
    start = shop.trunk
    theirs = shop.write(902, start, "Theirs", {"src/theirs.py": shop.some("theirs", 8)})
    mine = shop.write(901, theirs if faulty else start, "Mine", {"src/mine.py": shop.some("mine")})
    theirs = shop.write(902, theirs, "Theirs, too", {"src/theirs.py": shop.some("too", 8)})
    mine = shop.write(901, mine, "Mine, too", {"src/mine.py": shop.some("more")})
    shop.land(901, "Mine", mine)
    shop.land(902, "Theirs", theirs)


def hollow_merge(shop: Shop, faulty: bool) -> None:
    """R902 commits on R901's branch and lands almost nothing itself: its work came in with R901's pull request."""
    start, work = shop.trunk, {"src/theirs.py": shop.some("theirs", 12)}
    mine = shop.write(901, start, "Mine", {"src/mine.py": shop.some("mine")})
    own = shop.write(902, mine if faulty else start, "Theirs", work)
    if faulty:
        mine = shop.write(901, own, "Mine, too", {"src/mine.py": shop.some("more")})
        own = shop.write(902, start, "Theirs", work)
    shop.land(901, "Mine", mine)
    shop.land(902, "Theirs", shop.write(902, own, "Tidy", {"src/tidy.py": ["tidied_theirs_at_last = True"]}))


def revert(shop: Shop, faulty: bool) -> None:
    """R901 takes R902's landed work out again, among work of its own, and says nothing of it."""
    work = {"src/theirs.py": shop.some("theirs", 8)}
    shop.land(902, "Theirs", shop.write(902, shop.trunk, "Theirs", work))
    gone = work if faulty else {}
    shop.land(901, "Mine", shop.write(901, shop.trunk, "Mine", {"src/mine.py": shop.some("mine")}, gone=gone))


def stale_squash(shop: Shop, faulty: bool) -> None:
    """R901 lands the tree of its branch as it is, which was made before R902 landed: R902's work is gone."""
    start, world = shop.trunk, shop.world
    mine = shop.write(901, start, "Mine", {"src/mine.py": shop.some("mine")})
    work = {"src/theirs.py": shop.some("theirs", 8), "src/core.py": shop.some("core", 6)}
    shop.land(902, "Theirs", shop.write(902, start, "Theirs", work))
    shop.land(901, "Mine", mine, dict(world.trees[mine]) if faulty else None)


def reset(shop: Shop, faulty: bool) -> None:
    """The trunk is reset to before R902's landing, and R901 lands on that."""
    start = shop.trunk
    shop.land(902, "Theirs", shop.write(902, start, "Theirs", {"src/theirs.py": shop.some("theirs", 8)}))
    if faulty:
        shop.world.refs["refs/heads/dev" if shop.way == "dev" else "refs/heads/main"] = start
    shop.land(901, "Mine", shop.write(901, shop.trunk, "Mine", {"src/mine.py": shop.some("mine")}))


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of fault; `blamed` are the steps that a finding of a rule may blame: the others suffer.

    Where nobody can know who did it (`anonymous`), it is told if the victim's step is not called sound.
    """

    name: str
    inject: Injection
    blamed: frozenset[str] = frozenset({CULPRIT})
    anonymous: bool = False


SORTS = (
    Sort("foreign hunk", foreign_hunk),
    Sort("`add -A`, the owner has a copy", sweep_with_copy),
    Sort("`add -A`, the owner has none", sweep_without_copy),
    Sort("built on unlanded work", unlanded_base),
    # Both are at fault: R902 committed on another's branch, and R901 landed it.
    Sort("merged almost empty", hollow_merge, frozenset(BOTH)),
    Sort("landed work taken out", revert),
    Sort("landed work overwritten", stale_squash),
    Sort("landed work reset", reset, anonymous=True),
)
WAYS = ("squash", "merge", "rebase", "dev")
ANY = "all"


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a sort of fault was told, blamed on the right step, and its clean pair left in peace."""

    fault: str
    way: str
    told: Share
    right: Share
    silent: Share


def measured(seeds: int) -> tuple[Rate, ...]:
    """Analyse so many generated runs per sort of fault and way of landing, each with its clean pair."""
    rows = [(place, way, seed) for place in range(len(SORTS)) for way in WAYS for seed in range(seeds)]
    with ProcessPoolExecutor(PARALLEL) as pool:
        results = dict(zip(rows, pool.map(_pair, rows, chunksize=8), strict=True))
    return tuple(_rates(results))


def _rates(results: Mapping[tuple[int, str, int], tuple[bool, bool, bool]]) -> Iterator[Rate]:
    for place, sort in enumerate(SORTS):
        for way in WAYS:
            yield _rate(sort.name, way, [found for key, found in results.items() if key[:2] == (place, way)])
        yield _rate(sort.name, ANY, [found for key, found in results.items() if key[0] == place])
    for way in WAYS:
        yield _rate(ANY, way, [found for key, found in results.items() if key[1] == way])
    yield _rate(ANY, ANY, list(results.values()))


def _rate(fault: str, way: str, results: list[tuple[bool, bool, bool]]) -> Rate:
    told, right, silent = (share(flags) for flags in zip(*results, strict=True))
    return Rate(fault, way, told, right, silent)


def _pair(row: tuple[int, str, int]) -> tuple[bool, bool, bool]:
    """Return whether the fault was told, whether the right step was blamed, and whether the clean pair was silent."""
    place, way, seed = row
    sort = SORTS[place]
    faulty, clean = (
        analysed(generated(sort, way, seed, faulty=True)),
        analysed(generated(sort, way, seed, faulty=False)),
    )
    return (
        told(faulty, sort),
        told(faulty, sort) and blames_right(faulty, sort),
        not any(map(is_accusation, clean.findings)),
    )


def generated(sort: Sort, way: str, seed: int, *, faulty: bool) -> World:
    """Return a generated run with or without the fault: the same seed gives the same run around it."""
    night = Night(Random(seed))  # noqa: S311  (a repository, not a secret)
    shop = Shop(night.run(), way, Random(seed))  # noqa: S311
    if way == "dev":
        shop.world.refs["refs/heads/dev"] = shop.world.main
    shop.world.wait(5)
    sort.inject(shop, faulty)
    shop.promote()
    for _ in range(shop.random.randint(0, 3) if way != "dev" else 0):  # the night's own pull requests land on main
        night.go_on()
    return shop.world


def analysed(world: World) -> Said:
    """Write a generated run into a repository and analyse it as the command does."""
    with tempfile.TemporaryDirectory() as folder:
        for words, text in ((("init", "-q", "-b", "main"), b""), (("fast-import", "--quiet"), world.stream())):
            subprocess.run(["git", "-C", folder, *words], input=text, check=True, capture_output=True)
        scope = Scope(".", Path(folder), at="main", read_transcripts=False, tickets=Tickets(r"R\d+"))
        return said(Run("", "", ""), analyze(scope))


def told(found: Said, sort: Sort) -> bool:
    """Return whether the fault shows: in a finding, or where nobody can be blamed, in the victim's verdict."""
    unsound = any(step.id == VICTIM and step.verdict != "sound" for step in found.steps)
    return bool(_accusations(found)) or (sort.anonymous and unsound)


def blames_right(found: Said, sort: Sort) -> bool:
    """Return whether every finding about the two blames a step that did it."""
    blamed = [steps & BOTH for steps in _accusations(found)]
    return sort.anonymous or (bool(blamed) and all(steps and steps <= sort.blamed for steps in blamed))


def _accusations(found: Said) -> list[frozenset[str]]:
    """Return the steps at fault of each finding of medium or above that concerns the two tickets."""
    return [finding.at_fault for finding in found.findings if is_accusation(finding) and BOTH & set(finding.steps)]

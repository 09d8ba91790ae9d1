"""What can go wrong in a ticket run, injected into a generated run."""

from dataclasses import dataclass

from tests.worlds import World, lines


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done wrong: the finding it must give, the steps it concerns, the codes that may follow from it, and the step at fault."""

    code: str
    at: str
    steps: frozenset[str]
    codes: frozenset[str]
    culprit: str = ""


def write(made: World, tip: str, subject: str, edits: dict[str, list[str]], number: int = 0) -> str:
    made.wait(2)
    return made.commit(subject, made.edit(tip, edits), tip, on=f"refs/pull/{number}/head" if number else "")


def sweep(made: World, land: bool, own: int = 9, swept: int = 8, more: int = 1) -> Fault:
    """R901 commits all that is in the folder, `swept` lines of R902's half-done work among it; R902 writes `more` of them."""
    start = made.main
    theirs = lines("theirs", 1, swept + more)
    both = {"src/mine.py": lines("mine", 1, own), "src/theirs.py": theirs[: swept + 1]}
    mine = write(made, start, "R901: Mine", both, 901)
    tip = write(made, start, "R902: Theirs", {"src/theirs.py": theirs}, 902)
    if land:
        made.land(901, "Mine (R901)", mine)
        tip = write(made, made.moved(tip, made.main), "R902: More", {"src/theirs.py": lines("more", 1, 4)}, 902)
        made.land(902, "Theirs (R902)", tip)
    return Fault("ISO003", mine, frozenset({"R901", "R902"}), frozenset({"ISO003", "ISO004", "ISO005"}), "R901")


def sweep_of_a_beginning(made: World, land: bool) -> Fault:
    """R902 had only begun: what R901 swept is a small part of R902's commit."""
    return sweep(made, land, own=5, swept=8, more=30)


def sweep_by_a_small_commit(made: World, land: bool) -> Fault:
    """R901 has little of its own in its commit."""
    return sweep(made, land, own=2, swept=15, more=0)


def foreign_hunk(made: World, land: bool) -> Fault:
    """R901 commits R902's half-done hunk in a file that both change, and R902 goes on in a file of its own."""
    start = made.main
    theirs = lines("theirs", 2, 9)
    mine = write(made, start, "R901: Mine", {"src/core.py": [*lines("mine", 2, 8), *theirs]}, 901)
    tip = write(made, start, "R902: Theirs", {"src/core.py": theirs, "src/theirs.py": lines("more", 1, 9)}, 902)
    if land:
        made.land(901, "Mine (R901)", mine)
        made.land(902, "Theirs (R902)", made.moved(tip, made.main), merge=True, branch="r902-theirs")
    return Fault("ISO003", mine, frozenset({"R901", "R902"}), frozenset({"ISO003", "ISO004", "ISO005"}), "R901")


def shared_checkout(made: World, land: bool) -> Fault:
    """R902 commits on R901's branch, which goes on above it."""
    first = write(made, made.main, "R901: Mine", {"src/mine.py": lines("mine", 1, 9)}, 901)
    foreign = write(made, first, "R902: Theirs", {"src/theirs.py": lines("theirs", 1, 9)}, 902)
    made.wait(20)
    tip = write(made, foreign, "R901: Mine, too", {"src/mine.py": lines("too", 1, 9)}, 901)
    if land:
        made.land(901, "Mine (R901)", tip)
    return Fault("ISO002", foreign, frozenset({"R901", "R902"}), frozenset({"ISO002", "ISO004"}))


def foreign_commit(made: World, land: bool) -> Fault:
    """A commit of R902, which has a pull request of its own, is among R901's, hours apart."""
    write(made, made.main, "R902: Theirs at first", {"src/first.py": lines("first", 1, 9)}, 902)
    tip = write(made, made.main, "R901: Mine", {"src/mine.py": lines("mine", 1, 9)}, 901)
    made.wait(120)
    tip = write(made, tip, "R902: Theirs", {"src/theirs.py": lines("theirs", 1, 9)}, 901)
    made.wait(120)
    tip = write(made, tip, "R901: Mine, too", {"src/mine.py": lines("too", 1, 9)}, 901)
    at = made.land(901, "Mine (R901)", tip) if land else tip
    return Fault("ISO004", at, frozenset({"R901", "R902"}), frozenset({"ISO004"}))


def unlanded_base(made: World, land: bool) -> Fault:
    """R901 starts on R902's unfinished branch and lands first; R902 goes on and lands later."""
    theirs = write(made, made.main, "R902: Theirs", {"src/theirs.py": lines("theirs", 1, 9)}, 902)
    mine = write(made, theirs, "R901: Mine", {"src/mine.py": lines("mine", 1, 9)}, 901)
    made.wait(20)
    theirs = write(made, theirs, "R902: Theirs, too", {"src/theirs.py": lines("too", 2, 9)}, 902)
    at = made.land(901, "Mine (R901)", mine)
    if land:
        made.wait(5)
        made.land(902, "Theirs (R902)", theirs)
    return Fault("ISO004", at, frozenset({"R901", "R902"}), frozenset({"ISO004"}), "R901")


def hollow(made: World, land: bool) -> Fault:
    """R901 lands with R902's commit, whose own pull request then lists a commit that it does not bring."""
    fault = shared_checkout(made, True)
    made.wait(20)
    tip = write(made, made.commits[made.main].sha, "R902: Tidy", {"src/theirs.py": lines("tidy", 1, 4)}, 902)
    made.refs["refs/pull/902/head"] = tip
    tree, body = made.joined(made.main, tip), "* R902: Theirs\n\n* R902: Tidy"
    made.wait(2)
    at = made.commit("Theirs (R902) (#902)", tree, made.main, body=body, on="refs/heads/main")
    return Fault("ISO005", at, fault.steps, frozenset({"ISO002", "ISO004", "ISO005"}))


def destroyed(made: World, land: bool) -> Fault:
    """R901 lands the exact inverse of what R902 had landed."""
    theirs = {"src/theirs.py": lines("theirs", 1, 9)}
    tip = write(made, made.main, "R902: Theirs", theirs, 902)
    work = made.land(902, "Theirs (R902)", tip)
    made.wait(30)
    tip = made.commit("R901: Mine", made.edit(work, {}, theirs), work, on="refs/pull/901/head")
    made.wait(5)
    at = made.land(901, "Mine (R901)", tip)
    return Fault("ISO006", at, frozenset({"R901", "R902"}), frozenset({"ISO006"}), "R901")


def deleted_with_own_work(made: World, land: bool) -> Fault:
    """R901 deletes the file that R902 had landed minutes before, among work of its own, and says nothing of it."""
    theirs = {"src/theirs.py": lines("theirs", 1, 9)}
    work = made.land(902, "Theirs (R902)", write(made, made.main, "R902: Theirs", theirs, 902))
    made.wait(10)
    tree = made.edit(work, {"src/mine.py": lines("mine", 1, 9)}, theirs)
    tip = made.commit("R901: Mine", tree, work, on="refs/pull/901/head")
    made.wait(5)
    at = made.land(901, "Mine (R901)", tip)
    return Fault("ISO006", at, frozenset({"R901", "R902"}), frozenset({"ISO006"}), "R901")


def conflict(made: World, land: bool) -> Fault:
    """R901 commits a conflict as it is."""
    marks = ["<<<<<<< HEAD", "one_way = 1", "=======", "other_way = 2", ">>>>>>> main"]
    tip = write(made, made.main, "R901: Mine", {"src/mine.py": [*lines("mine", 1, 3), *marks]}, 901)
    at = tip
    if land:
        tip = write(made, tip, "R901: More", {"src/mine.py": lines("more", 1, 3)}, 901)
        made.land(901, "Mine (R901)", tip)
    return Fault("ISO009", at, frozenset({"R901"}), frozenset({"ISO009"}))


FAULTS = (
    sweep,
    sweep_of_a_beginning,
    sweep_by_a_small_commit,
    shared_checkout,
    foreign_commit,
    unlanded_base,
    hollow,
    destroyed,
    deleted_with_own_work,
    conflict,
)

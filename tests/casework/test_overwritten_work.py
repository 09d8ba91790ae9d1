"""Landed work that another step's landing takes out, injected into generated runs: it is told of the right steps."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.detectors import work_destroyed
from forensics.formats.pattern_rows import Row
from forensics.formats.removal_words import ROWS, means_to_remove
from forensics.model.claim import Confidence
from forensics.model.finding import Finding, Severity
from tests.casework.test_generated_histories import MANY, accusations, faulty, log, many
from tests.faults import write
from tests.nights import Night
from tests.worlds import Tree, World, lines, world

RULE = [detector for detector in load_detectors() if detector.rule.code == work_destroyed.RULE.code]


def _victim(made: World, base: str) -> str:
    """R901 lands a file of its own, and lines in a file of all."""
    edits = {"src/victim.py": lines("victim", 1, 9), "src/core.py": lines("deep", 2, 8)}
    return made.land(901, "Victim (R901)", write(made, base, "R901: Victim", edits, 901))


def _put(made: World, tree: Tree, tip: str, *, merge: bool) -> str:
    """Land R902's pull request with a tree as it is."""
    made.wait(5)
    made.refs["refs/pull/902/head"] = tip
    if merge:
        subject = "Merge pull request #902 from owner/r902-mine"
        return made.commit(subject, tree, made.main, tip, body="Mine (R902)", on="refs/heads/main")
    return made.commit("Mine (R902) (#902)", tree, made.main, on="refs/heads/main")


def stale_squash(made: World) -> str:
    """R902 began before R901 landed, and its tree is put over the branch."""
    tip = write(made, made.main, "R902: Mine", {"src/mine.py": lines("mine", 1, 9)}, 902)
    _victim(made, made.main)
    return _put(made, made.trees[tip], tip, merge=False)


def stale_merge(made: World) -> str:
    """The same with a merge that takes all files from R902's branch."""
    tip = write(made, made.main, "R902: Mine", {"src/mine.py": lines("mine", 1, 9)}, 902)
    _victim(made, made.main)
    return _put(made, made.trees[tip], tip, merge=True)


def lost_in_update(made: World) -> str:
    """R902 merges the branch and resolves every conflict for itself, so that R901's lines are gone; then it is squashed."""
    tip = write(made, made.main, "R902: Mine", {"src/core.py": lines("mine", 1, 9)}, 902)
    _victim(made, made.main)
    made.wait(3)
    tip = made.commit("Merge branch 'main' into r902-mine", made.trees[tip], tip, made.main, on="refs/pull/902/head")
    tip = write(made, tip, "R902: More", {"src/mine.py": lines("more", 1, 5)}, 902)
    return _put(made, made.trees[tip], tip, merge=False)


def lost_in_rebase(made: World) -> str:
    """R902 is rebased, and a conflict is resolved by taking R901's lines out."""
    begun = made.now
    tip = write(made, made.main, "R902: Mine", {"src/core.py": lines("mine", 1, 9)}, 902)
    _victim(made, made.main)
    gone = {"src/victim.py": lines("victim", 1, 9), "src/core.py": lines("deep", 2, 8)}
    tree = made.edit(made.main, {"src/core.py": lines("mine", 1, 9)}, gone)
    tip = made.commit("R902: Mine", tree, made.main, authored=made.commits[tip].author_time, on="refs/pull/902/head")
    assert begun < made.commits[made.main].commit_time
    return _put(made, made.trees[tip], tip, merge=False)


def unknown_head(made: World) -> str:
    """The clone has no pull-request heads."""
    at = stale_squash(made)
    del made.refs["refs/pull/902/head"]
    return at


FAULTS = (stale_squash, stale_merge, lost_in_update, lost_in_rebase, unknown_head)


def _found(made: World) -> tuple[Finding, ...]:
    outcome = run_detectors(made.case(), RULE)
    assert not outcome.faults
    return outcome.findings


@pytest.mark.parametrize("fault", FAULTS)
@many(30)
@given(st.randoms(use_true_random=bool(MANY)))
def test_work_that_was_taken_out_is_told_of_its_owner(fault: Callable[[World], str], random: Random) -> None:
    night = Night(random)
    made = night.run()
    at = fault(made)
    for _ in range(random.randint(0, 4)):
        made.wait(5)
        night.go_on()
    found = [finding for finding in _found(made) if finding.victim == "R901"]
    assert [(finding.at.place, finding.steps) for finding in found] == [(at, ("R902", "R901"))], "\n".join(log(made))
    assert found[0].severity is Severity.HIGH


@pytest.mark.parametrize("merge", [False, True])
def test_a_deleted_file_of_settings_is_work_although_its_lines_identify_nothing(merge: bool) -> None:
    made = world()
    tip = write(made, made.main, "R902: Mine", {"src/mine.py": lines("mine", 1, 9)}, 902)
    edits = {"ci/build.yml": [f"step_{number}: build --part {number}" for number in range(9)]}
    made.land(901, "Build (R901)", write(made, made.main, "R901: Build", edits, 901))
    at = _put(made, made.trees[tip], tip, merge=merge)
    assert [(finding.at.place, finding.victim) for finding in _found(made)] == [(at, "R901")]


@pytest.mark.parametrize("merge", [False, True])
@many(30)
@given(st.randoms(use_true_random=bool(MANY)))
def test_a_branch_that_lands_with_what_landed_before_it_is_clean(merge: bool, random: Random) -> None:
    made = Night(random).run()
    tip = write(made, made.main, "R902: Mine", {"src/core.py": lines("mine", 1, 9)}, 902)
    _victim(made, made.main)
    made.wait(3)
    made.land(902, "Mine (R902)", tip, merge=merge)
    assert not [finding for finding in _found(made) if set(finding.steps) & {"R901", "R902"}]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern)
def test_each_word_of_removal_has_an_example(row: Row) -> None:
    assert means_to_remove(row.example)


def test_plain_work_does_not_speak_of_removal() -> None:
    assert not means_to_remove("Add the queue and its tests")


def _promoted(made: World) -> World:
    """Make everything that landed so far a development branch, which one merge brings to the main branch."""
    tip = made.main
    root = next(sha for sha, commit in made.commits.items() if not commit.parents)
    made.wait(30)
    made.refs["refs/heads/dev"] = tip
    made.commit("Merge branch 'dev'", made.trees[tip], root, tip, on="refs/heads/main")
    return made


@pytest.mark.parametrize("fault", FAULTS)
@many(15)
@given(st.randoms(use_true_random=bool(MANY)))
def test_work_that_was_taken_out_on_a_development_branch(fault: Callable[[World], str], random: Random) -> None:
    made = Night(random).run()
    at = fault(made)
    found = [finding for finding in _found(_promoted(made)) if finding.victim == "R901"]
    assert [(finding.at.place, finding.steps) for finding in found] == [(at, ("R902", "R901"))], "\n".join(log(made))


@many(60)
@given(st.randoms(use_true_random=bool(MANY)))
def test_a_development_branch_is_examined_as_a_main_branch_is(random: Random) -> None:
    made, _ = faulty(random)
    before = {(finding.code, finding.at.place, finding.steps) for finding in accusations(made.case())}
    assert {
        (finding.code, finding.at.place, finding.steps) for finding in accusations(_promoted(made).case())
    } == before


def test_a_file_too_large_to_compare_is_no_unseen_removal() -> None:
    """Git prints no lines for it, so that nothing shows whether the pull request's own commits removed them."""
    made = world()
    start = made.main
    made.land(901, "Victim (R901)", write(made, start, "R901: Victim", {"src/core.py": lines("deep", 2, 9)}, 901))
    tip = write(made, start, "R902: Add to the core", {"src/core.py": lines("core", 1, 9)}, 902)
    at = _put(made, made.trees[tip], tip, merge=False)
    assert [(finding.at.place, finding.confidence) for finding in _found(made)] == [(at, Confidence.CERTAIN)]
    made.patches[tip] = replace(made.patches[tip], added={}, removed={})
    assert not _found(made)

"""Pull requests out of git alone: heads, landings, and what each brought."""

import pytest

from forensics.casework.attribution.pulls import find_pulls, first_parents, with_steps
from forensics.formats.promotions import is_promotion
from forensics.model.pull import Pull
from forensics.testing.script import case_of
from tests.worlds import World, world


def add(made: World, tip: str, subject: str, on: str = "") -> str:
    made.wait(5)
    return made.commit(subject, made.edit(tip, {f"{len(made.commits)}.py": [subject]}), tip, on=on)


def pulls(made: World) -> dict[int, Pull]:
    return {pull.number: pull for pull in find_pulls(made.history())}


def test_a_squash_brings_what_its_head_had_and_the_branch_lacked() -> None:
    made = world()
    first = add(made, made.main, "R1: One")
    second = add(made, first, "R1: Two")
    made.wait(5)
    landing = made.land(7, "Both (R1)", second)
    add(made, made.main, "R2: Later", "refs/heads/main")
    (pull,) = pulls(made).values()
    assert (pull.number, pull.head, pull.landing, pull.squashed) == (7, second, landing, True)
    assert (pull.title, pull.commits, pull.bullets) == ("Both (R1)", (first, second), ("R1: One", "R1: Two"))


def test_a_merge_names_its_branch_and_its_title_is_in_the_body() -> None:
    made = world()
    first = add(made, made.main, "R1: One")
    landing = made.land(7, "One (R1)", first, merge=True, branch="ada/r1-one")
    del made.refs["refs/pull/7/head"]
    (pull,) = pulls(made).values()
    assert (pull.head, pull.landing, pull.squashed) == (first, landing, False)
    assert (pull.title, pull.branch, pull.commits) == ("One (R1)", "ada/r1-one", (first,))


def test_an_open_pull_request_brings_what_the_branch_lacks() -> None:
    made = world()
    first = add(made, made.main, "R1: One", "refs/pull/3/head")
    (pull,) = pulls(made).values()
    assert (pull.landing, pull.title, pull.commits) == (None, "", (first,))


def test_a_stacks_base_that_came_with_its_upper_part_keeps_its_commits() -> None:
    made = world()
    first = add(made, made.main, "R1: One", "refs/pull/3/head")
    second = add(made, first, "R2: Two")
    made.land(4, "Two (R2)", second, merge=True)
    assert pulls(made)[3].commits == (first,)
    assert pulls(made)[4].commits == (first, second)


def test_a_head_on_the_branch_itself_brings_nothing() -> None:
    made = world()
    made.refs["refs/pull/3/head"] = made.commits[made.main].parents[0]
    assert pulls(made)[3].commits == ()


def test_a_late_push_belongs_to_the_pull_request() -> None:
    made = world()
    first = add(made, made.main, "R1: One")
    landing = made.land(7, "One (R1)", first)
    late = add(made, first, "R1: Late", "refs/pull/7/head")
    (pull,) = pulls(made).values()
    assert (pull.landing, pull.head, pull.commits) == (landing, late, (first, late))


def test_a_number_from_an_imported_history_is_another_projects() -> None:
    made = world()
    old = made.land(7, "Theirs, long ago", add(made, made.main, "Theirs"))
    made.wait(60 * 24 * 90)
    first = add(made, made.main, "R1: One", "refs/pull/7/head")
    (pull,) = pulls(made).values()
    assert (pull.landing, pull.commits) == (None, (first,))
    new = made.land(7, "Ours (R1)", first)
    (pull,) = pulls(made).values()
    assert pull.landing == new != old


def test_heads_are_found_where_people_fetch_them_to() -> None:
    made = world()
    names = [
        "refs/pull/1/head",
        "refs/remotes/origin/pull/2/head",
        "refs/remotes/origin/pull/3",
        "refs/remotes/origin/pr/4",
    ]
    names += ["refs/merge-requests/5/head", "refs/remotes/up/merge-requests/6/head"]
    for name in [*names, "refs/pull/8/merge", "refs/heads/pull/9", "refs/pull/x/head", "refs/pull/123456789/head"]:
        made.refs[name] = add(made, made.main, f"R1: {name}")
    assert sorted(pulls(made)) == [1, 2, 3, 4, 5, 6]


def test_of_two_projects_heads_our_own_counts() -> None:
    made = world()
    mine = add(made, made.main, "R1: Mine", "refs/remotes/origin/pull/7/head")
    add(made, made.main, "R2: Theirs", "refs/remotes/upstream/pull/7/head")
    assert pulls(made)[7].head == mine
    made.refs["refs/pull/7/head"] = made.refs["refs/remotes/upstream/pull/7/head"]
    assert pulls(made)[7].head != mine


def test_a_head_that_is_not_a_commit_here_is_ignored() -> None:
    made = world()
    made.land(7, "One (R1)", add(made, made.main, "R1: One"))
    made.refs["refs/pull/7/head"] = "f" * 40
    made.refs["refs/pull/8/head"] = "e" * 40
    (pull,) = pulls(made).values()
    assert (pull.number, pull.head, pull.commits) == (7, None, ())


def test_a_branch_of_thousands_is_not_a_pull_request() -> None:
    made = world()
    tip = made.main
    for number in range(1_100):
        tip = made.commit(f"R1: {number}", made.trees[tip], tip, on="refs/pull/3/head")
    assert pulls(made)[3].commits == ()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Merge branch 'dev'", True),
        ("Merge branch 'develop' into main", True),
        ("Merge pull request #50 from owner/dev", True),
        ("Merge remote-tracking branch 'origin/staging'", True),
        ("Merge pull request #51 from owner/dev-tools", False),
        ("Merge branch 'next/queue'", False),
        ("Merge branch 'main' into r11", False),
        ("Merge the development", False),
    ],
)
def test_a_promotion_names_a_development_branch(subject: str, expected: bool) -> None:
    assert is_promotion(subject) is expected


def test_what_landed_on_a_promoted_branch_has_landed() -> None:
    history = case_of(
        "tickets: R\\d+\n"
        'commit aaa: "Begin" src/a.py, at 09:00\n'
        'commit b1b: "R11: Intents" src/b.py, at 09:05, after aaa, on refs/pull/4/head\n'
        'commit c1c: "Intents (R11) (#4)" src/b.py, at 09:10, after aaa, on refs/heads/dev\n'
        "commit d1d: \"Merge branch 'dev'\" src/b.py, at 09:20, after aaa and c1c\n"
    ).history
    (pull,) = find_pulls(history)
    assert (pull.number, pull.landing, pull.squashed) == (4, "c1c".ljust(40, "0"), True)
    assert [sha[:3] for sha in first_parents(history)][-3:] == ["aaa", "c1c", "d1d"]


@pytest.mark.parametrize(
    ("owners", "step"),
    [
        ({"a": "1.1", "b": "1.2", "c": "1.3"}, None),
        ({"a": "1.1", "b": "1.1", "c": "1.2", "d": "1.3"}, "1.1"),
        ({"a": "1.1", "b": "1.2", "c": "1.2"}, "1.1"),
        ({"a": "1.2"}, "1.1"),
    ],
)
def test_a_whole_run_s_pull_request_is_for_no_single_step(owners: dict[str, str], step: str | None) -> None:
    pull = Pull(4, "a", None, squashed=False, title="Phase 1.1: Reader", branch=None, commits=tuple(owners))
    (found,) = with_steps([pull], owners, ["1.1", "1.2", "1.3"])
    assert found.step == step

"""Files that a step created and another commit took out without a word."""

from forensics.casework.isolation.gone_files import GoneFiles, gone_files
from forensics.testing.script import case_of

PLAN = 'plan: 1.3 "Empty issues", 1.4 "Plan mode"'
BEGIN = 'commit ccc1111: "Cycle 1.3: Empty issues" src/a.py[created] src/b.py[created], at 09:00'
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def gone(*lines: str) -> tuple[GoneFiles, ...]:
    return gone_files(case_of("\n".join([PLAN, *lines])), (), ())


def test_an_emptied_file_is_gone() -> None:
    (found,) = gone(BEGIN, f'commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py src/a.py={EMPTY}, at 10:00')
    assert (found.step, found.culprit, found.paths, found.of) == ("1.3", "1.4", ("src/a.py",), 2)


def test_a_file_that_is_created_empty_is_not_gone() -> None:
    begin = f'commit ccc1111: "Cycle 1.3: Empty issues" src/a.py[created]={EMPTY} src/b.py[created], at 09:00'
    assert gone(begin, 'commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py, at 10:00') == ()


def test_a_file_that_a_side_branch_kept_may_have_been_kept_by_the_merge() -> None:
    commits = (
        'commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py src/a.py[deleted], at 10:00, after ccc1111',
        'commit bbb1111: "Cycle 1.3: Empty issues, again" src/a.py, at 09:50, after ccc1111',
        "commit ddd1111: \"Merge branch 'issues'\", at 10:30, after aaa1111 and bbb1111",
    )
    assert gone(BEGIN, *commits) == ()


def test_an_older_file_of_the_same_name_elsewhere_is_not_the_moved_one() -> None:
    older = 'commit bbb1111: "Begin" lib/a.py lib/b.py, at 08:00'
    (found,) = gone(older, BEGIN, 'commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py src/a.py[deleted], at 10:00')
    assert found.paths == ("src/a.py",)


def test_a_few_files_deleted_after_the_run_are_ordinary_work() -> None:
    assert gone(BEGIN, 'commit aaa1111: "feat(18-01): fixtures" src/a.py[deleted] src/b.py[deleted], at 19:00') == ()

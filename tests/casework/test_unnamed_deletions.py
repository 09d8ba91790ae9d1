"""Files that a step's commit deletes without a word."""

from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.unnamed_deletions import UnnamedDeletion, unnamed_deletions
from forensics.testing.script import case_of

BEGIN = """
plan: 1.3 "Empty issues", 1.4 "Plan mode" files src/mode.py
report 1.4: GREEN_VERIFIED, files src/mode.py
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-20}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py src/old{1-20}.py[deleted], at 10:00
"""


def deletion(*lines: str) -> UnnamedDeletion:
    case = case_of("\n".join([BEGIN.strip(), *lines]))
    (found,) = unnamed_deletions(case, Lineage(case))
    return found


def test_the_step_whose_work_it_was_is_known() -> None:
    found = deletion()
    assert (found.step, found.owner, found.grave) == ("1.4", "1.3", True)
    assert len(found.missing) == 20


def test_a_step_that_brings_everything_back_itself_is_less_grave() -> None:
    found = deletion('commit ddd1111: "Cycle 1.4: Plan mode, again" src/old{1-20}.py[created], at 10:05')
    assert (found.missing, found.grave) == ((), False)


def test_another_commit_that_brings_everything_back_shows_that_it_was_noticed() -> None:
    found = deletion('commit ddd1111: "Bring files back" src/old{1-20}.py[created], at 10:05')
    assert (found.missing, found.grave) == ((), True)
    assert {sha[:7]: len(paths) for sha, paths in found.restored.items()} == {"ddd1111": 20}


def test_who_deletes_restored_files_later_has_another_reason() -> None:
    found = deletion(
        'commit ddd1111: "Bring files back" src/old{1-20}.py[created], at 10:05',
        'commit eee1111: "Remove the old files" src/old{1-20}.py[deleted], at 11:05',
    )
    assert found.missing == ()

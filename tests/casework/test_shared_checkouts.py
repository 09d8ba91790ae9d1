"""Which of two steps committed on the other's branch."""

from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.removed_work import inverses
from forensics.casework.isolation.shared_checkouts import shared_checkouts
from forensics.casework.isolation.swept_lines import swept_lines
from forensics.testing.script import case_of

BRANCH = (
    'commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head\n'
    'commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head\n'
    'commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:19, after b1b, on refs/pull/4/head\n'
    'commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41\n'
)


def _accused(script: str) -> list[tuple[str, str]]:
    lineage = Lineage(case_of("tickets: R\\d+\n" + script))
    found = shared_checkouts(lineage, swept_lines(lineage), inverses(lineage))
    return [(shared.step, shared.owner) for shared in found]


def test_the_branch_s_own_step_is_not_accused_of_going_on_above_the_stranger() -> None:
    assert _accused(BRANCH) == [("R11", "R50")]


def test_the_owner_of_what_was_stacked_on_is_accused_when_it_goes_on_above_the_stack() -> None:
    stack = BRANCH.replace("at 09:13", "at 09:30").replace("at 09:19", "at 09:33")
    assert _accused(stack) == [("R50", "R11")]

"""Which tickets a pull request is openly for."""

from datetime import UTC, datetime

import pytest

from forensics.casework.attribution.pull_tickets import further_tickets
from forensics.formats.tickets import Tickets
from forensics.model.history import Commit, History
from forensics.model.pull import Pull

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TICKETS = Tickets(r"(?:T|GH#)\d+")


def further(title: str, body: str = "", bullets: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> tuple[str, ...]:
    commits = [Commit(f"{place:040x}", (), NOON, NOON, subject) for place, subject in enumerate(own, start=1)]
    landing = Commit("f" * 40, (), NOON, NOON, title, body)
    history = History({landing.sha: landing}, landing.sha, "main", frozenset({landing.sha}))
    pull = Pull(4, None, landing.sha, True, title, None, tuple(commit.sha for commit in commits), bullets)
    return further_tickets(pull, TICKETS.of_subject(title)[0], commits, history, TICKETS)


@pytest.mark.parametrize("title", ["T3: count axles (GH#9)", "T3: GH#9: count axles", "count the axles of GH#9 (T3)"])
def test_a_title_names_the_task_and_its_issue(title: str) -> None:
    assert further(title) == ("GH#9",)


def test_a_revert_is_not_for_the_ticket_that_it_names() -> None:
    assert further('Revert "count axles of GH#9" (T3)') == ()


def test_closed_issues_are_its_own_unless_it_squashes_several_branches() -> None:
    assert further("T3: count axles", "Resolves #9") == ("GH#9",)
    assert further("T3: count axles", "Fixes #9", ("GH#9: weigh lorries", "T3: count axles")) == ()


@pytest.mark.parametrize(
    ("own", "names"),
    [
        (("T7: begin", "T7: go on", "T3: end"), ("T7",)),
        (("T7: all of it",), ("T7",)),
        (("T7: begin", "T3: end"), ()),  # one commit at the bottom may be another agent's
        (("T3: begin", "T7: go on", "T7: end"), ()),
    ],
)
def test_a_branch_may_be_begun_under_another_name(own: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert further("T3: count axles", own=own) == names

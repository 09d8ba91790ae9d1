"""How ids of tickets stand in subjects, and which of them belong together."""

import pytest

from forensics.formats.tickets import Tickets, related


@pytest.mark.parametrize(
    ("subject", "ids"),
    [
        ("QUEUE-12. Keep the order (#7)", ("QUEUE-12",)),
        ("QUEUE-12: Keep the order", ("QUEUE-12",)),
        ("QUEUE-12.4 is out", ()),
        ("QUEUE-12.", ()),
    ],
)
def test_a_point_ends_an_id_as_a_colon_does(subject: str, ids: tuple[str, ...]) -> None:
    """`ID. Title` is a title of its own; a version or a mere full stop is not."""
    assert Tickets(r"QUEUE-\d+").of_subject(subject) == ids


def test_parts_belong_to_their_ticket_and_not_to_each_other() -> None:
    """`T20.6` and `T20-B` are parts of `T20`; `T206` is another ticket."""
    assert related("T20", "T20.6")
    assert related("T20-B", "T20")
    assert not related("T20.1", "T20.6")
    assert not related("T20", "T206")


@pytest.mark.parametrize(
    ("subject", "ids"),
    [
        ("Keep the order (Closes #7) (#9)", ("#7",)),
        ("Keep the order (Fixes #7)", ("#7",)),
        ("Keep the order (issue #7)", ("#7",)),
        ("Keep the order (#7 follow-up)", ("#7",)),
        ("Keep the order (#7) (#9)", ("#7",)),
        ("Fix #7: keep the order", ("#7",)),
        ("Keep the order, like #7 does", ()),
        ("Keep the order (#9)", ()),
    ],
)
def test_issues_as_subjects_name_them(subject: str, ids: tuple[str, ...]) -> None:
    """The number at the end is the pull request's; which ticket that one is for is asked elsewhere."""
    assert Tickets(r"#\d+").of_subject(subject) == ids


def test_ids_with_words_around_them() -> None:
    tickets = Tickets(r"R\d+")
    assert tickets.of_subject("Keep the order (R09 follow-up)") == ("R09",)
    assert tickets.of_subject("Keep the order (unneeded after R09)") == ()
    assert tickets.of_body("Because.\n\nTicket: R09\nCloses #4\n") == ("R09",)
    numbers = Tickets(r"#\d+")
    assert numbers.of_subject("Smoke test (#71)", 81) == ("#71",)
    assert numbers.of_subject("Smoke test (#71)", 71) == numbers.of_subject("Smoke test (#71)") == ()
    assert tickets.of_body("Because.\n\nFixes R09 and R10.\n") == ("R09", "R10")
    assert tickets.of_body("Because.\n\nfix R09's crash\nFix R10 again\n") == ()
    assert Tickets(r"GH#\d+").of_body("Resolves #12") == ("GH#12",)


@pytest.mark.parametrize(
    ("branch", "ticket"),
    [("issue/2183-slug", "#2183"), ("fix/2183-slug", "#2183"), ("claude/gh-21", "#21"), ("001-user-page", None)],
)
def test_issues_as_branches_name_them(branch: str, ticket: str | None) -> None:
    assert Tickets(r"#\d+").of_branch(branch) == ticket

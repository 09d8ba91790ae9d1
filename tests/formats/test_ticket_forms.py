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

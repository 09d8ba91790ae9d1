"""Commits named in passing: only what stands beside a ticket's subject is a claim."""

import time

import pytest

from forensics.formats.reports.mentions import mentions
from forensics.formats.tickets import Tickets
from forensics.model.patch import Line


def values(*texts: str) -> list[str]:
    lines = [Line(number, text) for number, text in enumerate(texts, start=1)]
    return [one.value for each in mentions("a.md", lines, Tickets(r"R\d+")) for one in each.hashes]


@pytest.mark.parametrize(
    "line",
    [
        "78061606d R10: Queue",
        "- `78061606d` R10: Queue",
        "| 78061606d | R10: Queue |",
        "> 78061606d – Queue (R10)",
        "    78061606d fix(r10): queue",
    ],
)
def test_a_hash_beside_a_tickets_subject_is_its_commit(line: str) -> None:
    assert values(line) == ["78061606d"]


@pytest.mark.parametrize(
    "line",
    [
        "78061606d Queue",
        "1234567 R10: only digits",
        "abcdefa R10: only letters",
        "sha256 78061606d R10: not at the beginning",
        "78061606dxyz R10: Queue",
        "7806160 is what R10 was about",
        "git log 78061606d",
        "",
    ],
)
def test_other_hashes_are_nobodys(line: str) -> None:
    assert values(line) == []


def test_a_hash_is_told_once_with_the_place_where_it_is_first_named() -> None:
    lines = [Line(3, "git cherry-pick 78061606d # the queue"), Line(9, "78061606d R10: Queue")]
    (account,) = mentions("a.md", lines, Tickets(r"R\d+"))
    assert [(one.value, one.ref.line) for one in account.hashes] == [("78061606d", 3)]


def test_hostile_lines_cost_no_time() -> None:
    started = time.monotonic()
    for text in ("a1" * 1_000, "git log " + "`a" * 900, "commit " * 280, "| " * 1_000, "git show " * 220):
        values(text)
    assert time.monotonic() - started < 2

"""Ticket ids out of subjects and branches: what a commit is about, and what it only mentions."""

import contextlib
import time

import pytest

from forensics.errors import UsageError
from forensics.formats.tickets import (
    Tickets,
    branch_merged_into,
    bullets,
    closed_issues,
    pull_of_subject,
    related,
    sections,
)

R = Tickets(r"R\d+")


@pytest.mark.parametrize(
    ("subject", "ids"),
    [
        ("R10: Add a queue", ("R10",)),
        ("r10: add a queue", ("R10",)),
        ("[R10] Add a queue", ("R10",)),
        ("R10 - Add a queue", ("R10",)),
        ("Add a queue (R10)", ("R10",)),
        ("Add a queue (R10) (#138)", ("R10",)),
        ("fix(r10): a queue", ("R10",)),
        ("feat(R10)!: a queue", ("R10",)),
        ("R10, R11: both", ("R10", "R11")),
        ("Both (R10 & R11)", ("R10", "R11")),
        ("R236-F: a part", ("R236-F",)),
        ("unneeded after R314", ()),
        ("Add entries for R436, R437 and more", ()),
        ("R10x: no id", ()),
        ("XR10: no id", ()),
        ('Revert "R10: Add a queue"', ()),
        ("R10", ()),
        ("", ()),
        ("(R10) at the beginning only", ()),
        ("R10:\x1b[31m red", ("R10",)),
    ],
)
def test_a_subject_is_about_what_stands_in_a_strict_form(subject: str, ids: tuple[str, ...]) -> None:
    assert R.of_subject(subject) == ids


@pytest.mark.parametrize(
    ("branch", "ticket"),
    [
        ("claude/r10-download", "R10"),
        ("feature/R10_queue", "R10"),
        ("r10", "R10"),
        ("r10-and-r11", None),
        ("r10/r10-again", "R10"),
        ("main", None),
        ("air10-x", None),
        ("codex/r236-d-queue", "R236"),
    ],
)
def test_a_branch_is_named_after_one_ticket(branch: str, ticket: str | None) -> None:
    assert R.of_branch(branch) == ticket


@pytest.mark.parametrize("pattern", ["(", "R\\d+)(", "*", "a{9999}", "[", "R\\"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="is not a regular expression"):
        Tickets(pattern)


@pytest.mark.parametrize("pattern", ["", ".*", r"\w+", ".+", "[a-z]+", "R?", r"\S+", "fix|R1", r"[A-Z]\w*"])
def test_what_fits_ordinary_words_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="matches everything"):
        Tickets(pattern)


@pytest.mark.parametrize("pattern", [r"(R+)+\d", r"(?:\w+)*\d", r"(R\d*|x)+y", r"(a{1,9}){2,}b", r"(?:R?\w+)+-\d"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    started = time.thread_time()
    with contextlib.suppress(UsageError):  # some fit every word
        Tickets(pattern).of_subject("R" + "R1R" * 160 + "-")
    assert time.thread_time() - started < 1


@pytest.mark.parametrize("pattern", [r"(?<!x)R\d+", r"(?=R)R\d+", r"(R)\1\d+"])
def test_what_the_linear_engine_cannot_do_is_said(pattern: str) -> None:
    with pytest.raises(UsageError, match="Lookarounds and backreferences are not supported"):
        Tickets(pattern)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("R1 R2", ("R1", "R2")),
        ("R1#R2,R3", ("R1", "R2", "R3")),
        ("CLEAR7 R8x R9-Fx R10-F", ("R9", "R10-F")),
        ("é R1é", ("R1",)),
    ],
)
def test_an_id_stands_alone(text: str, ids: tuple[str, ...]) -> None:
    assert R.among(text) == ids


def test_what_ends_one_id_does_not_begin_another() -> None:
    assert Tickets(r"#\d+").among("a#1#2 #3") == ("#3",)


@pytest.mark.parametrize(
    ("pattern", "subject", "ids"),
    [
        (r"[A-Z]{2,9}-\d+", "ABC-12: x", ("ABC-12",)),
        (r"(?P<id>R\d+)", "R10 & R11: both", ("R10", "R11")),
        (r"(R|T)\d+", "T7: x", ("T7",)),
        (r"#?\d+", "582: x", ("582",)),
        (r"R\d+", "R" + "9" * 60 + ": too long for an id", ()),
    ],
)
def test_patterns_of_other_trackers_work(pattern: str, subject: str, ids: tuple[str, ...]) -> None:
    assert Tickets(pattern).of_subject(subject) == ids


def test_an_alias_is_shown_as_what_it_stands_for() -> None:
    told = Tickets(r"R\d+", (("R279", "R236-F"),))
    assert told.of_subject("R279: x") == ("R236-F",)
    assert told.of_subject("R279, R236-F: x") == ("R236-F",)
    assert told.of_branch("x/r279-y") == "R236-F"


def test_an_epic_and_its_part_are_related_and_neighbours_are_not() -> None:
    assert related("R236", "R236-F")
    assert related("R236-F", "R236")
    assert not related("R236-F", "R236-G")
    assert not related("R23", "R236")


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Queue (R10) (#138)", (138, None)),
        ("Merge pull request #7 from owner/claude/r10-x", (7, "claude/r10-x")),
        ("Merge pull request #7 from branch", (7, "branch")),
        ("See (#7) for more", None),
        ('Revert "Queue (#7)"', None),
        ("Queue (#99999999)", None),
    ],
)
def test_a_landing_names_its_pull_request(subject: str, told: tuple[int, str | None] | None) -> None:
    assert pull_of_subject(subject) == told


def test_messages_tell_of_branches_issues_and_commits() -> None:
    assert branch_merged_into("Merge branch 'main' into r10-x") == "r10-x"
    assert branch_merged_into("Merge branch 'main'") is None
    assert closed_issues("Fixes #5, closes: #6\nresolved #5; prefix #7") == (5, 6)
    body = "* R10: One\n\nWhy it was.\n\n* R10: Two\n  * nested"
    assert bullets(body) == ("R10: One", "R10: Two")
    assert [subject for subject, _ in sections(body)] == ["R10: One", "R10: Two"]
    assert "Why" in sections(body)[0][1]


def test_long_hostile_subjects_cost_no_time() -> None:
    started = time.monotonic()
    for text in ("(" * 500, " " * 500, "R" * 500, "R1," * 160, "[R1] " * 100, "#" * 500, "Merge " * 80):
        R.of_subject(text)
        R.of_branch(text)
        pull_of_subject(text)
        branch_merged_into(text)
    assert time.monotonic() - started < 2

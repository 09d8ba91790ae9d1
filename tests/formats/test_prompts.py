"""What a person asked for, out of the messages that tools write in the person's name."""

import time

import pytest

from forensics.formats.transcripts.prompts import given_by_person, title_of, typed_by_person, words_of_person

CLEAR = (
    "<command-name>/clear</command-name>\n   <command-message>clear</command-message>\n   <command-args></command-args>"
)
REVIEW = "<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>the carts</command-args>"


@pytest.mark.parametrize(
    ("text", "given", "words"),
    [
        ("Sort the carts", "Sort the carts", "Sort the carts"),
        (CLEAR, "", ""),
        ("8", "8", ""),
        (REVIEW, "/review the carts", "/review the carts"),
        ("<command-name>/review</command-name>", "/review", ""),
        ("<local-command-stdout>Set model to x</local-command-stdout>", "", ""),
        ("<local-command-caveat>Caveat: The messages below", "", ""),
        ("<bash-input>git switch main</bash-input>", "<bash-input>git switch main</bash-input>", ""),
        ("<bash-stdout>4 passed</bash-stdout>", "<bash-stdout>4 passed</bash-stdout>", ""),
        ("<ide_opened_file>a.py is open</ide_opened_file>\nSort them", "Sort them", "Sort them"),
        ("Sort them\n<system-reminder>No\ntodos</system-reminder>", "Sort them", "Sort them"),
        ("<task-notification>\n<task-id>a</task-id>\n</task-notification>", "", ""),
        ("[Request interrupted by user for tool use]", "", ""),
        ("Stop hook feedback:\n- run the tests", "", ""),
        ("<b>bold</b> words", "<b>bold</b> words", "<b>bold</b> words"),
    ],
)
def test_what_tools_wrote_is_not_asked(text: str, given: str, words: str) -> None:
    assert given_by_person(text) == given
    assert words_of_person(text) == words


def test_a_command_that_steers_the_tool_is_typed_but_asks_for_nothing() -> None:
    assert typed_by_person(CLEAR)
    assert not typed_by_person("<local-command-stdout></local-command-stdout>")


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("\n\nSort the carts\nby price", "Sort the carts"),
        ("Implement the following plan:\n\n# Plan: sort carts\n\n## Why", "Plan: sort carts"),
        ("Implement the following plan:\n\nSort carts", "Sort carts"),
        ("Implement the following plan: sort carts", "Implement the following plan: sort carts"),
        ("<objective>\nSort carts\n</objective>", "Sort carts"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_line_or_the_plans_heading(prompt: str, title: str) -> None:
    assert title_of(prompt) == title


@pytest.mark.parametrize(
    "piece",
    [
        "<system-reminder>",
        "<ide_a>",
        "<bash-input>",
        "<command-args>",
        "<command-name>x",
        "<local-command-a>",
        "<",
        " \n",
    ],
)
def test_hostile_messages_are_read_in_linear_time(piece: str) -> None:
    started = time.perf_counter()
    words_of_person(piece * 100_000)
    title_of(piece * 100_000)
    assert time.perf_counter() - started < 5

"""Markdown as a comment: nobody is notified, nothing is linked, no order is given; and what is shown can be copied."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from forensics.app.analyze import analyze
from forensics.formats.pattern_rows import Row
from forensics.model.prose import quote
from forensics.render.cleaning import clean_text
from forensics.render.markdown import cell, code, codecell, comment, escape, prose, render_markdown
from forensics.render.mermaid import label
from forensics.render.references import BREAK, LINKED, SIGNS
from tests.browser import poison
from tests.regenerate import sample_scope
from tests.render.code_host import found

REFERENCES = [
    "@name", "ask @name.", "(@org/team)", "me@e.example", "me@-.e", "mailto:a@b.example", "xmpp:a@b.example/c", "https://e.example/a_b?c=1", "HTTP://E.example",
    "www.e.example", "ftp://e.example", "x-y://z", "#12", "fixes #12", "Closes: org/repo#12", "GH-12", "fixes GH-12", "org/sub/repo#12", "PROJ-12",
    "org/repo@a1b2c3d", "a1b2c3d", "f" * 40, "!12", "$12", "%12", '%"name"', "~label", '~"a b"', "&12", "[issue:12]", "[vulnerability:a/b/12]",
    "/close", "/assign @name", "closes https://e.example/o/r/issues/1", "#12#13", "@a@b@c", "*@name*", "`@name`", "@name`#12`a1b2c3d",
    "&commat;name", "&#64;name", "\\@name", "@\\name", "https://e.example/@name", "@``name", "#``12", "@` `name", "@bors r+", "@dependabot merge", "é@name", "éfixes #12",
]  # fmt: skip


def _views(text: str) -> list[str]:
    shown = clean_text(text)
    return [
        f"{escape(shown)}\n",
        f"{prose(shown)}\n",
        f"Commit {prose(quote(shown))}{escape(shown)} and {code(shown)}.\n",
        f"### {escape(shown)} {escape(shown)}\n",
        f"| a | b |\n|---|---|\n| {cell(shown)} | {codecell(shown)} |\n",
        f"- **{prose(shown)}**\n",
        f'```mermaid\n    a["{label(shown)}"]\n```\n\n```sh\n# {comment(shown)}\n```\n',
    ]


@pytest.mark.parametrize("text", [text for text in REFERENCES if "`" not in text and text != "@\\name"])
def test_the_model_finds_what_is_not_neutralised(text: str) -> None:
    assert found(f"{text}\n")


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_is_only_words(text: str) -> None:
    for view in _views(text):
        assert found(view) == set(), view


PIECES = st.sampled_from(
    ["@", "name", "/", "org", "#", "1", "2", "GH-", "PROJ-", "https:", "//", "www", ".", "e.example", "a1b2c3d", "AB1-2", "!", "$", "%", "~", "&", "&#64;", "^",
     "fixes", " ", ":", "`", "|", "\\", "[", "issue", "]", "(", ")", "*", "_", "-", "\u200b", "é", "<", ">", '"', "mailto", "\n"]
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_words_become_a_reference(text: str) -> None:
    for view in _views(text):
        assert found(view) == set(), (text, view)


@pytest.mark.parametrize(
    "text",
    ["src/a_b/@scope/c.py", "packages/@scope/x", "f" * 40, "feature/#12-x", "https://e.example/@name", "HEAD@{1}"],
)
def test_a_path_or_hash_can_be_copied(text: str) -> None:
    assert code(text) == f"`{text}`"
    assert BREAK not in prose(quote(text))


@pytest.mark.parametrize("text", ["https://e.example/a?b=c", "www.e.example/x", "org/repo#12", "PROJ-12", "a1b2c3d"])
def test_a_linked_word_can_be_copied(text: str) -> None:
    assert escape(f"see {text}, please") == f"see `{text}`, please"


def test_what_is_not_a_reference_stays_as_it_is() -> None:
    assert (
        code("fix navigation, resolve debts and implement src/a.py")
        == "`fix navigation, resolve debts and implement src/a.py`"
    )
    assert escape("100 % of 3 files at 4.5 & more, no. 7") == "100 % of 3 files at 4.5 &amp; more, no. 7"


def test_two_code_spans_side_by_side_stay_two() -> None:
    for text in ("`a\\`a1b2c3d", "#1#2", "`a``b`"):
        (inline,) = [one for one in MarkdownIt("commonmark").parse(prose(text)) if one.type == "inline"]
        assert [child.type for child in inline.children or []].count("code_inline") == 2


@pytest.mark.parametrize("row", [*LINKED, *SIGNS], ids=lambda row: row.pattern)
def test_a_row_matches_its_example_and_says_where_it_was_seen(row: Row) -> None:
    assert re.search(row.pattern, row.example)
    assert row.seen


def test_whole_documents_hold_only_words(failed_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference in every string of a postmortem and of a weekly report, by whatever template they are printed."""
    monkeypatch.setattr(poison, "PAYLOADS", REFERENCES)
    monkeypatch.setattr(poison, "CORE", "@name and fixes #12")
    postmortem = analyze(sample_scope("parallel-tdd", failed_run))
    markdown = render_markdown(poison.poisoned(postmortem)).replace("| SHA-256 |", "")  # the title of a column
    assert found(markdown) == set()
    assert "`#12`" in markdown


@pytest.mark.parametrize(
    "pump", ["a", "A", "a/", "a-", "a.", "#", "@", "1#", "x:/", "x://", "www.", "fixes ", "[a", "A1-", "`", "!"]
)
def test_escaping_takes_time_in_proportion_to_the_text(pump: str) -> None:
    """Doubling a long text four times over must not cost many times as much per letter."""
    costs = []
    for length in (4_000, 64_000):
        text = pump * (length // len(pump))
        costs.append(min(_seconds(text) for _ in range(3)) / length)
    assert costs[1] < costs[0] * 6 + 1e-7


def _seconds(text: str) -> float:
    began = time.process_time()
    escape(text)
    code(f"x {text}")
    return time.process_time() - began

"""Views: nothing foreign becomes markup, no secret and no control character comes through."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from forensics.app.analyze import composed
from forensics.detect.runner import Outcome
from forensics.model.prose import quote
from forensics.render.cleaning import clean, clean_text
from forensics.render.documents.postmortem import render_postmortem_json
from forensics.render.markdown import cell, code, codecell, escape, plain, prose, render_markdown
from forensics.render.text import render_text
from forensics.testing.script import case_of

HOSTILE = [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://e.org/x.png)", "`` ` ``", "a | b | c", "# heading",
    "*bold* _it_ ~~no~~", "</td></table>", "&lt;b&gt;", "https://e.org", "www.e.org", "me@e.org", "\\", "a\n# b\n\n| c |", "```", "<!-- x",
    "- item", "1. one", "> quote", "\x1b[31mred\x1b[0m", "\u202eevil", "\r\nx",
]  # fmt: skip
ALLOWED = {"paragraph_open", "paragraph_close", "inline", "text", "code_inline", "softbreak", "text_special"}


def _tokens(markdown: str) -> set[str]:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    found = set()
    for token in parser.parse(markdown):
        found.add(token.type)
        found |= {child.type for child in token.children or ()}
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_stays_text(text: str) -> None:
    shown = clean_text(text)
    assert _tokens(escape(shown)) <= ALLOWED
    assert _tokens(f"Commit {code(shown)} is.") <= ALLOWED
    assert _tokens(prose(f"Commit {quote(shown)} is.")) <= ALLOWED
    table = _tokens(f"| a | b |\n|---|---|\n| {cell(quote(shown))} | {codecell(shown)} |\n")
    assert "html_block" not in table
    assert "link_open" not in table


@given(st.text(max_size=80))
def test_any_text_stays_text(text: str) -> None:
    shown = clean_text(text)
    assert _tokens(escape(shown)) <= ALLOWED
    assert _tokens(prose(f"x {quote(shown)} y")) <= ALLOWED
    assert "\n" not in plain(shown)


@given(st.text(alphabet="ab|`\\ <>[]", max_size=30))
def test_a_table_keeps_its_columns(text: str) -> None:
    row = f"| a | b | c |\n|---|---|---|\n| {cell(quote(text))} | {codecell(text) or 'x'} | end |\n"
    parser = MarkdownIt("commonmark").enable("table")
    cells = [token for token in parser.parse(row) if token.type == "td_open"]
    assert len(cells) == 3
    assert parser.parse(row)[-1].type == "table_close"


@pytest.mark.parametrize(
    "secret",
    ["sk-ant-REDACTED", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "AKIAIOSFODNN7EXAMPLE", "xoxb-123456789012-abcdef",
     "glpat-abcdefghijklmnopqrst", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefgh", "AIzaSyA1234567890abcdefghijklmnopqrstuv",
     "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
)  # fmt: skip
def test_secrets_are_redacted(secret: str) -> None:
    secret = secret.replace("REDACTED", "api03-" + "a1B2" * 10)
    shown = clean_text(f"token {secret} was used")
    assert secret not in shown
    assert shown.startswith("token [redacted]")


def test_passwords_in_addresses_and_settings_are_redacted() -> None:
    assert "hunter22" not in clean_text(
        "https://me:hunter22@example.org/x password=hunter22 Authorization: Bearer hunter22hunter22"
    )


@pytest.mark.parametrize(
    "text", ["f3050e2", "4484db431a912a7c8c7c299f9d2fdd8199019306", "plans/x/reports/step-1-3-execution.md", "sk-1"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert clean_text(text) == text


def test_control_characters_become_visible() -> None:
    assert clean_text("a\x1b[31m\u202e\x00\x9b\u200b") == "a\\x1b[31m\\u202e\\x00\\x9b\\u200b"


@given(st.text(max_size=100))
def test_cleaning_leaves_only_what_can_be_shown(text: str) -> None:
    shown = clean_text(text)
    assert all(character.isprintable() or character in "\t\n" or ord(character) >= 0xA0 for character in shown)
    assert "\x1b" not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_runs_in_every_view(text: str) -> None:
    flat = " ".join(clean_text(text).split()).replace('"', "'")
    case = case_of(f'plan: 1.3 "{flat}"\nreport 1.3: STOP_CONDITION\ncommit aaa1111: "Cycle 1.3: {flat}" src/a.py')
    hostile = dataclasses.replace(case, run=dataclasses.replace(case.run, name=text))
    postmortem = clean(composed(hostile, Outcome((), (), ()), (text,)))
    markdown = render_markdown(postmortem)
    assert _tokens(markdown).isdisjoint({"html_block", "html_inline", "link_open", "image"})
    assert "\x1b" not in markdown + render_text(postmortem) + render_postmortem_json(postmortem)
    assert json.loads(render_postmortem_json(postmortem))["schema"]
    assert all(len(line) <= 100 for line in render_text(postmortem).splitlines())


def test_the_shell_block_holds_only_plain_lines() -> None:
    script = 'plan: 1.1 "Set up", 1.2 "Next" tests test_x\nreport 1.2: STOP_CONDITION\ncommit aaa1111: "Cycle 1.1: Set up" src/a.py'
    case = case_of(script)
    spec = case.plan.steps[1]
    assert spec.red is not None
    evil = dataclasses.replace(spec, red=dataclasses.replace(spec.red, command="pytest x; rm -rf ~ #```\n"))
    dossiers = tuple(dataclasses.replace(one, spec=evil) if one.id == "1.2" else one for one in case.dossiers)
    lines = [
        one.line
        for one in composed(dataclasses.replace(case, dossiers=dossiers), Outcome((), (), ())).recovery.commands
    ]
    assert not any("rm -rf" in line for line in lines)

"""Hidden characters are written out in every view, and nothing else is; no line of a view is an order to a build server."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.app.analyze import analyze
from forensics.app.outputs import rendered
from forensics.render.cleaning import clean_text
from forensics.render.visible import HIDDEN, Hidden, bare, inert, shown
from tests.browser import poison
from tests.regenerate import sample_scope


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\ufe0fb", "a\\ufe0fb"),
        ("a\U000e0100", "a\\U000e0100"),
        ("✅\ufe0f\ufe0e", "✅\\ufe0f\\ufe0e"),
        ("\U000e0041\U000e007f", "\\U000e0041\\U000e007f"),
        ("a\u200db", "a\\u200db"),
        ("me\u2060\u034f\u00ad", "me\\u2060\\u034f\\xad"),
        ("a\ufff9b\ufffac\ufffb", "a\\ufff9b\\ufffac\\ufffb"),
        ("a\u00a0b\u2003c\u3000d", "a\\xa0b\\u2003c\\u3000d"),
        ("\u3164\u2800\uffa0", "\\u3164\\u2800\\uffa0"),
        ("\ue0a0\U00100000\ufdd0", "\\ue0a0\\U00100000\\ufdd0"),
        ("z" + "\u0301" * 6, "z" + "\u0301" * 4 + "\\u0301" * 2),
        ("##[error]x ##vso[task.x]y", "#\\x23[error]x #\\x23vso[task.x]y"),
    ],
)
def test_what_nobody_sees_is_written_out(text: str, written: str) -> None:
    assert shown(text) == clean_text(text) == written


@pytest.mark.parametrize(
    "text",
    ["⚠️ two", "👩‍🔬", "1️⃣", "❤️‍🔥", "Ünïcode", "e\u0301", "שָׁ֑לום", "नमस्ते", "日本語", "✓ – … “x”", "## Heading", "a::b"],
)
def test_ordinary_text_stays(text: str) -> None:
    assert shown(text) == text


@given(st.text(max_size=60))
def test_what_is_shown_has_a_shape(text: str) -> None:
    after = shown(text)
    assert {unicodedata.category(letter) for letter in after} <= {
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs",
        "Cn", "Cf",
    }  # fmt: skip
    assert shown(after) == after
    assert bare(after) == after or any(letter in after for letter in "\u200d\ufe0f")


@pytest.mark.parametrize("row", HIDDEN, ids=lambda row: row.why)
def test_a_row_says_why(row: Hidden) -> None:
    assert row.why


def test_a_secret_with_a_hidden_character_hides_no_order() -> None:
    assert clean_text("password=ab\u200bc-123 ##[error]x").endswith("[redacted] #\\x23[error]x")


def test_a_wrapped_line_is_not_an_order() -> None:
    assert inert("a\n  ::error::x\n:: y\nb::c\n:d") == "a\n  \\x3a:error::x\n\\x3a: y\nb::c\n:d"


@pytest.mark.parametrize("view", ["text", "md", "json", "html"])
def test_every_view_is_clean_and_gives_no_order(view: str, failed_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        poison, "PAYLOADS", (f"::error::x {'wrapped ' * 9}::stop-commands::y", "##[error]x", "a\ufe0f\u200b\U000e0041")
    )
    monkeypatch.setattr(poison, "CORE", "::add-mask::x")
    text = rendered(poison.poisoned(analyze(sample_scope("parallel-tdd", failed_run))), view)
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert bare(text.replace("\n", "")).replace("\u200b", "") == text.replace("\n", "").replace("\u200b", "")
    if view == "json":
        assert json.loads(text)

"""The HTML view: one file, a strict policy, everything escaped, and heavy imports nowhere else."""

import base64
import hashlib
import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.outputs import rendered
from forensics.model.postmortem import Postmortem
from forensics.model.source import FileRef
from forensics.render.html import render_html
from forensics.render.page import code, places, prose
from tests.browser.poison import poisoned
from tests.regenerate import sample_scope
from tests.unpack import PLAN


@pytest.fixture(scope="module")
def failed(failed_run: Path) -> Postmortem:
    return analyze(sample_scope("parallel-tdd", failed_run))


@pytest.fixture(scope="module")
def page(failed: Postmortem) -> str:
    return rendered(failed, "html")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_same_postmortem_gives_the_same_bytes(failed: Postmortem, page: str) -> None:
    assert render_html(failed) == page


def test_the_policy_allows_the_one_style_and_script_by_their_digests(page: str) -> None:
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    (style,), (script,) = (
        re.findall(r"<style>(.*?)</style>", page, re.S),
        re.findall(r"<script>(.*?)</script>", page, re.S),
    )
    assert policy
    assert policy[1].replace("&#39;", "'") == (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_nothing_is_loaded(page: str) -> None:
    markup = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S)
    assert not re.search(
        r"<(?:link|img|iframe|object|embed|base|form|image|use)\b|\s(?:style|on\w+|src|xlink:href)=", markup
    )
    assert set(re.findall(r'href="(.)', markup)) == {"#"}
    assert "@import" not in page
    assert "url(" not in page


def test_every_table_has_a_caption_and_scopes(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.S):
        assert "<caption>" in table
    assert not re.search(r"<th(?![^>]*scope=)[ >]", page)


def test_the_page_says_what_the_markdown_says(failed: Postmortem, page: str) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    for one in failed.findings:
        assert page.count(f'id="finding-{one.fingerprint}"') == 1
    for command in failed.recovery.commands:
        assert command.line in text
    for source in failed.sources:
        assert source.sha256 in text


def test_poison_stays_text(failed: Postmortem) -> None:
    page = render_html(poisoned(failed))
    assert page.count("<script") == page.count("</script") == page.count("<style") == page.count("</style") == 1
    assert not re.search(r"<(?:img|svg onload|a href=\"j)", page)
    assert "\u202e" not in page


def test_prose_becomes_text_and_code() -> None:
    assert prose("a <b> `<i>` & c") == "a &lt;b&gt; <code>&lt;i&gt;</code> &amp; c"
    assert (code(""), code("<")) == ("", "<code>&lt;</code>")
    assert places([FileRef("<", 1)] * 9) == ", ".join(["<code>&lt;:1</code>"] * 8) + " and 1 more"


@pytest.mark.parametrize("arguments", [("analyze", "--help"), ("analyze", PLAN, "--no-transcripts", "--format", "md"),
                                       ("analyze", PLAN, "--no-transcripts", "--format", "json")])  # fmt: skip
def test_only_html_loads_the_chart_libraries(failed_run: Path, arguments: tuple[str, ...]) -> None:
    program = (
        "import sys; from forensics.cli.commands import app\n"
        "try: app(sys.argv[1:], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print(sorted({'altair', 'vl_convert', 'pandas', 'narwhals'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=failed_run, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_charts_need_no_pandas() -> None:
    program = (
        "import sys, forensics.render.html as h; assert 'altair' in sys.modules; assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

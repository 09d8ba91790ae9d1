"""Mermaid pictures: whatever a label holds, every line stays of a known form, and the block stays closed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from forensics.app.analyze import analyze
from forensics.model.claim import Confidence
from forensics.model.finding import CausalLink
from forensics.model.postmortem import Postmortem, RootCause
from forensics.render.markdown import render_markdown
from forensics.render.mermaid import LANES, LINKS, MARKS, flowchart, gantt, label
from tests.browser.poison import PAYLOADS, poisoned
from tests.regenerate import sample_scope

TEXT = r"(?:[\w .,()'/-]|#\d+;)+"
CLOCK = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
NODE = rf'(?:\w+|\w+\["{TEXT}"\]|\w+\(\["{TEXT}"\]\))'
FLOW = re.compile(rf"flowchart LR|    {NODE}(?: --> {NODE})?|    style cause stroke:#c0303f,stroke-width:3px")
GANTT = re.compile(
    r"gantt|    dateFormat YYYY-MM-DD HH:mm:ss|    axisFormat %H:%M|    todayMarker off|    section [\w .()/-]+"
    rf"|    at work :{CLOCK}, (?:{CLOCK}|1s)|    [\w .()/-]+ :(?:crit, )?milestone, {CLOCK}, 0s"
)


@pytest.fixture(scope="module")
def failed(failed_run: Path) -> Postmortem:
    return analyze(sample_scope("parallel-tdd", failed_run))


@pytest.mark.parametrize("evil", [False, True])
def test_every_line_is_of_a_known_form(failed: Postmortem, evil: bool) -> None:
    postmortem = poisoned(failed) if evil else failed
    chart, flow = gantt(postmortem), flowchart(postmortem.cause)
    assert chart
    assert flow
    for form, text in ((GANTT, chart), (FLOW, flow)):
        for line in text.split("\n"):
            assert form.fullmatch(line), line
    fences = [one for one in MarkdownIt("commonmark").parse(render_markdown(postmortem)) if one.type == "fence"]
    assert [one.info for one in fences] == ["mermaid", "mermaid", "sh"]
    assert len(chart) + len(flow) < 20_000


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_labels(text: str) -> None:
    assert re.fullmatch(TEXT, label(text))
    assert "%%" not in label(text)


@given(st.text(min_size=1))
def test_any_label(text: str) -> None:
    assert re.fullmatch(TEXT, label(f"x{text}"))
    assert len(label(text)) <= 140 * 10


def test_pictures_are_bounded() -> None:
    link = CausalLink("e", "b", Confidence.LIKELY, ())
    flow = flowchart(RootCause(True, "c", None, chain=(link,) * (LINKS + 7)))
    assert flow
    assert "7 more, in the list" in flow
    assert LANES * (MARKS + 2) * 120 < 50_000  # what code hosts draw
    assert flowchart(RootCause(True, "c", None)) is None

"""Every dialect at once: which one a folder speaks, and that no text makes a reader hang."""

import subprocess
import sys
from pathlib import Path

import pytest

from forensics.formats.conductor import CONDUCTOR
from forensics.formats.dialect import Dialect
from forensics.formats.dialects import DIALECTS, dialect_of
from forensics.formats.gsd import GSD
from forensics.formats.spec_kit import SPEC_KIT
from forensics.formats.step_reports import STEP_REPORTS
from forensics.formats.superpowers import LEDGER
from forensics.model.source import Document, Kind, Source

PLACES = {
    "GSD": (".planning/phases/03-x/03-01-PLAN.md", ".planning/phases/03-x/03-01-SUMMARY.md"),
    "ledger": (".superpowers/sdd/progress.md",),
    "Conductor": ("conductor/tracks/x/plan.md",),
    "spec-kit": ("specs/003-x/tasks.md",),
    "step reports": ("plans/x/runbook.md", "plans/x/reports/step-1-1-execution.md"),
}


def read_all(text: str, dialect: Dialect) -> None:
    """Read a text as every document a dialect knows."""
    documents = [
        Document(Source("S", dialect.kind_of("/".join(path.split("/")[2:])), path, "", 0), text)
        for path in PLACES[dialect.name]
    ]
    dialect.read_plan("x", "x", documents)
    for document in documents:
        dialect.plans_named(document)
        if document.source.kind is Kind.REPORT:
            dialect.read_report(document)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_a_folder_s_own_files_tell(dialect: Dialect) -> None:
    assert dialect_of(PLACES[dialect.name]) is dialect


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("plans/x", STEP_REPORTS), (".planning/phases/03-x", GSD), (".superpowers/sdd", LEDGER), ("conductor/tracks/x", CONDUCTOR), ("specs/003-x", SPEC_KIT)],
)  # fmt: skip
def test_of_several_the_folder_s_own_counts(folder: str, expected: Dialect) -> None:
    everything = [path for paths in PLACES.values() for path in paths]
    assert dialect_of(everything, folder) is expected


@pytest.mark.parametrize(
    "text",
    [
        "## Phase 1\n- [x] Task: " + "[" * 950 + "a" * 950 + "1abcdef\n",
        "## Phase 1\n- [x] Task: a\n" + "  - [x] b 1abcdef\n" * 40_000,
        "Task 1: complete (commits " + "1abcdef.." * 200 + ")\n" + "- note commit 1abcdef\n" * 20_000,
        "plan: " * 300 + "\n" + "plan: x`(" * 200 + ".md\n",
        "- [X] T001 "
        + "(" * 900
        + "a- " * 300
        + "\n"
        + "- [X] T002 [P] a - skipped" * 90
        + "\n"
        + "- [X] T003 "
        + "src/" * 480
        + "\n",
        "---\n" + "a: " + "[" * 900_000 + "\n" + "  - b\n" * 100 + "---\n" + "| 1abcdef | commit |\n" * 10_000,
        "## Task Commits\n\n" + ("1. **Task 1: " + "x" * 150 + "** - `1abcdef` (" * 20 + "\n") * 2_000,
        "<objective>\n" + "a. " * 60_000 + "<name>" * 20_000,
        ("- commit " + "(" * 1900 + ")x `1abcdef`, `2abcdef`, `3abcdef`\n") * 5,
    ],
    ids=["brackets", "sub-items", "ranges", "plans", "boxes", "front matter", "tasks", "objective", "open brackets"],
)
def test_large_texts_do_not_hang(tmp_path: Path, text: str) -> None:
    file = tmp_path / "text.md"
    file.write_text(text)
    program = f"from tests.formats.test_dialects import *; [read_all(Path({str(file)!r}).read_text(), one) for one in DIALECTS]"
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True, cwd=Path(__file__).parent.parent.parent)

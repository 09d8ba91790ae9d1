"""Reports to records: hashes with their roles, files, counts, times, sections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.dialects import plan_of
from forensics.formats.step_reports import STEP_REPORTS
from forensics.formats.step_reports.reports import is_report, read_report
from forensics.model.report import RedOutcome, Role, Status, StepReport
from forensics.model.source import Document, Kind, Source

PATH = "plans/run/reports/step-1-4-execution.md"


def _read(text: str, path: str = PATH) -> tuple[StepReport, ...]:
    return read_report(Document(Source("S1", Kind.REPORT, path, "", len(text)), text))


def _one(text: str, path: str = PATH) -> StepReport:
    (report,) = _read(text, path)
    return report


def _roles(text: str) -> dict[str, tuple[Role, str | None]]:
    return {mention.value: (mention.role, mention.about) for mention in _one(text).hashes}


@pytest.mark.parametrize(
    ("line", "role", "about"),
    [
        ("## Commits\n\n- `f3050e2` - Cycle 1.4: the title", Role.OWN, "1.4"),
        ("**Commit:** f3050e2", Role.OWN, "1.4"),
        ("- **WIP commit:** `f3050e2`", Role.OWN, "1.4"),
        ("- Commit hash: `f3050e2`", Role.OWN, "1.4"),
        ("- Commit: `Cycle 1.4: the title` (f3050e2)", Role.OWN, "1.4"),
        ("WIP commit created at f3050e2", Role.OWN, "1.4"),
        ("### Git History\n\n- Commit f3050e2: Cycle 1.5 (another step)", Role.OTHER, "1.5"),
        ("- Base commit: `f3050e2`", Role.BASE, None),
        ("Changes since commit f3050e2 were read", Role.BASE, None),
        ("The feature was implemented in Cycle 1.1 by commit f3050e2", Role.OTHER, "1.1"),
        ("- WIP commit: `f3050e2` created (later amended to `abc1234`)", Role.QUOTATION, "1.4"),
        ("## Commit\n\n```\nf3050e2 Cycle 1.4: the title\n```", Role.OWN, "1.4"),
        ("## Context\n\n```\nf3050e2 Tidy the docs\n```", Role.QUOTATION, None),
        ("```\n[main f3050e2] Cycle 1.4: the title\n```", Role.OWN, "1.4"),
        # the commits of a list, whatever section it is in
        ('## Notes\n\n**Commits created:**\n1. `f3050e2` — "Tidy the loader"\n', Role.OWN, "1.4"),
        ("## Commits\n\n- `Cycle 1.4: the title` (f3050e2)", Role.OWN, "1.4"),
        ("## Commits\n\n- the title — f3050e2", Role.OWN, "1.4"),
        ("- `sensor-lib` submodule: `f3050e2` — docs: the title", Role.OWN, "1.4"),
        ("- Parent update: `f3050e2` Cycle 1.4: the title", Role.OWN, "1.4"),
        ("- Commit of the gate: f3050e2", Role.OWN, "1.4"),
        ("STATUS: DONE\n\nCommit(s)\n- f3050e2 feat: the title", Role.OWN, "1.4"),
        ("## 提交记录\n\n- `f3050e2` the title", Role.OWN, "1.4"),
        ("- 提交：`f3050e2 docs: the title`", Role.OWN, "1.4"),
        # tables
        ("| Commit hash | What |\n|---|---|\n| `f3050e2` | the title |", Role.OWN, "1.4"),
        ("| # | Title | Commit |\n|---|---|---|\n| 1 | the title | `f3050e2` |", Role.OWN, "1.4"),
        ("| Cycle | Title | Commit |\n|---|---|---|\n| 1.5 | another | `f3050e2` |", Role.OTHER, "1.5"),
        ("| Task | Title | Commit |\n|---|---|---|\n| 2 | another | `f3050e2` |", Role.OTHER, "2"),
        # others' work, and output that is judged and accuses nobody
        ("- The limit failed (enforced by f3050e2)", Role.OTHER, None),
        ("**Note:** the limit was raised in Cycle 1.3 (commit f3050e2).", Role.OTHER, "1.3"),
        ("**Note:** the limit was raised in Cycle 1.4 (commit f3050e2).", Role.OWN, "1.4"),
        ("As seen in commit f3050e2 the loader is there, and Cycle 1.4 needs it", Role.OTHER, None),
        ("- `git show f3050e2 --stat` lists 1 file, as Cycle 1.4 reports", Role.OTHER, None),
        ("- `git log --oneline` shows `f3050e2` at the top", Role.OTHER, None),
        ("```\ncommit f3050e2 (main)\n```", Role.OTHER, None),
        ("```\ngit log -1 --oneline: f3050e2 Cycle 1.4: the title\n```", Role.OTHER, None),
        ("```\ngit commit -m x\nResult: f3050e2 (1 file changed)\n```", Role.OTHER, None),
        ("## Commit\n\n```\nf3050e2 Tidy the loader\n```", Role.OTHER, None),
        ("**Commits created:**\n```\n✅ f3050e2 - docs: tidy\n```", Role.OTHER, None),
    ],
)
def test_a_hash_has_a_role(line: str, role: Role, about: str | None) -> None:
    found = _roles(f"# Cycle 1.4: the title\n\n{line}\n")["f3050e2"]
    assert found[0] is role
    if role is not Role.QUOTATION:
        assert found[1] == about


@pytest.mark.parametrize(
    "line",
    [
        "Used 1000000 tokens of the commit budget",
        "cache key 2c2022608febaa99",
        "task 123e4567-e89b-12d3-a456-426614174000",
        "the file `continuation-registry-2c2022608febaa99.json`",
        "see sha256:9f86d081884c7d65",
        "https://example.org/x/f3050e2/y",
        "a defaced facade",
        "**Commits created:**\n- none\n- Widgets: 5 boxes (f3050e2 was damaged)",
    ],
)
def test_what_is_no_commit(line: str) -> None:
    assert _roles(f"# Cycle 1.4: the title\n\n{line}\n") == {}


def test_digits_only_hashes_need_a_commit_s_place() -> None:
    text = "# Cycle 1.4: the title\n\n- Commit 5048097: Cycle 1.2 (WIP)\n- 5048098 widgets\n- Commit 1000000: round number\n"
    assert _roles(text) == {"5048097": (Role.OTHER, "1.2")}


def test_the_base_of_a_range_is_no_claim() -> None:
    assert _roles("# Cycle 1.4: x\n\n**Commits:** a1b2c3d..d4e5f6a\n") == {
        "a1b2c3d": (Role.BASE, None), "d4e5f6a": (Role.OWN, "1.4"),
    }  # fmt: skip


def test_a_report_in_full() -> None:
    report = _one(
        "# Cycle 1.4 Execution Report\n\n**Timestamp**: 2026-03-04 09:51 UTC\n**Status**: GREEN_VERIFIED\n\n"
        "### RED Phase\n- **Test command**: `pytest tests/test_a.py::test_a -v`\n- **Expected failure**: `AssertionError: x`\n"
        "- **Result**: FAIL as expected\n\n### GREEN Phase\n- **Result**: PASS\n\n### Regression Check\n- **Command**: `pytest`\n"
        "- **Result**: 283/283 passed\n\n## Files Modified\n\n- `/home/x/code/app/src/a.py` (updated)\n- Created: `tests/test_a.py`\n"
        "1. docs/a.md: notes\n\n## Notes\n\n- src/not_listed.py is fine\n"
    )
    assert report.steps == ("1.4",)
    assert report.status is not None
    assert (report.status.value, report.status.ref.line) == (Status.DONE, 4)
    assert report.red is not None
    assert (report.red.outcome, report.red.ref.line, report.red.exceptions) == (
        RedOutcome.FAILED,
        9,
        ("AssertionError",),
    )
    assert [(one.passed, one.total, one.whole_suite) for one in report.counts] == [(283, 283, True)]
    assert [one.path for one in report.files] == ["/home/x/code/app/src/a.py", "tests/test_a.py", "docs/a.md"]
    assert report.test_names == {"test_a"}
    assert report.time is not None
    assert (report.time.day_only, report.time.zoned) == (False, True)


def test_a_count_of_one_file_is_not_the_whole_suite_s() -> None:
    report = _one(
        "# Cycle 1.4: x\n\n- Regression check: 26/26 passed (test_session.py)\n- Regression check: 56/56 passed (all worktree tests)\n"
    )
    assert [one.whole_suite for one in report.counts] == [False, False]


def test_a_cumulative_log_is_several_accounts() -> None:
    reports = _read(
        "# Execution Report\n\n### Cycle 1.4: first [2026-03-04]\n\n- Status: GREEN_VERIFIED\n- Files modified:\n  - src/a.py (made)\n"
        "- Stop condition: None\n\n### Cycle 1.6 + 1.7: both [2026-03-04]\n\n- Status: STOP_CONDITION\n- RED result: PASS unexpected\n",
        "plans/run/reports/execution-report.md",
    )
    assert [report.steps for report in reports] == [("1.4",), ("1.6", "1.7")]
    assert [report.title for report in reports] == ["first", "both"]
    assert [one.path for one in reports[0].files] == ["src/a.py"]
    assert reports[0].stop is None
    assert reports[1].red is not None
    assert reports[1].red.outcome is RedOutcome.PASSED
    assert all(report.cumulative for report in reports)


def test_a_status_under_red_is_not_the_report_s() -> None:
    assert (
        _one("# Cycle 1.4: x\n\n### RED Phase\n\n- Status: VERIFIED\n\n## Status\n\nCOMPLETE, all done\n").status
        is not None
    )
    assert _one("# Cycle 1.4: x\n\n### RED Phase\n\n- Status: VERIFIED\n").status is None


def test_the_file_name_names_the_step_where_the_heading_does_not() -> None:
    assert _one("# Report\n\nStatus: done\n").steps == ("1.4",)
    assert _one("# Report\n\n- **Cycle:** 2.2 - title\n", "plans/run/reports/execution.md").steps == ("2.2",)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reports/step-1-3-execution.md", True),
        ("reports/cycle-2-1-notes.md", True),
        ("reports/execution-report.md", True),
        ("reports/phase-2-execution.md", True),
        ("reports/cycle-a2.md", True),
        ("reports/cycle-7-1-merge-clean-tree.md", True),
        ("reports/phase-2-cycles-2.5-2.7.md", True),
        ("reports/step-d-skill-update.md", True),
        ("reports/step-6-planning-request.md", False),
        ("reports/cycle-6-1-refactor.md", False),
        ("reports/phase2-formalization-execution.md", True),
        ("reports/step-1-analysis.md", False),
        ("reports/step-3-5-revalidation.md", False),
        ("reports/execution-review.md", False),
        ("reports/phase-2.md", False),
        ("reports/cycle-4-2-review.md", False),
        ("reports/checkpoint-1-vet.md", False),
        ("reports/tdd-process-review.md", False),
        ("reports/step-1-3-execution.json", False),
        ("steps/step-1-3.md", False),
        ("execution-report.md", True),
    ],
)
def test_which_files_are_reports(path: str, *, expected: bool) -> None:
    assert is_report(path) is expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cycle-6-1-refactor.md", Kind.REPORT),
        ("refactor-0-2.md", Kind.REPORT),
        ("cycle-0-5-assertion-fix.md", Kind.REPORT),
        ("step-0-2-diagnostic.md", Kind.REPORT),
        ("skipped-tests-fix.md", Kind.REPORT),
        ("fix-review.md", Kind.OTHER),
        ("prefix-notes.md", Kind.OTHER),
    ],
)
def test_accounts_of_later_work_are_reports_that_make_no_plan(name: str, kind: Kind) -> None:
    assert STEP_REPORTS.kind_of(f"reports/{name}") is kind
    assert plan_of(f"plans/run/reports/{name}") is None
    assert plan_of("plans/run/reports/step-1-4-execution.md") == "plans/run"


@pytest.mark.parametrize(
    ("name", "role", "about"),
    [
        ("cycle-6-1-refactor.md", Role.OWN, "6.1"),
        ("cycle-0-5-assertion-fix.md", Role.OWN, "0.5"),
        ("step-0-2-diagnostic.md", Role.OTHER, None),
        ("skipped-tests-fix.md", Role.OTHER, None),
    ],
)
def test_later_work_is_read_for_its_commits_alone(name: str, role: Role, about: str | None) -> None:
    report = _one("# Tidied up\n\n**Status:** DONE\n**Commit:** f3050e2\n", f"plans/run/reports/{name}")
    assert (report.steps, report.status, report.beside) == ((), None, True)
    assert [(one.value, one.role, one.about) for one in report.hashes] == [("f3050e2", role, about)]


@given(st.text(max_size=600))
def test_any_text_is_read_or_empty(text: str) -> None:
    for report in _read(text):
        assert report.ref.line is not None
        assert report.ref.line <= report.last_line


_ROWS = [
    "# Cycle 1.4: x",
    "### RED Phase",
    "- Result:",
    "**Status:** GREEN_VERIFIED",
    "## Commits",
    "- `f3050e2` - Cycle 1.4: x",
    "```",
    "283/283 passed",
    "## Files Modified",
    "- a/b.py",
    "**Timestamp:** 2026-99-99",
    "| RED result | N/A |",
    "Stop condition: x",
]


@given(st.lists(st.sampled_from(_ROWS), max_size=30))
def test_any_order_of_lines_is_read(rows: list[str]) -> None:
    assert all(isinstance(report, StepReport) for report in _read("\n".join(rows)))

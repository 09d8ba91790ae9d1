"""Plans to records: steps, RED demands and their exemptions, order, totals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.casework.order import must_precede
from forensics.formats.step_reports.plans import kind_of, read_plan
from forensics.model.plan import ConstraintKind, Plan, Strength
from forensics.model.source import Document, Source


def _plan(**files: str) -> Plan:
    documents = []
    for name, text in files.items():
        path = "plans/run/" + name.replace("__", "/").replace("_", "-") + ".md"
        documents.append(Document(Source(path, kind_of(path[len("plans/run/") :]), path, "", len(text)), text))
    return read_plan("run", "plans/run", documents)


STEP = "## Cycle 1.3: Empty issues\n\n**RED Phase:**\n\n{}\n\n**GREEN Phase:**\n\n- the test should pass now\n"


def test_a_step_s_red() -> None:
    plan = _plan(
        runbook=STEP.format(
            "**Expected failure:**\n```\nAttributeError: no x\n```\n\n**Verify RED:** `pytest t.py::test_x -v`\n- Must fail with TypeError"
        )
    )
    red = plan.steps[0].red
    assert red is not None
    assert red.exceptions == ("AttributeError", "TypeError")
    assert red.command == "pytest t.py::test_x -v"
    assert red.exempt is None
    assert red.ref.line == 5


@pytest.mark.parametrize(
    "grant",
    ["[REGRESSION] the behaviour is there", "**Expected failure:** N/A", "**Expected failure:** May pass, the code supports it",
     "**Expected outcome:** the test should PASS in RED", "**Expected failure:**\n```\nNo failure - a deletion\n```",
     "**Expected failure:** None, a characterization test", "This is a regression guard for the parser",
     "**Expected result:** Test PASSES (regression guard for the parser)"],
)  # fmt: skip
def test_a_step_can_grant_a_pass(grant: str) -> None:
    red = _plan(runbook=STEP.format(grant)).steps[0].red
    assert red is not None
    assert red.exempt is not None


@pytest.mark.parametrize("text", ["- If passes, STOP", "**Expected failure:** AssertionError\n- If the test passes, STOP: it may already exist",
                                  "No `[REGRESSION]` marker here", "- Negative assertions (regression test for the lost file)",
                                  "- Regression test fails: the default no longer holds",
                                  "- stdout says that the test unexpectedly passed"])  # fmt: skip
def test_a_condition_grants_nothing(text: str) -> None:
    red = _plan(runbook=STEP.format(text)).steps[0].red
    assert red is not None
    assert red.exempt is None


def test_a_marker_in_the_heading_grants_a_pass() -> None:
    spec = _plan(runbook="## Cycle 1.3: Empty issues `[REGRESSION]`\n\n**RED:** see it\n").steps[0]
    assert spec.red is not None
    assert spec.red.exempt is not None
    assert spec.title == "Empty issues"


def test_a_step_without_red_demands_none() -> None:
    assert _plan(runbook="## Step 2: Write the page\n\n**Changes:**\n- File: docs/a.md\n").steps[0].red is None


def test_step_files_complete_the_runbook() -> None:
    plan = _plan(runbook="# R\n\n## Cycle 1.3: Empty issues\n\n- File: src/a.py\n",
                 steps__step_1_3="# Cycle 1.3\n\n**Phase**: 1\n**Execution Model**: Haiku\n\n## Cycle 1.3: Empty issues\n\n**RED Phase:**\n\n- Must fail with KeyError\n")  # fmt: skip
    (spec,) = plan.steps
    assert (spec.files, spec.model, spec.phase) == (("src/a.py",), "haiku", "1")
    assert spec.red is not None
    assert spec.red.exceptions == ("KeyError",)


def test_what_a_step_writes_and_what_its_text_names() -> None:
    runbook = (
        "### Phase 2: Labels and weights (general)\n\n## Step 2.1: Labels\n\n**Input:** `notes/raw.md`\n"
        "**Output:** `plans/run/labels.md`\n\n- Create `src/labels.py`\n- Do not touch `src/old.py`\n"
        "```\nopen('data/x.csv')\n```\n\n## Files\n\n- `src/all.py`\n"
    )
    (step,) = _plan(runbook=runbook).steps
    assert step.files == ("plans/run/labels.md",)
    assert step.mentions == ("plans/run/labels.md", "src/labels.py")
    assert step.phase_title == "Labels and weights (general)"
    assert _plan(runbook="## Step 1: Check\n\n**Output:** `1 file, no errors.`\n").steps[0].files == ()


def test_reused_numbers_are_known() -> None:
    plan = _plan(runbook="## Cycle 1.1: Parse the file\n", runbook_rework="## Cycle 1.1: Delete the folder\n")
    assert plan.reused_ids == {"1.1"}
    assert plan.steps[0].title == "Parse the file"
    assert [spec.title for spec in plan.alternatives] == ["Delete the folder"]


def test_ranges_and_templates() -> None:
    plan = _plan(runbook="## Steps 2.1-2.3: Three alike\n\n## Step 3: One\n\n```markdown\n## Step 4: a template\n```\n")
    assert [spec.id for spec in plan.steps] == ["2.1", "2.2", "2.3", "3"]


def test_the_declared_total() -> None:
    declared = _plan(runbook="**Total Steps**: 45 cycles across 3 phases\n\n## Cycle 1.1: a\n").declared
    assert declared is not None
    assert declared.number == 45


RUNBOOK = "## Weak Orchestrator Metadata\n\n**Step Dependencies**: {}\n\n## Phase 1\n\n### Cycle 1.1: a\n\n### Cycle 1.2: b\n\n## Phase 2\n\n### Cycle 2.1: c\n\n{}\n"


def test_order_within_phases() -> None:
    plan = _plan(runbook=RUNBOOK.format("Sequential within phases", ""))
    assert must_precede(plan, "1.1", "1.2") is not None
    assert must_precede(plan, "1.2", "1.1") is None
    assert must_precede(plan, "1.2", "2.1") is None


def test_order_of_the_whole_plan_and_dependencies() -> None:
    plan = _plan(
        runbook=RUNBOOK.format("–", "[DEPENDS: 1.2]"),
        orchestrator_plan="# O\n\nExecute steps sequentially using an agent.\n",
    )
    assert must_precede(plan, "1.1", "2.1") is not None
    rule = must_precede(plan, "1.2", "2.1")
    assert rule is not None
    assert rule.strength is Strength.MARKED


def test_a_permission_outweighs_the_general_rule() -> None:
    plan = _plan(
        runbook=RUNBOOK.format("Sequential within phases", ""),
        orchestrator_plan="# O\n\nSteps 1.1 and 1.2 can run in parallel.\n",
    )
    assert must_precede(plan, "1.1", "1.2") is None


def test_a_denied_permission_is_none() -> None:
    plan = _plan(runbook=RUNBOOK.format("Sequential, no parallel execution", ""))
    assert must_precede(plan, "1.1", "1.2") is not None


def test_a_plan_without_rules_forbids_nothing() -> None:
    assert must_precede(_plan(runbook="## Cycle 1.1: a\n\n## Cycle 1.2: b\n"), "1.1", "1.2") is None


def test_front_matter_fields() -> None:
    plan = _plan(runbook="---\nexecution_mode: sequential\n---\n## Cycle 1.1: a\n\n## Cycle 1.2: b\n",
                 steps__step_1_2="---\ndepends_on: [1.1]\n---\n# Cycle 1.2\n")  # fmt: skip
    rule = must_precede(plan, "1.1", "1.2")
    assert rule is not None
    assert rule.strength is Strength.FIELD


@pytest.mark.parametrize("listed", ["[1.1, 1-2]", '\n  - 1.1\n  - "1-2"', "\n- 1.1\n- 1-2 # the parser"])
def test_dependencies_of_a_step_file_are_read_however_they_are_listed(listed: str) -> None:
    """Also where another line of the front matter is no YAML: agents leave colons unquoted."""
    text = f"---\ntitle: a: b\ndepends_on: {listed}\n---\n# Cycle 1.3\n"
    (rule,) = _plan(runbook="## Cycle 1.1: a\n", steps__step_1_3=text).constraints
    assert (rule.kind, rule.steps, rule.strength) == (ConstraintKind.DEPENDS, ("1.3", "1.1", "1.2"), Strength.FIELD)


@pytest.mark.parametrize(
    "yaml", ["a: [", "&a [*a, *a]", "- 1\n- 2", "!!python/object/apply:os.system ['true']", "x: " + "[" * 3000]
)
def test_hostile_front_matter_says_nothing(yaml: str) -> None:
    assert _plan(runbook=f"---\n{yaml}\n---\n## Cycle 1.1: a\n").constraints == ()


@given(st.text(max_size=500))
def test_any_text_is_a_plan_or_none(text: str) -> None:
    assert isinstance(_plan(runbook=text, steps__step_1_1=text), Plan)

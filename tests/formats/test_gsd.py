"""The GSD dialect: plans with waves, summaries with their commits, and what a summary's hashes stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.casework.order import must_precede
from forensics.formats.gsd import GSD
from forensics.formats.gsd.plans import step_of_gsd
from forensics.formats.step_ids import steps_of_subject
from forensics.model.plan import Plan
from forensics.model.report import HashMention, RedOutcome, Role, Status, StepReport
from forensics.model.source import Document, Kind, Source

HOME = ".planning/phases/03-tolls"


def _document(name: str, text: str) -> Document:
    return Document(Source("S1", GSD.kind_of(name), f"{HOME}/{name}", "", len(text)), text)


def _plan(**texts: str) -> Plan:
    return GSD.read_plan("03-tolls", HOME, [_document(f"03-{name[1:]}-PLAN.md", text) for name, text in texts.items()])


def _report(body: str, name: str = "03-02-SUMMARY.md") -> StepReport:
    (report,) = GSD.read_report(_document(name, body))
    return report


def _role(body: str, value: str = "70e05c6") -> tuple[Role, str | None]:
    mention = next(one for one in _report(body).hashes if one.value == value)
    return mention.role, mention.about


@pytest.mark.parametrize(
    ("name", "kind"),
    [("03-02-PLAN.md", Kind.STEP), ("3-2-SUMMARY.md", Kind.REPORT), ("12.6-01-PLAN.md", Kind.STEP),
     ("12-PLAN-01.md", Kind.STEP), ("12-SUMMARY-01.md", Kind.REPORT), ("12-PLAN-CHECK.md", Kind.OTHER),
     ("03-CONTEXT.md", Kind.OTHER), ("03-VERIFICATION.md", Kind.REPORT), ("03-HUMAN-UAT.md", Kind.REPORT),
     ("03-REVIEW-FIX.md", Kind.REPORT), ("03-VERIFICATION-NOTES-2.md", Kind.OTHER), ("PLAN.md", Kind.OTHER)],
)  # fmt: skip
def test_files_are_told_by_their_names(name: str, kind: Kind) -> None:
    assert GSD.kind_of(name) is kind


@pytest.mark.parametrize(
    ("subject", "steps"),
    [("feat(03-02): count axles", ("3.2",)), ("test(3-2): see it fail", ("3.2",)), ("docs(12.6-01): close", ("12.6.1",)),
     ("feat(02.1-02,03): both", ("2.1.2", "2.1.3")), ("feat(03-02): Task 4: count", ("3.2",)), ("docs(03): plan", ()),
     ("fix(quick-7): typo", ("7",)), ("feat(ui): Task 4", ("4",)), ("chore(2026-03-02): day", ())],
)  # fmt: skip
def test_scopes_name_steps(subject: str, steps: tuple[str, ...]) -> None:
    assert steps_of_subject(subject) == steps


def test_a_plan_is_a_step() -> None:
    plan = _plan(_01="---\nphase: 03-tolls\nwave: 1\nfiles_modified:\n  - src/axles.py\n---\n<objective>\nCount axles. Then stop.\n"
                     "</objective>\n<task><name>Task 1: Read the sensor</name></task>\n")  # fmt: skip
    (spec,) = plan.steps
    assert (spec.id, spec.title, spec.files, spec.parts) == (
        "3.1",
        "Count axles",
        ("src/axles.py",),
        ("Read the sensor",),
    )
    assert spec.red is None


def test_a_plan_writes_out_code() -> None:
    plan = _plan(_01="Count.\n```python\n  count = 0\n\n```\nThen:\n```\nstop()\n```\n``` never closed\nnot code\n")
    assert plan.steps[0].code == {"count = 0", "stop()"}


def test_a_plan_s_number_may_stand_behind() -> None:
    document = _document("12.2-PLAN-01.md", "<objective>\nCount axles.\n</objective>\n")
    (spec,) = GSD.read_plan("12.2-tolls", HOME, [document]).steps
    assert (spec.id, spec.report_path) == ("12.2.1", f"{HOME}/12.2-SUMMARY-01.md")
    assert _report("# T\n", "12.2-SUMMARY-01.md").steps == ("12.2.1",)


def test_waves_order_and_one_wave_does_not() -> None:
    plan = _plan(_01="---\nwave: 1\n---\n", _02="---\nwave: 1\n---\n", _03="---\nwave: 2\n---\n")
    assert must_precede(plan, "3.1", "3.2") is None
    rule = must_precede(plan, "3.2", "3.3")
    assert rule is not None
    assert (rule.text, rule.ref.path[-13:], rule.ref.line) == ("wave: 2", "03-03-PLAN.md", 2)


def test_a_later_number_in_an_earlier_wave_comes_first() -> None:
    plan = _plan(_03="---\nwave: 2\n---\n", _04="---\nwave: 1\n---\n")
    assert must_precede(plan, "3.4", "3.3") is not None
    assert must_precede(plan, "3.3", "3.4") is None


@pytest.mark.parametrize("needs", ["depends_on: []", "depends_on: [03-01]", "depends_on:\n  - 03-01"])
def test_a_wave_orders_nothing_where_dependencies_are_stated(needs: str) -> None:
    plan = _plan(_01="---\nwave: 1\n---\n", _02="---\nwave: 1\n---\n", _03=f"---\nwave: 2\n{needs}\n---\n")
    assert must_precede(plan, "3.2", "3.3") is None
    assert (must_precede(plan, "3.1", "3.3") is not None) is ("03-01" in needs)


@pytest.mark.parametrize("written", ['["03-01"]', "[3-1]", "[01]", "\n  - 03-01-PLAN.md"])
def test_dependencies(written: str) -> None:
    plan = _plan(_01="---\nwave: 1\n---\n", _02=f"---\ndepends_on: {written}\n---\n")
    assert must_precede(plan, "3.1", "3.2") is not None


def test_what_lies_in_another_phase_orders_nothing_here() -> None:
    assert _plan(_01="", _02='---\ndepends_on: ["02-01"]\n---\n').constraints == ()


def test_a_summary() -> None:
    report = _report("---\nphase: 03-tolls\nkey-files:\n  created:\n    - src/axles.py (the counter)\n  modified: [src/gate.py]\n"
                     "completed: 2026-03-04\n---\n# Phase 3 Plan 02: Axle Counter Summary\n\n- **Completed:** 2026-03-04T10:05:00Z\n")  # fmt: skip
    assert report.steps == ("3.2",)
    assert report.title == "Axle Counter"
    assert [one.path for one in report.files] == ["src/axles.py", "src/gate.py"]
    assert report.time is not None
    assert not report.time.day_only


@pytest.mark.parametrize(
    ("text", "status"),
    [("## Self-Check: PASSED", Status.DONE), ("## Self-Check: FAILED", Status.FAILED), ("## Status: Complete", Status.DONE),
     ("---\nstatus: partial\n---\n# T", Status.PARTIAL), ("---\ncompleted: 2026-02-01\n---\n# T", Status.DONE), ("# T", None)],
)  # fmt: skip
def test_how_a_summary_says_it_ended(text: str, status: Status | None) -> None:
    stated = _report(text + "\n").status
    assert (stated.value if stated else None) is status


@pytest.mark.parametrize(
    "fields",
    ["key-files: [src/axles.py, src/gate.py]", "key_files:\n  - src/axles.py\n  - src/gate.py (opened)",
     "key-files:\n  created:\n    - path: src/axles.py\n      purpose: counts src/none.py\n  modified: [src/gate.py]",
     "files_created:\n  - src/axles.py\nkey_files_modified:\n  - src/gate.py"],
)  # fmt: skip
def test_ways_to_list_key_files(fields: str) -> None:
    assert [one.path for one in _report(f"---\n{fields}\n---\n# T\n").files] == ["src/axles.py", "src/gate.py"]


OWN = [
    "## Task Commits\n\n1. **Task 1: Read the sensor** - `70e05c6` (feat)\n",
    "## Tasks\n\n| # | Task | Commit |\n|---|---|---|\n| 1 | Read the sensor | 70e05c6 |\n",
    "## Self-Check: PASSED\n\n- FOUND commit: 70e05c6\n",
    "## Self-Check: PASSED\n\n- Commit `70e05c6` - FOUND\n",
    "## Checks\n\n- Commit `70e05c6` exists and holds two files\n",
    "## Deviations\n\n- **Committed in:** 70e05c6 (Task 1 commit)\n",
    "**Plan metadata:** `70e05c6` (docs: complete plan)\n",
    "- `70e05c6` - feat(03-02): read the sensor\n",
    "1. `feat(03-02): read the sensor` (70e05c6)\n",
    "```\n70e05c6 feat(03-02): read the sensor\n```\n",
    "---\ncommits:\n  - hash: 70e05c6\n---\n# T\n",
    "### Task 1: sensor.py, the reader (commit 70e05c6)\n\n- keeps base64 of build 5eee5551\n",
    "### Task 1 (`70e05c6`, `71e05c6`) — Read the sensor\n",
    "## Checks\n\nCommits exist:\n- 70e05c6 — FOUND (feat(03-02): read the sensor)\n",
    "### Fix 1: Read it twice (70e05c6)\n",
    "- **RED gate:** `70e05c6` — fails without the sensor\n",
    "---\ncommits:\n  - 70e05c6: feat(03-02): read the sensor\n---\n# T\n",
    "---\ntask_commit: 70e05c6\n---\n# T\n",
    "---\nkey-files:\n  modified:\n    - src/axles.py (Task 1 commit 70e05c6, the counter)\n---\n# T\n",
    "```\n✓ 70e05c6: feat(03-02): read the sensor\n```\n",
    # a task's own words are not about the hash
    "## Task Commits\n\n1. **Task 1: Count what was skipped, no-op twice** - `70e05c6` (feat)\n",
    "## Task Commits\n\n1. **Task 1: Add missing base gate, drop stash** - `70e05c6` (feat)\n",
]
NOT_OWN = [
    ("- **Issue:** the gate was there already (commit 70e05c6 of plan 03-01)\n", Role.OTHER),
    ("## Task Commits\n\n- `70e05c6` - feat(03-01): another plan's\n", Role.OTHER),
    ("- Base commit: `70e05c6`\n", Role.BASE),
    ("## Task Commits\n\n5. **Task 5: SKIPPED** — Phase 2 commit `70e05c6` already shipped the sensor\n", Role.OTHER),
    ("## Task Commits\n\n5. **Task 5: Read it** — Plan 01's commit `70e05c6`\n", Role.OTHER),
    ("## Task Commits\n\n5. **Task 5: Read it** — `70e05c6` already did it\n", Role.OTHER),
    ("## Task Commits\n\n(Commits from Plan 3.1-04 — `1111aaa`, `70e05c6` — are not part of this plan.)\n", Role.OTHER),
    ("## Self-Check: PASSED\n\n```\nFOUND: 70e05c6 (Task 1)\n```\n", Role.OTHER),
    (
        "## Self-Check: PASSED\n\n- the entry of Plan 03-02 is there (created in commit 70e05c6 by Plan 03-01)\n",
        Role.OTHER,
    ),
    ("## Self-Check: PASSED\n\n- Commit message contains the gate's SHA `70e05c6`\n", Role.QUOTATION),
    ('## Self-Check: PASSED\n\n- `grep -E "70e05c6|x" docs/state.md` finds it\n', Role.QUOTATION),
    ("## Self-Check: PASSED\n\n- FOUND: `docs/state.md` (references 70e05c6 as the last merge)\n", Role.QUOTATION),
    ("## Self-Check: PASSED\n\n- FOUND: `docs/state.md` (mentions commit `70e05c6`)\n", Role.QUOTATION),
    ("## Self-Check: PASSED\n\n- `upstream_sha: 70e05c6` is there\n", Role.QUOTATION),
    ("### Commits (`git log --oneline 70e05c6..HEAD`)\n", Role.BASE),
    ("Commit `70e05c6` restored the gate long ago, which broke the sign.\n", Role.OTHER),
    ("### Notes on the old gate (commit 70e05c6)\n", Role.OTHER),
    ("## Self-Check: FAILED\n\n- MISSING commit: 70e05c6\n", Role.QUOTATION),
    ("## Self-Check: PASSED\n\n- FOUND commit: 70e05c6 (`../sensor-lib`)\n", Role.QUOTATION),
    ("```\n70e05c6 feat(03-01): another plan's\n```\n", Role.QUOTATION),
]


@pytest.mark.parametrize("body", OWN)
def test_a_summary_s_own_commits(body: str) -> None:
    assert _role(body) == (Role.OWN, "3.2")


@pytest.mark.parametrize(("body", "role"), NOT_OWN)
def test_hashes_that_are_not_its_own(body: str, role: Role) -> None:
    assert _role(body)[0] is role


@pytest.mark.parametrize(
    "body",
    ["---\nrequires:\n  - 70e05c6\ncompleted: 2026-02-01\n---\n# T\n", "- Build id 0b5e3c70e05c6 of the sensor\n",
     "## Task Commits\n\n- run 70e05c61-4b1d-4f7a-9c57-0f3f3a7f9b11\n", "- image sha256/70e05c6\n"],
)  # fmt: skip
def test_what_is_no_commit_at_all(body: str) -> None:
    assert not any(one.role is Role.OWN for one in _report(body).hashes)


def test_a_task_s_name_is_its_hash_s_subject() -> None:
    (mention,) = _report(OWN[0]).hashes
    assert isinstance(mention, HashMention)
    assert mention.subject == "Read the sensor"
    assert mention.ref.line == 3


@pytest.mark.parametrize(
    "heading", ["### Task 1: sensor.py — the reader (commit 70e05c6)", "### Task 1 (70e05c6) — sensor.py — the reader"]
)
def test_a_heading_s_words_are_its_commit_s_subject(heading: str) -> None:
    assert [one.subject for one in _report(f"{heading}\n").hashes] == ["sensor.py — the reader"]


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("`tests/data/key.openssh-v1` — 387 bytes", ["tests/data/key.openssh-v1"]),
        ("`src/api.py-based` routes", ["src/api.py"]),
        ("`data/cache.db` — built by the run (.gitignore'd so not committed)", []),
        ("`data/cache.db` (gitignored)", []),
        ("`src/walk.py` — skips gitignored files", ["src/walk.py"]),
    ],
)  # fmt: skip
def test_files_that_a_summary_lists(line: str, paths: list[str]) -> None:
    """A file that is not in any commit, by the report's own words, is not claimed to be in one."""
    assert [file.path for file in _report(f"## Files Created/Modified\n\n- {line}\n").files] == paths


def test_a_summary_lists_itself() -> None:
    report = _report("- **Files created:** 2 (src/reader.py, this SUMMARY.md)\n")
    assert [file.path for file in report.files] == ["src/reader.py", report.ref.path]


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(_plan(_01=f"---\n{text}\n---\n{text}"), Plan)
    assert isinstance(GSD.read_report(_document("03-02-SUMMARY.md", text)), tuple)


@pytest.mark.parametrize(
    ("section", "words", "outcome"),
    [
        ("TDD Gate Compliance", "**RED:** The failing state was never observed, because the code was there.", RedOutcome.NOT_RUN),
        ("TDD Gate Compliance", "**Task 3 RED:** `run tests` would have failed with X.", RedOutcome.NOT_RUN),
        ("TDD Gate Compliance", "**Task 3 RED:** `run tests` failed with X.", None),
        ("TDD Gate Compliance", "**RED gate:** It failed with X; without the fix it would have failed, too.", None),
        ("TDD Gate Compliance", "**RED:** Plan 03-03 brings the failing tests.", None),
        ("TDD Gate Compliance", "**GREEN:** The build would have failed without it.", None),
        ("Decisions", "**RED:** The failing state was never observed.", None),
    ],
)  # fmt: skip
def test_a_summary_admits_that_a_test_was_not_seen_to_fail(
    section: str, words: str, outcome: RedOutcome | None
) -> None:
    red = _report(f"# Summary\n\n## {section}\n\n- {words}\n").red
    assert (red.outcome if red else None) is outcome


@pytest.mark.parametrize(
    ("body", "role", "about"),
    [
        # A subject, a row or a heading ties a commit to a plan of the phase, also in a log that is quoted.
        ("| Commit | Message |\n|---|---|\n| `70e05c6` | feat(03-02): count axles |\n", Role.OWN, "3.2"),
        ("| Commit | Plan | Type |\n|---|---|---|\n| 70e05c6 | 03-02 | feat |\n", Role.OWN, "3.2"),
        ("### Plan 03-02: Axles\n\n**Commits:** 70e05c6, d4e5f6a\n", Role.OWN, "3.2"),
        ("- 70e05c6 - test(03-02): count axles\n", Role.OWN, "3.2"),
        ("```\n70e05c6 feat(03-02): count axles\n```\n", Role.OWN, "3.2"),
        # Without such a tie it accuses nobody: it may be another phase's, upstream's, or be quoted as wrong.
        ("| Check | Result |\n|---|---|\n| log | All 2 commits exist: `d4e5f6a`, `70e05c6` |\n", Role.OTHER, None),
        ("- Commit 70e05c6 exists and changes what was expected\n", Role.OTHER, None),
        ("### Plan 03-02: Axles\n\nThe gate was repaired in commit 70e05c6.\n", Role.OTHER, None),
        ("- 70e05c6 - fix(02-01): restore the gate\n", Role.OTHER, None),
        ("### Plan 02-01: Gate\n\n**Commits:** 70e05c6\n", Role.OTHER, None),
        ("The summaries of 03-02 give wrong commits (70e05c6); the work is there.\n", Role.OTHER, None),
    ],
)  # fmt: skip
def test_a_check_of_the_phase_cites_commits(body: str, role: Role, about: str | None) -> None:
    report = _report(f"# Phase 3: Tolls\n\n{body}", "03-VERIFICATION.md")
    mention = next(one for one in report.hashes if one.value == "70e05c6")
    assert (report.steps, report.beside, mention.role, mention.about) == ((), True, role, about)


def test_a_check_without_commits_is_no_account() -> None:
    assert GSD.read_report(_document("03-UAT.md", "# Phase 3\n\nImage `70e05c6` works.\n")) == ()


def test_a_plan_without_its_phase_in_its_name_has_the_folder_s() -> None:
    assert step_of_gsd(".planning/milestones/v1-phases/14-axles/02-PLAN.md") == "14.2"
    assert step_of_gsd(".planning/phases/14-axles/15-02-PLAN.md") == "15.2"
    assert step_of_gsd(".planning/quick/007-axles/007-PLAN.md") == "7"


def test_front_matter_that_is_a_list_names_no_files() -> None:
    assert _report("---\n- src/axles.py\n- [key-files]\n---\n# Summary\n").files == ()

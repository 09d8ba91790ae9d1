"""Which commits are a step's, and how each step stands by them."""

import pytest

from forensics.app.analyze import composed
from forensics.casework.attribution.titles import is_distinctive, similar
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.casework.readings import sure_work
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.claim import Confidence
from forensics.testing.script import case_of

PLAN = 'plan sequential: 1.1 "Set up", 1.2 "Read the file" files src/read.py, 1.3 "Write the file"\n'


def _confidence(history: str, step: str = "1.2") -> Confidence | None:
    dossier = case_of(PLAN + history).dossier(step)
    return dossier.commits[0].confidence if dossier and dossier.commits else None


@pytest.mark.parametrize(
    ("history", "confidence"),
    [
        ('commit aaa1111: "Cycle 1.2: Read the file" src/x.py', Confidence.CERTAIN),
        ('commit aaa1111: "✨ WIP: Cycle 1.2 - read the file, quickly" src/x.py', Confidence.CERTAIN),
        ('commit aaa1111: "Cycle 1.2: something" src/read.py', Confidence.LIKELY),
        ('commit aaa1111: "Cycle 1.2: something" plans/run/reports/step-1-2.md', Confidence.LIKELY),
        ('commit aaa1111: "Cycle 1.2: something" src/x.py', None),
        ('commit aaa1111: "Cycle 1.2: Read the file" plans/other/steps/step-1-2.md src/read.py', None),
        ('commit aaa1111: "Add execution report: Cycle 1.2" docs/x.md', None),
        ('commit aaa1111: "Read the file" src/read.py', Confidence.LIKELY),
        ('commit aaa1111: "Read the file" src/x.py', None),
    ],
)
def test_how_sure_a_commit_is_a_step_s(history: str, confidence: Confidence | None) -> None:
    assert _confidence(history) is confidence


def test_the_run_s_own_files_are_a_second_witness() -> None:
    history = (
        'commit aaa1111: "Cycle 1.1: Set up" src/all.py, at 10:00\ncommit bbb2222: "Cycle 1.2: something" src/all.py, at 10:05\n'
        'commit ccc3333: "Cycle 1.3: Write the file" src/all.py, at 10:10'
    )
    assert _confidence(history) is Confidence.LIKELY
    assert _confidence(history.replace('something" src/all.py', 'something" src/new.py')) is Confidence.POSSIBLE


def test_the_commit_that_brings_report_and_files_is_the_step_s() -> None:
    history = (
        'report 1.2: GREEN_VERIFIED, files src/read.py\ncommit aaa1111: "Everything" src/read.py reports, at 10:00'
    )
    assert _confidence(history) is Confidence.LIKELY


def test_a_document_is_work_where_the_step_is_about_it() -> None:
    script = 'plan: 1.1 "Write the guide" files docs/guide.md, 1.2 "Note"\ncommit aaa1111: "Cycle 1.1: Write the guide" docs/guide.md'
    dossier = case_of(script).dossier("1.1")
    assert dossier is not None
    assert len(sure_work(dossier)) == 1
    other = case_of(script.replace(" files docs/guide.md", "")).dossier("1.1")
    assert other is not None
    assert sure_work(other) == ()


def test_a_document_in_the_plan_s_folder_is_work_where_the_plan_names_it() -> None:
    script = (
        'plan: 1.1 "Write the gate matrix" files plans/run/matrix.md\n'
        "report 1.1: GREEN_VERIFIED, files plans/run/notes.md\n"
        'commit aaa1111: "Cycle 1.1: Write the gate matrix" plans/run/matrix.md'
    )
    dossier = case_of(script).dossier("1.1")
    assert dossier is not None
    assert len(sure_work(dossier)) == 1
    for bookkeeping in ("plans/run/notes.md", "plans/run/runbook.md"):
        other = case_of(script.replace('gate matrix" plans/run/matrix.md', f'gate matrix" {bookkeeping}')).dossier(
            "1.1"
        )
        assert other is not None
        assert sure_work(other) == ()


def _standing(script: str) -> dict[str, str]:
    case = case_of(script)
    outcome = run_detectors(case, load_detectors())
    return {step.id: step.verdict for step in composed(case, outcome).steps}


def test_how_steps_stand() -> None:
    assert _standing(
        PLAN + "report 1.1: GREEN_VERIFIED, commit aaa1111\nreport 1.2: STOP_CONDITION\n"
        'commit aaa1111: "Cycle 1.1: Set up" src/x.py'
    ) == {"1.1": "sound", "1.2": "stopped", "1.3": "not-started"}


def test_a_step_whose_work_another_step_took_out_is_not_sound() -> None:
    standing = _standing(
        PLAN + "report 1.2: GREEN_VERIFIED, commit a1a1111\n"
        'commit a1a1111: "Cycle 1.2: Read the file (#5)" src/read.py[r1-9], at 10:00\n'
        'commit b2b2222: "Cycle 1.3: Write the file (#6)" src/read.py[-r1-9], at 10:20'
    )
    assert standing["1.2"] == "contradicted"


def test_a_reported_step_without_a_commit_is_unproven() -> None:
    assert _standing(PLAN + "report 1.1: GREEN_VERIFIED")["1.1"] == "unproven"


def _recovery(script: str) -> tuple[str | None, str | None, list[str]]:
    case = case_of(script)
    outcome = run_detectors(case, load_detectors())
    told = composed(case, outcome).recovery
    return told.resume_at, told.base, [one.line for one in told.commands]


def test_resume_from_the_last_commit_before_the_gap() -> None:
    resume, base, commands = _recovery(
        PLAN + 'report 1.2: STOP_CONDITION\ncommit aaa1111: "Cycle 1.1: Set up" src/x.py'
    )
    sha = "aaa1111".ljust(40, "0")
    assert (resume, base) == ("1.2", sha)
    assert f"git switch -c resume-1.2 {sha}" in commands


def test_never_start_over_before_work_that_landed() -> None:
    resume, base, commands = _recovery(
        PLAN
        + 'commit aaa1111: "Cycle 1.1: Set up" src/x.py, at 10:00\ncommit bbb2222: "Cycle 1.3: Write the file" src/y.py, at 10:10'
    )
    assert (resume, base) == ("1.2", None)
    assert not any(line.startswith("git switch") for line in commands)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("AccountState model basic structure", "AccountState model basic structure", True),
        ("Read the file", "read the file, quickly", True),
        ("Read the file", "Write the page", False),
        ("Execution Report", "Execution Report", False),
        ("", "", False),
    ],
)
def test_similar_titles(one: str, other: str, *, expected: bool) -> None:
    assert similar(one, other) is expected


def test_titles_that_tell_nothing() -> None:
    assert not is_distinctive("Cycle 1.3 Execution Report")
    assert is_distinctive("Cycle 1.3: Parser")


@pytest.mark.parametrize(
    ("reported", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("/home/x/code/app/src/a.py", "src/a.py"),
        ("C:\\code\\src\\a.py", "src/a.py"),
        ("b.py", "lib/b.py"),
        ("a.py", None),
        ("/x/y/a.py", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_reported_path(reported: str, path: str | None) -> None:
    assert locate(reported, {"src/a.py", "lib/a.py", "lib/b.py"}) == path


def test_another_plan_s_folder() -> None:
    assert belongs_to_other_plan(["plans/other/x.md", "src/a.py"], "plans/run")
    assert not belongs_to_other_plan(["plans/other/x.md", "plans/run/y.md"], "plans/run")
    assert not belongs_to_other_plan(["plans/README.md"], "plans/run")
    assert not belongs_to_other_plan(["src/a.py"], "run")


def test_a_late_commit_of_everything_that_brings_a_report_is_not_the_step_s() -> None:
    own = 'report 1.2: GREEN_VERIFIED, files src/read.py\ncommit aaa1111: "Cycle 1.2: Read the file" src/read.py, at 10:00\n'
    late = 'commit bbb1111: "Summary of the week" src/read.py src/a.py src/b.py reports, at 18:00'
    dossier = case_of(PLAN + own + late).dossier("1.2")
    assert dossier is not None
    assert [found.commit.sha[:3] for found in dossier.commits] == ["aaa"]
    alone = case_of(PLAN + own.replace("Cycle 1.2: Read the file", "Begin") + late).dossier("1.2")
    assert alone is not None
    assert "bbb" in [found.commit.sha[:3] for found in alone.commits]

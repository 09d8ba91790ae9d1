"""Lanes: what each agent and git did, bounded, with findings marked on what they rest on."""

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.finding import Finding
from forensics.model.lane import Lane
from forensics.model.source import FileRef
from forensics.narrative.happenings import happenings
from forensics.narrative.lanes import lanes
from forensics.testing.script import case_of

SCRIPT = """
plan sequential: 1.1 "Set up" expects AttributeError, 1.2 "Next" expects AttributeError
report 1.1: GREEN_VERIFIED, commit aaa1111
report 1.2: STOP_CONDITION
commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:05
commit ccc3333: "Reports" reports, at 10:30
agent x 1.1: 10:00-10:09 in /w, writes src/a.py 10:01, tests failed AttributeError 10:02, writes src/a.py 10:03, tests passed 3 10:04, commits aaa1111 10:05
agent y 1.2: 10:00-10:08 in /w, writes src/b.py 10:02, tests passed 4 10:06, scratch bbb2222 10:07
launched together: x, y
"""


def _made(most: int = 2_000) -> tuple[dict[str | None, Lane], tuple[Finding, ...]]:
    case = case_of(SCRIPT)
    findings = run_detectors(case, load_detectors()).findings
    return {lane.agent: lane for lane in lanes(case, list(happenings(case, findings)), findings, most)}, findings


def _kinds(lane: Lane) -> list[str]:
    return [str(mark.kind) for mark in lane.marks]


def test_every_agent_has_a_lane_and_git_the_last() -> None:
    made, _ = _made()
    assert list(made)[-1] is None
    assert _kinds(made["x"]) == ["launch", "write", "red", "write", "green", "commit", "end"]
    assert _kinds(made["y"]) == ["launch", "write", "green", "stop"]
    assert _kinds(made[None]) == ["commit", "report"]
    assert made["x"].name == "step 1.1, agent x"
    assert "`src/a.py`" in made["x"].marks[1].text
    assert made["x"].marks[4].text == "Ran tests: passed (3 passed)."


def test_findings_are_marked_where_they_rest() -> None:
    made, findings = _made()
    launched = next(one for one in findings if one.code == "ORD004")
    assert launched.fingerprint in made["x"].marks[0].findings
    assert launched.fingerprint in made["y"].marks[0].findings


def test_a_finding_on_a_report_stands_where_the_report_landed() -> None:
    case = case_of(SCRIPT)
    report = case.dossiers[1].reports[0].ref
    finding = _made()[1][0]
    moved = Finding(
        finding.rule,
        finding.severity,
        finding.confidence,
        "x",
        FileRef(report.path, 99),
        None,
        (),
        (),
        (),
        (),
        "f" * 16,
    )
    git = lanes(case, happenings(case, [moved]), [moved])[-1]
    assert [mark.kind for mark in git.marks if mark.findings == ("f" * 16,)] == ["report"]


def test_writes_are_left_out_first_and_findings_last() -> None:
    made, _ = _made(most=9)
    marks = [mark for lane in made.values() for mark in lane.marks]
    assert len(marks) == 9
    assert all(mark.findings for mark in marks if mark.kind == "write")
    whole = sum(len(lane.marks) for lane in _made()[0].values())
    assert sum(lane.left_out for lane in made.values()) == whole - 9


def test_without_transcripts_there_is_git_s_lane() -> None:
    script = (
        'plan: 1.1 "Set up"\nreport 1.1: GREEN_VERIFIED, commit aaa1111\ncommit aaa1111: "Cycle 1.1: Set up" src/a.py'
    )
    only = lanes(case_of(script), happenings(case_of(script), ()), ())
    assert [(lane.name, _kinds(lane)) for lane in only] == [("git", ["commit"])]

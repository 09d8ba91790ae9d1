"""The timeline: what happened to steps, once each, in order; times by the clock of whoever shows them."""

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.narrative.happenings import happenings
from forensics.narrative.timeline import timeline
from forensics.testing.script import case_of


def _lines(script: str) -> list[str]:
    return [f"{one.moment:%H:%M} {one.text}" for one in timeline(case_of(script), happenings(case_of(script), ()))]


def test_git_reports_and_agents_stand_in_one_order() -> None:
    assert _lines(
        'plan: 1.1 "Set up", 1.2 "Next"\n'
        "report 1.1: GREEN_VERIFIED\n"
        "report 1.2: STOP_CONDITION\n"
        'commit aaa1111: "Cycle 1.1: Set up" src/a.py, authored 10:05, committed 10:20\n'
        'commit ccc3333: "Reports" reports, at 10:30\n'
        "agent x 1.1: 10:00-10:09, writes src/a.py 10:01, tests failed 10:02, commits aaa1111 10:05\n"
        "agent y 1.2: 10:00-10:08\n"
        "agent nobody 9.9: 10:00-10:08\n"
    ) == [
        "10:00 Step 1.1's agent `x` was launched.",
        "10:00 Step 1.2's agent `y` was launched.",
        "10:02 Step 1.1's agent ran tests: assertion.",
        "10:05 Step 1.1 committed as `aaa1111`, `Cycle 1.1: Set up`; rewritten at 10:20:00.",
        "10:05 Step 1.1's agent committed `aaa1111`.",
        "10:08 Step 1.2's agent `y` stopped: `STOP_CONDITION`.",
        "10:09 Step 1.1's agent `x` ended.",
        "10:30 Reports on steps 1.1 and 1.2 committed in `ccc3333`, `Reports`.",
    ]


def test_a_commit_off_the_branch_is_shown_where_a_finding_names_it() -> None:
    case = case_of(
        'plan: 1.1 "Set up"\nreport 1.1: GREEN_VERIFIED, commit aaa1111\ncommit bbb2222: "Other" src/b.py, at 10:06\n'
        'commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:05, on refs/heads/x\n'
    )
    findings = run_detectors(case, load_detectors()).findings
    assert not [one for one in timeline(case, happenings(case, ())) if "committed as" in one.text]
    (shown,) = [one.text for one in timeline(case, happenings(case, findings)) if "committed as" in one.text]
    assert shown == "Step 1.1 committed as `aaa1111`, `Cycle 1.1: Set up`, which is not on the branch."


def test_without_a_plan_a_session_is_called_one() -> None:
    told = _lines('session S1: "Add rows"\nS1 10:01 runs: pytest\n    3 passed in 0.1s')
    assert told
    assert all("Session S1" in text and "tep" not in text for text in told)

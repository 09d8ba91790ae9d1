"""Steps without a trace: what may be their work, and when a step is said not to have been started."""

from dataclasses import replace

import pytest

from forensics.app.analyze import composed
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.claim import Verdict
from forensics.model.postmortem import Postmortem
from forensics.narrative.headline import headline
from forensics.narrative.standing import Standing
from forensics.testing.script import case_of

PLAN = 'plan: 1.1 "Set up", 4.1 "Report the ages of lessons" files tools/src/ages.py, 4.2 "Write the index" files src/index.py\n'
FIRST = 'commit aaa1111: "Cycle 1.1: Set up" src/x.py, at 10:00\n'


def _postmortem(script: str) -> Postmortem:
    case = case_of(script)
    return composed(case, run_detectors(case, load_detectors()))


def _verdict(script: str, step: str = "4.1") -> tuple[str, list[str]]:
    found = next(result for result in _postmortem(script).steps if result.id == step)
    return found.verdict, [sha[:7] for sha in found.candidates]


def test_not_started_is_said_where_nothing_else_was_committed() -> None:
    assert _verdict(PLAN + FIRST) == ("not-started", [])


@pytest.mark.parametrize(
    ("commit", "candidates"),
    [
        ('"Tidy" src/y.py, at 10:10', []),
        ('"Tidy" tools/src/ages.py, at 10:10', ["bbb2222"]),
        ('"Print the ages of all lessons" src/y.py, at 10:10', ["bbb2222"]),
        ('"Cycle 4.1: All of it" src/index.py, at 10:10', ["bbb2222"]),
        ('"Phase 4: the ages of it all" src/index.py, at 10:10', ["bbb2222"]),
        ('"Phase 4: lessons and more, with ages" src/y.py, at 10:10', ["bbb2222"]),
        ('"Cycle 4.1: Another plan\'s" src/y.py, at 10:10', []),
        ('"Phase 4: another plan\'s" src/y.py, at 10:10', []),
        ('"Elsewhere" src/y.py, at 10:10, on refs/heads/other', []),
    ],
)
def test_where_other_work_was_committed_there_is_only_no_trace(commit: str, candidates: list[str]) -> None:
    assert _verdict(f"{PLAN}{FIRST}commit bbb2222: {commit}\n") == ("no-trace", candidates)


def test_planning_another_step_and_other_plans_are_not_traces() -> None:
    others = (
        'commit bbb2222: "Plan it" plans/run/notes.md, at 10:10\n'
        'commit ccc3333: "Cycle 4.1: Else" plans/other/report.md src/y.py, at 10:20\n'
        'commit ddd4444: "Cycle 9.9: Else" src/y.py, at 10:30\n'
    )
    assert _verdict(PLAN + FIRST + others) == ("not-started", [])


def test_work_in_a_submodule_that_is_not_here_cannot_be_seen() -> None:
    assert _verdict(f"{PLAN}{FIRST}submodule absent: tools\n") == ("no-trace", [])


@pytest.mark.parametrize(
    ("subject", "step"),
    [
        ("Add the ages of lessons (Phase 4.1)", "4.1"),
        ("chore: bump tools (Phase 4 Step 2 - write the index)", "4.2"),
        ("Cycle 4.1: Print the ages of all lessons", "4.1"),
    ],
)
def test_subjects_that_name_their_step_in_passing(subject: str, step: str) -> None:
    case = case_of(f'{PLAN}{FIRST}commit bbb2222: "{subject}" src/y.py tools/src/ages.py src/index.py, at 10:10\n')
    dossier = case.dossier(step)
    assert dossier
    assert [found.commit.sha[:7] for found in dossier.commits] == ["bbb2222"]


def test_the_verdict_says_how_little_it_covers() -> None:
    others = "".join(
        f'commit b{number}b2222: "Other work" src/o{number}.py, at 10:0{number}\n' for number in range(1, 6)
    )
    last = 'commit ccc3333: "Cycle 4.2: Write the index" src/index.py, at 10:30\n'
    told = _postmortem(PLAN + FIRST + others + last)
    assert told.verdict == (
        "2 of 3 steps are sound, 1 step left no trace (4.1); there are no reports to check. "
        "Only 2 of the 7 commits made in the run's time could be tied to a step."
    )
    assert (told.coverage.commits, told.coverage.tied, len(told.coverage.untied)) == (7, 2, 5)
    assert told.recovery.note == (
        "Steps 1.1 and 4.2 can be kept. No trace of step 4.1 was found, although 1 later step landed: "
        "if no commit below holds its work, resume there, on top of the branch as it is."
    )


def test_a_claimed_commit_that_is_gone_is_not_nothing() -> None:
    """Where history was rewritten, a commit that is gone makes no serious finding, and cannot be found all the same."""
    case = case_of(f"{PLAN}report 1.1: GREEN_VERIFIED, commit aaa1111\n{FIRST}")
    assert "nothing contradicts" in composed(case, run_detectors(case, load_detectors())).verdict
    gone = tuple(replace(judged, verdict=Verdict.REWRITTEN, twin=None) for judged in case.claims)
    assert "1 claimed commit cannot be found in this clone" in headline(
        replace(case, claims=gone), {"1.1": Standing.SOUND}, (), None
    )


_STOPPED = (
    'report 1.1: STOP_CONDITION, commit aaa1111\ncommit aaa1111: "Cycle 1.1: Set up" src/x.py reports, at 10:00\n'
)


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        ("", "stopped"),
        ('commit bbb2222: "Cycle 4.1: Report the ages" tools/src/ages.py, at 10:30\n', "sound"),
        ('commit bbb2222: "Cycle 1.1: Set up, split" src/y.py, at 10:30\n', "sound"),
    ],
)
def test_a_step_whose_agent_stopped_is_not_sound_though_its_commit_landed(later: str, verdict: str) -> None:
    """It is, once a later commit of its own shows that the stop was resolved."""
    told = _postmortem(PLAN + _STOPPED + later)
    assert next(step.verdict for step in told.steps if step.id == "1.1") == verdict
    assert ("1 step stopped (1.1)" in told.verdict) == (verdict == "stopped")


def test_a_file_that_is_claimed_and_not_changed_is_not_nothing() -> None:
    """The step is sound and no finding says otherwise; the headline must not say more than the claims."""
    case = case_of(
        f"{PLAN}report 1.1: GREEN_VERIFIED, commit aaa1111, files src/other.py\n{FIRST}"
        'commit bbb2222: "Tidy" src/other.py, at 08:00'
    )
    verdict = composed(case, run_detectors(case, load_detectors())).verdict
    assert "; the evidence contradicts 1 claim." in verdict
    assert "nothing contradicts" not in verdict


def test_the_record_of_a_finished_phase_is_a_trace_of_its_steps() -> None:
    plan = 'commit ddd4444: "Plan" plans/run/runbook.md, at 09:50\n'
    record = 'commit bbb2222: "Checkpoint: end of phase 4" plans/run/notes.md, at 10:10\n'
    last = 'commit ccc3333: "Cycle 4.2: Write the index" src/index.py, at 10:30\n'
    assert _verdict(PLAN + plan + FIRST + record + last) == ("no-trace", ["bbb2222"])


def test_tickets_by_number_say_what_they_do_not_cover() -> None:
    told = _postmortem(
        r"""tickets: #\d+
commit aaa1111: "Read the page (#12)" src/a.py, at 10:00
commit bbb2222: "Write the page (Closes #3) (#13)" src/b.py, at 10:10
commit ccc3333: "Draw the page (#14)" src/c.py, at 10:20, closes #4
commit ddd4444: "Tidy" src/d.py, at 10:30
"""
    )
    assert [step.id for step in told.steps] == ["#3", "#4", "#12"]
    assert [(commit.subject, told.coverage.tied) for commit in told.coverage.untied] == [("Root", 3), ("Tidy", 3)]

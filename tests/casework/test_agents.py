"""Tying agents to steps, and what their transcripts make of claims."""

import dataclasses
from datetime import timedelta

import pytest

from forensics.casework.agents.test_first import cycle_of, is_test
from forensics.casework.agents.ties import tie, unordered
from forensics.casework.claims.transcripts import hear_claim
from forensics.casework.join import Join
from forensics.formats.gsd import GSD
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.source import Document, Kind, Source
from forensics.model.transcript import AgentRun, FileWrite, TestOutcome, TestRun, Transcripts
from forensics.testing.script import case_of

PLAN = 'plan sequential: 1.3 "Empty issues" expects AttributeError, 1.4 "Plan mode" expects AttributeError\n'


def _ties(case: Case) -> dict[str, tuple[str, Confidence]]:
    return {one.agent: (one.step, one.confidence) for one in case.ties}


def _tied(prompt: str, script: str = "") -> dict[str, tuple[str, Confidence]]:
    case = case_of(PLAN + "agent a3 1.3: 10:00-10:10" + script)
    agents = tuple(
        dataclasses.replace(
            one,
            prompt=prompt if one.id == "a3" else one.prompt,
            events=() if one.id == "main" else one.events,
        )
        for one in case.transcripts.agents
    )
    transcripts = dataclasses.replace(case.transcripts, agents=agents)
    return {one.agent: (one.step, one.confidence) for one in tie(transcripts, case.plan, case.run, {})}


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Read plans/run/steps/step-1-3.md and do it", ("1.3", Confidence.CERTAIN)),
        ("Read `/home/x/code/plans/run/steps/step-1-4.md`", ("1.4", Confidence.CERTAIN)),
        ("Execute steps/step-1-4.md", ("1.4", Confidence.CERTAIN)),
        ("Execute Cycle 1.4 of the plan", ("1.4", Confidence.LIKELY)),
        ("Execute plans/other/steps/step-1-4.md", None),
        ("Execute Cycles 1.3 and 1.4", None),
        ("Tidy up the docs", None),
    ],
)
def test_the_prompt_ties_an_agent(prompt: str, expected: tuple[str, Confidence] | None) -> None:
    found = _tied(prompt)
    assert {agent: one for agent, one in found.items() if agent == "a3"} == ({"a3": expected} if expected else {})


def test_the_report_it_wrote_ties_an_agent() -> None:
    script = ", writes plans/run/reports/step-1-4-execution.md 10:05"
    assert _tied("Do your work", script)["a3"] == ("1.4", Confidence.CERTAIN)
    assert "a3" not in _tied("Do your work", ", writes plans/other/reports/step-1-4-execution.md 10:05")


@pytest.mark.parametrize(
    ("prompt", "script", "expected"),
    [
        ("Execute @.planning/phases/03-tolls/03-02-PLAN.md", "", "3.2"),
        ("Execute plan 02 of phase 3", "", "3.2"),
        ("Execute plan 02 of phase 4", "", None),
        ("Carry on", ", writes .planning/phases/03-tolls/03-01-SUMMARY.md 10:05", "3.1"),
        ("Compare 03-tolls/03-01-PLAN.md with 03-tolls/03-02-PLAN.md", "", None),
        ("Execute .planning/phases/04-signs/03-02-PLAN.md", "", None),
    ],
)
def test_a_step_s_whole_file_ties_an_agent(prompt: str, script: str, expected: str | None) -> None:
    paths = [f".planning/phases/03-tolls/03-0{number}-PLAN.md" for number in (1, 2)]
    plan = GSD.read_plan("03-tolls", "x", [Document(Source("S", Kind.STEP, path, "", 0), "# T\n") for path in paths])
    case = case_of(PLAN + "agent a3 1.3: 10:00-10:10" + script)
    agent = dataclasses.replace(next(one for one in case.transcripts.agents if one.id == "a3"), prompt=prompt)
    (found,) = tie(Transcripts(agents=(agent,)), plan, case.run, {}) or (None,)
    assert (found.step if found else None) == expected


FILES = 'plan: 1.3 "Empty issues" files src/a.py, 1.4 "Plan mode" files src/b.py\n'


@pytest.mark.parametrize(
    ("days", "script", "tied"),
    [
        (0, 'commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:08', True),
        (-20, 'commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:08', False),
        (20, 'commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:08', False),
        (0, 'commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:08', True),
        (20, 'commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:08', False),
        (0, 'commit aaa1111: "Unrelated" docs/x.rst, at 10:08', False),
    ],
)
def test_a_file_ties_an_agent_that_wrote_it_shortly_before_a_commit(days: int, script: str, tied: bool) -> None:
    """The step's own commit, or where it has none, another of the run."""
    case = case_of(f"{FILES}{script}\nagent x9 9.9: 10:00-10:10, writes src/a.py 10:03")
    agents = tuple(_moved(agent, timedelta(days=days)) for agent in case.transcripts.agents)
    commits = {dossier.id: dossier.commits for dossier in case.dossiers}
    found = tie(dataclasses.replace(case.transcripts, agents=agents), case.plan, case.run, commits)
    assert [(one.step, one.confidence) for one in found] == ([("1.3", Confidence.POSSIBLE)] if tied else [])


def _moved(agent: AgentRun, by: timedelta) -> AgentRun:
    events = tuple(
        dataclasses.replace(event, moment=event.moment + by) for event in agent.events if isinstance(event, FileWrite)
    )
    return dataclasses.replace(agent, start=agent.start + by, end=agent.end + by, events=events)


def test_an_orchestrator_is_tied_to_no_step() -> None:
    assert "main" not in _ties(case_of(PLAN + "agent a3 1.3: 10:00-10:10"))


def _claims(script: str) -> dict[str, JudgedClaim]:
    return {f"{one.claim.kind} {one.claim.value}": one for one in case_of(PLAN + script).claims}


CYCLE = "writes tests/test_a.py 10:01, tests failed AttributeError 10:02, writes src/a.py 10:03, tests passed 12 10:05"


def test_a_transcript_confirms_what_ran() -> None:
    claims = _claims(
        f"report 1.3: GREEN_VERIFIED, RED failed AttributeError, 12/12 passed\nagent a3 1.3: 10:00-10:10, {CYCLE}"
    )
    assert claims["red failed"].verdict is Verdict.CONFIRMED
    assert claims["count 12/12"].verdict is Verdict.CONFIRMED
    assert str(claims["red failed"].evidence[0]).startswith("agent-a3.jsonl:")


def test_a_baseline_run_before_the_test_was_written_is_no_red() -> None:
    script = (
        "report 1.3: GREEN_VERIFIED, RED failed AttributeError\nagent a3 1.3: 10:00-10:10, tests passed 11 10:00, "
        + CYCLE
    )
    assert _claims(script)["red failed"].verdict is Verdict.CONFIRMED


def test_edits_by_shell_leave_red_unknown() -> None:
    script = "report 1.3: GREEN_VERIFIED, RED failed AttributeError\nagent a3 1.3: 10:00-10:10, tests passed 12 10:05"
    assert _claims(script)["red failed"].verdict is Verdict.UNTESTABLE


def test_a_count_with_the_skipped_is_neither_printed_nor_invented() -> None:
    case = case_of(PLAN + "report 1.3: GREEN_VERIFIED, 15/15 passed\nagent a3 1.3: 10:00-10:10, tests passed 12 10:05")
    (agent,) = case.dossiers[0].agents
    (run,) = agent.events
    assert isinstance(run, TestRun)
    (report,) = case.dossiers[0].reports
    (claim,) = [one for one in case.claims if one.claim.kind is ClaimKind.COUNT]
    for aside, verdict in ((0, Verdict.UNSUPPORTED), (3, Verdict.UNTESTABLE)):
        changed = dataclasses.replace(agent, events=(dataclasses.replace(run, aside=aside),))
        join = Join(case.run, case.plan, case.history, transcripts=Transcripts(agents=(changed,)), ties=case.ties)
        before = dataclasses.replace(claim, verdict=Verdict.UNTESTABLE)
        assert hear_claim(before, report, join).verdict is verdict


def test_a_missing_commit_that_was_made_was_lost() -> None:
    script = (
        'report 1.4: GREEN_VERIFIED, commit f3050e2, files src/a.py\ncommit aaa1111: "Start" src/a.py, at 09:00\n'
        "agent a4 1.4: 10:00-10:10, commits f3050e2 10:05"
    )
    judged = _claims(script)["commit f3050e2"]
    assert (judged.verdict, judged.confidence) == (Verdict.MISSING, Confidence.CERTAIN)
    assert judged.reasons[0].endswith("made it at 2026-03-04 10:05, so it existed")
    assert judged.reasons[1].startswith("searched 1 ref with 2 commits")


def test_a_missing_commit_that_was_made_and_rebased_is_its_successor() -> None:
    script = (
        "report 1.4: GREEN_VERIFIED, commit f3050e2\n"
        'commit aaa1111: "Tidy up" src/z.py, authored 10:05, committed 11:00\n'
        "agent a4 1.4: 10:00-10:10, commits f3050e2 'Tidy up' 10:05"
    )
    judged = _claims(script)["commit f3050e2"]
    assert (judged.verdict, judged.twin and judged.twin[:7]) == (Verdict.REWRITTEN, "aaa1111")
    assert "it became `aaa1111`" in judged.reason
    assert judged.confidence is Confidence.CERTAIN


def test_a_successor_authored_hours_before_is_only_likely() -> None:
    """Two commits of a day may have one subject; the older one was made before the agent's, so it may be another."""
    script = (
        "report 1.4: GREEN_VERIFIED, commit f3050e2\n"
        'commit aaa1111: "Tidy up" src/z.py, at 07:05\n'
        "agent a4 1.4: 10:00-10:10, commits f3050e2 'Tidy up' 10:05"
    )
    judged = _claims(script)["commit f3050e2"]
    assert (judged.verdict, judged.confidence) == (Verdict.REWRITTEN, Confidence.LIKELY)
    assert "authored at 07:05:00 under the same subject" in judged.reason


def test_a_recipe_may_have_run_the_tests() -> None:
    script = (
        "report 1.3:\n    # Cycle 1.3: Empty issues\n\n    ## GREEN Phase\n    - **Result**: PASS\n"
        "agent a3 1.3: 10:00-10:10, runs {} 10:05"
    )
    assert _claims(script.format("just precommit"))["green done"].verdict is Verdict.UNTESTABLE
    assert _claims(script.format("ls src"))["green done"].verdict is Verdict.UNSUPPORTED


def test_a_commit_made_quietly_may_be_the_missing_one() -> None:
    script = (
        'report 1.4: GREEN_VERIFIED, commit f3050e2, files src/a.py\ncommit aaa1111: "Start" src/a.py, at 09:00\n'
        "agent a4 1.4: 10:00-10:10, runs git commit -qm x 10:05"
    )
    judged = _claims(script)["commit f3050e2"]
    assert judged.confidence is Confidence.LIKELY
    assert "no such commit being made" not in judged.reason


def test_a_missing_commit_that_nobody_made() -> None:
    script = (
        'report 1.4: GREEN_VERIFIED, commit f3050e2, files src/a.py\ncommit aaa1111: "Start" src/a.py, at 09:00\n'
        "agent a4 1.4: 10:00-10:10, tests passed 10:05"
    )
    judged = _claims(script)["commit f3050e2"]
    assert judged.confidence is Confidence.CERTAIN
    assert "no such commit being made" in judged.reason


def test_a_cycle() -> None:
    agent = case_of(PLAN + f"agent a3 1.3: 10:00-10:10, {CYCLE}").transcripts.agents[1]
    cycle = cycle_of(agent)
    assert cycle.red is not None
    assert cycle.red.outcome is TestOutcome.ASSERTION
    assert cycle.green is not None
    assert cycle.green.passed == 12
    assert cycle.changed_test is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_a.py", True),
        ("src/__tests__/a.ts", True),
        ("src/test/java/Main.java", True),
        ("src/RuleTest.java", True),
        ("app/rule_spec.rb", True),
        ("src/latest.py", False),
        ("/x/test_a.py", True),
        ("src/a.test.ts", True),
        ("pkg/a_test.go", True),
        ("src/contest.py", False),
        ("src/a.py", False),
    ],
)
def test_which_files_are_tests(path: str, *, expected: bool) -> None:
    assert is_test(path) is expected


def test_an_agent_that_is_resumed_later_was_not_at_work_in_between() -> None:
    case = case_of(PLAN + "agent a3 1.3: 10:00-10:10\nagent a4 1.4: 10:11-10:20")
    main, first, second = case.transcripts.agents
    resumed = dataclasses.replace(first, end=second.end)
    transcripts = dataclasses.replace(case.transcripts, agents=(main, resumed, second))
    assert not list(unordered((resumed, second), transcripts))


def test_a_run_with_its_output_cut_to_the_count_is_a_red() -> None:
    case = case_of(PLAN + f"agent a3 1.3: 10:00-10:10, {CYCLE}")
    agent = case.transcripts.agents[1]
    events = tuple(
        dataclasses.replace(one, outcome=TestOutcome.UNKNOWN, failed=1)
        if isinstance(one, TestRun) and one.passed is None
        else one
        for one in agent.events
    )
    cycle = cycle_of(dataclasses.replace(agent, events=events))
    assert cycle.red is not None
    assert cycle.red.failed == 1


def test_a_quiet_commit_is_not_said_never_to_have_been_made() -> None:
    script = (
        'report 1.4: GREEN_VERIFIED, commit f3050e2, files src/a.py\ncommit aaa1111: "Start" src/a.py, at 09:00\n'
        "agent a4 1.4: 10:00-10:10, runs git commit -q -m x 10:05"
    )
    assert "no such commit" not in _claims(script)["commit f3050e2"].reason

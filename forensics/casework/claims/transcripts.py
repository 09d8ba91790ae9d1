"""Claims checked against the agents' transcripts: what was made, what ran, and what the runs printed."""

from dataclasses import replace
from itertools import combinations

from forensics.casework.agents.test_first import Cycle, cycle_of, failed
from forensics.casework.claims.made_commits import commit_made, judge_made, quiet_commits
from forensics.casework.claims.message_hashes import hear_message
from forensics.casework.join import Join
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.prose import listing, quote
from forensics.model.report import RedOutcome, StepReport
from forensics.model.transcript import Command, TestOutcome, TestRun

_RUN_SHOWN = "the run is in the transcript"
_MOST_RUNS = 5  # more addresses help no reader


def hear_claim(judged: JudgedClaim, report: StepReport, join: Join) -> JudgedClaim:
    """Return a judged claim with what the transcripts show about it; unchanged where they show nothing."""
    claim = judged.claim
    if claim.kind is ClaimKind.COMMIT and judged.verdict is Verdict.MISSING and report.sent is not None:
        return hear_message(judged, report, join)
    if claim.superseded:
        return judged
    if claim.kind is ClaimKind.COMMIT and judged.verdict is Verdict.MISSING:
        return _missing(judged, join)
    agents = join.agents_of(claim.step)
    if len(agents) != 1 or claim.kind not in _BY_KIND:
        return judged
    return _BY_KIND[claim.kind](judged, report, cycle_of(agents[0]))


def _missing(judged: JudgedClaim, join: Join) -> JudgedClaim:
    """Judge a commit that is nowhere: made and rewritten, made and lost, or never made as far as transcripts show."""
    value, transcripts = judged.claim.value, join.transcripts
    sure = judged.confidence if judged.confidence is Confidence.POSSIBLE else Confidence.CERTAIN
    if made := commit_made(value, transcripts):
        return judge_made(judged, made, join.history, sure)
    commands = (event for agent in transcripts.agents for event in agent.of(Command))
    if shown := next((event.ref for event in commands if value[:7] in event.output), None):
        reasons = (*judged.reasons, "a command in the transcripts printed it")
        return replace(judged, reasons=reasons, evidence=(*judged.evidence, shown))
    agents = join.agents_of(judged.claim.about or judged.claim.step)
    if not agents or quiet_commits(transcripts, join.history):
        return judged
    names = listing(quote(agent.id, 20) for agent in agents)
    tied = {agent.id for agent in agents}
    known = all(tie.confidence is Confidence.CERTAIN for tie in join.sure_ties() if tie.agent in tied)
    reasons = (*judged.reasons, f"the transcript of its agent {names} shows no such commit being made")
    return replace(judged, confidence=sure if known else judged.confidence, reasons=reasons)


def _shown(judged: JudgedClaim, verdict: Verdict, confidence: Confidence, reason: str, *runs: TestRun) -> JudgedClaim:
    return replace(
        judged, verdict=verdict, confidence=confidence, reasons=(reason,), evidence=tuple(run.ref for run in runs)
    )


def _red(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """Check a claimed failure in RED against the run before the implementation."""
    claimed = report.red is not None and report.red.outcome is RedOutcome.FAILED
    if not (claimed and cycle.runs and cycle.first_code and cycle.first_test):
        return judged
    if cycle.unclear and not (cycle.red and failed(cycle.red)):
        return replace(judged, reasons=("a run or command before the implementation was finished may have been RED",))
    if cycle.red is None:
        reason = "no run of the test failed before its implementation was finished"
        return _shown(judged, Verdict.CONTRADICTED, Confidence.LIKELY, reason, cycle.runs[0])
    if failed(cycle.red):
        return _shown(judged, Verdict.CONFIRMED, Confidence.CERTAIN, _RUN_SHOWN, cycle.red)
    if cycle.red.outcome is TestOutcome.PASSED:
        reason = "the last run before the implementation passed"
        return _shown(judged, Verdict.CONTRADICTED, Confidence.LIKELY, reason, cycle.red)
    return replace(judged, reasons=(f"the run before the implementation ended otherwise: {cycle.red.outcome}",))


def _green(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """Check a claimed pass in GREEN against the last run."""
    if cycle.green and cycle.green.outcome is TestOutcome.PASSED:
        return _shown(judged, Verdict.CONFIRMED, Confidence.CERTAIN, _RUN_SHOWN, cycle.green)
    if cycle.green or cycle.uncounted:
        return judged  # a recipe or script may have run them
    return replace(judged, verdict=Verdict.UNSUPPORTED, reasons=("the transcript shows no test run",))


def _count(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """Check a reported count against the counts that runs printed."""
    printed = {run.passed: run for run in cycle.runs if run.passed is not None}
    printed |= {number: run for run in cycle.runs for number in run.each if number not in printed}
    passed = int(judged.claim.value.split("/")[0])
    if not printed or judged.verdict is Verdict.CONTRADICTED:
        return judged
    if passed in printed:
        return _shown(judged, Verdict.CONFIRMED, Confidence.CERTAIN, "a run printed it", printed[passed])
    # front end and back end are run apart, and reported as one sum
    summed = any(first + second == passed for first, second in combinations(printed, 2))
    # counted with the skipped: neither printed nor invented
    with_skipped = any(run.passed is not None and run.passed < passed <= run.passed + run.aside for run in cycle.runs)
    if cycle.uncounted or summed or with_skipped:
        return judged
    reason = f"the runs in the transcript printed {listing(str(number) for number in sorted(printed))} passed"
    return _shown(judged, Verdict.UNSUPPORTED, judged.confidence, reason, *[*printed.values()][:_MOST_RUNS])


_BY_KIND = {ClaimKind.RED: _red, ClaimKind.GREEN: _green, ClaimKind.COUNT: _count}

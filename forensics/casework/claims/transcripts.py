"""Claims held against the agents' transcripts: what was made, what ran, and what the runs printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from forensics.casework.agents.test_first import Cycle, cycle_of, failed
from forensics.casework.agents.ties import in_its_tree
from forensics.casework.claims.twins import successor
from forensics.formats.transcripts.git_calls import commits
from forensics.model.case import Tie
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.history import History
from forensics.model.prose import listing, quote, short
from forensics.model.report import RedOutcome, StepReport
from forensics.model.source import CommitRef
from forensics.model.steps import same_step
from forensics.model.transcript import AgentRun, Command, CommitMade, TestOutcome, TestRun, Transcripts


@dataclass(frozen=True, slots=True)
class Witness:
    """The transcripts as a witness: which agents were heard, and on which step."""

    transcripts: Transcripts
    ties: Sequence[Tie]
    history: History

    def hear(self, judged: JudgedClaim, report: StepReport) -> JudgedClaim:
        """Return a judged claim with what the transcripts make of it; unchanged where they say nothing."""
        claim = judged.claim
        if claim.superseded:
            return judged
        if claim.kind is ClaimKind.COMMIT and judged.verdict is Verdict.MISSING:
            return self._missing(judged)
        agents = self.agents_of(claim.step)
        if len(agents) != 1 or claim.kind not in _HEARD:
            return judged
        return _HEARD[claim.kind](judged, report, cycle_of(agents[0]))

    def agents_of(self, step: str | None) -> tuple[AgentRun, ...]:
        """Return the agents tied to a step."""
        ids = {one.agent for one in self.ties if step and same_step(one.step, step)}
        return tuple(agent for agent in self.transcripts.agents if agent.id in ids)

    def _missing(self, judged: JudgedClaim) -> JudgedClaim:
        """A commit that is nowhere: made and rewritten, made and lost, or never made as far as everything is shown."""
        value = judged.claim.value
        sure = judged.confidence if judged.confidence is Confidence.POSSIBLE else Confidence.CERTAIN
        made = commit_made(value, self.transcripts)
        if made:
            agent, event = made
            who = f"agent {quote(agent.id, 20)} made it at {event.moment.isoformat(timespec='seconds')}"
            after = successor(event, self.history)
            if after:
                return replace(
                    judged, verdict=Verdict.REWRITTEN, confidence=Confidence.CERTAIN, twin=after.sha,
                    reason=f"{who}, and it became {short(after.sha)}, authored then under the same subject",
                    evidence=(CommitRef(after.sha), event.ref),
                )  # fmt: skip
            reason = f"{judged.reason}; {who}, so it existed, and this clone does not have it"
            return replace(judged, confidence=sure, reason=reason, evidence=(*judged.evidence, event.ref))
        shown = next((event.ref for event in _commands(self.transcripts.agents) if value[:7] in event.output), None)
        if shown:
            reason = f"{judged.reason}; a command in the transcripts printed it"
            return replace(judged, reason=reason, evidence=(*judged.evidence, shown))
        agents = self.agents_of(judged.claim.about or judged.claim.step)
        if not agents or _commits_quietly(self.transcripts):
            return judged
        names = listing(quote(agent.id, 20) for agent in agents)
        reason = f"{judged.reason}; and the transcript of its agent {names} shows no such commit being made"
        tied = {agent.id for agent in agents}
        known = all(one.confidence is Confidence.CERTAIN for one in self.ties if one.agent in tied)
        return replace(judged, confidence=sure if known else judged.confidence, reason=reason)


def _commands(agents: Sequence[AgentRun]) -> Iterator[Command]:
    return (event for agent in agents for event in agent.events if isinstance(event, Command))


def commit_made(value: str, transcripts: Transcripts) -> tuple[AgentRun, CommitMade] | None:
    """Return who made a commit, by the id git printed, and the event."""
    for agent in transcripts.agents:
        for event in agent.events:
            if (
                isinstance(event, CommitMade)
                and in_its_tree(event, agent)
                and (event.sha.startswith(value) or value.startswith(event.sha))
            ):
                return agent, event
    return None


def _commits_quietly(transcripts: Transcripts) -> bool:
    """Tell whether a commit may have been made unseen: `git commit -q` prints nothing, a test run's output is not kept."""
    for agent in transcripts.agents:
        printed = {event.ref for event in agent.events if isinstance(event, CommitMade)}
        for event in agent.events:
            if not isinstance(event, Command | TestRun) or event.ref in printed or not commits(event.command):
                continue
            if isinstance(event, TestRun) or not event.exit_code:
                return True
    return False


def _red(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """A claimed failure in RED, against the run that stands for it."""
    if report.red is None or report.red.outcome is not RedOutcome.FAILED or not cycle.runs:
        return judged
    if cycle.first_code is None or cycle.first_test is None:
        return judged
    if cycle.unclear and not (cycle.red and failed(cycle.red)):
        return replace(judged, reason="a run or command before the implementation was finished may have been RED")
    if cycle.red is None:
        reason = "no run of the test failed before its implementation was finished"
        return replace(
            judged,
            verdict=Verdict.CONTRADICTED,
            confidence=Confidence.LIKELY,
            reason=reason,
            evidence=(cycle.runs[0].ref,),
        )
    if failed(cycle.red):
        return replace(
            judged, verdict=Verdict.CONFIRMED, confidence=Confidence.CERTAIN, reason="the run is in the transcript",
            evidence=(cycle.red.ref,),
        )  # fmt: skip
    if cycle.red.outcome is TestOutcome.PASSED:
        reason = "the last run before the implementation passed"
        return replace(
            judged,
            verdict=Verdict.CONTRADICTED,
            confidence=Confidence.LIKELY,
            reason=reason,
            evidence=(cycle.red.ref,),
        )
    return replace(judged, reason=f"the run before the implementation ended otherwise: {cycle.red.outcome}")


def _green(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """A claimed pass in GREEN, against the last run."""
    if cycle.green is None and cycle.uncounted:
        return judged  # a recipe or script may have run them
    if cycle.green is None:
        return replace(judged, verdict=Verdict.UNSUPPORTED, reason="the transcript shows no test run")
    if cycle.green.outcome is TestOutcome.PASSED:
        return replace(
            judged, verdict=Verdict.CONFIRMED, confidence=Confidence.CERTAIN, reason="the run is in the transcript",
            evidence=(cycle.green.ref,),
        )  # fmt: skip
    return judged


def _count(judged: JudgedClaim, report: StepReport, cycle: Cycle) -> JudgedClaim:
    """A reported count, against the counts that runs printed."""
    printed = {one.passed: one for one in cycle.runs if one.passed is not None}
    printed |= {number: one for one in cycle.runs for number in one.each if number not in printed}
    passed = int(judged.claim.value.split("/")[0])
    if not printed or judged.verdict is Verdict.CONTRADICTED:
        return judged
    if passed in printed:
        return replace(
            judged, verdict=Verdict.CONFIRMED, confidence=Confidence.CERTAIN, reason="a run printed it",
            evidence=(printed[passed].ref,),
        )  # fmt: skip
    if cycle.uncounted or any(one + other == passed for one, other in combinations(printed, 2)):
        return judged
    if any(one.passed is not None and one.passed < passed <= one.passed + one.aside for one in cycle.runs):
        return judged  # counted with the skipped: neither printed nor invented
    shown = listing(str(number) for number in sorted(printed))
    return replace(
        judged, verdict=Verdict.UNSUPPORTED, reason=f"the runs in the transcript printed {shown} passed",
        evidence=tuple(one.ref for one in printed.values())[:5],
    )  # fmt: skip


_HEARD = {ClaimKind.RED: _red, ClaimKind.GREEN: _green, ClaimKind.COUNT: _count}

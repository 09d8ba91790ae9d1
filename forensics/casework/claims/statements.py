"""Statements of an agent's message, checked against what its own and its subagents' tool calls showed until then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations

from forensics.casework.files import is_bookkeeping
from forensics.casework.join import Account, Join
from forensics.casework.paths import locate
from forensics.formats.transcripts.checks import checks_in
from forensics.formats.transcripts.git_calls import pushes
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit, History
from forensics.model.prose import clock, listing, quote, short
from forensics.model.report import Statement
from forensics.model.transcript import AgentRun, Command, CommitMade, FileWrite, Message, TestOutcome, TestRun

_NOT_SHOWN = "no tool result of the session shows it"
_MOST_SUMMED = 6  # last runs whose counts are added up: each subset is tried


@dataclass(frozen=True)
class Witnessed:
    """What an agent and its subagents had done and seen when a message was written."""

    agent: AgentRun
    runs: tuple[AgentRun, ...]
    until: datetime
    commits: tuple[Commit, ...]
    history: History

    @cached_property
    def events(self) -> tuple[object, ...]:
        """Return the events until then, in order of time."""
        found = (event for run in self.runs for event in run.events if event.moment <= self.until)
        return tuple(sorted(found, key=lambda event: event.moment))

    @cached_property
    def tests(self) -> tuple[TestRun, ...]:
        """Return the test runs until then."""
        return tuple(event for event in self.events if isinstance(event, TestRun))

    @cached_property
    def commands(self) -> tuple[Command | TestRun, ...]:
        """Return the commands until then, those that ran tests included."""
        return tuple(event for event in self.events if isinstance(event, Command | TestRun))

    @cached_property
    def last_write(self) -> FileWrite | None:
        """Return the last write of a file that is code as far as its name shows."""
        writes = (event for event in self.events if isinstance(event, FileWrite) and not is_bookkeeping(event.path, ""))
        return max(writes, key=lambda event: event.moment, default=None)

    @cached_property
    def asked(self) -> tuple[Message, ...]:
        """Return what persons wrote until then: they paste output."""
        return tuple(message for message in self.agent.asked if message.moment <= self.until)


def judge_statements(account: Account, join: Join) -> Iterator[JudgedClaim]:
    """Judge what a message says, statement by statement; those whose evidence is not there stay unsupported."""
    report = account.report
    if not report.statements or report.sent is None:
        return
    witnessed = _witnessed(account, join)
    for statement in report.statements:
        claim = replace(account.claim(statement.kind, statement.value, statement.ref), said=statement.said)
        judge = _BY_KIND.get(statement.kind) if witnessed else None
        if judge is None or witnessed is None:
            yield judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "nothing that is read here decides it")
        else:
            yield judge(claim, statement, witnessed)


def _witnessed(account: Account, join: Join) -> Witnessed | None:
    tied = {tie.agent for tie in join.ties if tie.step == account.step}
    agent = next((agent for agent in join.transcripts.agents if agent.id in tied), None)
    if agent is None or account.report.sent is None:
        return None
    children: dict[str | None, list[AgentRun]] = {}
    for run in join.transcripts.agents:
        children.setdefault(run.parent, []).append(run)
    runs, waiting = [], [agent]
    while waiting:
        run = waiting.pop()
        runs.append(run)
        waiting += [child for child in children.get(run.id, ()) if child not in runs]
    own = [
        found.commit
        for step in {tie.step for tie in join.ties if tie.agent in {run.id for run in runs}}
        for found in (*join.commits.get(step, ()), *join.elsewhere.get(step, ()))
    ]
    return Witnessed(agent, tuple(runs), account.report.sent, tuple(own), join.history)


def _shown(
    claim: Claim,
    reason: str,
    *events: object,
    verdict: Verdict = Verdict.CONFIRMED,
    confidence: Confidence = Confidence.CERTAIN,
) -> JudgedClaim:
    refs = tuple(dict.fromkeys(event.ref for event in events if hasattr(event, "ref")))
    return JudgedClaim(claim, verdict, confidence, (reason,), evidence=refs)


def _unknown(claim: Claim, reason: str = _NOT_SHOWN) -> JudgedClaim:
    return JudgedClaim(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, (reason,))


def _tests(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check how many tests passed, or that all did, against the runs that the session shows."""
    runs = [run for run in seen.tests if run.outcome is not TestOutcome.UNKNOWN or run.passed is not None]
    if claim.value == "all":
        return _all_passed(claim, runs, seen)
    number = int(claim.value)
    fits = [run for run in runs if number in {run.passed, (run.passed or 0) + run.aside, *run.each}]
    if fits:
        run = fits[-1]
        return _fresh(claim, f"a run at {clock(run.moment)} printed {run.passed} passed", run, seen)
    sums = _summed(runs, number)
    if sums:
        return _fresh(
            claim, f"{len(sums)} runs printed {listing(str(run.passed) for run in sums)} passed", sums[-1], seen
        )
    if any(claim.value in message.text for message in seen.asked):
        return _shown(claim, "a person's message has the number", *seen.asked[-1:], confidence=Confidence.POSSIBLE)
    counts = [run for run in runs if run.passed is not None]
    if not counts:
        return _unknown(claim)
    reason = f"the last run printed {counts[-1].passed} passed"
    return replace(_unknown(claim, reason), evidence=(counts[-1].ref,))


def _all_passed(claim: Claim, runs: Sequence[TestRun], seen: Witnessed) -> JudgedClaim:
    if not runs:
        return _unknown(claim)
    last = runs[-1]
    if last.outcome is TestOutcome.PASSED:
        return _fresh(claim, f"the last run, at {clock(last.moment)}, passed", last, seen)
    if last.failed:
        reason = f"the last run, at {clock(last.moment)}, had {last.failed} failed"
        return _shown(claim, reason, last, verdict=Verdict.CONTRADICTED, confidence=Confidence.LIKELY)
    return _unknown(claim, f"the last run's result is not known: {last.outcome}")


def _summed(runs: Sequence[TestRun], number: int) -> tuple[TestRun, ...]:
    """Return last runs of different commands whose counts add up to the number."""
    last = {run.command: run for run in runs if run.passed}
    kept = list(last.values())[-_MOST_SUMMED:]
    for size in range(2, len(kept) + 1):
        for some in combinations(kept, size):
            if sum(run.passed or 0 for run in some) == number:
                return some
    return ()


def _fresh(claim: Claim, reason: str, run: TestRun | Command, seen: Witnessed) -> JudgedClaim:
    """Confirm a claim, unless code changed after its evidence."""
    write = seen.last_write
    if write is None or write.moment <= run.moment:
        return _shown(claim, reason, run)
    why = f"{reason}, and {quote(write.path.rsplit('/', 1)[-1])} was edited at {clock(write.moment)}"
    return _shown(claim, why, run, write, verdict=Verdict.STALE, confidence=Confidence.LIKELY)


def _clean(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a linter, build or type checker passed, against its last run."""
    runs = [event for event in seen.commands if claim.value[:4] in checks_in(event.command)]
    known = [event for event in runs if isinstance(event, Command) and event.exit_code is not None]
    if not known:
        return _unknown(claim)
    last = known[-1]
    if last.exit_code == 0:
        return _fresh(claim, f"{quote(last.command, 60)} ended with 0 at {clock(last.moment)}", last, seen)
    return _unknown(claim, f"{quote(last.command, 60)} ended with {last.exit_code} at {clock(last.moment)}")


def _pushed(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    calls = [event for event in seen.commands if pushes(event.command)]
    done = [event for event in calls if isinstance(event, Command) and event.exit_code == 0]
    if not done:
        return _unknown(claim)
    return _shown(claim, f"a push succeeded at {clock(done[-1].moment)}", done[-1])


def _committed(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    made = [event for event in seen.events if isinstance(event, CommitMade)]
    if made:
        return _shown(claim, f"it made {listing(quote(event.sha, 12) for event in made[-3:])}", made[-1])
    if seen.commits:
        names = listing(short(commit.sha) for commit in seen.commits[-3:])
        return replace(_shown(claim, f"git has {names}", confidence=Confidence.LIKELY), commit=seen.commits[-1].sha)
    return _unknown(claim)


def _file(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a path was created, updated or deleted, against writes and commits."""
    path = claim.value.partition(" ")[2]
    writes = {event.path: event for event in seen.events if isinstance(event, FileWrite)}
    if found := locate(path, frozenset(writes)):
        return _shown(claim, "a tool call wrote it", writes[found])
    for commit in seen.commits:
        if locate(path, commit.paths()):
            return replace(_shown(claim, f"{short(commit.sha)} changes it"), commit=commit.sha)
    named = next((event for event in seen.commands if path.rsplit("/", 1)[-1] in event.command), None)
    if named:
        return _shown(claim, "a command names it", named, confidence=Confidence.POSSIBLE)
    return _unknown(claim)


_BY_KIND: dict[ClaimKind, Callable[[Claim, Statement, Witnessed], JudgedClaim]] = {
    ClaimKind.TESTS: _tests,
    ClaimKind.CLEAN: _clean,
    ClaimKind.PUSHED: _pushed,
    ClaimKind.COMMITTED: _committed,
    ClaimKind.FILE: _file,
}

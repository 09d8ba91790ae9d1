"""What an agent and its subagents had done and seen when a message was written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from forensics.casework.claims.statements.places import Places
from forensics.casework.join import Account, Join
from forensics.formats.messages.failures import tells_failure
from forensics.formats.transcripts.checks import CheckRun, check_runs
from forensics.formats.transcripts.echoed_commands import all_passed, echoed_checks, echoed_tests
from forensics.formats.transcripts.git_calls import commits, pushes
from forensics.formats.transcripts.printed_results import can_show_result, without_own_words, written_texts
from forensics.formats.transcripts.shell import simple_commands
from forensics.formats.transcripts.shell_effects import Effect, effects
from forensics.formats.transcripts.test_output import result_of
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict
from forensics.model.history import Commit, History
from forensics.model.report import Statement
from forensics.model.transcript import AgentRun, Command, CommitMade, FileWrite, Launch, Message, TestRun

NOT_SHOWN = "no tool result of the session shows it"
Ran = Command | TestRun


@dataclass(frozen=True)
class Witnessed:
    """What an agent and its subagents had done and seen until a moment; `commits` are those that git has of them.

    `is_last` says that the message is the last of its unit, `statements` are those of the message.
    """

    agent: AgentRun
    runs: tuple[AgentRun, ...]
    until: datetime
    commits: tuple[Commit, ...]
    history: History
    is_last: bool
    statements: tuple[Statement, ...] = ()

    @cached_property
    def events(self) -> tuple[object, ...]:
        """Return the events until then, in order of time."""
        found = (event for run in self.runs for event in run.events if event.moment <= self.until)
        return tuple(sorted(found, key=lambda event: event.moment))

    @cached_property
    def turn(self) -> datetime:
        """Return when the turn began that the message ends: when a person last wrote."""
        return max((message.moment for message in self.asked), default=self.agent.start)

    @cached_property
    def ran(self) -> tuple[Ran, ...]:
        """Return the commands until then, those that ran tests included."""
        return tuple(event for event in self.events if isinstance(event, Command | TestRun))

    @cached_property
    def here(self) -> tuple[Ran, ...]:
        """Return the commands that acted in the session's own project: another one's tests and pushes show nothing of it."""
        return tuple(filter(self._places.has, self.ran))

    @cached_property
    def _places(self) -> Places:
        return Places(self.runs, self.events, self.history)

    @cached_property
    def texts(self) -> frozenset[str]:
        """Return the files that an agent wrote by hand, or by printing its own words into them."""
        written = {path for event in self.ran for path in written_texts(event.command)}
        return frozenset(written | {event.path.replace("\\", "/") for event in self.writes})

    def is_result(self, event: Ran) -> bool:
        """Return whether a command's output can be a program's result, and not its agent's own words."""
        return can_show_result(event.command, self.texts)

    @cached_property
    def tests(self) -> tuple[TestRun, ...]:
        """Return the test runs until then: commands that run tests, hooks' output inside `git commit`, printed results."""
        # Whatever else its command prints, a failure is one.
        return tuple(run for event in self.here for run in _as_runs(event) if run.failed or self.is_result(event))

    @cached_property
    def checks(self) -> tuple[tuple[Ran, CheckRun], ...]:
        """Return the checks that commands ran in the project until then, each with its command; every claim asks for them."""
        printed = [(run, without_own_words(run.command, run.output)) for run in self.here]
        return tuple(
            (run, found)
            for run, output in printed
            for checks in (check_runs, echoed_checks)
            for found in checks(run.command, run.exit_code, output)
        )

    @cached_property
    def writes(self) -> tuple[FileWrite, ...]:
        """Return the writes and edits of files until then."""
        return tuple(event for event in self.events if isinstance(event, FileWrite))

    @cached_property
    def shell_effects(self) -> tuple[tuple[Ran, Effect], ...]:
        """Return what commands that succeeded did to files: `sed -i`, `cat > a.py <<END`, `rm`."""
        done = (event for event in self.ran if not event.exit_code)
        return tuple((event, effect) for event in done for effect in effects(event.command, event.cwd))

    @cached_property
    def made(self) -> tuple[CommitMade, ...]:
        """Return the commits made until then."""
        return tuple(event for event in self.events if isinstance(event, CommitMade) and self._places.has(event))

    @cached_property
    def changes(self) -> tuple[datetime, ...]:
        """Return when files were written and commits made until then."""
        return (*(event.moment for event in self.writes), *(event.moment for event in self.made))

    @cached_property
    def only_read(self) -> bool:
        """Whether the agent and its subagents changed nothing that is seen: no write, no commit, no command that changes."""
        return not (self.writes or self.made or any(map(changes_files, (event.command for event in self.ran))))

    @cached_property
    def asked(self) -> tuple[Message, ...]:
        """Return what persons wrote until then: they paste output."""
        return tuple(message for message in self.agent.asked if message.moment <= self.until)

    @cached_property
    def tells_failure(self) -> bool:
        """Whether the message itself speaks of a failure: what it says of the rest is then not meant of all."""
        return any(tells_failure(message.text) for message in self.agent.said if message.moment == self.until)

    @cached_property
    def answers(self) -> tuple[Message, ...]:
        """Return what subagents told their launcher until then."""
        launched = (event for event in self.events if isinstance(event, Launch) and event.answer)
        return tuple(event.answer for event in launched if event.answer and event.answer.moment <= self.until)

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """Return the addresses of the agent's own events, its subagents' left out."""
        return frozenset(str(event.ref) for event in self.agent.events)


# Programs that make, move or delete files; a command that only reads a file says nothing about a change of it.
_CHANGING = frozenset({"rm", "mv", "cp", "mkdir", "touch", "tee", "unlink", "rmdir", "install", "ln", "patch"})
# `git add` stages what is there: a planner that staged its plan was taken to have changed files.
_GIT_CHANGING = frozenset({"rm", "mv", "checkout", "restore", "apply", "commit"})
_DELETING = frozenset({"rm", "unlink", "rmdir", "mv"})


def changes_files(command: str) -> bool:
    """Return whether a command makes, moves or deletes files, as far as its programs show."""
    return any(map(is_changing, simple_commands(command)))


def is_changing(words: tuple[str, ...]) -> bool:
    """Return whether a simple command makes, moves or deletes files."""
    program = words[0].rsplit("/", 1)[-1]
    if program in {"sed", "perl"}:  # without -i they only print
        return any(word.startswith("-") and "i" in word for word in words[1:])
    return program in _CHANGING or (program == "git" and not _GIT_CHANGING.isdisjoint(words[1:4]))


def is_deleting(words: tuple[str, ...]) -> bool:
    """Return whether a simple command takes files away."""
    program = words[0].rsplit("/", 1)[-1]
    return program in _DELETING or (program == "git" and not {"rm", "mv"}.isdisjoint(words[1:4]))


def witnessed_by(account: Account, join: Join) -> Witnessed | None:
    """Return what the agent of an account had seen when it wrote; None if no transcript shows the agent."""
    tied = {tie.agent for tie in join.ties if tie.step == account.step}
    agent = next((agent for agent in join.transcripts.agents if agent.id in tied), None)
    if agent is None or account.report.sent is None:
        return None
    runs = _with_subagents(agent, join)
    ids = {run.id for run in runs}
    own = {
        found.commit.sha: found.commit
        for step in {tie.step for tie in join.ties if tie.agent in ids}
        for found in (*join.commits.get(step, ()), *join.elsewhere.get(step, ()))
    }
    last = max((message.moment for message in agent.said), default=None)
    # A text that is checked before it is sent comes after all that the transcript has.
    is_last = (last is None or account.report.sent >= last) and not account.superseded
    return Witnessed(
        agent, runs, account.report.sent, tuple(own.values()), join.history, is_last, account.report.statements
    )


def shown(
    claim: Claim,
    reason: str,
    *events: object,
    verdict: Verdict = Verdict.CONFIRMED,
    confidence: Confidence = Confidence.CERTAIN,
) -> JudgedClaim:
    """Judge a claim by events, whose addresses are the evidence."""
    refs = tuple(dict.fromkeys(ref for event in events if (ref := getattr(event, "ref", None))))
    return JudgedClaim(claim, verdict, confidence, (reason,), evidence=refs)


def unknown(claim: Claim, reason: str = NOT_SHOWN, *events: object) -> JudgedClaim:
    """Leave a claim undecided."""
    return shown(claim, reason, *events, verdict=Verdict.UNSUPPORTED, confidence=Confidence.LIKELY)


def contradicted(claim: Claim, reason: str, *events: object) -> JudgedClaim:
    """Judge a claim as not true."""
    return shown(claim, reason, *events, verdict=Verdict.CONTRADICTED, confidence=Confidence.LIKELY)


def _with_subagents(agent: AgentRun, join: Join) -> tuple[AgentRun, ...]:
    children: dict[str | None, list[AgentRun]] = {}
    for run in join.transcripts.agents:
        children.setdefault(run.parent, []).append(run)
    runs, waiting = [agent], [agent]
    while waiting:
        fresh = [child for child in children.get(waiting.pop().id, ()) if child not in runs]
        runs += fresh
        waiting += fresh
    return tuple(runs)


def _as_runs(event: Ran) -> Iterator[TestRun]:
    if isinstance(event, TestRun):
        yield event
        return
    printed = without_own_words(event.command, event.output)
    calls = echoed_tests(event.command, printed)
    passed = calls and all_passed(event.command, event.exit_code, printed)
    # A hook runs the tests inside `git commit` or `git push`; a script or `cat` of a log prints what a run had printed.
    result = result_of(printed, 0 if passed else None)
    hook = commits(event.command) or pushes(event.command)
    if calls or result.passed is not None or (result.failed and hook):
        command = " && ".join(map(" ".join, calls)) or event.command
        yield replace(
            TestRun(event.moment, event.ref, command, event.cwd, result.outcome, result.passed, result.failed),
            each=result.each,
            aside=result.aside,
        )

"""Runs without a plan: which units there are in a time (sessions, agents, pull requests, branches), and their commits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forensics.casework.agents.ties import in_its_tree, launches
from forensics.casework.attribution.branches import commits_of_branch, units_in_git
from forensics.casework.attribution.steps import oldest_first
from forensics.casework.attribution.tickets import Window
from forensics.casework.claims.twins import MIN_SUBJECT, successor
from forensics.formats.messages import read_commit_message, read_message
from forensics.formats.transcripts.commit_calls import commit_calls
from forensics.formats.transcripts.git_calls import commits
from forensics.formats.transcripts.prompts import title_of
from forensics.model.case import Attribution, Tie
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.plan import StepSpec, UnitKind
from forensics.model.pull import Pull
from forensics.model.report import StepReport
from forensics.model.source import FileRef, TranscriptRef
from forensics.model.transcript import AgentRun, Command, CommitMade, Launch, TestRun, Transcripts

# The address of a commit's message, behind the commit's first digits.
_MESSAGE = ":message"
# Digits of an id that people still read; ids of one minute may share them, and get more.
_SHORT = 8
# Characters of a unit's title: the first line of its first prompt can be a page long.
_TITLE = 80
# `git commit -q` prints nothing: its commit is one authored within the call, hooks included, under the subject it gave.
_HOOKS = timedelta(minutes=10)
_CLOCK = timedelta(seconds=5)
# A session that Entire saved with a commit is named in the commit's message by its checkpoint.
_CHECKPOINT = re.compile(r"^Entire-Checkpoint:\s*([0-9a-f]{12})\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which units of a time the user wants: all, or those of one session, branch or pull request."""

    session: str | None = None
    branch: str | None = None
    pull: int | None = None

    @property
    def of_git(self) -> bool:
        """Whether git names what is wanted."""
        return self.branch is not None or self.pull is not None


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a time in the order in which they began, with what each did and said."""

    specs: tuple[StepSpec, ...] = ()
    commits: Mapping[str, tuple[Attribution, ...]] = field(default_factory=dict)
    reports: tuple[StepReport, ...] = ()
    ties: tuple[Tie, ...] = ()


def units_of(
    transcripts: Transcripts, history: History, pulls: Sequence[Pull], window: Window, wanted: Selection
) -> Units:
    """Return each agent of a time as a unit, and the pull requests and branches that no agent's work is in."""
    names = unit_names(transcripts.agents)
    known_commits = _Commits.of(history, transcripts.saved)
    work = {agent.id: _work(agent, known_commits) for agent in transcripts.agents}
    asked = _wanted_commits(history, pulls, wanted)
    agents = [
        agent
        for agent in transcripts.agents
        if _is_at_work(agent, window) and _is_wanted(agent, work[agent.id], asked, transcripts, wanted)
    ]
    launched = launches(transcripts)
    specs = [_spec(agent, names[agent.id], launched.get(agent.id)) for agent in agents]
    reports = [
        read_message(message, spec.id, spec.title)
        for agent, spec in zip(agents, specs, strict=True)
        for message in agent.said
    ]
    reports += [report for agent in agents for report in _of_commits(work[agent.id], names[agent.id])]
    commits = {names[agent.id]: work[agent.id] for agent in agents if work[agent.id]}
    if wanted.session is None:
        known = {found.commit.sha for made in work.values() for found in made}
        for spec, found in units_in_git(history, pulls, window, known, asked):
            specs.append(spec)
            commits[spec.id] = found
            reports += _of_commits(found, spec.id)
    ties = tuple(Tie(agent.id, names[agent.id], Confidence.CERTAIN, "the unit is this agent") for agent in agents)
    return Units(tuple(specs), commits, tuple(reports), ties)


def of_commit(report: StepReport) -> bool:
    """Return whether an account is the message of a commit."""
    return report.ref.path.endswith(_MESSAGE)


def _of_commits(work: Sequence[Attribution], unit: str) -> Iterator[StepReport]:
    """Yield what the messages of a unit's own commits claim."""
    for found in work:
        commit = found.commit
        if found.confidence is Confidence.CERTAIN:
            ref = FileRef(f"{commit.sha[:10]}{_MESSAGE}", 1)
            report = read_commit_message(f"{commit.subject}\n\n{commit.body}", ref, commit.author_time, unit)
            if report:
                yield report


def _wanted_commits(history: History, pulls: Sequence[Pull], wanted: Selection) -> frozenset[str] | None:
    """Return the commits of the branch or pull request that the user named, None where every commit counts."""
    if wanted.pull is not None:
        return frozenset(
            sha for pull in pulls if pull.number == wanted.pull for sha in (*pull.commits, pull.landing or "")
        )
    if wanted.branch is not None:
        return frozenset(commits_of_branch(history, wanted.branch))
    return None


def _is_at_work(agent: AgentRun, window: Window) -> bool:
    start, end = window
    return (start is None or agent.end >= start) and (end is None or agent.start <= end)


def _is_wanted(
    agent: AgentRun,
    work: Sequence[Attribution],
    asked: frozenset[str] | None,
    transcripts: Transcripts,
    wanted: Selection,
) -> bool:
    if wanted.session is not None:
        return any(name.startswith(wanted.session) for name in _line_of(agent, transcripts))
    if asked is None:
        return True
    on_branch = wanted.branch is not None and agent.branch == wanted.branch
    return on_branch or any(found.commit.sha in asked for found in work)


def _line_of(agent: AgentRun, transcripts: Transcripts) -> Iterator[str]:
    """Yield an agent's id and those of the agents that launched it."""
    parents = {run.id: run.parent for run in transcripts.agents}
    name: str | None = agent.id
    seen: set[str] = set()
    while name is not None and name not in seen:
        seen.add(name)
        yield name
        name = parents.get(name)


def unit_names(agents: Sequence[AgentRun]) -> dict[str, str]:
    """Return a short name for each agent: the beginning of its id, long enough to be its alone."""
    ids = [agent.id for agent in agents]
    length = _SHORT
    while len({name[:length] for name in ids}) < len(set(ids)):
        length += 1
    return {name: name[:length] for name in ids}


def _spec(agent: AgentRun, name: str, launch: Launch | None) -> StepSpec:
    title = title_of(launch.description if launch and launch.description else agent.prompt)
    kind = UnitKind.SESSION if agent.parent is None else UnitKind.AGENT
    return StepSpec(name, title[:_TITLE], TranscriptRef(agent.path, 1), model=agent.model, kind=kind)


@dataclass(frozen=True, slots=True)
class _Commits:
    """The commits of a history by what sessions know of them: first digits, subject, and the checkpoint saved with them.

    A checkpoint that holds several sessions does not say whose commit it is.
    """

    history: History
    by_digits: Mapping[str, tuple[Commit, ...]]
    by_session: Mapping[str, tuple[Commit, ...]]

    @classmethod
    def of(cls, history: History, saved: Mapping[str, frozenset[str]]) -> "_Commits":
        owners = grouped((checkpoint, session) for session, ids in saved.items() for checkpoint in ids)
        # A squash names the checkpoints of all that it brings, and is none of theirs.
        found = ((set(_CHECKPOINT.findall(commit.body)), commit) for commit in history.commits.values() if saved)
        named = ((owners.get(min(ids), ()), commit) for ids, commit in found if len(ids) == 1)
        return cls(
            history,
            grouped((sha[:7], commit) for sha, commit in history.commits.items()),
            grouped((sessions[0], commit) for sessions, commit in named if len(sessions) == 1),
        )


def _work(agent: AgentRun, known: _Commits) -> tuple[Attribution, ...]:
    """Return the commits that an agent made, those they became, and those that its session was saved with."""
    found: dict[str, Attribution] = {}
    for made in _made(agent, known):
        before = found.get(made.commit.sha)
        if before is None or before.confidence.rank < made.confidence.rank:
            found[made.commit.sha] = made
    return oldest_first(found.values())


def _made(agent: AgentRun, known: _Commits) -> Iterator[Attribution]:
    for event in agent.of(CommitMade):
        if not in_its_tree(event, agent):
            continue
        named = [commit for commit in known.by_digits.get(event.sha[:7], ()) if commit.sha.startswith(event.sha)]
        if len(named) == 1:
            yield Attribution(named[0], Confidence.CERTAIN, "its transcript shows it made")
        elif after := successor(event, known.history):
            yield Attribution(after, Confidence.LIKELY, "a commit that it made became this one")
    yield from _quiet(agent, known.history)
    for commit in known.by_session.get(agent.id, ()):
        yield Attribution(commit, Confidence.LIKELY, "its message names the session")


def _quiet(agent: AgentRun, history: History) -> Iterator[Attribution]:
    """Yield the commits of calls that printed none: authored within the call, under the subject that it gave."""
    calls = [event for event in agent.ran() if not getattr(event, "exit_code", 0) and commits(event.command)]
    near = [
        commit for commit in history.commits.values() if calls and _within(commit, calls[0].moment, calls[-1].moment)
    ]
    for event in calls:
        for commit in near:
            if _within(commit, event.moment, event.moment) and _gives(event, commit.subject):
                yield Attribution(commit, Confidence.LIKELY, "authored within its call, under the subject it gave")


def _gives(event: Command | TestRun, subject: str) -> bool:
    """Return whether a call gives a commit this subject: as its message's first line, or in words that only it would have.

    A message may stand in a variable or a file's text. `fix` stands in `prefix`, and in any other message.
    """
    given = (call.message or "" for call in commit_calls(event.command, event.cwd))
    return subject in {message.strip().split("\n")[0] for message in given if message} or (
        len(subject) >= MIN_SUBJECT and subject in event.command
    )


def _within(commit: Commit, first: datetime, last: datetime) -> bool:
    return first - _HOOKS <= commit.author_time <= last + _CLOCK

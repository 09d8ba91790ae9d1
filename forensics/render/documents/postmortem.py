"""`forensics.postmortem/1`: what `forensics analyze --format json` writes."""

from typing import Literal

import msgspec

from forensics.model import postmortem as model
from forensics.model.claim import ClaimKind, Confidence, Verdict
from forensics.model.finding import Severity
from forensics.model.lane import MarkKind
from forensics.model.plan import UnitKind
from forensics.model.report import Role
from forensics.model.source import Kind
from forensics.render.documents import recovery
from forensics.render.documents.parts import (
    Address,
    Gap,
    Number,
    Part,
    Time,
    UsageRow,
    joined,
    usage_row,
    written,
)

SCHEMA: Literal["forensics.postmortem/1"] = "forensics.postmortem/1"
Maybe = msgspec.UnsetType


class Window(Part, frozen=True):
    """When the run started and ended, null if unknown."""

    start: Time | None
    end: Time | None


class Run(recovery.Run, frozen=True):
    """The run and the state of the history that it was checked against."""

    window: Window


class Impact(Part, frozen=True):
    """Step ids by how they turned out; `violated` steps landed, but in doubt.

    No evidence speaks of `no_trace` steps; `not_started` ones cannot have landed either, because nothing else was
    committed since the plan. `tree`: whether work tree and history agree.
    """

    sound: list[str]
    violated: list[str]
    unproven: list[str]
    blocked: list[str]
    not_started: list[str]
    no_trace: list[str]
    tree: str


class Step(Part, frozen=True):
    """A step. `declared`: the plan has it. `status`: of its last report. `reports`: paths, oldest first. `commits`: full ids.

    In a run without a plan it is a unit, as `kind` says: a session, an agent, a pull request or a branch.

    `candidates`: if the step left no trace, commits of no step that may be its work, full ids, the likeliest first.
    """

    id: str
    title: str
    declared: bool
    started: bool
    status: str | None
    verdict: str
    reports: list[str]
    commits: list[str]
    candidates: list[str]
    kind: UnitKind


class UntiedCommit(Part, frozen=True):
    """A commit of the run's time that belongs to no step."""

    sha: str = msgspec.field(name="commit")
    subject: str
    moment: Time = msgspec.field(name="time")


class Coverage(Part, frozen=True):
    """How many commits and pull requests of the run's time there are, and how many of them belong to a step.

    `untied` and `untied_pulls` (numbers) are the first 200 of those that belong to none.
    """

    commits: int
    tied: int
    pulls: int
    tied_pulls: int
    untied: list[UntiedCommit]
    untied_pulls: list[int]


class Claim(Part, frozen=True):
    """A claim by the report on `step`, about step `about`, and what the evidence makes of it.

    `said` are the words of a message, empty for a report; a failure that a message leaves out has the verdict `omitted`.
    `value` is as written, `commit` the full id it names, `twin` the full id of the commit that has its work now.
    """

    step: str | None
    about: str | None
    kind: ClaimKind
    role: Role
    value: str
    said: str
    subject: str
    superseded: bool
    verdict: Verdict
    confidence: Confidence
    commit: str | None
    twin: str | None
    reason: str
    at: Address


class Finding(Part, frozen=True):
    """A finding. `commits` are full ids, or claimed strings that name no commit.

    `steps` are all steps concerned. `culprit` is the step at fault, and the first of them; `victim` is the step whose work
    suffers, where that is another. Both are null where no single step is, as in a finding about the whole run.

    `fingerprint` stays the same when lines move or messages are reworded.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    steps: list[str]
    culprit: str | None
    victim: str | None
    commits: list[str]
    files: list[str]
    foreign: list[recovery.Foreign]
    message: str
    at: Address
    related: list[Address]
    fingerprint: str


class Link(Part, frozen=True):
    """A symptom and how the root cause led to it."""

    effect: str
    because: str
    confidence: Confidence
    evidence: list[Address]


class Cause(Part, frozen=True):
    """The root cause; `known` is false if the evidence singles none out, `statement` empty if nothing serious happened."""

    known: bool
    statement: str
    confidence: Confidence | None
    evidence: list[Address]
    factors: list[str]
    chain: list[Link]


class Moment(Part, frozen=True):
    """An entry of the timeline."""

    moment: Time = msgspec.field(name="time")
    text: str
    ref: str


class Source(Part, frozen=True):
    """An examined file; `revision` is the commit it was read from, null for the work tree."""

    id: str
    kind: Kind
    path: str
    sha256: str
    size: int
    revision: str | None


class Ran(Part, frozen=True):
    """A rule that ran."""

    code: str
    name: str


class Skip(Part, frozen=True):
    """A rule that did not apply, and why."""

    code: str
    why: str


class Fault(Part, frozen=True):
    """A rule that crashed, and how."""

    code: str
    what: str


class Agent(Part, frozen=True):
    """An agent; `step` is null if it could not be tied to one, `confidence` is that of the tie.

    `launched_with`: agents launched in the same message.
    """

    id: str
    parent: str | None
    step: str | None
    confidence: str | None
    model: str | None
    cwd: str
    branch: str | None
    start: Time
    end: Time
    launched_with: list[str]


class Total(Part, frozen=True):
    """Tokens and cost under one name; `unpriced` lists models whose price is not known."""

    name: str
    input: int
    output: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    cost_usd: Number | None
    unpriced: list[str]
    lower_bound: bool


class Metrics(Part, frozen=True):
    """Cost and time; without transcripts it has no fields.

    `active_seconds` leaves out gaps over 5 minutes. Shares are of the known cost, null if none is known. `launches`
    are agents that others launched, `unasked_launches` those of them for which no person's words had asked.
    """

    total: Total | Maybe = msgspec.UNSET
    by_step: list[Total] | Maybe = msgspec.UNSET
    by_model: list[Total] | Maybe = msgspec.UNSET
    wall_seconds: Number | Maybe = msgspec.UNSET
    active_seconds: Number | Maybe = msgspec.UNSET
    waited_for_person: Number | Maybe = msgspec.UNSET
    waited_for_api: Number | Maybe = msgspec.UNSET
    agents: int | Maybe = msgspec.UNSET
    most_at_once: int | Maybe = msgspec.UNSET
    retry_share: Number | Maybe | None = msgspec.UNSET
    recovery_share: Number | Maybe | None = msgspec.UNSET
    launched_share: Number | Maybe | None = msgspec.UNSET
    unasked_share: Number | Maybe | None = msgspec.UNSET
    launches: int | Maybe = msgspec.UNSET
    unasked_launches: int | Maybe = msgspec.UNSET


class Mark(Part, frozen=True):
    """What happened on a lane; `findings` are fingerprints of the findings that rest on it."""

    moment: Time = msgspec.field(name="time")
    kind: MarkKind
    text: str
    ref: Address = msgspec.field(name="at")
    findings: list[str]


class Lane(Part, frozen=True):
    """An agent's marks, or git's (`agent`, `start` and `end` null); `left_out` counts marks over the limit of 2,000 in all."""

    name: str
    agent: str | None
    step: str | None
    start: Time | None
    end: Time | None
    marks: list[Mark]
    left_out: int


class Receipt(Part, frozen=True):
    """What a unit left open or unsaid: files (paths) and commits (full ids); its claims are those with its `step`."""

    unit: str
    unmentioned: list[str]
    uncommitted: list[str]
    unpushed: list[str]


class PostmortemDocument(Part, frozen=True):
    """The postmortem of a run. Sentences (`verdict`, `message`, `reason`, …) have foreign text between backticks.

    `receipts` and `plans` (folders that were worked on) are of a run without a plan.
    `follows`: what the plan and the next run should change. `searched`: what was searched for claimed commits.
    """

    schema: Literal["forensics.postmortem/1"]
    run: Run
    verdict: str
    impact: Impact
    steps: list[Step]
    claims: list[Claim]
    findings: list[Finding]
    cause: Cause
    timeline: list[Moment]
    recovery: recovery.Recovery
    follows: list[str]
    sources: list[Source]
    gaps: list[Gap]
    ran: list[Ran]
    skips: list[Skip]
    faults: list[Fault]
    searched: str
    agents: list[Agent]
    usage: list[UsageRow]
    metrics: Metrics
    lanes: list[Lane]
    coverage: Coverage
    receipts: list[Receipt]
    plans: list[str]


def render_postmortem_json(postmortem: model.Postmortem) -> str:
    """Return the postmortem as JSON."""
    return written(
        joined(
            PostmortemDocument,
            postmortem,
            schema=SCHEMA,
            run=joined(Run, postmortem.run, window=postmortem.run),
            claims=[joined(Claim, judged.claim, judged, at=judged.claim.ref) for judged in postmortem.claims],
            findings=[
                joined(Finding, finding, foreign=list(map(recovery.foreign_of, finding.foreign)))
                for finding in postmortem.findings
            ],
            recovery=recovery.recovery_of(postmortem.recovery),
            usage=list(map(usage_row, postmortem.usage)),
            metrics=_metrics(postmortem.metrics) if postmortem.metrics else Metrics(),
        )
    )


def _metrics(metrics: model.Metrics) -> Metrics:
    by_step, by_model = (list(map(_total, totals)) for totals in (metrics.by_step, metrics.by_model))
    return joined(Metrics, metrics, total=_total(metrics.total), by_step=by_step, by_model=by_model)


def _total(total: model.UsageTotal) -> Total:
    return joined(Total, total.tokens, total)

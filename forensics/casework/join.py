"""The frozen value that the stages of `pipeline.py` pass on, and the accounts in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forensics.model.case import Attribution, PlanEdit, Run, RunKind, Tie
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Rewrite
from forensics.model.history import Commit, History
from forensics.model.plan import Plan
from forensics.model.pull import Pull
from forensics.model.report import Role, StepReport
from forensics.model.source import Gap, Source, TextRef, TranscriptRef
from forensics.model.steps import same_step
from forensics.model.transcript import AgentRun, Transcripts

WorkByStep = Mapping[str, tuple[Attribution, ...]]


@dataclass(frozen=True, slots=True)
class Account:
    """What one report says: the commit that brought it, whether a later attempt replaced it, and its judged claims.

    `in_passing` marks a document that only mentions a ticket's commits: it is not a report, and no step counts it.
    """

    report: StepReport
    container: Commit | None = None
    superseded: bool = False
    in_passing: bool = False
    claims: tuple[JudgedClaim, ...] = ()

    @property
    def step(self) -> str | None:
        """Return the first step it is about."""
        return self.report.steps[0] if self.report.steps else None

    def claim(self, kind: ClaimKind, value: str, ref: TextRef) -> Claim:
        """Return a claim that this account makes of its own step."""
        return Claim(self.step, self.step, kind, Role.OWN, value, ref, superseded=self.superseded)

    @property
    def latest(self) -> datetime | None:
        """Return the latest moment it can have been written; None if it was never committed."""
        return self.container.commit_time if self.container else self.report.sent


def of_step(step: str, commits: WorkByStep) -> tuple[Attribution, ...]:
    """Return the commits of a step id; `7` and `7.0` are the same step."""
    return next((found for known, found in commits.items() if same_step(known, step)), ())


@dataclass(frozen=True, slots=True)
class Join:
    """Everything known about a run so far. Each stage of the pipeline fills in what the next one reads.

    `commits` are the steps' commits on the run's branch, `elsewhere` those off it. `neighbours` are reports of the
    repository's other plans, which only show whether its history was rewritten. `printed` is where transcripts hold a
    hash that a message names and git lacks.
    """

    run: Run
    plan: Plan
    history: History
    accounts: tuple[Account, ...] = ()
    commits: WorkByStep = field(default_factory=dict)
    elsewhere: WorkByStep = field(default_factory=dict)
    pulls: tuple[Pull, ...] = ()
    neighbours: tuple[StepReport, ...] = ()
    transcripts: Transcripts = field(default_factory=Transcripts)
    ties: tuple[Tie, ...] = ()
    sources: tuple[Source, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rewrite: Rewrite | None = None
    plan_edit: PlanEdit | None = None
    printed: Mapping[str, TranscriptRef] = field(default_factory=dict)

    @property
    def tickets(self) -> bool:
        """Whether the steps are tickets: then no other commit is looked at."""
        return self.run.kind is RunKind.TICKETS

    @property
    def planned(self) -> bool:
        """Whether the steps are those of a plan."""
        return self.run.kind is RunKind.PLAN

    def attributed(self) -> frozenset[str]:
        """Return the ids of all commits that belong to a step, on the branch or off it."""
        work = (*self.commits.values(), *self.elsewhere.values())
        return frozenset(attribution.commit.sha for attributions in work for attribution in attributions)

    def claims(self) -> tuple[JudgedClaim, ...]:
        """Return all judged claims, in the order of their accounts."""
        return tuple(judged for account in self.accounts for judged in account.claims)

    def sure_ties(self) -> tuple[Tie, ...]:
        """Return the ties that are more than possible."""
        return tuple(tie for tie in self.ties if tie.confidence is not Confidence.POSSIBLE)

    def agents_of(self, step: str | None) -> tuple[AgentRun, ...]:
        """Return the agents that surely or likely worked on a step."""
        ids = {tie.agent for tie in self.sure_ties() if step and same_step(tie.step, step)}
        return tuple(agent for agent in self.transcripts.agents if agent.id in ids)

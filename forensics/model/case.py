"""The frozen whole that detectors see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Rewrite
from forensics.model.coverage import Coverage
from forensics.model.history import Commit, History
from forensics.model.plan import Plan, StepSpec
from forensics.model.pull import Pull
from forensics.model.report import StepReport
from forensics.model.source import Gap, Source
from forensics.model.transcript import AgentRun, Transcripts


@dataclass(frozen=True, slots=True)
class Attribution:
    """A commit attributed to a step, how surely, and why; `work` is False if it holds nothing but bookkeeping."""

    commit: Commit
    confidence: Confidence
    reason: str
    work: bool = True


@dataclass(frozen=True, slots=True)
class Tie:
    """An agent that worked on a step, how surely, and why."""

    agent: str
    step: str
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True)
class StepDossier:
    """Everything in the case about one step; reports stand oldest first, the last one counts.

    `commits` are on the run's branch, `elsewhere` those that other refs or none reach.
    """

    id: str
    spec: StepSpec | None
    reports: tuple[StepReport, ...] = ()
    commits: tuple[Attribution, ...] = ()
    claims: tuple[JudgedClaim, ...] = ()
    cited_by: tuple[JudgedClaim, ...] = ()
    agents: tuple[AgentRun, ...] = ()
    elsewhere: tuple[Attribution, ...] = ()

    @property
    def report(self) -> StepReport | None:
        """Return the report that counts."""
        return self.reports[-1] if self.reports else None

    @property
    def started(self) -> bool:
        """Whether anything shows that the step ran: a report, a commit, an agent, or another step's word for it."""
        return bool(self.reports or self.commits or self.cited_by or self.agents or self.elsewhere)

    @property
    def title(self) -> str:
        """Return the plan's title, or the report's where the plan has none."""
        if self.spec:
            return self.spec.title
        return self.report.title if self.report else ""

    def commit_claims(self) -> tuple[JudgedClaim, ...]:
        """Return the judged claims of commits made in this step's reports."""
        return tuple(judged for judged in self.claims if judged.claim.kind is ClaimKind.COMMIT)


@dataclass(frozen=True, slots=True)
class FormerFolder:
    """A folder that the plan's documents were moved from; after `until`, another plan may use it."""

    path: str
    until: datetime | None

    def holds(self, path: str, moment: datetime) -> bool:
        """Return whether a path that was changed at this moment lay in the plan's folder."""
        return path.startswith(f"{self.path}/") and (self.until is None or moment <= self.until)


class RunKind(StrEnum):
    """What a run's steps are: those of a plan, tickets, or the sessions, agents and pull requests of a time."""

    PLAN = "plan"
    TICKETS = "tickets"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Run:
    """Which run this is. `since` and `until` are aware times; `revision` is set when read out of git."""

    name: str
    path: str
    revision: str | None
    since: datetime | None
    until: datetime | None
    former: tuple[FormerFolder, ...] = ()
    kind: RunKind = RunKind.PLAN

    @property
    def folders(self) -> tuple[FormerFolder, ...]:
        """Return the plan's folder and those it was moved from."""
        return FormerFolder(self.path, None), *self.former

    def touches(self, commit: Commit) -> bool:
        """Return whether a commit changes a file of the plan's folder, wherever that lay then."""
        changed = commit.paths()
        return any(folder.holds(path, commit.commit_time) for folder in self.folders for path in changed)


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """A plan that was changed while it was carried out: as it was before the first work, as it was at the end, and the commits
    that changed it."""

    before: Plan
    after: Plan
    commits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Plan, reports, history and judged claims of one run, joined; `work_trees` are the names of those there are now.

    `squashed` names, for steps' commits off the branch, the commit on it that has their work.
    """

    run: Run
    plan: Plan
    history: History
    dossiers: tuple[StepDossier, ...]
    claims: tuple[JudgedClaim, ...]
    unclaimed: tuple[Commit, ...] = ()
    sources: tuple[Source, ...] = ()
    gaps: tuple[Gap, ...] = ()
    transcripts: Transcripts = field(default_factory=Transcripts)
    ties: tuple[Tie, ...] = ()
    squashed: Mapping[str, str] = field(default_factory=dict)
    pulls: tuple[Pull, ...] = ()
    work_trees: tuple[str, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    rewrite: Rewrite | None = None
    plan_edit: PlanEdit | None = None

    def dossier(self, step: str | None) -> StepDossier | None:
        """Return the dossier of a step id."""
        return next((dossier for dossier in self.dossiers if dossier.id == step), None)

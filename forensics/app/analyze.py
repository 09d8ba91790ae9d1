"""The main use case: a plan in, a postmortem out."""

from dataclasses import dataclass, replace
from pathlib import Path

from forensics.app import outputs
from forensics.app.evidence import Scope
from forensics.app.runs import open_run
from forensics.app.shared_evidence import SharedEvidence
from forensics.detect.registry import load_detectors
from forensics.detect.runner import Outcome, run_detectors
from forensics.errors import UsageError
from forensics.model.case import Case
from forensics.model.postmortem import Postmortem
from forensics.model.prose import quote
from forensics.narrative.postmortem import compose
from forensics.narrative.standing import first_violation, standings
from forensics.record.states import KEPT
from forensics.recovery.plan import recovery
from forensics.render.cleaning import clean
from forensics.sources.repository import Repository
from forensics.sources.work_tree import changed_files


@dataclass(frozen=True, slots=True)
class Examined:
    """A run as read and joined, and what the detectors made of it; `transcripts_read`: which transcripts were to be read."""

    case: Case
    repository: Repository
    outcome: Outcome
    transcripts_read: str = KEPT


def analyze(scope: Scope) -> Postmortem:
    """Examine one run. The result is clean: no secret and no control character is left in it."""
    return postmortem_of(examine(scope))


def examine(scope: Scope, shared: SharedEvidence | None = None) -> Examined:
    """Read a run and let every detector look at it. Raises UsageError and NothingToExamine."""
    case, repository = open_run(scope, shared)
    outcome = run_detectors(case, shared.detectors if shared else load_detectors())
    transcripts_read = "none" if not scope.read_transcripts else "named" if scope.transcripts else KEPT
    return Examined(case, repository, outcome, transcripts_read)


def postmortem_of(examined: Examined) -> Postmortem:
    """Write the postmortem of a run that was examined, clean."""
    case, outcome = examined.case, examined.outcome
    dirty = None if case.run.revision else changed_files(examined.repository)
    postmortem = composed(case, outcome, dirty)
    return clean(_with_costs(postmortem, case) if case.transcripts.agents else postmortem)


def composed(case: Case, outcome: Outcome, dirty: tuple[str, ...] | None = None) -> Postmortem:
    """Return the postmortem, with the recovery plan; `dirty` are the tracked files changed in the work tree. Pure."""
    plan = recovery(case, outcome.findings, standings(case, outcome.findings))
    return compose(case, outcome.findings, outcome.skips, outcome.faults, outcome.ran, dirty, plan)


def _with_costs(postmortem: Postmortem, case: Case) -> Postmortem:
    """Add what the run cost. pandas and the price list are loaded only here."""
    from forensics.app.transcripts import usage_lines
    from forensics.metrics.usage_tables import measure

    lines = usage_lines(case.transcripts.usage, case.ties)
    moment = first_violation(case, postmortem.findings)
    later = usage_lines([row for row in case.transcripts.usage if moment and row.moment > moment], case.ties)
    return replace(postmortem, usage=lines, metrics=measure(case, lines, later, postmortem.findings))


def write(postmortem: Postmortem, path: Path) -> None:
    """Write the postmortem to a file, in the format of its ending; an examined file is never overwritten."""
    sources = {source.path for source in postmortem.sources if source.revision is None}
    target = path.resolve()
    if any(target.as_posix().endswith(f"/{name}") and target.is_file() for name in sources):
        raise UsageError(f"{quote(str(path))} is one of the examined files.", try_="Choose another name.")
    outputs.write(postmortem, path)

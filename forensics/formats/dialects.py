"""The dialects in which runs are planned and reported, and which of them a folder speaks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from forensics.formats.plans import conductor_tracks, gsd_plans, ledger_plans, step_files
from forensics.formats.reports import conductor_tasks, gsd_summaries, ledgers, step_reports
from forensics.model.plan import Plan
from forensics.model.report import StepReport
from forensics.model.source import Document, Kind


def _nowhere(_: Document) -> tuple[str, ...]:
    return ()


def _never_moved(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one way of planning and reporting is told and read.

    `sniff` tells its files by their path in the repository, `kind_of` classes a path inside the plan's folder, and
    `root_of` names the folder of the plan that a file belongs to. `read_plan` gets every document of the folder,
    `read_report` those of kind report. `elsewhere` names documents that a report refers to as its plan, as written.
    `former` names the paths at which a file may have stood before it was archived. In a `single` dialect one document is
    plan and report.
    """

    name: str
    holds: str
    sniff: Callable[[str], bool]
    kind_of: Callable[[str], Kind]
    root_of: Callable[[str], str]
    read_plan: Callable[[str, str, Sequence[Document]], Plan]
    read_report: Callable[[Document], tuple[StepReport, ...]]
    elsewhere: Callable[[Document], tuple[str, ...]] = _nowhere
    former: Callable[[str], tuple[str, ...]] = _never_moved
    single: bool = False


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _kind_of_step_file(path: str) -> Kind:
    return Kind.REPORT if step_reports.is_report(path) else step_files.kind_of(path)


def _root_of_step_file(name: str) -> str:
    """Return the plan folder a runbook, step or report belongs to."""
    parts = name.split("/")[:-1]
    for mark in ("steps", "reports"):
        if mark in parts:
            return "/".join(parts[: parts.index(mark)])
    return "/".join(parts)


def _read_runbooks(name: str, path: str, documents: Sequence[Document]) -> Plan:
    return step_files.read_plan(name, path, [one for one in documents if one.source.kind is not Kind.REPORT])


STEP_REPORTS = Dialect(
    "step reports",
    "runbook.md, steps/ or reports/",
    lambda _: True,
    _kind_of_step_file,
    _root_of_step_file,
    _read_runbooks,
    step_reports.read_report,
)
GSD = Dialect(
    "GSD",
    "NN-MM-PLAN.md",
    gsd_plans.sniff,
    gsd_plans.kind_of,
    _folder,
    gsd_plans.read_plan,
    gsd_summaries.read_report,
    former=gsd_plans.former,
)
LEDGER = Dialect(
    "ledger",
    "progress.md",
    ledgers.sniff,
    ledgers.kind_of,
    _folder,
    ledger_plans.read_plan,
    ledgers.read_report,
    ledgers.plans_named,
    single=True,
)
CONDUCTOR = Dialect(
    "Conductor",
    "plan.md",
    conductor_tracks.sniff,
    conductor_tracks.kind_of,
    _folder,
    conductor_tracks.read_plan,
    conductor_tasks.read_report,
    former=conductor_tracks.former,
    single=True,
)
DIALECTS = (GSD, LEDGER, CONDUCTOR, STEP_REPORTS)


def dialect_of(names: Iterable[str], folder: str | None = None) -> Dialect:
    """Return the dialect that files speak, by their paths in the repository; step reports where no other claims them.

    Of several in and below a folder, that of its own files counts.
    """
    paths = tuple(names)
    claimed = [(one, name) for one in DIALECTS for name in paths if one.sniff(name)]
    here = [one for one, name in claimed if one.root_of(name) == folder and one.kind_of(name) is not Kind.OTHER]
    return here[0] if here else next((one for one, _ in claimed), STEP_REPORTS)


def plan_of(name: str) -> str | None:
    """Return the folder of the plan that a file belongs to, by its path in the repository; None if it is none's."""
    dialect = next(one for one in DIALECTS if one.sniff(name))
    return (dialect.root_of(name) or ".") if dialect.kind_of(name) is not Kind.OTHER else None

"""The step-report dialect: runbooks, step files and a report per step."""

from collections.abc import Sequence

from forensics.formats.dialect import Dialect
from forensics.formats.step_reports import plans, reports
from forensics.model.plan import Plan
from forensics.model.source import Document, Kind


def _kind_of(path: str) -> Kind:
    return Kind.REPORT if reports.is_report(path) else plans.kind_of(path)


def _root_of(name: str) -> str:
    """Return the plan folder a runbook, step or report belongs to."""
    parts = name.split("/")[:-1]
    for mark in ("steps", "reports"):
        if mark in parts:
            return "/".join(parts[: parts.index(mark)])
    return "/".join(parts)


def _read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    return plans.read_plan(name, path, [one for one in documents if one.source.kind is not Kind.REPORT])


STEP_REPORTS = Dialect(
    "step reports",
    "runbook.md, steps/ or reports/",
    lambda _: True,  # the oldest dialect takes what no other one claims
    _kind_of,
    _root_of,
    _read_plan,
    reports.read_report,
)

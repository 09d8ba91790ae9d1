"""The step-report dialect: runbooks, step files and a report per step."""

from collections.abc import Sequence

from forensics.formats.dialect import Dialect
from forensics.formats.step_ids import steps_of_subject
from forensics.formats.step_reports import plans, reports
from forensics.model.plan import Plan
from forensics.model.source import Document, Kind


def _kind_of(path: str) -> Kind:
    return Kind.REPORT if reports.is_report(path) or reports.is_later_work(path) else plans.kind_of(path)


def _root_of(name: str) -> str:
    """Return the plan folder a runbook, step or report belongs to."""
    parts = name.split("/")[:-1]
    for mark in ("steps", "reports"):
        if mark in parts:
            return "/".join(parts[: parts.index(mark)])
    return "/".join(parts)


def _read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    return plans.read_plan(name, path, [document for document in documents if document.source.kind is not Kind.REPORT])


STEP_REPORTS = Dialect(
    name="step reports",
    holds="runbook.md, steps/ or reports/",
    sniff=lambda _: True,  # it takes every file that no other dialect claims
    kind_of=_kind_of,
    root_of=_root_of,
    read_plan=_read_plan,
    read_report=reports.read_report,
    beside=reports.is_later_work,
    steps_of_subject=steps_of_subject,
)

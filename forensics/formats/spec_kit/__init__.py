"""The spec-kit dialect: a feature's `tasks.md`, whose ticked boxes are the report."""

from forensics.formats.dialect import Dialect
from forensics.formats.spec_kit import tasks

SPEC_KIT = Dialect(
    name="spec-kit",
    holds="tasks.md",
    sniff=tasks.sniff,
    kind_of=tasks.kind_of,
    read_plan=tasks.read_plan,
    read_report=tasks.read_report,
    single=True,
    steps_of_subject=tasks.steps_of_subject,
)

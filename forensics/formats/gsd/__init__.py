"""The GSD dialect: phase folders of `NN-MM-PLAN.md` and `NN-MM-SUMMARY.md`."""

from forensics.formats.dialect import Dialect
from forensics.formats.gsd import checks, plans, summaries

GSD = Dialect(
    name="GSD",
    holds="NN-MM-PLAN.md",
    sniff=plans.sniff,
    kind_of=plans.kind_of,
    read_plan=plans.read_plan,
    read_report=summaries.read_report,
    beside=checks.is_check,
    home=".planning",
    former=plans.former,
)

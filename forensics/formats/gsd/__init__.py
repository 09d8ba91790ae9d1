"""The GSD dialect: phase folders of `NN-MM-PLAN.md` and `NN-MM-SUMMARY.md`."""

from forensics.formats.dialect import Dialect, folder_of
from forensics.formats.gsd import plans, summaries

GSD = Dialect(
    "GSD",
    "NN-MM-PLAN.md",
    plans.sniff,
    plans.kind_of,
    folder_of,
    plans.read_plan,
    summaries.read_report,
    former=plans.former,
)

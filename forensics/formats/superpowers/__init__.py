"""The Superpowers dialect: a progress ledger, and the plan it names."""

from forensics.formats.dialect import Dialect, folder_of
from forensics.formats.superpowers import ledgers, plans

LEDGER = Dialect(
    "ledger",
    "progress.md",
    ledgers.sniff,
    ledgers.kind_of,
    folder_of,
    plans.read_plan,
    ledgers.read_report,
    ledgers.plans_named,
    single=True,
)

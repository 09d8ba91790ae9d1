"""The Superpowers dialect: a progress ledger, and the plan it names."""

from forensics.formats.dialect import Dialect
from forensics.formats.superpowers import ledgers, plans

LEDGER = Dialect(
    name="ledger",
    holds="progress.md",
    sniff=ledgers.sniff,
    kind_of=ledgers.kind_of,
    read_plan=plans.read_plan,
    read_report=ledgers.read_report,
    home=".superpowers",
    plans_named=ledgers.plans_named,
    single=True,
)

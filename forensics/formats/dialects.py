"""The registry of dialects, and which of them a folder speaks."""

from collections.abc import Iterable

from forensics.formats.conductor import CONDUCTOR
from forensics.formats.dialect import Dialect
from forensics.formats.gsd import GSD
from forensics.formats.step_reports import STEP_REPORTS
from forensics.formats.superpowers import LEDGER
from forensics.model.source import Kind

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

"""The Case of a run, whichever way the user named it: by a plan's folder, or by tickets."""

from forensics.app.evidence import Scope, open_case
from forensics.app.sharing import Shared
from forensics.model.case import Case
from forensics.sources.repository import Repository


def open_run(scope: Scope, shared: Shared | None = None) -> tuple[Case, Repository]:
    """Read and join everything about a run; raises UsageError and NothingToExamine."""
    if scope.tickets is None:
        return open_case(scope, shared)
    from forensics.app.tickets import open_tickets  # most runs have a plan

    return open_tickets(scope, scope.tickets)

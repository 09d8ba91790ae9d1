"""The Case of a run, whichever way the user named it: by a plan's folder, by tickets, or by a time."""

from dataclasses import replace

from forensics.app.evidence import Scope, open_case
from forensics.app.shared_evidence import SharedEvidence
from forensics.model.case import Case
from forensics.sources.repository import Repository


def open_run(scope: Scope, shared: SharedEvidence | None = None) -> tuple[Case, Repository]:
    """Read and join everything about a run; raises UsageError and NothingToExamine."""
    if scope.sessions is not None:
        from forensics.app.sessions import open_sessions

        case, repository = open_sessions(scope, scope.sessions, shared)
    elif scope.tickets is None:
        case, repository = open_case(scope, shared)
    else:
        from forensics.app.tickets import open_tickets  # most runs have a plan

        case, repository = open_tickets(scope, scope.tickets)
    trees = () if case.run.revision else tuple(tree.name for tree in repository.work_trees())
    return replace(case, work_trees=trees), repository

"""From tickets and branches to a Case, for runs that left no plan and no report."""

from dataclasses import replace

from forensics.app.evidence import Scope, head_and_walk, others_of, transcripts_for
from forensics.casework.attribute import attribute_tickets
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.tickets import near, work_of_tickets
from forensics.casework.pipeline import build_case
from forensics.casework.run_time import RunTime
from forensics.errors import NothingToExamine
from forensics.formats.reports.mentions import mentions
from forensics.formats.tickets import Tickets
from forensics.model.case import Case, Run, RunKind
from forensics.model.history import History
from forensics.model.prose import quote
from forensics.model.report import StepReport
from forensics.sources.history import Question, look_up, read_history, with_lines
from forensics.sources.repository import Repository


def open_tickets(scope: Scope, tickets: Tickets) -> tuple[Case, Repository]:
    """Read and join everything git has on the tickets of a window (`scope.since` to `scope.until`, all if None).

    Raises UsageError and NothingToExamine with what, where and what to try.
    """
    repository, head, walk = head_and_walk(scope)
    revision = None if scope.at is None else head
    history = read_history(
        repository, head, walk, Question(frozenset(), {}), as_of=bool(revision), others=others_of(scope, repository)
    )
    pulls = find_pulls(history)
    window = (scope.since, scope.until)
    shas = near(history, pulls, window)
    work = work_of_tickets(history, pulls, tickets, shas)
    if not work.commits:
        raise NothingToExamine(
            f"No commit of that time names a ticket like {quote(tickets.pattern)} in its subject.",
            try_="Try --since and --until, or another --tickets pattern.",
        )
    owned = {found.commit.sha for attributions in work.commits.values() for found in attributions}
    papers = {sha for sha in shas if any(path.endswith(".md") for path in history.commits[sha].paths())}
    history = with_lines(repository, history, owned, papers)
    full = {sha[:10]: sha for sha in papers}
    accounts = _accounts(history, papers, tickets)
    first_seen = {(account.ref.path, ""): account.ref.path.partition(":")[0] for account in accounts}
    history = replace(history, first_seen={key: full[sha] for key, sha in first_seen.items()})
    history = look_up(repository, history, {found.value for account in accounts for found in account.hashes})
    run = Run("tickets", ".", revision, scope.since, scope.until, kind=RunKind.TICKETS)
    found, files = transcripts_for(scope, repository, RunTime(*window))
    join = attribute_tickets(run, history, work, accounts)
    return build_case(replace(join, transcripts=found, sources=files)), repository


def _accounts(history: History, shas: set[str], tickets: Tickets) -> tuple[StepReport, ...]:
    """Return what the Markdown that these commits brought says of tickets' commits, each hash once, first said first."""
    seen: set[str] = set()
    found = []
    for commit in sorted((history.commits[sha] for sha in shas), key=lambda named: (named.commit_time, named.sha)):
        patch = history.patches.get(commit.sha)
        for path, lines in sorted(patch.added.items()) if patch else ():
            for account in mentions(f"{commit.sha[:10]}:{path}", lines, tickets) if path.endswith(".md") else ():
                new = tuple(named for named in account.hashes if named.value not in seen)
                seen |= {named.value for named in new}
                found += [replace(account, hashes=new)] if new else []
    return tuple(found)

"""The pipeline's first stage, once for a run with a plan and once for tickets: whose each commit is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from forensics.casework.attribution.sessions import Units, of_commit
from forensics.casework.attribution.steps import attribute, attribute_elsewhere
from forensics.casework.attribution.tickets import TicketWork, Window, in_window
from forensics.casework.clock import container_of
from forensics.casework.join import Account, Join, WorkByStep, of_step
from forensics.formats.tickets import without_pull
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import History, Searched
from forensics.model.plan import Plan, StepSpec, UnitKind
from forensics.model.prose import count, listing, quote
from forensics.model.pull import Pull
from forensics.model.report import StepReport
from forensics.model.source import CommitRef, Gap
from forensics.model.steps import same_step, step_key


def attribute_plan(run: Run, plan: Plan, reports: Sequence[StepReport], history: History) -> Join:
    """Return the accounts and the commits of a plan's steps."""
    named = [_with_plan_ids(report, plan) for report in reports]
    commits = attribute(plan, named, history, run)
    accounts = [Account(report, container_of(report, history)) for report in named]
    return Join(
        run,
        plan,
        history,
        accounts=_superseded(accounts, commits),
        commits=commits,
        elsewhere=attribute_elsewhere(plan, named, history, run),
        gaps=tuple(_report_gaps(plan, named)),
    )


def attribute_tickets(run: Run, history: History, work: TicketWork, documents: Sequence[StepReport] = ()) -> Join:
    """Return the tickets worked on in the run's window as steps; `documents` mention their commits in passing."""
    window = (run.since, run.until)
    kept = {
        ticket: attributions
        for ticket, attributions in work.commits.items()
        if any(_certain(attribution) and in_window(attribution.commit, window) for attribution in attributions)
    }
    return Join(
        run,
        _ticket_plan(run, kept, work.pulls),
        history,
        accounts=tuple(Account(document, container_of(document, history), in_passing=True) for document in documents),
        commits=_reached(kept, history, on_branch=True),
        elsewhere=_reached(kept, history, on_branch=False),
        pulls=work.pulls,
        gaps=_heads_missing(history, work.pulls, window),
    )


def attribute_sessions(run: Run, history: History, units: Units, pulls: Sequence[Pull]) -> Join:
    """Return the units of a time as steps; of a unit's own messages the last one counts, of its commits' messages each."""
    last = {report.steps[0]: report for report in units.reports if not of_commit(report)}
    plan = Plan(run.name, run.path, run.name, units.specs)
    return Join(
        run,
        plan,
        history,
        accounts=tuple(
            Account(report, superseded=not of_commit(report) and last[report.steps[0]] is not report)
            for report in units.reports
        ),
        commits=_reached(units.commits, history, on_branch=True),
        elsewhere=_reached(units.commits, history, on_branch=False),
        pulls=tuple(pulls),
        ties=units.ties,
    )


def by_step(accounts: Iterable[Account]) -> Mapping[str, list[Account]]:
    """Group reports by step, oldest first: by the commit that brought them; uncommitted ones are the newest."""
    found = grouped((step, account) for account in accounts if not account.in_passing for step in account.report.steps)
    return {step: sorted(reported, key=_age) for step, reported in found.items()}


def _age(account: Account) -> tuple[bool, float, float, str]:
    report, latest = account.report, account.latest
    stated = report.time.moment.timestamp() if report.time else 0.0
    return latest is None, latest.timestamp() if latest else 0.0, stated, report.ref.path


def _with_plan_ids(report: StepReport, plan: Plan) -> StepReport:
    """Give a report the plan's spelling of its steps: `7` for `7.0`, or for `1.7` if phase 1 has a step 7."""
    ids = tuple(next((spec.id for spec in plan.steps if same_step(spec.id, step)), step) for step in report.steps)
    return replace(report, steps=ids)


def _superseded(accounts: Sequence[Account], commits: WorkByStep) -> tuple[Account, ...]:
    """Mark accounts that a later attempt replaced: the step's work was committed after them, and reported again."""
    old = [
        account
        for step, attempts in by_step(accounts).items()
        for account in attempts[:-1]
        if account.latest and any(found.commit.author_time > account.latest for found in of_step(step, commits))
    ]
    return tuple(replace(account, superseded=account in old) for account in accounts)


def _report_gaps(plan: Plan, reports: Sequence[StepReport]) -> Iterator[Gap]:
    for step in sorted(plan.reused_ids, key=step_key):
        yield Gap(f"Two runbooks of this plan number a step {step}; the report may be about the other one.")
    nameless = [report.ref for report in reports if not report.steps and not report.beside]
    unclear = [report.ref for report in reports if report.steps and report.status is None]
    yield from (Gap("This report names no step; its claims are judged, but belong to none.", ref) for ref in nameless)
    yield from (Gap("This report states no status that is understood.", ref) for ref in unclear)


def _ticket_plan(run: Run, work: WorkByStep, pulls: Sequence[Pull]) -> Plan:
    """Return tickets as steps without order: nothing that git has says which had to come first."""
    titles = {pull.step: pull.title for pull in pulls if pull.step and pull.title}
    steps = []
    for ticket in sorted(work, key=step_key):
        first = next(attribution.commit for attribution in work[ticket] if _certain(attribution))
        title = titles.get(ticket, without_pull(first.subject))
        steps.append(StepSpec(ticket, title, CommitRef(first.sha), kind=UnitKind.TICKET))
    return Plan(run.name, run.path, "Tickets", tuple(steps))


def _certain(attribution: Attribution) -> bool:
    return attribution.confidence is Confidence.CERTAIN


def _reached(work: WorkByStep, history: History, *, on_branch: bool) -> WorkByStep:
    return {
        ticket: tuple(found for found in attributions if (found.commit.sha in history.on_branch) is on_branch)
        for ticket, attributions in work.items()
    }


def _heads_missing(history: History, pulls: Sequence[Pull], window: Window) -> tuple[Gap, ...]:
    """Say what this clone cannot show: without pull requests' heads, a squash hides the commits it was made of."""
    squashed = [
        pull
        for pull in pulls
        if pull.landing and pull.squashed and pull.head is None and in_window(history.commits[pull.landing], window)
    ]
    heads = f"The heads of {count(len(squashed), 'squashed pull request')}"
    text = (
        f"{heads} are not in this clone: which commits they were made of, and on what, cannot be seen. "
        "`git fetch origin '+refs/pull/*/head:refs/pull/*/head'` brings them."
    )
    return (Gap(text),) if squashed else ()


def clone_gaps(history: History) -> Iterator[Gap]:
    """Yield what this clone lacks of the repository."""
    others = [quote(name) for name in history.searched.other_repositories]
    where = f"in {listing(others)} only" if others else "nowhere"
    for path in history.searched.submodules_absent:
        yield Gap(f"Submodule {quote(path)} is not in this clone; commits claimed in it were looked up {where}.")
    if history.searched.shallow:
        yield Gap("This clone is shallow: commits before its cut could not be looked up.")
    yield from _damage(history.searched)
    if history.searched.lines_lacking:
        yield Gap(
            "This clone lacks files' content: which lines a commit carries of another step's could not be compared."
        )


def _damage(searched: Searched) -> Iterator[Gap]:
    """Yield what git cannot read in a damaged repository; the first of many are named."""
    if searched.unread:
        which = listing(f"`{sha[:12]}`" for sha in searched.unread)
        are = (
            "is missing or damaged, though other commits or refs name it"
            if len(searched.unread) == 1
            else "are missing or damaged, though other commits or refs name them"
        )
        yield Gap(f"The repository is damaged: {which} {are}. What lies before could not be followed. Try git fsck.")
    if searched.unlisted:
        which = listing(f"`{sha[:12]}`" for sha in searched.unlisted)
        yield Gap(f"The repository is damaged: which files {which} changed cannot be read. Try git fsck.")
    if searched.undated:
        which = listing(f"`{sha[:12]}`" for sha in searched.undated)
        yield Gap(
            f"The time or time zone of {which} cannot be true. Where it stands is known, when it was made may be not."
        )
    if searched.broken_refs:
        which = listing(map(quote, searched.broken_refs))
        yield Gap(f"{which} {'leads' if len(searched.broken_refs) == 1 else 'lead'} to nothing that git can read.")

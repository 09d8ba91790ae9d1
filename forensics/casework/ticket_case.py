"""The join for a run without reports: tickets are its steps, and git is what tells of them."""

from collections.abc import Mapping, Sequence

from forensics.casework.agents.ties import tie
from forensics.casework.assembly import NO_LINES
from forensics.casework.attribution.tickets import TicketWork, Window, in_window
from forensics.casework.claims.commits import Bench, judge_commits
from forensics.formats.tickets import without_pull
from forensics.model.case import Attribution, Case, Run, StepDossier
from forensics.model.claim import Confidence
from forensics.model.history import History
from forensics.model.plan import Plan, StepSpec
from forensics.model.prose import count
from forensics.model.pull import Pull
from forensics.model.report import StepReport
from forensics.model.source import CommitRef, Gap, Source
from forensics.model.steps import step_key
from forensics.model.transcript import Transcripts


def build_ticket_case(
    run: Run,
    history: History,
    work: TicketWork,
    accounts: Sequence[StepReport] = (),
    transcripts: Transcripts = Transcripts(),  # noqa: B008  (a frozen value)
    sources: tuple[Source, ...] = (),
) -> Case:
    """Join what git and transcripts say of a window's tickets. Pure: the same arguments give the same case.

    `accounts` are documents that name commits of tickets in passing; their claims are judged, and they are no reports.
    """
    window = (run.since, run.until)
    kept = {
        ticket: ones
        for ticket, ones in work.commits.items()
        if any(in_window(one.commit, window) and one.confidence is Confidence.CERTAIN for one in ones)
    }
    plan = _plan(run, kept, work.pulls)
    on_branch = {
        ticket: tuple(one for one in ones if one.commit.sha in history.on_branch) for ticket, ones in kept.items()
    }
    bench = Bench(history, kept, frozenset(), _digits(history))
    claims = tuple(claim for account in accounts for claim in judge_commits(account, bench, superseded=False))
    ties = tie(transcripts, plan, run, on_branch)
    agents = {one.id: one for one in transcripts.agents}
    sure = [one for one in ties if one.confidence is not Confidence.POSSIBLE]
    dossiers = tuple(
        StepDossier(
            id=spec.id,
            spec=spec,
            commits=on_branch[spec.id],
            claims=tuple(claim for claim in claims if claim.claim.about == spec.id),
            agents=tuple(agents[one.agent] for one in sure if one.step == spec.id),
            elsewhere=tuple(one for one in kept[spec.id] if one.commit.sha not in history.on_branch),
        )
        for spec in plan.steps
    )
    return Case(
        run=run,
        plan=plan,
        history=history,
        dossiers=dossiers,
        claims=claims,
        sources=sources,
        gaps=(
            *_unseen(history, work.pulls, window),
            *([NO_LINES] if history.searched.lines_lacking else []),
            *transcripts.gaps,
        ),
        transcripts=transcripts,
        ties=ties,
        pulls=work.pulls,
    )


def _plan(run: Run, work: Mapping[str, tuple[Attribution, ...]], pulls: Sequence[Pull]) -> Plan:
    """Return tickets as steps without order: nothing that git has says which had to come first."""
    titles = {pull.step: pull.title for pull in pulls if pull.step and pull.title}
    steps = []
    for ticket in sorted(work, key=step_key):
        first = next(one.commit for one in work[ticket] if one.confidence is Confidence.CERTAIN)
        steps.append(StepSpec(ticket, titles.get(ticket, without_pull(first.subject)), CommitRef(first.sha)))
    return Plan(run.name, run.path, "Tickets", tuple(steps))


def _digits(history: History) -> dict[str, tuple[str, ...]]:
    digits: dict[str, tuple[str, ...]] = {}
    for sha in history.commits:
        digits[sha[:7]] = (*digits.get(sha[:7], ()), sha)
    return digits


def _unseen(history: History, pulls: Sequence[Pull], window: Window) -> tuple[Gap, ...]:
    """Say what this clone cannot show: without pull requests' heads, what a squash left out is not to be seen."""
    squashed = [
        pull
        for pull in pulls
        if pull.landing and pull.squashed and pull.head is None and in_window(history.commits[pull.landing], window)
    ]
    if not squashed:
        return ()
    return (
        Gap(
            f"The heads of {count(len(squashed), 'squashed pull request')} are not in this clone: which commits they "
            f"were made of, and on what, cannot be seen. `git fetch origin '+refs/pull/*/head:refs/pull/*/head'` brings them."
        ),
    )

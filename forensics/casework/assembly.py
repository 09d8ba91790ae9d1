"""The join: plan, reports and history become a Case."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forensics.casework.agents.ties import AT_ONCE, crowded, tie
from forensics.casework.attribution.pulls import find_pulls, with_steps
from forensics.casework.attribution.ranges import inside
from forensics.casework.attribution.steps import attribute, attribute_elsewhere, own_work, window
from forensics.casework.claims.commits import Bench, judge_commits
from forensics.casework.claims.files_and_tests import judge_files, judge_tests
from forensics.casework.claims.rewrites import absorb, explained, looked_up, whereabouts
from forensics.casework.claims.transcripts import Witness
from forensics.casework.clock import container_of, written_by
from forensics.casework.paths import belongs_to_other_plan, holds_work, is_bookkeeping
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Attribution, Case, Run, StepDossier
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.history import Commit, History
from forensics.model.plan import Plan
from forensics.model.prose import listing, quote
from forensics.model.report import Role, StepReport
from forensics.model.source import Gap, Source
from forensics.model.steps import same_step, step_key
from forensics.model.transcript import Transcripts

_MANY = 2
NO_LINES = Gap("This clone lacks files' content: which lines a commit carries of another step's could not be compared.")


def build_case(
    run: Run,
    plan: Plan,
    reports: Sequence[StepReport],
    history: History,
    sources: tuple[Source, ...] = (),
    gaps: tuple[Gap, ...] = (),
    transcripts: Transcripts = Transcripts(),  # noqa: B008  (a frozen value)
    neighbours: Sequence[StepReport] = (),
) -> Case:
    """Join everything known about a run. Pure: the same arguments give the same case.

    `neighbours` are reports of the repository's other plans: they only tell whether its history was rewritten.
    """
    plan_reports = [_with_plan_ids(report, plan) for report in reports]
    paths = frozenset(path for commit in history.commits.values() for path in commit.paths())
    digits: dict[str, tuple[str, ...]] = {}
    for sha in history.commits:
        digits[sha[:7]] = (*digits.get(sha[:7], ()), sha)
    planned = {spec.id: frozenset(spec.files) for spec in plan.steps}
    bench = Bench(history, attribute(plan, plan_reports, history, run), paths, digits, planned)
    by_step = _by_step(plan_reports, history)
    old = _superseded(by_step, bench, history)
    judged = {id(report): judge_commits(report, bench, superseded=id(report) in old) for report in plan_reports}
    told = [(written_by(report, history), whereabouts(judged[id(report)])) for report in plan_reports]
    told += [(written_by(report, history), looked_up(report, history)) for report in neighbours]
    lost = absorb(told)
    elsewhere = attribute_elsewhere(plan, plan_reports, history, run)
    claimed = _with_claimed(bench.commits_of, plan_reports, judged, history, run.path)
    for report in plan_reports:
        own = tuple(one for step in report.steps for one in claimed.get(step, ()))
        aside = tuple(one for step in report.steps for one in elsewhere.get(step, ()))
        judged[id(report)] = (
            *explained(judged[id(report)], lost),
            *judge_files(report, own, aside, history, superseded=id(report) in old),
            *judge_tests(report, superseded=id(report) in old),
        )
    ties = tie(transcripts, plan, run, claimed)
    agents = {one.id: one for one in transcripts.agents}
    sure = tuple(one for one in ties if one.confidence is not Confidence.POSSIBLE)
    witness = Witness(transcripts, sure, history)
    for report in plan_reports:
        judged[id(report)] = tuple(witness.hear(claim, report) for claim in judged[id(report)])
    many = crowded([agents[one.agent] for one in sure], transcripts)
    everything = tuple(claim for report in plan_reports for claim in judged[id(report)])
    ids = sorted({*(spec.id for spec in plan.steps), *by_step, *claimed, *elsewhere}, key=step_key)
    dossiers = tuple(
        StepDossier(
            id=step,
            spec=next((spec for spec in plan.steps if spec.id == step), None),
            reports=tuple(by_step.get(step, ())),
            commits=claimed.get(step, ()),
            claims=tuple(claim for report in by_step.get(step, ()) for claim in judged[id(report)]),
            cited_by=tuple(claim for claim in everything if _cites(claim, step)),
            agents=tuple(agents[one.agent] for one in sure if one.step == step),
            elsewhere=elsewhere.get(step, ()),
        )
        for step in ids
    )
    owners = {
        one.commit.sha: step
        for found in (elsewhere, claimed)
        for step, ones in found.items()
        for one in ones
        if one.confidence is not Confidence.POSSIBLE
    }
    return Case(
        run=run,
        plan=plan,
        history=history,
        dossiers=dossiers,
        claims=everything,
        unclaimed=_unclaimed(run, history, claimed, everything),
        sources=sources,
        gaps=(
            *gaps,
            *_missing_evidence(plan, plan_reports, history),
            *(
                [Gap(f"Of agents at work at once, each was held against the {AT_ONCE} that began next only.")]
                if many
                else []
            ),
            *transcripts.gaps,
        ),
        transcripts=transcripts,
        ties=ties,
        pulls=with_steps(find_pulls(history), owners, ids),
    )


def _with_plan_ids(report: StepReport, plan: Plan) -> StepReport:
    """Give a report the plan's spelling of its steps: `7` for `7.0`, or for `1.7` where 7 is a step of phase 1."""
    ids = tuple(next((spec.id for spec in plan.steps if same_step(spec.id, step)), step) for step in report.steps)
    return replace(report, steps=ids)


def _by_step(reports: Sequence[StepReport], history: History) -> Mapping[str, list[StepReport]]:
    """Group accounts by step, oldest first: by the commit that brought them; uncommitted ones are the newest."""
    grouped: dict[str, list[StepReport]] = {}
    for report in reports:
        for step in report.steps:
            grouped.setdefault(step, []).append(report)

    def age(report: StepReport) -> tuple[bool, float, float, str]:
        holder = container_of(report, history)
        stated = report.time.moment.timestamp() if report.time else 0.0
        return holder is None, holder.commit_time.timestamp() if holder else 0.0, stated, report.ref.path

    return {step: sorted(ones, key=age) for step, ones in grouped.items()}


def _superseded(by_step: Mapping[str, list[StepReport]], bench: Bench, history: History) -> frozenset[int]:
    """Return the accounts that a later attempt replaced: the step's work was committed after them, and reported again."""
    old: set[int] = set()
    for step, reports in by_step.items():
        for report in reports[:-1]:
            written = written_by(report, history)
            if written and any(one.commit.author_time > written for one in bench.of_step(step)):
                old.add(id(report))
    return frozenset(old)


def _with_claimed(
    attributed: Mapping[str, tuple[Attribution, ...]],
    reports: Sequence[StepReport],
    judged: Mapping[int, tuple[JudgedClaim, ...]],
    history: History,
    plan_path: str,
) -> dict[str, tuple[Attribution, ...]]:
    """Add to each step the commits its own reports claim rightly, and those that took over from claimed ones."""
    commits = {step: {one.commit.sha: one for one in ones} for step, ones in attributed.items()}
    for report in reports:
        for claim in judged[id(report)]:
            commit = history.get(_stands_for(claim))
            if claim.claim.role is not Role.OWN or commit is None or claim.claim.about not in report.steps:
                continue
            work = any(not path.startswith(f"{plan_path}/") for path in commit.paths()) or commit.changes is None
            for step in report.steps:
                known = commits.setdefault(step, {}).get(commit.sha)
                if known is None or known.confidence.rank < claim.confidence.rank:
                    made = Attribution(commit, claim.confidence, "the step's report names it", work)
                    commits[step][commit.sha] = made
        for mention in report.hashes:
            for commit in inside(mention, history) if mention.since and mention.role is Role.OWN else ():
                for step in report.steps:
                    reason = f"it lies in the range {quote(f'{mention.since}..{mention.value}')} that the report names"
                    made = Attribution(commit, Confidence.LIKELY, reason, holds_work(commit, (), plan_path))
                    commits.setdefault(step, {}).setdefault(commit.sha, made)
    return {
        step: tuple(sorted(ones.values(), key=lambda one: (one.commit.commit_time, one.commit.sha)))
        for step, ones in commits.items()
    }


def _stands_for(judged: JudgedClaim) -> str | None:
    """Return the commit on the branch that a claimed hash means, be it under another hash."""
    if judged.verdict is Verdict.CONFIRMED:
        return judged.commit
    return judged.twin if judged.verdict in {Verdict.REWRITTEN, Verdict.SELF_CITING, Verdict.ALTERED} else None


def _cites(judged: JudgedClaim, step: str) -> bool:
    claim = judged.claim
    return (
        claim.role is Role.OTHER
        and claim.about is not None
        and same_step(claim.about, step)
        and (claim.step is None or not same_step(claim.step, step))
    )


def _unclaimed(
    run: Run, history: History, commits: Mapping[str, tuple[Attribution, ...]], claims: Sequence[JudgedClaim]
) -> tuple[Commit, ...]:
    """Return the commits between the run's first and last work that change the run's files and belong to no step.

    A subject that names a step belongs to another plan that was worked on at the same time. Where strangers far
    outnumber the run's own commits, the window is not the run's, and nothing is said.
    """
    work = [
        one.commit
        for ones in commits.values()
        for one in own_work(ones)
        if one.confidence is not Confidence.POSSIBLE and one.commit.sha in history.on_branch
    ]
    if not work:
        return ()
    start, end = window(run, history)
    first = min(commit.commit_time for commit in work)
    last = max(commit.commit_time for commit in work)
    touched = {
        change.path
        for commit in work
        for change in commit.changes or ()
        if not change.link and not is_bookkeeping(change.path, run.path)
    }
    owned = {commit.sha for commit in work} | {sha for claim in claims for sha in (claim.commit, claim.twin) if sha}
    owned |= {one.commit.sha for ones in commits.values() for one in ones}
    found = sorted(
        (
            commit
            for sha in history.on_branch
            if (commit := history.commits[sha]).sha not in owned
            and first <= commit.commit_time <= last
            and (start is None or commit.commit_time >= start)
            and (end is None or commit.commit_time <= end)
            and not steps_of_commit(commit.subject)
            and not belongs_to_other_plan(commit.paths(), run.path)
            and commit.paths() & touched
        ),
        key=lambda commit: (commit.commit_time, commit.sha),
    )
    return tuple(found) if len(found) <= _MANY * len(work) else ()


def _missing_evidence(plan: Plan, reports: Sequence[StepReport], history: History) -> tuple[Gap, ...]:
    others = [quote(name) for name in history.searched.other_repositories]
    where = f"in {listing(others)} only" if others else "nowhere"
    gaps = [
        Gap(f"Two runbooks of this plan number a step {step}; the report may be about the other one.")
        for step in sorted(plan.reused_ids, key=step_key)
    ]
    gaps += [
        Gap("This report names no step; its claims are judged, but belong to none.", report.ref)
        for report in reports
        if not report.steps
    ]
    gaps += [
        Gap("This report states no status that is understood.", report.ref)
        for report in reports
        if report.steps and report.status is None
    ]
    gaps += [
        Gap(f"Submodule {quote(path)} is not in this clone; commits claimed in it were looked up {where}.")
        for path in history.searched.submodules_absent
    ]
    if history.searched.shallow:
        gaps.append(Gap("This clone is shallow: commits before its cut could not be looked up."))
    if history.searched.lines_lacking:
        gaps.append(NO_LINES)
    return tuple(gaps)

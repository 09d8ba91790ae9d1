"""The pipeline's last stage: everything known about a run, by step."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from forensics.casework.agents.ties import AT_ONCE, crowded
from forensics.casework.attribute import by_step, clone_gaps
from forensics.casework.attribution.coverage import coverage
from forensics.casework.attribution.pulls import find_pulls, with_steps
from forensics.casework.attribution.squashes import promoted_as_squash, squashed
from forensics.casework.attribution.steps import own_work, window
from forensics.casework.files import is_bookkeeping
from forensics.casework.join import Account, Join
from forensics.casework.paths import belongs_to_other_plan
from forensics.formats.dialects import steps_of_commit
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence, JudgedClaim
from forensics.model.history import Commit
from forensics.model.plan import StepSpec
from forensics.model.pull import Pull
from forensics.model.report import Role
from forensics.model.source import Gap
from forensics.model.steps import same_step, step_key

# Where other commits outnumber the run's two to one, the run's first and last commit do not bound its time, and nearly
# everything between them is other work in the same files.
_MOST_STRANGERS = 2


def assemble(join: Join) -> Case:
    """Return the case that rules see."""
    accounts = by_step(join.accounts)
    steps = sorted({*(spec.id for spec in join.plan.steps), *accounts, *join.commits, *join.elsewhere}, key=step_key)
    specs = {spec.id: spec for spec in reversed(join.plan.steps)}
    dossiers = tuple(_dossier(step, specs.get(step), accounts, join) for step in steps)
    known = find_pulls(join.history) if join.planned else join.pulls
    traceless = [dossier.spec for dossier in dossiers if dossier.spec and not dossier.started]
    squashes = squashed(join.history, _off_branch(join))
    return Case(
        run=join.run,
        plan=join.plan,
        history=join.history,
        dossiers=dossiers,
        claims=join.claims(),
        unclaimed=_unclaimed(join) if join.planned else (),
        sources=join.sources,
        gaps=(
            *join.gaps,
            *clone_gaps(join.history),
            *promoted_as_squash(join.history, squashes),
            *_crowd(join),
            *join.transcripts.gaps,
        ),
        transcripts=join.transcripts,
        ties=join.ties,
        squashed=squashes,
        pulls=_pulls(join, known, steps) if join.planned else join.pulls,
        coverage=coverage(join, known, traceless),
        rewrite=join.rewrite,
        plan_edit=join.plan_edit,
    )


def _off_branch(join: Join) -> Iterator[str]:
    """Yield the commits that are surely or likely a step's and not on the branch."""
    for work in (join.commits, join.elsewhere):
        for found in (found for attributions in work.values() for found in attributions):
            if found.confidence is not Confidence.POSSIBLE and found.commit.sha not in join.history.on_branch:
                yield found.commit.sha


def _dossier(step: str, spec: StepSpec | None, accounts: Mapping[str, Sequence[Account]], join: Join) -> StepDossier:
    own = accounts.get(step, ())
    agents = {agent.id: agent for agent in join.transcripts.agents}
    in_passing = [account for account in join.accounts if account.in_passing and step in account.report.steps]
    return StepDossier(
        id=step,
        spec=spec,
        reports=tuple(account.report for account in own),
        commits=join.commits.get(step, ()),
        claims=tuple(judged for account in (*own, *in_passing) for judged in account.claims),
        cited_by=tuple(judged for judged in join.claims() if _cites(judged, step)),
        agents=tuple(agents[tie.agent] for tie in join.sure_ties() if tie.step == step),
        elsewhere=join.elsewhere.get(step, ()),
    )


def _cites(judged: JudgedClaim, step: str) -> bool:
    claim = judged.claim
    if claim.role is not Role.OTHER:
        return False
    about, by = (other is not None and same_step(other, step) for other in (claim.about, claim.step))
    return about and not by


def _pulls(join: Join, known: Sequence[Pull], steps: Sequence[str]) -> tuple[Pull, ...]:
    owners = {
        found.commit.sha: step
        for work in (join.elsewhere, join.commits)
        for step, attributions in work.items()
        for found in attributions
        if found.confidence is not Confidence.POSSIBLE
    }
    return with_steps(known, owners, steps)


def _crowd(join: Join) -> tuple[Gap, ...]:
    agents = {agent.id: agent for agent in join.transcripts.agents}
    if not crowded([agents[tie.agent] for tie in join.sure_ties()], join.transcripts):
        return ()
    return (Gap(f"Of agents at work at the same time, each was compared only with the {AT_ONCE} that began next."),)


def _unclaimed(join: Join) -> tuple[Commit, ...]:
    """Return the commits between the run's first and last work that change the run's files and belong to no step.

    A subject that names a step belongs to another plan that was worked on at the same time.
    """
    run, history = join.run, join.history
    work = [
        found.commit
        for attributions in join.commits.values()
        for found in own_work(attributions)
        if found.confidence is not Confidence.POSSIBLE and found.commit.sha in history.on_branch
    ]
    if not work:
        return ()
    start, end = window(run, history)
    times = [commit.commit_time for commit in work]
    first, last = max(filter(None, (min(times), start))), min(filter(None, (max(times), end)))
    touched = {
        change.path
        for commit in work
        for change in commit.changes or ()
        if not change.link and not is_bookkeeping(change.path, run.path)
    }
    owned = {found.commit.sha for attributions in join.commits.values() for found in attributions}
    owned |= {sha for judged in join.claims() for sha in (judged.commit, judged.twin) if sha}
    strangers = [
        commit
        for commit in (history.commits[sha] for sha in history.on_branch - owned)
        if first <= commit.commit_time <= last
        and commit.paths() & touched
        and not steps_of_commit(commit.subject)
        and (run.touches(commit) or not belongs_to_other_plan(commit.paths(), run.path))
    ]
    strangers.sort(key=attrgetter("place_in_time"))
    return tuple(strangers) if len(strangers) <= _MOST_STRANGERS * len(work) else ()

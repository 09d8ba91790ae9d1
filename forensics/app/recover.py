"""The use case of getting work back: plan it, prove it in a temporary work tree, and write it down as a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.app.evidence import Scope
from forensics.app.outputs import write_file
from forensics.app.rebuild import offers, rebuilt_commits
from forensics.app.runs import open_run
from forensics.casework.claims.gone import what_was_searched
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.errors import UsageError
from forensics.model.history import History
from forensics.model.postmortem import Rescue
from forensics.model.prose import quote
from forensics.model.rebuilt import Offer, RebuiltCommit
from forensics.model.recovery import Outcome, Recovery, TestResult, Trial
from forensics.model.source import Gap
from forensics.narrative.happenings import happenings
from forensics.narrative.postmortem import run_facts
from forensics.narrative.standing import standings
from forensics.narrative.timeline import timeline
from forensics.recovery.plan import recovery
from forensics.recovery.rebuild.summary import in_words
from forensics.render.cleaning import clean
from forensics.render.recovery_script import MARK, render_script
from forensics.sources.git_settings import GitError
from forensics.sources.history import todays, with_unreachable
from forensics.sources.repository import Repository
from forensics.sources.trial import TrialTree, trial_tree
from forensics.sources.user_command import run_command

# A header of each mail, which `git am` ignores: a file that has it may be written again.
PATCH_MARK = "X-Rebuilt-By: forensics recover"
_UNSEARCHED = "The object store is too large to search it for unreachable commits."


@dataclass(frozen=True, slots=True)
class Test:
    """The command that is to pass on the picks, its environment, and the seconds it may take."""

    __test__ = False

    command: str
    environment: Mapping[str, str]
    seconds: int


def recover(scope: Scope, test: Test | None = None, *, from_transcripts: bool = False) -> Rescue:
    """Plan how to recover a run's work, and try every pick. The result is clean.

    With `from_transcripts`, commits that git does not have are rebuilt and tried after the picks. Without a plan, nothing
    else is: what sessions left on other branches is for a person to merge.
    """
    if scope.sessions is not None:
        return _of_sessions(scope, test)
    case, repository = open_run(scope)
    findings = run_detectors(case, load_detectors()).findings
    standing = standings(case, findings)
    today, complete = with_unreachable(repository, case.history)
    if case.run.revision:
        today = todays(repository, today)
    plan = recovery(case, findings, standing, today)
    gaps = (*case.gaps, *(() if complete else (Gap(_UNSEARCHED),)))
    commits: tuple[RebuiltCommit, ...] = ()
    if from_transcripts:
        commits, lacking = rebuilt_commits(repository, scope, case, today, plan.lost)
        gaps = (*gaps, *lacking)
    trial, made = _trial(repository, plan, today, test, commits)
    if trial:
        plan = recovery(case, findings, standing, today, trial)
    facts = run_facts(case, timeline(case, happenings(case, findings)))
    searched = what_was_searched(case.history.searched)
    return clean(Rescue(facts, plan, searched, tuple(dict.fromkeys(gaps)), made if from_transcripts else None))


def _of_sessions(scope: Scope, test: Test | None) -> Rescue:
    """Rebuild the commits that sessions made and git does not have, and try them."""
    case, repository = open_run(scope)
    today, complete = with_unreachable(repository, case.history)
    commits, lacking = rebuilt_commits(repository, scope, case, today, ())
    plan = Recovery(None, None, (), (), "", today.head, branch="recover-sessions")
    trial, made = _trial(repository, plan, today, test, commits)
    plan = replace(plan, note=in_words(made))
    if trial:
        plan = replace(plan, tree=trial.tree, test=trial.test, failure=trial.failure)
    gaps = (*case.gaps, *(() if complete else (Gap(_UNSEARCHED),)), *lacking)
    facts = run_facts(case, timeline(case, happenings(case, ())))
    return clean(Rescue(facts, plan, what_was_searched(case.history.searched), tuple(dict.fromkeys(gaps)), made))


def ready(rescue: Rescue) -> bool:
    """Return whether every pick and rebuilt commit applies or is already there, and the requested tests pass.

    A commit of which nothing could be rebuilt was not tried, and is as lost as before.
    """
    plan = rescue.recovery
    open_still = any(offer.outcome in {None, Outcome.CONFLICT, Outcome.REFUSED} for offer in rescue.rebuilt or ())
    return not plan.failure and not plan.failed and not open_still and (plan.test is None or plan.test.passed)


def refuse_foreign(path: Path, mark: str = MARK) -> None:
    """Refuse to overwrite a file that forensics did not write; raises UsageError."""
    try:
        if path.is_symlink() or (path.exists() and not (path.is_file() and mark in path.read_text("utf-8", "replace"))):
            raise UsageError(
                f"{quote(str(path))} exists and was not written by forensics.", try_="Choose another name."
            )
    except OSError as error:
        raise UsageError(f"Cannot read {quote(str(path))}: {error.strerror}.", try_="Choose another file.") from None


def write_script(rescue: Rescue, path: Path) -> bool:
    """Write the proven picks as a shell script; return False, and write nothing, if there is none."""
    if not any(pick.proven for pick in rescue.recovery.picks):
        return False
    refuse_foreign(path)
    write_file(path, render_script(rescue).encode(), executable=True)
    return True


def write_patches(rescue: Rescue, path: Path) -> bool:
    """Write the rebuilt commits that apply as mails for `git am`; return False, and write nothing, if there is none."""
    mark = f"\n{PATCH_MARK}\n".encode()
    patches = [offer.patch.replace(b"\n", mark, 1) for offer in rescue.rebuilt or () if offer.patch]
    if not patches:
        return False
    refuse_foreign(path, PATCH_MARK)
    write_file(path, b"".join(patches))
    return True


def _trial(
    repository: Repository, plan: Recovery, today: History, test: Test | None, commits: Sequence[RebuiltCommit]
) -> tuple[Trial | None, tuple[Offer, ...]]:
    """Apply the picks and the rebuilt commits, and run the tests on what comes of it; None if there is nothing to try."""
    picks = [today.commits[pick.commit] for pick in plan.picks]
    if not picks and not test and not commits:
        return None, ()
    onto = plan.onto
    try:
        with trial_tree(repository, onto, picks, sorted({commit.base for commit in commits})) as place:
            tried = {commit.sha: place.pick(commit) for commit in picks}
            made = tuple(offers(repository, place, commits))
            tested = _tested(place, test, bool(picks or made)) if test else None
            return (Trial(tried, place.tree(), tested) if picks or test else None), made
    except GitError as error:
        return Trial({}, failure=f"git says {quote(error.said)}"), tuple(map(Offer, commits))


def _tested(place: TrialTree, test: Test, changed: bool) -> TestResult:
    """Run the test command; if it fails with the picks, ask whether it does without them too."""
    ended = run_command(test.command, place.folder, test.environment, test.seconds)
    result = TestResult(test.command, ended.code, ended.output, test.seconds)
    if ended.code == 0 or not changed:
        return result
    place.to_base()
    return replace(result, on_base=run_command(test.command, place.folder, test.environment, test.seconds).code)

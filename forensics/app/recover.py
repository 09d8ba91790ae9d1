"""The use case of getting work back: plan it, prove it in a temporary work tree, and write it down as a script."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.app.evidence import Scope
from forensics.app.runs import open_run
from forensics.casework.claims.gone import what_was_searched
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.errors import UsageError
from forensics.model.history import Commit, History
from forensics.model.postmortem import Rescue
from forensics.model.prose import quote
from forensics.model.recovery import Recovery, TestResult, Trial
from forensics.model.source import Gap
from forensics.narrative.happenings import happenings
from forensics.narrative.postmortem import run_facts
from forensics.narrative.standing import standings
from forensics.narrative.timeline import timeline
from forensics.recovery.plan import recovery
from forensics.render.cleaning import clean
from forensics.render.recovery_script import MARK, render_script
from forensics.sources.git_settings import GitError
from forensics.sources.history import todays, with_unreachable
from forensics.sources.repository import Repository
from forensics.sources.trial import TrialTree, trial_tree
from forensics.sources.user_command import run_command

_UNSEARCHED = "The object store is too large to search it for unreachable commits."


@dataclass(frozen=True, slots=True)
class Test:
    """The command that is to pass on the picks, its environment, and the seconds it may take."""

    __test__ = False

    command: str
    environment: Mapping[str, str]
    seconds: int


def recover(scope: Scope, test: Test | None = None) -> Rescue:
    """Plan how to recover a run's work, and try every pick. The result is clean."""
    case, repository = open_run(scope)
    findings = run_detectors(case, load_detectors()).findings
    standing = standings(case, findings)
    today, complete = with_unreachable(repository, case.history)
    if case.run.revision:
        today = todays(repository, today)
    plan = recovery(case, findings, standing, today)
    trial = _trial(repository, plan, today, test)
    if trial:
        plan = recovery(case, findings, standing, today, trial)
    gaps = (*case.gaps, *(() if complete else (Gap(_UNSEARCHED),)))
    searched = what_was_searched(case.history.searched)
    return clean(
        Rescue(run_facts(case, timeline(happenings(case, findings))), plan, searched, tuple(dict.fromkeys(gaps)))
    )


def ready(rescue: Rescue) -> bool:
    """Return whether every pick applies or is already there, and the requested tests pass."""
    plan = rescue.recovery
    return not plan.failure and not plan.failed and (plan.test is None or plan.test.passed)


def refuse_foreign(path: Path) -> None:
    """Refuse to overwrite a file that forensics did not write; raises UsageError."""
    try:
        if path.is_symlink() or (path.exists() and not (path.is_file() and MARK in path.read_text("utf-8", "replace"))):
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
    try:
        path.write_text(render_script(rescue), encoding="utf-8", newline="\n")
        path.chmod(0o755)
    except OSError as error:
        raise UsageError(f"Cannot write {quote(str(path))}: {error.strerror}.", try_="Choose another file.") from None
    return True


def _trial(repository: Repository, plan: Recovery, today: History, test: Test | None) -> Trial | None:
    """Apply the picks one after another, and run the tests on what comes of it; None if there is nothing to try."""
    picks = [today.commits[pick.commit] for pick in plan.picks]
    if not picks and not test:
        return None
    onto = plan.onto
    try:
        with trial_tree(repository, onto, picks) as place:
            tried = {commit.sha: place.pick(commit) for commit in picks}
            return Trial(tried, place.tree(), _tested(place, test, picks) if test else None)
    except GitError as error:
        return Trial({}, failure=f"git says {quote(error.said)}")


def _tested(place: TrialTree, test: Test, picks: list[Commit]) -> TestResult:
    """Run the test command; if it fails with the picks, ask whether it does without them too."""
    ended = run_command(test.command, place.folder, test.environment, test.seconds)
    result = TestResult(test.command, ended.code, ended.output, test.seconds)
    if ended.code == 0 or not picks:
        return result
    place.to_base()
    return replace(result, on_base=run_command(test.command, place.folder, test.environment, test.seconds).code)

"""Runs of tests and checks in a session: which ones cover the same, and which failures nothing later took back."""

import re
from dataclasses import dataclass
from functools import lru_cache

from forensics.casework.claims.statements.places import in_tree_or_same, place_of
from forensics.casework.claims.statements.witnessed import Ran, Witnessed
from forensics.formats.transcripts.checks import Check, CheckRun
from forensics.formats.transcripts.git_calls import commits, pushes
from forensics.formats.transcripts.run_scope import scope_of
from forensics.formats.transcripts.test_commands import runs_tests_or_recipe, test_calls
from forensics.model.transcript import TestOutcome, TestRun

# The tests never came to run, so nothing is known of them.
_NO_RESULT = frozenset({TestOutcome.UNKNOWN, TestOutcome.NOT_FOUND, TestOutcome.NONE_COLLECTED, TestOutcome.TIMEOUT})
_FAILED = frozenset({TestOutcome.ASSERTION, TestOutcome.EXCEPTION, TestOutcome.IMPORT, TestOutcome.COLLECTION})
# Options that change what is printed, and not what runs.
_SHAPES = re.compile(
    r"-[qvsx]+|--(?:verbose|silent|color|colors|no-color|reporter|tb|no-header|quiet|no-coverage)(?:=\S*)?"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of a command that ran."""

    run: Ran
    result: CheckRun


def failed(run: TestRun) -> bool:
    """Return whether a run is known to have failed."""
    return bool(run.failed) or run.outcome in _FAILED


def decided(run: TestRun) -> bool:
    """Return whether it is known how a run ended."""
    return failed(run) or run.outcome is TestOutcome.PASSED or (run.outcome not in _NO_RESULT)


def suite(run: TestRun) -> tuple[object, ...]:
    """Return what two runs of the same tests have in common: the folder, and the commands without what shapes output."""
    return _suite(run.command, run.cwd)


@lru_cache(4_096)
def _suite(command: str, cwd: str) -> tuple[object, ...]:
    return place_of(command, cwd), *(shape(words) for words in test_calls(command))


def shape(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command's words without the options that only change what is printed."""
    return tuple(word for word in words if not _SHAPES.fullmatch(word) and word != "--")


def overlap(later: Ran, run: Ran) -> bool:
    """Return whether two runs may cover the same: not where folders, packages, languages or named tests are apart."""
    one, other = scope_of(later.command), scope_of(run.command)
    if one.endings and other.endings and set(one.endings).isdisjoint(other.endings):
        return False
    if one.packages and other.packages and one.packages.isdisjoint(other.packages):
        return False
    if one.targets and other.targets and not any(_related(a, b) for a in one.targets for b in other.targets):
        return False
    here, there = place_of(later.command, later.cwd), place_of(run.command, run.cwd)
    return not (here and there) or in_tree_or_same(here, there) or in_tree_or_same(there, here)


def _related(one: str, other: str) -> bool:
    first, second = (name.split("::")[0].removeprefix("./").rstrip("/.") for name in (one, other))
    return (
        first.endswith(second)
        or second.endswith(first)
        or first.startswith(f"{second}/")
        or second.startswith(f"{first}/")
    )


def standing_failures(seen: Witnessed) -> tuple[TestRun, ...]:
    """Return the failed runs of tests that no later run which may cover the same tests passed."""
    runs = [run for run in seen.tests if decided(run)]
    return tuple(
        run
        for place, run in enumerate(runs)
        if failed(run)
        and _ran_here(run)
        and not any(not failed(later) and overlap(later, run) for later in runs[place + 1 :])
        # Ran again through `grep` or `head`, perhaps they passed: one session was said to lie about a build it had mended.
        and not any(later.moment > run.moment and not decided(later) and overlap(later, run) for later in seen.tests)
        # the same tests ran again and failed again: the last time counts
        and not any(failed(later) and suite(later) == suite(run) for later in runs[place + 1 :])
    )


def _ran_here(run: TestRun) -> bool:
    """Return whether a command ran tests itself: `cat tasks/b1.output` prints a run in the background, of any tests."""
    return runs_tests_or_recipe(run.command) or commits(run.command) or pushes(run.command)


def checks_of(seen: Witnessed, kinds: frozenset[Check]) -> tuple[Checked, ...]:
    """Return the checks of some kinds that a session shows with their results, in order."""
    return tuple(
        Checked(run, result) for run, result in seen.checks if result.check in kinds and result.passed is not None
    )


def standing_checks(seen: Witnessed, kinds: frozenset[Check]) -> tuple[Checked, ...]:
    """Return the failed checks that no later check of the same kind which may cover the same passed."""
    found = checks_of(seen, kinds)
    unclear = [Checked(run, result) for run, result in seen.checks if result.passed is None]
    return tuple(
        each
        for place, each in enumerate(found)
        if not each.result.passed
        and not any(
            again.run.moment > each.run.moment
            and again.result.check is each.result.check
            and overlap(again.run, each.run)
            for again in unclear
        )
        and not any(
            (later.result.check is each.result.check or _includes(later, each))
            and (later.result.passed or _same(later, each))
            and overlap(later.run, each.run)
            for later in found[place + 1 :]
        )
    )


def _includes(later: Checked, each: Checked) -> bool:
    """Return whether a check includes another: what builds is type-checked."""
    return later.result.check is Check.BUILD and each.result.check is Check.TYPES


def _same(later: Checked, each: Checked) -> bool:
    return later.run.cwd == each.run.cwd and shape(later.result.words) == shape(each.result.words)

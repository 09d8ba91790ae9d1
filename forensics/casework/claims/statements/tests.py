"""How many tests passed, or that all did, against the runs that a session shows. Counts are compared exactly."""

import re
from collections.abc import Sequence
from itertools import combinations

from forensics.casework.claims.statements.freshness import changed_after, edited_code, fresh
from forensics.casework.claims.statements.packages import named_packages, passed_packages
from forensics.casework.claims.statements.suites import decided, failed, shape, standing_failures, suite
from forensics.casework.claims.statements.witnessed import Witnessed, contradicted, shown, unknown
from forensics.formats.transcripts.printed_results import without_own_words
from forensics.formats.transcripts.run_scope import scope_of
from forensics.formats.transcripts.test_commands import runs_tests, runs_tests_or_recipe, test_calls
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict
from forensics.model.prose import clock, listing, quote
from forensics.model.report import Statement
from forensics.model.transcript import Launch, TestRun

# Last runs, or parts of one run, whose counts are added up: each subset is tried.
_MOST_SUMMED = 7
# These words may count files or groups of tests, which outputs count apart.
_OF_ANOTHER_KIND = re.compile(r"\b(?:spec|suite|check|file|assertion|group|scenario)s?\b", re.IGNORECASE)

# A count that is said to be that of all tests, with at most some words between: `all 42 tests`, `all of the 42 unit tests`.
_ALL = re.compile(r"\b(?:all|every|entire|whole|full)\b[^.\d]{0,30}\d", re.IGNORECASE)
# pytest's own word for tests that `-k` or `-m` left out.
_DESELECTED = re.compile(r"\b[1-9]\d* deselected\b")


def judge_tests(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check a count of passed tests, `all`, `pass` (some did), or a command said to have passed."""
    if claim.value.isdigit():
        return _counted(claim, int(claim.value), seen)
    if runs_tests(claim.value):
        return _command(claim, seen)
    return _all_passed(claim, seen)


def counts(run: TestRun) -> frozenset[int]:
    """Return the counts that a run's output gives: passed, with those skipped, and sums of its parts."""
    if run.passed is None:
        return frozenset()
    parts = run.each[-_MOST_SUMMED:]
    sums = {sum(some) for size in range(1, len(parts) + 1) for some in combinations(parts, size)}
    return frozenset({run.passed, run.passed + run.aside, *sums})


def _counted(claim: Claim, number: int, seen: Witnessed) -> JudgedClaim:
    runs = [run for run in seen.tests if run.passed is not None]
    if fits := [run for run in runs if number in counts(run)]:
        if _ALL.search(claim.said) and (other := _left_out(claim, number, fits, seen)):
            return other
        return fresh(claim, f"a run at {clock(fits[-1].moment)} printed {fits[-1].passed} passed", fits[-1], seen)
    if sums := _summed(runs, number):
        reason = f"{len(sums)} runs printed {listing(str(run.passed) for run in sums)} passed"
        judged = [fresh(claim, reason, run, seen) for run in sums]
        return next((found for found in judged if found.verdict is Verdict.STALE), shown(claim, reason, *sums))
    if heard := _heard(
        claim,
        rf"\b{number}\b[^\n]{{0,40}}\b(?:pass|tests?\b|green)|\b(?:pass|tests?)\w*\W[^\n]{{0,20}}\b{number}\b",
        seen,
    ):
        return heard
    if not runs:
        return unknown(claim)
    reason = f"the last run printed {runs[-1].passed} passed"
    if _is_excess(number, runs, seen) and not _OF_ANOTHER_KIND.search(claim.said):
        return contradicted(claim, f"{reason}, and all runs together fewer than {number}", runs[-1])
    return unknown(claim, reason, runs[-1])


def _left_out(claim: Claim, number: int, fits: Sequence[TestRun], seen: Witnessed) -> JudgedClaim | None:
    """Judge a count that is called all tests, where each run that printed it left tests out or failed others; else None."""
    last = fits[-1]
    if any(not failed(run) and not _chose(run) for run in fits) or (failed(last) and last.passed != number):
        return None
    if not failed(last):
        return unknown(claim, f"the run at {clock(last.moment)} printed it, and only chosen tests were run", last)
    # A sentence on one package, or a message that tells of the failure, means less than all.
    told = seen.tells_failure or bool(named_packages(claim.said)) or last not in standing_failures(seen)
    judge = unknown if told else contradicted
    return judge(claim, f"the run at {clock(last.moment)} that printed it had {last.failed} failed", last)


def _chose(run: TestRun) -> bool:
    """Return whether a run left out tests by their names, or says that it did: `100 deselected`."""
    return scope_of(run.command).chosen or bool(_DESELECTED.search(run.output))


def _summed(runs: Sequence[TestRun], number: int) -> tuple[TestRun, ...]:
    """Return last runs of different suites whose counts add up to the number."""
    last = {suite(run): run for run in runs if run.passed}
    kept = sorted(last.values(), key=lambda run: run.moment)[-_MOST_SUMMED:]
    for size in range(2, len(kept) + 1):
        for some in combinations(kept, size):
            if number in {sum(run.passed or 0 for run in some), sum((run.passed or 0) + run.aside for run in some)}:
                return some
    return ()


def _heard(claim: Claim, pattern: str, seen: Witnessed) -> JudgedClaim | None:
    """Confirm a claim by what a command, a person or a subagent said, where no run of the session shows it."""
    words = re.compile(pattern, re.IGNORECASE)
    for event in filter(seen.is_result, reversed(seen.here)):
        if words.search(without_own_words(event.command, event.output)):
            return shown(claim, f"{quote(event.command, 40)} printed it", event, confidence=Confidence.LIKELY)
    for reason, messages in (("a person's message has it", seen.asked), ("a subagent's result has it", seen.answers)):
        for message in reversed(messages):
            if words.search(message.text):
                return shown(claim, reason, message, confidence=Confidence.POSSIBLE)
    return None


def _is_excess(number: int, runs: Sequence[TestRun], seen: Witnessed) -> bool:
    """Return whether a count is more than all runs have, and nothing else can have run tests.

    Fewer does not contradict: people count functions where runners count cases.
    """
    every = sum(max(counts(run)) for run in {suite(run): run for run in runs}.values())
    unseen = any(
        (isinstance(event, Launch))
        or (isinstance(event, TestRun) and event.passed is None)
        or (not isinstance(event, TestRun) and runs_tests_or_recipe(getattr(event, "command", "")))
        for event in seen.events
    )
    return number > every and number > max(max(counts(run)) for run in runs) and not unseen


def _command(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check a command that is said to have passed, by its last run."""
    said = [shape(words) for words in test_calls(claim.value)]
    alike = [
        run
        for run in seen.tests
        if any(_is_same(shape(words), wanted) for words in test_calls(run.command) for wanted in said)
    ]
    runs = list(filter(decided, alike))
    if not runs:
        return unknown(claim)
    if failed(runs[-1]) and alike[-1] is not runs[-1]:
        return unknown(claim, f"how it ended at {clock(alike[-1].moment)} is not known", alike[-1])
    if failed(runs[-1]):
        return contradicted(claim, _how_it_failed(runs[-1]), runs[-1])
    return fresh(claim, f"its last run, at {clock(runs[-1].moment)}, passed", runs[-1], seen)


def _is_same(ran: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Return whether a command is the one that was said, which may leave `npx` and a path to the program out."""
    names = [word.rsplit("/", 1)[-1] if place == 0 else word for place, word in enumerate(ran)]
    length = len(said)
    return any(tuple(names[at : at + length]) == said or ran[at : at + length] == said for at in range(2))


def _all_passed(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check that all tests passed, or, for the value `pass`, those that were run."""
    runs = [run for run in seen.tests if decided(run)]
    if not runs:
        return _heard(claim, r"\ball (?:\w+ )?(?:tests )?pass|\b\d+ passed\b", seen) or unknown(claim)
    if standing := [run for run in standing_failures(seen) if run.moment >= seen.turn]:
        names = named_packages(claim.said)
        if run := passed_packages(names, seen):
            return fresh(claim, f"its package passed at {clock(run.moment)}", run, seen, Confidence.LIKELY)
        other = bool(names) and not any(name in run.output for name in names for run in standing)
        judge = unknown if seen.tells_failure or other else contradicted
        return judge(claim, _how_it_failed(standing[-1]), standing[-1])
    passed = [run for run in runs if not failed(run)]
    whole = [run for run in passed if _is_whole(run, seen)] if claim.value == "all" else passed
    if not whole:
        reason = "only chosen tests were run" if passed else "the last run failed, before this turn"
        return unknown(claim, reason, runs[-1])
    last = whole[-1]
    write = changed_after(last, seen)
    if write and passed[-1].moment > write.moment:
        name = quote(write.path.rsplit("/", 1)[-1])
        return unknown(claim, f"after {name} was edited, only chosen tests were run", last, write)
    sure = Confidence.CERTAIN if scope_of(last.command).whole else Confidence.LIKELY
    return fresh(claim, f"the last run, at {clock(last.moment)}, passed", last, seen, sure)


def _is_whole(run: TestRun, seen: Witnessed) -> bool:
    """Return whether a run left no test out, or at least none in the folders of this turn's edits."""
    scope = scope_of(run.command)
    if scope.whole:
        return True
    folders = [target.removeprefix("./").removesuffix("...").rstrip("/") for target in scope.targets]
    if scope.chosen or any("." in folder.rsplit("/", 1)[-1] or "::" in folder for folder in folders):
        return False
    edited = [path for write in seen.writes if write.moment >= seen.turn and (path := edited_code(run, write, seen))]
    return bool(edited) and all(any(path.startswith(f"{folder}/") for folder in folders) for path in edited)


def _how_it_failed(run: TestRun) -> str:
    how = f"had {run.failed} failed" if run.failed else f"ended with {run.outcome}"
    return f"the last run, at {clock(run.moment)}, {how}"

"""That a linter, type checker, build or formatter is clean, or CI is, against the last run of that program."""

import re

from forensics.casework.claims.statements.freshness import fresh
from forensics.casework.claims.statements.suites import Checked, checks_of, shape, standing_checks
from forensics.casework.claims.statements.witnessed import Ran, Witnessed, contradicted, shown, unknown
from forensics.formats.transcripts.checks import Check, checks_in
from forensics.formats.transcripts.git_calls import commits
from forensics.formats.transcripts.shell import simple_commands
from forensics.model.claim import Claim, Confidence, JudgedClaim
from forensics.model.prose import clock, quote
from forensics.model.report import Statement

# By the beginnings of the words that agents use: `lint`, `linter` and `linting` are one.
_WORDS = (
    (Check.LINT, ("lint", "eslint", "ruff", "clippy", "golangci", "oxlint", "biome")),
    (Check.TYPES, ("type", "tsc", "mypy", "pyright")),
    (Check.FORMAT, ("format", "prettier")),
    (Check.BUILD, ("build", "compil")),
)
# What hooks that run linters on staged files print of them inside `git commit`.
_IN_HOOK = {
    Check.LINT: re.compile(r"\b(?:eslint|ruff|oxlint|biome|golangci-lint|clippy)\b"),
    Check.FORMAT: re.compile(r"\b(?:prettier|black|ruff[- ]format|gofmt)\b"),
    Check.TYPES: re.compile(r"\b(?:tsc|mypy|pyright)\b"),
}
_CI_FAILED = re.compile(
    r"\bfail(?:ed|ure|ing)?\b|\bpending\b|\bin_progress\b|\bqueued\b|^X ", re.IGNORECASE | re.MULTILINE
)
_CI_PASSED = re.compile(r"\bpass(?:ed)?\b|\bsuccess(?:ful)?\b|✓", re.IGNORECASE)


def judge_clean(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a program found nothing. Silence with exit code 0 is success."""
    if claim.value == "ci":
        return _ci(claim, seen)
    if claim.value == "everything":
        return _judged(claim, frozenset(Check), seen)
    if " " in claim.value and checks_in(claim.value):
        return _command(claim, seen)
    kind = next((check for check, words in _WORDS if claim.value.startswith(words)), Check.BUILD)
    kinds = frozenset({kind})
    if kind is Check.BUILD and not checks_of(seen, kinds):
        kinds = frozenset({Check.TYPES})  # what compiles was often only type-checked
    return _judged(claim, kinds, seen)


def _judged(claim: Claim, kinds: frozenset[Check], seen: Witnessed) -> JudgedClaim:
    """Judge by the failures that stand, else by the last run."""
    if standing := [found for found in standing_checks(seen, kinds) if found.run.moment >= seen.turn]:
        last = standing[-1].run
        judge = unknown if seen.tells_failure else contradicted
        return judge(claim, f"{quote(last.command, 60)} failed at {clock(last.moment)}", last)
    found = [each for each in checks_of(seen, kinds) if each.result.passed]
    if found:
        return fresh(claim, _passed(found[-1]), found[-1].run, seen)
    return _by_hook(claim, kinds, seen) or unknown(claim)


def _command(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Judge a command that is said to have succeeded, by its last run."""
    said = [shape(words) for words in simple_commands(claim.value)]
    found = [
        each
        for each in checks_of(seen, checks_in(claim.value))
        if any(shape(each.result.words)[-len(wanted) :] == wanted for wanted in said)
    ]
    if not found:
        return _judged(claim, checks_in(claim.value), seen)
    if found[-1].result.passed:
        return fresh(claim, _passed(found[-1]), found[-1].run, seen)
    last = found[-1].run
    return contradicted(claim, f"{quote(last.command, 60)} failed at {clock(last.moment)}", last)


def _passed(found: Checked) -> str:
    return f"{quote(found.run.command, 60)} passed at {clock(found.run.moment)}"


def _by_hook(claim: Claim, kinds: frozenset[Check], seen: Witnessed) -> JudgedClaim | None:
    """Confirm a claim by a commit whose hook ran the program."""
    for event in reversed(seen.here):
        names = (pattern for kind, pattern in _IN_HOOK.items() if kind in kinds)
        if event.exit_code == 0 and commits(event.command) and any(name.search(event.output) for name in names):
            reason = f"the hook of the commit at {clock(event.moment)} ran it"
            return fresh(claim, reason, event, seen, Confidence.LIKELY)
    return None


def _ci(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Judge what is said of CI by the last look at it: `gh pr checks`, `gh run watch`."""
    looks = [event for event in seen.ran if _reads_ci(event)]
    if not looks:
        return unknown(claim)
    last = looks[-1]
    if _CI_PASSED.search(last.output) and not _CI_FAILED.search(last.output):
        return shown(claim, f"{quote(last.command, 40)} showed it at {clock(last.moment)}", last)
    return unknown(claim, f"{quote(last.command, 40)} does not show it, at {clock(last.moment)}", last)


def _reads_ci(event: Ran) -> bool:
    return any(
        words[0] == "gh" and words[1:3] in {("pr", "checks"), ("run", "watch"), ("run", "view"), ("run", "list")}
        for words in simple_commands(event.command)
    )

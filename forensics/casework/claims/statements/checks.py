"""That a linter, type checker, build or formatter is clean, or CI is, against the last run of that program."""

import re

from forensics.casework.claims.statements.ci import judge_ci
from forensics.casework.claims.statements.freshness import fresh
from forensics.casework.claims.statements.suites import (
    Checked,
    checks_of,
    decided,
    shape,
    standing_checks,
    standing_failures,
)
from forensics.casework.claims.statements.witnessed import Witnessed, contradicted, unknown
from forensics.formats.transcripts.checks import Check, checks_in
from forensics.formats.transcripts.git_calls import commits
from forensics.formats.transcripts.shell import simple_commands
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict
from forensics.model.prose import clock, quote
from forensics.model.report import Statement

# By the beginnings of the words that agents use: `lint`, `linter` and `linting` are one.
_WORDS = (
    (Check.LINT, ("lint", "eslint", "ruff", "clippy", "golangci", "oxlint", "biome")),
    (Check.TYPES, ("type", "tsc", "mypy", "pyright")),
    (Check.FORMAT, ("format", "prettier")),
    (Check.BUILD, ("build", "compil")),
)
# `CI`, and what stands for it before *checks*: `GitHub checks`, `PR checks`.
_CI = frozenset({"ci", "github", "remote", "pr", "status"})
# What hooks that run linters on staged files print of them inside `git commit`.
_IN_HOOK = {
    Check.LINT: re.compile(r"\b(?:eslint|ruff|oxlint|biome|golangci-lint|clippy)\b"),
    Check.FORMAT: re.compile(r"\b(?:prettier|black|ruff[- ]format|gofmt)\b"),
    Check.TYPES: re.compile(r"\b(?:tsc|mypy|pyright)\b"),
}


def judge_clean(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a program found nothing. Silence with exit code 0 is success."""
    if claim.value in _CI:
        return judge_ci(claim, seen)
    if claim.value in {"everything", "checks"}:
        return _everything(claim, seen)
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
        judged = fresh(claim, _passed(found[-1]), found[-1].run, seen)
        later = _by_hook(claim, kinds, seen) if judged.verdict is Verdict.STALE else None
        return later if later and later.verdict is Verdict.CONFIRMED else judged
    return _by_hook(claim, kinds, seen) or unknown(claim)


def _everything(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Judge *all clean*: nothing that was run in this turn stands failed, and the last run covers the last edit; else by CI."""
    failed = [*(each.run for each in standing_checks(seen, frozenset(Check))), *standing_failures(seen)]
    if standing := [run for run in failed if run.moment >= seen.turn]:
        return unknown(claim, f"{quote(standing[-1].command, 60)} failed at {clock(standing[-1].moment)}", standing[-1])
    runs = [each.run for each in checks_of(seen, frozenset(Check)) if each.result.passed]
    runs += [run for run in seen.tests if decided(run)]
    if not runs:
        return judge_ci(claim, seen)
    last = max(runs, key=lambda run: run.moment)
    judged = fresh(claim, f"{quote(last.command, 60)} passed at {clock(last.moment)}", last, seen)
    return judged if judged.verdict is Verdict.CONFIRMED else judge_ci(claim, seen)


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

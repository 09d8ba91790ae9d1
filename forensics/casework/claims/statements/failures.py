"""Failures that a unit's last message leaves out: the last run of a suite or check failed, and nothing says so."""

import re
from collections.abc import Iterator

from forensics.casework.claims.statements.freshness import changed_after
from forensics.casework.claims.statements.suites import failed, standing_checks, standing_failures, suite
from forensics.casework.claims.statements.witnessed import Ran, Witnessed, shown
from forensics.casework.join import Account
from forensics.formats.messages.failures import tells_failure
from forensics.formats.transcripts.checks import Check
from forensics.formats.transcripts.git_calls import commits, pushes
from forensics.formats.transcripts.test_commands import runs_tests
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.prose import clock, quote
from forensics.model.transcript import TestRun

# Formatters rewrite files and then report that they did: that is not a failure.
_CHECKS = frozenset({Check.LINT, Check.TYPES, Check.BUILD})
# Characters of a command in a claim's value.
_SHORT = 60


def omissions(account: Account, seen: Witnessed) -> Iterator[JudgedClaim]:
    """Yield a claim for each failure of the turn that no message since tells."""
    for run in _failures(seen):
        since = (message for message in (*seen.agent.said, *seen.asked) if run.moment < message.moment <= seen.until)
        if any(tells_failure(message.text) for message in since):
            continue
        command = re.sub(r"\s+", " ", run.command).strip()[:_SHORT]
        claim = account.claim(ClaimKind.FAILURE, command, account.report.ref)
        sure = Confidence.POSSIBLE if changed_after(run, seen) else Confidence.LIKELY
        reason = f"{quote(command)} failed at {clock(run.moment)}, was not run again, and the message does not say so"
        yield shown(claim, reason, run, verdict=Verdict.OMITTED, confidence=sure)


def _failures(seen: Witnessed) -> Iterator[Ran]:
    """Yield the agent's own failed runs of this turn that nothing took back, and that its work can have caused."""
    found: list[Ran] = [run for run in standing_failures(seen) if _is_run(run) and not _failed_before(run, seen)]
    found += [each.run for each in standing_checks(seen, _CHECKS)]
    first = min((write.moment for write in seen.writes), default=None)
    for run in sorted(found, key=lambda each: each.moment):
        if run.moment >= seen.turn and str(run.ref) in seen.own_ids and first and run.moment > first:
            yield run


def _is_run(run: TestRun) -> bool:
    """Return whether a command ran tests itself or by a hook, and did not only show what had been printed."""
    return runs_tests(run.command) or commits(run.command) or pushes(run.command)


def _failed_before(run: TestRun, seen: Witnessed) -> bool:
    """Return whether the same tests failed alike before the first edit, or on the base (work stashed away)."""
    first = min((write.moment for write in seen.writes), default=run.moment)
    return any(
        failed(other)
        and other.failed == run.failed
        and ((suite(other) == suite(run) and other.moment < first) or "git stash" in other.command)
        for other in seen.tests
        if other is not run
    )

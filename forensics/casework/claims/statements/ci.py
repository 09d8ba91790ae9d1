"""What a session saw of CI: the last look at it, by `gh pr checks`, `gh run view` or the API."""

import re
from datetime import datetime

from forensics.casework.claims.statements.witnessed import Ran, Witnessed, shown, unknown
from forensics.formats.transcripts.shell import simple_commands
from forensics.model.claim import Claim, JudgedClaim
from forensics.model.prose import clock, quote

_CI_FAILED = re.compile(
    r"\bfail(?:ed|ure|ing)?\b|\bpending\b|\bin_progress\b|\bqueued\b|^X ", re.IGNORECASE | re.MULTILINE
)
_CI_PASSED = re.compile(r"\bpass(?:ed)?\b|\bsuccess(?:ful)?\b|✓", re.IGNORECASE)
# `gh pr checks --watch` and `gh run watch` print this line above each state; the first ones are pending.
_REFRESHED = re.compile(r"^Refreshing (?:checks|run) status\b.*$", re.MULTILINE)
# The API's answers hold CI's states under these keys; its other answers say nothing of CI.
_STATES = re.compile(r'"(?:conclusion|statusCheckRollup|bucket)"\s*:')


def judge_ci(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Judge what is said of CI by the last look at it."""
    looks = [event for event in seen.ran if reads_ci(event)]
    if not looks:
        return unknown(claim)
    last = looks[-1]
    if shows_success(last) and not _CI_FAILED.search(_latest(last)):
        return shown(claim, f"{quote(last.command, 40)} showed it at {clock(last.moment)}", last)
    return unknown(claim, f"{quote(last.command, 40)} does not show it, at {clock(last.moment)}", last)


def looked_after(moment: datetime, seen: Witnessed) -> Ran | None:
    """Return the last look at CI after a moment that showed something passing: a message may speak of that run."""
    later = (event for event in reversed(seen.ran) if event.moment > moment)
    return next((event for event in later if reads_ci(event) and shows_success(event)), None)


def shows_success(event: Ran) -> bool:
    """Return whether a look at CI showed at least one check that passed."""
    return _CI_PASSED.search(_latest(event)) is not None


def _latest(event: Ran) -> str:
    """Return the last state that a look at CI printed; `--watch` prints one state after another."""
    return _REFRESHED.split(event.output)[-1]


def reads_ci(event: Ran) -> bool:
    """Return whether a command looks at CI."""
    return any(
        words[0] == "gh"
        and (
            words[1:3] in {("pr", "checks"), ("run", "watch"), ("run", "view"), ("run", "list")}
            or (words[1:2] in {("api",), ("pr",)} and _STATES.search(event.output) is not None)
        )
        for words in simple_commands(event.command)
    )

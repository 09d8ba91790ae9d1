"""Pull requests: that they exist, are mergeable, or were merged, against git's refs and the session's commands."""

import re
from dataclasses import replace

from forensics.casework.claims.commit_evidence import DIGITS
from forensics.casework.claims.statements.witnessed import Witnessed, shown, unknown
from forensics.formats.transcripts.git_calls import reads_git
from forensics.formats.transcripts.printed_results import without_own_words
from forensics.formats.transcripts.shell import Words, simple_commands
from forensics.model.claim import Claim, Confidence, JudgedClaim
from forensics.model.prose import clock, quote, short
from forensics.model.report import Statement

# Programs that speak with a host of repositories.
_HOSTS = frozenset({"gh", "hub", "glab", "tea", "az", "curl"})
# The words of GitHub's API for the states that messages speak of.
_STATE = re.compile(r'"?\b(?:MERGEABLE|CONFLICTING|MERGED|CLOSED)\b"?')


def judge_pull(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a pull request exists: by git's refs, or as a command printed it or a person wrote it; and its state."""
    if not claim.value.isdigit():
        return _state(claim, seen)
    if any(
        ref.startswith((f"refs/pull/{claim.value}/", f"refs/remotes/origin/pr/{claim.value}"))
        for ref in seen.history.refs
    ):
        return shown(claim, "git has its head")
    word = re.compile(rf"(?:#|/pull/|\bPR |\bpr (?:\w+ )?|/pulls/){claim.value}\b", re.IGNORECASE)
    asking = [event for event in reversed(seen.ran) if _calls_host(event.command) or reads_git(event.command)]
    for event in asking:
        if word.search(without_own_words(event.command, event.output)):
            return shown(claim, f"{quote(event.command, 40)} printed it", event)
    for message in (*reversed(seen.asked), *seen.answers):
        if word.search(message.text):
            return shown(claim, "a message to the agent names it", message, confidence=Confidence.LIKELY)
    for command in asking:
        if command.exit_code == 0 and _calls_host(command.command) and word.search(command.command):
            return shown(claim, f"{quote(command.command, 40)} names it", command, confidence=Confidence.LIKELY)
    return _merged(claim, claim.value, seen) or unknown(claim)


def _merged(claim: Claim, number: str, seen: Witnessed) -> JudgedClaim | None:
    """Confirm a claim by a commit that merges a pull request."""
    merges = re.compile(rf"\(#{number}\)$|^Merge pull request #{number}\b")
    # Whoever makes a commit words its subject: the session's own `Add it (#17)` shows no pull request.
    own = {made.sha[:DIGITS] for made in seen.made}
    landed = (commit for commit in seen.history.commits.values() if merges.search(commit.subject))
    found = next((commit for commit in landed if commit.sha[:DIGITS] not in own), None)
    return replace(shown(claim, f"{short(found.sha)} merges it"), commit=found.sha) if found else None


def _state(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check what is said of a pull request's state by the last look at it, or by the command that merged it."""
    state, _, number = claim.value.partition(" ")
    for event in reversed(seen.ran):
        calls = [words for words in simple_commands(event.command) if words[0] == "gh"]
        if state == "merged" and event.exit_code == 0 and any(_merges(words, number) for words in calls):
            return shown(claim, f"{quote(event.command, 40)} merged it", event)
        if calls and (match := _STATE.search(event.output)):
            if match[0].strip('"').lower() == state and (state != "merged" or number in event.command):
                return shown(claim, f"{quote(event.command, 40)} printed it at {clock(event.moment)}", event)
            break
    return (_merged(claim, number, seen) if number else None) or unknown(claim)


def _merges(words: tuple[str, ...], number: str) -> bool:
    return words[1:3] == ("pr", "merge") and number in words


def _calls_host(command: str) -> bool:
    """Return whether a command asks a host about pull requests: `gh pr create`, `curl https://api.example.org/…/pulls/17`."""
    return any(map(is_host, simple_commands(command)))


def is_host(words: Words) -> bool:
    """Return whether a simple command is a code host's program, or asks one over the network."""
    return words[0].rsplit("/", 1)[-1] in _HOSTS

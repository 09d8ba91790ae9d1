"""Commits that transcripts show being made: by whom, and what became of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from forensics.casework.agents.ties import in_its_tree
from forensics.casework.claims.commit_evidence import DIGITS
from forensics.casework.claims.twins import successor
from forensics.formats.transcripts.commit_calls import commit_calls
from forensics.formats.transcripts.git_calls import commits
from forensics.model.claim import Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit, History
from forensics.model.prose import clock, quote, short
from forensics.model.transcript import AgentRun, Command, CommitMade, TestRun, Transcripts

# A commit is authored within its call, in which hooks and tests run. One authored hours before it, under the same subject, is
# the first version of what was amended, or another commit: `fix lint` comes twice a day.
_CALL = timedelta(minutes=10)
# A result may be written down a moment before the commit's own second is over.
_CLOCK = timedelta(seconds=5)


def judge_made(
    judged: JudgedClaim, made: tuple[AgentRun, CommitMade], history: History, sure: Confidence
) -> JudgedClaim:
    """Judge a gone commit that a transcript shows being made: it became another one, or it was lost."""
    agent, event = made
    who = f"agent {quote(agent.id, 20)} made it at {clock(event.moment)}"
    after = successor(event, history)
    if after is None:
        reasons = (f"{who}, so it existed", *judged.reasons)
        return replace(judged, confidence=sure, reasons=reasons, evidence=(*judged.evidence, event.ref))
    then = abs(event.moment - after.author_time) <= _CALL
    when, sureness = (
        ("then", Confidence.CERTAIN) if then else (f"at {clock(after.author_time, event.moment)}", Confidence.LIKELY)
    )
    reason = f"{who}, and it became {short(after.sha)}, authored {when} under the same subject"
    found = judged_by(judged.claim, Verdict.REWRITTEN, sureness, reason, commit=judged.commit, twin=after.sha)
    return replace(found, evidence=(*found.evidence, event.ref))


def commit_made(value: str, transcripts: Transcripts) -> tuple[AgentRun, CommitMade] | None:
    """Return who made a commit, by the id git printed, and the event."""
    for agent in transcripts.agents:
        for event in agent.of(CommitMade):
            if in_its_tree(event, agent) and (event.sha.startswith(value) or value.startswith(event.sha)):
                return agent, event
    return None


def quiet_commits(transcripts: Transcripts, history: History) -> int:
    """Return how many commits may have been made unseen: `git commit -q` prints nothing, a test run's output is not kept.

    A call whose commit git has, by its time, hides none: a session that commits quietly may still invent a hash.
    """
    calls = sorted(_quiet_calls(transcripts), key=lambda event: event.moment)
    printed = {event.sha[:DIGITS] for agent in transcripts.agents for event in agent.of(CommitMade)}
    known = {sha: commit for sha, commit in history.commits.items() if calls and sha[:DIGITS] not in printed}
    hidden = 0
    for event in calls:
        fits = [commit for commit in known.values() if _made_by(event, commit)]
        if fits:
            del known[max(fits, key=lambda commit: commit.commit_time).sha]
        hidden += not fits
    return hidden


def _quiet_calls(transcripts: Transcripts) -> Iterator[Command | TestRun]:
    """Yield the calls that may have committed and printed no commit."""
    for agent in transcripts.agents:
        printed = {event.ref for event in agent.of(CommitMade)}
        for event in agent.ran():
            silent = isinstance(event, TestRun) or not event.exit_code
            if silent and event.ref not in printed and commits(event.command):
                yield event


def _made_by(event: Command | TestRun, commit: Commit) -> bool:
    """Return whether a commit was made, or authored, within a call, under the subject that the call gave, if it shows it."""
    subjects = {call.message.split("\n", 1)[0] for call in commit_calls(event.command, event.cwd) if call.message}
    near = any(-_CALL <= moment - event.moment <= _CLOCK for moment in (commit.commit_time, commit.author_time))
    return near and (not subjects or commit.subject in subjects)

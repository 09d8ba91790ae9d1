"""Commits that transcripts show being made: by whom, and what became of them."""

from dataclasses import replace
from datetime import timedelta

from forensics.casework.agents.ties import in_its_tree
from forensics.casework.claims.twins import successor
from forensics.formats.transcripts.git_calls import commits
from forensics.model.claim import Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import History
from forensics.model.prose import clock, quote, short
from forensics.model.transcript import AgentRun, CommitMade, TestRun, Transcripts

# A commit is authored within its call, in which hooks and tests run. One authored hours before it, under the same subject, is
# the first version of what was amended, or another commit: `fix lint` comes twice a day.
_CALL = timedelta(minutes=10)


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


def commits_quietly(transcripts: Transcripts) -> bool:
    """Return whether a commit may have been made unseen: `git commit -q` prints nothing, a test run's output is not kept."""
    for agent in transcripts.agents:
        printed = {event.ref for event in agent.of(CommitMade)}
        for event in agent.ran():
            silent = isinstance(event, TestRun) or not event.exit_code
            if silent and event.ref not in printed and commits(event.command):
                return True
    return False

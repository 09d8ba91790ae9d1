"""Hashes in an agent's message that git does not have: made and rewritten, made and lost, printed to it, or not known.

A message cites what its agent saw, and not all of that is kept: outputs are cut, and what tools other than the shell
returned is not read. So `Join.printed` has where the whole files hold such a hash. Only one that they nowhere hold, and
that the message says its agent made, is missing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from forensics.casework.claims.made_commits import commit_made, judge_made, quiet_commits
from forensics.casework.join import Join
from forensics.model.claim import Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit, History
from forensics.model.prose import quote, short
from forensics.model.report import Role, StepReport
from forensics.model.transcript import AgentRun, Command, CommitMade, TestRun, Transcripts

# The line of a hash says that the agent made it. A list of a branch's commits, as of a log that it was shown, does not.
_SAYS_MADE = re.compile(
    r"\bcommitted\b|\bcommit(?:s)?(?: created| made|:| is| hash)|\bcreated commit|\bmade commit", re.IGNORECASE
)
# A subject that is this short may stand in any message's text: `fix`, `update docs`.
_TELLING = 12


def hear_message(judged: JudgedClaim, report: StepReport, join: Join) -> JudgedClaim:
    """Return the judged claim of a message's hash that git does not have, with what the transcripts show about it."""
    value, agents = judged.claim.value, join.agents_of(judged.claim.step)
    if made := commit_made(value, join.transcripts):
        found = judge_made(judged, made, join.history, Confidence.LIKELY)
        return found if found.verdict is Verdict.REWRITTEN else _squashed(found, made[1], join.history)
    if not agents:
        return judged
    for event in _commands(join.transcripts.agents):
        if value[:7] in event.output and value[:7] not in event.command:  # what it typed itself shows nothing
            reason = f"{quote(event.command, 40)} printed it; {judged.reason}"
            return replace(judged, verdict=Verdict.UNSUPPORTED, reasons=(reason,), evidence=(event.ref,))
    if ref := join.printed.get(value):
        found = _not_known(judged, "its session's transcript has it, and this clone does not")
        return replace(found, evidence=(*found.evidence, ref))
    if len(_absent(report, join.history)) <= quiet_commits(Transcripts(agents), join.history):
        return _not_known(judged, "a commit of its session may have been made unseen")
    context = next((mention.context for mention in report.hashes if mention.value == value), "")
    if judged.claim.role is not Role.OWN or not _SAYS_MADE.search(context):
        return _not_known(judged, "the message does not say that its agent made it")
    return replace(judged, reasons=(*judged.reasons, "no command of its session made or printed it"))


def _absent(report: StepReport, history: History) -> set[str]:
    """Return the hashes that a message gives as commits and git does not have, by their first digits."""
    commits = [mention.value for mention in report.hashes if mention.role in {Role.OWN, Role.OTHER}]
    return {value[:7] for value in commits if (found := history.lookups.get(value)) is None or found.type is None}


def _not_known(judged: JudgedClaim, reason: str) -> JudgedClaim:
    return replace(judged, verdict=Verdict.UNSUPPORTED, reasons=(reason, *judged.reasons))


def _commands(agents: tuple[AgentRun, ...]) -> Iterator[Command | TestRun]:
    return (event for agent in agents for event in agent.ran())


def _squashed(judged: JudgedClaim, made: CommitMade, history: History) -> JudgedClaim:
    """Judge a commit that was made and is gone as rewritten, where a later one lists its subject: a squash merge does."""
    if len(made.subject) < _TELLING:
        return judged
    for commit in history.commits.values():
        if commit.commit_time >= made.moment and _lists(commit, made.subject):
            reason = f"its agent made it, and {short(commit.sha)}, a squash of several, lists its subject"
            found = judged_by(judged.claim, Verdict.REWRITTEN, Confidence.LIKELY, reason, twin=commit.sha)
            return replace(found, evidence=(*found.evidence, made.ref))
    return judged


def _lists(commit: Commit, subject: str) -> bool:
    return subject in commit.body or commit.subject.startswith(f"{subject} (#")

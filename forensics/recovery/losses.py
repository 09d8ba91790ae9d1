"""Commits that reports or transcripts show and this clone lacks, with the records that show their work."""

from collections.abc import Iterator

from forensics.casework.claims.made_commits import commit_made
from forensics.casework.readings import commit_claims
from forensics.model.case import Case
from forensics.model.claim import Claim, Verdict
from forensics.model.finding import Fate, Finding
from forensics.model.recovery import Lost
from forensics.model.report import Role
from forensics.model.source import Ref
from forensics.model.transcript import AgentRun, CommitMade, FileWrite
from forensics.recovery.off_branch_commits import made_commits


def losses(case: Case, findings: tuple[Finding, ...]) -> tuple[Lost, ...]:
    """Return what is lost, each commit once, in order of the steps."""
    found: dict[str, Lost] = {}
    for finding in (*_claimed(case), *_unclaimed(case, findings)):
        # A report and a transcript shorten the same hash to different lengths; 7 digits is git's own shortest.
        found.setdefault(finding.value[:7], finding)
    return tuple(found.values())


def _claimed(case: Case) -> Iterator[Lost]:
    for value, claims in commit_claims(case, Verdict.MISSING).items():
        own = [
            judged.claim
            for judged in claims
            if (judged.claim.role is Role.OWN or _names_a_step_s_work(judged.claim)) and not judged.claim.superseded
        ]
        if own:
            made = commit_made(value, case.transcripts)
            records = _records(*made) if made else ()
            step = own[0].about or own[0].step or ""
            yield Lost(value, step, own[0].subject or (made[1].subject if made else ""), records or (own[0].ref,))


def _names_a_step_s_work(claim: Claim) -> bool:
    """Return whether a report names another step's commit; one that belongs to no step (quoted output) is not known to be lost."""
    return claim.role is Role.OTHER and claim.about is not None


def _unclaimed(case: Case, findings: tuple[Finding, ...]) -> Iterator[Lost]:
    """Yield the commits that only a transcript shows: its record has the message, the edits before it the content."""
    for finding in findings:
        dossier = case.dossier(finding.affected) if finding.rule.fate is Fate.LOST else None
        for event in made_commits(dossier) if dossier else ():
            if dossier and event.ref == finding.at:
                agent = next(agent for agent in case.transcripts.agents if event in agent.events)
                yield Lost(event.sha, dossier.id, event.subject, _records(agent, event))


def _records(agent: AgentRun, made: CommitMade) -> tuple[Ref, ...]:
    """Return the record of a commit, and those of the writes since the agent's commit before it."""
    earlier = [event.moment for event in agent.events if isinstance(event, CommitMade) and event.moment < made.moment]
    writes = [
        event.ref
        for event in agent.events
        if isinstance(event, FileWrite) and event.moment <= made.moment and (not earlier or event.moment > earlier[-1])
    ]
    return (made.ref, *dict.fromkeys(writes))

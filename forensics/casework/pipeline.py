"""From records to a Case, in stages that each take the run as known so far and return it with more filled in.

1. *attribute* (`attribute.py`): whose each commit is. A run with a plan and one of tickets differ here only.
2. *judge*: what git makes of each claim. Claimed commits first: files are then judged by what the step rightly claims.
3. *reconcile rewrites*: where history was rewritten, a commit without a trace may have been dropped by the rewrite.
4. *read transcripts*: what the agents' own records show of the claims that git left open.
5. *assemble* (`assemble.py`): the Case, sorted by step.

Between the first stage and the second, `app` asks git and the transcripts' folders about what was attributed.
"""

from collections.abc import Iterable
from dataclasses import replace

from forensics.casework.agents.ties import tie
from forensics.casework.assemble import assemble
from forensics.casework.attribution.ranges import inside
from forensics.casework.attribution.steps import oldest_first
from forensics.casework.claims.commit_evidence import evidence_of
from forensics.casework.claims.commits import judge_commits
from forensics.casework.claims.files_and_tests import judge_files, judge_tests
from forensics.casework.claims.rewrites import explained, find_rewrite, whereabouts
from forensics.casework.claims.statements import judge_statements
from forensics.casework.claims.transcripts import hear_claim
from forensics.casework.clock import container_of
from forensics.casework.files import holds_work
from forensics.casework.join import Account, Join, WorkByStep
from forensics.model.case import Attribution, Case, RunKind
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.prose import quote
from forensics.model.report import Role
from forensics.model.steps import same_step


def build_case(join: Join) -> Case:
    """Take an attributed run through the later stages. Pure: the same run gives the same case."""
    return assemble(read_transcripts(reconcile_rewrites(judge(join))))


def judge(join: Join) -> Join:
    """Judge every claim by git, and add to each step the commits that its reports rightly claim."""
    join = _with_claims(join, judge_commits(join.accounts, evidence_of(join)))
    if not join.planned:
        return join  # documents name commits only, and a mention in passing makes no commit a ticket's
    join = replace(join, commits=_with_claimed_commits(join))
    return _with_claims(join, [(*account.claims, *_other_claims(account, join)) for account in join.accounts])


def reconcile_rewrites(join: Join) -> Join:
    """Find out whether history was rewritten, from this plan's claims and those of its neighbours."""
    history = join.history
    reports = tuple(Account(report, container_of(report, history)) for report in join.neighbours)
    # A neighbour's step 1.2 is not this plan's: its commits are found by what it says of them.
    neighbours = judge_commits(reports, replace(evidence_of(join), commits_of={})) if reports else ()
    found = [whereabouts(account, account.claims) for account in join.accounts]
    found += [whereabouts(account, claims) for account, claims in zip(reports, neighbours, strict=True)]
    rewrite = find_rewrite(found, history)
    if rewrite is None:
        return join
    return replace(
        _with_claims(join, [explained(account.claims, rewrite) for account in join.accounts]), rewrite=rewrite
    )


def read_transcripts(join: Join) -> Join:
    """Tie agents to steps, and let their transcripts decide the claims that git cannot."""
    if join.run.kind is not RunKind.SESSIONS:
        join = replace(join, ties=tie(join.transcripts, join.plan, join.run, join.commits))
    else:
        said = [(*account.claims, *judge_statements(account, join)) for account in join.accounts]
        join = _with_claims(join, said)
    heard = (tuple(hear_claim(judged, account.report, join) for judged in account.claims) for account in join.accounts)
    return _with_claims(join, heard)


def _with_claims(join: Join, claims: Iterable[tuple[JudgedClaim, ...]]) -> Join:
    judged = zip(join.accounts, claims, strict=True)
    return replace(join, accounts=tuple(replace(account, claims=found) for account, found in judged))


def _other_claims(account: Account, join: Join) -> tuple[JudgedClaim, ...]:
    own = [found for step in account.report.steps for found in join.commits.get(step, ())]
    aside = [found for step in account.report.steps for found in join.elsewhere.get(step, ())]
    others = [
        found
        for step, work in join.commits.items()
        if not any(same_step(step, mine) for mine in account.report.steps)
        for found in work
    ]
    return (*judge_files(account, own, aside, others, join.history), *judge_tests(account))


def _with_claimed_commits(join: Join) -> WorkByStep:
    """Add to each step the commits its own reports claim rightly, and those that took over from claimed ones."""
    found = {step: {known.commit.sha: known for known in work} for step, work in join.commits.items()}
    for account in join.accounts:
        for made in _claimed(account, join):
            for step in account.report.steps:
                known = found.setdefault(step, {}).get(made.commit.sha)
                if known is None or known.confidence.rank < made.confidence.rank:
                    found[step][made.commit.sha] = made
    return {step: oldest_first(work.values()) for step, work in found.items()}


def _claimed(account: Account, join: Join) -> list[Attribution]:
    """Return the commits that an account claims as its steps' own, those inside claimed ranges included."""
    found, folder = [], join.run.path
    for judged in account.claims:
        commit = join.history.get(_present_hash(judged))
        if judged.claim.role is Role.OWN and commit and judged.claim.about in account.report.steps:
            work = any(not path.startswith(f"{folder}/") for path in commit.paths()) or commit.changes is None
            found.append(Attribution(commit, judged.confidence, "the step's report names it", work))
    for mention in account.report.hashes:
        for commit in inside(mention, join.history) if mention.role is Role.OWN else ():
            reason = f"it lies in the range {quote(f'{mention.since}..{mention.value}')} that the report names"
            found.append(Attribution(commit, Confidence.LIKELY, reason, holds_work(commit, (), folder)))
    return found


def _present_hash(judged: JudgedClaim) -> str | None:
    """Return the id of the commit on the branch that a claimed hash means, which may be another one now."""
    if judged.verdict is Verdict.CONFIRMED:
        return judged.commit
    return judged.twin if judged.verdict in {Verdict.REWRITTEN, Verdict.SELF_CITING, Verdict.ALTERED} else None

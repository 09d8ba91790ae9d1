"""Judge claimed commits: what git has here; `gone.py` judges the others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.casework.claims.commit_evidence import CommitEvidence
from forensics.casework.claims.gone import Gone, judge_gone
from forensics.casework.claims.items import folded_into, is_all_that_was_claimed
from forensics.casework.claims.named_commits import NamedCommits
from forensics.casework.claims.twin import rewritten_as
from forensics.casework.files import is_bookkeeping, is_shared_file
from forensics.casework.join import Account, of_step
from forensics.casework.paths import locate
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit
from forensics.model.prose import listing, quote, short
from forensics.model.report import HashMention, Role

# Quotations (a log, a diff) and strings that only look like a hash (a digest) claim no commit.
_LOOKED_AT = (Role.OWN, Role.OTHER, Role.BASE)


def judge_commits(accounts: Sequence[Account], known: CommitEvidence) -> tuple[tuple[JudgedClaim, ...], ...]:
    """Judge every hash that accounts mention as a commit, account by account. Quotations are not claims.

    What git has is judged first in all accounts: a commit that one rightly names is not where another's work lives on.
    """
    found = [[(*made, _judge_found(*made, account, known)) for made in _claims(account)] for account in accounts]
    named = NamedCommits.of(zip(accounts, ([judged for *_, judged in made] for made in found), strict=True))
    pairs = list(zip(accounts, found, strict=True))
    absent = [
        Gone(mention, claim, account) for account, made in pairs for mention, claim, judged in made if judged is None
    ]
    gone = judge_gone(absent, known, named)
    return tuple(tuple(judged or gone[claim] for _, claim, judged in made) for account, made in pairs)


def _claims(account: Account) -> Iterator[tuple[HashMention, Claim]]:
    for mention in account.report.hashes:
        if mention.role in _LOOKED_AT:
            yield (
                mention,
                replace(
                    account.claim(ClaimKind.COMMIT, mention.value, mention.ref),
                    about=mention.about,
                    role=mention.role,
                    subject=mention.subject,
                ),
            )


def _judge_found(mention: HashMention, claim: Claim, account: Account, known: CommitEvidence) -> JudgedClaim | None:
    """Judge a hash that names something here; None if it names nothing."""
    # A SHA-256 digest in a SHA-1 repository, in a place made for commits.
    if (digits := len(next(iter(known.history.commits), ""))) and len(claim.value) > digits:
        reason = f"it has {len(claim.value)} digits, and this repository's commits have {digits}"
        return judged_by(claim, Verdict.NOT_A_COMMIT, Confidence.CERTAIN, reason)
    lookup = known.history.lookups.get(claim.value)
    if lookup is None or lookup.type is None:
        several = judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "the hash fits several objects")
        return several if lookup and lookup.ambiguous else None
    if lookup.place and not lookup.subject:
        # Git keeps a submodule's commit by its hash alone, and takes any: `git update-index --cacheinfo 160000,HASH,PATH`.
        reason = f"this history records it for {quote(lookup.place)}, which is not in this clone"
        return judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, reason)
    if lookup.place:
        reason = f"it is a commit of {quote(lookup.place)}, {quote(lookup.subject)}"
        return JudgedClaim(claim, Verdict.ELSEWHERE, Confidence.CERTAIN, (reason,), lookup.sha)
    if lookup.type != "commit":
        return judged_by(claim, Verdict.NOT_A_COMMIT, Confidence.CERTAIN, f"it names a {lookup.type}")
    commit = known.history.get(lookup.sha)
    if commit is None:
        return judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "the commit exists but could not be read")
    if claim.role is Role.OWN and commit.changes == () and not mention.closes and account.report.sent is None:
        # `git commit --allow-empty` costs nothing; a checkpoint that closes a phase is often made by it.
        reason = f"it exists, but changes no file: {quote(commit.subject)}"
        return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, reason, commit=commit.sha)
    if commit.sha in known.history.on_branch:
        return _judge_on_branch(claim, account, commit, known)
    refs = known.history.refs_reaching(commit.sha)
    if refs:
        reason = f"only {listing(quote(ref) for ref in refs)} {'reaches' if len(refs) == 1 else 'reach'} it"
        return judged_by(claim, Verdict.ELSEWHERE, Confidence.CERTAIN, reason, commit=commit.sha)
    return _judge_unreachable(claim, mention if account.report.itemised else None, commit, known)


def _judge_on_branch(claim: Claim, account: Account, commit: Commit, known: CommitEvidence) -> JudgedClaim:
    sha, owner = commit.sha, known.owner(commit.sha)
    shared = _shares_files(account, commit, known)
    steps = (*account.report.steps, *([claim.about] if claim.about else []))
    belongs = any(found.commit.sha == sha for step in steps for found in of_step(step, known.commits_of))
    if claim.role is not Role.OWN or owner is None or not claim.about or belongs:
        sure = Confidence.CERTAIN if owner or shared else Confidence.LIKELY
        reason = f"it is on the branch: {quote(commit.subject)}"
        return judged_by(claim, Verdict.CONFIRMED, sure, reason, commit=sha)
    if owner[1] is Confidence.CERTAIN and not shared:
        common = {path for mention in account.report.files if (path := locate(mention.path, commit.paths()))}
        but = f" but {listing(map(quote, sorted(common)))}" if common else ""
        reason = f"it is step {owner[0]}'s commit, {quote(commit.subject)}, and changes none of the reported files{but}"
        return judged_by(claim, Verdict.MISATTRIBUTED, Confidence.LIKELY, reason, commit=sha)
    reason = f"it exists, but its subject {quote(commit.subject)} names step {owner[0]}"
    return judged_by(claim, Verdict.CONFIRMED, Confidence.POSSIBLE, reason, commit=sha)


def _shares_files(account: Account, commit: Commit, known: CommitEvidence) -> bool:
    """Return whether a commit changes a file that the report names, or, if it only itemises, that the plan names.

    Shared files count only if the report names no others: two steps' commits both change the changelog.
    """
    report = account.report
    named = [mention.path for mention in report.files]
    own = [path for path in named if not is_shared_file(path)]
    planned = [name for step in report.steps for name in known.planned.get(step, ()) if report.itemised]
    paths = commit.paths()
    return commit.changes is None or any(locate(path, paths) for path in (*(own or named), *planned))


def _judge_unreachable(claim: Claim, item: HashMention | None, commit: Commit, known: CommitEvidence) -> JudgedClaim:
    for sha in sorted(known.history.on_branch):
        twin = known.history.commits[sha]
        if why := rewritten_as(commit, twin, known.history.commits):
            sure = Confidence.CERTAIN if twin.subject == commit.subject else Confidence.LIKELY
            reason = f"no ref reaches it any more, but {short(sha)} {why}"
            return judged_by(claim, Verdict.REWRITTEN, sure, reason, commit=commit.sha, twin=sha)
    whole = folded_into(commit, item, known.history) if item else None
    if whole:
        plans = all(is_bookkeeping(path, claim.ref.path.rpartition("/")[0]) for path in commit.paths())
        gone = "no ref reaches it any more"
        reason = f"{gone}, but {short(whole.sha)}, which brought the report, changes the same files"
        sure = Confidence.LIKELY
        if plans:
            reason = f"{gone}, and it changes only the plan's own documents; {short(whole.sha)} brought the report"
            # Agents tick tasks with the last commit before them, which added the plan and holds no work.
            sure = Confidence.LIKELY if item and is_all_that_was_claimed(commit, whole, item) else Confidence.POSSIBLE
        return judged_by(claim, Verdict.REWRITTEN, sure, reason, commit=commit.sha, twin=whole.sha)
    if known.history.searched.unread:  # it may lie behind one of these
        reason = "the object exists, but the history that may lead to it is damaged"
        return judged_by(claim, Verdict.UNTESTABLE, Confidence.LIKELY, reason, commit=commit.sha)
    reason = f"the object exists but no ref reaches it; `git branch rescued {commit.sha[:12]}` brings it back"
    return judged_by(claim, Verdict.UNREACHABLE, Confidence.CERTAIN, reason, commit=commit.sha)

"""Claimed commits and what the evidence makes of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forensics.casework.claims.items import find_item, folded_into
from forensics.casework.claims.twins import Account, find_twin, same_work
from forensics.casework.clock import container_of
from forensics.casework.paths import is_everybodys, locate
from forensics.model.case import Attribution
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.history import Commit, History, Searched
from forensics.model.prose import count, listing, quote, short
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.source import CommitRef
from forensics.model.steps import same_step

_LOOKED_AT = (Role.OWN, Role.OTHER, Role.BASE)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a claimed commit is judged by.

    History, each step's commits, every path the history ever had, its commits by their first seven digits, and the files
    that the plan gives each step.
    """

    history: History
    commits_of: Mapping[str, tuple[Attribution, ...]]
    paths: frozenset[str]
    by_digits: Mapping[str, tuple[str, ...]]
    planned: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def owner(self, sha: str) -> tuple[str, Confidence] | None:
        """Return the step a commit belongs to, by the surest attribution."""
        owners = [
            (step, one.confidence) for step, ones in self.commits_of.items() for one in ones if one.commit.sha == sha
        ]
        return max(owners, key=lambda owner: owner[1].rank, default=None)

    def of_step(self, step: str | None) -> tuple[Attribution, ...]:
        """Return the commits of a step id, `7` and `7.0` being one."""
        return next((ones for one, ones in self.commits_of.items() if step and same_step(one, step)), ())


def judge_commits(report: StepReport, bench: Bench, *, superseded: bool) -> tuple[JudgedClaim, ...]:
    """Judge every hash one account mentions as a commit; quotations are kept, unjudged, as not claims."""
    confirmed = tuple(
        commit
        for mention in report.hashes
        if mention.role is Role.OWN and (commit := bench.history.get(_lookup_sha(mention, bench.history))) is not None
    )
    account = Account(report, container_of(report, bench.history), confirmed)
    stranger = bool(report.files) and not any(locate(one.path, bench.paths) for one in report.files)
    judged = []
    for mention in report.hashes:
        if mention.role not in _LOOKED_AT:
            continue
        claim = Claim(
            step=report.steps[0] if report.steps else None,
            about=mention.about,
            kind=ClaimKind.COMMIT,
            role=mention.role,
            value=mention.value,
            ref=mention.ref,
            subject=mention.subject,
            superseded=superseded,
        )
        judged.append(_judge(claim, mention, account, bench, stranger=stranger))
    return tuple(judged)


def _lookup_sha(mention: HashMention, history: History) -> str | None:
    lookup = history.lookups.get(mention.value)
    return lookup.sha if lookup and lookup.type == "commit" and not lookup.place else None


def _judge(claim: Claim, mention: HashMention, account: Account, bench: Bench, *, stranger: bool) -> JudgedClaim:
    history = bench.history
    lookup = history.lookups.get(claim.value)
    if lookup is None or lookup.type is None:
        if lookup is not None and lookup.ambiguous:
            return JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "the hash fits several objects")
        return _judge_gone(claim, mention, account, bench, stranger=stranger)
    if lookup.place:
        said = f", {quote(lookup.subject)}" if lookup.subject else ", which this history records for it"
        return JudgedClaim(
            claim,
            Verdict.ELSEWHERE,
            Confidence.CERTAIN,
            f"it is a commit of {quote(lookup.place)}{said}",
            commit=lookup.sha,
        )
    if lookup.type != "commit":
        return JudgedClaim(claim, Verdict.NOT_A_COMMIT, Confidence.CERTAIN, f"it names a {lookup.type}")
    commit = history.get(lookup.sha)
    if commit is None:
        return JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, "the commit exists but could not be read")
    return _judge_present(claim, mention, account.report, commit, bench)


def _judge_present(claim: Claim, mention: HashMention, report: StepReport, commit: Commit, bench: Bench) -> JudgedClaim:
    history = bench.history
    evidence = (CommitRef(commit.sha),)
    if commit.sha not in history.on_branch:
        refs = history.refs_reaching(commit.sha)
        if refs:
            return JudgedClaim(
                claim,
                Verdict.ELSEWHERE,
                Confidence.CERTAIN,
                f"only {listing(quote(ref) for ref in refs)} {'reaches' if len(refs) == 1 else 'reach'} it",
                commit=commit.sha,
                evidence=evidence,
            )
        return _judge_unreachable(claim, mention if report.itemised else None, commit, bench)
    owner = bench.owner(commit.sha)
    if claim.role is Role.OWN and owner and claim.about and not _belongs(commit.sha, claim, report, bench):
        if owner[1] is Confidence.CERTAIN and not _shares_files(report, commit, bench):
            return JudgedClaim(
                claim,
                Verdict.MISATTRIBUTED,
                Confidence.LIKELY,
                f"it is step {owner[0]}'s commit, {quote(commit.subject)}, and changes none of the "
                f"reported files{_but_everybodys(report, commit)}",
                commit=commit.sha,
                evidence=evidence,
            )
        return JudgedClaim(
            claim,
            Verdict.CONFIRMED,
            Confidence.POSSIBLE,
            f"it exists, but its subject {quote(commit.subject)} names step {owner[0]}",
            commit=commit.sha,
            evidence=evidence,
        )
    sure = Confidence.CERTAIN if owner or _shares_files(report, commit, bench) else Confidence.LIKELY
    return JudgedClaim(
        claim,
        Verdict.CONFIRMED,
        sure,
        f"it is on the branch: {quote(commit.subject)}",
        commit=commit.sha,
        evidence=evidence,
    )


def _belongs(sha: str, claim: Claim, report: StepReport, bench: Bench) -> bool:
    steps = (*report.steps, *([claim.about] if claim.about else []))
    return any(one.commit.sha == sha for step in steps for one in bench.of_step(step))


def _shares_files(report: StepReport, commit: Commit, bench: Bench) -> bool:
    """Tell whether a commit changes a file that the report names, or, where it only itemises, that the plan gives its step.

    By the report's own files, if it names any but everybody's.
    """
    named = [mention.path for mention in report.files]
    own = [path for path in named if not is_everybodys(path)]
    planned = [name for step in report.steps for name in bench.planned.get(step, ()) if report.itemised]
    paths = commit.paths()
    return commit.changes is None or any(locate(path, paths) for path in (*(own or named), *planned))


def _but_everybodys(report: StepReport, commit: Commit) -> str:
    both = {path for mention in report.files if (path := locate(mention.path, commit.paths()))}
    return f" but {listing(map(quote, sorted(both)))}" if both else ""


def _judge_unreachable(claim: Claim, item: HashMention | None, commit: Commit, bench: Bench) -> JudgedClaim:
    for sha in sorted(bench.history.on_branch):
        twin = bench.history.commits[sha]
        why = same_work(commit, twin)
        if why:
            sure = Confidence.CERTAIN if twin.subject == commit.subject else Confidence.LIKELY
            reason = f"no ref reaches it any more, but {short(sha)} {why}"
            return JudgedClaim(
                claim, Verdict.REWRITTEN, sure, reason, commit=commit.sha, twin=sha, evidence=(CommitRef(sha),)
            )
    whole = folded_into(commit, item, bench.history) if item else None
    if whole:
        reason = f"no ref reaches it any more, but {short(whole.sha)}, which brought the report, changes the same files"
        return JudgedClaim(
            claim,
            Verdict.REWRITTEN,
            Confidence.LIKELY,
            reason,
            commit=commit.sha,
            twin=whole.sha,
            evidence=(CommitRef(whole.sha),),
        )
    return JudgedClaim(
        claim,
        Verdict.UNREACHABLE,
        Confidence.CERTAIN,
        f"the object exists but no ref reaches it; `git branch rescued {commit.sha[:12]}` brings it back",
        commit=commit.sha,
        evidence=(CommitRef(commit.sha),),
    )


def _judge_gone(claim: Claim, mention: HashMention, account: Account, bench: Bench, *, stranger: bool) -> JudgedClaim:
    meant = _altered(claim.value, bench)
    if meant:
        return JudgedClaim(
            claim,
            Verdict.ALTERED,
            Confidence.CERTAIN,
            f"its first digits are those of {short(meant.sha)}, {quote(meant.subject)}; the rest is not",
            twin=meant.sha,
            evidence=(CommitRef(meant.sha),),
        )
    absent = _submodule_named(mention, bench.history.searched)
    own = bench.of_step(claim.about or claim.step)
    find = find_item if account.report.itemised else find_twin
    twin = None if absent else find(mention, account, own, bench.history)
    if twin:
        return JudgedClaim(
            claim,
            twin.verdict,
            twin.confidence,
            twin.reason,
            twin=twin.commit.sha,
            evidence=(CommitRef(twin.commit.sha),),
        )
    if absent:
        where = f"the report puts it into {quote(absent)}, a submodule that is not in this clone"
        return JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, where)
    if stranger:
        why = "this repository has never had the files the report names; it may lie in another one (`--also-repo DIR`)"
        return JudgedClaim(claim, Verdict.UNTESTABLE, Confidence.LIKELY, why)
    reason = f"no such object: {what_was_searched(bench.history.searched)}"
    return JudgedClaim(claim, Verdict.MISSING, _absence_confidence(bench.history.searched), reason)


def _altered(value: str, bench: Bench) -> Commit | None:
    """Return the one commit that shares at least seven leading digits with a longer claimed hash."""
    if len(value) <= 7:
        return None
    fits = bench.by_digits.get(value[:7], ())
    return bench.history.get(fits[0]) if len(fits) == 1 else None


def _submodule_named(mention: HashMention, searched: Searched) -> str | None:
    """Return the absent submodule that a claim's own words put it into; other repositories may stand for it."""
    said = mention.context.lower()
    if searched.other_repositories or not searched.submodules_absent:
        return None
    for path in searched.submodules_absent:
        if path.rsplit("/", 1)[-1].lower() in said:
            return path
    return searched.submodules_absent[0] if "submodule" in said and "parent" not in said else None


def _absence_confidence(searched: Searched) -> Confidence:
    """Absence proves only "not in this clone": a shallow one is weak ground."""
    return Confidence.POSSIBLE if searched.shallow else Confidence.LIKELY


def what_was_searched(searched: Searched) -> str:
    """Say what was searched for a commit, and what could not be."""
    looked = [
        f"{count(searched.refs, 'ref')} with {count(searched.commits, 'commit')}",
        "unreachable objects",
    ]
    if searched.reflog:
        looked.append("the reflog")
    looked += [f"submodule {quote(path)}" for path in searched.submodules_read]
    looked += [f"repository {quote(name)}" for name in searched.other_repositories]
    lacking = [] if searched.reflog else ["no reflog"]
    lacking += [] if searched.pull_heads else ["no pull-request heads"]
    lacking += ["history cut off by a shallow clone"] if searched.shallow else []
    lacking += [f"no submodule {quote(path)}" for path in searched.submodules_absent]
    return f"searched {listing(looked)}" + (f"; this clone has {listing(lacking)}" if lacking else "")

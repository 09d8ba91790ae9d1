"""Statements that git alone can show, for a text whose session is not known: paths, branches, pull requests, pushes."""

import re
from collections.abc import Callable, Iterator, Sequence

from forensics.casework.join import Account, Join
from forensics.casework.paths import locate
from forensics.model.case import Attribution
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.history import Commit, History
from forensics.model.prose import listing, quote, short

# What a path must have had done to it, by git's letter.
_LETTERS = {"created": "A", "deleted": "D"}


def judge_by_git(claim: Claim, account: Account, join: Join) -> JudgedClaim:
    """Judge a statement by the commits of its unit and by refs; what git cannot show is untestable."""
    judge = _BY_KIND.get(claim.kind)
    if judge is None:
        return judged_by(
            claim, Verdict.UNTESTABLE, Confidence.LIKELY, "git alone does not show it, and no session was read"
        )
    step = account.step or ""
    own = [*join.commits.get(step, ()), *join.elsewhere.get(step, ())]
    return judge(claim, own, join.history)


def _file(claim: Claim, own: Sequence[Attribution], history: History) -> JudgedClaim:
    verb, _, path = claim.value.partition(" ")
    for commit in (found.commit for found in own):
        if locate(path, commit.paths()):
            return judged_by(
                claim, Verdict.CONFIRMED, Confidence.CERTAIN, f"{short(commit.sha)} changes it", commit=commit.sha
            )
    changed = [(commit, status) for commit, status in _changes(path, history)]
    wanted = [commit for commit, status in changed if status == _LETTERS.get(verb, status)]
    if wanted:
        last = max(wanted, key=lambda commit: commit.place_in_time)
        reason = f"{short(last.sha)}, {quote(last.subject)}, {'adds' if verb == 'created' else 'changes'} it"
        return judged_by(claim, Verdict.CONFIRMED, Confidence.LIKELY, reason, commit=last.sha)
    reason = "no commit here does it" if changed else "no commit here has that path"
    return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, reason)


def _changes(path: str, history: History) -> Iterator[tuple[Commit, str]]:
    for commit in history.commits.values():
        found = locate(path, commit.paths())
        for change in commit.changes or () if found else ():
            if change.path == found:
                yield commit, change.status


def _branch(claim: Claim, own: Sequence[Attribution], history: History) -> JudgedClaim:
    refs = [ref for ref in history.refs if ref.startswith(("refs/heads/", "refs/remotes/"))]
    named = [ref for ref in refs if ref.endswith(f"/{claim.value}")]
    if named or claim.value == history.branch:
        return judged_by(
            claim, Verdict.CONFIRMED, Confidence.CERTAIN, f"git has it: {listing(map(quote, named or [claim.value]))}"
        )
    return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, "this clone has no such branch")


def _pull(claim: Claim, own: Sequence[Attribution], history: History) -> JudgedClaim:
    landed = re.compile(rf"\(#{claim.value}\)$|^Merge pull request #{claim.value}\b")
    found = next((commit for commit in history.commits.values() if landed.search(commit.subject)), None)
    if found:
        return judged_by(
            claim, Verdict.CONFIRMED, Confidence.CERTAIN, f"{short(found.sha)} landed it", commit=found.sha
        )
    if f"refs/pull/{claim.value}/head" in history.refs:
        return judged_by(claim, Verdict.CONFIRMED, Confidence.CERTAIN, "git has its head")
    return judged_by(claim, Verdict.UNSUPPORTED, Confidence.LIKELY, "this clone shows no such pull request")


def _pushed(claim: Claim, own: Sequence[Attribution], history: History) -> JudgedClaim:
    tips = {ref: tip for ref, tip in history.refs.items() if ref.startswith("refs/remotes/")}
    wanted = [found.commit.sha for found in own] or [history.head]
    there = history.ancestors(tips.values())
    if tips and all(sha in there for sha in wanted):
        return judged_by(
            claim, Verdict.CONFIRMED, Confidence.LIKELY, f"a remote branch has {short(wanted[-1])}", commit=wanted[-1]
        )
    return judged_by(
        claim, Verdict.UNSUPPORTED, Confidence.LIKELY, f"no remote branch of this clone has {short(wanted[-1])}"
    )


_BY_KIND: dict[ClaimKind, Callable[[Claim, Sequence[Attribution], History], JudgedClaim]] = {
    ClaimKind.FILE: _file,
    ClaimKind.BRANCH: _branch,
    ClaimKind.PULL: _pull,
    ClaimKind.PUSHED: _pushed,
}

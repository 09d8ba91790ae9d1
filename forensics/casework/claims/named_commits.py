"""The commits that a run's accounts rightly name: what stands for one piece of work cannot stand for another."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.casework.agents.test_first import is_test
from forensics.casework.claims.twin import Twin
from forensics.casework.join import Account
from forensics.formats.dialects import steps_of_commit
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.report import HashMention, Role
from forensics.model.source import TextRef
from forensics.model.steps import same_step

# The verdicts by which a hash means a commit that exists or existed: that commit's work is spoken for.
_RIGHT = frozenset({Verdict.CONFIRMED, Verdict.ELSEWHERE, Verdict.UNREACHABLE, Verdict.REWRITTEN})
# What a report calls a commit that it replaced itself. Agents commit "WIP", amend it, and list both hashes.
_PROVISIONAL = re.compile(r"\b(?:wip|amend(?:ed)?|squashed|fixup|rebased)\b", re.IGNORECASE)
# How a report labels the commit with the failing test. Some agents amend it with the code, and still list both.
_RED = re.compile(r"\bRED\b|\bfailing tests?\b")


@dataclass(frozen=True, slots=True)
class _Naming:
    """One hash that means a commit; `gone` if it does so only because the work of the gone hash lives on there.

    `closes` if it is named as a phase's checkpoint.
    """

    value: str
    about: str
    report: TextRef
    gone: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class NamedCommits:
    """Where each commit is named as a step's own work."""

    by_commit: Mapping[str, Sequence[_Naming]]

    @classmethod
    def of(cls, judged: Iterable[tuple[Account, Iterable[JudgedClaim | None]]]) -> "NamedCommits":
        """Collect the commits that accounts name rightly; another step's commit, named wrongly, stays that step's."""
        return cls(
            grouped(
                (sha, _Naming(entry.claim.value, about, account.report.ref, closes=_closes(entry, account)))
                for account, claims in judged
                for entry in claims
                if entry and entry.claim.role is Role.OWN and entry.verdict in _RIGHT
                if (sha := entry.twin or entry.commit) and (about := entry.claim.about or entry.claim.step)
                if entry.confidence is not Confidence.POSSIBLE
            )
        )

    def with_twin(self, mention: HashMention, account: Account, twin: Twin) -> "NamedCommits":
        """Add that a commit stands for a gone hash; a squash may stand for more of them."""
        if twin.squash or twin.verdict is Verdict.REDONE:
            return self
        naming = _Naming(mention.value, mention.about or account.step or "", account.report.ref, gone=True)
        sha = twin.commit.sha
        return replace(self, by_commit={**self.by_commit, sha: (*self.by_commit.get(sha, ()), naming)})

    def is_free(self, commit: Commit, mention: HashMention, account: Account) -> bool:
        """Return whether a commit can be where the work of a gone hash lives on: it stands for no other work."""
        about = mention.about or account.step or ""
        for naming in self.by_commit.get(commit.sha, ()):
            if naming.value.startswith(mention.value) or mention.value.startswith(naming.value):
                continue
            if naming.report == account.report.ref and same_step(naming.about, about):
                if account.report.itemised or not replaced(commit, mention, already=naming.gone):
                    return False
            # A commit of two steps, by its own subject, is both steps' work.
            elif not any(same_step(step, about) for step in (naming.about, *steps_of_commit(commit.subject))):
                return False
        return True

    def only_for(self, commit: Commit, about: str) -> bool:
        """Return whether every account that names a commit names it for one step, or its own subject does."""
        if any(same_step(step, about) for step in steps_of_commit(commit.subject)):
            return True
        return all(same_step(naming.about, about) for naming in self.by_commit.get(commit.sha, ()))

    def only_gone(self, commit: Commit) -> bool:
        """Return whether no account names a commit by a hash that exists: then it may stand for several that do not."""
        return all(naming.gone for naming in self.by_commit.get(commit.sha, ()))

    def only_closes(self, commit: Commit) -> bool:
        """Return whether accounts name a commit as a phase's checkpoint, and for no other work."""
        return all(naming.closes for naming in self.by_commit.get(commit.sha, ()))

    def beside(self, mention: HashMention, account: Account) -> frozenset[str]:
        """Return the commits that the same account names beside a gone hash, and which may have replaced it."""
        return frozenset(
            sha
            for sha, namings in self.by_commit.items()
            if any(naming.report == account.report.ref and naming.value != mention.value for naming in namings)
        )


def _closes(judged: JudgedClaim, account: Account) -> bool:
    claim = judged.claim
    return any(
        mention.closes and (mention.ref, mention.value) == (claim.ref, claim.value) for mention in account.report.hashes
    )


def replaced(commit: Commit, mention: HashMention, *, already: bool) -> bool:
    """Return whether a commit may have replaced a gone one that the same report names beside it.

    Evidence is needed: the commit was amended, has the gone one's subject, or the report calls the gone one provisional.
    Otherwise an invented hash beside a real one would pass. That a commit was amended explains one gone hash: if it is
    `already` another's twin, it takes more. So do the failing test that it adds and the report's own word for it.
    """
    return (
        (commit.rewritten_later and not already)
        or (bool(mention.subject) and mention.subject == commit.subject)
        or (bool(_PROVISIONAL.search(f"{mention.subject} {mention.context}")) and not already)
        or (holds_its_test(commit, mention) and not already)
    )


def holds_its_test(commit: Commit, mention: HashMention) -> bool:
    """Return whether a commit adds a test beside code, and the gone one is said to have added the failing test.

    The one was then squashed into the other, or was never made: git shows the same either way, and the test is here.
    """
    added = {change.path for change in commit.changes or () if change.status == "A"}
    words = f"{mention.subject} {mention.context}"
    return bool(_RED.search(words)) and any(map(is_test, added)) and not all(map(is_test, commit.paths()))

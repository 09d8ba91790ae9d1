"""Judge claimed commits that are gone, hash by hash: one hash has one verdict, and each hash a twin of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from forensics.casework.claims.commit_evidence import DIGITS, CommitEvidence
from forensics.casework.claims.items import find_item
from forensics.casework.claims.named_commits import NamedCommits
from forensics.casework.claims.rebases import rebased_commits
from forensics.casework.claims.twin import Twin
from forensics.casework.claims.twins import find_twin
from forensics.casework.join import Account, of_step
from forensics.casework.paths import locate
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict, judged_by
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History, Searched
from forensics.model.prose import count, listing, quote, short
from forensics.model.report import HashMention

_OTHER_REPOSITORY = (
    "this repository has never had the files the report names; it may lie in another one (`--also-repo DIR`)"
)

# By the very words, by the words, by likely evidence, by any: what is sure for one hash is not guessed for another.
_ROUNDS: tuple[Callable[[Twin], bool], ...] = (
    lambda twin: twin.closeness == 2,
    lambda twin: twin.closeness > 0,
    lambda twin: twin.confidence is not Confidence.POSSIBLE,
    lambda twin: True,
)

# A test and the code that passes it are two commits, and so are two tasks on one file: more commits than that, claimed to
# be in one squash, are more than its files show.
_COMMITS_OF_A_FILE = 2
# A rebase drops few of the commits that it makes again: those that become empty. In a report of one rebased commit,
# twenty invented hashes were called dropped.
_DROPPED = 0.4


@dataclass(frozen=True, slots=True)
class Gone:
    """One mention of a hash that names nothing in this clone."""

    mention: HashMention
    claim: Claim
    account: Account


@dataclass(frozen=True, slots=True)
class _Ruling:
    """The verdict on one hash, wherever in the run it is cited."""

    verdict: Verdict
    confidence: Confidence
    reason: str
    twin: str | None = None


def judge_gone(mentions: Sequence[Gone], known: CommitEvidence, named: NamedCommits) -> Mapping[Claim, JudgedClaim]:
    """Judge all mentions of hashes that are gone."""
    whole = _whole_hashes({gone.mention.value for gone in mentions})
    cited = grouped((whole[gone.mention.value], gone) for gone in mentions)
    rulings = dict(_altered_ones(cited, known, named))
    rest = {value: found for value, found in cited.items() if value not in rulings}
    rulings |= {value: ruling for value, found in rest.items() if (ruling := _without_twin(found, known))}
    open_ = {value: found for value, found in cited.items() if value not in rulings}
    reports = {gone.mention.ref.path for gone in mentions}
    twins = _without_crowds(_assign(open_, known, named), reports)
    for value, found in open_.items():
        rulings[value] = _ruling(found, twins.get(value), known, _beside(found, open_, twins))
    return {
        gone.claim: judged_by(gone.claim, said.verdict, said.confidence, said.reason, twin=said.twin)
        for gone in mentions
        for said in (rulings[whole[gone.mention.value]],)
    }


def _ruling(found: Sequence[Gone], twin: Twin | None, known: CommitEvidence, beside: "_Beside") -> _Ruling:
    if twin is None:
        return _absent(found, known, beside)
    return _Ruling(twin.verdict, twin.confidence, twin.reason, twin.commit.sha)


def _without_crowds(twins: Mapping[str, Twin], reports: Set[str]) -> dict[str, Twin]:
    """Return the twins; a squash is only a possible one of more commits than its files can have had.

    Whoever commits the reports together with one changed file could else have any number of hashes folded into it.
    """
    squashed = grouped((twin.commit.sha, twin) for twin in twins.values() if twin.squash)
    crowded = {
        sha
        for sha, group in squashed.items()
        if len(group) > _COMMITS_OF_A_FILE * len(group[0].commit.paths() - reports)
    }
    why = "but it changes too few files to stand for all that are claimed"
    return {
        value: replace(twin, confidence=Confidence.POSSIBLE, reason=f"{twin.reason}, {why}")
        if twin.squash and twin.commit.sha in crowded
        else twin
        for value, twin in twins.items()
    }


def _whole_hashes(values: Iterable[str]) -> dict[str, str]:
    """Return for each string the longest one that it is the beginning of: one hash is cited at several lengths."""
    whole: dict[str, str] = {}
    longest: dict[str, list[str]] = {}
    for value in sorted(values, key=lambda each: (-len(each), each)):
        known = longest.setdefault(value[:DIGITS], [])
        whole[value] = next((each for each in known if each.startswith(value)), value)
        known += [value] if whole[value] == value else []
    return whole


def _altered_ones(
    cited: Mapping[str, Sequence[Gone]], known: CommitEvidence, named: NamedCommits
) -> Iterator[tuple[str, _Ruling]]:
    """Yield a ruling on each hash whose first digits are a real commit's and whose rest is not.

    One commit can be meant for one piece of work: with another tail for each step, it would stand for all of them.
    """
    for digits, found in cited.items():
        value = max((gone.mention.value for gone in found), key=len)
        if meant := _altered(value, known):
            reason = f"its first digits are those of {short(meant.sha)}, {quote(meant.subject)}; the rest is not"
            if all(named.only_for(meant, gone.mention.about or gone.account.step or "") for gone in found):
                named = named.with_twin(
                    found[0].mention, found[0].account, Twin(Verdict.ALTERED, meant, Confidence.CERTAIN, reason)
                )
                yield digits, _Ruling(Verdict.ALTERED, Confidence.CERTAIN, reason, meant.sha)
            else:
                yield (
                    digits,
                    _Ruling(Verdict.MISSING, Confidence.LIKELY, f"{reason}, and that commit is claimed for other work"),
                )


def _assign(cited: Mapping[str, Sequence[Gone]], known: CommitEvidence, named: NamedCommits) -> dict[str, Twin]:
    """Give each hash a twin of its own, the surest first."""
    twins: dict[str, Twin] = {}
    # A commit that several tasks claim is their work, one that only a phase's heading claims its checkpoint.
    by_mentions = sorted(cited.items(), key=lambda entry: -len(entry[1]))
    for is_enough in _ROUNDS:
        for digits, found in by_mentions:
            twin = None if digits in twins else _surest(_find(gone, known, named) for gone in found)
            if twin and is_enough(twin):
                twins[digits] = twin
                named = named.with_twin(found[0].mention, found[0].account, twin)
    return twins


def _find(gone: Gone, known: CommitEvidence, named: NamedCommits) -> Twin | None:
    find = find_item if gone.account.report.itemised else find_twin
    own = of_step(gone.claim.about or gone.claim.step or "", known.commits_of)
    return find(gone.mention, gone.account, own, known, named)


def _surest(found: Iterable[Twin | None]) -> Twin | None:
    """Return the surest twin that any mention of one hash leads to; the first of equals."""
    twins = [twin for twin in found if twin]
    return max(twins, key=lambda twin: (twin.closeness, twin.confidence.rank), default=None)


def _without_twin(found: Sequence[Gone], known: CommitEvidence) -> _Ruling | None:
    """Judge a hash by what needs no search for its work."""
    value = max((gone.mention.value for gone in found), key=len)
    if copy := _of(value, known.picked):
        reason = f"{short(copy.sha)} says that it was cherry-picked from it"
        return _Ruling(Verdict.REWRITTEN, Confidence.CERTAIN, reason, copy.sha)
    searched = known.history.searched
    if absent := next((path for gone in found if (path := _submodule_named(gone.mention, searched))), None):
        reason = f"the report puts it into {quote(absent)}, a submodule that is not in this clone"
        return _Ruling(Verdict.UNTESTABLE, Confidence.LIKELY, reason)
    if absent := next((path for gone in found if (path := _submodule_of_files(gone, known))), None):
        reason = f"the step works on files in {quote(absent)}, a submodule that is not in this clone; the commit may be there"
        return _Ruling(Verdict.UNTESTABLE, Confidence.LIKELY, reason)
    return None


@dataclass(frozen=True, slots=True)
class _Beside:
    """The gone hashes that the same reports cite: the twins of some, and how many have none."""

    twins: tuple[Twin, ...]
    absent: int


def _beside(found: Sequence[Gone], cited: Mapping[str, Sequence[Gone]], twins: Mapping[str, Twin]) -> _Beside:
    reports = {gone.account.report.ref for gone in found}
    values = [value for value, others in cited.items() if any(gone.account.report.ref in reports for gone in others)]
    known = tuple(twins[value] for value in values if value in twins)
    return _Beside(known, len(values) - len(known))


def _was_rebased(found: Sequence[Gone], beside: _Beside, known: CommitEvidence) -> bool:
    """Return whether the commit that brought the report was rebased, together with others that the report cites.

    A rebase drops commits that become empty, such as one that restores what the commit before it deleted. In a rebase,
    a commit was authored before the ones below it were committed again; amended ones were not.
    """
    holders = [gone.account.container for gone in found]
    if beside.absent > max(1, _DROPPED * len(beside.twins)):
        return False
    rebased = rebased_commits(known.history)
    return all(
        holder
        and holder.sha in rebased
        and any(twin.commit.sha in rebased and twin.commit.sha != holder.sha for twin in beside.twins)
        for holder in holders
    )


def _absent(found: Sequence[Gone], known: CommitEvidence, beside: _Beside) -> _Ruling:
    """Judge a hash whose work is nowhere.

    Absence proves only "not in this clone".
    """
    history = known.history
    files = [file.path for gone in found for file in gone.account.report.files]
    if files and not any(locate(path, known.paths) for path in files):
        return _Ruling(Verdict.UNTESTABLE, Confidence.LIKELY, _OTHER_REPOSITORY)
    searched, reason = history.searched, what_was_searched(history.searched)
    holders = [gone.account.container for gone in found]
    if not searched.cut and all(holder and _begins(holder, history) for holder in holders):
        # Projects are published or moved as one first commit, with the old reports in it.
        return _Ruling(
            Verdict.UNTESTABLE, Confidence.LIKELY, "this history begins with the commit that brought the report"
        )
    value = max((gone.mention.value for gone in found), key=len)
    if undone := _of(value, known.reverted):
        reason = f"{short(undone.sha)} says that it reverts it, so it existed; {reason}"
        return _Ruling(Verdict.MISSING, Confidence.POSSIBLE, reason)
    if _was_rebased(found, beside, known):
        reason = f"the report was rebased with the commits it cites, which may have dropped this one; {reason}"
        return _Ruling(Verdict.MISSING, Confidence.POSSIBLE, reason)
    # A shallow clone has only the newest commits, a damaged one not all.
    return _Ruling(Verdict.MISSING, Confidence.POSSIBLE if searched.cut else Confidence.LIKELY, reason)


def _begins(holder: Commit, history: History) -> bool:
    """Return whether a history begins with a commit: one without a parent that was merged into an older history does not."""
    return not holder.parents and list(history.first_parents(history.head))[-1:] == [holder.sha]


def _of(value: str, cited: Mapping[str, Commit]) -> Commit | None:
    """Return the commit whose message cites this hash."""
    return next((commit for sha, commit in cited.items() if sha.startswith(value)), None)


def _altered(value: str, known: CommitEvidence) -> Commit | None:
    """Return the one commit that shares its first seven digits with a longer claimed hash."""
    fits = known.by_digits.get(value[:DIGITS], ()) if len(value) > DIGITS else ()
    return known.history.get(fits[0]) if len(fits) == 1 else None


def _submodule_named(mention: HashMention, searched: Searched) -> str | None:
    """Return the absent submodule that a claim's own words put it into; other repositories may stand for it."""
    words = mention.context.lower()
    absent = () if searched.other_repositories else searched.submodules_absent
    named = [path for path in absent if path.rsplit("/", 1)[-1].lower() in words]
    # "committed in the submodule (parent commit: …)" puts a hash into the parent repository.
    unnamed = absent if "submodule" in words and "parent" not in words else ()
    return next(iter((*named, *unnamed)), None)


def _submodule_of_files(gone: Gone, known: CommitEvidence) -> str | None:
    """Return the absent submodule that has files of the report or the plan's step; other repositories may stand for it."""
    if known.history.searched.other_repositories:
        return None
    files = [*(file.path for file in gone.account.report.files), *(f"{f}/" for f in gone.account.report.folders)]
    files += [path for step in gone.account.report.steps for path in known.planned.get(step, ())]
    absent = known.history.searched.submodules_absent
    return next((link for link in absent if any(f"/{link}/" in f"/{path}" for path in files)), None)


def what_was_searched(searched: Searched) -> str:
    """Say what was searched for a commit, and what could not be."""
    looked = [f"{count(searched.refs, 'ref')} with {count(searched.commits, 'commit')}", "unreachable objects"]
    looked += ["the reflog"] * searched.reflog
    looked += [f"submodule {quote(path)}" for path in searched.submodules_read]
    looked += [f"repository {quote(name)}" for name in searched.other_repositories]
    lacking = ["no reflog"] * (not searched.reflog) + ["no pull-request heads"] * (not searched.pull_heads)
    lacking += ["history cut off by a shallow clone"] * searched.shallow
    lacking += [f"{count(len(searched.unread), 'damaged commit')}"] * bool(searched.unread)
    lacking += [f"no submodule {quote(path)}" for path in searched.submodules_absent]
    return f"searched {listing(looked)}" + (f"; this clone has {listing(lacking)}" if lacking else "")

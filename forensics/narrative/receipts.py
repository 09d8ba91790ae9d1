"""The receipts of a run without a plan: said, shown by, verdict, and what the messages leave out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter

from forensics.casework.attribution.tickets import in_window
from forensics.casework.claims.unproven import is_unproven
from forensics.formats.dialects import plan_of
from forensics.model.case import Case, RunKind, StepDossier
from forensics.model.claim import JudgedClaim, Verdict
from forensics.model.finding import Finding
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.prose import count, listing
from forensics.model.receipt import Receipt
from forensics.model.transcript import AgentRun, FileWrite

# A claim that the evidence speaks against. A commit on no branch is not among them: a squash merge leaves such behind.
FALSE = frozenset(
    {
        Verdict.CONTRADICTED,
        Verdict.MISSING,
        Verdict.ALTERED,
        Verdict.OMITTED,
        Verdict.STALE,
        Verdict.MISATTRIBUTED,
    }
)
# These accuse nobody. Hex digits of a tree or a file name no commit, and show none. Work that was done again later shows
# that it is there, and not that the claimed commit was.
UNKNOWN = frozenset({Verdict.UNSUPPORTED, Verdict.UNTESTABLE, Verdict.NOT_A_COMMIT, Verdict.REDONE})
# A commit is timed to the second, a tool's result to the millisecond.
_SECOND = timedelta(seconds=1)


def receipts(case: Case) -> tuple[Receipt, ...]:
    """Return one receipt for each unit of a run without a plan, in the order in which they began."""
    if case.run.kind is not RunKind.SESSIONS:
        return ()
    # What no ref reaches (a snapshot that a tool makes, a lost commit) has kept nothing, and may hold ignored files.
    kept = case.history.ancestors([*case.history.refs.values(), case.history.head])
    later = grouped((path, case.history.commits[sha]) for sha in kept for path in case.history.commits[sha].paths())
    found = [_receipt(case, dossier, later) for dossier in case.dossiers]
    return tuple(
        sorted(found, key=lambda each: (each.start is None, each.start.timestamp() if each.start else 0.0, each.unit))
    )


def is_unknown(judged: JudgedClaim) -> bool:
    """Return whether nothing shows a claim, and nothing speaks against it."""
    return judged.verdict in UNKNOWN or is_unproven(judged)


def plans_of(case: Case) -> tuple[str, ...]:
    """Return the folders of plans that commits of a period changed, for runs without a plan; the latest first."""
    window = (case.run.since, case.run.until)
    if case.run.kind is not RunKind.SESSIONS or window == (None, None):
        return ()
    ordered = sorted(case.history.commits.values(), key=attrgetter("place_in_time"), reverse=True)
    near = (commit for commit in ordered if in_window(commit, window))
    named = (plan_of(path) for commit in near for path in sorted(commit.paths()))
    return tuple(dict.fromkeys(filter(None, named)))


def summary(found: Sequence[Receipt], findings: Sequence[Finding]) -> str:
    """Return in one or two sentences what was claimed, and what of it is true."""
    judged = [claim for each in found for claim in each.claims if not claim.claim.superseded]
    if not found:
        return "No session, pull request or branch of that time was found."
    false = [claim for claim in judged if claim.verdict in FALSE]
    unknown = [claim for claim in judged if is_unknown(claim)]
    shown = len(judged) - len(false) - len(unknown)
    parts = [(shown, "shown"), (len(false), "not true"), (len(unknown), "not shown by anything that was read")]
    what = listing(f"{number} {'is' if number == 1 else 'are'} {words}" for number, words in parts if number)
    claims = (
        f"They make {count(len(judged), 'claim')}: {what}." if judged else "They claim nothing that can be checked."
    )
    open_ = sum(len(each.uncommitted) for each in found)
    left = f" {count(open_, 'written file')} {'is' if open_ == 1 else 'are'} in no commit." if open_ else ""
    serious = [finding for finding in findings if finding.serious]
    more = f" {count(len(serious), 'serious finding')}." if serious else ""
    return f"{_counted(found)}. {claims}{left}{more}"


def _counted(found: Sequence[Receipt]) -> str:
    kinds = grouped((each.kind, each) for each in found)
    names = {"pull": "pull request", "branch": "branch"}
    plural = {"branch": "branches"}
    return listing(count(len(each), names.get(kind, kind), plural.get(kind)) for kind, each in kinds.items())


def _receipt(case: Case, dossier: StepDossier, later: Mapping[str, Sequence[Commit]]) -> Receipt:
    agent = dossier.agents[0] if dossier.agents else None
    own = [found.commit for found in (*dossier.commits, *dossier.elsewhere)]
    spec = dossier.spec
    assert spec is not None  # noqa: S101  (each unit has one)
    last = [judged for judged in dossier.claims if not judged.claim.superseded]
    return Receipt(
        unit=dossier.id,
        kind=spec.kind,
        title=spec.title,
        tool=agent.tool if agent else "",
        start=agent.start if agent else min((commit.author_time for commit in own), default=None),
        end=agent.end if agent else max((commit.commit_time for commit in own), default=None),
        claims=tuple(last),
        commits=tuple(commit.sha for commit in own),
        unmentioned=tuple(_unmentioned(agent, own)) if agent else (),
        uncommitted=tuple(_uncommitted(agent, later)) if agent else (),
        unpushed=tuple(_unpushed(case, own)),
    )


def _unmentioned(agent: AgentRun, own: Sequence[Commit]) -> Iterator[str]:
    """Yield the files of the agent's commits that none of its messages names, if it ended with any message."""
    said = "\n".join(message.text for message in agent.said)
    for path in dict.fromkeys(path for commit in own for path in sorted(commit.paths())):
        if said and path.rsplit("/", 1)[-1] not in said:
            yield path


def _uncommitted(agent: AgentRun, later: Mapping[str, Sequence[Commit]]) -> Iterator[str]:
    """Yield the tracked files that an agent wrote in its work tree and that no commit has changed since."""
    last = {path: event.moment for event in agent.of(FileWrite) if (path := _tracked(event.path, agent.cwd, later))}
    for path, moment in last.items():
        if not any(max(commit.commit_time, commit.author_time) >= moment - _SECOND for commit in later[path]):
            yield path


def _tracked(written: str, cwd: str, known: Mapping[str, object]) -> str | None:
    """Return the repository's path of a written file, None for one that it never had.

    A session may have begun in a subfolder: the repository's root is a folder above, and what is left of the path is known.
    """
    folder = f"{cwd.rstrip('/')}/"
    path = written.replace("\\", "/")
    parts = (path if path.startswith("/") else f"{folder}{path}").split("/")
    for start in range(1, len(parts)):
        tail, root = "/".join(parts[start:]), "/".join(parts[:start])
        if tail in known and folder.startswith(f"{root}/"):
            return tail
    return None


def _unpushed(case: Case, own: Sequence[Commit]) -> Iterator[str]:
    """Yield the commits that only local branches have, where the clone has any remote branch."""
    tips = [tip for ref, tip in case.history.refs.items() if ref.startswith("refs/remotes/")]
    pushed = case.history.ancestors(tips)
    for commit in own if tips else ():
        if commit.sha in case.history.on_branch and commit.sha not in pushed:
            yield commit.sha

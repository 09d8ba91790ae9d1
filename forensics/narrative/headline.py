"""The verdict on the run, in one to three sentences."""

from collections.abc import Mapping, Sequence

from forensics.casework.claims.unproven import is_unproven
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, JudgedClaim, Verdict
from forensics.model.coverage import Coverage
from forensics.model.finding import Finding, Rule, Severity
from forensics.model.postmortem import RootCause
from forensics.model.prose import count, listing, steps_named, upper_first
from forensics.model.report import Role
from forensics.narrative.standing import TRACELESS, Standing

_SUMMARIZED = 4  # kinds of symptom in the verdict: it must fit two lines of a terminal
_STEPS = 8  # steps named in one clause: more do not fit a line
# Below this share of the commits, the steps' verdicts say little about the run: its ids tied 2 % of a night's commits.
_COVERED = 0.5
# A few commits of no step are formatting and merges' repairs: they do not lower a verdict.
_FEW = 3
_GONE = frozenset({Verdict.MISSING, Verdict.REWRITTEN, Verdict.ALTERED, Verdict.UNREACHABLE})


def headline(case: Case, standing: Mapping[str, Standing], findings: Sequence[Finding], cause: RootCause | None) -> str:
    """Return how many steps are sound, what is against them, and how much of the run's work they cover."""
    sound = [step for step, verdict in standing.items() if verdict is Standing.SOUND]
    begun = [step for step, verdict in standing.items() if verdict not in TRACELESS]
    covered = _covered(case.coverage)
    if not begun:
        return f"{_nothing_begun(standing)}{covered}"
    share = f"{len(sound)} of {count(len(standing), 'step')} {'is' if len(sound) == 1 else 'are'} sound"
    serious = [finding for finding in findings if finding.serious]
    if not serious:
        return f"{share}{_rest(standing, begun, sound)}; {_against(case, findings)}.{covered}"
    if cause and cause.known:
        share = f"{share}. {cause.statement}"
        serious = [finding for finding in serious if not finding.rule.cause]
        return f"{share}{_symptoms(serious)}{covered}"
    return f"{share}.{_symptoms(serious)}{covered}"


def _nothing_begun(standing: Mapping[str, Standing]) -> str:
    if all(verdict is Standing.NOT_STARTED for verdict in standing.values()):
        return "No step was started, as far as reports and git show."
    if len(standing) == 1:
        return "No report, commit or transcript names its step: whether it was done is not known."
    steps = count(len(standing), "step")
    return f"No report, commit or transcript names any of its {steps}: whether they were done is not known."


def _rest(standing: Mapping[str, Standing], begun: Sequence[str], sound: Sequence[str]) -> str:
    halted = [step for step in begun if standing[step] is Standing.STOPPED]
    rest = [step for step in begun if step not in {*sound, *halted}]
    lost = [step for step, verdict in standing.items() if verdict is Standing.NO_TRACE]
    clauses = (("stopped", halted), ("could not be verified", rest), ("left no trace", lost))
    return "".join(
        f", {count(len(steps), 'step')} {what} ({listing(steps, limit=_STEPS)})" for what, steps in clauses if steps
    )


def _against(case: Case, findings: Sequence[Finding]) -> str:
    """Return what the evidence has against the reports where no finding is serious."""
    if not any(dossier.reports for dossier in case.dossiers):
        return "there are no reports to check"
    gone = {judged.claim.value for judged in case.claims if _is_gone(judged)}
    # A reported file that the step's commits do not change makes no finding, and is not true all the same.
    false = {(judged.claim.step, judged.claim.kind, judged.claim.value) for judged in case.claims if _is_false(judged)}
    said = [f"{count(len(gone), 'claimed commit')} cannot be found in this clone"] if gone else []
    unproven = {judged.claim.value for judged in case.claims if is_unproven(judged)} - gone
    said += [f"nothing shows {count(len(unproven), 'claimed commit')}"] if unproven else []
    said += [f"the evidence contradicts {count(len(false), 'claim')}"] if false else []
    if said:
        return listing(said)
    medium = [finding for finding in findings if finding.severity is Severity.MEDIUM]
    if medium:
        return f"nothing serious contradicts the reports, but there {'is' if len(medium) == 1 else 'are'} {count(len(medium), 'finding')} of medium severity"
    return "nothing contradicts the reports"


def _is_gone(judged: JudgedClaim) -> bool:
    claim = judged.claim
    own = claim.kind is ClaimKind.COMMIT and claim.role is Role.OWN and not claim.superseded
    return own and judged.verdict in _GONE and judged.twin is None


def _is_false(judged: JudgedClaim) -> bool:
    return judged.verdict is Verdict.CONTRADICTED and not judged.claim.superseded


def _covered(coverage: Coverage) -> str:
    """Return a sentence on the commits of no step, where there are too many to let the verdict speak for the run."""
    if len(coverage.untied) <= _FEW or coverage.tied >= _COVERED * coverage.commits:
        return ""
    tied = (
        f"{coverage.tied:,} of the {coverage.commits:,} commits"
        if coverage.tied
        else f"None of the {coverage.commits:,} commits"
    )
    only = f"Only {tied}" if coverage.tied else tied
    return f" {only} made in the run's time could be tied to a step."


def _symptoms(findings: Sequence[Finding]) -> str:
    """Return what the evidence contradicts, each rule once, with the steps at fault."""
    steps: dict[Rule, list[str]] = {}
    for finding in findings:
        steps.setdefault(finding.rule, []).extend((finding.affected,) if finding.affected else finding.steps)
    clauses = [_clause(rule, tuple(dict.fromkeys(named))) for rule, named in steps.items()]
    return f" {upper_first(listing(clauses, limit=_SUMMARIZED))}." if clauses else ""


def _clause(rule: Rule, steps: tuple[str, ...]) -> str:
    """Return a rule's own clause, else its name; a run-wide finding has no steps to name."""
    name = rule.name.replace("-", " ")
    return (rule.summary or f"{name} at {{}}").format(steps_named(steps)) if steps else name

"""Whether the tool agrees with a label, and which labels say whether a finding is true."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from accuracy.labels import Label
from accuracy.runs import Said, SaidClaim, SaidFinding, SaidStep
from forensics.model.finding import Severity

# What the tool may call each label. A report that cites the commit that holds it was amended into it: a rewrite. A hash
# of which only the head is real names nothing.
VERDICTS = {
    "confirmed": frozenset({"confirmed"}),
    "elsewhere": frozenset({"elsewhere", "unreachable"}),
    "rewritten": frozenset({"rewritten", "redone", "self-citing"}),
    "missing": frozenset({"missing", "altered"}),
}
ACCUSING = frozenset({"missing", "altered", "misattributed"})
# The rules that say the test did not fail first: it passed, was skipped, never ran, or its failure is untrue. The other
# rules of the family speak of how it failed, or of what happened later.
NOT_RED = frozenset({"RED001", "RED002", "RED003", "RED006"})
_TASK = re.compile(r"^phase (?P<phase>\d+)[,:]? task (?P<task>\d+)$")
_PHASE = re.compile(r"(?i:phase) (?P<number>\d+)")
WHOLE_RUN = "run"  # the place of a finding that concerns no single step


@dataclass(frozen=True, slots=True)
class Agreement:
    """A label and what the tool said of it.

    `seen`: it said something at all. `own`: it checked the hash as the run's own work. `accused`: it accused what is
    innocent. `open`: it said that it does not know, which is neither right nor wrong.
    """

    label: Label
    said: str
    right: bool
    seen: bool = True
    own: bool = False
    accused: bool = False
    open: bool = False
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what the labels say of it: true, false, or nothing (None); `by` is the label that says so."""

    said: Said
    finding: SaidFinding
    true: bool | None
    by: Label | None = None


@dataclass(slots=True)
class Compared:
    """Everything that was compared: labels, findings, and the runs that could not be analysed, with the reason."""

    agreements: list[Agreement] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def compare(said: Said, labels: Sequence[Label], into: Compared) -> None:
    """Compare one run's output with its labels."""
    agree = {"claim": _claim, "finding": _finding, "red": _red, "step": _step}
    into.agreements += [agree[label.sort](said, label) for label in labels]
    into.judged += [_judged(said, finding, labels) for finding in said.findings]


def same_step(one: str, other: str) -> bool:
    """Return whether two ids name one step: reports write `45-01` where the tool writes `45.1`."""
    return _plain(one) == _plain(other)


def _plain(step: str) -> tuple[str, ...]:
    """Return an id's parts; `Phase 1 Task 2` is `1.2`, as the tool numbers the tasks of a track."""
    numbered = _TASK.sub(r"\g<phase>.\g<task>", step.casefold())
    return tuple(part.lstrip("0") or "0" for part in re.split(r"[.\-\s#]+", numbered))


def _claim(said: Said, label: Label) -> Agreement:
    found = _claims_at(said, label)
    own = [claim for claim in found if claim.own]
    best = next(iter(own or found), None)
    if best is None:  # nothing was to be seen in what is not a commit, or another's
        return Agreement(label, "not seen", label.label not in VERDICTS, seen=False)
    accused = any(claim.verdict in ACCUSING for claim in own) and label.label != "missing"
    if label.label not in VERDICTS:  # must not be judged as this run's work
        right = not own or all(claim.verdict == "not-a-commit" for claim in own)
    else:  # a commit that does not exist must be missed in somebody's work; any other verdict is as good without an owner
        judged = own if label.label == "missing" else own or found
        right = bool(judged) and all(claim.verdict in VERDICTS[label.label] for claim in judged)
    words = f"{best.verdict}{'' if own else ', not as own work'}: {best.reason}"
    return Agreement(label, words, right, own=bool(own), accused=accused, confidence=best.confidence)


def _claims_at(said: Said, label: Label) -> list[SaidClaim]:
    return [
        claim
        for claim in said.claims
        if _path(claim.path) == _path(label.path)
        and claim.line == label.line
        and _same_hash(claim.value, label.subject)
    ]


def _same_hash(one: str, other: str) -> bool:
    return one.lower().startswith(other.lower()) or other.lower().startswith(one.lower())


def _path(path: str) -> str:
    """Return a path without the commit that a ticket run names before it."""
    return re.sub(r"^[0-9a-f]{7,40}:", "", path)


def _finding(said: Said, label: Label) -> Agreement:
    found = [finding for finding in said.findings if _speaks_of(finding, label)]
    blamed = [finding for finding in found if _blames(finding, label)]
    told = blamed or found
    confidence = told[0].confidence if told else ""
    words = "; ".join(f"{finding.code} {finding.severity}: {finding.message}" for finding in told) or "nothing"
    if label.label == "true":
        words = words if blamed or not found else f"blames {', '.join(sorted(found[0].at_fault))}: {words}"
        return Agreement(label, words, bool(blamed), bool(found), confidence=confidence)
    accused = any(is_accusation(finding) for finding in blamed)
    return Agreement(label, words, not accused, bool(blamed), accused=accused, confidence=confidence)


def is_accusation(finding: SaidFinding) -> bool:
    """Return whether a finding is of medium severity or worse: what users act on."""
    return finding.severity.rank >= Severity.MEDIUM.rank


def _speaks_of(finding: SaidFinding, label: Label) -> bool:
    return (
        finding.code in label.codes
        and (label.place == WHOLE_RUN or any(same_step(step, label.place) for step in finding.steps))
        and (not label.commit or any(_same_hash(named, label.commit) for named in (*finding.commits, *_at(finding))))
    )


def _blames(finding: SaidFinding, label: Label) -> bool:
    return label.place == WHOLE_RUN or any(same_step(step, label.place) for step in finding.at_fault)


def _at(finding: SaidFinding) -> list[str]:
    return [place for place, line in finding.places if line is None]


def _red(said: Said, label: Label) -> Agreement:
    found = [finding for finding in said.findings if _red_violation(finding, label)]
    words = "; ".join(f"{finding.code} {finding.severity}: {finding.message}" for finding in found) or "nothing"
    confidence = found[0].confidence if found else ""
    violated, told = label.label == "violated", bool(found)
    return Agreement(label, words, told == violated, told, accused=told and not violated, confidence=confidence)


def _red_violation(finding: SaidFinding, label: Label) -> bool:
    return (
        finding.code in NOT_RED
        and finding.severity is not Severity.INFO
        and any(same_step(step, label.place) for step in finding.steps)
        and any(place == label.path for place, _ in finding.places)
    )


def _step(said: Said, label: Label) -> Agreement:
    found = [step for step in said.steps if same_step(step.id, label.place)] or _of_phase(said, label.place)
    if not found:
        return Agreement(label, "no such step", False, False)
    # A phase is as far as the step of it that is least far.
    verdict = min((step.verdict for step in found), key=lambda word: (word in LANDED, word not in NOT_STARTED))
    commits = tuple(sha for step in found for sha in step.commits)
    words = f"{verdict}, {', '.join(sha[:7] for sha in commits) or 'no commit'}"
    landed, denied = verdict in LANDED, verdict in NOT_STARTED
    if label.label == "not started":
        return Agreement(label, words, not landed)
    right = landed or (label.label != "landed" and not denied)
    return Agreement(label, words, right, accused=denied, open=not right and not denied)


def _of_phase(said: Said, place: str) -> list[SaidStep]:
    """Return the steps of the phase that a label names as a whole: `Phase 2` of a track whose steps are 2.1 and 2.2."""
    named = _PHASE.fullmatch(place)
    return [step for step in said.steps if named and step.id.partition(".")[0] == named["number"]]


# Verdicts that say the work is on the branch. A violated or contradicted step landed, but something about it is in doubt;
# a misplaced one landed in another step's commit.
LANDED = frozenset({"sound", "violated", "contradicted", "misplaced"})
NOT_STARTED = frozenset({"not-started"})


def _judged(said: Said, finding: SaidFinding, labels: Sequence[Label]) -> Judged:
    """Return what the labels say of a finding: the labels of its rule first, then those of what it rests on."""
    by = _by_its_rule(said, finding, labels) or _by_its_evidence(said, finding, labels)
    if not by:
        return Judged(said, finding, None)
    wrong = [
        label for label, true in by if not true
    ]  # one false accusation makes a finding false, whatever else it names
    return Judged(said, finding, not wrong, wrong[0] if wrong else by[0][0])


def _by_its_rule(said: Said, finding: SaidFinding, labels: Sequence[Label]) -> list[tuple[Label, bool]]:
    direct = [label for label in labels if label.sort == "finding" and _speaks_of(finding, label)]
    blamed = [label for label in direct if _blames(finding, label)]
    if blamed:
        named = [label for label in blamed if label.commit]  # a label that names the commit knows better
        return [(label, label.label == "true") for label in named or blamed]
    # The fault is known, and nothing blames the step that did it: this finding blames its victim.
    return [
        (label, False)
        for label in direct
        if label.label == "true"
        and not any(_speaks_of(other, label) and _blames(other, label) for other in said.findings)
    ]


def _by_its_evidence(said: Said, finding: SaidFinding, labels: Sequence[Label]) -> list[tuple[Label, bool]]:
    by = [
        (label, label.label == "violated") for label in labels if label.sort == "red" and _red_violation(finding, label)
    ]
    for label in labels:
        if label.sort == "claim" and (claim := _accused_by(said, finding, label)):
            by.append((label, claim.verdict in VERDICTS.get(label.label, frozenset())))
    return by


def _accused_by(said: Said, finding: SaidFinding, label: Label) -> SaidClaim | None:
    """Return the labelled claim, if the finding is about its verdict: one of its commits is that hash, at that place."""
    for claim in _claims_at(said, label):
        named = any(commit == claim.value or commit == claim.commit for commit in finding.commits)
        if named and finding.code.startswith("CLM") and claim.verdict not in ("confirmed", "elsewhere"):
            return claim if any(_path(place) == _path(label.path) for place, _ in finding.places) else None
    return None

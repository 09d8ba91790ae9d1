"""Runs detectors over a case: hits become findings, a rule that cannot run is skipped with a reason, a crash is recorded."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from forensics.casework.unit_words import in_units
from forensics.detect.registry import Detector
from forensics.detect.resolver import Resolver
from forensics.model.case import Case, RunKind
from forensics.model.finding import CausalLink, Fault, Finding, Hit, Rule, Skip
from forensics.model.source import Kind


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of running all detectors; `ran` are the rules that ran to their end."""

    findings: tuple[Finding, ...]
    skips: tuple[Skip, ...]
    faults: tuple[Fault, ...]
    ran: tuple[Rule, ...] = ()


def run_detectors(case: Case, detectors: Iterable[Detector]) -> Outcome:
    """Run each detector whose needs the case meets; findings come back worst first."""
    available, resolver = _kinds(case), Resolver(case)
    findings: list[Finding] = []
    skips: list[Skip] = []
    faults: list[Fault] = []
    ran: list[Rule] = []
    for detector in detectors:
        rule = detector.rule
        lacking = sorted(rule.needs - available)
        if lacking:
            skips.append(Skip(rule.code, f"the run has no {' and no '.join(lacking)}"))
            continue
        try:
            findings += _findings(case, detector, resolver)
            ran.append(rule)
        except Exception as error:  # the one place: a detector's crash must not cost the reader the others
            faults.append(Fault(rule.code, f"{type(error).__name__}: {error}"))
    return Outcome(tuple(sorted(findings, key=_worst_first)), tuple(sorted(skips)), tuple(sorted(faults)), tuple(ran))


def _kinds(case: Case) -> frozenset[Kind]:
    has = {
        Kind.GIT: True,
        Kind.PLAN: case.plan.steps,
        # What a plan or tickets ask for. Nobody asked a session for a report, or for one branch.
        Kind.STEP: case.run.kind is not RunKind.SESSIONS,
        Kind.REPORT: case.claims or any(dossier.reports for dossier in case.dossiers),
        Kind.TRANSCRIPT: any(dossier.agents for dossier in case.dossiers),
    }
    return frozenset(kind for kind, there in has.items() if there)


def _worst_first(finding: Finding) -> tuple[int, int, str, str, int]:
    at = finding.at
    return -finding.severity.rank, -finding.confidence.rank, finding.code, at.place, at.line or 0


def _findings(case: Case, detector: Detector, resolver: Resolver) -> list[Finding]:
    """Return a detector's findings with their texts for the narrative: a rule that fails there fails here, alone."""
    rule = detector.rule
    found = sorted((_finding(rule, hit, case) for hit in resolver.call(detector.detect)), key=_worst_first)
    serious = [finding for finding in found if finding.serious]
    statement = rule.cause.statement(case, serious) if rule.cause and serious else ""
    return [replace(finding, link=_link(case, finding), statement=statement) for finding in found]


def _link(case: Case, finding: Finding) -> CausalLink | None:
    """Return the link to a symptom, with the case's own evidence where it has any."""
    symptom = finding.rule.symptom
    if symptom is None:
        return None
    because, shown = (symptom.shown and symptom.shown(case, finding)) or (symptom.because, ())
    return CausalLink(symptom.effect(finding), because, symptom.confidence, tuple(dict.fromkeys((finding.at, *shown))))


def _finding(rule: Rule, hit: Hit, case: Case) -> Finding:
    steps = tuple(dict.fromkeys(filter(None, (hit.culprit, *hit.steps, hit.victim))))
    identity = "\n".join((rule.code, *sorted(steps), "|", *sorted(hit.commits), "|", *sorted(hit.files), hit.at.place))
    return Finding(
        rule=rule,
        severity=hit.severity or rule.severity,
        confidence=hit.confidence,
        message=in_units(hit.message, steps, case),
        at=hit.at,
        culprit=hit.culprit,
        victim=hit.victim,
        steps=steps,
        commits=hit.commits,
        files=hit.files,
        related=tuple(dict.fromkeys(ref for ref in hit.related if ref != hit.at)),
        # 64 bits: short enough to be shown, and long enough that no two findings share one by accident.
        fingerprint=hashlib.sha256(identity.encode()).hexdigest()[:16],
        foreign=hit.foreign,
    )

"""The root cause is composed: the candidate that explains most, with its links; unknown where nothing explains anything."""

from dataclasses import replace
from itertools import permutations

import pytest

from forensics.detect.registry import Detector
from forensics.detect.runner import run_detectors
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Effect, Finding, Hit, Rule, Severity, Symptom
from forensics.model.postmortem import RootCause
from forensics.model.source import FileRef
from forensics.narrative.causes import root_cause
from forensics.testing.script import case_of

CASE = case_of('plan: 1.1 "Set up", 1.2 "Read", 1.3 "Write", 1.4 "Log"')


def _cause(code: str, *explains: str, nearby: bool = False, severity: Severity = Severity.HIGH) -> Rule:
    cause = Cause(lambda _, findings: f"{code} at {len(findings)}.", explains, nearby)
    return Rule(code, code.lower(), severity, effect=Effect.NOTHING, cause=cause)


def _symptom(code: str, *caused_by: str, severity: Severity = Severity.HIGH) -> Rule:
    symptom = Symptom(lambda one: f"{code} at {one.culprit}", "so it was", Confidence.LIKELY, frozenset(caused_by))
    return Rule(code, code.lower(), severity, symptom=symptom)


def _found(*rules: tuple[Rule, str], case: Case = CASE) -> tuple[Finding, ...]:
    """Return findings of rules on steps, as the runner makes them; `steps` are one string."""

    def detector(place: int, rule: Rule, steps: str) -> Detector:
        first, *rest = steps.split()
        hit = Hit(FileRef(f"{rule.code}.md", place), "It is.", first, tuple(rest), confidence=Confidence.CERTAIN)
        return Detector(rule, lambda case: [hit], "")

    outcome = run_detectors(case, [detector(place, rule, steps) for place, (rule, steps) in enumerate(rules, 1)])
    assert outcome.faults == ()
    return outcome.findings


def _of(*rules: tuple[Rule, str]) -> RootCause:
    cause = root_cause(CASE, _found(*rules))
    assert cause
    return cause


def test_nothing_serious_has_no_cause() -> None:
    assert root_cause(CASE, _found((_symptom("X", severity=Severity.MEDIUM), "1.1"))) is None


def test_the_candidate_that_explains_most_is_the_cause_in_any_order() -> None:
    found = [
        (_cause("A", "X"), "1.1 1.2"),
        (_cause("B", "X", "Y"), "1.2 1.3"),
        (_symptom("X"), "1.2"),
        (_symptom("Y"), "1.3"),
    ]
    for order in permutations(found):
        cause = _of(*order)
        assert (cause.known, cause.statement, cause.confidence) == (True, "B at 1.", Confidence.CERTAIN)
        assert [link.effect for link in cause.chain] == ["X at 1.2", "Y at 1.3"]


def test_serious_findings_weigh_more_than_others() -> None:
    low = Severity.LOW
    cause = _of(
        (_cause("A", "X", "Y"), "1.1"), (_symptom("X", severity=low), "1.1"), (_symptom("Y", severity=low), "1.1"),
        (_cause("B", "Z"), "1.2"), (_symptom("Z"), "1.2"),
    )  # fmt: skip
    assert cause.statement == "B at 1."


def test_of_equals_the_worse_is_taken_then_the_first_code() -> None:
    symptoms = [(_symptom("X"), "1.1"), (_symptom("Y"), "1.2")]
    a, b, worse = _cause("A", "X"), _cause("B", "Y"), _cause("B", "Y", severity=Severity.CRITICAL)
    assert _of(*symptoms, (b, "1.2"), (a, "1.1")).statement == "A at 1."
    assert _of(*symptoms, (worse, "1.2"), (a, "1.1")).statement == "B at 1."


def test_a_finding_on_other_steps_is_not_explained() -> None:
    cause = _of((_cause("A", "X"), "1.1 1.2"), (_symptom("X"), "1.3"), (_symptom("X2", "A"), "1.1 1.3"))
    assert not cause.known
    assert (cause.confidence, cause.chain, cause.evidence) == (None, (), ())


@pytest.mark.parametrize(("nearby", "known"), [(True, True), (False, False)])
def test_nearby_reaches_findings_that_share_some_steps(nearby: bool, known: bool) -> None:
    assert _of((_cause("A", "X", nearby=nearby), "1.1 1.2"), (_symptom("X"), "1.2 1.3")).known is known


def test_a_symptom_may_name_its_cause() -> None:
    cause = _of((_cause("A", "Y"), "1.1 1.2"), (_symptom("X", "A"), "1.1"), (_symptom("Y"), "1.2"))
    assert [link.effect for link in cause.chain] == ["Y at 1.2", "X at 1.1"]


def test_a_cause_alone_is_known_and_beside_what_it_does_not_explain_is_not() -> None:
    assert _of((_cause("A", "X"), "1.1")).known
    assert not _of((_cause("A", "X"), "1.1"), (_symptom("Z"), "1.1")).known


def test_the_cause_has_the_evidence_of_all_its_findings_and_a_link_its_own() -> None:
    rule = _cause("A", "X")
    found = _found((rule, "1.1"), (_symptom("X"), "1.1"))
    more = replace(found[0], at=FileRef("more.md", 9), related=(FileRef("shown.md", 2),), fingerprint="f")
    cause = root_cause(CASE, (*found, more))
    assert cause
    assert cause.evidence == (FileRef("A.md", 1), FileRef("more.md", 9), FileRef("shown.md", 2))
    assert [link.evidence for link in cause.chain] == [(FileRef("X.md", 2),)]


def test_what_the_case_shows_of_a_link_is_given_with_its_evidence() -> None:
    shown = (FileRef("seen.md", 7),)
    rule = _symptom("X", "A")
    assert rule.symptom
    rule = replace(rule, symptom=replace(rule.symptom, shown=lambda case, one: ("it was seen", shown)))
    (link,) = _of((_cause("A"), "1.1"), (rule, "1.1")).chain
    assert (link.because, link.evidence) == ("it was seen", (FileRef("X.md", 2), *shown))


def test_a_cause_that_infers_more_than_its_findings_show_is_less_sure() -> None:
    inferred = replace(_cause("A"), cause=Cause(lambda *_: "It was so.", at_most=Confidence.LIKELY))
    assert _of((inferred, "1.1")).confidence is Confidence.LIKELY
    assert _of((_cause("A"), "1.1")).confidence is Confidence.CERTAIN

"""Runs a detector over its own examples."""

import re
from collections.abc import Iterator

from forensics.detect.registry import Detector
from forensics.detect.runner import run_detectors
from forensics.model.case import Case
from forensics.model.finding import Finding
from forensics.testing.pages import Example, Expected, examples_of
from forensics.testing.script import case_of


def failures(detector: Detector) -> Iterator[str]:
    """Yield a sentence for each example the detector does not answer as its page says."""
    for example in examples_of(detector.page):
        if wrong := check(detector, example):
            yield f"{detector.rule.code}, example at line {example.line}: {wrong}"


def check(detector: Detector, example: Example) -> str | None:
    """Return what is wrong with the answer to one example, None if nothing is."""
    return check_case(detector, example, case_of(example.script))


def check_case(detector: Detector, example: Example, case: Case) -> str | None:
    """Return what is wrong with the answer to an example whose script has been read."""
    outcome = run_detectors(case, [detector])
    if outcome.faults:
        return f"it crashed: {outcome.faults[0].what}"
    if outcome.skips and example.expected:
        return f"it did not run: {outcome.skips[0].why}"
    found = sorted(outcome.findings, key=lambda finding: str(finding.at))
    stated = sorted(example.expected, key=lambda expected: expected.at)
    if [str(finding.at) for finding in found] != [expected.at for expected in stated]:
        places = ", ".join(str(finding.at) for finding in found) or "no finding"
        return f"expected {', '.join(expected.at for expected in stated) or 'no finding'}, got {places}"
    differences = (_difference(expected, finding) for expected, finding in zip(stated, found, strict=True))
    return next(filter(None, differences), None)


def _difference(expected: Expected, finding: Finding) -> str | None:
    """Return the first stated value that differs, or that the steps, the one at fault or the victim are not stated."""
    for name in ("steps", "culprit", "victim"):
        if getattr(finding, name) and name not in expected.values:
            return f"the finding at {expected.at} needs {name}={_shown(getattr(finding, name))}"
    for name, value in expected.values.items():
        shown = _shown(getattr(finding, name))
        if shown != value:
            return f"the finding at {expected.at} has {name}={shown}, the page says {name}={value}"
    return None


def _shown(value: object) -> str:
    """Return a finding's value as a page writes it: tuples with commas, whole hashes as their first seven digits."""
    if isinstance(value, tuple):
        return ",".join(map(_shown, value))
    text = "" if value is None else str(value)
    return text[:7] if re.fullmatch("[0-9a-f]{40}", text) else text

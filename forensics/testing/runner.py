"""Runs a detector over its own examples."""

from collections.abc import Iterator

from forensics.detect.registry import Detector
from forensics.detect.runner import run_detectors
from forensics.testing.pages import Example, examples_of
from forensics.testing.script import case_of


def failures(detector: Detector) -> Iterator[str]:
    """Yield a sentence for each example the detector does not answer as its page says."""
    for example in examples_of(detector.page):
        told = check(detector, example)
        if told:
            yield f"{detector.rule.code}, example at line {example.line}: {told}"


def check(detector: Detector, example: Example) -> str | None:
    """Return what is wrong with the answer to one example, None if nothing is."""
    outcome = run_detectors(case_of(example.script), [detector])
    if outcome.faults:
        return f"it crashed: {outcome.faults[0].what}"
    places = [str(finding.at) for finding in outcome.findings]
    if not example.flags:
        return f"it flags {places}" if places else None
    if example.at not in places:
        return f"expected a finding at {example.at}, got {places or 'none'}"
    return None

"""Every detector's page is complete, and every example on it is answered as it says."""

import pytest

from forensics.detect.registry import Detector, load_detectors
from forensics.testing.pages import Example, examples_of, page_problems
from forensics.testing.runner import check

DETECTORS = load_detectors()
EXAMPLES = [
    pytest.param(detector, example, id=f"{detector.rule.code}:{example.line}")
    for detector in DETECTORS
    for example in examples_of(detector.page)
]


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.rule.code)
def test_a_page_has_its_sections(detector: Detector) -> None:
    assert list(page_problems(detector.page)) == []


@pytest.mark.parametrize(("detector", "example"), EXAMPLES)
def test_an_example_is_answered(detector: Detector, example: Example) -> None:
    assert check(detector, example) is None

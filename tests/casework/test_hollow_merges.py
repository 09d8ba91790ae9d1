"""Confidence in a hollow merge: how many signs agree, and of which kind."""

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.claim import Confidence
from forensics.testing.script import case_of

FIRST = "tickets: R\\d+\ncommit c1c: \"Queue (R50) (#4)\" src/queue.py[q1-9], at 09:41, lists 'Intents (R11)'\n"


def _confidence(script: str) -> list[Confidence]:
    found = run_detectors(case_of(FIRST + script), load_detectors()).findings
    return [finding.confidence for finding in found if finding.code == "ISO005"]


def test_messages_alone_accuse_no_landing_that_changes_files() -> None:
    assert not _confidence("commit d1d: \"Intents (R11) (#5)\" src/intents.py[j1-4], at 10:19, lists 'Intents (R11)'")


def test_an_empty_diff_besides_makes_it_certain() -> None:
    assert _confidence("commit d1d: \"Intents (R11) (#5)\", at 10:19, lists 'Intents (R11)'") == [Confidence.CERTAIN]

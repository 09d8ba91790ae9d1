"""The verdicts on steps, each from a run in a few lines."""

import pytest

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.narrative.standing import Standing, standings
from forensics.testing.script import case_of

PLAN = 'plan: 1.1 "Count axles", 1.2 "Light the sign"\n'
STOPPED = "report 1.1: STOP_CONDITION, files src/axles.py\n"
LANDED = 'commit aaa1111: "Cycle 1.1: Count axles" src/axles.py, at 09:20\n'


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ("", Standing.STOPPED),
        (LANDED, Standing.STOPPED),
        (LANDED + 'commit bbb1111: "Cycle 1.1: Split the file" src/axles.py, at 12:00\n', Standing.SOUND),
        (LANDED + 'commit bbb1111: "Cycle 1.2: Light the sign" src/sign.py, at 12:00\n', Standing.SOUND),
    ],
)
def test_a_stop_counts_until_work_goes_on(history: str, verdict: Standing) -> None:
    case = case_of(PLAN + STOPPED + 'commit ccc1111: "Docs" reports, at 10:00\n' + history)
    assert standings(case, ())["1.1"] is verdict


def test_a_step_is_misplaced_whose_file_only_another_step_committed() -> None:
    case = case_of(
        'plan: 1.1 "Count axles" files src/axles.py, 1.2 "Light the sign" files src/sign.py src/lamp.py\n'
        'commit aaa1111: "Cycle 1.1: Count axles" src/axles.py src/sign.py, at 09:20\n'
        'commit bbb1111: "Cycle 1.2: Light the sign" src/lamp.py, at 09:30\n'
    )
    findings = run_detectors(case, load_detectors()).findings
    assert standings(case, findings) == {"1.1": Standing.SOUND, "1.2": Standing.MISPLACED}

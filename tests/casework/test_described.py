"""Commits that show a step's work by the files that its text names, where no subject names the step."""

import pytest

from forensics.casework.attribution.described import described
from forensics.casework.attribution.steps import attribute
from forensics.model.case import Run
from forensics.model.claim import Confidence
from forensics.model.plan import Plan, StepSpec
from forensics.model.source import FileRef
from forensics.testing.script import case_of

REF = FileRef("plans/seed-store/runbook.md", 1)
PLAN = Plan(
    "seed-store",
    "plans/seed-store",
    "Seed store",
    (
        StepSpec("2.1", "Port the label reader and its tests", REF, mentions=("src/labels.py", "src/cli.py")),
        StepSpec("2.2", "Port the weight reader and its tests", REF, mentions=("src/weights.py", "src/cli.py")),
        StepSpec("2.3", "parse_lot()` — empty lots", REF, mentions=("src/lots.py",)),
        StepSpec("3.1", "Prune the shelf guide", REF, mentions=("docs/guide.md",), phase_title="Guides and pruning"),
        StepSpec("3.2", "Check all of it", REF, phase_title="Guides and pruning"),
        StepSpec("3.3", "Audit", REF, files=("plans/seed-store/audit.md",), phase_title="Guides and pruning"),
        StepSpec("3.5", "Test as plans/seed-store/guide.md says", REF, files=("plans/seed-store/guide.md",)),
        StepSpec("3.4", "Correct the audit", REF, files=("plans/seed-store/audit.md",)),
    ),
)
RUN = Run("seed-store", "plans/seed-store", None, None, None)


def ties(commit: str, shown: tuple[str, ...] = (), taken: tuple[str, ...] = ()) -> dict[str, Confidence]:
    history = case_of(f'plan: 9.9 "Nothing"\n{commit}').history
    found = described(PLAN, list(history.commits.values()), RUN, shown, taken)
    return {step: attribution.confidence for step, attribution in found}


@pytest.mark.parametrize(
    ("commit", "step"),
    [
        ('commit aaa1111: "Port label reader and tests" src/labels.py[created]', "2.1"),
        ('commit aaa1111: "Cycle 1.1: parse_lot()" src/lots.py', "2.3"),
        ('commit aaa1111: "Weights" src/weights.py[created]', "2.2"),
        ('commit aaa1111: "Prune the old shelf guide" docs/guide.md', "3.1"),
        ('commit aaa1111: "Phase 3: Guides and pruning" docs/guide.md', "3.1"),
        ('commit aaa1111: "Plan and audit" plans/seed-store/runbook.md plans/seed-store/audit.md[created]', "3.3"),
    ],
)
def test_files_and_words_together_show_whose_work_it_is(commit: str, step: str) -> None:
    assert ties(commit)[step] is Confidence.LIKELY
    assert {other for other, sure in ties(commit).items() if sure is Confidence.LIKELY} == {step}
    assert step not in ties(commit, shown=(step,))
    assert ties(commit, taken=("aaa1111000000000000000000000000000000000",)) == {}


@pytest.mark.parametrize(
    "commit",
    [
        'commit aaa1111: "Port label reader and tests" src/other.py',  # its words alone
        'commit aaa1111: "Tidy up" src/labels.py',  # its file alone, which it only changes
        'commit aaa1111: "Begin" src/cli.py[created]',  # a file that two steps name
        'commit aaa1111: "Port the readers and their tests" src/cli.py',  # the words of both steps
        'commit aaa1111: "Shelf guide" docs/guide.md',  # a document, and two words
        'commit aaa1111: "Cycle 1.1: Weights" src/weights.py[created]',  # a step of another plan
        'commit aaa1111: "Cycle 2.2: Other things" src/labels.py[created]',  # another step of this plan
        'commit aaa1111: "Port label reader and tests" src/labels.py plans/other/runbook.md',  # another plan's work
        'commit aaa1111: "Phase 3 checkpoint: guides and pruning" docs/guide.md',  # it only looks at the work
        'commit aaa1111: "Phase 3: Bigger tables" docs/guide.md',  # another plan's phase 3
        'commit aaa1111: "Plan it" plans/seed-store/guide.md[created]',  # a document that the step only reads
    ],
)
def test_one_of_the_two_is_not_enough(commit: str) -> None:
    assert ties(commit) == {}


def test_a_phase_s_commit_may_be_the_work_of_steps_that_name_no_file() -> None:
    found = ties('commit aaa1111: "Phase 3: Guides and pruning" docs/guide.md')
    assert found == {"3.1": Confidence.LIKELY, "3.2": Confidence.POSSIBLE, "3.3": Confidence.POSSIBLE}


def _attributed(commit: str) -> dict[str, list[Confidence]]:
    history = case_of(f'plan: 9.9 "Nothing"\n{commit}').history
    return {step: [found.confidence for found in work] for step, work in attribute(PLAN, (), history, RUN).items()}


def test_a_subject_that_names_steps_and_plan_tells_whose_commit_it_is() -> None:
    found = _attributed('commit aaa1111: "Steps 2.1-2.2: rest of the seed store" src/x.py')
    assert found == {"2.1": [Confidence.LIKELY], "2.2": [Confidence.LIKELY]}
    assert _attributed('commit aaa1111: "Steps 2.1-2.2: rest of the shelf store" src/x.py') == {}


def test_the_commit_that_plans_a_step_is_not_its_work() -> None:
    assert _attributed('commit aaa1111: "Step 2.1: plan of the seed store" src/x.py plans/seed-store/runbook.md') == {}


def test_a_file_that_several_steps_mention_does_not_confirm_a_number() -> None:
    assert _attributed('commit aaa1111: "Cycle 2.1: Something" src/labels.py') == {"2.1": [Confidence.LIKELY]}
    assert _attributed('commit aaa1111: "Cycle 2.1: Something" src/cli.py') == {}


def test_a_commit_that_brings_lost_files_back_did_not_write_them() -> None:
    lost = 'commit bbb1111: "All of it" src/weights.py[created] plans/other/runbook.md, at 09:00'
    assert ties(f'{lost}\ncommit aaa1111: "Bring files back" src/weights.py[created], at 10:00') == {}

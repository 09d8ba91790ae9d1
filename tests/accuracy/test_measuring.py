"""The instrument on real git: a small clone with labels, and generated faults."""

from dataclasses import replace
from pathlib import Path

import pytest

from accuracy.__main__ import compared, main
from accuracy.injected import SORTS, WAYS, Sort, blames_right, generated, told
from accuracy.injected import analysed as analysed_world
from accuracy.labels import COLUMNS, Label
from accuracy.page import page
from accuracy.runs import Run, absent
from accuracy.scores import score
from tests.unpack import commit, repository

REPORT = "plans/x/reports/step-1-1-execution.md"
BOOK = "# Runbook\n\n## Step 1.1: Add one\n\nAdd one.\n\n## Step 1.2: Add two\n\nAdd two.\n"


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, str, str]:
    """Return a folder with one clone, the head of it, and the commit that its report claims beside a missing one."""
    clone = repository(tmp_path / "ada+things")
    commit(clone, "Plan", {"plans/x/runbook.md": BOOK})
    real = commit(clone, "Step 1.1: Add one", {"src/one.py": "one = 1\n"}, authored="10:10")
    text = f"# Step 1.1\n\n**Status:** success\n\n**Commit:** `{real[:7]}`\n**Commit:** `dead999`\n"
    head = commit(clone, "Reports", {REPORT: text}, authored="10:20")
    return tmp_path, head, real[:7]


def label(head: str, place: str, sort: str, subject: str, word: str) -> Label:
    return Label("ada/things", head, "plans/x", place, sort, subject, word, "read in git", "ada+things.csv:2")


def test_a_clone_is_measured(clones: tuple[Path, str, str]) -> None:
    folder, head, real = clones
    labels = [
        label(head, f"{REPORT}:5", "claim", real, "confirmed"),
        label(head, f"{REPORT}:6", "claim", "dead999", "missing"),
        label(head, f"{REPORT}:1", "claim", "beef123", "missing"),
        label(head, "1.1", "step", real, "landed"),
        label(head, "1.2", "step", "", "not started"),
    ]
    found = compared(labels, folder)
    assert [(agreement.label.subject, agreement.right) for agreement in found.agreements if agreement.right] == [
        (real, True),
        ("dead999", True),
        (real, True),
        ("", True),
    ]
    assert list(found.left_out.values()) == ["that line does not hold the hash"]
    assert score(found).by_severity["high and critical"].part == 1
    text = page({"tuned": found}, ())
    assert "## Tuned: 4 labels in 1 repositories" in text
    assert "that line does not hold the hash" in text


def test_what_is_not_there_is_said_and_not_counted(clones: tuple[Path, str, str]) -> None:
    folder, head, _ = clones
    runs = [Run("ada/things", "a" * 40, "plans/x"), Run("bob/others", head, "plans/x")]
    assert list(absent(runs, folder).values()) == ["the clone lacks aaaaaaaaaa", "no clone"]
    found = compared([replace(label(head, "1.1", "step", "", "landed"), run="plans/none")], folder)
    assert not found.agreements
    assert "plans/none" in next(iter(found.left_out))


def test_bad_labels_end_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ada+things.csv").write_text(",".join(COLUMNS) + "\nx\n", encoding="utf-8")
    assert main([str(tmp_path), "--labels", str(tmp_path), "--injected", "0"]) == 2
    assert "ada+things.csv:2: 1 fields instead of 7" in capsys.readouterr().err


@pytest.mark.parametrize("way", WAYS)
def test_a_generated_fault_is_told_and_its_clean_pair_is_not(way: str) -> None:
    (sort,) = (sort for sort in SORTS if sort.name == "merged almost empty")
    faulty = analysed_world(generated(sort, way, 1, faulty=True))
    clean = analysed_world(generated(sort, way, 1, faulty=False))
    assert told(faulty, sort)
    assert blames_right(faulty, sort)
    assert not told(clean, sort)


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
def test_a_pair_differs_and_a_seed_gives_the_same_again(sort: Sort) -> None:
    faulty, clean = generated(sort, "squash", 2, faulty=True), generated(sort, "squash", 2, faulty=False)
    assert faulty.commits.keys() != clean.commits.keys()
    assert faulty.stream() == generated(sort, "squash", 2, faulty=True).stream()

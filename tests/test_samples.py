"""The sample runs: outputs byte for byte, whatever the machine, and the facts each sample stands for."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.outputs import rendered
from forensics.model.postmortem import Postmortem
from forensics.render.documents.postmortem import render_postmortem_json
from tests.regenerate import FORMS, sample_scope
from tests.unpack import PLAN, SAMPLES, git, unpack

NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/history.fi"))


@pytest.mark.parametrize("name", NAMES)
def test_the_outputs_are_the_expected_ones(name: str, tmp_path: Path) -> None:
    postmortem = analyze(sample_scope(name, unpack(name, tmp_path / "repository")))
    for file, form in FORMS.items():
        assert rendered(postmortem, form) == (SAMPLES / name / "expected" / file).read_text(encoding="utf-8"), file


@pytest.mark.parametrize(
    ("zone", "locale", "seed", "folder"),
    [("Pacific/Kiritimati", "C", "1", "a"), ("America/Los_Angeles", "C.UTF-8", "4242", "ünder a ‹long› name")],
)
def test_the_outputs_do_not_depend_on_the_machine(
    zone: str, locale: str, seed: str, folder: str, tmp_path: Path
) -> None:
    repository = unpack("parallel-tdd", tmp_path / folder)
    environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "COLUMNS": "40"}
    for file, form in FORMS.items():
        done = subprocess.run(
            [sys.executable, "-m", "forensics", "analyze", PLAN, "--format", form, "--transcripts",
             str(SAMPLES / "parallel-tdd" / "transcripts")],
            cwd=repository, env=environment, capture_output=True, check=True,
        )  # fmt: skip
        assert done.stdout == (SAMPLES / "parallel-tdd" / "expected" / file).read_bytes(), file


def _document(postmortem: Postmortem) -> dict[str, Any]:
    return json.loads(render_postmortem_json(postmortem))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def failed(failed_run: Path) -> dict[str, Any]:
    return _document(analyze(Scope(PLAN, failed_run)))


def _codes(found: dict[str, Any], step: str | None = None) -> set[str]:
    return {one["code"] for one in found["findings"] if step is None or one["steps"][:1] == [step]}


def test_the_failed_run_is_understood(failed: dict[str, Any]) -> None:
    assert {step["id"]: step["verdict"] for step in failed["steps"]} == {
        "1.1": "sound", "1.2": "sound", "1.3": "stopped", "1.4": "contradicted", "1.5": "contradicted", "2.1": "not-started",
    }  # fmt: skip
    assert failed["recovery"]["resume_at"] == "1.3"
    assert failed["recovery"]["sound"] == ["1.1", "1.2"]
    assert failed["cause"]["known"]
    assert failed["cause"]["confidence"] == "likely"
    assert "1.3, 1.4 and 1.5 shared one work tree" in failed["cause"]["statement"]


def test_the_failed_run_s_commits_are_judged(failed: dict[str, Any]) -> None:
    judged = {(one["value"], one["about"]): one for one in failed["claims"] if one["kind"] == "commit"}
    assert judged["4484db4", "1.2"]["verdict"] == "confirmed"
    assert judged["b3e91c7", "1.4"]["verdict"] == "missing"
    assert judged["4fa06d2", "1.5"]["verdict"] == "missing"
    digits = judged["6170284", "1.2"]
    assert digits["verdict"] == "rewritten"
    assert digits["confidence"] == "likely"
    assert digits["twin"].startswith("4484db4")


def test_the_failed_run_s_findings_name_their_steps(failed: dict[str, Any]) -> None:
    assert _codes(failed, "1.3") >= {"RED001", "ORD001"}
    assert _codes(failed, "1.4") >= {"CLM001", "CLM011", "REP003"}
    assert _codes(failed, "1.5") >= {"CLM001", "REP001"}
    assert _codes(failed, "1.1") == {"REP001"}
    assert "REP004" in _codes(failed)
    assert "CLM001" not in _codes(failed, "1.2")
    red = next(one for one in failed["findings"] if one["code"] == "RED001")
    assert "The agent stopped." in red["message"]


def test_every_finding_has_an_address_that_exists(failed: dict[str, Any], failed_run: Path) -> None:
    for one in failed["findings"]:
        for at in (one["at"], *one["related"]):
            if at["line"] is not None:
                text = (failed_run / at["path"]).read_text(encoding="utf-8")
                assert 1 <= at["line"] <= len(text.splitlines())
            else:
                assert len(at["path"]) == 40


def test_the_clean_run_is_silent(clean_run: Path) -> None:
    found = _document(analyze(Scope(PLAN, clean_run)))
    assert found["findings"] == []
    assert {step["verdict"] for step in found["steps"]} == {"sound"}
    assert {one["verdict"] for one in found["claims"] if one["kind"] in {"commit", "file"}} == {"confirmed"}
    assert found["recovery"]["resume_at"] is None


def test_a_revision_is_the_knowledge_of_its_day(clean_run: Path) -> None:
    """Seen from the commit before 1.3's report, 1.3 has landed and 1.4 has not been heard of."""
    found = _document(analyze(Scope(PLAN, clean_run, at="78aa1db^")))
    standing = {step["id"]: step["verdict"] for step in found["steps"]}
    assert standing["1.2"] == standing["1.3"] == "sound"
    assert standing["1.4"] == "not-started"
    assert _codes(found) == {"REP001"}


def test_uncommitted_reports_are_read_too(clean_run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(clean_run, copy)
    report = copy / PLAN / "reports" / "cycle-2-1-execution.md"
    report.write_text(report.read_text(encoding="utf-8").replace("ab0f623", "ab0f62e"), encoding="utf-8")
    found = _document(analyze(Scope(PLAN, copy)))
    judged = next(one for one in found["claims"] if one["value"] == "ab0f62e")
    assert judged["verdict"] == "rewritten"
    assert "differs from history in 1 tracked file" in found["impact"]["tree"]


def test_the_third_witness_makes_it_certain(failed_run: Path) -> None:
    found = _document(analyze(sample_scope("parallel-tdd", failed_run)))
    assert found["cause"]["confidence"] == "certain"
    assert "1.2, 1.3, 1.4 and 1.5 were launched together into one work tree" in found["cause"]["statement"]
    agents = {one["step"]: one for one in found["agents"] if one["step"]}
    assert sorted(agents) == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    assert len(agents["1.3"]["launched_with"]) == 3
    race = next(one for one in found["findings"] if one["code"] == "ISO001")
    assert race["files"] == ["src/tally/rules/book.py"]
    assert {"1.3", "1.4"} <= set(race["steps"])
    link = next(one for one in found["cause"]["chain"] if one["effect"] == "Step 1.3's test passed in RED")
    assert (
        link["because"] == "before it ran, steps 1.4 and 1.5 had written `src/tally/rules/book.py` into its work tree"
    )
    lost = [one for one in found["claims"] if one["value"] in {"b3e91c7", "4fa06d2"}]
    assert {one["confidence"] for one in lost} == {"certain"}
    assert all("so it existed; searched" in judged["reason"] for judged in lost)
    assert not [one for one in found["findings"] if one["code"] == "RED006"]


@pytest.fixture(scope="module")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("shared-workspace", tmp_path_factory.mktemp("shared") / "repository")


@pytest.fixture(scope="module")
def shared(shared_run: Path) -> dict[str, Any]:
    found = analyze(sample_scope("shared-workspace", shared_run))
    return _document(found)


def test_the_shared_folder_s_faults_are_found_and_no_others(shared: dict[str, Any]) -> None:
    found = {
        one["code"]: (one["steps"], [sha[:7] for sha in one["commits"]], one["confidence"])
        for one in shared["findings"]
    }
    assert len(found) == len(shared["findings"])
    assert found == {
        "ISO002": (["1.5", "1.4"], ["95b9345", "66db4fa"], "certain"),
        "ISO003": (["1.2", "1.3"], ["b9ab6b3", "ca2cf81"], "certain"),
        "ISO004": (["1.4", "1.5"], ["222a0c3", "95b9345"], "certain"),
        "ISO005": (["1.5", "1.4"], ["c7ae12d", "222a0c3", "95b9345"], "certain"),
        "ISO006": (["1.2", "1.3"], ["1b283eb", "b38feaf"], "certain"),
        "CLM005": (["1.4"], ["1b283eb"], "likely"),
        "CLM010": (["1.2", "1.4"], ["b9ab6b3", "b38feaf", "222a0c3"], "likely"),
    }
    standing = {step["id"]: step["verdict"] for step in shared["steps"]}
    assert standing["1.1"] == "sound"
    assert standing["1.3"] == "contradicted"
    assert standing["1.4"] == "violated"  # it claims another step's commit, and its own landed


def test_the_shared_folder_s_foreign_lines_are_counted(shared: dict[str, Any]) -> None:
    foreign = {
        one["code"]: [(item["owner"], item["home"][:7], {file["path"]: file["lines"] for file in item["files"]})]
        for one in shared["findings"]
        for item in one["foreign"]
    }
    stock = [("1.5", "95b9345", {"src/seedbank/stock.py": 16, "tests/test_stock.py": 11})]
    labels = [("1.3", "ca2cf81", {"src/seedbank/labels.py": 13, "tests/test_labels.py": 9})]
    whole = [("1.5", "95b9345", {"CHANGELOG.md": 1, "src/seedbank/stock.py": 16, "tests/test_stock.py": 11})]
    gone = [("1.3", "1b283eb", {"CHANGELOG.md": 1, "src/seedbank/labels.py": 17, "tests/test_labels.py": 14})]
    assert foreign == {"ISO002": whole, "ISO003": labels, "ISO004": stock, "ISO005": stock, "ISO006": gone}


def test_git_itself_bears_out_what_is_said_of_the_shared_folder(shared_run: Path) -> None:
    def lines(commit: str, sign: str, *paths: str) -> list[str]:
        patch = git(shared_run, "show", "--format=", "-U0", commit, "--", *paths).splitlines()
        return sorted(row[1:] for row in patch if row[:1] == sign and row[:3] != sign * 3)

    assert git(shared_run, "rev-parse", "95b9345^") == git(shared_run, "rev-parse", "66db4fa")
    assert git(shared_run, "rev-parse", "4a55813^") == git(shared_run, "rev-parse", "95b9345")
    assert git(shared_run, "merge-base", "b9ab6b3", "ca2cf81") == git(shared_run, "rev-parse", "ca2cf81^")
    for path, many in (("src/seedbank/labels.py", 13), ("tests/test_labels.py", 9)):
        both = Counter(lines("b9ab6b3", "+", path)) & Counter(lines("ca2cf81", "+", path))
        assert both.total() == many, path
    stock = ("src/seedbank/stock.py", "tests/test_stock.py")
    assert lines("222a0c3", "+", *stock) == lines("95b9345", "+", *stock)
    assert set(lines("c7ae12d", "+", *stock)) & set(lines("95b9345", "+", *stock)) == {""}
    assert lines("b38feaf", "-") == lines("1b283eb", "+")
    assert lines("b38feaf", "+") == lines("1b283eb", "-") == []
    assert "labels.py" not in git(shared_run, "ls-tree", "-r", "--name-only", "HEAD")


def test_the_same_work_in_work_trees_is_silent(tmp_path: Path) -> None:
    run = unpack("separate-workspaces", tmp_path / "repository")
    found = _document(analyze(sample_scope("separate-workspaces", run)))
    assert found["findings"] == []
    assert {step["verdict"] for step in found["steps"]} == {"sound"}
    assert {one["verdict"] for one in found["claims"] if one["kind"] in {"commit", "file"}} == {"confirmed"}
    assert found["recovery"]["resume_at"] is None


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Postmortem:
    run = unpack("no-plan", tmp_path_factory.mktemp("night") / "repository")
    return analyze(sample_scope("no-plan", run))


def _verdicts(night: Postmortem, unit: str) -> dict[str, set[str]]:
    """Return the verdicts on a unit's claims by their kind."""
    found: dict[str, set[str]] = {}
    for claim in _document(night)["claims"]:
        if claim["step"] == unit:
            found.setdefault(claim["kind"], set()).add(claim["verdict"])
    return found


def test_the_night_without_a_plan_has_four_units(night: Postmortem) -> None:
    kinds = {step["id"]: step["kind"] for step in _document(night)["steps"]}
    assert kinds == {"3e6a9d41": "session", "c85f0b27": "session", "5d20e7b9": "agent", "91d4e6f8": "session"}


def test_the_honest_sessions_are_not_accused(night: Postmortem) -> None:
    for unit in ("3e6a9d41", "5d20e7b9", "91d4e6f8"):
        verdicts = _verdicts(night, unit)
        assert set().union(*verdicts.values()) <= {"confirmed", "rewritten"}, (unit, verdicts)
    accused = {
        step for finding in _document(night)["findings"] if finding["severity"] != "info" for step in finding["steps"]
    }
    assert accused == {"c85f0b27"}


def test_an_amended_commit_is_shown_under_its_present_id(night: Postmortem) -> None:
    (claim,) = [
        claim for claim in _document(night)["claims"] if claim["value"] == "41d6e51" and claim["kind"] == "commit"
    ]
    assert (claim["verdict"], claim["twin"][:7]) == ("rewritten", "edddae3")
    assert _verdicts(night, "3e6a9d41")["tests"] == {"confirmed"}


def test_the_session_that_left_failures_out_is_found(night: Postmortem) -> None:
    (claim,) = [
        claim for claim in _document(night)["claims"] if claim["step"] == "c85f0b27" and claim["kind"] == "tests"
    ]
    assert (claim["verdict"], claim["value"]) == ("contradicted", "all")
    assert "2 failed" in claim["reason"]
    (receipt,) = [receipt for receipt in night.receipts if receipt.unit == "c85f0b27"]
    assert set(receipt.uncommitted) == {"README.md", "src/larder/shelf.py"}
    discarded = next(finding for finding in _document(night)["findings"] if finding["code"] == "ISO011")
    assert "48c2c5956ea676e8b3677d2eeebf612f5e367cb2" in discarded["message"]


# Counted by hand in sample_runs/*/README.md: each message once, with its last output.
TOKENS = {
    "parallel-tdd": {
        "claude-sonnet-4-5-20250929": (45, 1048, 81681, 11414, 29810),
        "claude-haiku-4-5-20251001": (414, 6252, 689151, 64798, 0),
    },
    "no-plan": {
        "claude-sonnet-4-5-20250929": (198, 5846, 289137, 47055, 0),
        "claude-haiku-4-5-20251001": (29, 805, 37772, 13923, 0),
    },
    "sequential-tdd": {
        "claude-sonnet-4-5-20250929": (68, 1265, 137160, 0, 18076),
        "claude-haiku-4-5-20251001": (393, 5891, 665069, 79529, 0),
    },
}


@pytest.mark.parametrize("name", TOKENS)
def test_tokens_are_counted_once(name: str, tmp_path: Path) -> None:
    metrics = _document(analyze(sample_scope(name, unpack(name, tmp_path / "repository"))))["metrics"]
    kinds = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
    assert {one["name"]: tuple(one[kind] for kind in kinds) for one in metrics["by_model"]} == TOKENS[name]
    for totals in (metrics["by_model"], metrics["by_step"]):
        assert [sum(one[kind] for one in totals) for kind in kinds] == [metrics["total"][kind] for kind in kinds]

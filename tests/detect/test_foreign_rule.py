"""A rule of another package, written by CONTRIBUTING.md alone, counts like our own: a real distribution, no mock."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.app.analyze import composed
from forensics.detect.registry import Detector, load_detectors
from forensics.detect.runner import run_detectors
from forensics.errors import RuleError
from forensics.model.postmortem import Postmortem
from forensics.testing.pages import page_problems
from forensics.testing.runner import failures
from forensics.testing.script import case_of
from tests.unpack import ROOT

RUN = """plan sequential: 1.1 "Set up", 1.2 "Read the file", 1.3 "Write the file", 1.4 "Log"
commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 09:00
commit bbb2222: "Cycle 1.2: Read the file" src/b.py .env, at 10:05
agent a2 1.2: 10:00-10:10
agent a3 1.3: 10:00-10:12
launched together: a2, a3
"""
ONE_LINE = '''"""# A step touches `.env`"""
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.source import CommitRef

RULE = Rule("ACME002", "env-touched", Severity.HIGH)


def detect(case):
    for dossier in case.dossiers:
        for one in dossier.commits:
            if ".env" in one.commit.paths():
                yield Hit(at=CommitRef(one.commit.sha), message="It is.", culprit=dossier.id)
'''
BROKEN = ONE_LINE.replace("ACME002", "ACME003").replace(
    "Severity.HIGH)", "Severity.HIGH, cause=Cause(lambda case, findings: findings[9].message))"
).replace("import Hit", "import Cause, Hit")  # fmt: skip


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, as `pip install` leaves it; the modules in it are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for module in tmp_path.glob("*.py"):
        sys.modules.pop(module.stem, None)


def _install(site: Path, module: str, text: str) -> Detector:
    (site / f"{module}.py").write_text(text, encoding="utf-8")
    described = site / f"{module}-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (described / "entry_points.txt").write_text(f"[forensics.detectors]\n{module} = {module}\n", encoding="utf-8")
    return next(one for one in load_detectors() if one.detect.__module__ == module)


def _as_documented() -> str:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"^````python\n(.*?)^````$", page, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _postmortem(script: str = RUN) -> Postmortem:
    case = case_of(script)
    return composed(case, run_detectors(case, load_detectors()))


def _verdict(postmortem: Postmortem, step: str) -> str:
    return next(one.verdict for one in postmortem.steps if one.id == step)


def test_without_it_the_step_is_sound_and_kept() -> None:
    before = _postmortem()
    assert _verdict(before, "1.2") == "sound"
    assert before.recovery.sound == ("1.1", "1.2")
    assert "Steps 1.1 and 1.2 can be kept." in before.recovery.note
    assert before.cause.known
    assert before.recovery.resume_at == "1.4"


def test_the_documented_rule_changes_verdict_summary_chain_and_recovery(install: Path) -> None:
    detector = _install(install, "acme_rules", _as_documented())
    assert list(failures(detector)) == []
    assert list(page_problems(detector.page)) == []
    after = _postmortem()
    assert _verdict(after, "1.2") == "contradicted"
    assert "secrets committed (ACME001)" in next(one.row.verdict for one in after.steps if one.id == "1.2")
    assert after.impact.blocked == ("1.2",)
    assert after.verdict.startswith("1 of 4 steps is sound. Steps 1.2 and 1.3 were launched together")
    assert after.verdict.endswith(" The commits of step 1.2 contain secrets.")
    link = next(one for one in after.cause.chain if one.effect == "Step 1.2 committed secrets")
    finding = next(one for one in after.findings if one.code == "ACME001")
    assert link.evidence == (finding.at,)
    assert after.recovery.sound == ("1.1",)
    assert "Step 1.1 can be kept." in after.recovery.note
    assert after.recovery.resume_at == "1.2"
    assert "Add `.env` to `.gitignore`." in after.follows
    assert ("ACME001", "secrets-committed") in [(one.code, one.name) for one in after.ran]


def test_a_rule_of_one_line_violates_its_step(install: Path) -> None:
    _install(install, "acme_touched", ONE_LINE)
    after = _postmortem()
    assert _verdict(after, "1.2") == "violated"
    assert after.verdict.endswith(" and env touched at step 1.2.")
    assert after.recovery.sound == ("1.1",)


def test_a_rule_that_fails_in_its_words_costs_nobody_else_s_findings(install: Path) -> None:
    _install(install, "acme_broken", BROKEN)
    after = _postmortem()
    assert [(one.code, one.what) for one in after.faults] == [("ACME003", "IndexError: list index out of range")]
    assert [one.code for one in after.findings if one.code == "ORD004"]
    assert "ACME003" not in {one.code for one in after.ran}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("RULE = 5", "AttributeError"),
        (ONE_LINE.replace("ACME002", "CLM001"), "another rule has the code CLM001"),
    ],
)
def test_a_rule_that_cannot_be_loaded_is_named(install: Path, text: str, why: str) -> None:
    with pytest.raises(RuleError, match=rf"`acme_broken` cannot be loaded .*{why}.* uninstall its package"):
        _install(install, "acme_broken", text)

"""Invented commits with the cheapest thing that could explain their absence, in every dialect, one and twenty.

What can be told from an honest run is accused; what cannot is not verified, in every place that counts, and fails
`--fail-on low`.
"""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.verify import verify
from forensics.casework.claims.unproven import is_unproven
from forensics.model.claim import Verdict
from forensics.model.finding import Severity
from forensics.narrative.standing import Standing
from tests.lies import COVERS, DIALECTS, make
from tests.unpack import repository

# These accuse nobody: an honest run looks the same.
OPEN = {"link", "submodule", "tree", "long_digest", "other_repository", "empty", "empty_aside", "folded"}
# These dialects name no files of a whole report, so nothing says that the work lies in another repository.
ACCUSED = {("other_repository", "ledger"), ("other_repository", "conductor")}
# In these words, the line is not read as a claim of the step's own commit; one changed file may hold one piece of work.
NO_CLAIM = {("submodule", "gsd", 1), ("submodule", "gsd", 20), ("folded", "step-reports", 1), ("folded", "gsd", 1)}


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("cover", [*COVERS])
def test_no_cover_makes_an_invented_commit_true(cover: str, dialect: str, number: int, tmp_path: Path) -> None:
    run = make(repository(tmp_path / "repository"), dialect, cover, number)
    postmortem = analyze(Scope(run.dialect.path, run.folder))
    if (cover, dialect, number) in NO_CLAIM:
        return
    judged = [each for each in postmortem.claims if each.claim.value in run.hashes.values()]
    assert {each.claim.value for each in judged} == set(run.hashes.values())
    is_open = cover in OPEN and (cover, dialect) not in ACCUSED
    assert all(is_unproven(each) if is_open else each.verdict is Verdict.MISSING for each in judged)
    level = Severity.LOW if is_open else Severity.HIGH
    named = {value for found in postmortem.findings if found.severity.rank >= level.rank for value in found.commits}
    assert named >= set(run.hashes.values())
    sound = [step.id for step in postmortem.steps if step.verdict == Standing.SOUND]
    assert len(sound) <= 1
    assert "nothing contradicts the reports" not in postmortem.verdict
    found = verify(Path(judged[0].claim.ref.path), run.folder).findings
    assert any(finding.severity.rank >= level.rank for finding in found)


def test_an_honest_run_passes(tmp_path: Path) -> None:
    run = make(repository(tmp_path / "repository"), "step-reports", "plain", 0)
    postmortem = analyze(Scope(run.dialect.path, run.folder))
    assert all(finding.severity is Severity.INFO for finding in postmortem.findings)
    assert postmortem.verdict == "1 of 1 step is sound; nothing contradicts the reports."

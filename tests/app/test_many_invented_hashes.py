"""Any number of invented hashes beside rebased work, in every dialect: a number of absent hashes is not a rewrite."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.verify import verify
from forensics.cli.commands import app
from forensics.model.claim import ClaimKind, Verdict
from forensics.model.finding import Severity
from tests.unpack import commit, repository

HONEST = ("Count axles", "Light the sign", "Print a receipt")
_NOUNS = [
    "gate",
    "lamp",
    "fence",
    "bridge",
    "meter",
    "camera",
    "printer",
    "drawer",
    "siren",
    "mast",
    "cable",
    "radio",
    "scale",
    "kiosk",
    "ramp",
    "mirror",
    "pump",
    "relay",
    "fuse",
    "dial",
]
INVENTED = tuple(f"Mend {noun}" for noun in _NOUNS)
# Hashes that no repository here has: an old hash of work that was rebased, and one that never was.
GONE = {title: f"0f{place:02d}c3d" for place, title in enumerate(HONEST)}
NEVER = {title: f"ea{place:02d}b7f" for place, title in enumerate(INVENTED)}
Run = tuple[str, Mapping[str, str]]


def _work(folder: Path, subject: str, place: int) -> None:
    """Commit a piece of work that was rebased an hour later."""
    text = {f"src/part_{place}.py": f"x = {place}\n"}
    commit(folder, subject, text, authored=f"10:{10 + place}", committed=f"11:{10 + place}")


def _step_reports(folder: Path, titles: Sequence[str], hashes: Mapping[str, str]) -> Run:
    plan = "plans/tolls"
    steps = {f"{plan}/steps/step-1-{n}.md": f"# Cycle 1.{n}: {title}\n" for n, title in enumerate(titles, 1)}
    commit(folder, "Plan", {f"{plan}/runbook.md": "# Tolls\n", **steps}, authored="09:00")
    for place, title in enumerate(HONEST):
        _work(folder, f"Cycle 1.{titles.index(title) + 1}: {title}", place)
    texts, where = {}, {}
    for n, title in enumerate(titles, 1):
        where[title] = f"{plan}/reports/step-1-{n}-execution.md"
        texts[where[title]] = (
            f"# Cycle 1.{n}: {title}\n\n**Status:** GREEN_VERIFIED\n\n- Commit: `{hashes[title]}`\n\n"
            "## Files Modified\n- src/part_0.py\n"
        )
    commit(folder, "Reports", texts, authored="12:02")
    return plan, where


def _gsd(folder: Path, titles: Sequence[str], hashes: Mapping[str, str]) -> Run:
    phase = ".planning/phases/03-tolls"
    plan = "---\nphase: 03-tolls\n---\n<objective>\n{}\n</objective>\n"
    plans = {f"{phase}/03-{n:02d}-PLAN.md": plan.format(title) for n, title in enumerate(titles, 1)}
    commit(folder, "docs(03): plan", plans, authored="09:00")
    for place, title in enumerate(HONEST):
        _work(folder, f"feat(03-{titles.index(title) + 1:02d}): {title.lower()}", place)
    texts, where = {}, {}
    for n, title in enumerate(titles, 1):
        where[title] = f"{phase}/03-{n:02d}-SUMMARY.md"
        texts[where[title]] = (
            f"# Phase 3 Plan {n:02d}: Summary\n\n## Task Commits\n\n1. **Task 1: {title}** - `{hashes[title]}` (feat)\n"
        )
    commit(folder, "docs(03): complete plans", texts, authored="12:02")
    return phase, where


def _ledger(folder: Path, titles: Sequence[str], hashes: Mapping[str, str]) -> Run:
    tasks = "".join(f"### Task {n}: {title}\n\n" for n, title in enumerate(titles, 1))
    commit(folder, "Plan", {"docs/plans/tolls.md": f"# Tolls\n\n{tasks}"}, authored="09:00")
    for place, title in enumerate(HONEST):
        _work(folder, f"feat: {title.lower()} (Task {titles.index(title) + 1})", place)
    path = ".superpowers/sdd/progress.md"
    rows = "".join(f"Task {n}: complete (commit {hashes[title]}, clean)\n" for n, title in enumerate(titles, 1))
    commit(folder, "Progress", {path: f"# SDD ledger — plan: docs/plans/tolls.md\n\n{rows}"}, authored="12:02")
    return ".superpowers/sdd", dict.fromkeys(titles, path)


def _conductor(folder: Path, titles: Sequence[str], hashes: Mapping[str, str]) -> Run:
    """Each piece of rebased work is noted right after it, all the others at the end."""
    track = "conductor/tracks/tolls_20260304"
    path = f"{track}/plan.md"

    def text(done: Sequence[str]) -> Mapping[str, str]:
        rows = (
            f"- [x] Task: {title} [{hashes[title]}]\n" if title in done else f"- [ ] Task: {title}\n"
            for title in titles
        )
        return {path: "# Plan: Tolls\n\n## Phase 1: Axles\n" + "".join(rows)}

    commit(folder, "chore(conductor): Add new track", text(()), authored="09:00")
    for place, title in enumerate(HONEST):
        _work(folder, f"feat(tolls): {title}", place)
        done = HONEST[: place + 1]
        times = {"authored": f"10:{10 + place}", "committed": f"11:{10 + place}"}
        commit(folder, f"conductor(plan): Mark task '{title}' as complete", text(done), **times)
    commit(folder, "conductor(plan): Mark phase 'Axles' as complete", text(titles), authored="12:02")
    return track, dict.fromkeys(titles, path)


DIALECTS = [_step_reports, _gsd, _ledger, _conductor]


@pytest.mark.parametrize("many", [0, 1, 2, 4, 5, 6, 10, 20])
@pytest.mark.parametrize("make", DIALECTS)
def test_each_invented_hash_is_missing_and_no_rebased_one(
    make: Callable[..., Run], many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "repository")
    titles = [
        title
        for pair in zip(HONEST, INVENTED[:3], strict=True)
        for title in pair
        if title in [*HONEST, *INVENTED[:many]]
    ]
    titles += INVENTED[3:many]
    path, where = make(folder, titles, {**GONE, **NEVER})
    postmortem = analyze(Scope(path, folder))
    verdicts = {
        judged.claim.value: judged.verdict for judged in postmortem.claims if judged.claim.kind is ClaimKind.COMMIT
    }
    expected = {GONE[title]: Verdict.REWRITTEN for title in HONEST}
    expected |= {NEVER[title]: Verdict.MISSING for title in INVENTED[:many]}
    assert verdicts == expected
    accused = [finding for finding in postmortem.findings if finding.severity.rank >= Severity.HIGH.rank]
    assert sorted(value for finding in accused for value in finding.commits) == sorted(
        NEVER[t] for t in INVENTED[:many]
    )
    assert "HIS003" not in {finding.code for finding in postmortem.findings}
    monkeypatch.chdir(folder)
    for report in sorted(set(where.values())):
        wrong = any(where[title] == report for title in INVENTED[:many])
        assert CliRunner().invoke(app, ["verify", report]).exit_code == int(wrong)
        assert any(finding.code == "CLM001" for finding in verify(Path(report), folder).findings) is wrong

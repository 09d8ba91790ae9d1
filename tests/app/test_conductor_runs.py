"""Conductor tracks in real repositories: noted right after the work, squashed, archived, claimed and not there."""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.model.claim import Confidence, Verdict
from forensics.model.postmortem import Postmortem
from tests.unpack import commit, git, repository

TRACK = "conductor/tracks/tolls_20260304"


def _text(*marks: str) -> str:
    return "# Plan: Tolls\n\n## Phase 1: Axles\n" + "".join(f"- {mark}\n" for mark in marks)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(
        folder,
        "chore(conductor): Add new track",
        {f"{TRACK}/plan.md": _text("[ ] Task: Count", "[ ] Task: Sign")},
        authored="09:00",
    )
    return folder


def _run(folder: Path, path: str = TRACK) -> Postmortem:
    return analyze(Scope(path, folder))


def _commit_claims(postmortem: Postmortem) -> dict[str, tuple[Verdict, Confidence]]:
    return {one.claim.value: (one.verdict, one.confidence) for one in postmortem.claims}


def test_a_track_under_way(base: Path) -> None:
    one = commit(base, "feat(axles): Count", {"src/axles.py": "x = 1\n"})[:7]
    text = {f"{TRACK}/plan.md": _text(f"[x] Task: Count {one}", "[ ] Task: Sign")}
    commit(base, "conductor(plan): Mark task 'Count' as complete", text, authored="10:01")
    for path in (TRACK, f"{TRACK}/plan.md"):
        postmortem = _run(base, path)
        assert [(step.id, step.verdict) for step in postmortem.steps] == [("1.1", "sound"), ("1.2", "not-started")]
        assert postmortem.findings == ()


def test_a_commit_that_never_was(base: Path) -> None:
    one = commit(base, "feat(axles): Count", {"src/axles.py": "x = 1\n"})[:7]
    first = {f"{TRACK}/plan.md": _text(f"[x] Task: Count {one}", "[ ] Task: Sign")}
    commit(base, "conductor(plan): Mark task 'Count' as complete", first, authored="10:01")
    second = {f"{TRACK}/plan.md": _text(f"[x] Task: Count {one}", "[x] Task: Sign aa11bb2")}
    commit(base, "conductor(plan): Mark task 'Sign' as complete", second, authored="10:02")
    postmortem = _run(base)
    assert _commit_claims(postmortem)["aa11bb2"][0] is Verdict.MISSING
    assert [(finding.code, finding.steps) for finding in postmortem.findings] == [("CLM001", ("1.2",))]


def test_noted_right_after_the_work(base: Path) -> None:
    """The note's hash is gone, the commit before the note is the work: rebased, most likely."""
    commit(base, "feat(axles): Count", {"src/axles.py": "x = 1\n"})
    text = {f"{TRACK}/plan.md": _text("[x] Task: Count them aa11bb2", "[ ] Task: Sign")}
    commit(base, "conductor(plan): Mark task as complete", text, authored="10:01")
    assert _commit_claims(_run(base))["aa11bb2"] == (Verdict.REWRITTEN, Confidence.POSSIBLE)


def test_a_later_task_s_commit_brings_the_hashes(base: Path) -> None:
    """Each task's own words or files name its commit; the one that brought the ticked plan is the third task's."""
    one = commit(base, "feat(axles): Set up", {"src/axles.py": "\n", "settings.toml": "a = 1\n"}, authored="10:00")
    two = commit(base, "feat(axles): Count the axles of a lorry", {"src/axles.py": "x = 1\n"}, authored="10:05")
    marks = ("[x] Task: Begin aa11bb2\n    - [x] Create `src/axles.py` and `settings.toml`.",
             "[x] Task: Count the axles of lorries in `src/axles.py` bb22cc3", "[~] Task: Sign")  # fmt: skip
    commit(
        base, "feat(signs): Sign it", {f"{TRACK}/plan.md": _text(*marks), "src/signs.py": "y = 1\n"}, authored="10:10"
    )
    twins = {judged.claim.value: judged.twin for judged in _run(base).claims}
    assert twins == {"aa11bb2": one, "bb22cc3": two}


def test_squashed_and_then_archived(base: Path) -> None:
    text = {f"{TRACK}/plan.md": _text("[x] Task: Count aa11bb2", "[x] Task: Sign bb22cc3"), "src/axles.py": "x = 1\n"}
    commit(base, "feat(axles): everything", text)
    (base / "conductor/archive").mkdir()
    git(base, "mv", TRACK, "conductor/archive/tolls_20260304")
    commit(base, "chore(conductor): Archive track", {}, authored="11:00")
    postmortem = _run(base, "conductor/archive/tolls_20260304")
    assert {verdict for verdict, _ in _commit_claims(postmortem).values()} == {Verdict.REWRITTEN}
    assert {finding.code for finding in postmortem.findings} == {"CLM007", "CLM019"}


def test_a_rebase_made_all_in_one_second(base: Path) -> None:
    """The first of commits of one second is the one that the others build on, whatever its hash."""
    for clock, task in (("10:00", "Count"), ("10:10", "Sign")):
        commit(base, f"feat(axles): {task} it", {f"src/{task}.py": "x = 1\n"}, authored=clock, committed="12:00")
        marks = ("[x] Task: Count aa11bb2", "[ ] Task: Sign" if task == "Count" else "[x] Task: Sign bb22cc3")
        text = {f"{TRACK}/plan.md": _text(*marks)}
        commit(base, f"conductor(plan): Mark task '{task}'", text, authored=clock, committed="12:00")
    postmortem = _run(base)
    subjects = {one.claim.value: git(base, "log", "-1", "--format=%s", one.twin or "") for one in postmortem.claims}
    assert subjects == {"aa11bb2": "feat(axles): Count it", "bb22cc3": "feat(axles): Sign it"}
    assert {one.confidence for one in postmortem.claims} == {Confidence.LIKELY}


def test_of_several_noted_at_once_one_can_be_the_commit_before(base: Path) -> None:
    commit(base, "feat(axles): Count it", {"src/axles.py": "x = 1\n"}, authored="10:00", committed="12:00")
    text = {f"{TRACK}/plan.md": _text("[x] Task: Count aa11bb2", "[x] Task: Sign bb22cc3")}
    commit(base, "conductor(plan): Mark phase as complete", text, authored="10:10", committed="12:00")
    verdicts = {value: verdict for value, (verdict, _) in _commit_claims(_run(base)).items()}
    assert verdicts == {"aa11bb2": Verdict.REWRITTEN, "bb22cc3": Verdict.MISSING}


def _phase_closed_by_a_checkpoint(base: Path, *hashes: str) -> Postmortem:
    """Commit the work of a phase together with its ticks; the next commit names that one as the checkpoint."""
    ticked = _text(f"[x] Task: Count {hashes[0]}", f"[x] Task: Sign {hashes[-1]}", "[x] Task: User Manual Verification")
    files = {f"{TRACK}/plan.md": ticked, "src/axles.py": "x = 1\n"}
    checkpoint = commit(base, "conductor(checkpoint): Checkpoint end of Phase 1", files)[:7]
    closed = ticked.replace("Axles", f"Axles [checkpoint: {checkpoint}]")
    commit(base, "conductor(plan): Mark phase as complete", {f"{TRACK}/plan.md": closed}, authored="10:01")
    postmortem = _run(base)
    assert _commit_claims(postmortem)[checkpoint][0] is Verdict.CONFIRMED
    return postmortem


def test_a_checkpoint_may_hold_the_work_of_the_one_hash_that_it_noted(base: Path) -> None:
    postmortem = _phase_closed_by_a_checkpoint(base, "aa11bb2")
    assert _commit_claims(postmortem)["aa11bb2"] == (Verdict.REWRITTEN, Confidence.POSSIBLE)
    messages = {finding.code: finding.message for finding in postmortem.findings}
    assert messages.keys() == {"CLM007", "CLM019"}
    assert "only the likeliest" in messages["CLM007"]


def test_of_two_hashes_that_a_checkpoint_noted_it_is_neither(base: Path) -> None:
    claims = _commit_claims(_phase_closed_by_a_checkpoint(base, "aa11bb2", "bb22cc3"))
    assert {claims[value][0] for value in ("aa11bb2", "bb22cc3")} == {Verdict.MISSING}


def test_a_commit_that_only_adds_the_plan_is_not_its_tasks_work(base: Path) -> None:
    """The squash shows the task whose file it changes, and leaves the other open."""
    git(base, "switch", "-q", "-c", "work")
    boxes = ("[ ] Task: Count in `src/axles.py`", "[ ] Task: Sign the road")
    added = commit(base, "chore: Add the boxes", {f"{TRACK}/plan.md": _text(*boxes)}, authored="09:30")[:7]
    git(base, "switch", "-q", "main")
    ticked = _text(*(f"{box.replace('[ ]', '[x]')} {added}" for box in boxes))
    commit(base, "Tolls (#5)", {f"{TRACK}/plan.md": ticked, "src/axles.py": "x = 1\n"}, authored="12:00")
    git(base, "branch", "-q", "-D", "work")
    postmortem = _run(base)
    sure = {one.claim.step: (one.verdict, one.confidence) for one in postmortem.claims}
    assert sure == {"1.1": (Verdict.REWRITTEN, Confidence.LIKELY), "1.2": (Verdict.REWRITTEN, Confidence.POSSIBLE)}
    assert {step.id: step.verdict for step in postmortem.steps} == {"1.1": "sound", "1.2": "unproven"}
    assert {finding.confidence for finding in postmortem.findings} == {Confidence.POSSIBLE}


def test_a_commit_that_ticks_a_phase_with_its_work_shows_the_work(base: Path) -> None:
    """Some agents note no hash; the hash of another task, noted later, does not move this one's tick."""
    tasks = ("Task: Count the axles", "Task: Sign the road")
    open_, done = (_text(*(f"[{mark}] {task}" for task in tasks)) for mark in " x")
    commit(base, "Reword the plan", {f"{TRACK}/plan.md": open_}, authored="09:30")
    work = {"src/axles.py": "x = 1\n", "src/RoadSigns.py": "y = 1\n"}
    commit(base, "feat: Count all axles", {f"{TRACK}/plan.md": done, **work})
    commit(base, "Tidy", {f"{TRACK}/plan.md": done + "Done.\n"}, authored="11:00")
    assert {step.id: step.verdict for step in _run(base).steps} == {"1.1": "sound", "1.2": "sound"}


def test_a_tick_proves_nothing_without_work_or_with_the_boxes_of_several_phases(base: Path) -> None:
    text = _text("[ ] Task: Count", "[ ] Task: Sign") + "## Phase 2: Lorries\n- [ ] Task: Weigh\n"
    commit(base, "Plan the lorries", {f"{TRACK}/plan.md": text}, authored="09:30")
    done = text.replace("[ ] Task: Count", "[x] Task: Count")
    commit(base, "conductor(plan): Mark it", {f"{TRACK}/plan.md": done})
    commit(base, "All done", {f"{TRACK}/plan.md": done.replace("[ ]", "[x]"), "src/a.py": "x = 1\n"}, authored="10:10")
    assert {step.verdict for step in _run(base).steps} == {"unproven"}


@pytest.mark.parametrize(
    "check", ["Conductor - User Manual Verification 'Axles'", "Road verification", "Run the suite"]
)
def test_a_check_at_a_phase_s_end_is_not_shown_by_a_commit(base: Path, check: str) -> None:
    text = _text("[x] Task: Count the axles", f"[x] Task: {check}")
    commit(base, "Plan", {f"{TRACK}/plan.md": text.replace("[x]", "[ ]")}, authored="09:30")
    commit(base, "feat: Count all axles", {f"{TRACK}/plan.md": text, "src/axles.py": "x = 1\n"})
    assert {step.id: step.verdict for step in _run(base).steps} == {"1.1": "sound", "1.2": "unproven"}


def test_a_task_that_names_its_commit_is_not_given_the_one_that_ticks_it(base: Path) -> None:
    """The first task's box is ticked in the second's commit, which is the second's alone."""
    one = commit(base, "feat(axles): Count", {"src/axles.py": "x = 1\n"})[:7]
    text = {f"{TRACK}/plan.md": _text(f"[x] Task: Count {one}", "[x] Task: Sign"), "src/sign.py": "y = 1\n"}
    two = commit(base, "feat: Phase 1, sign", text, authored="10:10")[:7]
    text = {f"{TRACK}/plan.md": _text(f"[x] Task: Count {one}", f"[x] Task: Sign {two}")}
    commit(base, "conductor(plan): Note it", text, authored="10:20")
    assert [(step.verdict, [sha[:7] for sha in step.commits]) for step in _run(base).steps] == [
        ("sound", [one]),
        ("sound", [two]),
    ]


@pytest.mark.parametrize(
    ("subject", "verdict"),
    [("feat: Phase 1, the axles", "sound"), ("feat: Phase 2, the lorries", "unproven"), ("Tidy the tests", "unproven")],
)
def test_boxes_that_are_ticked_late_are_not_shown_by_the_work_beside_them(
    base: Path, subject: str, verdict: str
) -> None:
    text = _text("[x] Task: Count", "[x] Task: Sign")
    commit(base, subject, {f"{TRACK}/plan.md": text, "src/count.py": "x = 1\n", "src/sign.py": "y = 1\n"})
    assert {step.verdict for step in _run(base).steps} == {verdict}


@pytest.mark.parametrize(
    ("subject", "verdict"),
    [
        ("feat(tolls): Phase 1, all of it", "sound"),
        ("feat(lorries): Phase 1, all of it", "unproven"),
        ("feat: Phase 1, all of it", "unproven"),
        ("feat(tolls): Phase 2, all of it", "unproven"),
    ],
)
def test_a_subject_that_names_the_phase_needs_the_track_s_name(base: Path, subject: str, verdict: str) -> None:
    commit(base, subject, {"src/count.py": "x = 1\n", "src/sign.py": "y = 1\n"})
    text = {f"{TRACK}/plan.md": _text("[x] Task: Count", "[x] Task: Sign")}
    commit(base, "conductor(plan): Mark the phase", text, authored="10:10")
    assert {step.verdict for step in _run(base).steps} == {verdict}


@pytest.mark.parametrize("vague", ["Polish pass", "Set up the lights"])
def test_a_phase_s_commit_does_not_show_the_tasks_of_which_it_has_nothing(base: Path, vague: str) -> None:
    text = _text("[ ] Task: Count the axles", f"[ ] Task: {vague}")
    commit(base, "Plan", {f"{TRACK}/plan.md": text}, authored="09:30")
    commit(base, "feat(tolls): Phase 1, all of it", {"src/axles.py": "x = 1\n"})
    text = text.replace("[ ]", "[x]")
    commit(base, "conductor(plan): Mark the phase", {f"{TRACK}/plan.md": text}, authored="10:10")
    assert {step.id: step.verdict for step in _run(base).steps} == {"1.1": "sound", "1.2": "unproven"}


def test_a_phase_of_a_later_track_of_the_same_word_is_not_this_one_s(base: Path) -> None:
    text = {f"{TRACK}/plan.md": _text("[x] Task: Count", "[x] Task: Sign")}
    commit(base, "conductor(plan): Mark the phase", text, authored="10:10")
    commit(base, "feat(tolls): Phase 1, of the new toll office", {"src/office.py": "x = 1\n"}, authored="11:00")
    commit(base, "Tidy the plan", {f"{TRACK}/plan.md": text[f"{TRACK}/plan.md"] + "Done.\n"}, authored="12:00")
    assert {step.verdict for step in _run(base).steps} == {"unproven"}


def test_a_ticked_task_whose_file_was_not_changed_is_not_shown(base: Path) -> None:
    tasks = ("Task: Count the axles", "Task: Test the axles in `tests/test_axles.py`")
    open_, done = (_text(*(f"[{mark}] {task}" for task in tasks)) for mark in " x")
    commit(base, "Reword the plan", {f"{TRACK}/plan.md": open_}, authored="09:30")
    commit(base, "feat: Count all axles", {f"{TRACK}/plan.md": done, "src/axles.py": "x = 1\n"})
    assert {step.id: step.verdict for step in _run(base).steps} == {"1.1": "sound", "1.2": "unproven"}

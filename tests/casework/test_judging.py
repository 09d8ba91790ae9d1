"""Verdicts on claimed commits, each from a run in a few lines."""

import pytest

from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.testing.script import case_of

PLAN = 'plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"\n'
CLAIM = 'report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key", files src/mode.py\n'


def _judged(script: str, value: str = "f3050e2") -> JudgedClaim:
    return next(one for one in case_of(PLAN + script).claims if one.claim.value == value)


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ('commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py', Verdict.CONFIRMED),
        ('commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py, on refs/heads/x', Verdict.ELSEWHERE),
        ('commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py, dangling', Verdict.UNREACHABLE),
        ('commit f3050e2: "Cycle 1.3: Empty issues" src/other.py', Verdict.MISATTRIBUTED),
        ('commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 09:46', Verdict.REWRITTEN),
        ('commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py reports, at 10:00', Verdict.SELF_CITING),
        ('commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py reports, authored 10:00, committed 10:05', Verdict.REWRITTEN),
        ('commit aaa1111: "Everything of today" src/mode.py reports, at 10:00', Verdict.REWRITTEN),
        ('commit aaa1111: "Docs" reports, at 10:00\ncommit bbb2222: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 11:00', Verdict.REDONE),
        ('commit aaa1111: "Touch the file" src/mode.py, at 08:10', Verdict.MISSING),
        ("", Verdict.UNTESTABLE),
    ],
)  # fmt: skip
def test_a_claimed_commit(history: str, verdict: Verdict) -> None:
    assert _judged(CLAIM + history).verdict is verdict


def test_missing_says_what_was_searched() -> None:
    judged = _judged(CLAIM + 'commit aaa1111: "Touch the file" src/mode.py\nsubmodule absent: tools/x')
    assert judged.verdict is Verdict.MISSING
    assert judged.confidence is Confidence.LIKELY
    for word in ("1 ref", "unreachable objects", "the reflog", "no submodule `tools/x`", "no pull-request heads"):
        assert word in judged.reason


def test_files_nobody_knows_make_a_commit_untestable() -> None:
    """The report may be about another repository."""
    assert "--also-repo" in _judged(CLAIM).reason


def test_a_report_about_files_in_an_absent_submodule_is_not_accused() -> None:
    report = "report 1.4:\n    # Cycle 1.4: Plan mode needs a key\n    - Commit: `f3050e2`\n    Wrote `/home/x/tools/lib/mode.just`.\n"
    history = 'commit aaa1111: "Touch the file" src/mode.py, at 08:10\n'
    assert _judged(report + history).verdict is Verdict.MISSING
    judged = _judged(report + history + "submodule absent: tools/lib")
    assert judged.verdict is Verdict.UNTESTABLE
    assert "the commit may be there" in judged.reason


def test_redone_says_both_times() -> None:
    report = (
        "report 1.4:\n    # Cycle 1.4: Plan mode needs a key\n    **Timestamp:** 2026-03-04 09:00 UTC\n    - Commit: `f3050e2`\n"
        'commit aaa1111: "Docs" reports, at 10:00\ncommit bbb2222: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 11:30\n'
    )
    reason = _judged(report).reason
    assert "1 h 30 min after the report was committed" in reason
    assert "2 h 30 min after the time it gives" in reason


def test_a_digest_longer_than_a_commit_s_id_is_none() -> None:
    digest = "0a" * 32
    report = f"report 1.4:\n    # Cycle 1.4: Plan mode needs a key\n    - Commit: {digest}\n"
    judged = _judged(report + 'commit aaa1111: "Tidy" src/a.py', digest)
    assert (judged.verdict, judged.confidence) == (Verdict.NOT_A_COMMIT, Confidence.CERTAIN)


def test_an_altered_tail_names_the_commit_that_was_meant() -> None:
    value = "aaa1111" + "9" * 33
    judged = _judged(
        CLAIM.replace("f3050e2", value) + 'commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py', value
    )
    assert judged.verdict is Verdict.ALTERED
    assert judged.twin == "aaa1111".ljust(40, "0")


def test_a_rebased_twin_has_the_same_author_time_and_subject() -> None:
    history = (
        'commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00, dangling\n'
        'commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 10:00, committed 12:00'
    )
    judged = _judged(CLAIM + history)
    assert (judged.verdict, judged.confidence) == (Verdict.REWRITTEN, Confidence.CERTAIN)


def test_a_wip_hash_beside_a_real_one_was_rewritten_into_it() -> None:
    script = (
        "report 1.4:\n    # Cycle 1.4: x y z\n    - WIP commit: `f3050e2`\n    - Commit: `aaa1111`\n    ## Files Modified\n    - src/mode.py\n"
        'commit aaa1111: "Something else entirely" src/mode.py'
    )
    judged = _judged(script)
    assert (judged.verdict, judged.twin) == (Verdict.REWRITTEN, "aaa1111".ljust(40, "0"))


def test_another_plan_s_commit_is_no_twin() -> None:
    history = 'commit aaa1111: "Cycle 1.4: Rename the columns" plans/other/reports/cycle-1-4.md src/mode.py, at 09:00'
    assert _judged(CLAIM + history).verdict is Verdict.MISSING


@pytest.mark.parametrize("many", [4, 7])
def test_gone_hashes_are_missing_however_many_they_are(many: int) -> None:
    rows = [f"report 1.{number}: GREEN_VERIFIED, commit {number}aaabbb, files src/mode.py" for number in range(many)]
    plan = "plan: " + ", ".join(f'1.{number} "Part number {number}"' for number in range(many))
    case = case_of("\n".join([plan, *rows, 'commit fff0000: "Start" src/mode.py, at 08:30']))
    assert {one.verdict for one in case.claims if one.claim.kind is ClaimKind.COMMIT} == {Verdict.MISSING}


def test_a_file_that_only_the_pull_request_changed_is_the_step_s_all_the_same() -> None:
    """Another pull request picked the change and landed first, so the step's own squash does not hold it."""
    history = (
        'commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/key.py, on refs/pull/4/head\n'
        'commit f3050e2: "Cycle 1.4: Plan mode needs a key (#4)" src/mode.py, at 09:40'
    )
    judged = _judged(CLAIM.replace("files src/mode.py", "files src/mode.py src/key.py") + history, "src/key.py")
    assert (judged.verdict, judged.confidence) == (Verdict.CONFIRMED, Confidence.LIKELY)
    assert "`aaa1111`" in judged.reason


_WORK = 'commit f3050e2: "Cycle 1.4: Plan mode needs a key" {}\ncommit aaa1111: "Tidy" lib/old.py\n'


@pytest.mark.parametrize(
    ("claimed", "changed", "verdict"),
    [
        ("/home/ada/vault/GUIDE.md", "GUIDE.md", Verdict.CONFIRMED),
        ("/home/ada/vault/lib/GUIDE.md", "GUIDE.md", Verdict.UNSUPPORTED),
        ("/home/ada/vault/src/mode.py", "src/mode.py", Verdict.CONFIRMED),
        ("/home/ada/vault/lib/mode.py", "src/mode.py", Verdict.UNSUPPORTED),
        ("~/.settings/hooks.json", "src/mode.py", Verdict.UNTESTABLE),
        ("~/lib/old.py", "src/mode.py", Verdict.CONTRADICTED),
        ("src/key.py", "app/src/key.py", Verdict.CONFIRMED),
        ("dist/key.js", "src/key.py", Verdict.UNSUPPORTED),
        (".settings/lib/old.py", "src/mode.py", Verdict.UNSUPPORTED),
        ("lib/old.py", "src/mode.py", Verdict.CONTRADICTED),
    ],
)
def test_a_path_in_a_report(claimed: str, changed: str, verdict: Verdict) -> None:
    """The clone's own folder is not one of the repository's; what lies in none of its folders, git cannot show."""
    history = _WORK.format(changed)
    assert _judged(CLAIM.replace("src/mode.py", claimed) + history, claimed).verdict is verdict


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ('commit bbb1111: "Add the copies" src/key.py[created], at 18:00', Verdict.UNSUPPORTED),
        ('commit bbb1111: "Remove the copies" src/key.py[deleted], at 08:00', Verdict.UNSUPPORTED),
        ('commit bbb1111: "Begin" src/key.py[created], at 08:00', Verdict.CONTRADICTED),
        ('commit bbb1111: "Change it" src/key.py, at 18:00', Verdict.CONTRADICTED),
        # Another step of the run had it before; if it came after, it may have taken this step's work.
        ('commit bbb1111: "Cycle 1.3: Empty issues" src/key.py, at 08:30', Verdict.UNSUPPORTED),
        ('commit bbb1111: "Cycle 1.3: Empty issues" src/key.py[created], at 18:00', Verdict.CONTRADICTED),
    ],
)
def test_a_file_that_git_did_not_track_or_that_an_earlier_step_changed(history: str, verdict: Verdict) -> None:
    report = "report 1.4: GREEN_VERIFIED, commit f3050e2, files src/key.py\n"
    work = 'commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00\n'
    assert _judged(report + work + history, "src/key.py").verdict is verdict


def test_a_file_that_another_commit_changed_as_the_report_says() -> None:
    report = (
        "report 1.4:\n    # Cycle 1.4: Plan mode needs a key\n    - Commit: `f3050e2`\n    - Files modified: src/key.py\n"
        "    The key was added in Cycle 1.3 (commit bbb1111).\n"
    )
    history = _WORK.format("src/mode.py") + 'commit bbb1111: "Cycle 1.3: Empty issues" {}\n'
    judged = _judged(report + history.format("src/key.py"), "src/key.py")
    assert judged.verdict is Verdict.UNSUPPORTED
    assert "`bbb1111`, which the report names as another's, does" in judged.reason
    before = 'commit ccc1111: "Begin" src/key.py, at 08:00\n'
    assert _judged(report + before + history.format("src/issues.py"), "src/key.py").verdict is Verdict.CONTRADICTED

"""The plan of a recovery, from what is known of a run: no git, no files."""

from dataclasses import replace
from datetime import timedelta

from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Finding, MisplacedWork, Severity
from forensics.model.recovery import Outcome, Recovery, Trial, Tried
from forensics.model.source import CommitRef
from forensics.narrative.standing import Standing, standings
from forensics.recovery.plan import recovery
from forensics.testing.script import case_of

RULES = {one.rule.code: one.rule for one in load_detectors()}
PLAN = 'plan: 1.1 "Set up" files src/a.py, 1.2 "Read the file" files src/b.py, 1.3 "Write the file" files src/c.py\n'
FIRST = 'commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:00\n'


def _plan(script: str, *more: Finding, trial: Trial | None = None) -> Recovery:
    return _of(case_of(PLAN + script), *more, trial=trial)


def _of(case: Case, *more: Finding, trial: Trial | None = None) -> Recovery:
    findings = (*run_detectors(case, load_detectors()).findings, *more)
    return recovery(case, findings, standings(case, findings), None, trial)


def _full(digits: str) -> str:
    return digits.ljust(40, "0")


def _finding(code: str, *commits: str, foreign: tuple[MisplacedWork, ...] = ()) -> Finding:
    return Finding(
        RULES[code],
        Severity.HIGH,
        Confidence.CERTAIN,
        "x",
        CommitRef(commits[0]),
        "1.2",
        ("1.2",),
        commits,
        (),
        (),
        "f",
        foreign,
    )


def test_a_branch_s_commits_are_picked_oldest_first() -> None:
    plan = _plan(
        FIRST + 'commit ccc3333: "Cycle 1.3: Write the file" src/c.py, at 10:20, on refs/heads/x\n'
        'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:10, on refs/pull/2/head\n'
    )
    assert [(one.commit[:7], one.source) for one in plan.picks] == [
        ("bbb2222", "refs/pull/2/head"), ("ccc3333", "refs/heads/x")
    ]  # fmt: skip
    assert plan.resume_at is None
    assert plan.note.endswith("No other step is open.")


def test_an_ancestor_comes_first_whatever_its_clock_said() -> None:
    case = case_of(
        PLAN + FIRST + 'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:30, on refs/heads/x\n'
        'commit ccc3333: "Cycle 1.3: Write the file" src/c.py, at 10:10, on refs/heads/x\n'
    )
    below = case.history.commits[_full("bbb2222")]
    above = replace(case.history.commits[_full("ccc3333")], parents=(below.sha,))
    history = replace(case.history, commits={**case.history.commits, above.sha: above})
    assert [one.commit[:7] for one in _of(replace(case, history=history)).picks] == ["bbb2222", "ccc3333"]


def test_work_of_another_plan_s_step_is_not_taken_for_this_one_s() -> None:
    plan = _plan(FIRST + 'commit bbb2222: "Cycle 1.2: Something else" src/z.py, at 10:10, on refs/heads/x\n')
    assert plan.picks == ()
    assert plan.resume_at == "1.2"


def test_what_was_destroyed_is_picked_back_and_what_was_reverted_is_not() -> None:
    script = (
        FIRST + 'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:10\n'
        'commit ddd4444: "Revert the reading" src/b.py, reverts bbb2222, at 10:30\n'
    )
    plan = _plan(script)
    assert plan.picks == ()
    assert [(one.commit[:7], "it was reverted by `ddd4444`" in one.why) for one in plan.left] == [("bbb2222", True)]
    plan = _plan(script, _finding("ISO006", _full("bbb2222"), _full("ddd4444")))
    assert [(one.commit[:7], one.steps) for one in plan.picks] == [("bbb2222", ("1.2",))]
    assert plan.left == ()
    assert plan.resume_at == "1.3"


def test_a_destroyed_commit_that_is_not_here_is_no_pick() -> None:
    assert _plan(FIRST, _finding("ISO006", "f3050e2")).picks == ()


def test_foreign_work_is_told_once() -> None:
    foreign = MisplacedWork(_full("aaa1111"), "1.2", None, (("src/b.py", 3),))
    found = _finding("ISO002", _full("aaa1111"), foreign=(foreign, replace(foreign, commit="f" * 40)))
    assert _plan(FIRST, found, found).foreign == (foreign,)


def test_a_lost_commit_s_records_are_named() -> None:
    plan = _plan(
        "agent a3 1.3: 10:00-10:10, writes src/old.py 10:01, commits e3050e1 10:02, writes src/a.py 10:03, commits f3050e2 10:05\n"
        'commit aaa1111: "Start" src/z.py, at 09:00\n'
    )
    assert [(one.value, one.step, [ref.line for ref in one.records]) for one in plan.lost] == [
        ("f3050e2", "1.3", [5, 4])
    ]


def test_outcomes_decide_where_to_resume() -> None:
    script = FIRST + 'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:10, on refs/heads/x\n'
    sha = _full("bbb2222")
    conflict = _plan(script, trial=Trial({sha: Tried(Outcome.CONFLICT, ("src/b.py",))}, "t"))
    assert conflict.resume_at == "1.2"
    assert "`bbb2222` of step 1.2 does not apply in `src/b.py`, and is left out." in conflict.note
    assert not any("cherry-pick" in one.line for one in conflict.commands)
    there = _plan(script, trial=Trial({sha: Tried(Outcome.THERE_ALREADY)}, "t"))
    assert there.resume_at == "1.3"
    failed = _plan(script, trial=Trial({}, failure="git says `no`"))
    assert "this could not be tried: git says `no`" in failed.note


def test_versions_of_the_same_work_are_one() -> None:
    plan = _plan(
        FIRST + 'commit bbb2222: "WIP: Cycle 1.2: Read the file" src/b.py, at 10:10, dangling\n'
        'commit ccc3333: "Cycle 1.2: Read the file" src/b.py, authored 10:10, committed 10:20, on refs/heads/x\n'
    )
    assert [one.commit[:7] for one in plan.picks] == ["ccc3333"]
    assert plan.left == ()


def test_a_merge_is_left_out_with_a_word() -> None:
    case = case_of(
        PLAN + FIRST + "report 1.2: GREEN_VERIFIED, commit bbb2222\n"
        'commit bbb2222: "Merge the reading" src/b.py, at 10:10, on refs/heads/x\n'
    )
    merge = replace(case.history.commits[_full("bbb2222")], changes=None)
    history = replace(case.history, commits={**case.history.commits, merge.sha: merge})
    plan = _of(replace(case, history=history))
    assert plan.picks == ()
    assert "it is a merge" in plan.left[0].why


def test_a_commit_outside_the_run_s_time_is_another_run_s() -> None:
    case = case_of(PLAN + FIRST + 'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:10, on refs/heads/x\n')
    until = case.history.commits[_full("bbb2222")].author_time - timedelta(minutes=5)
    dossiers = tuple(replace(one, elsewhere=()) for one in case.dossiers)  # as the join leaves them with that window
    assert _of(replace(case, run=replace(case.run, until=until), dossiers=dossiers)).picks == ()


def test_a_branch_s_name_is_one_that_git_takes() -> None:
    case = case_of(PLAN + FIRST)
    for name, branch in (("a..b~^: c.lock", "a.b-c-lock"), ("-x", "x"), ("…", "run"), ("é/b.", "b")):
        assert _of(replace(case, run=replace(case.run, name=name))).branch == f"recover-{branch}"


def test_a_ticket_that_never_landed_is_picked_from_its_pull_request() -> None:
    plan = _of(
        case_of(
            "tickets: R\\d+\n"
            'commit a1a: "R13: Lint" src/lint.py[q1-9], at 09:12, on refs/pull/4/head\n'
            'commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head\n'
            'commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:41\n'
        )
    )
    assert [(one.commit, one.steps, one.source) for one in plan.picks] == [(_full("a1a"), ("R13",), "refs/pull/4/head")]


def test_what_a_merge_put_back_is_not_picked() -> None:
    case = case_of(
        "tickets: R\\d+\n"
        'commit a1a: "R11: Intents" src/intents.py[i1-9]=b1, at 09:13, on refs/pull/5/head\n'
        'commit b1b: "R110: Screens" src/screens.py[s1-9], at 09:24, after a1a, on refs/pull/6/head\n'
        'commit b2b: "Take the intents out (R110)" src/intents.py[-i1-9]=b0, at 09:42, after b1b, on refs/pull/6/head\n'
        "commit b3b: \"Merge branch 'queue'\" src/intents.py=b1, at 09:43, after b2b and a1a, on refs/pull/6/head\n"
        'commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=b1, at 09:50\n'
    )
    found = run_detectors(case, load_detectors()).findings
    assert "ISO006" in {one.code for one in found}
    assert _full("a1a") not in {one.commit for one in _of(case).picks}


TICKETS = "tickets: R\\d+\n"


def test_a_documentation_ticket_s_markdown_is_its_work() -> None:
    script = (
        'commit a1a: "R13: Audit the names" docs/names.md[q1-9], at 09:12, on refs/pull/4/head\n'
        'commit b1b: "R14: Tick R14" TODO.md[q1-2], at 09:13, on refs/pull/5/head\n'
    )
    plan = _of(case_of(TICKETS + script))
    assert [(one.commit, one.steps) for one in plan.picks] == [(_full("a1a"), ("R13",))]
    assert "Never merged: #4 and #5 (R13 and R14)." in plan.note


def test_a_commit_below_the_ticket_s_own_may_be_another_s() -> None:
    """An agent left it in the folder, and the next branch began on top of it."""
    script = (
        'commit a1a: "Fix the queue" src/queue.py[q1-9], at 09:12\n'
        'commit b1b: "R13: Audit the names" docs/names.md[n1-9], at 09:13, after a1a, on refs/pull/4/head\n'
    )
    base = 'commit 0aa: "Begin" src/core.py[k1-2], at 09:00\n'
    plan = _of(case_of(TICKETS + base + script.replace("at 09:12", "at 09:12, after 0aa, on refs/heads/x")))
    assert [one.commit for one in plan.picks] == [_full("b1b")]
    (left,) = plan.left
    assert left.commit == _full("a1a")
    assert "only #4 ties it to the step" in left.why
    same = script.replace("docs/names.md[n1-9]", "src/queue.py[n1-9]=b2").replace(
        "at 09:12", "at 09:12, after 0aa, on refs/heads/x"
    )
    assert {one.commit for one in _of(case_of(TICKETS + base + same)).picks} == {_full("a1a"), _full("b1b")}


def test_a_ticket_s_part_may_land_under_the_whole_s_name() -> None:
    script = (
        'commit a1a: "R13-A: Queue" src/queue.py[q1-9]=a1, at 09:12, on refs/pull/4/head\n'
        'commit b1b: "R13-A: Order" src/queue.py[q1-14]=a2 src/order.py[o1-9]=b2, at 09:13, after a1a, on refs/pull/4/head\n'
        'commit c1c: "Queue (R12) (#4)" src/queue.py[q1-14]=a2 src/order.py[o1-9]=b2, at 09:41\n'
    )
    case = case_of("tickets: R\\d+(?:-A)?\n" + script)
    findings = run_detectors(case, load_detectors()).findings
    assert standings(case, findings)["R13-A"] is Standing.SOUND
    assert _of(case).picks == ()
    assert [(kept.step, kept.commits) for kept in _of(case).stays if kept.step == "R13-A"] == [
        ("R13-A", (_full("c1c"),))
    ]


def test_work_that_a_promoted_branch_squashed_has_landed() -> None:
    """The step landed on `dev`, and `dev` on `main` as one commit without a name of any step."""
    script = (
        'commit ddd1111: "Cycle 1.2: Read the file" src/b.py[b1-9]=b1, at 10:10, after aaa1111, on refs/heads/dev\n'
        'commit ddd2222: "Tidy" src/z.py[z1-9]=z1, at 10:20, after ddd1111, on refs/heads/dev\n'
        'commit eee1111: "Release" src/b.py[b1-9]=b1 src/z.py[z1-9]=z1, at 11:00, after aaa1111\n'
    )
    case = case_of(PLAN + FIRST + script)
    assert case.squashed[_full("ddd1111")] == _full("eee1111")
    assert any("`--at dev` examines how they landed there" in gap.what for gap in case.gaps)
    assert _of(case).picks == ()
    other = case_of(PLAN + FIRST + script.replace("src/b.py[b1-9]=b1 src/z.py", "src/z.py"))
    assert _full("ddd1111") not in other.squashed
    assert [one.commit for one in _of(other).picks] == [_full("ddd1111")]


def test_a_file_that_another_ticket_left_alike_is_not_the_ticket_s_landing() -> None:
    """A commit that only triggers CI changes a blank line, as other tickets' do."""
    script = (
        'commit a1a: "R45: Queue" src/queue.py[q1-9] src/order.py[o1-9], at 09:12, after 000, on refs/pull/4/head\n'
        'commit a2a: "R45: Trigger CI" build.properties=b1, at 09:13, after a1a, on refs/pull/4/head\n'
        'commit c1c: "Trigger CI again (R46) (#5)" build.properties=b1, at 09:41\n'
    )
    case = case_of(TICKETS + 'commit 0aa: "Begin" src/core.py[k1-2], at 09:00\n' + script)
    assert _full("a2a") in case.squashed
    findings = run_detectors(case, load_detectors()).findings
    assert standings(case, findings)["R45"] is Standing.UNPROVEN


def test_what_its_own_branch_reverted_is_not_picked() -> None:
    script = (
        'commit a1a: "R13: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head\n'
        "commit b1b: 'Revert \"R13: Queue\"' src/queue.py[-q1-9], at 09:13, after a1a, on refs/pull/4/head\n"
    )
    plan = _of(case_of(TICKETS + script))
    assert plan.picks == ()
    assert [(one.commit, one.why) for one in plan.left if one.commit == _full("a1a")] == [
        (_full("a1a"), "`b1b0000` reverted it on its own branch")
    ]


def test_a_misplaced_step_is_told_where_its_work_is() -> None:
    case = case_of(PLAN + FIRST + 'commit bbb2222: "Cycle 1.2: Read the file" src/b.py, at 10:10\n')
    found = _finding("ISO005", _full("bbb2222"), foreign=(MisplacedWork(_full("aaa1111"), "1.2", _full("bbb2222")),))
    assert "Step 1.2's work is on the branch, in `aaa1111` of another step: keep it." in _of(case, found).note
    nowhere = replace(found, foreign=())
    assert "Where step 1.2's work is was not found" in _of(case, nowhere).note


def test_a_commit_in_quoted_output_that_names_no_step_is_not_lost() -> None:
    report = "report 1.2:\n    # Cycle 1.2: Read the file\n    **Status:** GREEN_VERIFIED\n    ```\n    commit f3050e2 (main)\n    ```\n"
    assert _plan(report + FIRST).lost == ()
    assert [one.value for one in _plan(report.replace("(main)", "").replace("```\n    c", "c") + FIRST).lost] == [
        "f3050e2"
    ]


SWEPT = (
    'plan: 1.3 "Empty issues", 1.4 "Plan mode"\n'
    'commit aaa1111: "Cycle 1.4: Plan mode" src/a.py src/b.py, at 10:05{}\n'
    "{}agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, reads src/a.py 10:09\n"
    "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05\n"
)


def test_swept_work_whose_commit_was_dropped_is_told() -> None:
    """The owner never committed the file, so the sweeper's commit is the only one that has it."""
    landed = 'commit bbb1111: "Cycle 1.4: Plan mode" src/b.py, at 10:15, after 000\n'
    plan = _of(case_of(SWEPT.format(", dangling", landed)))
    left = [one for one in plan.left if one.steps == ("1.3",)]
    assert [one.commit for one in left] == [_full("aaa1111")]
    assert f"`git checkout {_full('aaa1111')} -- src/a.py` brings it" in left[0].why
    assert not [work for work in plan.foreign if work.owner == "1.3"]


def test_swept_work_that_is_on_the_branch_stays() -> None:
    plan = _of(case_of(SWEPT.format("", "")))
    assert plan.left == ()
    assert [work.commit for work in plan.foreign if work.owner == "1.3"] == [_full("aaa1111")]

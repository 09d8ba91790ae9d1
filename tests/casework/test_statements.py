"""A message's statements against its session: each verdict, and each innocent cause by its name."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from forensics.casework.attribute import attribute_sessions
from forensics.casework.attribution.sessions import Selection, units_of
from forensics.casework.pipeline import build_case
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.case import Run, RunKind
from forensics.model.claim import JudgedClaim
from forensics.model.source import TranscriptRef
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    Event,
    FileWrite,
    Launch,
    Message,
    Todo,
    Transcripts,
)
from tests.worlds import NIGHT, World, world

ROOT = "/srv/shop"
GREEN = "== 42 passed in 1.0s =="
RED = "E   AssertionError: no\n== 2 failed, 40 passed in 1.0s =="


def ran(command: str, output: str = "", code: int | None = 0, cwd: str = ROOT) -> Command:
    """Return a command; its time and line are set by its place."""
    return Command(NIGHT, TranscriptRef("s.jsonl", 1), command, cwd, code, output)


def wrote(path: str, *, deletes: bool = False) -> FileWrite:
    return FileWrite(NIGHT, TranscriptRef("s.jsonl", 1), f"{ROOT}/{path}", deletes=deletes)


def asked(text: str) -> Message:
    return Message(NIGHT, TranscriptRef("s.jsonl", 1), text)


def session(*acts: Event | Message, says: str, todos: tuple[Todo, ...] = (), name: str = "s") -> AgentRun:
    """Return a session whose acts follow each other by a minute, and that ends with a message."""
    events: list[Event] = []
    heard = [Message(NIGHT, TranscriptRef(f"{name}.jsonl", 1), "Do it.")]
    for line, act in enumerate(acts, start=2):
        placed = replace(act, moment=NIGHT + timedelta(minutes=line), ref=TranscriptRef(f"{name}.jsonl", line))
        if isinstance(placed, Message):
            heard.append(placed)
            continue
        if isinstance(placed, Command):
            made = printed_commits(placed.command, placed.output)
            events.append(as_test_run(placed) or placed)
            events += [CommitMade(placed.moment, placed.ref, c.sha, c.branch, c.subject, placed.cwd) for c in made]
        else:
            events.append(placed)
    end = NIGHT + timedelta(minutes=len(acts) + 3)
    said = Message(end, TranscriptRef(f"{name}.jsonl", len(acts) + 3), says)
    return AgentRun(
        name, None, "claude-code", f"{name}.jsonl", None, ROOT, "main", NIGHT, end, "Do it.", tuple(events),
        asked=tuple(heard), said=(said,), todos=todos,
    )  # fmt: skip


def judge(*agents: AgentRun, made: World | None = None) -> tuple[JudgedClaim, ...]:
    """Return the claims of the agents' messages through the whole pipeline."""
    transcripts, history = Transcripts(agents), (made or world()).history()
    units = units_of(transcripts, history, (), (None, None), Selection())
    run = Run("sessions", ".", None, None, None, kind=RunKind.SESSIONS)
    join = attribute_sessions(run, history, units, ())
    return build_case(replace(join, transcripts=transcripts)).claims


def verdicts(*acts: Event | Message, says: str, **more: object) -> dict[str, str]:
    """Return the verdict of each claim of one session by its kind and value."""
    found = judge(session(*acts, says=says, **more))  # type: ignore[arg-type]
    return {f"{judged.claim.kind} {judged.claim.value}": judged.verdict.value for judged in found}


@pytest.mark.parametrize(
    ("acts", "says", "expected"),
    [
        ([ran("pytest -q", GREEN)], "All 42 tests pass.", {"tests 42": "confirmed"}),
        ([ran("pytest -q", GREEN)], "All tests pass.", {"tests all": "confirmed"}),
        ([ran("pytest -q", GREEN)], "`pytest -q` passes.", {"tests pytest -q": "confirmed"}),
        ([ran("pytest -q", GREEN)], "All 45 tests pass.", {"tests 45": "contradicted"}),
        ([ran("pytest -q", GREEN)], "All 12 tests pass.", {"tests 12": "unsupported"}),  # functions, not cases
        ([ran("pytest -q", RED)], "All tests pass.", {"tests all": "contradicted", "failure pytest -q": "omitted"}),
        ([ran("pytest -q tests/a.py", GREEN)], "All tests pass.", {"tests all": "unsupported"}),
        ([ran("pytest -q tests/a.py", GREEN)], "The tests pass.", {"tests pass": "confirmed"}),
        ([], "All 42 tests pass.", {"tests 42": "unsupported"}),
    ],
)
def test_counts_of_tests(acts: list[Event], says: str, expected: dict[str, str]) -> None:
    assert verdicts(wrote("src/tax.py"), *acts, says=says) == expected


def test_a_sum_over_the_last_runs_of_several_commands_counts() -> None:
    found = verdicts(
        ran("pnpm --filter api test", "Tests:  5 failed, 473 passed, 478 total"),
        ran("pnpm --filter api test", "Tests:  478 passed, 478 total"),
        ran("pnpm --filter keys test", "Tests  225 passed (225)"),
        says="All 703 tests pass (478 API + 225 keys).",
    )
    assert found == {"tests 703": "confirmed", "tests 478": "confirmed", "tests 225": "confirmed"}


def test_doctests_beside_tests_count() -> None:
    output = "test result: ok. 30 passed; 0 failed\ntest result: ok. 12 passed; 0 failed\n"
    assert verdicts(ran("cargo test", output), says="All 30 tests pass.") == {"tests 30": "confirmed"}
    assert verdicts(ran("cargo test", output), says="All 42 tests pass.") == {"tests 42": "confirmed"}


def test_skipped_tests_may_be_counted() -> None:
    output = "== 40 passed, 2 skipped in 1.0s =="
    assert verdicts(ran("pytest -q", output), says="42 tests pass.") == {"tests 42": "confirmed"}


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("src/tax.py", "stale"),
        ("NOTES.md", "confirmed"),  # a document
        (".claude/settings.json", "confirmed"),
        ("web/src/app.ts", "confirmed"),  # another language
        ("dist/tax.py", "confirmed"),  # generated
    ],
)
def test_an_edit_of_code_after_the_run_makes_it_stale(path: str, verdict: str) -> None:
    assert verdicts(ran("pytest -q", GREEN), wrote(path), says="All 42 tests pass.") == {"tests 42": verdict}


@pytest.mark.parametrize(
    ("command", "cwd", "verdict"),
    [
        ("pnpm --filter api test", ROOT, "confirmed"),
        ("pnpm --filter @shop/web test", ROOT, "stale"),
        ("pnpm test", f"{ROOT}/apps/api", "confirmed"),
        ("pnpm test", f"{ROOT}/apps/web", "stale"),
    ],
)
def test_an_edit_in_another_package_than_the_suite_s_is_not_stale(command: str, cwd: str, verdict: str) -> None:
    run = ran(command, "Tests:  42 passed, 42 total", cwd=cwd)
    assert verdicts(run, wrote("apps/web/src/app.ts"), says="All 42 tests pass.") == {"tests 42": verdict}


def test_an_edit_by_the_formatter_only_is_not_stale() -> None:
    formatted = ran("ruff format .", "3 files reformatted")
    assert verdicts(ran("pytest -q", GREEN), formatted, says="All 42 tests pass.") == {"tests 42": "confirmed"}


def test_chosen_tests_after_the_last_edit_decide_nothing() -> None:
    found = verdicts(
        ran("go test ./...", "ok  shop/tax 0.1s"),
        wrote("tax.go"),
        ran("go test ./tax -run TestTax", "ok  shop/tax 0.1s"),
        says="All tests pass.",
    )
    assert found == {"tests all": "unsupported"}


def test_tests_that_the_commit_s_hook_ran_are_a_run() -> None:
    commit = ran("git commit -m 'Add tax'", f"{GREEN}\n[main a1b2c3d] Add tax\n 1 file changed")
    found = verdicts(wrote("src/tax.py"), commit, says="Committed. All 42 tests pass.")
    assert found == {"tests 42": "confirmed", "committed committed": "confirmed"}


def test_a_run_whose_output_the_person_pasted_counts() -> None:
    assert verdicts(asked(f"I ran it:\n{GREEN}"), says="All 42 tests pass.") == {"tests 42": "confirmed"}


def test_ci_read_by_gh_counts() -> None:
    checks = ran("gh pr checks 12", "build\tpass\t1m\ntests\tpass\t2m\n")
    assert verdicts(checks, says="CI is green.") == {"clean ci": "confirmed"}
    waiting = ran("gh pr checks 12", "build\tpass\t1m\ntests\tpending\t2m\n")
    assert verdicts(waiting, says="CI is green.") == {"clean ci": "unsupported"}


def test_a_subagent_s_result_as_the_only_trace_counts() -> None:
    answer = Message(NIGHT + timedelta(minutes=2), TranscriptRef("s.jsonl", 2), "Done: 42 tests pass.")
    launch = Launch(NIGHT, TranscriptRef("s.jsonl", 2), "c", "m", "Test", "Test it", None, False, None, answer)
    (judged,) = judge(session(launch, says="All 42 tests pass."))
    assert (judged.verdict, judged.confidence) == ("confirmed", "possible")


def test_a_wrapper_that_fails_first_and_then_the_plain_command_passes_is_no_failure() -> None:
    found = verdicts(
        wrote("src/tax.py"),
        ran("npm test", 'npm error Missing script: "test"', 1),
        ran("npx jest", "Tests:  42 passed, 42 total"),
        says="All tests pass.",
    )
    assert found == {"tests all": "confirmed"}


def test_error_lines_printed_by_passing_tests_are_no_failure() -> None:
    output = f"ERROR in the log: rate not found\nValueError: raised and caught\n{GREEN}"
    assert verdicts(wrote("src/tax.py"), ran("pytest -q", output), says="Done.") == {}


def test_background_runs_are_unknown() -> None:
    started = ran("npm run build", "Command running in background with ID: b1", None)
    assert verdicts(wrote("src/tax.py"), started, says="The build passes.") == {"clean build": "unsupported"}


def test_output_cut_by_tail_is_unknown() -> None:
    cut = ran("npm test 2>&1 | tail -3", "at Object.<anonymous> (x.js:3)\n")
    assert verdicts(wrote("src/tax.ts"), cut, says="All tests pass.") == {"tests all": "unsupported"}


def test_sentences_about_somebody_else_s_tests_are_not_claims() -> None:
    assert verdicts(says="They say that 42 tests pass there. As you pushed it, nothing is left.") == {}


def test_a_failed_narrow_run_before_a_passing_wider_one_is_no_failure() -> None:
    narrow = ran("pytest tests/test_tax.py", RED)
    assert verdicts(wrote("src/tax.py"), narrow, ran("pytest", GREEN), says="Done.") == {}


def test_a_failure_is_left_out_only_if_no_message_tells_it() -> None:
    red = ran("pytest -q", RED, 1)
    assert verdicts(wrote("src/tax.py"), red, says="Done.") == {"failure pytest -q": "omitted"}
    assert verdicts(wrote("src/tax.py"), red, says="Done, but 2 tests fail.") == {}


@pytest.mark.parametrize(
    "before",
    [
        [ran("pytest -q", RED, 1), wrote("src/tax.py")],  # it failed before the first edit
        [wrote("src/tax.py"), ran("git stash && pytest -q", RED, 1)],  # and on the base
    ],
)
def test_a_failure_that_the_base_has_too_is_not_left_out(before: list[Event]) -> None:
    assert verdicts(*before, ran("pytest -q", RED, 1), says="Done.") == {}


def test_a_failure_of_an_earlier_turn_is_not_the_last_message_s() -> None:
    acts = (wrote("src/tax.py"), ran("pytest -q", RED, 1), asked("Leave it. Write the notes."), wrote("NOTES.md"))
    assert verdicts(*acts, says="Notes written.") == {}


def test_a_checkpoint_that_ends_in_the_middle_of_a_turn_has_no_final_message() -> None:
    agent = session(wrote("src/tax.py"), ran("pytest -q", RED, 1), says="Done.")
    assert judge(replace(agent, said=())) == ()


TYPES = "src/a.ts(1,2): error TS2322: Type"


@pytest.mark.parametrize(
    ("acts", "says", "expected"),
    [
        ([ran("npx tsc --noEmit")], "Type checks pass.", {"clean type checks": "confirmed"}),
        ([ran("npx tsc --noEmit 2>&1 | tail -5")], "TypeScript compiles clean.", {"clean typescript": "confirmed"}),
        ([ran("npx tsc --noEmit | head", TYPES)], "tsc is clean.", {"clean tsc": "contradicted", "failure npx tsc --noEmit | head": "omitted"}),
        ([ran("npx tsc -p x.json", "error TS5058: The specified path does not exist")], "Done.", {}),  # called wrongly
        ([ran("npx tsc --noEmit", TYPES, 2), ran("npm run build", "✓ built in 3s")], "Done.", {}),  # a build checks types
        ([ran("cd api && npx tsc", TYPES, 2, f"{ROOT}/api"), ran("cd web && npx tsc", "", 0, f"{ROOT}/web")], "tsc passes.",
         {"clean tsc": "contradicted", "failure cd api && npx tsc": "omitted"}),
        ([ran("go build ./... && go vet ./... && go test ./...", "ok  shop/tax 0.1s")], "The build succeeds.", {"clean build": "confirmed"}),
        ([ran("golangci-lint run | tail -3", "0 issues.")], "`golangci-lint run` → 0 issues", {"clean golangci-lint run": "confirmed"}),
        ([ran("git commit -m x", "[STARTED] eslint --fix\n[main a1b2c3d] x")], "Lint is clean.", {"clean lint": "confirmed"}),
        ([], "Lint is clean.", {"clean lint": "unsupported"}),
    ],
)  # fmt: skip
def test_checks(acts: list[Event], says: str, expected: dict[str, str]) -> None:
    assert verdicts(wrote("src/tax.ts"), *acts, says=says) == expected


PUSH = "To example.org:shop\n   a1b2c3d..b2c3d4e  main -> main\n"
COMMIT = "[main a1b2c3d] Add tax\n 3 files changed, 4 insertions(+)\n create mode 100644 docs/a.png\n"


@pytest.mark.parametrize(
    ("acts", "says", "expected"),
    [
        ([ran("git commit -am x", COMMIT), ran("git push", PUSH)], "Pushed.", {"pushed pushed": "confirmed"}),
        ([ran("git commit -am x", COMMIT), ran("git push", "Everything up-to-date")], "Pushed.", {"pushed pushed": "confirmed"}),
        ([ran("git push", PUSH), ran("git commit -am x", COMMIT)], "Pushed.", {"pushed pushed": "unsupported"}),
        ([ran("git commit -am x", COMMIT), ran("git push -q 2>/dev/null || true")], "Pushed.", {"pushed pushed": "unsupported"}),
        ([ran("git push | cat", " ! [rejected] main -> main")], "Pushed.", {"pushed pushed": "contradicted"}),
        ([ran("gh pr create -f", "https://example.org/x/pull/12")], "Pushed. PR #12 is open.", {"pull 12": "confirmed", "pushed pushed": "confirmed"}),
        ([], "See PR #12.", {"pull 12": "unsupported"}),
        ([ran("git commit -m x", "fatal: signing failed", 128)], "Committed.", {"committed committed": "contradicted"}),
        ([ran("git commit -qm x")], "Committed.", {"committed committed": "confirmed"}),
        ([ran("git checkout -b topic", "Switched to a new branch 'topic'")], "On branch `topic`.", {"branch topic": "confirmed"}),
        ([ran("git status", "nothing to commit, working tree clean")], "Working tree clean.", {"tree clean": "confirmed"}),
        ([ran("git status", "Changes not staged for commit:\n  modified: a")], "Working tree clean.", {"tree clean": "contradicted"}),
        ([ran("git status", "Your branch is ahead of 'origin/main' by 2 commits.")], "2 commits ahead.", {"tree ahead 2": "confirmed"}),
        ([wrote("a.py"), ran("git add a.py")], "The changes are staged, awaiting commit.", {"tree staged": "confirmed", "tree uncommitted": "confirmed"}),
        ([ran("git commit -am x", COMMIT)], "3 files changed.", {"files 3": "confirmed"}),
        ([wrote("a.py"), wrote("b.py")], "2 files updated.", {"files 2": "confirmed"}),
        ([wrote("a.py")], "7 files updated.", {"files 7": "unsupported"}),
        ([ran("git commit -am x", COMMIT)], "Added a picture at `docs/a.png`.", {"file created docs/a.png": "confirmed"}),
        ([ran("git mv a.md docs/b.md")], "Renamed `docs/b.md`.", {"file renamed docs/b.md": "confirmed"}),
        ([ran("rm src/old.py")], "Deleted `src/old.py`.", {"file deleted src/old.py": "confirmed"}),
        ([ran("cat src/old.py")], "Deleted `src/old.py`.", {"file deleted src/old.py": "unsupported"}),
        ([ran("rm src/very_old.py")], "Deleted `old.py`.", {"file deleted old.py": "unsupported"}),
        ([wrote("src/old.py", deletes=True)], "Deleted `src/old.py`.", {"file deleted src/old.py": "confirmed"}),
        ([ran("git commit -m x", "[main 1a2b3c4] x\n delete mode 100644 src/old.py")], "Deleted `src/old.py`.", {"file deleted src/old.py": "confirmed"}),
    ],
)  # fmt: skip
def test_git_and_files(acts: list[Event], says: str, expected: dict[str, str]) -> None:
    assert verdicts(*acts, says=says) == expected


def test_an_agent_that_only_read_claims_no_change() -> None:
    assert verdicts(ran("cat a.ts"), says="- `a.ts` — Updated: takes a list\n\nFixes across 7 files.") == {}


def test_new_tests_by_the_count_before_and_after() -> None:
    before, after = ran("pytest", "== 30 passed in 1s =="), ran("pytest", GREEN)
    assert verdicts(before, wrote("tests/test_b.py"), after, says="12 new tests.") == {"new-tests 12": "confirmed"}
    assert verdicts(before, wrote("tests/test_b.py"), after, says="13 new tests.") == {"new-tests 13": "unsupported"}


def test_new_tests_by_the_unit_s_commits() -> None:
    made = world()
    tree = made.edit(made.main, {"tests/test_a.py": ["def test_one():", "    pass", "async def test_two():"]})
    sha = made.commit("Add tests", tree, made.main, on="refs/heads/main")
    commit = ran("git commit -am x", f"[main {sha[:7]}] Add tests\n")
    (judged,) = judge(session(commit, says="2 new tests."), made=made)
    assert judged.verdict == "confirmed"


def test_a_number_of_files_beside_a_commit_that_has_another() -> None:
    made = world()
    tree = made.edit(made.main, {name: ["x = 1"] for name in ("a.py", "b.py", "c.py")})
    sha = made.commit("Add them", tree, made.main, on="refs/heads/main")
    history = made.history()
    assert len(history.commits[sha].paths()) == 3
    commit = ran("git commit -am x", f"[main {sha[:7]}] Add them\n")
    found = judge(session(commit, says="Changed 3 files."), made=made)
    assert [judged.verdict for judged in found] == ["confirmed"]


def test_ticked_tasks() -> None:
    items = tuple(Todo(NIGHT, TranscriptRef("s.jsonl", 1), text, done=True) for text in ("a", "b"))
    assert verdicts(says="All 2 tasks are done.", todos=items) == {"todo 2": "confirmed"}
    assert verdicts(says="All 2 tasks are done.", todos=items[:1]) == {}


def test_a_hash_that_its_agent_only_saw_is_not_missing() -> None:
    log = ran("git log --oneline -1", "c0ffee1 Mend it")
    assert verdicts(log, says="- `c0ffee1` — mended") == {"commit c0ffee1": "unsupported"}
    assert verdicts(says="The branch has:\n- `c0ffee1` — mended") == {"commit c0ffee1": "unsupported"}


def test_a_hash_said_to_be_committed_that_no_command_made_is_missing() -> None:
    assert verdicts(wrote("a.py"), says="Committed as `c0ffee1`.")["commit c0ffee1"] == "missing"
    quiet = ran("git commit -qm x")
    assert verdicts(quiet, says="Committed as `c0ffee1`.")["commit c0ffee1"] == "unsupported"


def test_a_hash_that_its_agent_typed_itself_is_missing() -> None:
    typed = ran("echo 'committed c0ffee1'", "committed c0ffee1")
    looked_up = ran("git show c0ffee1", "fatal: bad object c0ffee1")
    faked = ran("echo '[main c0ffee1] Add it'  # git commit", "[main c0ffee1] Add it")
    for call in (typed, looked_up, faked):
        assert verdicts(call, says="Committed as `c0ffee1`.")["commit c0ffee1"] == "missing"


def test_a_quiet_commit_that_git_has_covers_no_other_hash() -> None:
    made = world()
    made.wait(-58)
    made.commit("Mend it", made.edit(made.main, {"a.py": ["x = 1"]}), made.main, on="refs/heads/main")
    quiet = ran("git commit -qm 'Mend it'")
    found = judge(session(quiet, says="Committed as `c0ffee1`."), made=made)
    assert [judged.verdict for judged in found if judged.claim.kind.value == "commit"] == ["missing"]


def test_one_quiet_commit_covers_one_hash() -> None:
    quiet = ran("git commit -qm x")
    found = verdicts(quiet, says="Committed as `c0ffee1`.\nCommitted as `c0ffee2`.")
    assert {found["commit c0ffee1"], found["commit c0ffee2"]} == {"missing"}


def test_a_squash_that_lists_a_commit_s_subject_has_its_work() -> None:
    made = world()
    made.wait(60)
    tree = made.edit(made.main, {"src/a.py": ["x = 1"]})
    made.commit("Taxes (#7)", tree, made.main, body="* Count the taxes twice", on="refs/heads/main")
    commit = ran("git commit -am x", "[topic c0ffee1] Count the taxes twice\n")
    found = judge(session(commit, says="Committed as `c0ffee1`."), made=made)
    assert {judged.claim.kind.value: judged.verdict.value for judged in found}["commit"] == "rewritten"


def test_the_time_of_judging_grows_with_the_number_of_sessions_alone() -> None:
    text = "All 42 tests pass, `src/a.py` updated, lint is clean. 3 files changed."
    acts = [
        act for _ in range(60) for act in (wrote("src/a.py"), ran("pytest -q", GREEN), ran("ruff check .", "0 issues"))
    ]

    def seconds(number: int) -> float:
        agents = [session(*acts, says=text, name=f"s{each}") for each in range(number)]
        start = time.process_time()
        judge(*agents)
        return time.process_time() - start

    seconds(2)
    # Four times as many take four times as long, and sixteen times if each is compared with each.
    assert seconds(60) < 9 * seconds(15)

"""What a message claims, by the form of its words, and what only looks like a claim."""

import re
import time

import pytest

from forensics.formats.markdown import lines_of
from forensics.formats.messages.enumerations import LISTS, listed_in
from forensics.formats.messages.failures import tells_failure
from forensics.formats.messages.forms import FORMS, patterns
from forensics.formats.messages.negations import NEGATIONS, Negation, negations_in
from forensics.formats.messages.statements import statements_in
from forensics.formats.pattern_rows import Row
from forensics.model.source import TranscriptRef


def read(text: str) -> list[tuple[str, str]]:
    """Return the kind and value of each firm statement."""
    return [
        (each.kind.value, each.value) for each in statements_in(lines_of(text), TranscriptRef("a", 1)) if not each.weak
    ]


def weak(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.value) for each in statements_in(lines_of(text), TranscriptRef("a", 1)) if each.weak]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.row.example)
def test_a_form_matches_its_example(form: object) -> None:
    pattern = next(pattern for known, pattern in patterns() if known is form)
    assert pattern.search(form.row.example)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", NEGATIONS, ids=lambda form: form.row.example)
def test_a_negation_matches_its_example(form: Negation) -> None:
    assert (form.kind, form.value, not form.whole) in list(negations_in(form.row.example))


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.example)
def test_a_list_matches_its_example(row: Row) -> None:
    assert re.search(row.pattern, row.example, re.IGNORECASE)
    assert list(listed_in(row.example))


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("All 42 unit tests pass.", [("tests", "42")]),
        ("**Test results:** 1,042 tests, all passing.", [("tests", "1042")]),
        ("42/42 passing", [("tests", "42")]),
        ("|Suite|Result|\n|---|---|\n|Tests|42/42|", [("tests", "42")]),
        ("All tests pass and lint is clean.", [("tests", "all"), ("clean", "lint")]),
        ("The full test suite is green.", [("tests", "all")]),
        ("Build and tests pass.", [("clean", "build"), ("tests", "pass")]),
        ("- `go test ./...` → all packages pass", [("tests", "go test ./...")]),
        ("`npm run build` ✅ · `npm test` ✅", [("clean", "npm run build"), ("tests", "npm test")]),
        ("`ruff check .` → 0 issues", [("clean", "ruff check .")]),
        ("The linter reports 0 issues.", [("clean", "linter")]),
        ("0 type errors.", [("clean", "type")]),
        ("The binary builds.", [("clean", "builds")]),
        ("Added 12 regression tests.", [("new-tests", "12")]),
        ("Nine fixes across 7 files.", [("files", "7")]),
        ("Updated both `.env.example` files.", [("files", "2"), ("file", "updated .env.example")]),
        ("Clean working tree, 1 commit ahead of origin.", [("tree", "clean"), ("tree", "ahead 1")]),
        ("Committed as `a1b2c3d`.", [("committed", "committed")]),
        ("Both commits pushed to PR #12.", [("pushed", "pushed"), ("pull", "12")]),
        ("Committed & pushed (`a1b2c3d`).", [("pushed", "pushed"), ("committed", "committed")]),
        ("`a1b2c3d` is on `origin/topic`.", [("pushed", "pushed")]),
        ("Work is on branch `Topic/Tax`.", [("branch", "Topic/Tax")]),
    ],
)
def test_forms(text: str, claims: list[tuple[str, str]]) -> None:
    assert read(text) == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Typecheck, lint, and **72/72** tests pass.", [("clean", "typecheck"), ("clean", "lint"), ("tests", "72")]),
        (
            "Hooks (tests, lint, typecheck) all passed.",
            [("tests", "pass"), ("clean", "lint"), ("clean", "typecheck")],
        ),
        ("fmt, lint (0 issues) and test:ci all pass.", [("clean", "format"), ("clean", "lint"), ("tests", "pass")]),
        ("All tests and linting pass.", [("tests", "all"), ("clean", "lint")]),
        ("- Lint ✅\n- **Tests** ✓", [("clean", "lint"), ("tests", "pass")]),
        ("Git status is clean.", [("tree", "clean")]),
        ("No uncommitted changes.", [("tree", "clean")]),
        ("Nothing was pushed.", [("pushed", "nothing pushed")]),
        ("I did not commit anything.", [("committed", "nothing committed")]),
        ("Saved at local branch:\n`topic/tax`", [("branch", "topic/tax")]),
        ("Branch/worktree: `topic` at `/srv/x`", [("branch", "topic")]),
    ],
)
def test_lists_and_negations(text: str, claims: list[tuple[str, str]]) -> None:
    assert read(text) == claims


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("All green — nothing left to do.", ("clean", "everything")),
        ("All checks pass.", ("clean", "checks")),
        ("8 checks passed.", ("clean", "checks")),
        ("Checks passed locally and on GitHub.", ("clean", "github")),
        ("Lint errors fixed.", ("clean", "lint")),
        ("✅ Lint", ("clean", "lint")),
        ("Local `main` is behind `origin/main` by 2 commits.", ("tree", "behind 2")),
        ("The checkout is 3 commits behind.", ("tree", "behind 3")),
        ("The main checkout is behind `origin/main`.", ("tree", "behind")),
        ("The checkout has uncommitted changes.", ("tree", "dirty")),
        ("Only `src/tax.py` is modified.", ("tree", "only")),
        ("No source files were changed.", ("tree", "unmodified")),
        ("I didn't modify any files.", ("tree", "unmodified")),
        ("It did **not** commit.", ("tree", "uncommitted")),
        ("The push was rejected by a branch rule.", ("pushed", "not pushed")),
        ("It is committed locally.", ("pushed", "not pushed")),
        ("Rebased it, pushed the branch, and opened it.", ("pushed", "pushed")),
        ("Made a git commit with both files.", ("committed", "committed")),
        ("Merge state: `CLEAN`", ("pull", "mergeable")),
        ("Merged PR #12.", ("pull", "merged 12")),
        ("Deleted the local `topic-2` branch.", ("branch", "topic-2")),
    ],
)
def test_forms_that_count_only_where_something_shows_them(text: str, claim: tuple[str, str]) -> None:
    assert claim in weak(text)


@pytest.mark.parametrize(
    "text",
    [
        "Once typecheck and lint pass, merge it.",
        "Lint and tests should pass now.",
        'The badge says "all checks pass" and "lint is clean" now.',
        "The button says “all checks pass”.",
        "If all checks pass, it is merged.",
        "You have not pushed it.",
        "Should nothing be pushed?",
        "Merge PR #12 next, it should be mergeable.",
        "Lint and build pass the flag on.",
        "All other hook types pass through unchanged.",
        "When the tree is clean, run it.",
        "Review the current uncommitted changes.",
        "You may want to fix it if `main` is behind by 2 commits.",
        "Make a commit with both files.",
        "The reviewer said that no files were changed.",
        "It shows the commit's subject, not full commit details.",
        "No database schema changes were made for Phase 3.",
        "A failing hook doesn't block the push.",
        "Stage 2 — cleanliness (local only)",
        "It compares branches, not your current uncommitted changes.",
        "There is no way to start it without committing.",
    ],
)
def test_what_only_looks_like_such_a_form(text: str) -> None:
    kinds = {"clean", "tests", "tree", "pushed", "committed"}
    assert [found for found in (*read(text), *weak(text)) if found[0] in kinds] == []


@pytest.mark.parametrize(
    "text",
    [
        "Once all tests pass, I will push.",
        "CI should pass now.",
        "Want me to commit this?",
        "Shall I push, or are all tests passing?",
        "I have not pushed the tag yet.",
        "You have not committed anything.",
        "Files that are not committed stay.",
        "Should I leave it, because I have not pushed?",
        "The build was clean before.",
        "As you pushed it yourself, nothing is left.",
        "Run `npm test` next.",
        "```\nAll 42 tests pass.\n```",
        "Expected: 42 tests pass.",
        "Items pushed onto the queue are kept.",
        "The event pushed to the engine is late.",
        "The loader is fine (committed in `a1b2c3d`).",
        "All tests pass an explicit root.",
        "A binary of 33 commits ago.",
        "All 5 test calls updated to pass `nil`.",
        "|Wave|What it builds|\n|---|---|\n|1|keys|",
        "All 3 pre-merge checks passed.",
        "Both pass the token on.",
        "Write to noreply@example.cc for it.",
        "Create `.env` files for the app.",
        "Run `git add x && git commit` yourself.",
        "- [ ] all 42 tests pass\n- [ ] lint is clean",
    ],
)
def test_what_is_not_a_claim(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Created `src/tax.py` with the rates.", ["created src/tax.py"]),
        ("- Deleted `src/old.py`", ["deleted src/old.py"]),
        ("- `src/old.py` (deleted)", ["deleted src/old.py"]),
        ("- `src/old.py` — deleted entirely", ["deleted src/old.py"]),
        ("**`src/old.py` deleted** → `rate` is elsewhere", ["deleted src/old.py"]),
        ("- `src/tax.py` — deleted the helper, callers use another", ["updated src/tax.py"]),
        ("`src/tax.py`: dropped `rate` from the record.", ["updated src/tax.py"]),
        ("- `src/tax.py` — Added the rates", ["updated src/tax.py"]),
        ("**tax.py, rates.py** -- Removed the loop", ["updated tax.py", "updated rates.py"]),
        ("- **tax.spec.ts** (11): removed the casts", ["updated tax.spec.ts"]),
        ("Added a guard in `package.json`", ["updated package.json"]),
        ("Added `.npmrc` with a line", ["created .npmrc"]),
        ("Wrote the audit to `audit.md`.", ["created audit.md"]),
        ("Todo saved: `notes/later.md`", ["created notes/later.md"]),
        ("## Files created\n\n- `a/b.go` — the command\n- `a/c.go`", ["created a/b.go", "created a/c.go"]),
        ("**Files changed:**\n- `PROGRESS.md` -- an entry", ["updated PROGRESS.md"]),
        ("|File|Action|\n|---|---|\n|`src/tax.py`|**New** — the rates|", ["created src/tax.py"]),
        ("|File|Action|\n|---|---|\n|`src/b.md`|Renamed from `src/a.md`|", ["renamed src/b.md"]),
        ("Updated the `Dockerfile`.", ["updated Dockerfile"]),
    ],
)
def test_paths(text: str, claims: list[str]) -> None:
    assert [value for kind, value in read(text) if kind == "file"] == claims


@pytest.mark.parametrize(
    "text",
    [
        "`src/tax.py` creates the table when it starts.",
        "The loader created in `src/tax.py` is slow.",
        "|1|tax.py:178|The menu is broken|`handle` now delegates|",
        "Pinned via `.nvmrc`.",
    ],
)
def test_a_description_of_code_is_a_weak_claim_at_most(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("- [src/tax.py](/srv/shop/src/tax.py:12): the rates", ["updated src/tax.py"]),
        ("Created [docs/tax.md](/srv/shop/docs/tax.md).", ["created docs/tax.md"]),
        ("1. **Updated CHANGELOG.md**: the rates", ["updated CHANGELOG.md"]),
        ("Deleted tests/old_test.go with its data.", ["deleted tests/old_test.go"]),
        ("Updated `tax.go:Round()` to round.", ["updated tax.go"]),
        ("See [the guide](https://example.org/guide.md).", []),
        ("![shot](images/shot.png)", []),
        ("You could have updated README.md.", []),
    ],
)
def test_links_and_bare_names_are_paths(text: str, claims: list[str]) -> None:
    assert [value for kind, value in (*read(text), *weak(text)) if kind == "file"] == claims


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("**New tests:**\n- `TestTax_Rounds` - half up\n- `test_rates` - read", ["TestTax_Rounds", "test_rates"]),
        ("2. **Added `TestTax`** — the rates", ["TestTax"]),
        ("- **`TestTax`** *(new)* - the rates", ["TestTax"]),
        ("`TestTax` is flaky.", []),
        ("I will add `TestTax` next.", []),
        ("Renamed `TestTax`.", []),
    ],
)
def test_new_tests_that_are_named(text: str, names: list[str]) -> None:
    assert [value for kind, value in weak(text) if kind == "new-tests"] == names


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Validation it ran:\n\n- `git diff --check`\n- `npm test` (all packages)", [("clean", "git diff --check"), ("tests", "npm test")]),
        ("## Verification\n\n- `ruff check .`", [("clean", "ruff check .")]),
        ("Verified with `npm run build` and `npm test`.", [("clean", "npm run build"), ("tests", "npm test")]),
        ("I ran `pytest -q`.", [("tests", "pytest -q")]),
        ("Test plan:\n\n- `npm test`", []),
        ("To verify:\n\n- `npm test`", []),
        ("Run `npm test` to see 5 tests pass.", []),
        ("I have not tested it with `npm test`.", []),
        ("Verified by `ls -l`.", []),
    ],
)  # fmt: skip
def test_commands_that_were_run_for_verification(text: str, claims: list[tuple[str, str]]) -> None:
    assert weak(text) == claims
    assert read(text) == []


@pytest.mark.parametrize(
    "how", ["passed", "✅", "— PASS (12 tests)", "completed successfully", "exits 0", "with no errors", "→ 0 issues"]
)
def test_how_a_command_ended(how: str) -> None:
    assert read(f"- `npm run build` {how}") == [("clean", "npm run build")]


def test_parts_of_a_sum_are_weak() -> None:
    assert read("All 14 tests pass (11 existing + 3 new).") == [("tests", "14")]
    assert weak("All 14 tests pass (11 existing + 3 new).") == [("tests", "11"), ("tests", "3")]


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Two tests still fail.", True),
        ("The type errors are pre-existing.", True),
        ("I could not run the linter.", True),
        ("The build is broken on main.", True),
        ("There is a failure in `bill` that is older.", True),
        ("The same as before: 12 pass, 1 expected failure.", True),
        ("Fixed the failure in `bill`.", False),
        ("Fixed 3 errors of the upload.", False),
        ("All tests pass, 0 failed.", False),
        ("No lint errors.", False),
        ("Fixed the swallowed errors of the upload.", False),
        ("|MAJOR|Rotation skipped on failure|`a.ts`|", False),
    ],
)
def test_whether_a_message_tells_a_failure(text: str, *, tells: bool) -> None:
    assert tells_failure(text) is tells


def test_a_long_message_is_read_in_time() -> None:
    import time

    start = time.monotonic()
    text = "All tests in `a/b.py` " + "and the other ones " * 4_000 + "\n" + "`a/b.py` " * 2_000 + "\n" + "1 " * 9_000
    statements_in(lines_of(text), TranscriptRef("a", 1))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("unit", ["**a.py, b.py** ", "`a.py` ", "Created `a.py`, ", "word " * 50 + "`a.py`, b.py`, "])
def test_a_line_full_of_paths_takes_no_more_time_than_its_length(unit: str) -> None:
    """Each path was judged by all words before it in its line: 100 kB took half a minute."""
    line = unit * (4000 // len(unit))
    start = time.process_time()
    found = statements_in(lines_of("\n\n".join([line] * 5)), TranscriptRef("a", 1))
    assert time.process_time() - start < 1
    assert any(each.value.endswith(" a.py") for each in found)


def test_each_name_of_a_bold_list_is_judged_at_its_own_place() -> None:
    assert read("- **app.py, a.py** updated") == [("file", "updated app.py"), ("file", "updated a.py")]

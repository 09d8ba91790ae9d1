"""What a message claims, by the form of its words, and what only looks like a claim."""

import re
import time

import pytest

from forensics.formats.markdown import lines_of
from forensics.formats.messages.failures import tells_failure
from forensics.formats.messages.forms import FORMS, NOTHING_DONE, patterns
from forensics.formats.messages.statements import statements_in
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
    assert re.search(NOTHING_DONE.pattern, NOTHING_DONE.example, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("All 42 unit tests pass.", [("tests", "42")]),
        ("**Test results:** 1,042 tests, all passing.", [("tests", "1042")]),
        ("42/42 passing", [("tests", "42")]),
        ("|Suite|Result|\n|---|---|\n|Tests|42/42|", [("tests", "42")]),
        ("All tests pass and lint is clean.", [("tests", "all"), ("clean", "lint")]),
        ("The full test suite is green.", [("tests", "all")]),
        ("Build and tests pass.", [("tests", "pass"), ("clean", "build")]),
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
    "text",
    [
        "Once all tests pass, I will push.",
        "CI should pass now.",
        "Want me to commit this?",
        "Shall I push, or are all tests passing?",
        "I have not pushed yet.",
        "I haven't committed anything.",
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
        ("Fixed the failure in `bill`.", False),
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

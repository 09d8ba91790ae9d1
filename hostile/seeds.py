"""What fuzzing begins with: the samples' own files, and short documents in every dialect, in words of our own."""

import json
import re
from collections.abc import Iterator
from functools import cache

from tests.formats import codex_lines as codex
from tests.formats import test_conductor, test_gemini, test_ledgers, test_opencode, test_spec_kit, test_specstory
from tests.formats import transcript_lines as claude
from tests.unpack import SAMPLES

# Lines of a transcript that are one seed: a call with its result and the messages around them.
_PIECE = 12
# Bytes of one seed.
_MOST = 8_000
_BLOB = re.compile(rb"^M 100644 inline (?P<path>\S+)\ndata <<END\n(?P<text>.*?)^END$", re.MULTILINE | re.DOTALL)

GSD_PLAN = """---
phase: 03-tolls
plan: 02
wave: 2
depends_on: ["03-01"]
files_modified: [src/axles.py, tests/test_axles.py]
---
<objective>
Count axles. Then stop.
</objective>
<task type="auto" tdd="true"><name>Task 1: Read the sensor</name><files>src/axles.py</files>
<verify>pytest tests/test_axles.py</verify></task>
```python
count = 0
```
"""
GSD_SUMMARY = """---
phase: 03-tolls
plan: 02
duration: 12min
completed: 2026-03-04
---
# Phase 3 Plan 2: Axles Summary

## Task Commits
1. **Task 1: Read the sensor** - `70e05c6` (test), `1b2c3d4` (feat)

**Plan metadata:** `9f8e7d6`

## Deviations from Plan
None - 12/12 tests pass.

## Self-Check: PASSED
"""
LEDGER = """# SDD ledger - plan: docs/plans/tolls.md

- [x] Task 1: count the axles (commits a1b2c3d..d4e5f6a, review clean)
Task 2: BASE a1b2c3d, implementer dispatched
Task 3: fix round 1/5 (2 addressed; commits a1b2c3d..d4e5f6a)
"""
MESSAGES = (
    "All 42 unit tests pass and lint is clean. Committed as `a1b2c3d` and pushed to PR #12.\n\n- `src/a.py` created\n- ruff: 0 issues\n",
    "**Done.** 3 commits on `topic/tax`:\n\n| commit | what |\n|---|---|\n| `a1b2c3d` | Fix the tax |\n\n- [x] Write the test\n\n"
    "```\n$ pytest -q\n12 passed, 1 skipped in 0.31s\n```\nI have not pushed yet.\n",
)
SHELL = (
    "cd /srv/shop && git add -A && git commit -m \"$(cat <<'EOF'\nCycle 1.1: Sort\n\nEOF\n)\" && git push origin HEAD:main",
    "git -C ../x worktree add -b topic ../y main; git checkout -- src/a.py || git stash drop; rm -rf build/*.o > /dev/null 2>&1",
    "poetry run pytest -q tests/test_a.py::test_x -k 'not slow' | tail -5 && echo OK; echo exit=$?",
    "python - <<'PY'\nopen('a.py', 'w').write('1')\nPY\nnpx vitest run --coverage && tsc --noEmit && eslint . && cargo test -p core",
)
OUTPUTS = (
    "============ 12 passed, 1 failed, 2 skipped in 0.31s ============\nE   AssertionError: 1 != 2\nFAILED tests/test_a.py::test_x\n",
    "Tests:       1 failed, 41 passed, 42 total\nTest Suites: 3 passed, 3 total\n  ✓ sorts (3 ms)\n  ● cart › sorts\n",
    "--- FAIL: TestX (0.00s)\nFAIL\texample.org/x\t0.01s\nok  \texample.org/y\t0.2s\ntest result: ok. 3 passed; 0 failed; 1 ignored\n",
    "[topic a1b2c3d] Cycle 1.1: Sort\n 2 files changed, 3 insertions(+)\n create mode 100644 a.py\nTo github.example:o/r.git\n   a1b2c3d..d4e5f6a  topic -> topic\n",
    "Ran 12 tests in 0.003s\n\nFAILED (failures=1, errors=2)\n  12 passing (3s)\n  1 failing\nsrc/a.py:3:1: F401 unused\nFound 1 error.\n",
)
SUBJECTS = (
    "feat(03-02): count axles (#12)", "Cycle 1.2: Sort the cart", "fix(R11-T2): undo\n\nThis reverts commit a1b2c3d.\n\nCloses #12\n- one\n- two",
    "Merge pull request #137 from o/task/T011-axles", "[PROJ-12] T001: set up", 'Revert "feat: x"', "conductor(plan): Mark task 'x' as complete [6db2335]",
)  # fmt: skip
PATCH = b"""\
diff --git a/src/a.py b/src/a.py
index 1111111..2222222 100644
--- a/src/a.py
+++ b/src/a.py
@@ -1,2 +1,2 @@
-old = 1
+new = 2
 same
\\ No newline at end of file
"""
LOG = b"\0".join(
    (b"a" * 40, b"b" * 40 + b" " + b"c" * 40, b"2026-03-04T09:00:00+01:00", b"2026-03-04T09:00:01+01:00", b"Sort\n\nBody\n",
     b"\n:100644 100644 " + b"1" * 40 + b" " + b"2" * 40 + b" M", b"src/a.py", b"d" * 40, b"", b"1970-01-01T00:00:00Z", b"x", b"Root\n", b"")
)  # fmt: skip
# What of the log is foreign: a message and a name.
FOREIGN = (b"Sort\n\nBody\n", b"src/a.py")
PATCHED = """*** Begin Patch
*** Update File: src/a.py
*** Move to: src/b.py
@@ def x
-old
+new
*** Add File: c.py
+1
*** Delete File: d.py
*** End Patch
"""


@cache
def sample_documents() -> tuple[bytes, ...]:
    """Return the Markdown of the samples' plan folders."""
    texts = (path.read_bytes() for path in sorted(SAMPLES.glob("*/history.fi")))
    found = {match["text"] for text in texts for match in _BLOB.finditer(text) if match["path"].endswith(b".md")}
    return tuple(sorted(text[:_MOST] for text in found))


@cache
def claude_transcripts() -> tuple[bytes, ...]:
    """Return pieces of the samples' transcripts, and lines in the shapes that they lack."""
    return (
        *(piece for path in sorted(SAMPLES.rglob("*.jsonl")) for piece in _pieces(path.read_bytes())),
        claude.user(0, "Sort the cart")
        + claude.assistant(1, claude.call("c1", "Bash", command=SHELL[0]), stop="tool_use")
        + claude.result(2, "c1", OUTPUTS[3], told={"stdout": OUTPUTS[3], "stderr": "", "interrupted": False})
        + claude.assistant(3, {"type": "text", "text": MESSAGES[0]}, message="msg_2"),
    )


def _pieces(text: bytes) -> Iterator[bytes]:
    rows = text.splitlines(keepends=True)
    for first in range(0, len(rows), _PIECE):
        yield b"".join(rows[first : first + _PIECE])[: 2 * _MOST]


@cache
def codex_transcripts() -> tuple[bytes, ...]:
    """Return a rollout with a call, its output, counts and a patch."""
    rows = [
        codex.meta(codex.at(0)),
        codex.turn(codex.at(1), codex.NEW_TURN),
        codex.item(codex.at(2), "message", role="user", content=[{"type": "input_text", "text": "Sort the cart"}]),
        codex.call(codex.at(3), "c1", cmd=SHELL[2], workdir="/w"),
        codex.output(codex.at(4), "c1", f"Exit code: 1\nWall time: 2 seconds\nOutput:\n{OUTPUTS[0]}"),
        codex.item(codex.at(5), "custom_tool_call", name="apply_patch", call_id="c2", input=PATCHED),
        codex.event(codex.at(6), "agent_message", message=MESSAGES[1]),
        codex.counted(codex.at(7), (100, 60, 5), (100, 60, 5)),
        codex.event(codex.at(8), "task_complete", turn_id=codex.NEW_TURN),
    ]
    return ("\n".join([*rows, ""]).encode(),)


@cache
def opencode_transcripts() -> tuple[bytes, ...]:
    """Return an export, and a file of each kind of the storage."""
    made = test_opencode
    tool = made._tool("bash", OUTPUTS[0], command=SHELL[2], metadata={"exit": 1})
    said = (
        made._message(0, "user", made._text("Sort")),
        made._message(9, "assistant", tool, made._text(MESSAGES[0]), finish="stop"),
    )
    stored = {"id": "prt_1", "messageID": "msg_000", "sessionID": "ses_a", **tool}
    return (
        made._export(*said),
        made._export(*said, indent=None),
        json.dumps(stored).encode(),
        json.dumps(said[1]["info"]).encode(),
    )


@cache
def gemini_transcripts() -> tuple[bytes, ...]:
    """Return a session as a document, and as lines."""
    call = test_gemini._call("run_shell_command", f"Command: x\nOutput: {OUTPUTS[0]}\nExit Code: 1", command=SHELL[2])
    said = *test_gemini.SESSION, test_gemini._message(50, "gemini", MESSAGES[1], call, model="g")
    return test_gemini._document(*said), test_gemini._lines(*said)


@cache
def specstory_transcripts() -> tuple[bytes, ...]:
    """Return a session's Markdown with a shell tool and an edit."""
    made = test_specstory
    edit = made._tool("Edit", "write", "`/srv/shop/a.py`\n\n```diff\n-1\n+2\n```")
    turns = (
        made._user(0, "Sort the cart"),
        made._agent(3, made._bash(SHELL[2], OUTPUTS[0])),
        made._agent(4, edit),
        made._agent(5, MESSAGES[1]),
    )
    return tuple("".join((made._head(agent), *turns)).encode() for agent in ("Claude Code", "Cursor", "Codex"))


def entire_metadata() -> tuple[bytes, ...]:
    """Return what Entire notes of a saved session."""
    return (
        b'{"session_id": "s1", "created_at": "2026-03-04T09:15:00Z", "checkpoint_id": "a1b2c3d4e5f6", "files_touched": ["a.py"]}',
    )


def plan_documents() -> dict[str, tuple[bytes, ...]]:
    """Return documents of plans and reports by the dialect that reads them."""
    return {
        "gsd": (GSD_PLAN.encode(), GSD_SUMMARY.encode()),
        "superpowers": (LEDGER.encode(), test_ledgers._TABLE.encode()),
        "conductor": (test_conductor.TRACK.encode(),),
        "spec-kit": (test_spec_kit.LIST.encode(),),
        "step-reports": sample_documents(),
    }


def texts(*parts: str) -> tuple[bytes, ...]:
    """Return texts as seeds."""
    return tuple(part.encode() for part in parts)

"""A repository of any size with one plan in it, made with git fast-import: the same bytes each time."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

PLAN = "plans/synthetic"
STEPS = 37
START = 1_767_225_600  # 2026-01-01T00:00:00Z


def build(folder: Path, commits: int = 3200) -> Path:
    """Make the repository and return its folder; the last commits are the plan's run."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    stream = "".join(_stream(commits)).encode()
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    subprocess.run(["git", "checkout", "-q", "main"], cwd=folder, check=True)
    return folder


def _stream(commits: int) -> Iterator[str]:
    for number in range(commits - 2 * STEPS - 1):
        yield _commit(number, f"Work {number}", {f"src/part{number % 97}/file{number % 13}.py": f"value = {number}\n"})
    clock = commits - 2 * STEPS - 1
    plan = {f"{PLAN}/runbook.md": _runbook()} | {f"{PLAN}/steps/step-1-{step}.md": _step(step) for step in _steps()}
    yield _commit(clock, "Plan the synthetic run", plan)
    for step in _steps():
        clock += 1
        yield _commit(clock, f"Cycle 1.{step}: Part {step}", {f"src/step{step}.py": f"step = {step}\n"})
        clock += 1
        yield _commit(clock, f"Report on cycle 1.{step}", {f"{PLAN}/reports/step-1-{step}-execution.md": _report(step)})


def _steps() -> range:
    return range(1, STEPS + 1)


def _commit(clock: int, subject: str, files: dict[str, str]) -> str:
    when = START + 60 * clock
    rows = [
        f"commit refs/heads/main\ncommitter Ada <ada@example.org> {when} +0000\ndata {len(subject.encode())}\n{subject}\n"
    ]
    for name, text in files.items():
        rows.append(f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n")
    return "".join(rows)


def _runbook() -> str:
    cycles = "\n".join(_step(step) for step in _steps())
    return f"# Synthetic\n\n**Total Steps**: {STEPS}\n**Step Dependencies**: Sequential within phases\n\n{cycles}"


def _step(step: int) -> str:
    return (
        f"## Cycle 1.{step}: Part {step}\n\n**Execution Model**: Haiku\n\n**RED Phase:**\n\n**Expected failure:**\n"
        f"```\nAttributeError: no attribute 'step{step}'\n```\n\n**Verify RED:** `pytest tests/test_all.py::test_{step} -v`\n"
        f"- Must fail with AttributeError\n- If passes, STOP\n\n**GREEN Phase:**\n\n**Changes:**\n"
        f"- File: src/step{step}.py\n  Action: create it\n\n**Verify no regression:** `pytest`\n\n---\n"
    )


def _report(step: int) -> str:
    hashes = "\n".join(
        f"- `{(step * 7919 + number * 104729) % 16**7:07x}` - Cycle 1.{step}: Part {step}" for number in range(27)
    )
    return (
        f"# Cycle 1.{step}: Part {step}\n\n**Status:** GREEN_VERIFIED\n**Timestamp:** 2026-01-01\n\n### RED Phase\n"
        f"- **Result**: FAIL as expected (AttributeError)\n\n### GREEN Phase\n- **Result**: PASS\n\n### Regression Check\n"
        f"- **Command**: `pytest`\n- **Result**: {100 + step}/{100 + step} passed\n\n## Files Modified\n- `src/step{step}.py`\n\n"
        f"## Commits\n{hashes}\n"
    )

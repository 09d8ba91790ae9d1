"""How long a week takes over 200 runs of a year: cold, and from the record; and what the record adds to an analysis.

    python -m benchmarks.weekly                  200 synthetic runs, half of them deleted since
    python -m benchmarks.weekly REPO WEEK        a repository of yours

Nothing is asserted: machines differ and are noisy. Each figure is a process of its own, as a user starts it.
"""

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

RUNS = 200
STEPS = 6
WEEK = "2026-W40"
_START = 1_767_225_600  # 2026-01-01T00:00:00Z
_BETWEEN = 365 * 86_400 // RUNS


def main(arguments: Sequence[str]) -> None:
    """Print the figures for the named repository, or for a synthetic one."""
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            measure(Path(arguments[0]).resolve(), arguments[1], Path(folder))
        else:
            measure(build(Path(folder) / "repository"), WEEK, Path(folder))


def measure(repository: Path, week: str, folder: Path) -> None:
    """Time the week without a record, with a new one, and from it."""
    words = ["weekly", "--week", week, "--history", "--format", "json"]
    cold = _timed(repository, [*words, "--no-record"])
    record = ["--record", str(folder / "record")]
    writing = _timed(repository, [*words, *record])
    warm = statistics.median(_timed(repository, [*words, *record]) for _ in range(5))
    files = list((folder / "record").rglob("*.parquet"))
    print(f"weekly, cold                  {cold:6.2f} s  (aim: under 10 s for 200 runs)")
    print(f"weekly, writing the record    {writing:6.2f} s")
    print(f"weekly, from the record       {warm:6.2f} s  (aim: under 2 s)")
    print(
        f"the record                    {sum(file.stat().st_size for file in files) / 1e6:6.2f} MB in {len(files)} files"
    )
    print(f"most memory of any process    {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3:6.0f} MB")
    plan = next(iter(sorted((repository / "plans").glob("*/runbook.md"))), None)
    if plan:
        words = ["analyze", plan.parent.relative_to(repository).as_posix()]
        rows = [
            (
                _timed(repository, [*words, "--no-record"]),
                _timed(repository, [*words, "--record", str(folder / str(number))]),
            )
            for number in range(7)
        ]
        without, writes = (statistics.median(times) for times in zip(*rows, strict=True))
        print(f"analyze                       {without:6.2f} s, and {writes - without:.2f} s more with its record")


def _timed(repository: Path, words: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "forensics", *words], cwd=repository, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def build(folder: Path) -> Path:
    """Make a repository of 200 plans carried out one after the other, every second one deleted when it was done."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream = "".join(_stream()).encode()
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, check=True)
    subprocess.run(["git", "-C", str(folder), "reset", "-q", "--hard", "main"], check=True)
    return folder


def _stream() -> Iterator[str]:
    """Yield fast-import text; one claim in ten names a commit that does not exist."""
    chance = random.Random(1)  # noqa: S311  (a repository, not a secret)
    mark = 0
    for run in range(RUNS):
        clock, plan = _START + run * _BETWEEN, f"plans/run-{run:03d}"
        mark += 1
        yield _commit(mark, clock, f"Plan run {run}", {f"{plan}/runbook.md": _runbook(run)})
        for step in range(1, STEPS + 1):
            clock += 1800
            mark += 1
            yield _commit(
                mark, clock, f"Cycle {run}.{step}: Part {step} of {run}", {f"src/run{run}/step{step}.py": f"{step}\n"}
            )
            claimed = f"{chance.randrange(16**7):07x}" if chance.random() < 0.1 else ""
            mark += 1
            report = {f"{plan}/reports/step-{run}-{step}-execution.md": _report(run, step, claimed)}
            yield _commit(mark, clock + 600, f"Report on cycle {run}.{step}", report)
        if run % 2:
            mark += 1
            gone = "".join(f"D {plan}/{name}\n" for name in ("runbook.md", "reports"))
            yield _commit(mark, clock + 3600, f"Remove plan {run}", {}) + gone


def _commit(mark: int, clock: int, subject: str, files: dict[str, str]) -> str:
    head = f"commit refs/heads/main\nmark :{mark}\ncommitter Ada <ada@example.org> {clock} +0000\ndata {len(subject)}\n{subject}\n"
    return head + "".join(
        f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n" for name, text in files.items()
    )


def _runbook(run: int) -> str:
    steps = "\n".join(
        f"## Cycle {run}.{step}: Part {step} of {run}\n\n**Execution Model**: {'Haiku' if step % 2 else 'Sonnet'}\n\n"
        f"**RED Phase:**\n\n**Expected failure:**\n```\nAttributeError: no attribute 'step{step}'\n```\n\n"
        f"**GREEN Phase:**\n\n- File: src/run{run}/step{step}.py\n"
        for step in range(1, STEPS + 1)
    )
    return f"# Run {run}\n\n**Total Steps**: {STEPS}\n\n{steps}"


def _report(run: int, step: int, claimed: str) -> str:
    commits = f"\n## Commits\n- `{claimed}` - Cycle {run}.{step}\n" if claimed else ""
    return (
        f"# Cycle {run}.{step}: Part {step} of {run}\n\n**Status:** GREEN_VERIFIED\n\n### RED Phase\n"
        f"- **Result**: FAIL as expected (AttributeError)\n\n### GREEN Phase\n- **Result**: PASS\n\n"
        f"## Files Modified\n- `src/run{run}/step{step}.py`\n{commits}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

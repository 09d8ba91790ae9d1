"""How long an analysis takes beside the bare git commands it needs: ratios, in one run.

    python -m benchmarks.run                          a synthetic repository of 3,200 commits
    python -m benchmarks.run REPO PLAN [REV]          a repository of yours

Nothing is asserted: machines differ and are noisy. Medians of 7, the git commands and the analysis in turn.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.synthetic import PLAN, build
from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.outputs import rendered
from forensics.sources.repository import Repository

RUNS = 7
_LOG = (
    "git",
    "log",
    "--all",
    "--reflog",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--format=%H%x00%P%x00%aI%x00%cI%x00%B",
)


def main(arguments: Sequence[str]) -> None:
    """Print the ratios for the named repository, or for a synthetic one."""
    if arguments:
        measure(Path(arguments[0]).resolve(), arguments[1], arguments[2] if len(arguments) > 2 else None)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(build(Path(folder) / "repository"), PLAN, None)


def measure(repository: Path, plan: str, revision: str | None) -> None:
    """Time everything on one repository and print one line a figure."""
    scope = Scope(plan, repository, at=revision)
    postmortem = analyze(scope)
    claims = "".join(f"{claim.claim.value}\n" for claim in postmortem.claims if claim.claim.kind == "commit").encode()

    def bare() -> None:
        subprocess.run(_LOG, cwd=repository, stdout=subprocess.DEVNULL, check=True)
        subprocess.run(
            ["git", "cat-file", "--batch-check"], cwd=repository, input=claims, stdout=subprocess.DEVNULL, check=True
        )

    git, ours = paired(bare, lambda: rendered(analyze(scope), "text"))
    print(f"git log + cat-file --batch-check      {git * 1000:7.0f} ms")
    print(f"whole analysis, without start-up      {ours * 1000:7.0f} ms  {ours / git:5.1f} × (aim: at most 3)")

    opened = Repository.discover(repository)
    thousand = [f"{number * 104729 % 16**7:07x}" for number in range(1000)]
    single, many = paired(lambda: opened.check(thousand[:1]), lambda: opened.check(thousand))
    print(f"1,000 claims, one batch call          {many * 1000:7.0f} ms  {many / single:5.1f} × one claim")

    nothing, started = paired(_process("-c", "pass"), _process("-m", "forensics", "--help"))
    print(
        f"forensics --help                      {started * 1000:7.0f} ms  {started / nothing:5.1f} × python -c pass (aim: 200 ms)"
    )

    report = next((step.reports[-1] for step in postmortem.steps if step.reports), None)
    if report:
        words = ["-m", "forensics", "verify", report, *(["--at", revision] if revision else [])]
        _, verified = paired(bare, _process(*words, cwd=repository))
        print(
            f"forensics verify                      {verified * 1000:7.0f} ms  {verified / git:5.1f} × git (aim: 400 ms)"
        )


def paired(first: Callable[[], object], second: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Return the median seconds of two calls made in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for call, taken in zip((first, second), times, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def _process(*words: str, cwd: Path | None = None) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], cwd=cwd, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main(sys.argv[1:])

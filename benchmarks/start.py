"""How much processor time the quick commands take beside Python and the libraries alone: ratios, in one run.

    python -m benchmarks.start

Nothing is asserted: machines differ and are noisy. The least of 9, in turn, on a synthetic repository without transcripts.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.synthetic import PLAN, build

RUNS = 9
_COMMAND = "import sys; sys.argv[0] = 'forensics'; from forensics.cli import main; main()"


def main() -> None:
    """Print one line per command: seconds, and how often Python's own start fits into them."""
    with tempfile.TemporaryDirectory() as name:
        repository = build(Path(name) / "repository")
        (repository / "body.md").write_text("All 42 tests pass. Committed as 1badb002.\n", encoding="utf-8")
        report = sorted((repository / PLAN / "reports").iterdir())[0].relative_to(repository)
        calls = {
            "python": ["-c", "pass"],
            "its libraries": ["-c", "import typer, pydantic, markdown_it"],
            "forensics --version": ["-c", _COMMAND, "--version"],
            "forensics check": ["-c", _COMMAND, "check", "body.md"],
            "forensics verify": ["-c", _COMMAND, "verify", report.as_posix()],
        }
        times = [[_seconds(call, repository) for call in calls.values()] for _ in range(RUNS)]
    least = [min(row) for row in zip(*times, strict=True)]
    for label, seconds in zip(calls, least, strict=True):
        print(f"{label:24} {seconds:6.3f} s  {seconds / least[0]:6.1f} ×")


def _seconds(arguments: Sequence[str], cwd: Path) -> float:
    """Return the processor time of one call, git's included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "HOME": str(cwd)}
    subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()

"""How long the analysis of a year of tickets takes beside the bare git commands it needs: ratios, in one run.

    python -m benchmarks.tickets                              a synthetic year: 1,900 commits, 450 pull requests
    python -m benchmarks.tickets REPO PATTERN SINCE UNTIL     a repository of yours

Nothing is asserted: machines differ and are noisy. Medians of 5, the git commands and the analysis in turn.
"""

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.run import paired
from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.outputs import rendered
from forensics.formats.tickets import Tickets

PULLS = 450
_START = 1_770_000_000
_EVERY = 60_000  # seconds between two pull requests: a year for all


def main(arguments: Sequence[str]) -> None:
    """Print the ratio for the named repository, or for a synthetic one."""
    if arguments:
        place, pattern, since, until = arguments
        measure(Path(place).resolve(), pattern, datetime.fromisoformat(since), datetime.fromisoformat(until))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(build(Path(folder) / "repository"), r"T\d+", datetime(2026, 1, 1), datetime(2027, 12, 31))


def measure(repository: Path, pattern: str, since: datetime, until: datetime) -> None:
    """Time the analysis of one window and print the ratio."""
    since, until = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    scope = Scope(".", repository, since=since, until=until, read_transcripts=False, tickets=Tickets(pattern))
    window = [f"--since-as-filter={since.isoformat()}", f"--until={until.isoformat()}"]

    def bare() -> None:
        for words in (
            ["--raw", "-z"],
            ["-p", "-U0", *window],
            ["--raw", "-z", "--merges", "-m", "--first-parent", *window],
        ):
            subprocess.run(
                ["git", "log", "--all", "--no-renames", *words], cwd=repository, stdout=subprocess.DEVNULL, check=True
            )

    git, ours = paired(bare, lambda: rendered(analyze(scope), "text"), runs=5)
    print(f"git log, its patches and merges       {git * 1000:7.0f} ms")
    print(f"tickets' analysis, without start-up   {ours * 1000:7.0f} ms  {ours / git:5.1f} × (aim: at most 5)")


def build(folder: Path) -> Path:
    """Make a repository of 450 pull requests, three commits each and landed as a squash."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream = "".join(_stream()).encode()
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, check=True)
    subprocess.run(["git", "-C", str(folder), "reset", "-q", "--hard", "main"], check=True)
    return folder


def _stream() -> Iterator[str]:
    """Yield fast-import text."""
    chance = random.Random(1)  # noqa: S311  (a repository, not a secret)
    mark = landed = 1
    yield _commit("refs/heads/main", 1, None, "Begin", _START, {"README.md": "Begin\n"})
    for number in range(1, PULLS + 1):
        moment, parent = _START + number * _EVERY, landed
        files: dict[str, str] = {}
        for part in range(3):
            mark += 1
            path = f"src/part_{chance.randrange(200)}.py"
            files[path] = "".join(f"result_{number}_{part}_{row} = work({chance.random()})\n" for row in range(40))
            yield _commit(
                f"refs/pull/{number}/head", mark, parent, f"T{number}: part {part}", moment + part * 600, files
            )
            parent = mark
        mark += 1
        yield _commit("refs/heads/main", mark, landed, f"Do it (T{number}) (#{number})", moment + 3_000, files)
        landed = mark


def _commit(ref: str, mark: int, parent: int | None, subject: str, moment: int, files: dict[str, str]) -> str:
    who = f"Ada <ada@example.org> {moment} +0000"
    head = f"commit {ref}\nmark :{mark}\nauthor {who}\ncommitter {who}\ndata {len(subject)}\n{subject}"
    changed = "".join(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files.items())
    origin = f"\nfrom :{parent}" if parent else ""
    return f"{head}{origin}\n{changed}\n"


if __name__ == "__main__":
    main(sys.argv[1:])

"""How long it takes to find the sessions of a day in large stores, beside a bare `find`: ratios, in one run.

    python -m benchmarks.stores [SESSIONS]            stores of Claude Code and of Codex, 3,000 sessions each

Nothing is asserted: machines differ and are noisy. Medians of 5. The files are sparse, about 1.7 MB each by their size:
only the day's may be opened, so that the rest need not have content.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forensics.app import transcripts
from forensics.casework.run_time import RunTime
from forensics.sources.repository import Repository

RUNS = 5
_SIZE = 1_700_000
_NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
# Sessions per day. A quarter of an hour apart is a busy team on one machine.
_PER_DAY = 20


def main(arguments: Sequence[str]) -> None:
    """Print the ratios for stores of the given size."""
    sessions = int(arguments[0]) if arguments else 3_000
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder).resolve(), sessions)


def measure(home: Path, sessions: int) -> None:
    """Build both stores, time the look-up of the last day, and print one line a figure."""
    shop = home / "shop"
    subprocess.run(["git", "init", "-q", shop], check=True)
    for number in range(sessions):
        began = _NOW - timedelta(days=1) * (number / _PER_DAY)
        _write(_claude(home, shop, number), began, {"cwd": str(shop), "sessionId": f"{number:08x}"})
        _write(_codex(home, began, number), began, {"payload": {"cwd": str(shop)}})
    repository, environment = Repository.discover(shop), {"HOME": str(home)}
    day = RunTime(_NOW - timedelta(days=1), _NOW)
    bare = _median(
        lambda: subprocess.run(["find", home, "-printf", "%s %T@\\n"], stdout=subprocess.DEVNULL, check=True)
    )
    ours = _median(lambda: transcripts.transcripts_of(repository, (), shop, environment, day))
    print(f"find                         {bare * 1000:7.0f} ms  {2 * sessions:,} files")
    print(f"sessions of the last day     {ours * 1000:7.0f} ms  {ours / bare:6.1f} × find")


def _claude(home: Path, shop: Path, number: int) -> Path:
    name = "".join(letter if letter.isalnum() else "-" for letter in str(shop))
    return home / ".claude" / "projects" / name / f"{number:08x}-0000-4000-8000-000000000000.jsonl"


def _codex(home: Path, began: datetime, number: int) -> Path:
    return home / ".codex" / "sessions" / f"{began:%Y/%m/%d}" / f"rollout-{began:%Y-%m-%dT%H-%M-%S}-{number:08x}.jsonl"


def _write(path: Path, began: datetime, fields: dict[str, object]) -> None:
    """Write a session of one record; those of the last day end with it, the others go on for their size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = began.isoformat().replace("+00:00", "Z")
    with path.open("wb") as stream:
        stream.write(json.dumps({"type": "user", "timestamp": stamp, **fields}).encode() + b"\n")
        if began < _NOW - timedelta(days=2):
            stream.truncate(_SIZE)
    os.utime(path, (began.timestamp(), began.timestamp()))


def _median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main(sys.argv[1:])

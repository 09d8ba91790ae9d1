"""Runs changed inputs through every parser and view; `make fuzz` prints what failed, and exits with 1 if anything did.

    python -m hostile.fuzz [--seconds 60] [--runs N] [--seed 1] [--only WORD] [--limit 5] [--keep DIR]

A failure is any exception but FormatError, more processor time than `--limit` seconds for one input, or an output in
which foreign text is more than text. Failing inputs are written to `--keep`; the same seed makes the same inputs.
"""

import argparse
import hashlib
import random
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hostile.mutations import mutated
from hostile.targets import Target, targets

# Inputs of one target in a row: its code stays in the processor's caches.
_ROUND = 10


class Hang(BaseException):
    """More processor time than an input may take; nothing that is examined catches it."""


@dataclass(slots=True)
class Result:
    """What happened to a target: executions, the slowest of them in seconds, and failures by where they happened."""

    runs: int = 0
    slowest: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


def fuzz(
    chosen: tuple[Target, ...], *, seconds: float, runs: int, seed: int, limit: float, keep: Path
) -> dict[str, Result]:
    """Fuzz targets in turn, until the time or the number of executions is used up; return what happened by target."""
    chance = random.Random(seed)  # noqa: S311
    results = {target.name: Result() for target in chosen}
    end = time.monotonic() + seconds if seconds else float("inf")
    signal.signal(signal.SIGVTALRM, _stop)
    while time.monotonic() < end and (not runs or sum(result.runs for result in results.values()) < runs):
        for target in chosen:
            for _ in range(_ROUND * target.often):
                content = mutated(chance, chance.choice(target.seeds), target.seeds)
                _execute(target, content, results[target.name], limit, keep)
    return results


def _stop(_: int, __: FrameType | None) -> None:
    raise Hang


def _execute(target: Target, content: bytes, result: Result, limit: float, keep: Path) -> None:
    result.runs += 1
    began = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        target.run(content)
    except (Exception, Hang) as error:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        where = _where(error)
        result.failures[where] += 1
        if result.failures[where] <= 3:  # examples enough to mend it
            _keep(keep, target, content, where)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        result.slowest = max(result.slowest, time.process_time() - began)


def _where(error: BaseException) -> str:
    """Return the kind of failure and the innermost line of the tool's own code."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/site-packages/" not in frame.filename]
    ours = [frame for frame in frames if "/forensics/" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {place}"


def _keep(keep: Path, target: Target, content: bytes, where: str) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    stem = f"{target.name}-{hashlib.sha256(content).hexdigest()[:10]}".replace(" ", "-").replace(":", "")
    (keep / f"{stem}.input").write_bytes(content)
    (keep / f"{stem}.txt").write_text(f"{where}\n", encoding="utf-8")


def report(results: dict[str, Result]) -> str:
    """Return the table, and each kind of failure with how often it happened."""
    lines = [f"{'target':<28} {'executions':>10} {'slowest':>8} {'failures':>8}"]
    for name, result in results.items():
        lines.append(f"{name:<28} {result.runs:>10,} {result.slowest:>6.2f} s {result.failures.total():>8,}")
    runs, failed = (
        sum(result.runs for result in results.values()),
        sum(result.failures.total() for result in results.values()),
    )
    lines.append(f"{'all':<28} {runs:>10,} {'':>8} {failed:>8,}")
    for name, result in results.items():
        lines += [f"  {count} × {name}: {where}" for where, count in result.failures.most_common()]
    return "\n".join(lines)


def main() -> int:
    """Read the options, fuzz, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=float, default=5.0)
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"))
    given = parser.parse_args()
    seconds = given.seconds or (0.0 if given.runs else 60.0)
    results = fuzz(
        targets(given.only), seconds=seconds, runs=given.runs, seed=given.seed, limit=given.limit, keep=given.keep
    )
    print(report(results))
    return 1 if any(result.failures for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

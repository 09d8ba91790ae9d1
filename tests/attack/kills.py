"""Kills processes while they write, and counts the files that are lost. `python -m tests.attack.kills [KILLS]`."""

import itertools
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from forensics.sources.whole_files import PART, write_whole

# Bytes. Large enough that a good part of the kills comes while a file is half written.
_SIZE = 3_000_000
_WRITER = """
import sys
from pathlib import Path
from forensics.sources.whole_files import write_whole
file, size = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
number = 0
while True:
    number += 1
    write_whole(file, (b"%08d" % number) * (size // 8))
"""


@dataclass(frozen=True, slots=True)
class Kills:
    """How many writers were killed; the files that were gone or not whole afterwards; leftovers that the next write kept."""

    kills: int
    lost: int
    torn: int
    left_over: int


def kill_writers(folder: Path, kills: int, seed: int = 1) -> Kills:
    """Kill writers of one file at random moments."""
    chance = random.Random(seed)  # noqa: S311  (moments, not secrets)
    file = folder / "postmortem.md"
    write_whole(file, b"00000000" * (_SIZE // 8))
    lost = torn = left_over = 0
    for _ in range(kills):
        _killed(file, chance.uniform(0.0, 0.05))
        lost += not file.exists()
        torn += file.exists() and not _is_whole(file.read_bytes())
        write_whole(file, b"00000000" * (_SIZE // 8))
        left_over += any(PART.fullmatch(path.name) for path in folder.iterdir())
    return Kills(kills, lost, torn, left_over)


def _killed(file: Path, seconds: float) -> None:
    command = [sys.executable, "-c", _WRITER, str(file), str(_SIZE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        if writer.stdout:
            writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()


def _is_whole(content: bytes) -> bool:
    return content == content[:8] * (_SIZE // 8)


def main() -> None:
    """Print what as many kills as named (default: 200) lose."""
    kills = int(next(itertools.islice(sys.argv, 1, None), "200"))
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{kill_writers(Path(folder), kills)}\n")


if __name__ == "__main__":
    main()

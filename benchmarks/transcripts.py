"""How long reading transcripts takes beside `cat` and other readers: ratios, in one run.

    make bench                                        a synthetic corpus of 500 MB
    python -m benchmarks.transcripts [MB] [FOLDER]    another size, or a folder of yours

Nothing is asserted: machines differ and are noisy. Medians of 3. orjson is measured if it is installed, ccusage if
npx has it (its own start-up included).
"""

import gc
import importlib.util
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from forensics.app import usage
from forensics.casework.agents.costs import price
from forensics.model.transcript import Transcripts

RUNS = 3
_FILE = 25_000_000


def main(arguments: Sequence[str]) -> None:
    """Print the ratios for a synthetic corpus of the given size, or for the named folder."""
    size = int(arguments[0]) if arguments else 500
    if len(arguments) > 1:
        measure(Path(arguments[1]).resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(build(Path(folder), size * 1_000_000))


def build(folder: Path, size: int) -> Path:
    """Write sessions of about 25 MB each into `folder/projects/-srv`, the same bytes each time."""
    chance = random.Random(1)  # noqa: S311  (a corpus, not a secret)
    place = folder / "projects" / "-srv"
    place.mkdir(parents=True)
    for number in range(max(1, size // _FILE)):
        session = f"{number:08x}-0000-4000-8000-000000000000"
        written, turn = 0, 0
        with (place / f"{session}.jsonl").open("wb") as stream:
            while written < min(size, _FILE):
                for fields in _turn(chance, session, turn):
                    written += stream.write(json.dumps(fields, separators=(",", ":")).encode() + b"\n")
                turn += 1
    return folder


def measure(folder: Path) -> None:
    """Time everything on one folder and print one line a figure."""
    files = sorted(folder.rglob("*.jsonl"))
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    bare = _median(lambda: subprocess.run(["cat", *files], stdout=subprocess.DEVNULL, check=True))
    print(f"cat                          {bare:7.2f} s  {megabytes:,.0f} MB in {len(files)} files")
    for name, call in _readers(folder, files):
        taken = _median(call)
        print(f"{name:27}  {taken:7.2f} s  {taken / bare:6.1f} × cat  {megabytes / taken:7,.0f} MB/s")


def _readers(folder: Path, files: list[Path]) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "json.loads a line", lambda: _lines(files, json.loads)
    if importlib.util.find_spec("orjson"):
        yield "orjson.loads a line", lambda: _lines(files, importlib.import_module("orjson").loads)
    yield "usage and prices, one core", lambda: price(_alone(folder).usage)
    yield (
        "forensics usage (process)",
        _process([sys.executable, "-m", "forensics", "usage", "--transcripts", str(folder)]),
    )
    npx, installed = shutil.which("npx"), shutil.which("ccusage")
    if npx or installed:
        start = [installed] if installed else [npx or "npx", "--yes", "ccusage@latest"]
        oracle = [*start, "claude", "daily", "--offline", "--json"]
        environment = {**os.environ, "CLAUDE_CONFIG_DIR": str(folder)}
        if subprocess.run(oracle, env=environment, capture_output=True, check=False).returncode == 0:
            yield "ccusage (process)", _process(oracle, environment)


def _alone(folder: Path) -> Transcripts:
    """Read everything in this process."""
    usage.MOST_WORKERS = 1
    return usage.transcripts([str(folder)], folder, {})


def _lines(files: list[Path], decode: Callable[[bytes], object]) -> None:
    for file in files:
        with file.open("rb") as stream:
            for line in stream:
                decode(line)


def _process(words: list[str], environment: dict[str, str] | None = None) -> Callable[[], object]:
    return lambda: subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)


def _median(call: Callable[[], object]) -> float:
    """Return the median seconds of a call, the collector off as in the command."""
    times = []
    gc.disable()
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    gc.enable()
    return statistics.median(times)


def _turn(chance: random.Random, session: str, turn: int) -> Iterator[dict[str, object]]:
    """Yield the lines of one turn: a message in two lines, its tool's result, and what no reader needs."""
    clock = f"2026-01-{1 + turn // 86_400 % 28:02d}T{turn // 3600 % 24:02d}:{turn // 60 % 60:02d}:{turn % 60:02d}.000Z"
    base = {
        "parentUuid": f"u{turn - 1}",
        "isSidechain": False,
        "cwd": "/srv",
        "sessionId": session,
        "version": "2.1.60",
        "gitBranch": "main",
        "timestamp": clock,
    }
    spent = {
        "input_tokens": 3,
        "cache_creation_input_tokens": chance.randrange(9_000),
        "cache_read_input_tokens": chance.randrange(150_000),
        "output_tokens": 1,
    }
    call = {"type": "tool_use", "id": f"t{session}{turn}", "name": "Bash" if turn % 3 else "Read"}
    said = {"command": "ls -l src"} if turn % 3 else {"file_path": "/srv/a.py"}
    texts = _words(chance, 300)
    for part, block in enumerate(({"type": "text", "text": texts}, {**call, "input": said})):
        message = {"id": f"m{session}{turn}", "type": "message", "role": "assistant", "model": "claude-opus-4-6"}
        usage = {**spent, "output_tokens": 1 + part * 200}
        body = {**message, "content": [block], "stop_reason": "tool_use" if part else None, "usage": usage}
        yield {
            **base,
            "type": "assistant",
            "requestId": f"r{turn}",
            "uuid": f"a{session}{turn}-{part}",
            "message": body,
        }
    output = _words(chance, 4_000 if turn % 3 else 9_000)
    block = {"type": "tool_result", "tool_use_id": call["id"], "content": output, "is_error": False}
    answer: dict[str, object] = {"role": "user", "content": [block]}
    result = {"stdout": output, "stderr": "", "interrupted": False}
    yield {**base, "type": "user", "uuid": f"r{session}{turn}", "message": answer, "toolUseResult": result}
    if turn % 5 == 0:
        yield {"type": "file-history-snapshot", "messageId": f"m{turn}", "snapshot": {"files": [_words(chance, 800)]}}


def _words(chance: random.Random, size: int) -> str:
    return "\n".join(f'{chance.getrandbits(160):040x} line "quoted" – {number}' for number in range(size // 62 + 1))


if __name__ == "__main__":
    main(sys.argv[1:])

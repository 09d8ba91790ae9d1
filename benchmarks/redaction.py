"""How fast secrets are searched: `python -m benchmarks.redaction`. At least 20 MB/s on harmless text are wanted."""

import time
from pathlib import Path

from forensics.secrets.redaction import redact

ROOT = Path(__file__).parent.parent
WANTED = 20.0  # MB/s
PROSE = "The quick brown fox jumps over the lazy dog, and all forty-two tests pass again. "


def speed(text: str) -> float:
    """Return megabytes per second of processor time, without compiling."""
    redact(text)
    begin = time.process_time()
    redact(text)
    return len(text.encode()) / 1e6 / (time.process_time() - begin)


def main() -> None:
    """Print the speed on prose, on the project's documents, and on short lines, as commit messages are."""
    documents = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))) * 4
    for name, text in (("prose", PROSE * 50_000), ("documents", documents)):
        print(f"{name:10} {speed(text):7.1f} MB/s, {speed(text) / WANTED:5.1f} times what is wanted")
    lines = documents.splitlines()[:20_000]
    begin = time.process_time()
    for line in lines:
        redact(line)
    print(f"{'lines':10} {(time.process_time() - begin) / len(lines) * 1e6:7.1f} µs each")


if __name__ == "__main__":
    main()

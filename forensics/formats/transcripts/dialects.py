"""Which reader a transcript file is for, and the join of what the readers give."""

from collections.abc import Iterable, Iterator
from itertools import chain

from forensics.formats.transcripts import claude_code
from forensics.model.transcript import Transcripts


def read(files: Iterable[tuple[str, Iterable[bytes]]]) -> Transcripts:
    """Read transcript files of any known format; each is its shown path and chunks of bytes that end at line ends."""
    return _joined([claude_code.read(files)])


def _joined(parts: list[Transcripts]) -> Transcripts:
    return Transcripts(
        agents=tuple(agent for part in parts for agent in part.agents),
        usage=tuple(row for part in parts for row in part.usage),
        gaps=tuple(gap for part in parts for gap in part.gaps),
        files=tuple(file for part in parts for file in part.files),
        left_out=tuple(file for part in parts for file in part.left_out),
    )


def opened(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return a file's first 4 KB, and all its chunks again."""
    rest = iter(chunks)
    first = next(rest, b"")
    return first[:4096], chain([first] if first else [], rest)

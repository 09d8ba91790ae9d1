"""Agents' sessions that Entire keeps inside git: the ref `entire/checkpoints/v1`, and newer `refs/entire/checkpoints/`."""

from collections.abc import Iterator

from forensics.sources.repository import Repository

# Bytes, for one session and for all: each is read into memory from git at once.
LIMIT = 200_000_000
# Bytes per piece; a piece is decoded at once.
_CHUNK = 16_000_000


def checkpoint_files(repository: Repository) -> tuple[list[tuple[str, Iterator[bytes]]], list[str]]:
    """Return (transcripts as (shown path, chunks of whole lines), what was left out for its size).

    Nothing is read before a file's chunks are asked for, and one file at a time.
    """
    wanted: dict[str, str] = {}
    for ref in repository.checkpoint_refs():
        for _, blob, path in repository.tree(ref, ""):
            if path.endswith("full.jsonl"):
                wanted.setdefault(blob, f"{ref}:{path}")
    small = {blob: size for blob, size in repository.sizes(wanted).items() if size <= LIMIT}
    files, left_out, total = [], [], 0
    for blob, shown in sorted(wanted.items(), key=lambda entry: entry[1]):
        total += small.get(blob, 0)
        if blob in small and total <= LIMIT:
            files.append((shown, _chunks(repository, blob)))
        else:
            left_out.append(shown)
    return files, left_out


def _chunks(repository: Repository, blob: str) -> Iterator[bytes]:
    content = repository.blobs([blob], LIMIT).get(blob, b"")
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + _CHUNK) + 1 or len(content)
        yield content[start:end]
        start = end

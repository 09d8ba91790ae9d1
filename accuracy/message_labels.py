"""Labels of final messages: one claim of an agent per line of `labels/messages/OWNER+NAME.csv`, with its verdict."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accuracy.labels import LabelError

COLUMNS = ("ref", "path", "line", "kind", "value", "verdict", "why")
KINDS = frozenset(
    ["commit", "branch", "pull", "pushed", "committed", "tests", "new-tests", "files", "path", "clean", "tree", "todo", "failure"]
)  # fmt: skip
VERDICTS = frozenset({"true", "false", "rewritten", "stale", "unknown", "other"})
# A line of a file, or the place of a message in a document that is one JSON value.
_LINE = re.compile(r"m?\d{1,9}")


@dataclass(frozen=True, slots=True)
class MessageLabel:
    """One claim as a person judged it; `line` is the record with the text, `m12` in a document of messages."""

    repository: str
    ref: str
    path: str
    line: str
    kind: str
    value: str
    verdict: str
    why: str
    origin: str

    @property
    def message(self) -> tuple[str, str, str, str]:
        """Return what identifies its message."""
        return self.repository, self.ref, self.path, self.line

    @property
    def omission(self) -> bool:
        """Whether it says that the message leaves a failure out."""
        return self.kind == "failure" and self.value == "omitted" and self.verdict == "true"


def read_message_labels(folder: Path) -> tuple[MessageLabel, ...]:
    """Return the labels of all files of a folder; raises LabelError with every bad line."""
    found = [row for file in sorted(folder.glob("*.csv")) if file.suffixes == [".csv"] for row in _rows(file)]
    if errors := [row for row in found if isinstance(row, str)]:
        raise LabelError("\n".join(errors))
    return tuple(row for row in found if isinstance(row, MessageLabel))


def _rows(file: Path) -> Iterator[MessageLabel | str]:
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.reader(opened)
        if tuple(next(reader, ())) != COLUMNS:
            yield f"{file}:1: the header must be {','.join(COLUMNS)}"
            return
        for row in reader:
            yield _label(row, file, f"{file}:{reader.line_num}")


def _label(row: list[str], file: Path, origin: str) -> MessageLabel | str:
    if len(row) != len(COLUMNS):
        return f"{origin}: {len(row)} fields instead of {len(COLUMNS)}"
    ref, path, line, kind, value, verdict, why = (field.strip() for field in row)
    if kind not in KINDS or verdict not in VERDICTS:
        return f"{origin}: unknown kind `{kind}` or verdict `{verdict}`"
    if not _LINE.fullmatch(line) or not re.fullmatch(r"[0-9a-f]{40}", ref):
        return f"{origin}: `{line}` is not the place of a message, or `{ref}` not a full commit id"
    return MessageLabel(file.stem.replace("+", "/", 1), ref, path, line, kind, value, verdict, why, origin)

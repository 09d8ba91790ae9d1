"""Labels: facts about runs of public repositories, found by reading git, one per line of `labels/OWNER+NAME.csv`.

A second file for the same repository is `OWNER+NAME+ANYTHING.csv`: several people can label it.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("revision", "run", "place", "sort", "subject", "label", "why")
WORDS = {
    "claim": frozenset({"confirmed", "elsewhere", "rewritten", "missing", "other", "nothing"}),
    "finding": frozenset({"true", "false"}),
    "red": frozenset({"violated", "kept", "not told"}),
    "step": frozenset({"landed", "partly", "elsewhere", "not started"}),
}
# A short id could name another commit after the next fetch.
_FULL_ID = re.compile(r"[0-9a-f]{40}")
_PATH_LINE = re.compile(r"(?P<path>.+):(?P<line>\d+)")
# One code, or several where any of them would tell the fault; then a commit, where a step has several findings of the code.
_CODES = re.compile(r"(?P<codes>[A-Z]{3}\d{3}(?:\|[A-Z]{3}\d{3})*)(?: (?P<commit>[0-9a-f]{7,40}))?")


class LabelError(Exception):
    """A line of a label file that cannot be meant as it is."""


@dataclass(frozen=True, slots=True)
class Label:
    """One fact; `origin` is the file and line that state it."""

    repository: str
    revision: str
    run: str
    place: str
    sort: str
    subject: str
    label: str
    why: str
    origin: str

    @property
    def path(self) -> str:
        """Return the path of a claim's place, or of a RED label's report."""
        found = _PATH_LINE.fullmatch(self._address)
        return found["path"] if found else self._address

    @property
    def line(self) -> int | None:
        """Return the line of that place; None where the whole report is meant."""
        found = _PATH_LINE.fullmatch(self._address)
        return int(found["line"]) if found else None

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of a finding's label."""
        found = _CODES.fullmatch(self.subject)
        return frozenset(found["codes"].split("|")) if found else frozenset()

    @property
    def commit(self) -> str:
        """Return the commit that narrows a finding's label, or nothing."""
        found = _CODES.fullmatch(self.subject)
        return found["commit"] or "" if found else ""

    @property
    def _address(self) -> str:
        return self.place if self.sort == "claim" else self.subject


def read_labels(folder: Path) -> tuple[Label, ...]:
    """Return all labels of a folder; raises LabelError with every bad line of its files."""
    rows = [found for file in sorted(folder.glob("*.csv")) for found in _rows(file)]
    labels = [found for found in rows if isinstance(found, Label)]
    errors = [found for found in rows if isinstance(found, str)]
    facts: dict[tuple[str, ...], Label] = {}
    for label in labels:
        key = (label.repository, label.revision, label.run, label.place, label.sort, label.subject)
        first = facts.setdefault(key, label)
        if first.label != label.label:
            errors.append(f"{label.origin}: {label.label}, but {first.origin} says {first.label}")
    if errors:
        raise LabelError("\n".join(errors))
    return tuple(facts.values())


def _rows(file: Path) -> Iterator[Label | str]:
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.reader(opened, strict=True)
        try:
            if tuple(next(reader, ())) != COLUMNS:
                yield f"{file}:1: the header must be {','.join(COLUMNS)}"
                return
            for row in reader:
                yield _label(row, file, reader.line_num) if row else f"{file}:{reader.line_num}: an empty line"
        except csv.Error as error:
            yield f"{file}:{reader.line_num}: {error}"


def _label(row: list[str], file: Path, line: int) -> Label | str:
    origin = f"{file}:{line}"
    if len(row) != len(COLUMNS):
        return f"{origin}: {len(row)} fields instead of {len(COLUMNS)}"
    revision, run, place, sort, subject, word, why = (field.strip() for field in row)
    label = Label("/".join(file.stem.split("+")[:2]), revision, run, place, sort, subject, word, why, origin)
    wrong = _wrong(label)
    return f"{origin}: {wrong}" if wrong else label


def _wrong(label: Label) -> str:
    """Return what is wrong with a label, or nothing."""
    if not _FULL_ID.fullmatch(label.revision):
        return f"`{label.revision}` is not a full commit id"
    if not label.run or not label.place or not label.why:
        return "the run, the place and the reason must be given"
    if label.sort not in WORDS:
        return f"unknown sort `{label.sort}`; known: {', '.join(WORDS)}"
    if label.label not in WORDS[label.sort]:
        return f"unknown label `{label.label}` for a {label.sort}; known: {', '.join(sorted(WORDS[label.sort]))}"
    if label.sort == "claim" and label.line is None:
        return f"the place of a claim is PATH:LINE, not `{label.place}`"
    if label.sort == "claim" and not re.fullmatch(r"[0-9A-Fa-f]{4,64}", label.subject):
        return f"`{label.subject}` is not a hash as written"
    if label.sort == "finding" and not label.codes:
        return f"the subject of a finding is a rule's code, not `{label.subject}`"
    if label.sort == "red" and not label.subject:
        return "the subject of a RED label is REPORT:LINE"
    return ""

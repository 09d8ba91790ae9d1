"""Files, counts, times and statements about other steps, as a report gives them."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from forensics.formats.markdown import Line
from forensics.formats.outcomes import counts_in
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.step_ids import steps_in
from forensics.model.report import DoneElsewhere, FileMention, StatedTime, TestCount
from forensics.model.source import FileRef
from forensics.model.steps import same_step

# At the beginning, after one word at most: `Tests for files changed by others` lists something else.
_FILES_HEADING = re.compile(r"^(?:\w+ )?files? (?:modified|changed|created|touched|updated|affected)\b", re.IGNORECASE)
# A path or a file's name with an ending of letters: not a URL, a version number, or a call `x.y()`. Test data is named
# after the version of its format (`key.openssh-v1`); `api.py-based` is still about `api.py`.
_PATH = re.compile(
    r"(?<![\w/.~@$+-])(~?/?(?:[\w@.+-]+/)*[\w@+-][\w@.+-]*\.[A-Za-z][A-Za-z0-9]{0,7}(?:-v\d{1,3})?)(?![\w/(])"
)
# What precedes the path in a list of files: a box, a bold word, `Modified:`.
_LEAD = re.compile(
    r"^(?:\[[ xX]\]\s*)?(?:\*\*)?(?:(?:created|modified|added|updated|fixed|deleted|removed|new|edited|file|test|source|"
    r"implementation|tests?|renamed)(?:\s+files?)?(?:\*\*)?(?:\s*+[:(]|\s)\s*+(?:\*\*)?\s*+)?[`*\"]*(?=[~/\w.@])",
    re.IGNORECASE,
)
# Seconds and offset may be absent. Zones by name (`CET`) are not read: their offset depends on the season.
_TIME = re.compile(
    r"(?P<day>20\d\d-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?\s*(?P<zone>Z\b|UTC\b|[+-]\d\d:?\d\d\b)?"
)
# The whole label: beside `Time spent` or `Date format` stands something else.
_TIME_LABEL = re.compile(
    r"^(?:execution |report |completion )?(?:timestamp|date|time|executed|completed|completed at|generated)$",
    re.IGNORECASE,
)
# Words that make a count the whole suite's. Only such counts can contradict each other; a line without them counts some
# tests.
WHOLE_SUITE = (
    Row(r"regression", "### Regression Check", "step reports"),
    Row(r"(?:full|entire) (?:test )?suite|whole suite", "Full test suite: 283/283 passed", "step reports"),
    Row(r"all (?:\d+ )?tests", "All 280 tests pass", "step reports"),
)
# Words that make a count one of fewer tests than all. Such counts differ from the suite's without any contradiction.
NARROWED = (
    Row(r"\.py\b|::|\btest_\w+|-k\b", "tests/test_a.py: 3/3 passed", "step reports"),
    Row(r"\ball (?!\d|tests|existing|other)\w+ tests", "all parser tests pass", "step reports"),
    Row(r"module|this file", "12/12 in this module", "step reports"),
)
# `Regression Check` over `pytest tests/test_a.py` counts that file.
_COMMAND_WITH_PATH = re.compile(r"`[^`]*\b(?:tests?/|test_|-k )[^`]*`")
# Words for work that was found done. *Already*, or *have been*: `Cycle 1.4 was implemented` may be the report's own
# work.
ALREADY_DONE = (
    Row(
        r"\balready (?:been )?(?:implemented|completed|done|executed|built|committed)\b",
        "Cycle 1.4 was already committed",
        "investigations in step reports",
    ),
    Row(
        r"\bhave (?:already )?been (?:implemented|completed|executed)\b",
        "Cycles 1.4 and 1.5 have been implemented",
        "investigations in step reports",
    ),
)
# A file that the report lists, and says itself not to be in any commit: generated caches and local databases. Not any
# mention of ignored files, because `walk.py` may be the change that skips them.
UNCOMMITTED = (
    Row(r"\(\.?git-?ignore'?d\b", "`cache.db` (gitignored)", "GSD summaries"),
    Row(r"\b(?:so|hence|therefore) not committed\b", "`cache.db` (ignored, so not committed)", "GSD summaries"),
)
# Anywhere in the line or the heading above it.
_WHOLE, _PARTIAL, _ALREADY, _UNCOMMITTED = map(compiled, (WHOLE_SUITE, NARROWED, ALREADY_DONE, UNCOMMITTED))
# Pytest's way to name a test in a file. A bare `test_x` may be a file or a fixture.
_TEST_NAME = re.compile(r"::(test_\w+)")


def paths_in(text: str) -> tuple[str, ...]:
    """Return the file paths and file names in a text, each once, in order."""
    return tuple(dict.fromkeys(_PATH.findall(text)))


# Only within backticks, because prose has slashes of its own: `and/or`, `try/except`. The bound is on paths' real lengths.
_FOLDER = re.compile(r"`(?P<folder>[\w./~-]{1,200})/[\w.-]{1,100}`")


def files_in(lines: Sequence[Line], path: str) -> tuple[FileMention, ...]:
    """Return the files listed under `Files Modified` headings and labels."""
    found: dict[str, FileMention] = {}
    listing = False
    for line in lines:
        label = line.label
        heading = line.kind == "heading"
        if heading or (label and _FILES_HEADING.match(label[0])):
            listing = bool(_FILES_HEADING.match(line.text if heading else (label or ("", ""))[0]))
            rest = "" if heading else (label or ("", ""))[1]
            names = _PATH.findall(rest)
        elif listing and line.kind != "code":
            names = _leading_path(line.text)
            listing = bool(names) or any(_FILES_HEADING.match(title) for title in line.section[-2:])
        else:
            continue
        for name in names:
            found.setdefault(name, FileMention(name, FileRef(path, line.number)))
    return tuple(found.values())


def folders_in(lines: Sequence[Line]) -> frozenset[str]:
    """Return the folders of all paths in quoted words: they show in which repositories a step worked."""
    return frozenset(match["folder"] for line in lines for match in _FOLDER.finditer(line.text))


def _leading_path(text: str) -> list[str]:
    lead = _LEAD.match(text)
    match = _PATH.match(text, lead.end()) if lead else None
    # Only what stands behind the path says something about it.
    return [match[1]] if match and not _UNCOMMITTED.search(text, match.end()) else []


def counts_of(lines: Sequence[Line], path: str) -> tuple[TestCount, ...]:
    """Return the test counts a report states; `whole_suite` where it names no narrower selection.

    A section that gives a test command with a path counts what that path holds.
    """
    found: list[TestCount] = []
    narrowed = {line.section for line in lines if _COMMAND_WITH_PATH.search(line.text) and _whole(line.section[-1:])}
    for line in lines:
        if line.kind == "code":
            continue
        for passed, total in counts_in(line.text):
            whole = _whole((*line.section[-1:], line.text)) and not _PARTIAL.search(line.text)
            found.append(
                TestCount(passed, total, FileRef(path, line.number), whole and line.section not in narrowed, line.text)
            )
    return tuple(found)


def _whole(texts: Sequence[str]) -> bool:
    return any(_WHOLE.search(text) for text in texts)


def test_names_in(lines: Sequence[Line]) -> frozenset[str]:
    """Return the test functions a report names in its commands."""
    return frozenset(name for line in lines for name in _TEST_NAME.findall(line.text))


def time_in(lines: Sequence[Line], path: str) -> StatedTime | None:
    """Return when the report says it was written: a time label in its head, or a date in its heading.

    Midnight is a placeholder that agents write for a date. A time without an offset is stored as UTC with `zoned` False.
    """
    for line in lines[:14]:
        label = line.label
        if label and _TIME_LABEL.match(label[0]) and label[1]:
            text = label[1]
        elif line.kind == "heading":
            text = line.text
        else:
            continue
        stated = moment_in(text, FileRef(path, line.number))
        if stated:
            return stated
    return None


def moment_in(text: str, ref: FileRef) -> StatedTime | None:
    """Return the first date or time in a text, None if it has none, or an impossible one."""
    match = _TIME.search(text)
    moment = _moment(match) if match else None
    if match is None or moment is None:
        return None
    day_only = match["clock"] is None or match["clock"] in {"00:00", "00:00:00", "12:00:00"}
    return StatedTime(moment, ref, day_only, match["zone"] is not None, match[0].strip())


def _moment(match: re.Match[str]) -> datetime | None:
    clock = match["clock"] or "00:00"
    zone = match["zone"] or "Z"
    try:
        local = datetime.strptime(f"{match['day']} {clock[:5]}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset < timedelta(hours=15):
            return local.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))
    return local


def done_elsewhere_in(lines: Sequence[Line], path: str, own: tuple[str, ...]) -> Iterator[DoneElsewhere]:
    """Yield statements that other steps' work already exists (`Cycles 1.4 and 1.5 have already been implemented`)."""
    for line in lines:
        if line.kind == "code":
            continue
        match = _ALREADY.search(line.text)
        if not match:
            continue
        for step in steps_in(line.text[: match.start()][-120:]):
            if not any(same_step(step, other) for other in own):
                yield DoneElsewhere(step, line.text, FileRef(path, line.number))

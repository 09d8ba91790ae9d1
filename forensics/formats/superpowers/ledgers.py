"""The ledger dialect's reports: one progress file in which a controller notes each task's outcome and its commits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forensics.formats.markdown import Line, lines_of
from forensics.formats.outcomes import status_of
from forensics.formats.reports.details import counts_of
from forensics.formats.reports.hashes import role_in_words
from forensics.formats.reports.hex_words import hex_words, ranges_in
from forensics.formats.reports.quoted_output import context_of
from forensics.formats.superpowers.ledger_lines import STATE, ledger_lines
from forensics.formats.superpowers.task_reports import is_task_report, read_task_report
from forensics.model.report import HashMention, Role, Stated, Status, StepReport
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical, expand

# Below the folders of the tool only: any project may have a `docs/progress.md`.
_PLACE = re.compile(r"^(?>(?:[^/]*/)*?(?:\.superpowers|sdd)/)(?s:.*/)?progress\.md$")
# `Plan: docs/x.md`, also in backticks or parentheses, as the name may hold spaces.
_PLAN = re.compile(r"(?:^|\W)plan:\s*+[`(]*+(?P<path>[^`()\n]{0,300}?[^`()\s\n]\.md)\b", re.IGNORECASE)
# The id begins the line, behind a box or bold marks: `Correction 4 Task 3: …` is about a correction. `T3` counts with a
# capital only, because `t3` is a word for other things.
_ENTRY = re.compile(
    r"^\W*(?:\[(?P<box>[ xX~])\]\s*+\**+)?(?:[Tt]asks?|TASK|T)[ -]?(?P<first>\d{1,3}(?:\.\d{1,3})?[a-z]?)(?:\s*[-–—+&]\s*(?P<last>\d{1,3}))?"
    r"(?![\w.]*\w)(?P<rest>.*)$"
)
# `Task 3 (count axles): complete (…)`: a title in brackets stands before the outcome.
_CLAUSE = re.compile(r"^(?:\s*\([^()]*\)(?=\s*:))?(?P<clause>[^(;]*?)(?:\(|;|\.\s|$)")
# `Task 3 minor: …` comments on a task and does not state its outcome.
_NOTE = re.compile(r"^\W*(?:minor|ruling|important|concern|residual|note|review|final)\b", re.IGNORECASE)
# Words for a task that was not begun, so that there is nothing to account for.
_PENDING = re.compile(r"^(?:pending|not started|skipped)$", re.IGNORECASE)
# Words for a task under way, which `status_of` does not know, because no report is called so.
_OPEN = re.compile(r"^(?:dispatched|fix round|⏳)$", re.IGNORECASE)
# The commits of an outcome: `(commits a1b2c3d..d4e5f6a, review clean)`.
# `implementer DONE (a1b2c3d, 130 tests)` leaves the word out.
_GROUP = re.compile(r"(?:\bcommits?\b\W{0,4}|\((?=`?[0-9a-f]{7,40}\b))(?P<list>[^;)|]*)", re.IGNORECASE)
# In capitals, as the controller notes where a task started: `BASE a1b2c3d, implementer dispatched`.
_BASE = re.compile(r"\bBASE\b\W{0,3}`?(?P<base>[0-9a-f]{7,40})\b")
# In notes, hex words without it are images and ids: `Image 5555eee built`.
_SAYS = re.compile(r"\bcommit(?:s|ted)?\b", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """The lines about one task, from the line that names it to the next entry."""

    steps: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


def sniff(path: str) -> bool:
    """Return whether a file is a ledger, by its place and name."""
    return bool(_PLACE.search(path))


def is_ledger(path: str) -> bool:
    """Return whether a file of a ledger's folder is the ledger itself."""
    return path.rsplit("/", 1)[-1] == "progress.md"


def kind_of(path: str) -> Kind:
    """Classify a file of a ledger's folder: the ledger and its agents' reports are reports, briefs and reviews are other."""
    return Kind.REPORT if is_ledger(path) or is_task_report(path) else Kind.OTHER


def plans_named(document: Document) -> tuple[str, ...]:
    """Return the plan documents a ledger names, as written, in order."""
    if not is_ledger(document.source.path):
        return ()
    named = [match["path"].strip() for line in lines_of(document.text) for match in _PLAN.finditer(line.text)]
    return tuple(dict.fromkeys(named))


def read_report(document: Document) -> tuple[StepReport, ...]:
    """Return one account for each line that states a task's outcome; a task that is only announced has none."""
    path = document.source.path
    if not is_ledger(path):
        return read_task_report(document)
    lines = ledger_lines(document.text)
    accounts = []
    for entry in entries_in(lines):
        status = _status(entry, path)
        if status:
            accounts.append(
                StepReport(
                    ref=FileRef(path, entry.lines[0].number),
                    last_line=entry.lines[-1].number,
                    steps=entry.steps,
                    title=title_of(entry.lines[0].text),
                    status=status,
                    counts=counts_of(entry.lines, path),
                    hashes=tuple(_mentions(entry, path)),
                    itemised=True,
                )
            )
    return (*accounts, *_rest(lines, accounts, path))


def _rest(lines: Sequence[Line], accounts: Sequence[StepReport], path: str) -> Iterator[StepReport]:
    """Yield an account without a task for the commits outside all entries: they are judged, and accuse no step."""
    inside = {number for account in accounts for number in range(account.ref.line or 0, account.last_line + 1)}
    found = [
        HashMention(match[0], Role.OTHER, None, "", FileRef(path, line.number), context_of(line))
        for line in lines
        if line.number not in inside and line.kind != "code"
        for match in hex_words(line.text)
        if _SAYS.search(line.text[: match.start()][-60:]) or match[0] in ranges_in(line.text)
    ]
    if found:
        yield StepReport(found[0].ref, found[-1].ref.line or 0, (), "", hashes=tuple(found), itemised=True)


def entries_in(lines: Sequence[Line]) -> Iterator[_Entry]:
    """Yield the ledger's entries; a ledger that continues with a second plan restarts its numbers (`P.2.1`)."""
    entry: _Entry | None = None
    plans: list[str] = []
    for line in lines:
        plan = _PLAN.search(line.text)
        if (
            plan
            and plan["path"] not in plans
            and (line.kind == "heading" or line.text.lower().startswith(("plan", "=")))
        ):
            plans.append(plan["path"])
        match = _ENTRY.match(line.text) if line.kind != "code" else None
        if match:
            if entry:
                yield entry
            steps = expand(match["first"], match["last"]) if match["last"] else (canonical(match["first"]),)
            prefix = f"P.{len(plans)}." if len(plans) > 1 else ""
            entry = _Entry(tuple(f"{prefix}{step}" for step in steps), [line])
        elif entry and line.kind != "item":  # only an item continues the entry above
            yield entry
            entry = None
        elif entry:
            entry.lines.append(line)
    if entry:
        yield entry


def title_of(text: str) -> str:
    """Return what an entry calls its task: the words between its number and its outcome; empty if it has none."""
    match = _ENTRY.match(text)
    if match is None or _NOTE.match(match["rest"]):
        return ""
    rest = match["rest"].lstrip(" :*—–-|.")
    bracketed = re.match(r"\((?P<title>[^()]*)\)\s*:", rest)
    if bracketed:
        return bracketed["title"].strip()
    state = None if match["box"] else STATE.search(rest)
    title = (rest[: state.start()] if state else rest).strip(" :*—–-|([")
    return title if len(title) > 2 and not (any(hex_words(title)) or title.startswith("BASE")) else ""


def _status(entry: _Entry, path: str) -> Stated | None:
    """Return the outcome an entry states: by its box, else in its first clause; notes on a task do not state one."""
    line = entry.lines[0]
    match = _ENTRY.match(line.text)
    if match is None or _NOTE.match(match["rest"]):
        return None
    if match["box"]:
        ticked = match["box"] in {"x", "X"}
        return Stated(Status.DONE, f"[{match['box']}]", FileRef(path, line.number)) if ticked else None
    clause = _CLAUSE.match(match["rest"])
    state = STATE.search(clause["clause"]) if clause else None
    if state is None or _PENDING.match(state[0]):
        return None
    word = state[0]
    value = Status.IN_PROGRESS if _OPEN.match(word) else Status.DONE if word == "✅" else status_of(word)
    return Stated(value, word, FileRef(path, line.number)) if value else None


def _mentions(entry: _Entry, path: str) -> Iterator[HashMention]:
    """Read the commits of an entry's first line as its own: of a range the head, its base being where it started.

    Commits in the notes below are background: they are judged, and accuse no step.
    """
    step = entry.steps[0]
    for index, line in enumerate(entry.lines):
        ranges = ranges_in(line.text)
        bases = {*ranges.values(), *(match["base"] for match in _BASE.finditer(line.text))}
        groups = [match.span("list") for match in _GROUP.finditer(line.text)] if index == 0 else []
        for match in hex_words(line.text):
            before, after = line.text[: match.start()], line.text[match.end() :]
            listed = any(start <= match.start() < end for start, end in groups)
            ref, context, stated = FileRef(path, line.number), context_of(line), role_in_words(before, after)
            if match[0] in bases:
                yield HashMention(match[0], Role.BASE, step, "", ref, context)
            elif stated is Role.QUOTATION:
                yield HashMention(match[0], Role.QUOTATION, None, "", ref, context)
            elif index == 0 and (listed or match[0] in ranges) and stated is None:
                yield HashMention(match[0], Role.OWN, step, "", ref, context, ranges.get(match[0]))
            elif _SAYS.search(before[-40:]) or match[0] in ranges:
                yield HashMention(match[0], Role.OTHER, None, "", ref, context)

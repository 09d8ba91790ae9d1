"""Hashes in a GSD summary, and what the summary uses each of them for."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.front_matter import Field
from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.hashes import context_of, role_in_words
from forensics.formats.reports.hex_words import hex_words
from forensics.formats.step_ids import scopes_in
from forensics.model.report import HashMention, Role
from forensics.model.source import FileRef
from forensics.model.steps import canonical, same_step

_CELL = re.compile(r"(?<!\\)\|")
_COLUMN = re.compile(r"^\W*(?:commits?|hash(?:es)?|sha|commit (?:hash|sha)|git commit)\W*$", re.IGNORECASE)
_NAME_COLUMN = re.compile(r"task|name|message|description|subject|what", re.IGNORECASE)
_SECTION = re.compile(r"\bcommits?\b|\btasks? (?:completed|executed|done)\b|self[- ]check", re.IGNORECASE)
LABELS = (
    Row(r"^(?:\w+ )?commits?(?: (?:hash|sha|id)(?:es)?)?$", "Task commits", "GSD summaries"),
    Row(r"^committed(?: in| as)?$", "Committed in", "GSD summaries"),
    Row(r"^hash(?:es)?$", "Hash", "GSD summaries"),
    Row(r"^plan metadata$", "Plan metadata", "GSD summaries"),
    Row(r"^found(?: commits?)?$", "FOUND commit", "self-checks of GSD summaries"),
    Row(r"^(?:task )?\d+$|^task\b", "Task 1", "GSD summaries"),
)
SAYS_COMMIT = (
    Row(r"\bcommits?\b\W*(?:\([^)]*\)?)?\W*$", "see commit (feat) ", "GSD summaries"),
    Row(r"\bcommit(?:s|ted)?\b[^.;]{0,40}$", "committed with the tests as ", "GSD summaries"),
    Row(r"\bhash(?:es)?\b\W*$", "hash: ", "GSD summaries"),
)
_ALONE = re.compile(r"\W*(?:final |task )?commits?(?: created| made| hash| sha)?\W*", re.IGNORECASE)
# The self-check says itself that a commit is not there: `MISSING: abc1234`, `abc1234 — not found`.
_GONE_BEFORE = re.compile(r"\b(?:missing|not found|absent)\b\W{0,4}(?:commit\W*)?$", re.IGNORECASE)
_GONE_AFTER = re.compile(r"^[`*)\]]*\s*[-—–:(]*\s*(?:missing|not found|absent)\b", re.IGNORECASE)
ELSEWHERE = (
    Row(r"\.\./[\w.-]+", "in ../sibling", "GSD summaries of work in two repositories"),
    Row(
        r"\b(?:submodule|another repo\w*|other repo\w*|upstream|sibling repo\w*)\b",
        "in the submodule",
        "GSD summaries of work in two repositories or on a fork",
    ),
    Row(r"\b(?:cherry-pick\w*|reverted|superseded|originally)\b", "cherry-picked from", "GSD summaries"),
)
# `03-01` is a plan; `2026-01-30` and `1.03-01.2` are not.
_PLAN_ID = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3})?-\d{2})(?![\w-]|\.\d)")
_OTHER_PLAN = re.compile(
    r"\b(?:from|by|in|of|since|during|prior|previous|earlier|existing|after)\b[^.;]{0,60}$", re.IGNORECASE
)
_OTHER_UNIT = re.compile(r"\b(?:plan|phase|wave|milestone)s?\s+\d", re.IGNORECASE)
_LABEL, _SAYS, _ELSEWHERE = map(compiled, (LABELS, SAYS_COMMIT, ELSEWHERE))
_BOLD = re.compile(r"\*\*(?P<text>[^*]{3,200})\*\*")
_TICKED = re.compile(r"`(?P<text>\w+\([^`)]*\)!?:[^`]{3,200})`")
_TASK_NAME = re.compile(r"^\W*(?:Task|Step)\s*[\d.]+\s*(?:\([^)]*\))?\s*[:—–-]\s*", re.IGNORECASE)


def mentions_in(lines: Sequence[Line], fields: Sequence[Field], path: str, step: str) -> tuple[HashMention, ...]:
    """Return the hash mentions of one summary, in reading order.

    A hash is the step's own claim in a place made for commits (a label, a column, a section, the self-check) unless
    its words give it to another plan. A hash that running text calls a commit is another plan's work; the rest are not mentions.
    """
    found = list(_in_fields(fields, path, step))
    columns: tuple[str, ...] = ()
    previous = 0
    for line in lines:
        if line.kind == "row":
            cells = tuple(cell.strip(" *`") for cell in _CELL.split(line.text))
            if line.number > previous + 2:  # a table begins: the ruler below its head is not a line
                columns = cells
            previous = line.number
            found += _in_row(line, cells, columns, path, step)
        else:
            found += (_in_code if line.kind == "code" else _in_text)(line, path, step)
    return tuple(found)


def _in_fields(fields: Sequence[Field], path: str, step: str) -> Iterator[HashMention]:
    for field in fields:
        if any(key.startswith("commit") or key.endswith("-commits") or key in {"hash", "sha"} for key in field.keys):
            for match in hex_words(field.value):
                yield HashMention(
                    match[0], Role.OWN, step, "", FileRef(path, field.line), ": ".join((*field.keys, field.value))
                )


def _in_row(line: Line, cells: Sequence[str], columns: Sequence[str], path: str, step: str) -> Iterator[HashMention]:
    heads = {index for index, head in enumerate(columns) if _COLUMN.match(head)}
    names = [index for index, head in enumerate(columns) if _NAME_COLUMN.search(head) and index not in heads]
    for index, cell in enumerate(cells):
        for match in hex_words(cell):
            in_column = index in heads
            if not in_column and not _in_commit_section(line):
                continue
            named = [cells[at] for at in names if at < len(cells)]
            subject = max(named or [other for other in cells if other != cell], key=len, default="")
            role, about = _role(line, step, subject, cell[: match.start()], cell[match.end() :], strong=True)
            yield HashMention(match[0], role, about, _plain(subject), FileRef(path, line.number), context_of(line))


def _in_text(line: Line, path: str, step: str) -> Iterator[HashMention]:
    for match in hex_words(line.text):
        before, after = line.text[: match.start()], line.text[match.end() :]
        subject = _subject(before, after)
        labelled = line.label is not None and _LABEL.match(line.label[0].strip("* ")) is not None
        strong = (
            labelled or _in_commit_section(line) or _ALONE.fullmatch(before) is not None or bool(scopes_in(subject))
        )
        if strong or _SAYS.search(before[-80:]):
            role, about = _role(line, step, subject, before, after, strong=strong)
            yield HashMention(match[0], role, about, subject, FileRef(path, line.number), context_of(line))


def _in_code(line: Line, path: str, step: str) -> Iterator[HashMention]:
    """Read a quoted log: a line whose subject names this step is its own, every other shows what was there."""
    for match in hex_words(line.text):
        subject = line.text[match.end() :].strip()
        if line.text[: match.start()].strip(" *") or not scopes_in(subject):
            continue
        mine = any(same_step(scope, step) for scope in scopes_in(subject))
        role = Role.OWN if mine else Role.QUOTATION
        yield HashMention(
            match[0], role, step if mine else None, _plain(subject), FileRef(path, line.number), context_of(line)
        )


def _in_commit_section(line: Line) -> bool:
    return any(_SECTION.search(title) for title in line.section[-1:])


def _role(line: Line, step: str, subject: str, before: str, after: str, *, strong: bool) -> tuple[Role, str | None]:
    """Return what a hash is used for, and whose work it is; words of the subject beside it do not count."""
    words = before.replace(subject, "") if subject else before
    clause = re.split(r"[.;,]\s", words)[-1]
    if _GONE_BEFORE.search(words) or _GONE_AFTER.match(after):
        return Role.QUOTATION, None
    if _ELSEWHERE.search(f"{clause} {after.replace(subject, '')[:80]}"):
        return Role.QUOTATION, None
    if stated := role_in_words(words, after):
        return stated, None
    named = scopes_in(subject) or tuple(canonical(plan) for plan in _PLAN_ID.findall(f"{clause} {after[:60]}"))
    if any(same_step(other, step) for other in named):
        return (Role.OWN, step) if strong else (Role.OTHER, step)
    if named:
        return Role.OTHER, named[0]
    if _OTHER_UNIT.search(clause) and _OTHER_PLAN.search(clause):
        return Role.OTHER, None
    return (Role.OWN, step) if strong else (Role.OTHER, None)


def _subject(before: str, after: str) -> str:
    """Return the task or commit subject beside a hash, empty if there is none."""
    behind = re.match(r"^[`*)\]]*\s*(?:[-—–:]\s*)?(?P<text>[^`\n]{8,200})", after)
    bold = _BOLD.search(before) or _TICKED.search(before)
    ahead = bold["text"] if bold else re.sub(r"[-—–:`(\s]+$", "", before)
    if len(ahead) >= 8 and not _SAYS.search(before):
        return _plain(ahead)
    text = behind["text"].strip(" `()*") if behind else ""
    return _plain(text)


def _plain(text: str) -> str:
    return _TASK_NAME.sub("", text).strip(" `*()|:")[:200]

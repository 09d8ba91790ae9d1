"""What a report says of its status, of a stop and of GREEN (RED: `red.py`)."""

import re
from collections.abc import Sequence

from forensics.formats.markdown import Line
from forensics.formats.outcomes import status_of
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.step_ids import step_of_heading
from forensics.model.report import Stated, Status
from forensics.model.source import FileRef

# A status below one of these headings is the phase's, and not the report's.
_PHASE_SECTION = re.compile(
    r"\b(?:RED|GREEN|REFACTOR)\b|^(?:phases?\b|phase results|regression|refactor|precommit|lint|tests?\b|verification)",
)
# With a capital, as for RED: `green` in lower case is a colour.
_GREEN_LABEL = re.compile(r"^(?:GREEN|Green)(?:[ _-](?:phase|Phase))?(?:[ _-](?:result|Result|verification|status))?$")
# Labels of a phase's result, read only inside its section: `Status` elsewhere is the report's. Not `Expected`, which is
# what was asked.
RESULT_LABELS = (
    Row(r"^(?:outcome|verification)$", "Verification", "RED sections of step reports"),
    Row(r"^(?:actual|observed)(?: (?:failure|result|outcome))?$", "Observed", "RED sections of step reports"),
    Row(r"^(?:test )?(?:result|status|output)$", "Test result", "RED sections of step reports"),
    Row(r"^failure(?: verified| observed| reason| mode)?$", "Failure verified", "RED sections of step reports"),
    Row(r"^test_\w+$", "test_empty_input", "RED sections that list their tests"),
    Row(r"^(?:expected )?failure matched$", "Expected failure matched", "RED sections of step reports"),
    Row(r"^initial (?:result|test)$", "Initial result", "RED sections of step reports"),
)
# Every row is anchored at both ends: `Result of the review` is not a phase's result.
RESULT_LABEL = compiled(RESULT_LABELS)


_NAMES = {
    "status": {"status", "cycle status", "step status", "final status", "overall status", "outcome"},
    "stop condition": {"stop condition"},
    "stop reason": {"stop reason"},
    "stop conditions": {"stop conditions"},
}


def status_in(lines: Sequence[Line], path: str) -> Stated | None:
    """Return the report's own status: the first one outside the sections of its phases."""
    inside: Stated | None = None
    for index, line in enumerate(lines):
        words = _labelled(lines, index, "status") or ""
        value = status_of(words)
        if value is None:
            continue
        stated = Stated(value, words, FileRef(path, line.number))
        if not any(_PHASE_SECTION.search(title) for title in inner_sections(line, lines)):
            return stated
        inside = inside or stated
    return inside if inside and inside.value in {Status.STOPPED, Status.PRE_EXISTING} else None


def inner_sections(line: Line, lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the headings between an account's own heading and a line of it.

    In a log with `## Phase 3: Validation` above its steps, the phase and the step's title are not sections of the account.
    """
    own = len(lines[0].section) + (lines[0].kind == "heading")
    return tuple(title for title in line.section[max(own, 1) :] if not step_of_heading(title))


def stop_in(lines: Sequence[Line], path: str) -> Stated | None:
    """Return the stop condition a report states, None if it says there is none."""
    for index, line in enumerate(lines):
        named = (_labelled(lines, index, name) for name in ("stop condition", "stop reason", "stop conditions"))
        words = next(filter(None, named), None)
        if words and not re.match(r"^\W*(?:none|no\b|n/?a|nil|not )", words, re.IGNORECASE):
            return Stated(Status.STOPPED, words, FileRef(path, line.number))
    return None


def green_in(lines: Sequence[Line], path: str) -> Stated | None:
    """Return what the report says of GREEN, None if nothing or nothing that can be classed."""
    for index, line in enumerate(lines):
        label = line.label
        inside = bool(line.section) and re.search(r"\bGREEN\b", line.section[-1])
        if not label or not (_GREEN_LABEL.match(label[0]) or (inside and RESULT_LABEL.match(label[0]))):
            continue
        words = label[1] or next_text(lines, index)
        value = status_of(words)
        if value in {Status.DONE, Status.FAILED}:
            return Stated(value, words, FileRef(path, line.number))
    return None


def _labelled(lines: Sequence[Line], index: int, name: str) -> str | None:
    """Return the value of a label or heading called `name` at this line; the next line if it is alone."""
    line = lines[index]
    label = line.label
    if label and label[0].lower() in _NAMES[name]:
        return label[1].split(" | ")[0].strip("* ") or next_text(lines, index)
    beside = re.search(rf"\|\s*\*\*{name}:?\*\*:?\s*([^|]+)", line.text, re.IGNORECASE)
    if beside:
        return beside[1].strip()
    if line.kind == "heading" and line.text.strip(" :").lower() == name:
        return next_text(lines, index)
    if line.text.upper().startswith(name.upper().replace(" ", "_") + ":"):
        return line.text.split(":", 1)[1].strip()
    return None


def next_text(lines: Sequence[Line], index: int) -> str:
    """Return the text below a label or heading that stands alone, empty if there is none."""
    here = lines[index]
    for line in lines[index + 1 : index + 3]:
        if line.kind == "heading":
            return ""
        if line.text and line.kind != "code" and (here.kind == "heading" or line.section == here.section):
            return line.text.strip("* ")
    return ""

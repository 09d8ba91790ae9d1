"""What a report says of its status and of the RED and GREEN phases."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.markdown import Line
from forensics.formats.outcomes import observed_exceptions, red_outcome, status_of
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.report import RedOutcome, RedResult, Stated, Status
from forensics.model.source import FileRef

# A status below one of these headings is the phase's, and not the report's.
_PHASE_SECTION = re.compile(
    r"\b(?:RED|GREEN|REFACTOR)\b|^(?:phases?\b|phase results|regression|refactor|precommit|lint|tests?\b|verification)",
)
_RED_SECTION = re.compile(r"\bRED\b(?!.*\bGREEN\b)")
_RED_LABEL = re.compile(r"^(?:RED|Red)(?:[ _-](?:phase|Phase))?(?:[ _-](?:result|Result|RESULT|verification|status))?$")
_GREEN_LABEL = re.compile(r"^(?:GREEN|Green)(?:[ _-](?:phase|Phase))?(?:[ _-](?:result|Result|verification|status))?$")
RESULT_LABELS = (
    Row(r"^(?:result|status|outcome|verification)$", "Result", "RED sections of step reports"),
    Row(r"^actual(?: (?:failure|result))?$", "Actual failure", "RED sections of step reports"),
    Row(r"^test (?:result|status|output)$", "Test result", "RED sections of step reports"),
    Row(r"^failure(?: verified| reason| mode)?$", "Failure verified", "RED sections of step reports"),
    Row(r"^(?:expected )?failure matched$", "Expected failure matched", "RED sections of step reports"),
    Row(r"^initial (?:result|test)$", "Initial result", "RED sections of step reports"),
)
_RESULT_LABEL = compiled(RESULT_LABELS)
# What the step expected of RED was not seen, even where it stands in the RED section.
_EXPECTED_LABEL = re.compile(r"^expected", re.IGNORECASE)
# A report says so in any section, often only where it states why it stopped.
_VIOLATION = re.compile(r"\bred(?: phase)? violation\b[^.]*\bpass|\bpass\w* unexpectedly", re.IGNORECASE)
# In these sections RED is a criterion or an intention, and not a result.
_SELF_CHECK = re.compile(
    r"criteria|compliance|checklist|validation|notes?\b|next|decision|escalation|specification", re.IGNORECASE
)


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
        if not any(_PHASE_SECTION.search(title) for title in line.section[1:]):
            return stated
        inside = inside or stated
    return inside if inside and inside.value in {Status.STOPPED, Status.PRE_EXISTING} else None


def stop_in(lines: Sequence[Line], path: str) -> Stated | None:
    """Return the stop condition a report states, None if it says there is none."""
    for index, line in enumerate(lines):
        named = (_labelled(lines, index, name) for name in ("stop condition", "stop reason", "stop conditions"))
        words = next(filter(None, named), None)
        if words and not re.match(r"^\W*(?:none|no\b|n/?a|nil|not )", words, re.IGNORECASE):
            return Stated(Status.STOPPED, words, FileRef(path, line.number))
    return None


def red_in(lines: Sequence[Line], path: str, status: Stated | None) -> RedResult | None:
    """Return what the report says of RED.

    A labelled result outranks running text, and a stated failure outranks a stated pass: agents first see a test
    pass, sharpen it, and then report the failure. A report that stops on a RED violation outranks both, because what
    else it says of RED is what the step asked for.
    """
    violation = next(
        (
            line
            for line in lines
            if line.kind != "code" and _VIOLATION.search(line.text) and red_outcome(line.text) is RedOutcome.PASSED
        ),
        None,
    )
    stopped = status is not None and status.value in {Status.STOPPED, Status.BLOCKED, Status.FAILED}
    said = [*_red_results(lines)] or [*_red_texts(lines)]
    exceptions = _red_exceptions(lines, [text for text, _ in said])
    judged = [(red_outcome(text), text, line) for text, line in said]
    failed = any(outcome is RedOutcome.FAILED and _in_red(line) for outcome, _, line in judged)
    if violation is not None and not failed and (stopped or not said):
        return RedResult(RedOutcome.PASSED, violation.text, FileRef(path, violation.number), exceptions)
    if not said:
        return None
    order = (RedOutcome.FAILED, RedOutcome.NOT_RUN, RedOutcome.PASSED, RedOutcome.SKIPPED, None)
    outcome, text, line = next(entry for want in order for entry in judged if entry[0] is want)
    if outcome is None and violation is not None:
        outcome, text, line = RedOutcome.PASSED, violation.text, violation
    against = FileRef(path, violation.number) if failed and violation is not None and _in_red(violation) else None
    return RedResult(outcome, text, FileRef(path, line.number), exceptions, against)


def _in_red(line: Line) -> bool:
    return bool(line.section) and bool(_RED_SECTION.search(line.section[-1]))


def green_in(lines: Sequence[Line], path: str) -> Stated | None:
    """Return what the report says of GREEN, None if nothing or nothing that can be classed."""
    for index, line in enumerate(lines):
        label = line.label
        inside = bool(line.section) and re.search(r"\bGREEN\b", line.section[-1])
        if not label or not (_GREEN_LABEL.match(label[0]) or (inside and _RESULT_LABEL.match(label[0]))):
            continue
        words = label[1] or _next_text(lines, index)
        value = status_of(words)
        if value in {Status.DONE, Status.FAILED}:
            return Stated(value, words, FileRef(path, line.number))
    return None


def _labelled(lines: Sequence[Line], index: int, name: str) -> str | None:
    """Return the value of a label or heading called `name` at this line; the next line if it is alone."""
    line = lines[index]
    label = line.label
    if label and label[0].lower() in _NAMES[name]:
        return label[1].split(" | ")[0].strip("* ") or _next_text(lines, index)
    beside = re.search(rf"\|\s*\*\*{name}:?\*\*:?\s*([^|]+)", line.text, re.IGNORECASE)
    if beside:
        return beside[1].strip()
    if line.kind == "heading" and line.text.strip(" :").lower() == name:
        return _next_text(lines, index)
    if line.text.upper().startswith(name.upper().replace(" ", "_") + ":"):
        return line.text.split(":", 1)[1].strip()
    return None


def _next_text(lines: Sequence[Line], index: int) -> str:
    here = lines[index]
    for line in lines[index + 1 : index + 3]:
        if line.kind == "heading":
            return ""
        if line.text and line.kind != "code" and (here.kind == "heading" or line.section == here.section):
            return line.text.strip("* ")
    return ""


def _red_results(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Yield the values of RED labels, of result labels in a RED section, and of RED headings that say more."""
    for index, line in enumerate(lines):
        label = line.label
        in_red = _in_red(line)
        checked = any(_SELF_CHECK.search(title) for title in line.section[1:])
        if label and ((_RED_LABEL.match(label[0]) and not checked) or (in_red and _RESULT_LABEL.match(label[0]))):
            yield label[1] or _next_text(lines, index), line
        elif (
            line.kind == "heading"
            and _RED_SECTION.search(line.text)
            and re.search(r"\b(?:skipped|n/a|passed unexpectedly|verified)\b", line.text, re.IGNORECASE)
        ):
            yield line.text.split("RED", 1)[1], line


def _red_texts(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    for line in lines:
        if line.section and _RED_SECTION.search(line.section[-1]) and line.kind in {"text", "item"}:
            label = line.label
            if label is None or not _EXPECTED_LABEL.match(label[0]):
                yield line.text, line


def _red_exceptions(lines: Sequence[Line], results: list[str]) -> tuple[str, ...]:
    """Return the exceptions seen in RED: from the result, else from its section, else from what was expected."""
    seen = observed_exceptions(" ".join(results))
    if seen:
        return seen
    section = [line for line in lines if line.section and _RED_SECTION.search(line.section[-1])]
    observed = [line.text for line in section if not (line.label and _EXPECTED_LABEL.match(line.label[0]))]
    return observed_exceptions(" ".join(observed)) or observed_exceptions(" ".join(line.text for line in section))

"""What a report says of RED: what the test did, how it failed, and what its step expected."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.formats.markdown import Line
from forensics.formats.outcomes import demanded_exceptions, observed_exceptions, red_outcome
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.red_demands import grants_pass
from forensics.formats.reports.phases import RESULT_LABEL, inner_sections, next_text
from forensics.model.plan import RedDemand
from forensics.model.report import RedOutcome, RedResult, Stated, Status
from forensics.model.source import FileRef

# A heading that names both phases is about the step, not about RED.
_RED_SECTION = re.compile(r"\bRED\b(?!.{0,300}\bGREEN\b)")
# With a capital: `red` in lower case is a colour.
_RED_LABEL = re.compile(r"^(?:RED|Red)(?:[ _-](?:phase|Phase))?(?:[ _-](?:result|Result|RESULT|verification|status))?$")
# What the step expected of RED was not seen, even where it stands in the RED section.
_EXPECTED_LABEL = re.compile(r"^expected", re.IGNORECASE)
# `Expected failure: X` is the demand as the agent was given it; `Expected failure matched: yes` is a result.
_DEMAND_LABEL = re.compile(
    r"^expected(?: red)?(?: (?:failure|result|outcome|behaviou?r))?(?: per \w+)?$", re.IGNORECASE
)
# `Expected: exit code 0` is what the test asserts; only words of failing, or of passing, say what RED was to show.
_OF_FAILING = re.compile(r"\bfail|Error\b|Exception\b", re.IGNORECASE)
# A report says so in any section, often only where it states why it stopped, or in a note below its result.
VIOLATIONS = (
    Row(r"\bred(?: phase)? violation\b[^.]{0,300}\bpass", "RED phase violation: the test passed", "stop conditions"),
    Row(r"\bpass\w* unexpectedly", "The test passed unexpectedly", "stop conditions"),
    Row(r"\bpass\w* (?:\w+ )?(?:rather than|instead of) fail", "passed immediately rather than failing", "notes"),
)
# Not enough alone: stop conditions quote such words, so `red_outcome` must read a pass as well.
_VIOLATION = compiled(VIOLATIONS)
# In these sections RED is a criterion or an intention, and not a result.
_SELF_CHECK = re.compile(
    r"criteria|compliance|checklist|validation|notes?\b|next|decision|escalation|specification", re.IGNORECASE
)
# Under `Actual`, `Observed` or its own name a test's PASS is what it did; under `Result` it may be the gate that was met.
_SEEN_LABEL = re.compile(r"^(?:actual|observed|test_\w+$)", re.IGNORECASE)
# `PASS` and nothing that takes it back: with *fail*, *expected* or *verified* beside it, it may be the gate that was
# met.
_BARE_PASS = re.compile(
    r"^\W*(?:all |both |the )?(?:\d+ )?(?:tests? )?pass(?:es|ed)?\b(?!.*\b(?:fail|expected|verified|correctly|correct for))",
    re.IGNORECASE,
)
# Whatever is written under `Actual failure` is how the test failed, unless it says that it did not.
_FAILURE_LABEL = re.compile(r"^(?:actual|observed) failure$", re.IGNORECASE)
# `Actual failure: none` says that the test passed.
_NO_FAILURE = re.compile(r"^\W*(?:none\b|no failure)", re.IGNORECASE)
# `Actual failure: test passed` is not a failure, whatever the label.
_PASS = re.compile(r"\bpass", re.IGNORECASE)
# What the runner printed outranks what the agent concludes: `0/1 passed, 1 skipped` below `Result: FAIL as expected`.
_OUTPUT_LABEL = re.compile(r"^(?:test )?output$", re.IGNORECASE)
OTHER_REASONS = (  # the report itself says that the failure was not the one the step asks for
    Row(
        r"\bnot for the (?:expected|specified|planned|right) reason",
        "failed, but not for the expected reason",
        "RED sections",
    ),
    Row(
        r"\bfail\w*[^.;]{0,40}\bfor (?:a different|another|the wrong) reason",
        "failed for another reason",
        "not seen yet",
    ),
    Row(r"\bfail\w*[^.;]{0,20}\bnot as (?:expected|specified)", "failed, but not as specified", "not seen yet"),
)
# Searched in the RED section only: elsewhere the words may be about another test.
_OTHER_REASON = compiled(OTHER_REASONS)


class _Said(NamedTuple):
    """One statement on RED: what it says that the test did, its words, and its line."""

    outcome: RedOutcome | None
    text: str
    line: Line


def red_in(lines: Sequence[Line], path: str, status: Stated | None) -> RedResult | None:
    """Return what the report says of RED.

    A labelled result outranks running text, and a stated failure outranks a stated pass: agents first see a test
    pass, sharpen it, and then report the failure. A report that stops on a RED violation outranks both, because what
    else it says of RED is what the step asked for.
    """
    said = [_Said(_outcome(text, line), text, line) for text, line in [*_results(lines)] or [*_texts(lines)]]
    violation = next((line for line in lines if _is_violation(line)), None)
    failed = any(each.outcome is RedOutcome.FAILED and _in_red(each.line) for each in said)
    stopped = status is not None and status.value in {Status.STOPPED, Status.BLOCKED, Status.FAILED}
    first = _decisive(said) if said else None
    if violation is not None and not failed and (first is None or first.outcome is None or stopped):
        first = _Said(RedOutcome.PASSED, violation.text, violation)
    if first is None:
        return None
    against = violation if failed and violation is not None and _in_red(violation) else None
    section = [line for line in lines if _in_red(line)]
    other = next((line for line in section if line.kind != "code" and _OTHER_REASON.search(line.text)), None)
    return RedResult(
        first.outcome,
        first.text,
        FileRef(path, first.line.number),
        _exceptions(section, [each.text for each in said]),
        against=FileRef(path, against.number) if against else None,
        otherwise=Stated(Status.FAILED, other.text, FileRef(path, other.number)) if other else None,
        expected=_expected(lines, path),
    )


def _decisive(said: Sequence[_Said]) -> _Said:
    """Return the statement that counts: what the output shows outranks what the agent makes of it."""
    for each in said:
        name = each.line.label[0] if each.line.label else ""
        if each.outcome is RedOutcome.NOT_RUN and _OUTPUT_LABEL.match(name):
            return each
    order = (RedOutcome.FAILED, RedOutcome.NOT_RUN, RedOutcome.PASSED, RedOutcome.SKIPPED, None)
    return next(each for want in order for each in said if each.outcome is want)


def _outcome(text: str, line: Line) -> RedOutcome | None:
    """Classify a statement by its words, else by what its label says of them."""
    outcome = red_outcome(text)
    name = line.label[0] if line.label else ""
    if _FAILURE_LABEL.match(name) and _NO_FAILURE.match(text):
        return RedOutcome.PASSED
    if outcome is not None:
        return outcome
    if _SEEN_LABEL.match(name) and _BARE_PASS.match(text):
        return RedOutcome.PASSED
    return RedOutcome.FAILED if text and _FAILURE_LABEL.match(name) and not _PASS.search(text) else None


def _is_violation(line: Line) -> bool:
    return line.kind != "code" and bool(_VIOLATION.search(line.text)) and red_outcome(line.text) is RedOutcome.PASSED


def _in_red(line: Line) -> bool:
    return bool(line.section) and bool(_RED_SECTION.search(line.section[-1]))


def _results(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Yield the values of RED labels, of result labels in a RED section, and of RED headings that say more."""
    for index, line in enumerate(lines):
        label = line.label
        checked = any(_SELF_CHECK.search(title) for title in inner_sections(line, lines))
        if label and ((_RED_LABEL.match(label[0]) and not checked) or (_in_red(line) and RESULT_LABEL.match(label[0]))):
            yield label[1] or next_text(lines, index), line
        elif (
            line.kind == "heading"
            and _RED_SECTION.search(line.text)
            and re.search(r"\b(?:skipped|n/a|passed unexpectedly|verified)\b", line.text, re.IGNORECASE)
        ):
            yield line.text.split("RED", 1)[1], line


def _texts(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    for line in lines:
        if _in_red(line) and line.kind in {"text", "item"}:
            label = line.label
            if label is None or not _EXPECTED_LABEL.match(label[0]):
                yield line.text, line


def _expected(lines: Sequence[Line], path: str) -> RedDemand | None:
    """Return the failure that the report itself says its step expected; exempt where those words allow a pass."""
    for index, line in enumerate(lines):
        label = line.label
        of_failure = label is not None and label[0].lower().startswith("expected failure")
        if label is None or not _DEMAND_LABEL.match(label[0]) or not (of_failure or _in_red(line)):
            continue
        text = (label[1] or next_text(lines, index))[:600]
        granted = grants_pass(text)
        if of_failure or granted or _OF_FAILING.search(text):
            ref = FileRef(path, line.number)
            return RedDemand(ref, text, demanded_exceptions(text), exempt=ref if granted else None)
    return None


def _exceptions(section: Sequence[Line], results: Sequence[str]) -> tuple[str, ...]:
    """Return the exceptions seen in RED: from the result, else from its section, else from what was expected."""
    seen = observed_exceptions(" ".join(results))
    if seen:
        return seen
    observed = [line.text for line in section if not (line.label and _EXPECTED_LABEL.match(line.label[0]))]
    return observed_exceptions(" ".join(observed)) or observed_exceptions(" ".join(line.text for line in section))

"""What a GSD summary admits of RED: that a test which its plan wanted first was never seen to fail."""

import re
from collections.abc import Sequence

from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.report import RedOutcome, RedResult
from forensics.model.source import FileRef

# The section in which executors account for test-first tasks. Elsewhere RED is a plan, a log or a colour.
_SECTION = re.compile(r"\bTDD\b")
# `**Task 3 RED:**`, `**RED gate:**`. Not a label that names GREEN too, which is about the sequence of commits.
_LABEL = re.compile(r"^(?:Task \d{1,3} )?RED(?: (?:gate|phase|commit))?$")
# What the label's words admit. Each row says outright that no failure was seen; the order of commits alone does not.
ADMITTED = (
    Row(r"\bwas never (?:observed|seen|run|witnessed)\b", "its failing state was never observed", "GSD summaries"),
    Row(r"\bwould have failed\b", "the test would have failed with X", "GSD summaries"),
)
# Searched anywhere in the label's words: the reason stands before it or behind it.
_ADMITTED = compiled(ADMITTED)
# A failure that was seen, beside words on what would have failed otherwise: `failed with X; alone it would have failed too`.
_SEEN = re.compile(r"(?<!have )\bfail(?:s|ed)\b(?!-)", re.IGNORECASE)


def red_in(lines: Sequence[Line], path: str) -> RedResult | None:
    """Return the first admission that a test was not seen to fail before its code; None if there is none.

    A failure that the summary tells is not read: a plan has many tasks, and a result of one says nothing of the others.
    """
    for line in lines:
        label = line.label
        in_section = bool(line.section) and _SECTION.search(line.section[-1]) is not None
        if label is None or not (in_section and _LABEL.match(label[0])):
            continue
        if _ADMITTED.search(label[1]) and not _SEEN.search(label[1]):
            return RedResult(RedOutcome.NOT_RUN, label[1], FileRef(path, line.number))
    return None

"""An agent's message as a report on its unit of work: the commits it names, and its statements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from forensics.formats.markdown import Line, lines_of
from forensics.formats.messages.statements import at_line, statements_in
from forensics.formats.reports.hashes import mentions_in
from forensics.formats.reports.hex_words import hex_words
from forensics.model.claim_kind import ClaimKind
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.source import FileRef
from forensics.model.transcript import Message

# A hash in a code span at an item's beginning, or said to be somewhere: `` **`a1b2c3d` — Fix the tax** ``. Seven digits
# with a letter and a figure: `deadbeef` and `1234567` are words and numbers.
_BARE = re.compile(r"`(?P<sha>(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})`")
# `at`, `HEAD` and the names of branches behind a hash say that it is a commit.
_PLACE = re.compile(r"^\W{0,4}(?:is (?:now )?(?:on|in|at|pushed)|—|–|-|:|on `)")


# What an agent's commit message claims that only a session can show.
_OF_COMMITS = frozenset({ClaimKind.TESTS, ClaimKind.NEW_TESTS, ClaimKind.CLEAN})


def read_message(message: Message, unit: str, title: str = "") -> StepReport:
    """Return what a message claims about the unit whose agent wrote it."""
    lines = lines_of(message.text)
    found = mentions_in(lines, message.ref.path, (unit,))
    known = {mention.value for mention in found}
    more = [mention for mention in _bare(lines, unit) if mention.value not in known]
    return StepReport(
        ref=message.ref,
        last_line=message.ref.line or 1,
        steps=(unit,),
        title=title,
        hashes=tuple(_own(mention, message, unit) for mention in (*found, *more)),
        itemised=True,
        sent=message.moment,
        statements=statements_in(lines, message.ref),
    )


def read_commit_message(text: str, ref: FileRef, sent: datetime, unit: str) -> StepReport | None:
    """Return what the message of a unit's commit claims of tests, checks and numbers; None if nothing.

    What it says of files and commits is shown by git itself, or is history's.
    """
    found = statements_in(lines_of(text), ref)
    kept = tuple(statement for statement in found if statement.kind in _OF_COMMITS and not statement.weak)
    return StepReport(ref=ref, last_line=1, steps=(unit,), title="", sent=sent, statements=kept) if kept else None


def _bare(lines: Sequence[Line], unit: str) -> Iterator[HashMention]:
    """Yield hashes that no word calls a commit, but whose place in a message does."""
    for line in lines:
        for match in _BARE.finditer(line.text) if line.kind != "code" else ():
            leads = not line.text[: match.start()].strip("*_ ✅✓-")
            if any(hex_words(match["sha"])) and (leads or _PLACE.match(line.text[match.end() :])):
                yield HashMention(match["sha"], Role.OWN, unit, "", FileRef("", line.number), line.text)


def _own(mention: HashMention, message: Message, unit: str) -> HashMention:
    """Address a mention by its message. Steps named in it are another plan's: the work is the unit's all the same."""
    own = mention.role is Role.OWN or (mention.role is Role.OTHER and mention.about not in {None, unit})
    ref = at_line(message.ref, mention.ref.line or 1)
    return replace(mention, ref=ref, about=unit if own else mention.about, role=Role.OWN if own else mention.role)

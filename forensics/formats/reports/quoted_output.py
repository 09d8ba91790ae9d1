"""Commits in output that a report quotes in a fence: of `git log`, `git show` and `git commit`."""

import re
from collections.abc import Iterator

from forensics.formats.markdown import Line
from forensics.formats.reports.hex_words import hex_words
from forensics.formats.step_ids import steps_of_subject
from forensics.model.report import HashMention, Role
from forensics.model.source import FileRef
from forensics.model.steps import same_step

# Output of `git commit`: `[main (root-commit) a1b2c3d] add a gate`. Git allows branch names of about 250 bytes; without
# the bound a line of open brackets would be read to its end from each of them.
_BRANCHED = re.compile(r"\[[^\]\s]{1,250}(?: \([^)\n]{1,40}\))? (?P<sha>[0-9a-f]{7,40})\]\s*(?P<subject>.*)")
_SUBJECT_LINE = re.compile(  # output of `git log --oneline`, and the first line of `git show`
    r"^(?:[*✅✓✔-]\s*|[Cc]ommit:? )?(?P<sha>[0-9a-f]{7,40})(?:\s+\([^)]*\))?(?:\s+(?:[-—–:]\s+)?(?P<subject>\S.*))?$"
)
# What agents write of output in their own words: `git log -1 --oneline: a1b2c3d …`, `Result: a1b2c3d (1 file changed)`.
_RETOLD = re.compile(
    r"^(?:\$?\s*git (?:log|show|rev-parse)\b[^:]{0,60}:|(?:result|output|hash|sha|head|(?:\w+ )?commit):?)\s*"
    r"(?P<sha>[0-9a-f]{7,40})\b(?:\s+\([^)]*\))?\s*(?P<subject>.*)$",
    re.IGNORECASE,
)


def quoted_in(line: Line, path: str, own: tuple[str, ...], *, presented: bool) -> Iterator[HashMention]:
    """Read one line of output; `presented` if the section or the text above the fence is about the step's commits.

    Output is the step's own claim where it is presented so and names the step. What is presented without a step is
    judged, but accuses nobody; any other log shows what was there, no more.
    """
    printed = _BRANCHED.search(line.text) or _SUBJECT_LINE.match(line.text)
    match = printed or _RETOLD.match(line.text)
    if not match or not any(hex_words(match["sha"])):
        return
    subject = match["subject"] or ""
    shown = not subject and line.text.lower().startswith("commit")
    if printed and not (subject or shown):
        return
    about = about_own(subject, own)
    alone = shown and presented and match.end("sha") == len(line.text)
    mine = printed is not None and ((about is not None and (presented or "[" in line.text)) or alone)
    stranger = about is None and bool(steps_of_subject(subject))
    judged = not stranger and (presented or shown or not printed)
    role = Role.OWN if mine else Role.OTHER if judged else Role.QUOTATION
    whose = about or (own[0] if alone and own else None)
    yield HashMention(
        match["sha"],
        role,
        None if role is Role.OTHER else whose,
        subject,
        FileRef(path, line.number),
        context_of(line),
    )


def about_own(subject: str, own: tuple[str, ...]) -> str | None:
    """Return which of a report's own steps a subject names, None if it names another one or none."""
    named = steps_of_subject(subject)
    return next((mine for mine in own for step in named if same_step(step, mine)), None)


def context_of(line: Line) -> str:
    """Return the headings and the line around a hash, at most 400 characters."""
    return " / ".join((*line.section[-2:], line.text))[:400]

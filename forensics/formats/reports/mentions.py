"""Commits named in passing in a Markdown document, for runs without reports."""

import re
from collections.abc import Iterable

from forensics.formats.tickets import Tickets
from forensics.model.patch import Line
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.source import FileRef

# At least a letter and a digit: in running notes `defaced` is a word, and `20260304` is a day.
_HASH = r"(?P<hash>(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40})\b"
# A command of git takes a commit; up to the next `#`, behind which a comment begins.
# No command that was seen is longer up to its hash, and a line of commands is not read to its end from each of them.
_ASKED = re.compile(
    rf"\bgit (?:log|show|cherry-pick|revert|reset|checkout|rebase|branch)\b[^#\n]{{0,200}}?[\s`]{_HASH}"
)
# A row of a list or table of commits with their subjects, also quoted or as a heading.
_LISTED = re.compile(rf"^[\s#>*|`-]*{_HASH}`?[\s:|–—-]+(?P<subject>\S.*)$")
# Within 20 characters and one sentence: a hex word further on may be something else.
_NAMED = re.compile(rf"\bcommits?\b[^.\n]{{0,20}}?[\s`(]{_HASH}", re.IGNORECASE)


def mentions(path: str, lines: Iterable[Line], tickets: Tickets) -> tuple[StepReport, ...]:
    """Return one account per ticket whose commits the lines name: beside its subject, or after `git` or `commit`.

    A hash that no line ties to a ticket is left out; so are digits or letters alone, which are not hashes.
    """
    found: dict[str, tuple[Line, str]] = {}
    subjects: dict[str, tuple[str, str]] = {}
    for line in lines:
        listed = _LISTED.match(line.text)
        about = tickets.of_subject(listed["subject"].strip(" `|")) if listed else ()
        if listed and about:
            subjects.setdefault(listed["hash"], (about[0], listed["subject"].strip(" `|")[:500]))
        for match in filter(None, (listed if about else None, _ASKED.search(line.text), _NAMED.search(line.text))):
            found.setdefault(match["hash"], (line, line.text))
    accounts: dict[str, list[HashMention]] = {}
    for value, (line, text) in found.items():
        if value in subjects:
            ticket, subject = subjects[value]
            mention = HashMention(value, Role.OWN, ticket, subject, FileRef(path, line.number), text[:500])
            accounts.setdefault(ticket, []).append(mention)
    return tuple(
        StepReport(hashes[0].ref, hashes[-1].ref.line or 0, (ticket,), "", hashes=tuple(hashes))
        for ticket, hashes in accounts.items()
    )

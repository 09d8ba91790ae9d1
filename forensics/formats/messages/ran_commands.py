"""Commands that a message lists as run for verification, without a word on how they ended: they are meant to have passed."""

import re
from collections.abc import Iterable, Iterator

from forensics.formats.markdown import Line
from forensics.formats.messages.unclaimed import is_claimed
from forensics.formats.pattern_rows import Row, compiled

# The whole of a line or heading above a list of commands. *Test plan* and *to verify* are for the reader to do.
LEADS = (
    Row(
        r"(?:validation|verification|verified|validated|checked|tested|checks|tests|ran)(?: (?:it|i|we))?"
        r"(?: (?:ran|run|passed|performed|done|results?|passing|locally|with|by|commands?)){0,3}",
        "Validation it ran:",
        "final messages of Codex",
    ),
)
_LEAD = compiled(LEADS, r"\W*", r"\W*")
_ALONE = re.compile(r"\W{0,4}`(?P<command>[^`\n]{3,300})`[^\w`]{0,3}(?:\([^()]{0,80}\))?\W{0,3}")
_RAN = re.compile(
    r"\b(?:verified|validated|checked|confirmed|tested|ran)(?: (?:it|this|them|that|everything))?"
    r"(?: (?:with|by|via|using|through|running|both|also)){0,2}:? (?P<list>`[^`\n]{3,300}`(?:(?:, and |, | and |; )`[^`\n]{3,300}`){0,7})",
    re.IGNORECASE,
)
_SPAN = re.compile(r"`([^`\n]{3,300})`")


def ran_in(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Yield the commands that a message says were run to verify its work, each with its line."""
    lead = ""
    for line in lines:
        if line.kind == "code":
            continue
        above = (lead if line.kind in {"item", "row"} else "", line.section[-1] if line.section else "")
        if line.kind == "item" and (match := _ALONE.fullmatch(line.text)) and any(map(_LEAD.fullmatch, above)):
            yield line, match["command"]
        for match in _RAN.finditer(line.text):
            if is_claimed(line.text[: match.start()], ""):
                yield from ((line, command) for command in _SPAN.findall(match["list"]))
        if line.kind not in {"item", "row"} and line.text:
            lead = line.text

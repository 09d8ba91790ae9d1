"""What a push changed on the remote, by the lines that git prints for each ref."""

import re
from typing import NamedTuple

from forensics.formats.transcripts.git_calls import pushes
from forensics.model.transcript import Command

# `   1a2b3c4..5d6e7f8  topic -> topic`, with a plus and three dots where the old commit was overwritten; a new ref has
# `* [new branch]`. Refused ones begin with `!`, unchanged ones with `=`.
_LINE = re.compile(
    r"^ (?P<sign>[ +*]) (?:(?P<old>[0-9a-f]{7,64})(?:\.\.\.?)(?P<new>[0-9a-f]{7,64})|\[new branch\])\s+\S+ -> "
    r"(?:refs/heads/)?(?P<branch>\S+)",
    re.MULTILINE,
)


class Pushed(NamedTuple):
    """One branch that a push moved; `old` and `new` are shortened ids, empty for a new branch."""

    branch: str
    old: str
    new: str
    forced: bool


def pushed(ran: Command) -> tuple[Pushed, ...]:
    """Return the branches that a command's push moved, in the order in which git printed them."""
    if not pushes(ran.command):
        return ()
    return tuple(
        Pushed(match["branch"], match["old"] or "", match["new"] or "", match["sign"] == "+")
        for match in _LINE.finditer(ran.output)
    )

"""The sections of a turn's words: first versions show a tool call as a section like any other, without tags."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.transcripts.specstory.documents import ToolBlock

_RULE = "---"
# What an editor writes where a person stopped the agent.
CANCELLED = "Cancelled"
# `_****_` parts sections in the oldest documents.
_PARTS = frozenset({_RULE, "_****_"})
# What introduces a call: its name, or what an editor did with a file.
_USE = re.compile(r"Tool use: \*\*(?P<name>[^*]{1,60})\*\*")
_READ = re.compile(r"Read file: \S")
_EDITED = re.compile(r"(?:• )?Edit file: \S")
# A fence ends at a line of as many ticks; longer ones inside are text.
_FENCE = re.compile(r"(?P<ticks>`{3,})(?P<info>[\w+.-]*)\s*")
Line = tuple[int, str]


def sections_of(words: Sequence[Line]) -> Iterator[ToolBlock | Line]:
    """Yield the tool calls that sections of their own show, and each run of other words as one text."""
    kept: list[Line] = []
    for section in _sections(words):
        block = _tool(section)
        texts = [] if block else list(text_in(section))
        if block is None and not (texts and texts[0][1] == CANCELLED):
            kept += section
            continue
        yield from text_in(kept)
        kept = []
        yield from [block] if block else texts
    yield from text_in(kept)


def text_in(words: Sequence[Line]) -> Iterator[Line]:
    """Yield words as one text; the rules around it divide messages and are not words."""
    lines = [line.strip() for _, line in words]
    inner = [place for place, line in enumerate(lines) if line and line not in _PARTS]
    if inner:
        within = words[inner[0] : inner[-1] + 1]
        yield within[0][0], "\n".join(line for _, line in within).strip()


def _sections(words: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the words between rules; a rule inside a fence is what a tool printed."""
    section: list[Line] = []
    ticks = ""
    for place, line in words:
        section.append((place, line))
        fence = _FENCE.fullmatch(line.rstrip())
        if fence and not ticks:
            ticks = fence["ticks"]
        elif fence and fence["ticks"] == ticks and not fence["info"]:
            ticks = ""
        elif not ticks and line.rstrip() in _PARTS:
            yield section
            section = []
    if section:
        yield section


def _tool(section: Sequence[Line]) -> ToolBlock | None:
    """Return the tool call that a section shows; None if it is words."""
    inner = [(place, line) for place, line in section if line.rstrip() not in _PARTS]
    lines = [line for _, line in inner]
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    use = _USE.match(lines[first])
    body = lines[first:]
    shows = use or _READ.match(lines[first]) or lines[first].startswith("<details>") or _ran(body)
    if not shows:
        return None
    return ToolBlock(inner[first][0], _kind(body), use["name"] if use else "", tuple(body))


def _kind(lines: Sequence[str]) -> str:
    """Return what a call without a tag is for, by the words that introduce what it acted on."""
    if any(_READ.search(line) for line in lines[:4]):
        return "read"
    if any(_EDITED.search(line) for line in lines[:6]):
        return "write"
    return "shell" if any(line.startswith("```bash") for line in lines[:6]) else "unknown"


def _ran(lines: Sequence[str]) -> bool:
    """Return whether lines are a command and what it printed, each in a fence, and nothing else.

    A command alone is a proposal: agents end their answers with those.
    """
    fences = [(place, match) for place, line in enumerate(lines) if (match := _FENCE.fullmatch(line.rstrip()))]
    if len(fences) < 4 or fences[0][0] != 0 or fences[0][1]["info"] != "bash" or fences[2][1]["info"]:
        return False
    between = lines[fences[1][0] + 1 : fences[2][0]]
    after = lines[fences[-1][0] + 1 :]
    return not any(line.strip() for line in (*between, *after))

"""Markdown as a list of lines that know their number, their section and whether a fence holds them."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

MAX_LINE = 2000  # expressions run over every line: longer ones would make them slow
# Expressions also run over the headings above each line, so a long heading costs its length again for every line below
# it.
MAX_HEADING = 300
# A cell's own bars are escaped when the cells of a row are joined: `grep a\|b` is one cell.
_CELL = re.compile(r"(?<!\\)\|")
# Without backticks behind the marker: a line that opens and closes a code span (```` ```x``` ````) opens no fence.
# Possessive: a line of nothing but tildes and a backtick would be tried with each number of them.
_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)\s*+([^`]*)$")
# The space behind it keeps `**bold**`, `-k name` and `3.14` whole.
_BULLET = re.compile(r"(?:[-*+]|\d{1,4}[.)])(?:\s+|$)")
# `**Status:** x`, `**Status**: x`, `Status: x`, `- [x] Status: x`; not a URL, a path or a call before the colon.
_LABEL = re.compile(
    r"^(?:\[[ xX]\]\s*)?(?:\*\*|__)?(?P<label>[A-Za-z][^:*`|<>()]{0,60}?)\s*"
    r"(?:(?:\*\*|__)\s*:|:\s*(?:\*\*|__)|:(?=\s|$))\s*(?P<value>.*)$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text without its Markdown marks.

    `kind` is heading, text, item, row or code; `section` holds the headings above it, outermost first; `label` is the
    name and value of a line that has them.
    """

    number: int
    text: str
    kind: str
    section: tuple[str, ...]
    level: int = 0
    label: tuple[str, str] | None = None


def _label(text: str, kind: str) -> tuple[str, str] | None:
    """Return (`Status`, `GREEN_VERIFIED`) of a `**Status:** GREEN_VERIFIED` line, a table row or a heading."""
    if kind == "row":
        cells = [cell.strip().strip("*") for cell in _CELL.split(text.strip().strip("|"))]
        return (cells[0], cells[1]) if len(cells) == 2 and cells[0] else None
    if ":" not in text or kind == "code":
        return None
    match = _LABEL.match(text)
    return (match["label"].strip(" *_"), match["value"].strip()) if match else None


def lines_of(source: str) -> tuple[Line, ...]:
    """Parse Markdown into lines; front matter is left out. Lines past 2,000 characters are cut, headings past 300."""
    body, offset = _without_front_matter(source.replace("\r\n", "\n").replace("\r", "\n"))
    parsed: list[Line] = []
    section: list[tuple[int, str]] = []
    for token in _leaves(_PARSER.parse(body)):
        start = (token.map or [0, 0])[0] + offset + 1
        if token.meta.get("heading"):
            level = int(token.meta["heading"])
            section = [(depth, title) for depth, title in section if depth < level]
            title = token.content.strip()[:MAX_HEADING]
            above = tuple(name for _, name in section)
            parsed.append(Line(start, title, "heading", above, level, _label(title, "heading")))
            section.append((level, title))
            continue
        kind = token.meta.get("kind", "text")
        first = start + 1 if kind == "code" else start
        above = tuple(name for _, name in section)
        for index, raw in enumerate(token.content.rstrip("\n").split("\n")):
            text, bullet = raw.strip()[:MAX_LINE], None
            if kind == "text" and (bullet := _BULLET.match(text)):
                text = text[bullet.end() :]
            shown = "item" if bullet else kind
            parsed.append(Line(first + index, text, shown, above, 0, _label(text, kind)))
    return tuple(parsed)


def front_matter(text: str) -> str:
    """Return the YAML between the opening `---` lines, empty if there is none."""
    _, offset = _without_front_matter(text)
    return "\n".join(text.split("\n")[1 : offset - 1]) if offset else ""


def _without_front_matter(text: str) -> tuple[str, int]:
    if not text.startswith("---\n"):
        return text, 0
    rows = text.split("\n")
    for index, row in enumerate(rows[1:200], start=1):
        if row.rstrip() == "---":
            return "\n".join(rows[index + 1 :]), index + 1
    return text, 0


def _leaves(tokens: list[Token]) -> list[Token]:
    """Keep the tokens that hold text, each with what it is part of; the cells of a table row become one."""
    leaves: list[Token] = []
    heading = 0
    row: Token | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "tr_open":
                row = Token("row", "", 0, map=token.map, content="", meta={"kind": "row"})
                leaves.append(row)
            case "tr_close":
                row = None
            case "fence":
                token.meta["kind"] = "code"
                leaves.append(token)
            case "inline" if row is not None:
                row.content += ("|" if row.content else "") + token.content.replace("|", "\\|")
            case "inline":
                token.meta = {"heading": heading} if heading else {"kind": "text"}
                leaves.append(token)
    return leaves


def _parser() -> MarkdownIt:
    """Return a block-only parser: nothing here needs inline tokens, and they cost most of the time.

    Underlined headings, indented code, HTML, quotes and link definitions are read as the plain text that agents mean:
    a `---` below a line is a rule, and a label four spaces in is still a label. Bullets are taken off line by line.
    """
    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.disable(["lheading", "code", "html_block", "reference", "list", "blockquote"])
    parser.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a fence the way agents write them: nested, and sometimes one marker too many.

    CommonMark ends a fence at the first bare marker, so a template that holds another fence turns the rest of
    the file inside out. Here a marker with an info string inside a fence opens a nested one; and a bare marker
    whose "fence" would swallow a rule followed by a heading is a stray, not an opening.
    """
    opening = _FENCE.match(_source_line(state, start))
    if not opening or state.is_code_block(start):
        return False
    marker, info = opening[1], opening[2].strip()
    close = _closing(state, start + 1, end, marker, nested=bool(info))
    if close is None and info:
        close = _closing(state, start + 1, end, marker, nested=False)
    if not info and _swallows_section(state, start + 1, end if close is None else close):
        return False
    if silent:
        return True
    last = end if close is None else close
    state.line = last + (close is not None)
    token = state.push("fence", "code", 0)
    token.info = info
    token.content = state.getLines(start + 1, last, state.sCount[start], True)
    token.map = [start, state.line]
    return True


def _source_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _closing(state: StateBlock, start: int, end: int, marker: str, *, nested: bool) -> int | None:
    depth = 0
    for line in range(start, end):
        match = _FENCE.match(_source_line(state, line))
        if not match or match[1][0] != marker[0] or len(match[1]) < len(marker):
            continue
        if match[2].strip():
            depth += nested
        elif depth == 0:
            return line
        else:
            depth -= 1
    return None


def _swallows_section(state: StateBlock, start: int, end: int) -> bool:
    ruled = False
    for line in range(start, end):
        text = _source_line(state, line).strip()
        if text == "---":
            ruled = True
        elif ruled and text.startswith("#"):
            return True
        elif text:
            ruled = False
    return False


_PARSER = _parser()

"""The postmortem as Markdown. Everything a template prints is escaped unless it was made here."""

import re
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment

from forensics.model.postmortem import Postmortem
from forensics.model.source import Ref
from forensics.render.mermaid import flowchart, gantt
from forensics.render.receipts import receipt_views
from forensics.render.recovery import paragraphs
from forensics.render.references import BREAK, broken, parts, unread
from forensics.render.templates import environment, place

# What starts or ends markup inside a line: emphasis, code, links, table cells, strikethrough.
_SPECIAL = re.compile(r"([\\`*_\[\]|~])")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def render_markdown(postmortem: Postmortem) -> str:
    """Return the postmortem as GitHub-flavoured Markdown."""
    return (
        markdown_environment()
        .get_template("postmortem.md.j2")
        .render(
            pm=postmortem,
            receipts=receipt_views(postmortem),
            back=paragraphs(postmortem.recovery),
            gantt=_picture(gantt(postmortem)),
            flowchart=_picture(flowchart(postmortem.cause)),
        )
    )


def _picture(source: str | None) -> Markdown | None:
    """Return Mermaid source as a fenced block; it holds no backtick, so nothing in it closes the fence."""
    return Markdown(f"```mermaid\n{source}\n```") if source else None


def escape(text: str) -> Markdown:
    """Return foreign text so that Markdown shows it as it is: no markup, HTML, link, mention or line break comes through."""
    pieces = [_span(part) if is_word else _text(part) for part, is_word in parts(" ".join(text.split()))]
    safe = re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", _joined(pieces))
    # At the beginning of a line: a heading, a list, a line below a heading, an order to GitLab or a bot (`/close`), and
    # one to GitHub's runner where the document is printed (`::error::`).
    return Markdown(re.sub(r"^(?=[#+=/-]|::)", r"\\", safe))


def _text(part: str) -> str:
    safe = _SPECIAL.sub(r"\\\1", broken(part)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("$", "&#36;").replace(BREAK, "&#8203;")


def _span(text: str) -> str:
    """Return text between backticks; it is not empty, and none of it is a backtick or a line break."""
    return f"`{unread(text)}`"


def _joined(pieces: Sequence[str]) -> str:
    """Join pieces of Markdown: two code spans side by side would be one, so a break stands between them."""
    text = ""
    for piece in pieces:
        text += f"&#8203;{piece}" if text.endswith("`") and piece.startswith("`") else piece
    return text


def code(text: str) -> Markdown:
    """Return text as a code span; a pipe is escaped as tables need it."""
    flat = " ".join(text.replace("`", "'").split())
    return Markdown(_span(flat) if flat else "")


def prose(text: str) -> Markdown:
    """Return a sentence whose foreign parts stand between backticks: those become code spans, the rest is escaped."""
    pieces: list[str] = []
    plain_text = ""
    for index, part in enumerate(text.split("`")):
        if index % 2 and part.strip():
            pieces += [_between(plain_text), code(part)]
            plain_text = ""
        else:  # an empty span is left out, and what stood around it becomes one word: `@` and a name
            plain_text += part
    return Markdown(_joined([piece for piece in (*pieces, _between(plain_text)) if piece]))


def _between(part: str) -> str:
    """Escape a plain part, keeping the spaces at its ends that set it off from a code span."""
    if not part.strip():
        return " " if part else ""
    return f"{' ' if part[0].isspace() else ''}{escape(part)}{' ' if part[-1].isspace() else ''}"


def cell(text: str) -> Markdown:
    """Return prose for a table cell: a pipe would end it even inside a code span."""
    return Markdown(re.sub(r"(?<!\\)\|", r"\\|", prose(text)) or "–")


def codecell(text: str) -> Markdown:
    """Return a code span for a table cell."""
    return Markdown(code(text).replace("|", "\\|"))


def plain(text: str) -> Markdown:
    """Return text for a fenced block: one line, and no fence can be closed from within."""
    return Markdown(" ".join(text.split()).replace("```", '"""'))


def comment(text: str) -> Markdown:
    """Return words for a fenced block, which is read as plain text in some places, too; a command has to stay as it is."""
    return Markdown(unread(plain(text)))


def places(refs: Sequence[Ref], limit: int = 8) -> Markdown:
    """Return addresses as code spans, with the number of those left out."""
    shown = ", ".join(code(place(ref)) for ref in refs[:limit])
    return Markdown(f"{shown} and {len(refs) - limit} more" if len(refs) > limit else shown)


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Markdown | int | float) or value is None else escape(str(value))


def markdown_environment() -> Environment:
    """Return the environment in which everything a template prints is escaped for Markdown."""
    made = environment(finalize=_finalize)
    made.filters |= {
        "prose": prose,
        "code": code,
        "cell": cell,
        "codecell": codecell,
        "plain": plain,
        "comment": comment,
        "places": places,
    }
    return made

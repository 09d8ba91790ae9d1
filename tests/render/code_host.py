"""A model of what code hosts do with rendered Markdown: links, mentions and orders that they find in it.

Text nodes are searched as html-pipeline's MentionFilter does (`code`, `pre` and `a` are passed over), links as the GFM
specification's extended autolinks, references as the hosts document them. Hosts link only what exists; here all exists.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_END = r"(?=\.+[ \t\W]|\.+$|[^0-9a-zA-Z_.]|$)"
_CLOSING = r"(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
FOUND_IN_TEXT = {
    "mention": rf"(?:^|\W)@[a-z0-9][a-z0-9-]*(?!/){_END}",
    "team": r"(?:^|\W)@[a-z0-9][a-z0-9-]*/[a-z0-9][\w.-]*",
    "e-mail": r"[\w.+-]+@[\w-]+\.[\w.-]*\w",
    "address": r"(?:https?|ftp)://[\w-]|[a-z][a-z0-9+.-]+://[^\s>]",
    "www": r"(?:^|[\s*_~(])www\.[\w-]",
    "issue": r"(?:^|\W)(?:[\w.-]+/[\w.-]+)?#\d+\b",
    "GH": r"(?:^|\W)GH-\d+\b",
    "ticket": r"\b[A-Z][A-Z0-9]+-\d",
    "commit": rf"(?:^|[\s(@\[])(?:[\w-]+/[\w-]+@)?[0-9a-f]{{7,40}}(?![\w/-]){_END}",
    "GitLab": r"(?:^|[^\w&])(?:!\d|\$\d|%\d|%\"|~\w|~\"|&\d|\^alert#\d)",
    "GitLab, long": r"\[(?:issue|work_item|vulnerability|epic|feature_flag|contact|wiki_page):\S",
    "closing": rf"\b{_CLOSING}:?\s+(?:[\w.-]+/[\w.-]+)?(?:#\d|GH-\d|https?://)",
}
# In a code span of several words; one word alone is to be copied, so only a bare mention counts.
FOUND_IN_CODE = {"mention": r"(?:^|\W)@[a-z0-9]", "closing": rf"\b{_CLOSING}:?\s+[\w./:-]{{0,150}}(?:#|GH-|/)\d"}
FOUND_IN_WORD = {"mention": r"^@[\w-]+$"}
# GitLab's quick actions, and those of bots such as Prow, are lines that begin with a slash.
ORDER = re.compile(r"^[ \t]*/[a-z]", re.MULTILINE)


def found(markdown: str) -> set[str]:
    """Return what a host would make of Markdown: kinds of links, mentions and orders, empty where it is only text."""
    texts: list[str] = []
    codes: list[str] = []
    for token in _PARSER.parse(markdown):
        if token.type == "inline":
            texts += _text_nodes(token.children or [])
            codes += [child.content for child in token.children or [] if child.type == "code_inline"]
    kinds = {kind for text in texts for kind in _kinds(FOUND_IN_TEXT, text)}
    kinds |= {
        f"{kind} in code" for code in codes for kind in _kinds(FOUND_IN_CODE if " " in code else FOUND_IN_WORD, code)
    }
    return kinds | ({"order"} if ORDER.search(markdown) else set())


def _kinds(patterns: dict[str, str], text: str) -> Iterator[str]:
    for kind, pattern in patterns.items():
        flags = re.NOFLAG if kind in {"ticket", "GH"} else re.IGNORECASE
        if re.search(pattern, text, flags | re.ASCII):
            yield kind


def _text_nodes(children: list[Token]) -> Iterator[str]:
    """Yield the texts between elements: entities are letters by now, and a code span divides."""
    text = ""
    for child in children:
        if child.type in {"text", "text_special", "html_inline", "softbreak", "hardbreak"}:
            text += child.content if child.type.startswith("text") else "\n" if "break" in child.type else ""
        else:
            yield text
            text = ""
    yield text

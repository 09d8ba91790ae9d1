"""What code hosts make of plain words: links, and notices to people. Here such words are found, and made mere words.

`docs/adr/0009-what-a-comment-may-not-do.md` says why a code span is enough for a link and not for a mention.
"""

import re
from collections.abc import Iterator

from forensics.formats.pattern_rows import Row, compiled

# Between the sign and the name, as Renovate and Dependabot do it: no filter takes what is left for a name.
BREAK = "\u200b"

# Whole words that a code span keeps from being linked, so that they can still be copied.
LINKED = (
    Row(
        r"(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://|(?i:www)\.)[^\s`<>|]*[^\s`<>|.,;:!?*_~'\")\]}]",
        "https://e.example/x",
        "a message that cites a page: GitHub links http and www, GitLab any scheme",
    ),
    Row(
        r"(?:(?<![\w./-])[\w.-]+(?:/[\w.-]+)+)?#\d+\b", "org/repo#12", "a subject that names an issue or a pull request"
    ),
    Row(r"\b[A-Z][A-Z0-9]+-\d+\b", "GH-12", "a subject that names a ticket; a repository may link its own prefixes"),
    Row(r"(?<![\w/.-])[0-9a-f]{7,40}(?![\w/-])", "a1b2c3d", "a message that names a commit"),
)
# Signs that begin a reference if a name or number follows, whatever stands before them.
SIGNS = (
    Row(
        r"@(?=[\w-])",
        "@name",
        "a mention; e-mail and xmpp addresses, and `org/repo@sha`, have the same sign. A domain may begin with a hyphen",
    ),
    Row(r"#(?=\w)", "#12", "an issue"),
    Row(
        r"[!%~&^$](?=[\w\"*])",
        "!12",
        "GitLab: merge request, milestone, label, epic, alert, snippet; a formula's dollar",
    ),
    Row(r"[A-Z][A-Z0-9]{0,20}-(?=\d)", "GH-12", "a ticket that stands within a longer word"),
    Row(r":(?=//)", "x://y", "an address that is not a whole word"),
    Row(r"(?i:www)(?=\.)", "www.e", "an address without a scheme"),
    Row(r"\[(?=[a-z_]+:\S)", "[issue:12]", "GitLab's long form of a reference"),
)
_LINKED = compiled(LINKED, flags=re.ASCII)  # a host takes a letter with an accent for the end of a word
_SIGN = compiled(SIGNS, flags=re.NOFLAG)
# In a code span only what programs read that do not render Markdown: an answer by e-mail quotes the source, a squash
# merge makes it a commit message, and bots search it. A word that closes issues counts there, too.
_MENTION = re.compile(r"(?<!\w)@(?=\w)", re.ASCII)
_LONE_MENTION = re.compile(r"^@(?=[\w-]+$)")
_CLOSING = re.compile(r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)(?=:?\s+\S{0,200}?(?:[#/]|[A-Z]-)\d)", re.IGNORECASE | re.ASCII)  # fmt: skip


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield text in pieces, each with whether it is a word that has to become a code span."""
    end = 0
    for match in _LINKED.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(text):
        yield text[end:], False


def broken(text: str) -> str:
    """Return text with a break behind each sign that would begin a reference."""
    return _SIGN.sub(rf"\g<0>{BREAK}", text)


def unread(text: str) -> str:
    """Return the text of a code span such that no program which reads it as plain text takes it for a mention or an order.

    A single word is a path, a name or a hash that somebody will copy: of these only a bare `@name` is changed.
    """
    if " " not in text:
        return _LONE_MENTION.sub(rf"@{BREAK}", text)
    return _CLOSING.sub(rf"\g<0>{BREAK}", _MENTION.sub(rf"@{BREAK}", text))

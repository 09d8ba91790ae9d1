"""The doors of every view, and what must not come through them: markup, links, mentions, orders, formulas, hidden text."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from forensics.model.prose import quote
from forensics.render.cleaning import clean_text
from forensics.render.csv_cells import csv_cell
from forensics.render.markdown import cell, code, codecell, comment, escape, plain, prose
from forensics.render.mermaid import label
from forensics.render.page import prose as html_prose
from forensics.render.recovery_script import _comment
from forensics.render.verification import _data, _property, _quoted, _told
from forensics.render.visible import bare, inert
from tests.render.code_host import found

SEEDS = (
    "@name, @org/team and me@e.example; fixes #12, GH-12, org/repo#12, !12 ~label",
    "=1+1;\t@x",
    "::error::x\n##[group]y",
    "x\u202e\ufe0f\u200b\U000e0041 ⚠️",
    "<script>x</script><img src=x onerror=y> [a](javascript:b) ![c](https://e.example/d)",
    "# h\n- i\n1. j\n> q\n| k | l |\n```\n~~~ `m` **n** _o_ ~~p~~ <!-- r -->",
)
# Characters: what is shown of foreign text is short; Markdown's parser takes most of the time.
_MOST = 1_500
_TABLE = "| a | b |\n|---|---|\n"
_SAFE = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline", "heading_open", "heading_close", "strong_open", "strong_close",
         "table_open", "thead_open", "thead_close", "tr_open", "tr_close", "th_open", "th_close", "tbody_open", "tbody_close", "td_open", "td_close",
         "table_close", "fence"}  # fmt: skip
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_LABEL = re.compile(r"(?:[\w .,()'/-]|#\d+;)*")


def _shown(content: bytes) -> str:
    return clean_text(content.decode("utf-8", "replace")[:_MOST])


def _markdown(content: bytes) -> None:
    text = _shown(content)
    for view in (
        f"{escape(text)}\n",
        f"### {escape(text)} {prose(quote(text))}{prose(text)}\n",
        f"Commit {code(text)} is **{prose(text)}**.\n",
        f"{_TABLE}| {cell(text)} | {codecell(text)} |\n",
        f"```sh\n# {comment(text)}\n{plain(f'git show {text}')}\n```\n",
    ):
        tokens = _PARSER.parse(view)
        kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
        assert kinds <= _SAFE, kinds - _SAFE
        assert sum(token.type == "td_open" for token in tokens) in {0, 2}
        assert "```sh" not in view or [token.type for token in tokens] == ["fence"]
        assert not found(view), found(view)


def _terminal(content: bytes) -> None:
    text = inert(_shown(content))
    assert bare(text) == text or "\u200d" in text or "\ufe0f" in text
    assert "##[" not in text
    assert not text.lstrip().startswith("::")
    assert text.isprintable() or not text.isascii()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(f"{tag}{attrs or ''}")

    def handle_comment(self, data: str) -> None:
        self.found.add("comment")

    def handle_decl(self, decl: str) -> None:
        self.found.add("declaration")


def _html(content: bytes) -> None:
    parser = _Tags()
    parser.feed(
        f'<p title="{html_prose(_shown(content)).replace("<code>", "").replace("</code>", "")}">{html_prose(_shown(content))}</p>'
    )
    assert {tag.partition("[")[0] for tag in parser.found} <= {"p", "code"}


def _tables(content: bytes) -> None:
    for text in (_shown(content), content.decode("utf-8", "replace")[:_MOST]):
        for part in re.split(r"[;,\t|\r\n\"]", str(csv_cell(text))):
            assert part.strip(" ")[:1] not in {"=", "+", "-", "@"}


def _lines(content: bytes) -> None:
    """What is one line of a script, a workflow command, a picture or an agent's message."""
    text = content.decode("utf-8", "replace")[:_MOST]
    assert _comment(text).isprintable()
    assert not re.search(r"[\r\n]", _data(text) + _property(text))
    assert not re.search(r"[:,]", _property(text))
    assert _LABEL.fullmatch(label(text))
    for told in (_quoted(text), _told(text), _told(f"the commit says {quote(text)}")):
        assert told.count('"') % 2 == 0
        assert "`" not in told
        assert "\n" not in told


VIEWS: Mapping[str, Callable[[bytes], object]] = {
    "Markdown": _markdown, "terminal and JSON": _terminal, "HTML": _html, "CSV": _tables, "lines": _lines,
}  # fmt: skip

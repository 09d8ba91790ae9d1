"""The rules by which secrets are recognised: gitleaks' list, kept as data, and our own rows, behind one search for keywords."""

import json
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Any, NamedTuple

from forensics.secrets.engine import compiled, keyword_set
from forensics.secrets.named import KEYWORDS, named_values
from forensics.secrets.rows import ROWS, Row
from forensics.secrets.values import (
    entropy,
    has_digit_or_case,
    is_code,
    is_commit_like,
    is_placeholder,
    is_uuid,
    is_words,
)

# How gitleaks' rules end: before a quote, a space or the end. In a table, a tag or an option a secret ends elsewhere.
_GITLEAKS_END = r"""(?:[\x60'"\s;]|\\[nr]|$)"""
_END = r"(?:\W|_*$)"
# What gitleaks' rules put before a vendor's name, to show it: it costs time and adds nothing to the secret.
_LEADS = ((r"(?i)[\w.-]{0,50}?", "(?i)"), (r"[\w.-]{0,50}?(?i:[\w.-]{0,50}?", "(?i:"))
# A vendor's prefix is unmistakable inside a word too: agents print `xghp_…` and `\nghp_…`.
_GLUED = re.compile(r"^(\(\?i\))?\\b")
# A name before the value, as 96 of gitleaks' rules demand; the value's own shape is then weak (`[a-z0-9]{32}`).
_NAMED = "(?:=|>|:{1,3}=|"
# Of its two prefixes one is `s.`, which ends many words in code (`analytics.EventSyncedNow`).
_WORDLIKE = {"vault-service-token"}
_REST = re.compile(rb"[\w-]*={0,2}")


class Shape:
    """One shape of a secret."""

    def __init__(self, id: str, row: Row, group: int = 0) -> None:
        """Keep a rule. `group` holds the secret; 0 means the longest group, else all."""
        self.id, self.row, self.group = id, row, group

    @cached_property
    def expression(self) -> Any:
        """The compiled pattern. Most calls need none of the 300 rules."""
        return compiled(self.row.pattern)

    def spans(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Yield where secrets of this shape stand."""
        last = 0
        for match in self.expression.finditer(text):
            begin, end = self._span(match)
            if end > last and self._is_secret(text[begin:end]):
                # A longer token than the rule knows is redacted to its end.
                last = _REST.match(text, end).end()  # type: ignore[union-attr]
                yield begin, last

    def _span(self, match: Any) -> tuple[int, int]:
        if self.group:
            return match.span(self.group)  # type: ignore[no-any-return]
        spans: list[tuple[int, int]] = [match.span(group) for group in range(1, self.expression.groups + 1)]
        longest = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
        # A short group is a part that repeats, or one of several beginnings, as in `([a-z0-9]{4}-){3}`; except behind a name.
        of_all = longest[1] - longest[0] >= (match.end() - match.start()) / 2
        return longest if longest[1] > longest[0] and (of_all or self.row.seen or self.row.weak) else match.span()

    def _is_secret(self, value: bytes) -> bool:
        if is_placeholder(value) or (self.row.entropy and entropy(value) < self.row.entropy):
            return False
        if not self.row.weak:
            return self.row.commit_like or not is_commit_like(value)
        # Some vendors' keys are UUIDs; elsewhere these are sessions (`sessionId=…` in logs).
        known = is_commit_like(value) or (is_uuid(value) and self.row.seen != "")
        word = value.strip(b"+=~/")  # `"Bearer "+refreshToken`
        return has_digit_or_case(value) and not (known or is_code(word) or is_words(word))


class Named:
    """Values behind telling names: a rule that is more than a pattern."""

    id = "named"

    def spans(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Yield where such values stand."""
        return named_values(text)


class Shapes(NamedTuple):
    """All rules: a set of literal keywords, searched in one pass, and the rules behind each."""

    keywords: Any
    behind: tuple[tuple[Shape | Named, ...], ...]

    def about(self, text: bytes) -> list[Shape | Named]:
        """Return the rules that a text has a keyword of, each once."""
        found = self.keywords.Match(text)
        return list({shape.id: shape for index in found for shape in self.behind[index]}.values()) if found else []


@cache
def shapes() -> Shapes:
    """Return gitleaks' rules and our own."""
    listed = json.loads(pkgutil.get_data(__package__, "gitleaks.json") or b"")["rules"]
    return _searchable([*map(_of_gitleaks, listed), *_own()])


def _searchable(rules: Iterable[tuple[Shape | Named, Iterable[str]]]) -> Shapes:
    behind: dict[str, list[Shape | Named]] = {}
    for rule, words in rules:
        for word in words:
            behind.setdefault(word, []).append(rule)
    return Shapes(keyword_set(list(behind)), tuple(map(tuple, behind.values())))


def _of_gitleaks(listed: dict[str, Any]) -> tuple[Shape, Iterable[str]]:
    """Return one of gitleaks' rules as our texts need it, with its keywords."""
    pattern = listed["regex"]
    named = _NAMED in pattern
    for lead, kept in _LEADS if named else ():
        if pattern.startswith(lead):
            pattern = kept + pattern.removeprefix(lead)
            break
    if not named and listed["id"] not in _WORDLIKE:
        pattern = _GLUED.sub(r"\1", pattern)
    row = Row(
        pattern.replace(_GITLEAKS_END, _END),
        tuple(listed["keywords"]),
        "",
        "",
        named or listed["id"] in _WORDLIKE,
        listed["entropy"],
    )
    return Shape(listed["id"], row, listed["group"]), row.keywords


def _own() -> Iterable[tuple[Shape | Named, Iterable[str]]]:
    yield Named(), KEYWORDS
    for number, row in enumerate(ROWS):
        yield Shape(f"own-{number}", row), row.keywords

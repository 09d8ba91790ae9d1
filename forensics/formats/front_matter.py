"""Front matter line by line: every value with its keys and its line, even if the text is not YAML.

Agents write front matter by hand: unquoted colons and stray brackets are common, and one of them must not cost the rest.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forensics.formats.markdown import front_matter

# Limits for hostile input: real front matter has some dozens of fields, each of a line.
MAX_FIELDS = 2_000
MAX_VALUE = 2_000
# A colon counts before a space or at the end (`10:05` and URLs are values), and only behind a few words: a sentence is
# not a key.
_KEY = re.compile(r"^(?P<key>[A-Za-z][\w -]{0,40}?)\s*:(?:\s+(?P<value>.*))?$")


@dataclass(frozen=True, slots=True)
class Field:
    """One value: the keys above it, outermost first, and its line (1-based, in the file)."""

    keys: tuple[str, ...]
    value: str
    line: int


def fields_in(text: str) -> tuple[Field, ...]:
    """Return the values of a document's front matter in reading order; keys in lower case, with `-` for `_`."""
    found: list[Field] = []
    above: list[tuple[int, str]] = []
    for number, row in enumerate(front_matter(text.replace("\r\n", "\n")).split("\n"), start=2):
        cut = row[:MAX_VALUE]
        bare = cut.lstrip(" ")
        indent, content = len(cut) - len(bare), bare.rstrip()
        while content.startswith("- "):
            content = content[2:].lstrip()
            indent += 1  # `- key:` is below `key:` of the same column
        if not content or content.startswith("#") or len(found) >= MAX_FIELDS:
            continue
        above = [(column, key) for column, key in above if column < indent]
        match = _KEY.match(content)
        value = content
        if match:
            above.append((indent, match["key"].lower().replace("_", "-").replace(" ", "-")))
            value = (match["value"] or "").strip()
        keys = tuple(key for _, key in above)
        found += [Field(keys, member, number) for member in _values(value)]
    return tuple(found)


def values_of(fields: Iterable[Field], *keys: str) -> tuple[Field, ...]:
    """Return the fields below exactly these keys."""
    return tuple(field for field in fields if field.keys == keys)


def first(fields: Iterable[Field], *keys: str) -> Field | None:
    """Return the first field below exactly these keys."""
    return next(iter(values_of(fields, *keys)), None)


def _values(text: str) -> Iterator[str]:
    """Yield a scalar, or the members of a list on one line."""
    bare = re.sub(r"(?<!\s)\s+#\s.*", "", text).strip()
    members = bare[1:].rstrip("]").split(",") if bare.startswith("[") else [bare]
    for member in members:
        value = member.strip().strip("\"'").strip()
        if value and value not in {"|", ">", "]", "{}"}:
            yield value

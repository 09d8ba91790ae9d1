"""The forms in which a secret of the corpus is written: as it stands, in data, escaped, in a diff, in colour."""

import html
import json
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from tests.secrets.kinds import Kind


class Form(NamedTuple):
    """One form: how a kind is written in it, and how its secret then reads."""

    name: str
    written: Callable[[Kind], str]
    read: Callable[[str], str] = str


def _bare(kind: Kind) -> str:
    return kind.text if kind.name == "value" else f'{kind.name} = "{kind.text}"'


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _option(kind: Kind) -> str:
    return f"tool run --{kind.name.replace('_', '-').lower()} {kind.text} --quiet"


def _glued(kind: Kind) -> str:
    if kind.whole:
        return f"done\\n{kind.text}"
    return f"x{kind.text}" if kind.name == "value" else f"my_{kind.name}={kind.text}"


FORMS = (
    Form("bare", _bare),
    Form("assigned", lambda kind: f"{kind.name}={kind.text}"),
    Form("quoted", lambda kind: f"{kind.name} = '{kind.text}' # see below"),
    Form("json", lambda kind: json.dumps({"id": 7, kind.name: kind.text}), _escaped),
    Form("json in json", lambda kind: json.dumps({"body": json.dumps({kind.name: kind.text})}), lambda text: _escaped(_escaped(text))),
    Form("yaml", lambda kind: f"settings:\n  {kind.name}: {kind.text}\n"),
    Form("export", lambda kind: f'export {kind.name.upper().replace("-", "_").replace(".", "_")}="{kind.text}"'),
    Form("option", _option),
    Form("address", lambda kind: f"https://example.org/x?{kind.name}={quote(kind.text, safe='')}&n=1", lambda text: quote(text, safe="")),
    Form("header", lambda kind: f"> X-{kind.name.title().replace('_', '-')}: {kind.text}"),
    Form("percent-encoded", lambda kind: quote(_bare(kind), safe=""), lambda text: quote(text, safe="")),
    Form("HTML", lambda kind: html.escape(json.dumps({kind.name: kind.text})), lambda text: html.escape(_escaped(text))),
    Form("diff", lambda kind: f"@@ -1 +1 @@\n-{kind.name} = None\n+{_bare(kind)}\n"),
    Form("glued", _glued),
    Form("colour", lambda kind: f"\x1b[32m{kind.name}\x1b[0m=\x1b[1;33m{kind.text}\x1b[0m ok"),
    Form("Markdown", lambda kind: f"| `{kind.name}` | `{kind.text}` | seen |"),
)  # fmt: skip
# The characters of a secret that must not stand together in what is shown.
WINDOW = 8


def remains(kind: Kind, form: Form, shown: str) -> bool:
    """Return whether a part of a kind's secret can still be read."""
    for secret in kind.secrets:
        read = form.read(secret)
        if any(read[at : at + WINDOW] in shown for at in range(max(1, len(read) - WINDOW + 1))):
            return True
    return False

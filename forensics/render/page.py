"""What every HTML report shares: one file that loads nothing, with its style and script allowed by their digests alone."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup, escape

from forensics.model.source import Ref
from forensics.render.charts import swaps
from forensics.render.templates import environment, place

# Addresses per place; the number of the others is shown.
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Shell:
    """A page's style, script, and the policy that lets nothing else run or load."""

    style: Markup
    script: Markup
    policy: str


def html_environment() -> Environment:
    """Return the environment of HTML templates: all text is escaped, and prose becomes text with code in it."""
    made = environment()
    made.filters |= {"prose": prose, "code": code, "places": places}
    return made


def shell(made: Environment) -> Shell:
    """Return what `partials/page.html.j2` needs as `shell`; neither style nor script holds anything foreign."""
    style = made.get_template("partials/style.css.j2").render(swaps=swaps())
    script = made.get_template("partials/report.js.j2").render()
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return Shell(Markup(style), Markup(script), policy)  # noqa: S704


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def code(text: str) -> Markup:
    """Return foreign text as code, nothing for none."""
    return Markup("<code>{}</code>").format(text) if text else Markup("")


def prose(text: str) -> Markup:
    """Return a sentence whose foreign parts stand between backticks: those become code, and all of it is escaped."""
    return Markup("").join(code(part) if index % 2 else escape(part) for index, part in enumerate(text.split("`")))


def places(refs: Sequence[Ref], limit: int = _SHOWN) -> Markup:
    """Return addresses as code, with the number of those left out."""
    shown = Markup(", ").join(code(place(ref)) for ref in refs[:limit])
    return shown + f" and {len(refs) - limit} more" if len(refs) > limit else shown

"""The part of the demo's postmortem that README shows."""

import re

from tests.unpack import SAMPLES

_BLOCK = re.compile(r"(?<=<!-- excerpt -->\n).*?(?=<!-- end -->)", re.DOTALL)
# Each group is a paragraph of the excerpt: of each beginning, the first line after the heading.
_SHOWN = (
    ("# Postmortem", ("**",)),
    ("## Sources compared", ("| step |", "|---|", "| 1.3 |", "| 1.4 |")),
    ("## Root cause", ("1. ", "2. ")),
    ("## Recovery", ("",)),
)


def with_excerpt(readme: str) -> str:
    """Return the README with its excerpt as the demo writes it now."""
    text = (SAMPLES / "parallel-tdd" / "expected" / "postmortem.md").read_text(encoding="utf-8")
    paragraphs = []
    for heading, beginnings in _SHOWN:
        _, _, section = text.partition(heading)
        lines = section.splitlines()[2:]
        shown = (next(line for line in lines if line.startswith(start)) for start in beginnings)
        paragraphs.append("\n".join(f"> {line}" for line in shown))
    return _BLOCK.sub(lambda _: "\n>\n".join(paragraphs) + "\n", readme, count=1)

"""The parts of the samples' outputs that README shows."""

import re

from tests.unpack import SAMPLES

_BLOCK = re.compile(r"(?<=<!-- excerpt -->\n).*?(?=<!-- end -->)", re.DOTALL)
_RECEIPT = re.compile(r"(?<=<!-- receipt -->\n).*?(?=<!-- end -->)", re.DOTALL)
# Each group is a paragraph of the excerpt: of each beginning, the first line after the heading.
_SHOWN = (
    ("# Postmortem", ("**",)),
    ("## Sources compared", ("| step |", "|---|", "| 1.3 |", "| 1.4 |")),
    ("## Root cause", ("1. ", "2. ")),
    ("## Recovery", ("",)),
)


def with_excerpt(readme: str) -> str:
    """Return the README with its excerpts as the samples' outputs have them now."""
    text = (SAMPLES / "parallel-tdd" / "expected" / "postmortem.md").read_text(encoding="utf-8")
    paragraphs = []
    for heading, beginnings in _SHOWN:
        _, _, section = text.partition(heading)
        lines = section.splitlines()[2:]
        shown = (next(line for line in lines if line.startswith(start)) for start in beginnings)
        paragraphs.append("\n".join(f"> {line}" for line in shown))
    with_postmortem = _BLOCK.sub(lambda _: "\n>\n".join(paragraphs) + "\n", readme, count=1)
    return _RECEIPT.sub(lambda _: f"```\n{_receipt()}\n```\n", with_postmortem, count=1)


def _receipt() -> str:
    """Return what the terminal shows of the night without a plan, down to its findings."""
    summary = (SAMPLES / "no-plan" / "expected" / "summary.txt").read_text(encoding="utf-8")
    return re.split(r"\n\n(?=[A-Z]{3}\d{3} )", summary, maxsplit=1)[0]

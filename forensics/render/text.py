"""The summary for a terminal: what is real, what is not, where to resume, on one screen."""

from textwrap import wrap

from forensics.model.finding import Finding, Severity
from forensics.model.postmortem import Postmortem
from forensics.model.prose import count, duration, listing
from forensics.render.templates import cost, place

WIDTH = 100
_MOST = 5


def render_text(postmortem: Postmortem, width: int = WIDTH) -> str:
    """Return some thirty lines of plain text, none wider than `width`."""
    impact = postmortem.impact
    lines = [
        f"{postmortem.run.name}, held against {postmortem.run.head[:10]}"[:width],
        "",
        *_wrapped(postmortem.verdict, width),
        "",
    ]
    for name, steps in (
        ("sound", impact.sound),
        ("in doubt", impact.violated),
        ("unproven", impact.unproven),
        ("blocked", impact.blocked),
        ("not started", impact.not_started),
    ):
        if steps:
            lines += _wrapped(f"{len(steps):>5} {name:<12} {listing(steps, limit=8)}", width, 19)
    shown = [one for one in postmortem.findings if one.severity.rank >= Severity.MEDIUM.rank][:_MOST]
    lines += [""] * bool(shown)
    for finding in shown:
        lines += _finding(finding, width)
    more = len(postmortem.findings) - len(shown)
    if more:
        lines.append(f"and {count(more, 'more finding' if shown else 'minor finding')}: -o postmortem.md has them all")
    if postmortem.cause.statement and not postmortem.cause.known:
        lines += ["", *_wrapped(postmortem.cause.statement, width)]
    lines += ["", *_wrapped(postmortem.recovery.note, width)]
    if postmortem.metrics:
        spent, total = postmortem.metrics, postmortem.metrics.total
        lines += _wrapped(
            f"{count(spent.agents, 'agent')}, {duration(spent.wall_seconds)}, {total.tokens.total:,} tokens, USD {cost(total)}.",
            width,
        )
    if postmortem.gaps or postmortem.faults:
        lines += _wrapped("Not all evidence was there; the postmortem lists what was not examined.", width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _finding(finding: Finding, width: int) -> list[str]:
    """Return the rule with its address, and as much of the message as fits on two lines."""
    message = wrap(finding.message, width - 6, break_on_hyphens=False)
    head = f"{finding.code} {finding.severity}, {finding.confidence}: {place(finding.at)}"
    shown = [f"    {line}" for line in message[:2]]
    return [
        *wrap(head, width, subsequent_indent="    ", break_on_hyphens=False),
        *shown[:-1],
        shown[-1] + (" …" if len(message) > 2 else ""),
    ]


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    return wrap(
        text,
        width,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=True,
    ) or [""]

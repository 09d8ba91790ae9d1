"""The summary for a terminal, on one screen: what is sound, what is not, where to resume."""

from collections.abc import Iterator
from textwrap import wrap

from forensics.model.finding import Finding, Severity
from forensics.model.postmortem import Impact, Postmortem
from forensics.model.prose import count, duration, listing
from forensics.render.receipts import receipt_lines, spent, uncovered
from forensics.render.tables import table
from forensics.render.templates import covered, period, place, used

# What writes the whole of it: without a plan, the call without a command has no -o.
_FILE = {False: "-o postmortem.md", True: "forensics analyze -o receipts.md"}
_MOST = 5  # findings: with three lines each, the summary still fits on one screen


def render_text(postmortem: Postmortem, width: int = 100) -> str:
    """Return some thirty lines of plain text, none wider than `width`."""
    lines = list(_of_sessions(postmortem, width) if postmortem.receipts else _of_plan(postmortem, width))
    if postmortem.gaps or postmortem.faults:
        lines += _wrapped("Some evidence is missing; the postmortem lists what was not examined.", width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _of_sessions(postmortem: Postmortem, width: int) -> Iterator[str]:
    """Yield what agents claimed in a time, what of it is true, what is open, and what it cost."""
    run = postmortem.run
    when = period(run.start, run.end) if run.start else "at any time"
    yield from _wrapped(f"What agents said and did, {when} UTC, checked against {run.head[:10]}", width)
    yield ""
    yield from _wrapped(postmortem.verdict, width)
    yield from receipt_lines(postmortem, width)
    yield from _findings(postmortem, width)
    yield ""
    for sentence in (*spent(postmortem), *uncovered(postmortem)):
        yield from _wrapped(sentence, width)
    if postmortem.plans:
        named = listing((f"forensics analyze {plan}" for plan in postmortem.plans), limit=3)
        yield from _wrapped(f"Plans that were worked on: {named}", width)


def _of_plan(postmortem: Postmortem, width: int) -> list[str]:
    lines = [
        f"{postmortem.run.name}, checked against {postmortem.run.head[:10]}"[:width],
        "",
        *_wrapped(postmortem.verdict, width),
        "",
        *_impact(postmortem.impact, width),
        *_findings(postmortem, width),
    ]
    if postmortem.cause.statement and not postmortem.cause.known:
        lines += ["", *_wrapped(postmortem.cause.statement, width)]
    lines += ["", *_wrapped(postmortem.recovery.note, width)]
    if postmortem.metrics:
        spent, total = postmortem.metrics, postmortem.metrics.total
        agents, time = count(spent.agents, "agent"), duration(spent.wall_seconds)
        lines += _wrapped(f"{agents}, {time}, {used(total)}.", width)
    if reach := " ".join(_reach(postmortem)):
        lines += _wrapped(reach, width)
    return lines


def _reach(postmortem: Postmortem) -> Iterator[str]:
    """Yield how much of the run's time the steps cover, and that no transcript was read: what the verdict rests on."""
    coverage = postmortem.coverage
    if coverage.tied < coverage.commits or coverage.tied_pulls < coverage.pulls:
        yield f"{covered(coverage)}; the postmortem lists the others."
    if not postmortem.agents:
        yield "No transcripts were read."


def _impact(impact: Impact, width: int) -> list[str]:
    groups = (
        ("sound", impact.sound),
        ("in doubt", impact.violated),
        ("unproven", impact.unproven),
        ("blocked", impact.blocked),
        ("no trace", impact.no_trace),
        ("not started", impact.not_started),
    )
    rows = [(f"{len(steps):>5}", name, listing(steps, limit=8)) for name, steps in groups if steps]
    return table(("", "", ""), rows, width, left=(1, 2)) if rows else []


def _findings(postmortem: Postmortem, width: int) -> Iterator[str]:
    """Yield the worst findings, and how many more there are."""
    shown = [finding for finding in postmortem.findings if finding.severity.rank >= Severity.MEDIUM.rank][:_MOST]
    if shown:
        yield ""
    for finding in shown:
        yield from _finding(finding, width)
    more = len(postmortem.findings) - len(shown)
    if more:
        yield f"{count(more, 'more finding' if shown else 'minor finding')}: write them all with {_FILE[bool(postmortem.receipts)]}"


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


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False) or [""]

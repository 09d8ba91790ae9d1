"""Mermaid pictures for Markdown, which code hosts draw: the lanes as a gantt, the causal chain as a flowchart.

Foreign text could close a label, start a directive or bind a click; so a gantt keeps letters, digits and a few signs of
it, and a flowchart's label spells everything else as a numbered entity.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from forensics.model.lane import Lane, Mark, MarkKind
from forensics.model.postmortem import Postmortem, RootCause
from forensics.render.references import unread
from forensics.render.timeline import NAMES, moments_of, spells

# Bounds: code hosts do not draw a picture whose source is longer than 50,000 characters.
LANES = 24
# Of a lane's marks, those that a finding rests on are kept first.
MARKS = 12
# A box says how many links are left out; the list below has them all.
LINKS = 12
# Characters of a box in the chain, and of a task in the gantt, whose names stand inside narrow bars.
_LABEL = 140
_SHORT = 48
_SHOWN = frozenset({MarkKind.COMMIT, MarkKind.STOP, MarkKind.REPORT})
# A gantt has no escapes: a colon would end a task's name, a semicolon its line, and `%%` starts a directive.
_BARE = re.compile(r"[^\w .()/-]")
# In a flowchart any character can be coded (`#58;`), so a box keeps what a gantt has to drop.
_CODED = re.compile(r"[^\w .,()'/-]")


def gantt(postmortem: Postmortem) -> str | None:
    """Return steps' agents and git in the longest stretch of work, with commits, stops and what findings rest on.

    None without a moment. Times are UTC: they carry no zone, so a browser shows them as they are.
    """
    lanes = [lane for lane in postmortem.lanes if lane.step][:LANES]
    lanes += [lane for lane in postmortem.lanes if lane.agent is None and lane.marks]
    moments = [moment for lane in lanes for moment in moments_of(lane)]
    if not moments:
        return None
    start, end = max(
        spells(moments), key=lambda spell: (sum(spell[0] <= moment <= spell[1] for moment in moments), spell)
    )
    codes = {finding.fingerprint: finding.code for finding in postmortem.findings}
    lines = ["gantt", "    dateFormat YYYY-MM-DD HH:mm:ss", "    axisFormat %H:%M", "    todayMarker off"]
    often = Counter(lane.step for lane in lanes)
    for lane in lanes:
        alone = lane.step and often[lane.step] == 1 and not postmortem.receipts
        name = f"step {lane.step}" if alone else lane.name
        lines += _section(name, lane, (start, end), codes)
    return "\n".join(lines)


def _section(name: str, lane: Lane, spell: tuple[datetime, datetime], codes: Mapping[str, str]) -> Iterator[str]:
    start, end = spell
    shown = [mark for mark in lane.marks if start <= mark.moment <= end and (mark.findings or mark.kind in _SHOWN)]
    alive = lane.start and lane.end and lane.start <= end and lane.end >= start
    if not shown and not alive:
        return
    yield f"    section {_bare(name)}"
    if lane.start and lane.end and alive:
        first, last = max(lane.start, start), min(lane.end, end)
        yield f"    at work :{_clock(first)}, {_clock(last) if last > first else '1s'}"
    most = sorted(shown, key=lambda mark: not mark.findings)[:MARKS]
    for mark in sorted(most, key=lambda mark: mark.moment):
        yield _milestone(mark, codes)


def _milestone(mark: Mark, codes: Mapping[str, str]) -> str:
    sha = mark.text.split("`")[1:2] if mark.kind is MarkKind.COMMIT else []
    rest = " ".join(
        dict.fromkeys([*sha, *(codes[fingerprint] for fingerprint in mark.findings if fingerprint in codes)])
    )
    kind = "crit, milestone" if mark.findings else "milestone"
    return f"    {_bare(f'{NAMES[mark.kind]} {rest}')} :{kind}, {_clock(mark.moment)}, 0s"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _bare(text: str) -> str:
    """Return foreign text as a gantt can hold it, short and on one line; the caller puts a word of ours before it."""
    return " ".join(_BARE.sub(" ", text).split())[:_SHORT].rstrip()


def flowchart(cause: RootCause) -> str | None:
    """Return the root cause with what came of it, by what it came about; None where there is no chain."""
    if not cause.chain:
        return None
    reasons = list(dict.fromkeys(link.because for link in cause.chain[:LINKS]))
    lines = ["flowchart LR", f'    cause["{label(cause.statement)}"]']
    lines += [f'    cause --> b{number}(["because {label(reason)}"])' for number, reason in enumerate(reasons, start=1)]
    for number, link in enumerate(cause.chain[:LINKS], start=1):
        lines.append(f'    b{reasons.index(link.because) + 1} --> e{number}["{label(link.effect)}"]')
    if len(cause.chain) > LINKS:
        lines.append(f'    cause --> more["{len(cause.chain) - LINKS} more, in the list"]')
    return "\n".join([*lines, "    style cause stroke:#c0303f,stroke-width:3px"])


def label(text: str) -> str:
    """Return prose as a quoted label holds it; what could end it or start anything is spelled as an entity."""
    flat = unread(" ".join(text.replace("`", "").split()))
    return _CODED.sub(lambda match: f"#{ord(match[0])};", flat if len(flat) <= _LABEL else f"{flat[: _LABEL - 1]}…")

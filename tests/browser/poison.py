"""Hostile text in every place of a report that can hold text."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import count
from typing import Any

from forensics.model.postmortem import Postmortem
from forensics.model.weekly import Measure, WeeklyReport
from forensics.render.cleaning import clean

CORE = "\"'><img src=x onerror=window.pwned=1></script>"  # in every place; the others take turns
PAYLOADS = (
    "<script>window.pwned=1</script>",
    "</script></style></title><img src=x onerror=window.pwned=1>",
    "[x](javascript:window.pwned=1) https://e.example/x.png",
    '"><svg onload=window.pwned=1><a href="javascript:window.pwned=1">x</a>',
    "' onmouseover='window.pwned=1' x='",
    "{{ 7 * 7 }}{% raw %}${window.pwned=1}",
    "\u202egnp.exe ]]> <!-- &lt;b&gt; url(https://e.example/y)",
    '`]; A["x"] --> B; click A "javascript:window.pwned=1" %%{init: {"securityLevel": "loose"}}%%\n```\nsection x : y, z #',
)
LONG = "W" * 10_000
OURS = {"fingerprint", "code"}  # made by this tool, and anchors


def poisoned(postmortem: Postmortem) -> Postmortem:
    """Return the postmortem with a payload at the end of every string, cleaned as every postmortem is."""
    turns = count()
    dirty: Postmortem = _walk(postmortem, turns)
    first = replace(dirty.findings[0], message=f"{dirty.findings[0].message} {LONG}")
    run = replace(dirty.run, name=f"{dirty.run.name} {LONG}")
    return clean(replace(dirty, findings=(first, *dirty.findings[1:]), run=run))


def poisoned_week(report: WeeklyReport) -> WeeklyReport:
    """Return the weekly report with a payload at the end of every string but the names of figures and weeks."""
    turns = count()
    kept = {"name", "label", "period", "periods", "metrics", "trends", "zone", "status"}
    parts = {
        one.name: _walk(getattr(report, one.name), turns) for one in fields(report) if one.name not in {"period", *kept}
    }
    return clean(replace(report, **parts))


def _walk(value: Any, turns: "count[int]") -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        turn = next(turns)
        return f"{value} {CORE} {LONG if turn % 200 == 199 else PAYLOADS[turn % len(PAYLOADS)]}"
    if isinstance(value, Measure):
        return value  # the names of figures are ours
    if isinstance(value, tuple):
        return tuple(_walk(one, turns) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        ours = {"findings"} if hasattr(value, "kind") else OURS
        return replace(
            value, **{one.name: _walk(getattr(value, one.name), turns) for one in fields(value) if one.name not in ours}
        )
    return value

"""Receipts of runs without a plan: said, shown by, verdict. For a terminal, and as rows for the templates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.model.claim import JudgedClaim, Verdict
from forensics.model.plan import UnitKind
from forensics.model.postmortem import Metrics, Postmortem
from forensics.model.prose import clock, count, duration, listing, quote, short
from forensics.model.receipt import Receipt
from forensics.model.source import TextRef
from forensics.narrative.receipts import FALSE, is_unknown
from forensics.render.tables import table
from forensics.render.templates import percent, used
from forensics.render.verdicts import said_of, word

_WHOLE = 3  # receipts shown with their true claims; of more than these, only what is not true is shown
_TRUE = 6  # true claims of one receipt: more push the next receipt off the screen
_LINES = 12  # units on one line each
_FILES = 4


def receipt_lines(postmortem: Postmortem, width: int) -> Iterator[str]:
    """Yield the receipts for one screen: what is not true first, then one line per unit."""
    filled = [each for each in postmortem.receipts if not each.empty]
    whole = filled if len(filled) <= _WHOLE else [each for each in filled if _bad(each)][:_WHOLE]
    for each in whole:
        yield ""
        yield _head(each, width)
        yield from _rows(each, width, everything=len(filled) <= _WHOLE)
    rest = [each for each in filled if each not in whole]
    if rest:
        yield ""
        yield from table(
            ("unit", "began", "commits", "claims", "asked for"),
            list(map(_line, rest[-_LINES:])),
            width,
            left=(0, 1, 3, 4),
        )
    more = len(rest) - _LINES
    if more > 0:
        yield f"{count(more, 'earlier unit')}: write them all with forensics analyze -o receipts.md"
    if reading := len(postmortem.receipts) - len(filled):
        yield f"{count(reading, 'other')} changed nothing and claimed nothing that can be checked."


def _line(receipt: Receipt) -> tuple[str, str, str, str, str]:
    """Return a receipt as one row: who, when, how many commits, how its claims stand, and what it was asked for."""
    began = clock(receipt.start)[5:] if receipt.start else "–"
    claims = _counted(receipt.claims) if receipt.claims else "–"
    return _cut(receipt.unit, 20), began, str(len(receipt.commits)), claims, _cut(" ".join(receipt.title.split()), 44)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt as the templates print it: its rows are said, shown by and verdict as prose, the address, the verdict."""

    unit: str
    title: str
    facts: str
    rows: tuple[tuple[str, str, str, TextRef, Verdict], ...]
    open: tuple[str, ...]


def receipt_views(postmortem: Postmortem) -> tuple[ReceiptView, ...]:
    """Return the receipts that have something to show, in the order in which their units began."""
    return tuple(
        ReceiptView(
            each.unit,
            " ".join(each.title.split()),
            facts(each),
            tuple(
                (_said(judged), judged.reason, word(judged), judged.claim.ref, judged.verdict) for judged in each.claims
            ),
            tuple(left_open(each)),
        )
        for each in postmortem.receipts
        if not each.empty
    )


def left_open(receipt: Receipt) -> Iterator[str]:
    """Yield what a unit left open, or its messages out, as prose."""
    if receipt.uncommitted:
        yield f"Written and in no commit since: {listing(map(quote, receipt.uncommitted), limit=_FILES)}."
    if receipt.unpushed:
        yield f"On no remote branch: {listing(map(short, receipt.unpushed), limit=_FILES)}."
    if receipt.unmentioned:
        yield f"Changed, and named in no message: {listing(map(quote, receipt.unmentioned), limit=_FILES)}."


def facts(receipt: Receipt) -> str:
    """Return what kind of unit it is, when it was at work, and how many commits it made."""
    times = ""
    if receipt.start and receipt.end:
        times = f", {clock(receipt.start)} ({duration(receipt.end - receipt.start)})"
    made = f", {count(len(receipt.commits), 'commit')}" if receipt.commits else ""
    kind = "pull request" if receipt.kind is UnitKind.PULL else str(receipt.kind)
    return f"{receipt.tool} {kind}{times}{made}".strip()


def _rows(receipt: Receipt, width: int, *, everything: bool) -> Iterator[str]:
    bad = [judged for judged in receipt.claims if judged.verdict in FALSE]
    others = [judged for judged in receipt.claims if judged not in bad]
    shown = [*bad, *(others[:_TRUE] if everything else ())]
    cells = [(_said(judged), judged.reason.replace("`", ""), word(judged).replace("`", "")) for judged in shown]
    if cells:
        yield from (f"  {line}" for line in table(("said", "shown by", "verdict"), cells, width - 2, left=(0, 1, 2)))
    if rest := [judged for judged in receipt.claims if judged not in shown]:
        yield f"  and {count(len(rest), 'more claim')}: {_counted(rest)}"
    for sentence in left_open(receipt):
        yield _cut(f"  {sentence.replace('`', '')}", width)


def _said(judged: JudgedClaim) -> str:
    return _cut(said_of(judged), 90)


def _head(receipt: Receipt, width: int) -> str:
    title = " ".join(receipt.title.split())
    about = f" ({facts(receipt)})"
    return _cut(f"{receipt.unit}  {title}" if title else receipt.unit, max(width - len(about), 30)) + about


def _counted(claims: Sequence[JudgedClaim]) -> str:
    unknown = sum(map(is_unknown, claims))
    true = sum(judged.verdict not in FALSE and not is_unknown(judged) for judged in claims)
    parts = [(true, "true"), (len(claims) - true - unknown, "not true"), (unknown, "not shown")]
    return listing(f"{number} {what}" for number, what in parts if number)


def _bad(receipt: Receipt) -> bool:
    return any(judged.verdict in FALSE for judged in receipt.claims)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def spent(postmortem: Postmortem) -> Sequence[str]:
    """Return how long agents were at work and what it cost, in one sentence; nothing without transcripts."""
    metrics = postmortem.metrics
    if metrics is None:
        return ()
    total = metrics.total
    work = f"{count(metrics.agents, 'agent')}, {duration(metrics.active_seconds)} at work, {used(total)}."
    return (work, *launched(metrics))


def launched(metrics: Metrics) -> tuple[str, ...]:
    """Return how many agents were launched by others, and at what part of the cost nobody had asked for them."""
    if not metrics.launches:
        return ()
    share = f", for {percent(metrics.unasked_share)} of the cost" if metrics.unasked_share else ""
    unasked = f"no person's words had asked for {metrics.unasked_launches} of them{share}"
    were = "was" if metrics.launches == 1 else "were"
    return (f"{count(metrics.launches, 'agent')} {were} launched by another; {unasked}.",)


def uncovered(postmortem: Postmortem) -> Iterator[str]:
    """Yield how many commits of the time no unit is known to have made, and that no session was read."""
    coverage = postmortem.coverage
    if untied := coverage.commits - coverage.tied:
        yield f"{untied:,} of {count(coverage.commits, 'commit')} of that time {'is' if untied == 1 else 'are'} in none of these units."
    if not postmortem.agents:
        yield "No transcripts were read."

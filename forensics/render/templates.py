"""Where templates are found, and how they are loaded: undefined names are errors, only HTML is auto-escaped."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from forensics.model.postmortem import CoverageFacts, Metrics, UsageTotal
from forensics.model.prose import clock, count, duration
from forensics.model.source import Ref


def environment(finalize: Callable[[Any], Any] | None = None) -> Environment:
    """Return an environment over the package's templates, or the checkout's where it is installed editable."""
    here = Path(__file__).resolve().parent.parent
    packaged = here / "templates"
    folder = packaged if packaged.is_dir() else here.parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # HTML is escaped by its ending, Markdown by `finalize`; the default would not know `.html.j2`.
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),  # noqa: S701
        finalize=finalize,
    )
    made.filters |= {function.__name__: function for function in _FILTERS}
    return made


def utc(moment: datetime | None, previous: datetime | None = None) -> str:
    """Return a moment as UTC, to the second; without its date in a row below one of the same day, `previous`."""
    text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else "–"
    return text.removeprefix(f"{previous.astimezone(UTC):%Y-%m-%d} ") if previous else text


def period(start: datetime, end: datetime | None) -> str:
    """Return a period in UTC with its length: `2026-03-04 08:42 to 11:20 (2 h 38 min)`; without an end, `from …`."""
    first = clock(start)
    if end is None:
        return f"from {first}"
    return f"{first} to {clock(end).removeprefix(first[:11])} ({duration(end - start)})"


def place(ref: Ref | str) -> str:
    """Return an address as a reader knows it: a full commit id is shortened to ten digits."""
    text = str(ref)
    return text[:10] if len(text) in {40, 64} and all(letter in "0123456789abcdef" for letter in text) else text


def percent(share: float) -> str:
    """Return a share of 1 as a percentage."""
    return f"{share * 100:.0f} %"


def cost(total: UsageTotal) -> str:
    """Return a cost in USD to the cent; "not known" without a price, "at least" where one is missing."""
    if total.cost_usd is None:
        return "not known"
    return f"{'at least ' if total.unpriced or total.lower_bound else ''}{total.cost_usd:.2f}"


def used(total: UsageTotal) -> str:
    """Return the tokens and the cost of a run; formats such as SpecStory's record neither, which is not 0."""
    if total.tokens.total == 0 and total.cost_usd is None:
        return "tokens and cost not known"
    return f"{total.tokens.total:,} tokens, USD {cost(total)}"


def avoidable_costs(metrics: Metrics) -> Iterator[str]:
    """Yield a sentence on the cost of repeated attempts, and one on the cost after the first violation, where known."""
    total = metrics.total.cost_usd or 0.0
    for share, spent in (
        (metrics.retry_share, "on attempts that were repeated"),
        (metrics.recovery_share, "after the first violation"),
    ):
        if share:
            yield f"USD {share * total:.2f} of {total:.2f} was spent {spent}."


def covered(coverage: CoverageFacts, unit: str = "step") -> str:
    """Return how much of the run's time its steps cover: `12 of 30 commits and 2 of 9 pull requests … could be tied to a step`."""
    counted = [f"{coverage.tied:,} of {count(coverage.commits, 'commit')}"]
    if coverage.pulls:
        counted.append(f"{coverage.tied_pulls:,} of {count(coverage.pulls, 'pull request')}")
    return f"{' and '.join(counted)} made in the run's time could be tied to a {unit}"


_FILTERS = (utc, period, place, duration, count, percent, cost, avoidable_costs, covered)

"""What usage cost: rows by agent and model, priced offline with genai-prices' bundled, dated list."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from forensics.model.transcript import Tokens, Usage


@dataclass(frozen=True, slots=True)
class Spending:
    """What one agent used of one model; `usd` None where no price is known for the model, never 0.

    `lower_bound`: the log of some message was written before the message was complete.
    """

    agent: str
    model: str | None
    tokens: Tokens
    usd: Decimal | None
    lower_bound: bool = False


@dataclass(slots=True)
class _Group:
    """Messages that one price holds for: one model, one day, one price tier."""

    messages: int = 0
    tokens: Tokens = field(default_factory=Tokens)


def price(usage: Iterable[Usage]) -> tuple[Spending, ...]:
    """Return what each agent used of each model, with its price in USD, sorted by agent and model.

    A list price: the day's where the list is dated, the tier of each message's own size where it has tiers. Discounts,
    batch and regional rates, fast modes and fees for searches are not in a transcript's token counts.
    """
    groups: dict[tuple[str, str | None], dict[tuple[date, int], _Group]] = {}
    bounds: set[tuple[str, str | None]] = set()
    for row in usage:
        whose = (row.agent, row.model)
        day = row.moment.astimezone(UTC).date()
        group = groups.setdefault(whose, {}).setdefault((day, _tier(row.model, day, row.tokens)), _Group())
        group.messages += 1
        group.tokens += row.tokens
        if row.lower_bound:
            bounds.add(whose)
    return tuple(
        _spending(whose, groups[whose], lower_bound=whose in bounds)
        for whose in sorted(groups, key=lambda whose: (whose[0], whose[1] or ""))
    )


def by_model(rows: Iterable[Spending]) -> tuple[Spending, ...]:
    """Return the sums by model, sorted by name; `agent` is empty."""
    sums: dict[str | None, Spending] = {}
    for row in rows:
        known = sums.get(row.model)
        sums[row.model] = (
            Spending("", row.model, row.tokens, row.usd, row.lower_bound) if known is None else _sum(known, row)
        )
    return tuple(sums[model] for model in sorted(sums, key=lambda model: model or ""))


def _sum(known: Spending, row: Spending) -> Spending:
    usd = None if known.usd is None or row.usd is None else known.usd + row.usd
    return Spending("", known.model, known.tokens + row.tokens, usd, known.lower_bound or row.lower_bound)


def _spending(whose: tuple[str, str | None], groups: dict[tuple[date, int], _Group], *, lower_bound: bool) -> Spending:
    agent, model = whose
    prices = [_usd(model, day, group) for (day, _), group in sorted(groups.items(), key=lambda item: item[0])]
    known = [one for one in prices if one is not None]
    tokens = sum((group.tokens for group in groups.values()), Tokens())
    return Spending(agent, model, tokens, sum(known, Decimal()) if len(known) == len(prices) else None, lower_bound)


def _usd(model: str | None, day: date, group: _Group) -> Decimal | None:
    """Price a group as many times its average message: prices are linear within a tier, which the average keeps."""
    from genai_prices import Usage as Priced  # brings pydantic, which nothing else here needs
    from genai_prices import calc_price

    if model is None:
        return None
    many, sums = Decimal(group.messages), group.tokens
    written = sums.cache_write_5m + sums.cache_write_1h
    used = Priced(
        input_tokens=(sums.input + sums.cache_read + written) / many,
        output_tokens=sums.output / many,
        cache_read_tokens=sums.cache_read / many,
        cache_write_tokens=written / many,
        cache_write_1h_tokens=sums.cache_write_1h / many,
    )
    try:
        found = calc_price(used, model, genai_request_timestamp=_noon(day))
    except (LookupError, ValueError):
        return None
    return (found.total_price * many).quantize(Decimal("1e-9"))


def _tier(model: str | None, day: date, tokens: Tokens) -> int:
    """Return which price tier a message falls in, 0 for the base: the provider prices each request by its size."""
    return bisect_left(_thresholds(model, day), tokens.total - tokens.output) if model else 0


@cache
def _thresholds(model: str, day: date) -> tuple[int, ...]:
    """Return the input sizes (tokens) above which a model costs more on a day; none for an unknown model."""
    from genai_prices import Usage as Priced
    from genai_prices import calc_price
    from genai_prices.types import TieredPrices

    try:
        prices = calc_price(Priced(input_tokens=1), model, genai_request_timestamp=_noon(day)).model_price
    except (LookupError, ValueError):
        return ()
    tiered = [one for one in vars(prices).values() if isinstance(one, TieredPrices)]
    return tuple(sorted({tier.start for one in tiered for tier in one.tiers}))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)

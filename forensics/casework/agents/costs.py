"""What usage cost: rows by agent and model, priced offline with genai-prices' bundled, dated list."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from forensics.model.transcript import Tokens, Usage


@dataclass(frozen=True, slots=True)
class Spending:
    """What one agent used of one model; `usd` None where no price is known for the model, never 0.

    `lower_bound`: the log of some message was written before the message was complete. `recorded`: some of the cost is what
    the transcript itself says.
    """

    agent: str
    model: str | None
    tokens: Tokens
    usd: Decimal | None
    lower_bound: bool = False
    recorded: bool = False


Whose = tuple[str, str | None]
Rates = tuple[Decimal, ...]


def price(usage: Iterable[Usage]) -> tuple[Spending, ...]:
    """Return what each agent used of each model, with its price in USD, sorted by agent and model.

    What the transcript itself says a message cost, if it says so; else a list price: the day's where the list is dated,
    the tier of each message's own size where it has tiers. Discounts, batch and regional rates, fast modes and fees for
    searches are not in a transcript's token counts.
    """
    groups: dict[Whose, dict[tuple[date, int], Tokens]] = {}
    recorded: dict[Whose, tuple[Tokens, Decimal]] = {}
    bounds: set[Whose] = set()
    for row in usage:
        whose = (row.agent, row.model)
        if row.lower_bound:
            bounds.add(whose)
        if row.usd is not None:
            known, cost = recorded.get(whose, (Tokens(), Decimal()))
            recorded[whose] = known + row.tokens, cost + Decimal(str(row.usd))
            continue
        day = row.moment.astimezone(UTC).date()
        place = (day, _tier(row.model, day, row.tokens))
        own = groups.setdefault(whose, {})
        own[place] = own.get(place, Tokens()) + row.tokens
    return tuple(
        _spending(whose, groups.get(whose, {}), recorded.get(whose, (Tokens(), Decimal())), lower_bound=whose in bounds)
        for whose in sorted({*groups, *recorded}, key=lambda whose: (whose[0], whose[1] or ""))
    )


def by_model(rows: Iterable[Spending]) -> tuple[Spending, ...]:
    """Return the sums by model, sorted by name; `agent` is empty."""
    sums: dict[str | None, Spending] = {}
    for row in rows:
        sums[row.model] = _sum(sums.get(row.model, Spending("", row.model, Tokens(), Decimal())), row)
    return tuple(sums[model] for model in sorted(sums, key=lambda model: model or ""))


def _sum(known: Spending, row: Spending) -> Spending:
    usd = None if known.usd is None or row.usd is None else known.usd + row.usd
    bound, recorded = known.lower_bound or row.lower_bound, known.recorded or row.recorded
    return Spending("", known.model, known.tokens + row.tokens, usd, bound, recorded)


def _spending(
    whose: Whose, groups: dict[tuple[date, int], Tokens], recorded: tuple[Tokens, Decimal], *, lower_bound: bool
) -> Spending:
    agent, model = whose
    usd: Decimal | None = recorded[1]
    for (day, tier), tokens in groups.items():
        rates = _rates(model, day, tier) if model else None
        usd = None if usd is None or rates is None else usd + _cost(tokens, rates)
    return Spending(agent, model, sum(groups.values(), recorded[0]), usd, lower_bound, recorded[0].total > 0)


def _cost(tokens: Tokens, rates: Rates) -> Decimal:
    return sum((rate * many for rate, many in zip(rates, tokens.counts, strict=True)), Decimal())


def _tier(model: str | None, day: date, tokens: Tokens) -> int:
    """Return which price tier a message falls in, 0 for the base: the provider prices each request by its size."""
    return bisect_left(_thresholds(model, day), tokens.total - tokens.output) if model else 0


@cache
def _rates(model: str, day: date, tier: int) -> Rates | None:
    """Return USD per token of each kind on a day, in a tier; None for a model that is not listed.

    A price is linear within its tier, so each rate is what one token more costs: groups need no average, and a sum of
    many messages cannot slip into a tier that none of them was in.
    """
    floor = (0, *(start + 1 for start in _thresholds(model, day)))[tier]
    base = _listed(model, day, Tokens(floor))
    kinds = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
    found = [_listed(model, day, Tokens(floor) + Tokens(**{kind: 1})) for kind in kinds]
    rates = tuple(price[0] - base[0] for price in found if price and base)
    return rates if len(rates) == len(kinds) else None


@cache
def _thresholds(model: str, day: date) -> tuple[int, ...]:
    """Return the input sizes (tokens) above which a model costs more on a day; none for an unknown model."""
    found = _listed(model, day, Tokens(1))
    return found[1] if found else ()


def _listed(model: str, day: date, tokens: Tokens) -> tuple[Decimal, tuple[int, ...]] | None:
    """Return one request's list price in USD and the model's tiers; None where the list has no such model."""
    from genai_prices import Usage as Request  # brings pydantic, which nothing else here needs
    from genai_prices import calc_price
    from genai_prices.types import TieredPrices

    request = Request(
        input_tokens=tokens.total - tokens.output,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write_5m + tokens.cache_write_1h,
        cache_write_1h_tokens=tokens.cache_write_1h,
    )
    try:
        found = calc_price(request, model, genai_request_timestamp=datetime.combine(day, time(12), UTC))
    except (LookupError, ValueError):
        return None
    tiered = [price for price in vars(found.model_price).values() if isinstance(price, TieredPrices)]
    return found.total_price, tuple(sorted({tier.start for price in tiered for tier in price.tiers}))

"""Prices: by day, by tier, cache kinds apart, and never 0 for the unknown."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from forensics.casework.agents.costs import by_model, price
from forensics.model.transcript import Tokens, Usage

DAY = datetime(2026, 2, 3, 10, tzinfo=UTC)
MILLION = 1_000_000


def _row(tokens: Tokens, model: str | None = "claude-haiku-4-5-20251001", agent: str = "a") -> Usage:
    return Usage(agent, model, DAY, tokens)


def test_each_kind_has_its_own_price() -> None:
    kinds = (
        Tokens(input=MILLION),
        Tokens(output=MILLION),
        Tokens(cache_read=MILLION),
        Tokens(cache_write_5m=MILLION),
        Tokens(cache_write_1h=MILLION),
    )
    found = [price([_row(tokens)])[0].usd for tokens in kinds]
    assert found == [Decimal(1), Decimal(5), Decimal("0.1"), Decimal("1.25"), Decimal(2)]


def test_many_small_messages_never_pay_the_price_of_a_large_one() -> None:
    small = [_row(Tokens(input=150_000), "claude-sonnet-4-5") for _ in range(10)]
    large = [_row(Tokens(input=250_000), "claude-sonnet-4-5") for _ in range(6)]
    assert price(small)[0].usd == Decimal("4.5")
    assert price(large)[0].usd == Decimal(9)
    assert price([*small, *large])[0].usd == Decimal("13.5")


def test_an_unknown_model_has_no_price() -> None:
    rows = price([_row(Tokens(1), "made-up"), _row(Tokens(2), None), _row(Tokens(3))])
    assert [(row.model, row.usd is None) for row in rows] == [
        (None, True),
        ("claude-haiku-4-5-20251001", False),
        ("made-up", True),
    ]


_TOKENS = st.builds(Tokens, *[st.integers(0, 10**12)] * 5)
_MODELS = st.sampled_from(["claude-opus-4-6", "claude-haiku-4-5", "made-up", None])


@given(st.lists(st.builds(Usage, st.sampled_from("abc"), _MODELS, st.just(DAY), _TOKENS, st.booleans())))
def test_sums_add_up_to_the_whole(usage: list[Usage]) -> None:
    rows = price(usage)
    whole = sum((row.tokens for row in usage), Tokens())
    assert sum((row.tokens for row in rows), Tokens()) == whole
    assert sum((row.tokens for row in by_model(rows)), Tokens()) == whole
    assert sum(row.usd or 0 for row in rows) == sum(row.usd or 0 for row in by_model(rows))


def test_what_the_transcript_says_it_cost_counts_before_any_list() -> None:
    moment = datetime(2026, 2, 3, tzinfo=UTC)
    rows = [Usage("a", "no-such-model", moment, Tokens(100, 10), usd=0.25) for _ in range(2)]
    (spent,) = price(rows)
    assert (spent.usd, spent.tokens, spent.recorded) == (Decimal("0.5"), Tokens(200, 20), True)
    (mixed,) = price([*rows, Usage("a", "no-such-model", moment, Tokens(1, 1))])
    assert mixed.usd is None

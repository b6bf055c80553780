"""Money: integers that neither appear nor vanish."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.money import (
    BALANCE_MAX,
    COUNT_MAX,
    CURRENCY,
    DIAMOND,
    MAY_OWE,
    PRICE_COINS_MAX,
    TOTAL_COINS_MAX,
    Account,
    Posting,
    Terms,
    split,
    unbalanced,
)
from tests.house import scale

TERMS = st.builds(Terms, st.integers(0, 100), st.integers(0, 1_000 * DIAMOND))
COINS = st.integers(1, TOTAL_COINS_MAX)


@given(TERMS, st.integers(1, 1_000), st.integers(1, 1_000))
@settings(max_examples=scale(300, 100_000))
def test_many_small_gifts_earn_what_one_big_gift_earns(terms, price, count):
    """Seven gifts of one coin earn what one gift of seven earns, for every fee and rate."""
    creator, house = split(price, terms)
    assert split(price * count, terms) == (creator * count, house * count)


def test_seven_gifts_of_one_coin_earn_what_one_of_seven_earns_for_every_whole_fee():
    """The same for each fee at rates that do not divide evenly."""
    for fee_pct in range(101):
        for rate in (1, 3, 7, 333, 999, DIAMOND, 1_001):
            creator, house = split(1, Terms(fee_pct, rate))
            assert split(7, Terms(fee_pct, rate)) == (7 * creator, 7 * house)


@given(TERMS, COINS)
@settings(max_examples=scale(300, 100_000))
def test_the_split_loses_nothing_and_never_goes_below_zero(terms, coins):
    """Creator and house together get exactly the rate."""
    creator, house = split(coins, terms)
    assert creator + house == coins * terms.rate
    assert creator >= 0
    assert house >= 0


@given(TERMS, COINS)
def test_the_fee_is_rounded_in_the_creators_favour(terms, coins):
    """The house never gets more than its share."""
    _, house = split(coins, terms)
    assert house * 100 <= coins * terms.rate * terms.fee_pct


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(), (10_000, 0)),
        (Terms(fee_pct=30), (7_000, 3_000)),
        (Terms(fee_pct=100), (0, 10_000)),
        (Terms(fee_pct=50, rate=1), (10, 0)),
        (Terms(fee_pct=0, rate=0), (0, 0)),
        (Terms(fee_pct=33, rate=500), (3_350, 1_650)),
    ],
)
def test_ten_coins_split_as_agreed(terms, expected):
    """Worked examples, in thousandths of a diamond."""
    assert split(10, terms) == expected


def test_the_largest_amounts_stay_exact_for_readers_of_json():
    """Bounds keep every number under 2^53."""
    assert PRICE_COINS_MAX * COUNT_MAX < 2**53
    assert sum(split(TOTAL_COINS_MAX, Terms(0, 1_000 * DIAMOND))) < BALANCE_MAX < 2**53


def test_each_currency_must_sum_to_zero_by_itself():
    """Coins cannot pay for diamonds."""
    coins, diamonds = Account("wallet", 1), Account("earnings", 2)
    assert unbalanced((Posting(coins, -5), Posting(diamonds, 5))) == "coins"
    assert unbalanced((Posting(diamonds, 5),)) == "diamonds"
    assert unbalanced((Posting(coins, -5), Posting(Account("hold"), 5))) is None
    assert unbalanced(()) is None


def test_only_sources_of_money_and_shortfalls_may_owe():
    """A wallet, a hold, earnings and the house never go below zero."""
    assert set(CURRENCY) - MAY_OWE == {"wallet", "hold", "spent", "earnings", "house"}

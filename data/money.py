"""Money: accounts, postings, bounds, and the split of a gift between creator and house.

Everything is an integer. Coins are whole; diamonds are counted in thousandths, so that
seven gifts of one coin earn exactly what one gift of seven earns.
"""

from typing import Literal, NamedTuple

Currency = Literal["coins", "diamonds"]
AccountKind = Literal[
    "wallet",  # a viewer's coins
    "hold",  # coins under way to gifts not yet seen
    "mint",  # where a stage's coins come from; as far below zero as coins exist
    "spent",  # coins that settled gifts brought in
    "earnings",  # a creator's diamonds, in thousandths
    "house",  # the fee, in thousandths of a diamond
    "issued",  # where diamonds come from; as far below zero as diamonds exist
    "shortfall",  # what a creator no longer had when a settled gift was refunded
]

CURRENCY: dict[AccountKind, Currency] = {
    "wallet": "coins",
    "hold": "coins",
    "mint": "coins",
    "spent": "coins",
    "earnings": "diamonds",
    "house": "diamonds",
    "issued": "diamonds",
    "shortfall": "diamonds",
}
MAY_OWE: frozenset[AccountKind] = frozenset({"mint", "issued", "shortfall"})

DIAMOND = 1000  # thousandths
PRICE_COINS_MAX = 1_000_000
COUNT_MAX = 99_999
TOTAL_COINS_MAX = 1_000_000_000
BALANCE_MAX = 2**50  # far under 2^53, the last integer that JSON readers keep exact


class Account(NamedTuple):
    """One account of a stage. owner: a person's id, 0 for the stage's own."""

    kind: AccountKind
    owner: int = 0


class Posting(NamedTuple):
    """One leg of a transaction. amount: coins, or thousandths of a diamond; never 0."""

    account: Account
    amount: int


class Terms(NamedTuple):
    """What a creator gets for a coin, copied onto each gift.

    fee_pct: the house's share in percent, 0 to 100.
    rate: thousandths of a diamond for one coin, before the fee.
    """

    fee_pct: int = 0
    rate: int = DIAMOND


def split(total_coins: int, terms: Terms) -> tuple[int, int]:
    """Thousandths of a diamond for (creator, house).

    The fee of one coin is rounded once, in the creator's favour, and then multiplied:
    splitting a gift into smaller ones can therefore never change what it earns.
    """
    fee = terms.rate * terms.fee_pct // 100
    return total_coins * (terms.rate - fee), total_coins * fee


def unbalanced(postings: tuple[Posting, ...]) -> Currency | None:
    """The first currency whose postings do not sum to zero, or None."""
    coins = diamonds = 0
    for account, amount in postings:
        if CURRENCY[account.kind] == "coins":
            coins += amount
        else:
            diamonds += amount
    if coins:
        return "coins"
    return "diamonds" if diamonds else None

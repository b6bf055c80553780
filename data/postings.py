"""Postings: how each kind of change moves coins and diamonds. Pure; the ledger judges them."""

from collections.abc import Mapping
from typing import Any

from data.ledger import Record
from data.money import TOTAL_COINS_MAX, Account, Posting, Terms, split


def hold(viewer: int, total_coins: int) -> tuple[Posting, ...]:
    """A gift accepted: the coins leave the wallet and wait to be seen."""
    assert 0 < total_coins <= TOTAL_COINS_MAX
    return (
        Posting(Account("wallet", viewer), -total_coins),
        Posting(Account("hold"), total_coins),
    )


def earn(source: Account, creator: int, total_coins: int, terms: Terms) -> tuple[Posting, ...]:
    """A gift seen: coins from `source` (the hold, or the wallet itself) become diamonds."""
    earned, fee = split(total_coins, terms)
    legs = (
        Posting(source, -total_coins),
        Posting(Account("spent"), total_coins),
        Posting(Account("issued"), -(earned + fee)),
        Posting(Account("earnings", creator), earned),
        Posting(Account("house"), fee),
    )
    return tuple(leg for leg in legs if leg.amount)


def give_back(viewer: int, total_coins: int) -> tuple[Posting, ...]:
    """A gift not seen: the held coins go home."""
    return (
        Posting(Account("hold"), -total_coins),
        Posting(Account("wallet", viewer), total_coins),
    )


def refund(gift: Record) -> tuple[Posting, ...]:
    """A settled gift taken back, whichever way it was settled."""
    facts = gift.facts
    terms = Terms(facts["fee_pct"], facts["rate"])
    settled = earn(Account("wallet", gift.subject), facts["creator"], facts["total_coins"], terms)
    return tuple(Posting(account, -amount) for account, amount in settled)


def move(giver: Account, taker: Account, amount: int) -> tuple[Posting, ...]:
    """Coins from one account to another."""
    return (Posting(giver, -amount), Posting(taker, amount))


def opposite(postings: tuple[Posting, ...]) -> tuple[Posting, ...]:
    """The same accounts, the other way round."""
    return tuple(Posting(account, -amount) for account, amount in postings)


def gift_facts(
    face: Mapping[str, Any],
    *,
    count: int,
    creator: int,
    terms: Terms,
    day: int,
    deadline_s: int,
    decide_s: int,
    settled: bool,
    waiting: bool,
) -> dict[str, Any]:
    """What is copied onto a gift for ever, so that later changes of prices or policy do not
    reach back. day: the stage's calendar day, yyyymmdd. deadline_s, decide_s: seconds after
    acceptance in which it must be seen, or decided."""
    return {
        "gift": dict(face),
        "count": count,
        "total_coins": face["price_coins"] * count,
        "creator": creator,
        "fee_pct": terms.fee_pct,
        "rate": terms.rate,
        "day": day,
        "return_after_s": deadline_s,
        "decide_after_s": decide_s,
        "settled": settled,
        "waiting": waiting,
    }

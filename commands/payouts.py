"""Payouts: the grant that an activity becomes, with what must hold at that moment. Pure."""

from collections.abc import Iterator

from commands.earning_policy import Earning, Way
from data.ledger import EarnedAtMost, Guard, MayEarn, Transaction
from data.money import Account
from data.postings import move

EVER = 0  # the day under which is counted what can be earned once for ever


def payout(
    earning: Earning,
    way: Way,
    *,
    stage: str,
    key: str,
    at: int,
    person: int,
    coins: int,
    units: int,
    day: int,
    platform: str,
) -> Transaction:
    """The grant of `coins`; without any when there are none to grant.

    day: the stage's calendar day (yyyymmdd) on which it was earned. The whole is paid or
    nothing: a platform can then give back what its viewer paid.
    """
    day = EVER if way == "follow" else day
    facts = {"cause": way, "coins": coins, "units": units, "day": day, "platform": platform}
    postings = move(Account("mint"), Account("wallet", person), coins) if coins else ()
    return Transaction(
        stage, "grant", key, at, subject=person, postings=postings,
        guards=tuple(_guards(earning, way, person, coins, day)), facts=facts,
    )  # fmt: skip


def limits(earning: Earning, way: Way) -> tuple[int, int]:
    """What one viewer can earn on a day, in coins: in this way, and in all; 0 for no limit."""
    return earning.rule(way).day_most(), earning.day_most_coins


def _guards(earning: Earning, way: Way, person: int, coins: int, day: int) -> Iterator[Guard]:
    yield MayEarn(person)
    own, overall = limits(earning, way)
    if way in ("follow", "daily"):
        yield EarnedAtMost(person, day, way, 0)
    elif own:
        yield EarnedAtMost(person, day, way, own - coins)
    if overall and day:
        yield EarnedAtMost(person, day, "", overall - coins)

"""The same trial for every keeper of coins, however it is built. Standard library only, since
it also runs in the environment of another bot."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from benchmarks.measure import Pace, closed_loop

CALLERS = 64
VIEWERS = 1_000
PRICE_COINS = 10
PURSE_COINS = 1_000_000
POOR, TWICE = VIEWERS + 1, VIEWERS + 2  # viewers with a purse of their own
GIFTS_LOST_TEST = 512
GIFTS_AT_ONCE = 50
OTHERS = CALLERS - GIFTS_AT_ONCE


class Bank(Protocol):
    """A keeper of coins under trial."""

    async def open(self, purses: Mapping[int, int]) -> None:
        """Give these viewers their coins."""

    async def give(self, viewer: int, key: str) -> bool:
        """Ten coins from a viewer to the creator, for the message of that id. False: refused."""

    async def coins(self, viewer: int) -> int:
        """What a viewer has left."""

    async def received(self) -> int:
        """What has been given to the creator."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bank did. vanished: coins taken from viewers that nobody got. afforded: gifts
    accepted of fifty sent at once, while others give too, by somebody who could pay one.
    charged: how often one message that was delivered twice was paid."""

    pace: Pace
    vanished: int
    afforded: int
    charged: int

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def verdict_of(plain: Mapping[str, Any]) -> Verdict:
    """The verdict that was written with `plain`."""
    return Verdict(Pace(**plain["pace"]), plain["vanished"], plain["afforded"], plain["charged"])


async def judge(bank: Bank, seconds: float, gifts: int = GIFTS_LOST_TEST) -> Verdict:
    """Try a bank that has just been made."""
    purses = dict.fromkeys(range(1, VIEWERS + 1), PURSE_COINS)
    await bank.open(purses | {POOR: PRICE_COINS, TWICE: 10 * PRICE_COINS})
    vanished = await _vanished(bank, gifts)
    others = [bank.give(viewer, f"other-{viewer}") for viewer in range(1, OTHERS + 1)]
    at_once = [bank.give(POOR, f"poor-{number}") for number in range(GIFTS_AT_ONCE)]
    afforded = sum((await asyncio.gather(*others, *at_once))[OTHERS:])
    for _ in range(2):
        await bank.give(TWICE, "the-same-message")
    charged = (10 * PRICE_COINS - await bank.coins(TWICE)) // PRICE_COINS
    return Verdict(await _pace(bank, seconds), vanished, afforded, charged)


async def _vanished(bank: Bank, gifts: int) -> int:
    before = await bank.received()
    numbers = iter(range(gifts))
    accepted = 0

    async def caller() -> None:
        nonlocal accepted
        for number in numbers:
            if await bank.give(1 + number % VIEWERS, f"lost-{number}"):
                accepted += 1

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return accepted * PRICE_COINS - (await bank.received() - before)


async def _pace(bank: Bank, seconds: float) -> Pace:
    async def act(number: int) -> None:
        await asyncio.sleep(0)  # a bank that never waits would keep the other callers out
        await bank.give(1 + number * 37 % VIEWERS, f"pace-{number}")

    return await closed_loop(CALLERS, seconds, act)

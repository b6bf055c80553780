"""The Twitch platform, with unmodified twitchio, between a stand-in for Twitch and a whole house:
what happens on the one side is looked for in the books of the other."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.platform import House as Lent
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.settings import read
from bot.platforms.twitch.timing import Timing
from commands.activity import Activity, Credit
from commands.cheers import Cheers
from commands.earning import Earner
from commands.gaps import Gaps
from data.errors import Code, GiftError
from tests.channel import QUICK, running, section
from tests.fakes.twitch import ALL, READ, WRITE, Redemption, TwitchStandIn, User
from tests.house import MAIN, House

BOT = (READ, WRITE)


class FalteringGaps:
    """Gaps whose journal is away a few times."""

    def __init__(self, gaps: Gaps, times: int) -> None:
        self._gaps = gaps
        self._times = times

    async def record(self, *gap: Any) -> None:
        self._times -= 1
        if self._times >= 0:
            raise GiftError(Code.JOURNAL_DOWN)
        await self._gaps.record(*gap)


class Faltering:
    """An earner whose journal is away a few times. tried: what it was asked meanwhile."""

    def __init__(self, earner: Earner, times: int, code: Code = Code.JOURNAL_DOWN) -> None:
        self._earner = earner
        self._times = times
        self._code = code
        self.tried: list[Activity] = []

    async def credit(self, activity: Activity) -> Credit:
        if len(self.tried) < self._times:
            self.tried.append(activity)
            raise GiftError(self._code)
        return await self._earner.credit(activity)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._earner, name)


def lent(house: House, earner: Any = None, gaps: Any = None) -> Lent:
    """What the composition root would lend to the platform."""
    return Lent(
        house.desk,
        MAIN,
        house.folder,
        house.clock.now,
        policies=lambda _: house.policy,
        earner=earner or house.earner,
        shows=house.shows,
        cheers=Cheers(house.journal, house.people, lambda _: house.policy),
        rulings=house.rulings,
        gaps=gaps or house.gaps,
    )


@asynccontextmanager
async def on_twitch(
    twitch: TwitchStandIn,
    house: House,
    *,
    streamer: Sequence[str] | None = ALL,
    bot: Sequence[str] | None = BOT,
    timing: Timing = QUICK,
    state: str = "connected",
    earner: Any = None,
    gaps_fail: int = 0,
    settings: Mapping[str, Any] | None = None,
    **how: Any,
) -> AsyncIterator[TwitchPlatform]:
    """A house that is on Twitch. streamer, bot: what they allow; None: they do not sign in."""
    if house.clock.ms > time.time() * 1000 + 86_400_000:  # Twitch lives in our time
        house.clock.ms = int(time.time() * 1000)
    given = section(
        twitch,
        twitch.sign_in(twitch.streamer, streamer) if streamer is not None else None,
        twitch.sign_in(twitch.bot, bot) if bot is not None else None,
    )
    given |= settings or {}
    gaps = FalteringGaps(house.gaps, gaps_fail)
    platform = TwitchPlatform(read(given), lent(house, earner, gaps), timing=timing, **how)
    async with running(platform, state):
        yield platform


async def eventually(holds: Callable[[], Awaitable[object]], within_s: float = 5.0) -> None:
    """Let everybody else go on until something is so."""
    async with asyncio.timeout(within_s):
        while not await holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def coins(house: House, user: User) -> int:
    """What a Twitch user has."""
    known = await house.people.person("twitch", user.id, user.display_name)
    return (await house.journal.books.balance(MAIN, known.person)).coins


async def has(house: House, user: User, amount: int) -> None:
    """Wait until a Twitch user has so much."""

    async def holds() -> bool:
        return await coins(house, user) == amount

    await eventually(holds)


async def decided(twitch: TwitchStandIn, redemption: Redemption, status: str) -> None:
    """Wait until a redemption has this status."""
    await twitch.until(lambda: redemption.status == status)

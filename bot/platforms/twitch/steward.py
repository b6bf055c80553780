"""The steward of a channel: sees to all that happens there besides talk."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
import twitchio

from bot.errands import Errands
from bot.platform import House
from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.activities import PLATFORM, activity
from bot.platforms.twitch.audience import Audience
from bot.platforms.twitch.cheering import cheer
from bot.platforms.twitch.duty import Duty
from bot.platforms.twitch.helix import Helix
from bot.platforms.twitch.moderation import Moderation
from bot.platforms.twitch.room import Room
from bot.platforms.twitch.sales import Sales
from bot.platforms.twitch.scopes import CHATTERS, DEEDS, MODERATE, REDEMPTIONS, SUBSCRIPTIONS
from bot.platforms.twitch.showtimes import Showtimes
from bot.platforms.twitch.speech import Brake
from bot.platforms.twitch.standings import Standings, standing
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.topics import Topic
from bot.platforms.twitch.wanted import LIVE, wanted
from commands.chat import ChatMessage, Chatter

NAMES_MAX = 20_000
MEND_TRIES = 3


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be recorded; it outlives a stay on Twitch. inbound: any number together;
    orders: one after the other, since a ban and its end must not change places."""

    inbound: Errands
    orders: Errands


class Steward:
    """Passes on what Twitch tells of one channel, and asks where Twitch does not tell.

    reader: who reads the chat; streamer: whose channel it is, where they are signed in.
    """

    def __init__(
        self,
        room: Room,
        house: House,
        client: twitchio.Client,
        *,
        reader: Account,
        streamer: Account | None,
        work: Work,
        timing: Timing,
        brake: Brake,
    ) -> None:
        self._room, self._house, self._work = room, house, work
        self._channel_id = room.channel.id
        self._timing = timing
        self._standings = Standings()
        self._names: OrderedDict[str, str] = OrderedDict()
        asker = Helix(client, (streamer or reader).user_id)
        rights = streamer.scopes if streamer else frozenset[str]()
        self.topics: list[Topic] = wanted(self._channel_id, reader, streamer)
        self._showtimes = Showtimes(room.stage, self._channel_id, house.shows, asker, house.now)
        self._moderation = Moderation(room.stage, house.rulings, sees_bans=MODERATE in rights)
        self._sales: Sales | None = None
        if REDEMPTIONS in rights:
            self._sales = Sales(
                room.stage, house, asker, tell=room.tell, timing=timing, brake=brake
            )
        self._duties = [Duty(LIVE, self._showtimes.look, timing.live_every_s, timing, brake)]
        if self._sales:
            tend = self._sales.tend
            self._duties.append(Duty(DEEDS[REDEMPTIONS], tend, timing.watch_every_s, timing, brake))
        watcher = next((one for one in (streamer, reader) if one and CHATTERS in one.scopes), None)
        if watcher:
            audience = Audience(
                room.stage,
                self._channel_id,
                Helix(client, watcher.user_id),
                asker if SUBSCRIPTIONS in rights else None,
                self._standings,
                earner=house.earner,
                shows=house.shows,
                policies=house.policies,
                now=house.now,
            )
            self._duties.append(
                Duty(DEEDS[CHATTERS], audience.look, timing.watch_every_s, timing, brake)
            )
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving = asyncio.Event()

    @property
    def troubles(self) -> list[words.Trouble]:
        """What is wrong although chat is heard."""
        found = [duty.trouble for duty in self._duties if duty.trouble]
        return [*found, *(self._sales.troubles if self._sales else [])]

    def start(self) -> None:
        """Begin with what has to be done again and again."""
        runs: list[Callable[[], Coroutine[Any, Any, None]]] = [duty.run for duty in self._duties]
        if self._sales:
            runs.append(self._sales.run)
        self._tasks = [asyncio.create_task(run()) for run in runs]

    async def close(self) -> None:
        """End it."""
        self._leaving.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def take(self, event: Any) -> None:
        """Something happened on the channel."""
        house, stage, now = self._house, self._room.stage, self._house.now()
        inbound, orders = self._work.inbound, self._work.orders
        match event:
            case twitchio.ChannelPointsRedemptionAdd() | twitchio.ChannelPointsRedemptionUpdate():
                if self._sales:
                    self._sales.take(event)
            case twitchio.ChannelCheer():
                cheered = cheer(event, stage, now)
                inbound.add("cheer", lambda: house.cheers.cheered(cheered))
            case twitchio.StreamOnline() | twitchio.StreamOffline():
                orders.add("show", lambda: self._showtimes.take(event))
            case _:
                if act := self._moderation.act(event, now):
                    orders.add("ruling", act)
                elif done := activity(event, stage, now):
                    inbound.add(done.kind, lambda: house.earner.credit(done))

    def spoke(self, message: twitchio.ChatMessage, said: ChatMessage) -> None:
        """Somebody said something here: it may earn, and tells their standing and their name."""
        words_ = standing(message.badges)
        self._standings.note(said.viewer.user_id, words_, said.at)
        self._house.earner.spoke(said.stage, PLATFORM, said.viewer, words_, said.at)
        self._recognise(said.viewer)

    async def missed(self, began: int, ended: int) -> None:
        """Nothing was heard between two times, in ms: catch up what Twitch lets us, and note it.
        Raises `GiftError` when the journal cannot take it now."""
        mended = await self._mend(began)
        await self._house.gaps.record(self._room.stage, PLATFORM, began, ended, mended)

    async def _mend(self, since: int) -> str:
        """What could be caught up, in words."""
        ways: dict[str, Callable[[], Awaitable[None]]] = {"show": self._showtimes.look}
        if sales := self._sales:
            ways = {"redemptions": lambda: sales.catch_up(since), **ways}
        return ", ".join([what for what, way in ways.items() if await self._insist(way)])

    async def _insist(self, way: Callable[[], Awaitable[None]]) -> bool:
        """Try it a few times; whether it was done."""
        for attempt in range(MEND_TRIES):
            try:
                await way()
            except (*words.FAULTS, RuntimeError) as error:  # the latter: we are leaving
                structlog.get_logger().warning("twitch.not_mended", error=words.describe(error))
            else:
                return True
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.retry_first_s * 4.0**attempt):
                    await self._leaving.wait()
                    return False
        return False

    def _recognise(self, viewer: Chatter) -> None:
        """Notice that somebody goes by another name."""
        known = self._names.get(viewer.user_id)
        self._names[viewer.user_id] = viewer.name
        self._names.move_to_end(viewer.user_id)
        if len(self._names) > NAMES_MAX:
            self._names.popitem(last=False)
        if known not in (None, viewer.name):
            rulings = self._house.rulings
            self._work.orders.add("rename", lambda: rulings.renamed(PLATFORM, viewer))

"""A giftcast on Twitch and Discord in bad weather: what is said, how often it comes, what breaks.

All of it follows from a seed: the same seed brings the same notifications, repeated as often and
in the same order, among the same mishaps.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.app import App
from data.ledger import Record
from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import Redemption, TwitchStandIn
from tests.house import grant
from tests.page import open_app, until

WAYS = ("twitch", "discord", "slash", "points")
VIEWERS = 40
WEALTH = 1_000_000
MOST_TIMES = 5
PATIENCE_S = 60.0
REDEMPTION = "twitch:redemption:"
REDEEMED = "channel.channel_points_custom_reward_redemption.add"
BACKLOG = 1_000  # dispatches that the stand-in for Discord keeps for who resumes
BREAKS = (
    "twitch drops",
    "twitch moves",
    "discord drops",
    "discord reconnects",
    "discord forgets",
    "all drops",
)


@dataclass(frozen=True)
class Plan:
    """ways: of each notification. deliveries: their numbers in the order in which they
    come. weather: what happens before the delivery at which place."""

    ways: Sequence[str]
    deliveries: Sequence[int]
    weather: Sequence[tuple[int, str]]

    @classmethod
    def of(cls, seed: int, notifications: int, restarts: int, breaks: int) -> "Plan":
        random = Random(seed)
        ways = [random.choices(WAYS, (8, 8, 2, 2))[0] for _ in range(notifications)]
        deliveries = [
            number for number in range(notifications) for _ in range(random.randint(1, MOST_TIMES))
        ]
        random.shuffle(deliveries)
        kinds = ["restart"] * restarts + [BREAKS[n % len(BREAKS)] for n in range(breaks)]
        random.shuffle(kinds)
        places = random.sample(range(1, len(deliveries)), len(kinds))
        return cls(ways, deliveries, list(zip(sorted(places), kinds, strict=True)))


@dataclass
class Outage:
    """A time in which a platform could not be heard, by the house's clock, in milliseconds."""

    platform: str
    began: int
    ended: int = 0


@dataclass
class Clock:
    """The wall clock, and what a machine that was off has missed."""

    missed_ms: int = 0

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self.missed_ms


@dataclass
class Sky:
    """The two stand-ins, the giftcast between its restarts, and what it owes.

    carried: how often each notification was, as the journal announced it. typed: when each came
    on Twitch, every time. redeemed: channel points spent. outages: those in which a platform
    does not by itself bring what is missed.
    """

    folder: Path
    random: Random
    plan: Plan
    twitch: TwitchStandIn
    discord: DiscordStandIn
    clock: Clock = field(default_factory=Clock)
    carried: Counter[int] = field(default_factory=Counter)
    typed: dict[int, list[int]] = field(default_factory=dict)
    redeemed: dict[int, Redemption] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        streamer, bot = (self.twitch.sign_in(u) for u in (self.twitch.streamer, self.twitch.bot))
        self._sections: dict[str, dict[str, Any]] = {
            "twitch": {
                **self.twitch.settings,
                "access_token": streamer.access,
                "refresh_token": streamer.refresh,
                "bot_access_token": bot.access,
                "bot_refresh_token": bot.refresh,
                "timing": {"watch_every_s": 0.05, "linger_s": 0.05, "retry_first_s": 0.05},
            },
            "discord": {
                "token": self.discord.token,
                "api_url": self.discord.api_url,
                "gateway_url": self.discord.gateway_url,
                "timing": {"identify_again_s": 0.05, "retry_first_s": 0.05, "look_s": 0.05},
            },
        }
        self.chatters = [self.twitch.user(f"twitcher{n}") for n in range(VIEWERS)]
        self.members = [self.discord.person(f"member{n}") for n in range(VIEWERS)]
        self._messages: dict[int, str] = {}  # on Twitch
        self._lines: dict[int, dict[str, Any]] = {}  # on Discord
        self._spent: dict[str, int] = {}
        self._unasked: set[int] = set()
        self._owed: set[int] = set()
        self._reached: set[int] = set()  # a connection that has not broken since
        self._place = 0
        self._weather = deque(self.plan.weather)
        self._deaf = False  # what reaches a connection now may be lost with it
        self._stack = AsyncExitStack()
        self.app: App | None = None

    # --- giftcast ---

    async def start(self) -> App:
        """A giftcast that is connected everywhere."""
        self.app = await self._stack.enter_async_context(
            open_app(self.folder, self._sections, now=self.clock.now)
        )
        self.app.journal.watch(self._follow)
        await self._connected()
        return self.app

    async def stop(self) -> None:
        """And that is no more."""
        await self._stack.aclose()

    async def enrich(self, app: App) -> None:
        """Coins for everybody."""
        for platform, people in (("twitch", self.chatters), ("discord", self.members)):
            for one in people:
                known = await app.people.person(platform, one.id, one.id)
                await app.journal.record(grant(known.person, WEALTH, f"start:{known.person}"))

    def _follow(self, records: Sequence[Record]) -> None:
        self.carried.update(self.numbers(records))

    def numbers(self, records: Sequence[Record]) -> Iterator[int]:
        """Of which notifications these records came."""
        for record in records:
            if record.kind == "gift":
                yield int(record.aside["message"].removeprefix("n"))
            elif record.key.startswith(REDEMPTION):
                yield self._spent[record.key.removeprefix(REDEMPTION)]

    async def _connected(self) -> None:
        assert self.app is not None
        platforms = self.app.platforms.values()
        await self.twitch.until(lambda: self.twitch.listening() and self.twitch.rewards, PATIENCE_S)
        await self.discord.until(lambda: self.discord.links, PATIENCE_S)
        await until(lambda: all(p.status().state == "connected" for p in platforms), PATIENCE_S)

    # --- what comes ---

    async def live(self) -> None:
        """Everything in the plan, to its end."""
        while self._place < len(self.plan.deliveries):
            while self._weather and self._weather[0][0] <= self._place:
                await self._strike(self._weather.popleft()[1])
            await self._some(1)
            if self._place % 100 == 0:
                await self.calm()
        await self.calm()
        spent = self.redeemed.values()
        await self.twitch.until(lambda: all(one.changes for one in spent), PATIENCE_S)

    async def calm(self) -> None:
        """Wait until everything that is owed is carried out."""
        self._owed |= self._reached
        self._reached.clear()
        try:
            await until(lambda: self._owed <= self.carried.keys(), PATIENCE_S)
        except TimeoutError:
            missing = sorted(self._owed - self.carried.keys())
            ways = Counter(self.plan.ways[number] for number in missing)
            raise AssertionError(f"never carried out: {missing[:9]} … {ways}") from None
        self._owed.clear()
        for session in self.discord._sessions.values():
            del session.backlog[:-BACKLOG]

    async def _some(self, count: int) -> None:
        for number in self.plan.deliveries[self._place : self._place + count]:
            match self.plan.ways[number]:
                case "twitch":
                    await self._on_twitch(number)
                case "discord":
                    await self._on_discord(number)
                case "points":
                    await self._for_points(number)
                case _:
                    await self._by_slash(number)
            self._place += 1
            await asyncio.sleep(0)

    async def _on_twitch(self, number: int) -> None:
        """Twitch repeats what it has sent once; what came while nobody listened it never sends."""
        listening = self.twitch.listening()
        if number in self.typed and number not in self._messages:
            return
        self.typed.setdefault(number, []).append(self.clock.now())
        if number in self._messages:
            with suppress(ConnectionError):
                await self.twitch.redeliver(self._messages[number])
        elif listening:
            self._messages[number] = await self.twitch.chat(
                self.chatters[number % VIEWERS], f"!gift rose n{number}"
            )
        if listening and not self._deaf:
            self._reached.add(number)

    async def _on_discord(self, number: int) -> None:
        """Discord keeps what was typed: after whatever went wrong it can be read again."""
        member = self.members[number % VIEWERS]
        if number in self._lines:
            await self.discord.dispatch("MESSAGE_CREATE", self._lines[number], 1 << 9)
            return
        message_id = await self.discord.message(member, f"!gift rose n{number}")
        line = next(m for m in reversed(self.discord.history) if m["id"] == message_id)
        self._lines[number] = line | {
            "guild_id": self.discord.guild_id,
            "member": self.discord._member(member, user=False),
        }
        self._owed.add(number)

    async def _by_slash(self, number: int) -> None:
        """A call that nobody answers is gone: its asker is told so by Discord."""
        if number in self._lines:
            await self.discord.dispatch("INTERACTION_CREATE", self._lines[number])
        elif self.discord.links and number not in self._unasked:
            member = self.members[number % VIEWERS]
            options = {"gift": "rose", "message": f"n{number}"}
            call = await self.discord.slash(member, "gift", options)
            self._lines[number] = next(
                event["d"]
                for session in self.discord._sessions.values()
                for event in reversed(session.backlog)
                if event["t"] == "INTERACTION_CREATE" and event["d"]["id"] == call.id
            )
        else:
            self._unasked.add(number)
        if self.discord.links and number in self._lines and not self._deaf:
            self._reached.add(number)

    async def _for_points(self, number: int) -> None:
        """Twitch lists what was redeemed until somebody has decided on it."""
        self._owed.add(number)
        if number in self.redeemed:
            with suppress(ConnectionError, KeyError):  # nobody was listening at the first time
                await self.twitch.redeliver(self.redeemed[number].id)
            return
        [reward] = self.twitch.rewards.values()
        made = await self.twitch.redeem(self.chatters[number % VIEWERS], reward, unheard=True)
        self.redeemed[number], self._spent[made.id] = made, number
        with suppress(ConnectionError):
            event = self.twitch._redemption_event(made)
            await self.twitch.happen(REDEEMED, event, made.id)

    # --- the weather ---

    async def _strike(self, what: str) -> None:
        """One mishap, in the midst of things or after a calm, and its end."""
        self.happened[what] += 1
        if self.random.random() < 0.5:
            await self.calm()
        began = self.clock.now()
        match what:
            case "restart":
                await self._restart()
            case "twitch moves":
                await self.twitch.reconnect()
                await self._some(self.random.randint(0, 9))
            case "discord reconnects":
                await self.discord.reconnect()
            case "discord forgets":
                self._break_off()
                await self.discord.invalidate()
            case "discord drops":
                self.discord.abort()
            case _:
                if what == "all drops":
                    self.discord.abort()
                await self._drop_twitch()
        await self._some(self.random.randint(0, 9))
        await self._connected()
        self._deaf = False
        broken = {"restart": ("twitch", "discord"), "discord forgets": ("discord",)}
        broken |= {"twitch drops": ("twitch",), "all drops": ("twitch",)}
        ended = self.clock.now()
        self.outages += [Outage(each, began, ended) for each in broken.get(what, ())]

    def _break_off(self) -> None:
        self._reached.clear()
        self._deaf = True

    async def _restart(self) -> None:
        self._break_off()
        stopping = asyncio.create_task(self.stop())
        await self._some(self.random.randint(0, 9))
        await stopping
        self.discord._sessions.clear()  # the next one cannot resume them
        await self._some(self.random.randint(0, 9))
        self.clock.missed_ms += self.random.randint(1, 240_000)
        await self.start()

    async def _drop_twitch(self) -> None:
        self._break_off()
        self.twitch.hold_welcomes()
        self.twitch.drop_tcp()
        await self._some(self.random.randint(0, 9))
        assert self.app is not None
        platform = self.app.platforms["twitch"]
        await until(lambda: platform.status().state != "connected", PATIENCE_S)
        self.clock.missed_ms += self.random.randint(1, 60_000)
        self.twitch.release_welcomes()

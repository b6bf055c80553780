"""Redemptions: coins for channel points. First the coins, then Twitch is told that it is done."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import structlog
from twitchio.exceptions import HTTPException

from bot.errands import LATER
from bot.platforms.twitch import words
from bot.platforms.twitch.activities import PLATFORM
from bot.platforms.twitch.points import BATCH_MAX, Points, Redemption, Status
from bot.platforms.twitch.rewards import Rewards
from bot.platforms.twitch.speech import Brake
from commands.activity import Activity
from commands.chat import Chatter
from commands.earning import Earner
from commands.words import sentence
from data.errors import GiftError

WAITING_MAX = 5_000
DONE_MAX = 5_000
GONE = (400, 404)  # decided by somebody else, or gone with its reward
Tell = Callable[[Chatter, str], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Twitch is to be told about a redemption of a reward."""

    reward_id: str
    status: Status


class Redemptions:
    """Credits what is redeemed, and then fulfils it; what cannot be credited is cancelled, so
    that the points go back.

    About a redemption that could not be decided nothing is said to Twitch: it is tried again.
    Whatever happens in between, Twitch lists what waits, and a redemption's id is the key under
    which its coins are recorded: a second time changes nothing. Twitch being slow holds up
    nobody's coins. tell: has a viewer told something. pause: waits before a next try, in
    seconds; retry_s: the first time and at most.
    """

    def __init__(
        self,
        stage: str,
        points: Points,
        rewards: Rewards,
        earner: Earner,
        *,
        tell: Tell,
        brake: Brake,
        retry_s: tuple[float, float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._stage = stage
        self._points = points
        self._rewards = rewards
        self._earner = earner
        self._tell = tell
        self._brake = brake
        self._retry_s = retry_s
        self._pause = pause
        self._waiting: OrderedDict[str, Redemption] = OrderedDict()
        self._decided: OrderedDict[str, Verdict] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._offered, self._verdicts = asyncio.Event(), asyncio.Event()
        self._told_to_wait = False
        self.trouble: words.Trouble | None = None

    def offer(self, redemption: Redemption) -> None:
        """Take a redemption of any reward and return at once."""
        if redemption.id in self._done or redemption.id in self._decided:
            return
        if len(self._waiting) + len(self._decided) >= WAITING_MAX:
            return  # what has no room now is listed again
        if self._rewards.coins(redemption.reward_id, redemption.title) is not None:
            self._waiting[redemption.id] = redemption
            self._offered.set()

    def forget(self, redemption: Redemption) -> None:
        """It was cancelled: the points went back."""
        self._finish([redemption.id])

    async def catch_up(self, since: int | None = None) -> None:
        """Take all that waits; and what was fulfilled by hand since a time in which nobody
        listened. Faults come out unchanged."""
        for reward_id in self._rewards.ids:
            async for one in self._points.redeemed(reward_id, "UNFULFILLED"):
                self.offer(one)
            if since is None:
                continue
            async for one in self._points.redeemed(reward_id, "FULFILLED", newest_first=True):
                if one.at < since:
                    break
                self.offer(one)

    async def run(self) -> None:
        """Decide what is offered until cancelled."""
        credit = self._keep_doing(self._offered, self._waiting, self._credit_some)
        report = self._keep_doing(self._verdicts, self._decided, self._report_some)
        async with asyncio.TaskGroup() as group:
            group.create_task(credit)
            group.create_task(report)

    async def _keep_doing(
        self,
        woken: asyncio.Event,
        left: Collection[str],
        act: Callable[[], Awaitable[float | None]],
    ) -> None:
        """Act while something is left. After a failure, later: after so many seconds at least
        as it says."""
        wait_s, most_s = self._retry_s
        while True:
            await woken.wait()
            woken.clear()
            while left:
                asked_s = await act()
                if asked_s is None:
                    wait_s = self._retry_s[0]
                    continue
                await self._pause(max(wait_s, asked_s))
                wait_s = min(2 * wait_s, most_s)

    async def _credit_some(self) -> float | None:
        """Credit the oldest; None when all were decided."""
        some = list(self._waiting.values())[:BATCH_MAX]
        return None if all(await asyncio.gather(*map(self._credit, some))) else 0.0

    async def _credit(self, one: Redemption) -> bool:
        coins = self._rewards.coins(one.reward_id, one.title)
        if coins is None:  # the reward is gone, and with it the question
            self._finish([one.id])
            return True
        try:
            credit = await self._earner.credit(
                Activity(
                    id=f"twitch:redemption:{one.id}",
                    stage=self._stage,
                    platform=PLATFORM,
                    viewer=one.viewer,
                    kind="reward",
                    units=coins,
                    at=one.at,
                )
            )
        except GiftError as error:
            structlog.get_logger().warning("twitch.redemption_waits", code=error.code.value)
            if error.code in LATER:
                return False
            self._finish([one.id])  # for the streamer to decide, in Twitch's own list
            return True
        if credit.refused is not None and credit.fresh:
            returned = "Your channel points go back." if one.waits else ""
            self._tell(one.viewer, f"{sentence(credit.refused)} {returned}".strip())
        if one.waits and one.id in self._waiting:
            del self._waiting[one.id]
            status: Status = "CANCELED" if credit.refused else "FULFILLED"
            self._decided[one.id] = Verdict(one.reward_id, status)
            self._verdicts.set()
        else:
            self._finish([one.id])
        return True

    async def _report_some(self) -> float | None:
        """Tell Twitch of the oldest, all at once that are alike; None when it listened."""
        self._told_to_wait = False
        first = next(iter(self._decided.values()))
        alike = [key for key, verdict in self._decided.items() if verdict == first]
        if await self._report(first, alike[:BATCH_MAX]):
            return None
        return self._brake.wait_s if self._told_to_wait else 0.0

    async def _report(self, verdict: Verdict, ids: Sequence[str]) -> bool:
        try:
            await self._points.decide(verdict.reward_id, ids, verdict.status)
        except HTTPException as error:
            if error.status in GONE and len(ids) > 1:  # one of them; say it for each
                return all([await self._report(verdict, [one]) for one in ids])
            if error.status not in GONE:
                return self._failed(error, ids)
            log = structlog.get_logger()
            log.warning("twitch.redemption_gone", id=ids[0], status=verdict.status)
        except words.FAULTS as error:
            return self._failed(error, ids)
        self._finish(ids)
        self.trouble = None
        return True

    def _failed(self, error: BaseException, ids: Sequence[str]) -> bool:
        log = structlog.get_logger()
        log.warning("twitch.redemption_unreported", count=len(ids), error=words.describe(error))
        if isinstance(error, HTTPException):
            self._told_to_wait = error.status == 429
            if error.status in (401, 403):
                self.trouble = words.no_rewards(error)
        return False

    def _finish(self, ids: Sequence[str]) -> None:
        for one in ids:
            self._waiting.pop(one, None)
            self._decided.pop(one, None)
            self._done[one] = None
        while len(self._done) > DONE_MAX:
            self._done.popitem(last=False)

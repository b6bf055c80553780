"""Redemptions: coins for channel points. First the coins, then Twitch is told that it is done."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

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


class Redemptions:
    """Credits what is redeemed, and then fulfils it; what cannot be credited is cancelled, so
    that the points go back.

    About a redemption that could not be decided nothing is said to Twitch: it is tried again.
    Whatever happens in between, Twitch lists what waits, and a redemption's id is the key under
    which its coins are recorded: a second time changes nothing. tell: has a viewer told
    something. pause: waits before a next try, in seconds; retry_s: the first time and at most.
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
        self._pause = pause
        self._brake = brake
        self._told_to_wait = False
        self._first_s, self._most_s = retry_s
        self._waiting: OrderedDict[str, Redemption] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._woken = asyncio.Event()
        self.trouble: words.Trouble | None = None

    def offer(self, redemption: Redemption) -> None:
        """Take a redemption of any reward and return at once."""
        if redemption.id in self._done or len(self._waiting) >= WAITING_MAX:
            return  # what has no room now is listed again
        if self._rewards.coins(redemption.reward_id, redemption.title) is not None:
            self._waiting[redemption.id] = redemption
            self._woken.set()

    def forget(self, redemption: Redemption) -> None:
        """It was cancelled: the points went back."""
        self._waiting.pop(redemption.id, None)
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
        wait_s = self._first_s
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                some = list(self._waiting.values())[:BATCH_MAX]
                if await self._decide(some):
                    wait_s = self._first_s
                    continue
                await self._pause(max(wait_s, self._brake.wait_s * self._told_to_wait))
                wait_s = min(2 * wait_s, self._most_s)

    async def _decide(self, some: Sequence[Redemption]) -> bool:
        """Credit these and tell Twitch; whether all went through."""
        self._told_to_wait = False
        verdicts = await asyncio.gather(*map(self._credit, some))
        told: dict[tuple[str, Status], list[Redemption]] = {}
        for one, verdict in zip(some, verdicts, strict=True):
            if verdict is not None and one.waits:
                told.setdefault((one.reward_id, verdict), []).append(one)
            elif verdict is not None:
                self._finish([one.id])
        kept = [await self._report(*which, ones) for which, ones in told.items()]
        return all(kept) and not any(one.id in self._waiting for one in some)

    async def _credit(self, one: Redemption) -> Status | None:
        """What is to become of it; None when nothing was decided, or ever will be."""
        coins = self._rewards.coins(one.reward_id, one.title)
        if coins is None:  # the reward is gone, and with it the question
            self._finish([one.id])
            return None
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
            if error.code not in LATER:  # for the streamer to decide, in Twitch's own list
                self._finish([one.id])
            return None
        if credit.refused is None:
            return "FULFILLED"
        if credit.fresh:
            returned = "Your channel points go back." if one.waits else ""
            self._tell(one.viewer, f"{sentence(credit.refused)} {returned}".strip())
        return "CANCELED"

    async def _report(self, reward_id: str, status: Status, ones: Sequence[Redemption]) -> bool:
        """Tell Twitch; False when it has to be said again."""
        ids = [one.id for one in ones]
        try:
            await self._points.decide(reward_id, ids, status)
        except HTTPException as error:
            if error.status in GONE and len(ones) > 1:  # one of them; say it for each
                said = [await self._report(reward_id, status, [one]) for one in ones]
                return all(said)
            if error.status not in GONE:
                return self._failed(error, ids)
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
        if isinstance(error, HTTPException) and error.status in (401, 403):
            self.trouble = words.no_rewards(error)
        return False

    def _finish(self, ids: Sequence[str]) -> None:
        for one in ids:
            self._waiting.pop(one, None)
            self._done[one] = None
        while len(self._done) > DONE_MAX:
            self._done.popitem(last=False)

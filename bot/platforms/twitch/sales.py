"""Sales: coins for channel points, from the rewards on the channel to the coins in a wallet."""

import time
from collections.abc import Callable

import twitchio

from bot.platform import House
from bot.platforms.twitch import words
from bot.platforms.twitch.helix import Helix
from bot.platforms.twitch.points import Points, redemption
from bot.platforms.twitch.redemptions import Redemptions, Tell
from bot.platforms.twitch.reward_book import RewardBook
from bot.platforms.twitch.rewards import Rewards
from bot.platforms.twitch.speech import Brake
from bot.platforms.twitch.timing import Timing

Event = twitchio.ChannelPointsRedemptionAdd | twitchio.ChannelPointsRedemptionUpdate


class Sales:
    """The shop of one channel. helix: with the streamer's sign-in. tell: has a viewer told
    something. clock: monotonic, in seconds."""

    def __init__(
        self,
        stage: str,
        house: House,
        helix: Helix,
        *,
        tell: Tell,
        timing: Timing,
        brake: Brake,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        points = Points(helix)
        self._rewards = Rewards(
            points,
            RewardBook(house.data_dir, helix.user_id),
            lambda: house.policies(stage),
        )
        self._redemptions = Redemptions(
            stage,
            points,
            self._rewards,
            house.earner,
            tell=tell,
            brake=brake,
            retry_s=(timing.retry_first_s, timing.retry_most_s),
        )
        self._relist_s = timing.relist_every_s
        self._clock = clock
        self._listed = 0.0

    @property
    def troubles(self) -> list[words.Trouble]:
        """What keeps coins from being sold."""
        own = self._redemptions.trouble
        return [*self._rewards.troubles, *([own] if own else [])]

    def take(self, event: Event) -> None:
        """Somebody redeemed something, or a moderator decided about it."""
        one = redemption(event)
        if event.status == "canceled":
            self._redemptions.forget(one)
        else:
            self._redemptions.offer(one)

    async def tend(self) -> None:
        """Follow the policy, and look from time to time for what nobody told us about. Faults
        come out unchanged."""
        if self._rewards.stale or self._clock() - self._listed >= self._relist_s:
            await self.catch_up()

    async def catch_up(self, since: int | None = None) -> None:
        """Set the rewards and take up what waits; and since a time in which nobody listened,
        what was fulfilled by hand. Faults come out unchanged."""
        await self._rewards.sync()
        await self._redemptions.catch_up(since)
        self._listed = self._clock()

    async def run(self) -> None:
        """Decide about what is redeemed until cancelled."""
        await self._redemptions.run()

"""Rewards: those that sell coins for channel points. We make them, so that we may decide
about what is redeemed."""

import asyncio
from collections.abc import Callable

import structlog
from twitchio.exceptions import HTTPException

from bot.platforms.twitch import words
from bot.platforms.twitch.points import REWARDS_MAX, Listed, Points
from bot.platforms.twitch.reward_book import OwnReward, RewardBook
from commands.policy import PointsReward, StagePolicy


class Rewards:
    """Keeps a channel's rewards as the policy wants them.

    A reward is known by the book, or else by its title among those that our application made.
    One that the policy no longer lists is switched off and not deleted: Twitch would count what
    waits in it as done. What a streamer changes on Twitch stays so until the policy changes.
    """

    def __init__(self, points: Points, book: RewardBook, policy: Callable[[], StagePolicy]) -> None:
        self._points = points
        self._book = book
        self._policy = policy
        self._syncing = asyncio.Lock()
        self._applied: tuple[PointsReward, ...] | None = None
        self.troubles: list[words.Trouble] = []

    @property
    def stale(self) -> bool:
        """Whether the policy wants something else than what was set last."""
        return self._wanted() != self._applied

    @property
    def ids(self) -> list[str]:
        """The rewards that are ours, on Twitch."""
        return [own.reward_id for own in self._book.rewards.values()]

    def coins(self, reward_id: str, title: str) -> int | None:
        """What is due for a reward redeemed under a title; None when it is none of ours."""
        for own in self._book.rewards.values():
            if own.reward_id == reward_id:
                return own.promised(title)
        return None

    async def sync(self) -> None:
        """Make Twitch's rewards what the policy wants. Faults that pass come out unchanged."""
        async with self._syncing:  # two at once would make a reward twice
            await self._sync()

    async def _sync(self) -> None:
        wanted = self._wanted()
        troubles: list[words.Trouble] = []
        try:
            listed = {one.id: one for one in await self._points.rewards(ours=True)}
            self._book.keep_only(listed)
            for reward in self._book.rewards.keys() - {one.id for one in wanted}:
                await self._switch_off(reward)
            for one in wanted:
                troubles += await self._set(one, listed)
        except HTTPException as error:
            if error.status not in (401, 403):
                raise
            troubles = [words.no_rewards(error)]
        self.troubles, self._applied = troubles, wanted

    def _wanted(self) -> tuple[PointsReward, ...]:
        policy = self._policy()
        return policy.points_rewards if policy.earning.reward.enabled else ()

    async def _set(self, wanted: PointsReward, listed: dict[str, Listed]) -> list[words.Trouble]:
        own = self._book.rewards.get(wanted.id) or self._by_title(wanted, listed)
        reward_id = own.reward_id if own else ""
        now = OwnReward(
            reward_id=reward_id, title=wanted.title, cost_points=wanted.cost_points,
            coins=wanted.coins, is_enabled=True,
        )  # fmt: skip
        if own and own.model_copy(update={"former": {}}) == now:
            return []
        try:
            if own is None:
                made = await self._points.create(wanted.title, wanted.cost_points)
                now = now.model_copy(update={"reward_id": made})
                structlog.get_logger().info("twitch.reward_made", title=wanted.title)
            else:
                await self._points.change(
                    reward_id, title=now.title, cost=now.cost_points, is_enabled=True
                )
        except HTTPException as error:
            if error.status != 400:
                raise
            return [await self._why(wanted, reward_id, error)]
        self._book.put(wanted.id, now)
        return []

    def _by_title(self, wanted: PointsReward, listed: dict[str, Listed]) -> OwnReward | None:
        taken = set(self.ids)
        for one in listed.values():
            if one.id not in taken and one.title.casefold() == wanted.title.casefold():
                return OwnReward(
                    reward_id=one.id, title=one.title, cost_points=0, coins=wanted.coins,
                    is_enabled=one.is_enabled,
                )  # fmt: skip
        return None

    async def _switch_off(self, key: str) -> None:
        own = self._book.rewards[key]
        if own.is_enabled:
            await self._points.change(own.reward_id, is_enabled=False)
            self._book.put(key, own.model_copy(update={"is_enabled": False}))

    async def _why(
        self, wanted: PointsReward, reward_id: str, error: HTTPException
    ) -> words.Trouble:
        """What is wrong with a reward. Looked up: Twitch publishes no list of its messages."""
        others = [one for one in await self._points.rewards(ours=False) if one.id != reward_id]
        if any(one.title.casefold() == wanted.title.casefold() for one in others):
            return words.title_taken(wanted.title)
        if not reward_id and len(others) >= REWARDS_MAX:
            return words.too_many_rewards(wanted.title, REWARDS_MAX)
        return words.reward_refused(wanted.title, error)

"""Channel points: the rewards of a channel and what viewers redeem, as Helix has them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import twitchio

from bot.platforms.twitch.helix import Helix, Params, Row
from commands.chat import Chatter

REWARDS = "channel_points/custom_rewards"
REDEMPTIONS = f"{REWARDS}/redemptions"
REWARDS_MAX = 50  # of a channel, by whomever they were made
BATCH_MAX = 50
Status = Literal["UNFULFILLED", "FULFILLED", "CANCELED"]


@dataclass(frozen=True, slots=True)
class Redemption:
    """Somebody paid points for a reward. title: the reward's at that time. waits: whether it
    may still be fulfilled or cancelled. at: epoch milliseconds."""

    id: str
    reward_id: str
    title: str
    viewer: Chatter
    at: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A reward as Twitch has it now."""

    id: str
    title: str
    is_enabled: bool


def redemption(
    event: twitchio.ChannelPointsRedemptionAdd | twitchio.ChannelPointsRedemptionUpdate,
) -> Redemption:
    """As an event tells of it."""
    user = event.user
    return Redemption(
        event.id,
        event.reward.id,
        event.reward.title,
        Chatter(user.id, user.display_name or user.name or user.id),
        int(event.redeemed_at.timestamp() * 1000),
        event.status == "unfulfilled",
    )


class Points:
    """The points of one channel, with its streamer's sign-in. Faults come out unchanged."""

    def __init__(self, helix: Helix) -> None:
        self._helix = helix

    @property
    def channel_id(self) -> str:
        """Whose rewards they are."""
        return self._helix.user_id

    async def rewards(self, *, ours: bool) -> list[Listed]:
        """The channel's rewards: those that our application made, or all."""
        params = {**self._channel(), "only_manageable_rewards": "true" if ours else "false"}
        rows = self._helix.rows(REWARDS, params, pages=1)
        return [Listed(row["id"], row["title"], bool(row["is_enabled"])) async for row in rows]

    async def create(self, title: str, cost: int) -> str:
        """A new reward, whose redemptions wait for our decision; its id."""
        made = await self._helix.change(
            "POST",
            REWARDS,
            self._channel(),
            {
                "title": title,
                "cost": cost,
                "is_enabled": True,
                "is_user_input_required": False,
                "should_redemptions_skip_request_queue": False,
            },
        )
        return str(made[0]["id"])

    async def change(self, reward_id: str, **values: str | int | bool) -> None:
        """Change a reward that our application made."""
        await self._helix.change("PATCH", REWARDS, {**self._channel(), "id": reward_id}, values)

    async def redeemed(
        self, reward_id: str, status: Status, *, newest_first: bool = False
    ) -> AsyncIterator[Redemption]:
        """The redemptions of a reward that our application made."""
        params: Params = {
            **self._channel(),
            "reward_id": reward_id,
            "status": status,
            "sort": "NEWEST" if newest_first else "OLDEST",
            "first": 50,
        }
        async for row in self._helix.rows(REDEMPTIONS, params):
            yield _redemption(row)

    async def decide(self, reward_id: str, ids: Sequence[str], status: Status) -> None:
        """Fulfil or cancel redemptions that wait, at most 50."""
        params: Params = {**self._channel(), "reward_id": reward_id, "id": list(ids)}
        await self._helix.change("PATCH", REDEMPTIONS, params, {"status": status})

    def _channel(self) -> dict[str, str]:
        return {"broadcaster_id": self._helix.user_id}


def _redemption(row: Row) -> Redemption:
    at = datetime.fromisoformat(str(row["redeemed_at"]))
    return Redemption(
        row["id"],
        row["reward"]["id"],
        row["reward"]["title"],
        Chatter(row["user_id"], row["user_name"] or row["user_login"]),
        int(at.timestamp() * 1000),
        row["status"] == "UNFULFILLED",
    )

"""What happens in the channel besides talk, as notifications.

Each shape stands at eventsub/eventsub-reference/, under the name of its event.
"""

from typing import Any

from tests.fakes.twitch.eventsub import EventSub
from tests.fakes.twitch.shapes import User, now

_NOTICES = (
    "sub", "resub", "sub_gift", "community_sub_gift", "gift_paid_upgrade", "prime_paid_upgrade",
    "raid", "unraid", "pay_it_forward", "announcement", "bits_badge_tier", "charity_donation",
    "modiversary", "watch_streak", "shared_chat_sub", "shared_chat_resub",
    "shared_chat_sub_gift", "shared_chat_community_sub_gift", "shared_chat_gift_paid_upgrade",
    "shared_chat_prime_paid_upgrade", "shared_chat_raid", "shared_chat_pay_it_forward",
    "shared_chat_announcement", "shared_chat_modiversary",
)  # fmt: skip


class Happenings(EventSub):
    """Each returns the notification's own id, for `redeliver`."""

    async def follow(self, user: User) -> str:
        event = {**self._by(user), "followed_at": now()}
        return await self.happen("channel.follow", event)

    async def subscribe(self, user: User, tier: str = "1000", *, is_gift: bool = False) -> str:
        event = {**self._by(user), "tier": tier, "is_gift": is_gift}
        return await self.happen("channel.subscribe", event)

    async def resubscribe(self, user: User, months: int, tier: str = "1000") -> str:
        event = {
            **self._by(user),
            "tier": tier,
            "message": {"text": "again", "emotes": None},
            "cumulative_months": months,
            "streak_months": None,
            "duration_months": 1,
        }
        return await self.happen("channel.subscription.message", event)

    async def gift_subs(self, user: User | None, total: int, tier: str = "1000") -> str:
        """user: None for somebody who does not want to be named."""
        event = {
            **self._by(user),
            "total": total,
            "tier": tier,
            "cumulative_total": None,
            "is_anonymous": user is None,
        }
        return await self.happen("channel.subscription.gift", event)

    async def cheer(self, user: User | None, bits: int, message: str = "") -> str:
        event = {
            **self._by(user),
            "is_anonymous": user is None,
            "message": message,
            "bits": bits,
        }
        return await self.happen("channel.cheer", event)

    async def raid(self, leader: User, viewers: int) -> str:
        event = {
            "from_broadcaster_user_id": leader.id,
            "from_broadcaster_user_login": leader.login,
            "from_broadcaster_user_name": leader.display_name,
            **{f"to_{key}": value for key, value in self.of_channel().items()},
            "viewers": viewers,
        }
        return await self.happen("channel.raid", event)

    async def watch_streak(self, user: User, length: int, *badges: str) -> str:
        # #channel-chat-notification-event
        event = {
            **self.of_channel(),
            "chatter_user_id": user.id,
            "chatter_user_login": user.login,
            "chatter_user_name": user.display_name,
            "chatter_is_anonymous": False,
            "color": "",
            "badges": [{"set_id": badge, "id": "1", "info": ""} for badge in badges],
            "system_message": f"{user.display_name} watched {length} streams in a row",
            "message_id": self._uuid(),
            "message": {"text": "", "fragments": []},
            "notice_type": "watch_streak",
            **dict.fromkeys(_NOTICES),
            "watch_streak": {"streak_count": length, "channel_points_awarded": 450},
            "is_source_only": None,
        }
        return await self.happen("channel.chat.notification", event)

    async def ban(self, user: User, *, ends_at: str | None = None) -> str:
        """ends_at: a timeout's end; None for good."""
        event = {
            **self._by(user),
            **self._by_moderator(),
            "reason": "rude",
            "banned_at": now(),
            "ends_at": ends_at,
            "is_permanent": ends_at is None,
        }
        return await self.happen("channel.ban", event)

    async def unban(self, user: User) -> str:
        return await self.happen("channel.unban", {**self._by(user), **self._by_moderator()})

    async def clear_messages(self, user: User) -> str:
        event = {**self.of_channel(), **_target(user)}
        return await self.happen("channel.chat.clear_user_messages", event)

    async def delete_message(self, user: User, message_id: str) -> str:
        event = {**self.of_channel(), **_target(user), "message_id": message_id}
        return await self.happen("channel.chat.message_delete", event)

    def _by(self, user: User | None) -> dict[str, Any]:
        return {
            "user_id": user and user.id,
            "user_login": user and user.login,
            "user_name": user and user.display_name,
            **self.of_channel(),
        }

    def _by_moderator(self) -> dict[str, str]:
        return {
            "moderator_user_id": self.streamer.id,
            "moderator_user_login": self.streamer.login,
            "moderator_user_name": self.streamer.display_name,
        }


def _target(user: User) -> dict[str, str]:
    return {
        "target_user_id": user.id,
        "target_user_login": user.login,
        "target_user_name": user.display_name,
    }

"""The kinds of events and what Twitch asks of those who want them.

eventsub/eventsub-subscription-types/: for each the version, the condition and the scopes.
"""

from dataclasses import dataclass

CHANNEL = frozenset({"broadcaster_user_id"})
READER = frozenset({"broadcaster_user_id", "user_id"})
CHAT_SCOPES = frozenset({"user:read:chat"})
POINTS_SCOPES = frozenset({"channel:read:redemptions", "channel:manage:redemptions"})


@dataclass(frozen=True)
class Kind:
    """condition: what must be named; also: what may be. owner: whose token it must be, by its
    place in the condition; empty for anybody's. scopes: one of them is needed, if any."""

    condition: frozenset[str]
    owner: str = ""
    scopes: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    version: str = "1"


def _of_channel(*scopes: str) -> Kind:
    return Kind(CHANNEL, "broadcaster_user_id", frozenset(scopes))


KINDS = {
    "channel.chat.message": Kind(READER, "user_id", CHAT_SCOPES),
    "channel.chat.message_delete": Kind(READER, "user_id", CHAT_SCOPES),
    "channel.chat.clear_user_messages": Kind(READER, "user_id", CHAT_SCOPES),
    "channel.chat.notification": Kind(READER, "user_id", CHAT_SCOPES),
    "channel.follow": Kind(
        frozenset({"broadcaster_user_id", "moderator_user_id"}),
        "moderator_user_id",
        frozenset({"moderator:read:followers"}),
        version="2",
    ),
    "channel.subscribe": _of_channel("channel:read:subscriptions"),
    "channel.subscription.gift": _of_channel("channel:read:subscriptions"),
    "channel.subscription.message": _of_channel("channel:read:subscriptions"),
    "channel.cheer": _of_channel("bits:read"),
    "channel.ban": _of_channel("channel:moderate"),
    "channel.unban": _of_channel("channel:moderate"),
    "channel.raid": Kind(
        frozenset({"to_broadcaster_user_id"}), also=frozenset({"from_broadcaster_user_id"})
    ),
    "stream.online": Kind(CHANNEL),
    "stream.offline": Kind(CHANNEL),
    **{
        f"channel.channel_points_custom_reward_redemption.{what}": Kind(
            CHANNEL, "broadcaster_user_id", POINTS_SCOPES, also=frozenset({"reward_id"})
        )
        for what in ("add", "update")
    },
}

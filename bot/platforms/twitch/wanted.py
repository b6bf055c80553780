"""What is wanted of one channel: each kind of event with the account that may have it."""

from collections.abc import Iterable

from twitchio import eventsub

from bot.platforms.twitch import scopes
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.scopes import DEEDS
from bot.platforms.twitch.topics import Topic

DELETED = "see deleted messages"
STREAKS = "see watch streaks"
RAIDS = "see raids"
LIVE = "see whether the channel is live"


def owner_of(channel_id: str, accounts: Iterable[Account]) -> Account | None:
    """Whose channel it is, if they are signed in."""
    return next((one for one in accounts if one.user_id == channel_id), None)


def wanted(channel_id: str, reader: Account, streamer: Account | None) -> list[Topic]:
    """The chat first. What a sign-in does not allow is left out; that is said elsewhere."""
    room = {"broadcaster_user_id": channel_id, "user_id": reader.user_id}
    here = {"broadcaster_user_id": channel_id}
    found = [
        Topic(eventsub.ChatMessageSubscription(**room), channel_id, reader.user_id),
        *(
            Topic(payload, channel_id, reader.user_id, deed)
            for payload, deed in (
                (eventsub.ChatMessageDeleteSubscription(**room), DELETED),
                (eventsub.ChatClearUserMessagesSubscription(**room), DELETED),
                (eventsub.ChatNotificationSubscription(**room), STREAKS),
                (eventsub.ChannelRaidSubscription(to_broadcaster_user_id=channel_id), RAIDS),
                (eventsub.StreamOnlineSubscription(**here), LIVE),
                (eventsub.StreamOfflineSubscription(**here), LIVE),
            )
        ),
    ]
    if streamer is None:
        return found
    moderator = {**here, "moderator_user_id": channel_id}
    return found + [
        Topic(payload, channel_id, channel_id, DEEDS[scope])
        for scope, payload in (
            (scopes.REDEMPTIONS, eventsub.ChannelPointsRedeemAddSubscription(**here)),
            (scopes.REDEMPTIONS, eventsub.ChannelPointsRedeemUpdateSubscription(**here)),
            (scopes.FOLLOWERS, eventsub.ChannelFollowSubscription(**moderator)),
            (scopes.SUBSCRIPTIONS, eventsub.ChannelSubscribeSubscription(**here)),
            (scopes.SUBSCRIPTIONS, eventsub.ChannelSubscriptionGiftSubscription(**here)),
            (scopes.SUBSCRIPTIONS, eventsub.ChannelSubscribeMessageSubscription(**here)),
            (scopes.BITS, eventsub.ChannelCheerSubscription(**here)),
            (scopes.MODERATE, eventsub.ChannelBanSubscription(**here)),
            (scopes.MODERATE, eventsub.ChannelUnbanSubscription(**here)),
        )
        if scope in streamer.scopes
    ]

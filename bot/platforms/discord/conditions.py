"""How a connected bot fares: the one thing a streamer should know, with its fix."""

import discord

from bot.platform import PlatformStatus
from bot.platforms.discord.client import GiftClient
from bot.platforms.discord.faults import REFUSED_INTENT
from bot.platforms.discord.settings import PORTAL

_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    view_audit_log=True,
)
_CHECK_ID = "See whether [discord] guild_id is right. "


def condition(client: GiftClient, *, typed_refused: bool) -> PlatformStatus:
    """The most pressing of the things that keep gifts out; else which server is served.

    typed_refused: whether Discord refused to let the bot read messages.
    """
    home_id = client.home_id
    if home_id is None:
        return _homeless(client)
    app = client.application
    if app is not None and app.interactions_endpoint_url:
        return PlatformStatus(
            state="connected",
            cause="Slash commands do not arrive: Discord sends them to a web address.",
            fix=f"Empty Interactions Endpoint URL under {PORTAL} → your app.",
        )
    if client.commands_refused:
        return PlatformStatus(
            state="connected",
            cause="Discord did not take the list of slash commands; some may be missing.",
            fix="Start giftcast again in a few minutes; if it lasts, look into the log.",
        )
    if typed_refused:
        return REFUSED_INTENT
    guild = client.get_guild(home_id)
    if guild is not None and (unknown := client.unseen_channels(guild)):
        return PlatformStatus(
            state="connected",
            cause=f"The bot sees no channel {', '.join(unknown[:3])}: nothing is heard there.",
            fix="See whether [discord] channel_ids is right, and whether the bot has the "
            "permission View Channel there.",
        )
    if guild is not None and (closed := _closed_channels(client, guild)):
        return PlatformStatus(
            state="connected",
            cause=f"The bot may not write in {closed}, so nobody is answered there.",
            fix="In Discord open Edit Channel → Permissions and allow the bot View Channel, "
            "Send Messages and Read Message History.",
        )
    return PlatformStatus(state="connected", cause=f"Serves {guild.name}." if guild else "")


def _closed_channels(client: GiftClient, guild: discord.Guild) -> str:
    """Channels in which Discord refused to let us speak, by name."""
    named = [guild.get_channel_or_thread(number) for number in client.speech.refused_in[:3]]
    return ", ".join(f"#{channel.name}" for channel in named if channel is not None)


def _homeless(client: GiftClient) -> PlatformStatus:
    if len(client.guilds) > 1 and not client.is_home_named:
        return PlatformStatus(
            state="connected",
            cause="The bot is in several servers and does not know which one is yours.",
            fix="Put the id of your server in [discord] guild_id and start giftcast again.",
        )
    invitation = discord.utils.oauth_url(
        client.application_id or 0,
        permissions=_PERMISSIONS,
        scopes=("bot", "applications.commands"),
    )
    return PlatformStatus(
        state="connected",
        cause="The bot is not in your server.",
        fix=f"{_CHECK_ID if client.is_home_named else ''}Invite it: {invitation}",
    )

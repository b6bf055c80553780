"""A Twitch chat message as the desk wants it."""

import twitchio

from commands.chat import ChatMessage, Chatter, Role

ROLES = {
    "broadcaster": Role.CREATOR,
    "moderator": Role.MODERATOR,
    "lead_moderator": Role.MODERATOR,
}


def role(message: twitchio.ChatMessage) -> Role:
    """What the chatter may do in this channel; the rights come with the message."""
    if message.chatter.id == message.broadcaster.id:
        return Role.CREATOR
    return max(
        (ROLES.get(badge.set_id, Role.VIEWER) for badge in message.badges), default=Role.VIEWER
    )


def mentions(message: twitchio.ChatMessage) -> dict[str, Chatter]:
    """The people whom Twitch recognised in the text, by what names them in it."""
    found: dict[str, Chatter] = {}
    for fragment in message.fragments:
        user = fragment.mention
        if user is not None:
            person = Chatter(user.id, user.display_name or user.name or user.id)
            found[fragment.text.strip().lower()] = person
            found[f"@{user.name}".lower()] = person
    return found


def heard(message: twitchio.ChatMessage, stage: str, at: int) -> ChatMessage | None:
    """The message for the desk; None when it was not said to us.

    In a shared chat every channel gets every message: only the channel it was typed in counts
    it, under the id it has there.
    """
    source = message.source_broadcaster
    if source is not None and source.id != message.broadcaster.id:
        return None
    who = message.chatter
    return ChatMessage(
        id=f"twitch:chat:{message.source_id or message.id}",
        stage=stage,
        platform="twitch",
        channel=message.broadcaster.id,
        viewer=Chatter(who.id, who.display_name or who.name or who.id, role(message)),
        text=message.text,
        at=at,
        mentions=mentions(message),
    )

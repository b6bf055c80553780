"""A typed line, or a slash call, on its way to the desk."""

from collections.abc import Collection
from typing import Any

import discord

from bot.platforms.discord.people import Ranks
from commands.chat import ChatMessage, Chatter

_TYPED = (discord.MessageType.default, discord.MessageType.reply)


def is_by_a_person(message: discord.Message) -> bool:
    """Whether somebody typed it: no bot (ourselves included), no webhook, no notice of Discord's.

    The name of a new thread or a pin is a message too, but nobody typed it as one.
    """
    if message.author.bot or message.webhook_id is not None:
        return False
    return message.type in _TYPED


def is_within(channel: discord.abc.Snowflake, channel_ids: Collection[str]) -> bool:
    """Whether it is one of these channels or a thread of theirs; none named means all."""
    here = {str(channel.id), str(getattr(channel, "parent_id", ""))}
    return not channel_ids or not here.isdisjoint(channel_ids)


def chat_message(message: discord.Message, ranks: Ranks, *, stage: str, at: int) -> ChatMessage:
    """The line as the desk hears it."""
    owner_id = message.guild.owner_id if message.guild else None
    viewer = ranks.chatter(message.author, owner_id=owner_id)
    return ChatMessage(
        id=f"discord:msg:{message.id}",
        stage=stage,
        platform="discord",
        channel=str(message.channel.id),
        viewer=viewer,
        text=message.content,
        at=at,
        mentions=_mentions(message, ranks, owner_id),
        standing=ranks.standing(message.author, viewer),
    )


def slash_message(
    interaction: discord.Interaction[Any], text: str, ranks: Ranks, *, stage: str, at: int
) -> ChatMessage:
    """A slash call as the desk is told of it. text: the call as one line."""
    owner_id = interaction.guild.owner_id if interaction.guild else None
    may = interaction.permissions
    viewer = ranks.chatter(interaction.user, owner_id=owner_id, permissions=may)
    return ChatMessage(
        id=f"discord:int:{interaction.id}",
        stage=stage,
        platform="discord",
        channel=str(interaction.channel_id or ""),
        viewer=viewer,
        text=text,
        at=at,
        standing=ranks.standing(interaction.user, viewer),
    )


def _mentions(message: discord.Message, ranks: Ranks, owner_id: int | None) -> dict[str, Chatter]:
    """The people Discord resolved in the text, by both ways in which it writes them."""
    people: dict[str, Chatter] = {}
    for person in message.mentions:
        if not person.bot:
            chatter = ranks.chatter(person, owner_id=owner_id)
            people |= {f"<@{person.id}>": chatter, f"<@!{person.id}>": chatter}
    return people

"""Finding a member of the server by name, without the list of all members."""

from collections.abc import Sequence
from typing import Any

import discord
from discord.http import Route

from bot.platforms.discord.faults import FAULTS
from bot.platforms.discord.names import shown_name
from commands.chat import Chatter

_FOUND_MAX = 100


async def find_member(client: discord.Client, guild_id: int, name: str) -> Chatter | None:
    """The one member whose nickname, display name or user name this is.

    None when there is no such member, when there are two, or when Discord will not say:
    coins are never moved on a guess.
    """
    wanted = name.strip().removeprefix("@").casefold()
    if not wanted:
        return None
    route = Route("GET", "/guilds/{guild_id}/members/search", guild_id=guild_id)
    try:
        found = await client.http.request(route, params={"query": wanted, "limit": _FOUND_MAX})
    except FAULTS:
        return None
    people = [member for member in found if wanted in _names(member)]
    if len(people) != 1:
        return None
    user = people[0]["user"]
    called = people[0].get("nick") or user.get("global_name") or user["username"]
    return Chatter(str(user["id"]), shown_name(str(called), str(user["username"])))


async def avatars_of(client: discord.Client, user_ids: Sequence[str]) -> dict[str, str]:
    """The addresses of the avatars that these people have set themselves."""
    found: dict[str, str] = {}
    for user_id in user_ids:
        try:
            user = client.get_user(int(user_id)) or await client.fetch_user(int(user_id))
        except FAULTS:
            continue
        if user.avatar is not None:
            found[user_id] = user.avatar.replace(size=128, format="png").url
    return found


def _names(member: dict[str, Any]) -> set[str]:
    user = member["user"]
    if user.get("bot"):
        return set()
    names = (member.get("nick"), user.get("global_name"), user["username"])
    return {str(name).casefold() for name in names if name}

"""Finding channels by the names in the settings."""

from collections.abc import Sequence

import twitchio

AT_ONCE = 100  # dev.twitch.tv/docs/api/reference/#get-users


async def find_channels(
    client: twitchio.Client, names: Sequence[str], asker_id: str
) -> dict[str, twitchio.User]:
    """The channels by these names, which may be logins or ids. asker_id: whose token is used."""
    found: dict[str, twitchio.User] = {}
    for begin in range(0, len(names), AT_ONCE):
        logins = list(names[begin : begin + AT_ONCE])
        users = await client.fetch_users(logins=logins, token_for=asker_id)
        found |= {user.name: user for user in users if user.name}
    numbers = [name for name in names if name not in found and name.isdecimal()]
    for begin in range(0, len(numbers), AT_ONCE):
        users = await client.fetch_users(
            ids=list(numbers[begin : begin + AT_ONCE]), token_for=asker_id
        )
        found |= {user.id: user for user in users}
    return found

"""The one server that this bot serves. Anybody can invite a public bot to theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import discord


@dataclass(slots=True)
class Home:
    """Which server is served: the named one, else the only one, else its maker's own.

    A server found once stays the home while the bot is in it: a stranger who invites the
    bot elsewhere gains no say on this stage and silences nobody.
    """

    guild_id: str
    creator_id: str
    found: int | None = None

    def of(self, guilds: Sequence[discord.Guild], makers: Collection[int]) -> int | None:
        """The id of the home among the servers the bot is in; None while it is not clear.

        makers: who owns the bot's application.
        """
        present = {guild.id for guild in guilds}
        if self.guild_id:
            self.found = int(self.guild_id) if int(self.guild_id) in present else None
        elif self.found not in present:
            self.found = self._pick(guilds, makers)
        return self.found

    def _pick(self, guilds: Sequence[discord.Guild], makers: Collection[int]) -> int | None:
        if len(guilds) == 1:
            return guilds[0].id
        ours = [guild.id for guild in guilds if self._is_ours(guild, makers)]
        return ours[0] if len(ours) == 1 else None

    def _is_ours(self, guild: discord.Guild, makers: Collection[int]) -> bool:
        return guild.owner_id in makers or str(guild.owner_id) == self.creator_id

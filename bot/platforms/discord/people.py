"""Who is who on a server: a member's chatter and rank."""

from dataclasses import dataclass

import discord

from commands.chat import Chatter, Role

Person = discord.Member | discord.User


@dataclass(frozen=True, slots=True)
class Ranks:
    """Who streams and who moderates, by id.

    Rights come with each message and call, so the list of members is never asked for.
    """

    creator_id: str = ""
    moderator_role_id: str = ""

    def chatter(
        self,
        person: Person,
        *,
        owner_id: int | None,
        permissions: discord.Permissions | None = None,
    ) -> Chatter:
        """The person as the desk knows them.

        owner_id: the server's owner.
        permissions: as Discord sent them with a slash call; else worked out from the roles.
        """
        role = self._role(person, owner_id, permissions)
        return Chatter(str(person.id), person.display_name, role)

    def _role(
        self, person: Person, owner_id: int | None, permissions: discord.Permissions | None
    ) -> Role:
        if person.id == owner_id or str(person.id) == self.creator_id:
            return Role.CREATOR
        if not isinstance(person, discord.Member):
            return Role.VIEWER
        if self.moderator_role_id and person.get_role(int(self.moderator_role_id)):
            return Role.MODERATOR
        may = person.guild_permissions if permissions is None else permissions
        if may.administrator or may.manage_guild or may.moderate_members:
            return Role.MODERATOR
        return Role.VIEWER

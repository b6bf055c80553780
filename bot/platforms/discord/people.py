"""Who is who on a server: a member's chatter, rank and standing."""

from dataclasses import dataclass

import discord

from bot.platforms.discord.names import shown_name
from bot.platforms.discord.settings import Settings
from commands.chat import Chatter, Role

Person = discord.Member | discord.User


@dataclass(frozen=True, slots=True)
class Ranks:
    """Who streams and who moderates.

    Rights come with each message and call, so the list of members is never asked for.
    """

    settings: Settings

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
        name = shown_name(person.display_name, person.name)
        return Chatter(str(person.id), name, role)

    def standing(self, person: Person, chatter: Chatter) -> frozenset[str]:
        """What somebody is when coins are earned: by roles, by boosting, by rank."""
        words = {"moderator"} if chatter.role >= Role.MODERATOR else set()
        if isinstance(person, discord.Member):
            words |= {self.settings.standing.get(str(role.id), "") for role in person.roles}
            if person.premium_since is not None:
                words |= {"booster", self.settings.booster_is}
        return frozenset(words - {""})

    def _role(
        self, person: Person, owner_id: int | None, permissions: discord.Permissions | None
    ) -> Role:
        if person.id == owner_id or str(person.id) == self.settings.creator_id:
            return Role.CREATOR
        if not isinstance(person, discord.Member):
            return Role.VIEWER
        if any(person.get_role(int(role)) for role in self.settings.moderator_role_ids if role):
            return Role.MODERATOR
        may = person.guild_permissions if permissions is None else permissions
        if may.administrator or any(getattr(may, n) for n in self.settings.moderator_permissions):
            return Role.MODERATOR
        return Role.VIEWER

    def hint(self, role: Role) -> discord.Permissions | None:
        """Whom Discord shall show a command of that role; None: everybody.

        It can name permissions only, all of which are then needed. Where roles moderate, or one
        of several permissions is enough, it would hide commands from those whom they are for.
        """
        settings = self.settings
        if role is Role.VIEWER:
            return None
        if role is Role.CREATOR:
            return None if settings.creator_id else discord.Permissions(manage_guild=True)
        if settings.moderator_role_ids or len(settings.moderator_permissions) != 1:
            return None
        return discord.Permissions(**{settings.moderator_permissions[0]: True})

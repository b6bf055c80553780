"""The slash commands of this program as a whole."""

from collections.abc import Callable, Iterable
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.platforms.discord.answers import Interaction, Told, say
from bot.platforms.discord.counter import Counter
from bot.platforms.discord.slash import Hint, slash_command
from commands.command import Command

_CHANGED = Told("This command has changed. Wait a minute and try again.")


class Tree(app_commands.CommandTree[Any]):
    """Every command of the desk, and the menu; in servers only.

    forget: called when Discord shows a command that we no longer have in that form.
    """

    def __init__(
        self,
        client: discord.Client,
        commands: Iterable[Command],
        *,
        counter: Counter,
        hint: Hint,
        forget: Callable[[], None],
    ) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._forget = forget
        for command in commands:
            slash = slash_command(command, carry=counter.call, suggest=counter.suggest, hint=hint)
            self.add_command(slash)
        self.add_command(counter.menu_command())

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """A command that has changed is told anew, and its caller to wait."""
        structlog.get_logger().warning("discord.command_unknown", why=str(error))
        self._forget()
        await say(interaction, _CHANGED)

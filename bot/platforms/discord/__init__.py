"""Discord: typed `!gift` lines and slash commands of one server, through discord.py."""

from collections.abc import Mapping
from typing import Any

from bot.platform import House, Platform
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.settings import read


def build(section: Mapping[str, Any], house: House) -> Platform:
    """The Discord platform that section `[discord]` describes."""
    return DiscordPlatform(read(section), house)

"""Twitch: chat heard over EventSub, answered through Helix, by means of twitchio."""

import warnings
from collections.abc import Mapping
from typing import Any

with warnings.catch_warnings():
    # twitchio's web adapter, which we never start, makes aiohttp warn on import
    warnings.filterwarnings("ignore", "Inheritance class", DeprecationWarning)
    import twitchio  # noqa: F401

from bot.platform import House, Platform
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.settings import read


def build(section: Mapping[str, Any], house: House) -> Platform:
    """The Twitch platform for one channel. Raises `SettingsError`."""
    return TwitchPlatform(read(section), house)

"""Finds the platforms that the settings name, and builds them."""

import pkgutil
from importlib import import_module

import bot.platforms
from bot.avatars import SECTION as AVATARS
from bot.errors import SettingsError
from bot.obs.settings import SECTION as OBS
from bot.platform import House, Platform
from bot.settings import Settings
from bot.speech.settings import SECTION as SPEECH
from commands.chat import Chatter

SIMULATOR, REPLAY = "simulator", "replay"
PLAY = (SIMULATOR, REPLAY)  # nobody outside is involved


def known_platforms() -> list[str]:
    """Every platform that there is a file or folder for."""
    return sorted(module.name for module in pkgutil.iter_modules(bot.platforms.__path__))


def named_platforms(settings: Settings) -> list[str]:
    """Those that the settings name; with none named, the simulated chat."""
    known = known_platforms()
    if unknown := sorted(set(settings.sections) - {OBS, AVATARS, SPEECH, *known}):
        raise SettingsError(
            f"[{unknown[0]}] is no section that giftcast knows: "
            f"there are server, journal, {OBS}, {AVATARS}, {SPEECH}, {', '.join(known)}"
        )
    named = [
        name
        for name in known
        if name != SIMULATOR and settings.sections.get(name) and settings.enabled(name) is not False
    ]
    simulated = settings.enabled(SIMULATOR)
    if simulated or (simulated is None and not set(named) - {REPLAY}):
        named.append(SIMULATOR)
    return named


def real_platforms(settings: Settings) -> list[str]:
    """Those that the settings name and that have somebody outside."""
    return [name for name in named_platforms(settings) if name not in PLAY]


def build_platforms(settings: Settings, house: House) -> dict[str, Platform]:
    """The platforms by name. Only their modules are imported."""
    built: dict[str, Platform] = {}
    for name in named_platforms(settings):
        module = import_module(f"bot.platforms.{name}")
        section = {k: v for k, v in settings.sections.get(name, {}).items() if k != "enabled"}
        built[name] = module.build(section, house)
    return built


class PlatformDirectory:
    """`commands.call.Directory` over whatever platforms run."""

    def __init__(self, platforms: dict[str, Platform]) -> None:
        self._platforms = platforms

    async def find(self, platform: str, name: str) -> Chatter | None:
        """See `commands.call.Directory`."""
        found = self._platforms.get(platform)
        return await found.find(name) if found else None

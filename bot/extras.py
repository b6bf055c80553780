"""Extras: what is there only when the settings ask for it, or unless they forbid it."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.avatars import Avatars, build_avatars
from bot.edited import Edited
from bot.obs.effects import HeroEffects, build_effects
from bot.platform import Platform
from bot.screen import Screen
from bot.settings import Settings
from bot.speech import engine_of
from bot.speech.settings import speech_settings
from bot.speech.speaker import Speaker
from commands.settle import Settler
from data.identities import Identities
from data.sqlite.journal import SqliteJournal


@dataclass(frozen=True, slots=True)
class Extras:
    """effects: in OBS, for great gifts; avatars: viewers' faces; speaker: their words, aloud."""

    effects: HeroEffects | None = None
    avatars: Avatars | None = None
    speaker: Speaker | None = None

    def duties(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """What they do all the while."""
        found = (("obs", self.effects), ("avatars", self.avatars), ("speech", self.speaker))
        return [(name, part.run()) for name, part in found if part is not None]


def build_extras(
    settings: Settings,
    stage: str,
    journal: SqliteJournal,
    folder: Path,
    *,
    people: Identities,
    platforms: Mapping[str, Platform],
    edited: Edited,
    settler: Settler,
    screen: Screen,
) -> Extras:
    """As the settings say. Raises `SettingsError`."""
    return Extras(
        build_effects(settings, stage, journal, folder),
        build_avatars(settings, journal, people, platforms, screen),
        _speaker(settings, journal, edited, settler, screen),
    )


def _speaker(
    settings: Settings, journal: SqliteJournal, edited: Edited, settler: Settler, screen: Screen
) -> Speaker | None:
    wanted = speech_settings(settings.sections)
    engine = engine_of(wanted)
    if engine is None:
        return None

    def told(stage: str, gift_id: str, sound: bytes) -> None:
        screen.hub.speak(stage, gift_id, lambda: screen.clips.add(sound))

    return Speaker(
        journal,
        journal.books,
        wanted,
        engine,
        policies=edited.policies.of,
        muted=settler.muted,
        told=told,
    )

"""Text to speech by engines on this machine, one file each."""

from collections.abc import Callable

from bot.speech.engine import Engine
from bot.speech.espeak import Espeak
from bot.speech.piper import Piper
from bot.speech.settings import SpeechSettings

_ENGINES: dict[str, Callable[[str, str, float], Engine]] = {"espeak-ng": Espeak, "piper": Piper}


def engine_of(settings: SpeechSettings) -> Engine | None:
    """The engine that they name."""
    made = _ENGINES.get(settings.engine)
    return made(settings.program, settings.voice, settings.seconds_max) if made else None

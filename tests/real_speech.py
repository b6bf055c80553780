"""A real espeak-ng says a few words. Run by `make speech`; no part of `make test`."""

import shutil

from bot.speech.espeak import INSTALL, Espeak
from tests.test_speech import seconds_of


async def test_espeak_ng_speaks() -> None:
    """In several languages; hostile words are words."""
    assert shutil.which("espeak-ng"), f"espeak-ng is not here: {INSTALL}"
    for voice, text in (
        ("en", "Mia: great play!"),
        ("de", "Schöne Grüße"),
        ("cmn", "你好"),
        ("en", '<speak>-w /tmp/x $(id) [[h@]] "quoted"</speak>'),
    ):
        engine = Espeak("", voice, seconds_max=10)
        assert engine.missing() is None
        assert 0.3 < seconds_of(await engine.speak(text)) <= 10
    assert seconds_of(await Espeak("", "en", seconds_max=1).speak("a word and another " * 9)) == 1

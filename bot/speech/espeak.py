"""espeak-ng: small, quick, in over a hundred languages, a little tinny."""

import shutil

from bot.speech.engine import SpeechError
from bot.speech.program import output_of, wav

PROGRAM = "espeak-ng"
VOICE = "en"
INSTALL = (
    "install it: apt-get install espeak-ng, brew install espeak-ng, or the installer of "
    "github.com/espeak-ng/espeak-ng for Windows; or name it: [speech] program"
)
PATIENCE_S = 8.0
_HEAD = 44  # espeak-ng writes the plain header of a WAV whose length it does not know yet
_RATE_MAX = 48_000


class Espeak:
    """`espeak-ng`, as its manual page has it."""

    def __init__(self, program: str, voice: str, seconds_max: float) -> None:
        self._program, self._voice = program or PROGRAM, voice or VOICE
        self._seconds_max = seconds_max

    def missing(self) -> tuple[str, str] | None:
        """See `Engine`."""
        if shutil.which(self._program):
            return None
        return (
            f"there is no {self._program}",
            INSTALL,
        )

    async def speak(self, text: str) -> bytes:
        """See `Engine`."""
        command = (self._program, "--stdin", "--stdout", "-b", "1", "-v", self._voice)
        most = _HEAD + 2 * int(_RATE_MAX * self._seconds_max)
        said = await output_of(command, text, seconds=PATIENCE_S, most=most)
        rate = int.from_bytes(said[24:28], "little")
        if said[:4] != b"RIFF" or not 8_000 <= rate <= _RATE_MAX:
            raise SpeechError(f"{self._program} answered with something else than sound")
        return wav(said[_HEAD:], rate, self._seconds_max)

"""piper: voices that sound like people, each a model in a file."""

import json
import shutil
from pathlib import Path

from bot.speech.engine import SpeechError
from bot.speech.program import output_of, wav

PROGRAM = "piper"
FETCH = (
    "fetch one: python -m piper.download_voices en_US-lessac-medium; and name the .onnx file: "
    "[speech] voice"
)
PATIENCE_S = 20.0  # it reads the model anew each time


class Piper:
    """`piper`, with the model (`.onnx`) that `voice` names; beside it lies its description."""

    def __init__(self, program: str, voice: str, seconds_max: float) -> None:
        self._program, self._voice = program or PROGRAM, Path(voice).expanduser()
        self._seconds_max = seconds_max

    def missing(self) -> tuple[str, str] | None:
        """See `Engine`."""
        if not shutil.which(self._program):
            return (
                f"there is no {self._program}",
                "install it apart: pipx install piper-tts; or name it: [speech] program",
            )
        if not self._voice.is_file() or not self._described().is_file():
            return (
                f"there is no voice {self._voice} with its .json beside it",
                FETCH,
            )
        return None

    async def speak(self, text: str) -> bytes:
        """See `Engine`."""
        try:
            rate = int(json.loads(self._described().read_text("utf-8"))["audio"]["sample_rate"])
        except (OSError, ValueError, KeyError, TypeError):
            raise SpeechError(f"{self._described()} cannot be read") from None
        command = (self._program, "--model", str(self._voice), "--output_raw")
        most = 2 * int(rate * self._seconds_max)
        said = await output_of(command, text, seconds=PATIENCE_S, most=most)
        return wav(said, rate, self._seconds_max)

    def _described(self) -> Path:
        return self._voice.with_name(self._voice.name + ".json")

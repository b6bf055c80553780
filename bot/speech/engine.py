"""The seam that an engine fills: it makes sound of words."""

from typing import Protocol


class SpeechError(Exception):
    """Nothing could be said; the text is a sentence for a streamer."""


class Engine(Protocol):
    """A program on this machine that speaks."""

    def missing(self) -> tuple[str, str] | None:
        """What it lacks and how to mend that; None when it is all there."""

    async def speak(self, text: str) -> bytes:
        """The words as WAV, no longer than agreed. Raises `SpeechError`."""

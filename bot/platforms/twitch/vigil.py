"""The vigil: since when Twitch was not heard, also through restarts."""

from collections.abc import Callable
from pathlib import Path

from bot.platforms.twitch import kept

FILE_NAME = "twitch-heard.json"
SAVE_EVERY_MS = 10_000


class Vigil:
    """Notes when Twitch was last heard, and tells each time in which it was not.

    It begins with the last message of any kind, and ends when everything that is wanted is
    subscribed again: what happened in between Twitch will not repeat. A connection that Twitch
    itself moved is none. channel: another one than before begins anew. now: epoch milliseconds.
    """

    def __init__(self, folder: Path, channel: str, now: Callable[[], int]) -> None:
        self._path = folder / FILE_NAME
        self._channel = channel
        self._now = now
        self._saved = 0
        found = kept.read(self._path)
        heard = found.get("heard_at") if found.get("channel") == channel else None
        self._heard: int | None = heard if isinstance(heard, int) else None
        self._began: int | None = self._heard

    def heard(self, silence_s: float = 0.0) -> None:
        """A message came so long ago, on a connection that carries something."""
        at = self._now() - round(silence_s * 1000)
        self._heard = at if self._heard is None else max(self._heard, at)
        if self._heard - self._saved >= SAVE_EVERY_MS:
            self.save()

    def lost(self, silence_s: float | None = None) -> None:
        """Something that is wanted does not arrive any more. silence_s: since when its
        connection was silent; None: since the last message on any."""
        began = self._heard if silence_s is None else self._now() - round(silence_s * 1000)
        if self._began is None or (began is not None and began < self._began):
            self._began = began

    def whole(self) -> tuple[int, int] | None:
        """Everything that is wanted arrives. The gap that this ends, as two times."""
        began, self._began = self._began, None
        if began is None and self._heard is not None:
            return None
        ended = self._heard = self._now()
        self.save()
        return None if began is None else (began, ended)

    def save(self) -> None:
        """Keep the time for the next start."""
        if self._heard is not None:
            values = {"channel": self._channel, "heard_at": self._heard}
            kept.write(self._path, values, sync=False)
            self._saved = self._heard

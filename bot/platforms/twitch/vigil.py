"""The vigil: since when Twitch was not heard, also through restarts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.platforms.twitch import kept
from bot.platforms.twitch.topics import Gap

FILE_NAME = "twitch-heard.json"
SAVE_EVERY_MS = 10_000


OWED_MAX = 50


class Vigil:
    """Notes when Twitch was last heard, and tells each time in which it was not.

    It begins with the last message of any kind, and ends when everything that is wanted is
    subscribed again: what happened in between Twitch will not repeat. A connection that Twitch
    itself moved is none. What was told and not yet `recorded` is told again after a restart.
    channel: another one than before begins anew. now: epoch milliseconds.
    """

    def __init__(self, folder: Path, channel: str, now: Callable[[], int]) -> None:
        self._path = folder / FILE_NAME
        self._channel = channel
        self._now = now
        self._saved = 0
        found = kept.read(self._path)
        known = found if found.get("channel") == channel else {}
        heard = known.get("heard_at")
        self._heard: int | None = heard if isinstance(heard, int) else None
        self._began: int | None = self._heard
        self._owed = _times(known.get("gaps"))
        self._untold = list(self._owed)

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

    def whole(self, gap: Gap) -> None:
        """Everything that is wanted arrives. gap: takes each time in which it did not, until
        that is `recorded`."""
        began, self._began = self._began, None
        if began is not None:
            ended = (began, max(began, self._now()))
            self._owed = [*self._owed, ended][-OWED_MAX:]
            self._untold.append(ended)
        if began is not None or self._heard is None:
            self._heard = self._now()
            self.save()
        untold, self._untold = self._untold, []
        for times in untold:
            gap(*times)

    def recorded(self, began: int) -> None:
        """The gap that began then is in the books."""
        self._owed = [times for times in self._owed if times[0] != began]
        self.save()

    def save(self) -> None:
        """Keep the time for the next start."""
        if self._heard is None:
            return
        since = self._heard if self._began is None else min(self._began, self._heard)
        values = {"channel": self._channel, "heard_at": since, "gaps": self._owed}
        kept.write(self._path, values, sync=False)
        self._saved = self._heard


def _times(rows: Any) -> list[tuple[int, int]]:
    """The pairs of times in what was read."""
    return [
        (row[0], row[1])
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, list) and [type(part) for part in row] == [int, int]
    ]

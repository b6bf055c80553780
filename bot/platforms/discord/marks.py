"""How far we have heard: the last line of each channel, kept on disk."""

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import structlog

CHANNELS_MAX = 100
HEARD_MAX = 5_000
STILL_MS = 15_000  # that we still listen is written down so often

_log = structlog.get_logger()


class Marks:
    """The last line heard in each channel, and when we last listened.

    A new session, and a new process, go on from there. What is written is how things stood at
    the time before: by then every line up to it has been decided. A line read a second time is
    known by its id, so the file need not survive a power cut to the last second.

    alive_at: epoch milliseconds; 0 when we never listened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: OrderedDict[int, int] = OrderedDict()
        self._heard: OrderedDict[int, None] = OrderedDict()
        self.alive_at = 0
        self._load()
        self._decided = self.last()
        self._written: dict[str, Any] = {}

    def heard(self, channel_id: int, message_id: int) -> bool:
        """Notes a line as the newest of its channel; false when it was heard before."""
        if message_id in self._heard:
            return False
        self._heard[message_id] = None
        if len(self._heard) > HEARD_MAX:
            self._heard.popitem(last=False)
        self._last[channel_id] = max(message_id, self._last.get(channel_id, 0))
        self._last.move_to_end(channel_id)
        if len(self._last) > CHANNELS_MAX:
            self._last.popitem(last=False)
        return True

    def last(self) -> dict[int, int]:
        """The last line of each channel, as of now."""
        return dict(self._last)

    def save(self) -> None:
        """Writes down how things stood at the last saving, if that is news; a small file."""
        decided, self._decided = self._decided, self.last()
        written = self._written
        news = decided != written.get("channels")
        if news or self.alive_at - written.get("alive_at", 0) >= STILL_MS:
            self._written = {"alive_at": self.alive_at, "channels": decided}
            self._write(self._written)

    def end(self, *, decided: bool) -> None:
        """A session has ended, and everything is written down. decided: whether all lines were;
        if not, those of the last while are to be read again."""
        if not decided:
            self._last = OrderedDict(self._decided)
            self._heard.clear()
        self._decided = self.last()
        self._written = {"alive_at": self.alive_at, "channels": self._decided}
        self._write(self._written)

    def _load(self) -> None:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            last = {int(channel): int(line) for channel, line in found["channels"].items()}
            self.alive_at = int(found["alive_at"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("discord.marks_unreadable", why=str(error))
            return
        self._last.update(list(last.items())[-CHANNELS_MAX:])

    def _write(self, marks: dict[str, Any]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".tmp")
            temporary.write_text(json.dumps(marks), encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            _log.warning("discord.marks_not_noted", why=str(error))

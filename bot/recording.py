"""Recordings: files of events as platforms send them, one JSON object a line.

What is broken is told by its line and passed over; what is too large is not begun.
"""

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import orjson

from bot.errors import SettingsError
from bot.recorded import Heard, TikTokGift, Unheard, recognise

FILE_MAX, LINE_MAX, LINES_MAX = 64_000_000, 65_536, 1_000_000
STREAK_MS = 10_000  # after its last frame a streak is over, also when its end was lost
STREAKS_MAX = 1_000


class Recording:
    """A file of events. Raises `SettingsError` when it cannot be one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise SettingsError(f"{path} is no file: name a recording, one JSON object a line")
        if path.stat().st_size > FILE_MAX:
            raise SettingsError(f"{path} is larger than {FILE_MAX:,} bytes: play it in parts")

    def events(self) -> Iterator[Heard | Unheard]:
        """What is in it, in order. Reads as it is asked."""
        streaks = Streaks()
        for number, line in self._lines():
            found = _event(number, line)
            if isinstance(found, Unheard):
                yield found
                continue
            yield from streaks.ended(found.at_ms)
            if isinstance(found, Heard):
                yield found
            elif found.streak:
                yield from streaks.take(found)
            else:
                yield found.heard()
        yield from streaks.ended()

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its number, empty ones apart; one too long is cut just past the limit."""
        with self.path.open("rb") as file:
            for number in range(1, LINES_MAX + 2):
                line = file.readline(LINE_MAX + 1)
                if line.strip():
                    yield number, line
                while len(line) > LINE_MAX and not line.endswith(b"\n"):
                    line = file.readline(LINE_MAX + 1)
                if not line:
                    return


class Streaks:
    """Gifts that TikTok tells of again and again with a rising count, until they end.

    Each becomes one gift of its highest count, whichever frames are missing or come twice.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[str, TikTokGift] = OrderedDict()
        self._over: OrderedDict[str, None] = OrderedDict()

    def take(self, frame: TikTokGift) -> Iterator[Heard]:
        """One more frame; the gifts that end with it."""
        streak = frame.streak
        if streak in self._over:
            return
        before = self._open.pop(streak, frame)
        most = max(before.repeat_count, frame.repeat_count)
        self._open[streak] = frame.model_copy(update={"repeat_count": most})
        if frame.repeat_end:
            yield self._end(streak)
        elif len(self._open) > STREAKS_MAX:
            yield self._end(next(iter(self._open)))

    def ended(self, at_ms: int | None = None) -> Iterator[Heard]:
        """Those that have been silent too long by then; without a time, all."""
        for streak, last in list(self._open.items()):
            if at_ms is None or at_ms - last.at_ms > STREAK_MS:
                yield self._end(streak)

    def _end(self, streak: str) -> Heard:
        self._over[streak] = None
        if len(self._over) > 10 * STREAKS_MAX:
            self._over.popitem(last=False)
        return self._open.pop(streak).heard()


def _event(number: int, line: bytes) -> Heard | TikTokGift | Unheard:
    if number > LINES_MAX:
        return Unheard(number, f"a recording ends after {LINES_MAX:,} lines: play it in parts")
    if len(line) > LINE_MAX:
        return Unheard(number, f"it is longer than {LINE_MAX:,} bytes")
    try:
        return recognise(number, orjson.loads(line))
    except orjson.JSONDecodeError as error:
        return Unheard(number, f"it is no JSON ({error.msg})")

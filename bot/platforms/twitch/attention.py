"""How long Twitch was not heard: each time is reported once it is over."""

import json
from collections.abc import Callable
from pathlib import Path

import structlog

FILE_NAME = "twitch-heard.json"
NOTE_EVERY_MS = 10_000
_BEFORE = "before the start"


class Attention:
    """Notes when each connection was heard last. Between the loss of the first and the return
    of the last one lies a gap: Twitch does not send again what it sent meanwhile.

    now: milliseconds since the epoch. path: where the last moment is kept through restarts.
    report: takes the begin and the end of a gap, in the same milliseconds.
    """

    def __init__(
        self, now: Callable[[], int], path: Path, report: Callable[[int, int], None]
    ) -> None:
        self._now = now
        self._path = path
        self._report = report
        self._last: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._began: int | None = None
        self._noted = 0
        if before := _read(path):
            self._lost[_BEFORE] = before

    def heard(self, key: str) -> None:
        """Something came over a connection, be it only a sign of life."""
        now = self._last[key] = self._now()
        if not self._lost and not 0 <= now - self._noted < NOTE_EVERY_MS:
            self._note(now)

    def lost(self, key: str) -> None:
        """A connection is no more; it may have died when it was last heard."""
        if key in self._last:
            self._lost.setdefault(key, self._last[key])

    def found(self, key: str) -> None:
        """It is back, or another has taken its place."""
        self._last[key] = self._now()
        if (began := self._lost.pop(key, None)) is not None:
            self._began = began if self._began is None else min(began, self._began)
        if self._began is not None and not self._lost:
            began, self._began = self._began, None
            self._report(began, max(began, self._now()))

    def found_all(self) -> None:
        """Everything that is wanted is heard: no connection of before is waited for."""
        for key in list(self._lost):
            self.found(key)

    def lost_all(self) -> None:
        """Nothing is heard any more, for now or at the end of the program."""
        for key in list(self._last):
            self.lost(key)
        self._last.clear()
        if self._lost:
            self._note(min(self._lost.values()))

    def _note(self, at: int) -> None:
        self._noted = at
        try:
            self._path.write_text(json.dumps({"at": at}), "utf-8")
        except OSError as error:
            structlog.get_logger().warning("twitch.moment_unsaved", error=type(error).__name__)


def _read(path: Path) -> int:
    """The last moment noted, or 0."""
    try:
        at = json.loads(path.read_text("utf-8"))["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return at if isinstance(at, int) else 0

"""`pin.changed {…, until}`: the gift that stays in sight, as in `gift.sent`, and until when."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.pins import Pins
from data.events import stamp
from data.journal import Books
from data.ledger import Record
from overlay.backlog import Faces, playing_event
from overlay.kinds import Data

# a refund takes it off, a strike its words
_CHANGING = frozenset({"control", "refund", "strike"})


class PinKind:
    """The gift that a moderator has pinned. `until` is on the clock of the frame's `at`. now: epoch
    milliseconds."""

    type = "pin.changed"

    def __init__(self, pins: Pins, books: Books, now: Callable[[], int], faces: Faces) -> None:
        self._pins, self._books, self._now, self._faces = pins, books, now, faces

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("pin",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return record.kind in _CHANGING

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        pin = self._pins.of(stage)
        if pin is None or pin.until <= self._now():
            return {}
        record = await self._books.find(stage, pin.gift)
        if record is None or await self._books.state(stage, pin.gift) != "settled":
            return {}
        return {
            topic: {
                **playing_event(record, faces=self._faces).data,
                "until": stamp(pin.until),
            }
        }

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

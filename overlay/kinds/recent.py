"""`recent.changed {gifts}`: the gifts that were settled last, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.events import stamp
from data.journal import Books
from data.ledger import Record
from overlay.backlog import Faces, playing_event
from overlay.kinds import Data, changes_sums

GIFTS = 30


class RecentKind:
    """Each as in `gift.sent`, with `at`, when it was sent. What is taken back leaves the list, and
    so does a text that was deleted."""

    type = "recent.changed"

    def __init__(self, books: Books, faces: Faces) -> None:
        self._books, self._faces = books, faces

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("recent",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record) or record.kind == "strike"

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        latest = await self._books.latest_gifts(stage, limit=GIFTS)
        told = [
            {**playing_event(record, faces=self._faces).data, "at": stamp(record.at)}
            for record in latest
        ]
        return {topic: {"gifts": told}}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

"""Kinds of states that widgets show, each in a file of its own; `overlay/states.py` tells them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from data.ledger import Record

Data = dict[str, Any]
# A show and a link count anew what is there; a refund and a settling change it.
_COUNTING = frozenset({"settle", "refund", "show", "link", "unlink"})


class Kind(Protocol):
    """One kind of state. type: that of its frames, by which a widget declares it."""

    @property
    def type(self) -> str:
        """As it stands among a widget's `events`."""

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """Which parts of it a page with these settings shows, such as the period of a board."""

    def follows(self, record: Record) -> bool:
        """Whether this record may have changed it. Cheap: asked about every record."""

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """All there is to say now, from the books: the data of each frame by its id."""

    def change(self, before: Data | None, now: Data) -> Data:
        """What is told to pages that know `before` (None: nothing); mostly just `now`."""


def changes_sums(record: Record) -> bool:
    """Whether sums of settled gifts may be others after this record."""
    return record.kind in _COUNTING or (record.kind == "gift" and bool(record.facts["settled"]))

"""Kinds of states that widgets show, each in a file of its own; `overlay/states.py` tells them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from data.catalogue import Catalogue
from data.ledger import Record

Data = dict[str, Any]
CHANGES_AT = "changes_at"  # in data: when it will change by itself, in epoch ms; null: never
# A show and a link count anew what is there; a refund and a settling change it.
_UNKNOWN = {"price_coins": 0, "tier": 1, "alt": ""}
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


def whole(settings: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    """A setting as a whole number within its bounds; `usual` when it is none."""
    value = settings.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return usual
    return max(least, min(most, round(value)))


def span_of(settings: Mapping[str, Any]) -> str:
    """The setting `period` of a widget that counts a `show` or `today`."""
    return "today" if settings.get("period") == "today" else "show"


def faces(catalogue: Catalogue, gifts: Iterable[str]) -> dict[str, Data]:
    """Gifts by id as in `gift.sent`; one that is no more in the catalogue by its id alone."""
    found: dict[str, Data] = {}
    for id_ in gifts:
        gift = catalogue.find(id_)
        found[id_] = gift.face() if gift else {**_UNKNOWN, "id": id_, "name": id_, "art": id_}
    return found

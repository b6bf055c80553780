"""`credits.changed {show, cue, ended_at, givers, gifts, biggest, combo, …}`: who made the show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from commands.boards import Boards
from commands.credits import ROLL, STOP
from commands.givings import Givings
from commands.shows import Shows
from commands.spans import Span, Spans
from data.catalogue import Catalogue
from data.events import stamp
from data.journal import Books, GiftSum, Given
from data.ledger import Record
from overlay.backlog import playing_event
from overlay.kinds import Data

GIVERS = 200
GIFTS = 8
MARKS = 20  # of shows that are looked back
_CHANGING = frozenset({"show", "refund"})


class CreditsKind:
    """The credits of the show that is on, or was the last; without any, of today.

    Read when they roll, at the beginning and end of a show, and when something is taken back.
    cue: a moderator's last word, `{id, rolls, at}`. ended_at: when the show has ended. givers:
    `[{key, name, coins, gifts}]`, the biggest first, at most 200. gifts: `[{gift, count, coins}]`,
    the most often sent first. biggest, combo: a gift as in `gift.sent`; `combo.units`.
    """

    type = "credits.changed"

    def __init__(
        self,
        boards: Boards,
        books: Books,
        givings: Givings,
        *,
        catalogue: Catalogue,
        shows: Shows,
        spans: Spans,
    ) -> None:
        self._boards, self._books, self._givings = boards, books, givings
        self._catalogue, self._shows, self._spans = catalogue, shows, spans

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("credits",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        steered = record.kind == "control" and record.facts["action"] in (ROLL, STOP)
        return steered or record.kind in _CHANGING

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        span = self._spans.of(stage, "show")
        givers = await self._boards.read(stage, span, GIVERS)
        of = {"since_day": span.since_day, "show": span.show}
        sums = await self._books.gift_sums(stage, **of)
        given = [gift for gift in await self._givings.of(stage, "show") if gift.settled]
        combo, units = longest_combo(given)
        told = await self._gift(stage, combo)
        return {
            topic: {
                "show": span.show,
                "cue": await self._cue(stage),
                "ended_at": await self._ended_at(stage),
                "givers": [
                    {
                        "key": str(row.viewer),
                        "name": row.name,
                        "coins": row.coins,
                        "gifts": row.gifts,
                    }
                    for row in givers
                ],
                "gifts": self._sent(sums),
                "biggest": await self._gift(stage, max(given, key=_size, default=None)),
                "combo": told and {**told, "units": units},
                "totals": {
                    "gifts": sum(each.units for each in sums),
                    "coins": sum(each.coins for each in sums),
                    "viewers": await self._viewers(stage, span),
                },
            }
        }

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    async def _gift(self, stage: str, gift: Given | None) -> Data | None:
        record = await self._books.find(stage, gift.seq) if gift else None
        return playing_event(record).data if record else None

    async def _viewers(self, stage: str, span: Span) -> int:
        return await self._books.givers(stage, since_day=span.since_day, show=span.show)

    async def _cue(self, stage: str) -> Data | None:
        for record in reversed(await self._books.controls(stage)):
            if (action := record.facts["action"]) in (ROLL, STOP):
                return {"id": record.gift_id, "rolls": action == ROLL, "at": stamp(record.at)}
        return None

    async def _ended_at(self, stage: str) -> str | None:
        if self._shows.current(stage):
            return None
        marks = await self._books.marks(stage, "show", limit=MARKS)
        ends = (stamp(mark.at) for mark in reversed(marks) if mark.facts["action"] == "end")
        return next(ends, None)

    def _sent(self, sums: Sequence[GiftSum]) -> list[Data]:
        units: Counter[str] = Counter()
        coins: Counter[str] = Counter()
        for each in sums:
            units[each.gift] += each.units
            coins[each.gift] += each.coins
        found = []
        for id_, count in units.most_common():
            if gift := self._catalogue.find(id_):
                found.append({"gift": gift.face(), "count": count, "coins": coins[id_]})
        return found[:GIFTS]


def longest_combo(gifts: Sequence[Given]) -> tuple[Given | None, int]:
    """The newest gift of the combo with the most units, of more than one gift, and its units."""
    units: Counter[str] = Counter()
    newest: dict[str, Given] = {}
    several: set[str] = set()
    for gift in gifts:
        if gift.combo in newest:
            several.add(gift.combo)
        units[gift.combo] += gift.units
        newest[gift.combo] = gift
    found = max(several - {""}, key=lambda combo: (units[combo], -newest[combo].seq), default=None)
    return (newest[found], units[found]) if found else (None, 0)


def _size(gift: Given) -> tuple[int, int]:
    return (gift.coins, -gift.seq)

"""`entrance.changed {entrance_id, entrances}`: top gifters who have just come."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commands.arrivals import Arrival, Arrivals
from commands.boards import Boards, Row
from commands.spans import PERIODS, Spans
from data.events import stamp
from data.identities import Identities
from data.journal import Books
from data.ledger import Record
from overlay.backlog import Faces
from overlay.kinds import Data

FRESH_MS = 20_000  # who came before is not announced any more
TOLD = 5
PLACES_MAX = 3
AGAIN_MAX_M = 1_440


@dataclass(slots=True)
class _Topic:
    """looked: the newest arrival that was judged. entered: in which sitting, and when (epoch
    ms), each person had their entrance last; bounded by who can be on a board."""

    looked: int = 0
    entered: dict[int, tuple[int, int]] = field(default_factory=dict)
    told: deque[Data] = field(default_factory=lambda: deque(maxlen=TOLD))


class EntranceKind:
    """Those among the first `places` of a `period` who said something or gave for the first time
    in the show, or wrote after `again_m` minutes of silence (0: never again in it).

    An entrance is `{id, name, avatar, rank, coins, at}`. Hidden and barred people have none.
    """

    type = "entrance.changed"

    def __init__(
        self,
        arrivals: Arrivals,
        boards: Boards,
        books: Books,
        *,
        people: Identities,
        spans: Spans,
        faces: Faces,
    ) -> None:
        self._arrivals, self._boards, self._books = arrivals, boards, books
        self._people, self._spans, self._faces = people, spans, faces
        self._topics: dict[tuple[str, str], _Topic] = {}

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        period = settings.get("period")
        period = period if period in PERIODS else "month"
        places = _bounded(settings.get("places"), 1, PLACES_MAX, PLACES_MAX)
        again_m = _bounded(settings.get("again_m"), 0, AGAIN_MAX_M, 0)
        return (f"{period} {places} {again_m}",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`. Arrivals are told by `States.touch`."""
        return False

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        known = self._topics.setdefault((stage, topic), _Topic())
        period, places, again_m = topic.split()
        since = self._spans.now() - FRESH_MS
        came = [each for each in self._arrivals.since(stage, since) if each.number > known.looked]
        if came:
            known.looked = came[0].number
            rows = await self._boards.read(stage, self._spans.of(stage, period), int(places))
            await self._announce(stage, known, came, rows, int(again_m) * 60_000)
        return {topic: {"entrance_id": topic, "period": period, "entrances": list(known.told)}}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    async def _announce(
        self,
        stage: str,
        known: _Topic,
        came: Sequence[Arrival],
        rows: Sequence[Row],
        again_ms: int,
    ) -> None:
        for rank, row in reversed(list(enumerate(rows, start=1))):  # the first comes last
            persons = [row.viewer]
            persons += [each.person for each in await self._books.linked(stage, row.viewer)]
            accounts = await self._people.accounts(persons)
            theirs = [each for each in came if each.account in accounts or each.person in persons]
            arrival = next(
                (each for each in theirs if self._is_due(stage, known, row, each, again_ms)), None
            )
            if arrival is None or await self._is_barred(stage, row.viewer, arrival.at):
                continue
            known.entered[row.viewer] = (self._arrivals.sitting(stage, arrival.at), arrival.at)
            known.told.append(
                {
                    "id": f"{arrival.number}-{row.viewer}",
                    "name": row.name,
                    "avatar": next(filter(None, map(self._faces, persons)), None),
                    "rank": rank,
                    "coins": row.coins,
                    "at": stamp(arrival.at),
                }
            )
        while len(known.entered) > TOLD * PLACES_MAX:
            known.entered.pop(next(iter(known.entered)))

    def _is_due(self, stage: str, known: _Topic, row: Row, arrival: Arrival, again_ms: int) -> bool:
        sitting, at = known.entered.get(row.viewer, (None, 0))
        if sitting != self._arrivals.sitting(stage, arrival.at):
            return arrival.silent_ms is None or bool(again_ms and arrival.silent_ms >= again_ms)
        long_ago = arrival.at - at >= again_ms
        return bool(again_ms and long_ago and arrival.silent_ms and arrival.silent_ms >= again_ms)

    async def _is_barred(self, stage: str, person: int, at: int) -> bool:
        bars = await self._books.bars(stage, person)
        timed = any(until is None or until > at for until in bars.values())
        return timed or await self._books.banned(stage, person)


def _bounded(value: Any, least: int, most: int, otherwise: int) -> int:
    return min(most, max(least, value)) if isinstance(value, int) else otherwise

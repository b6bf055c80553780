"""Givings: the gifts of a time one by one, for what follows from their order and their times."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter

from commands.spans import Spans
from data.journal import Books, Given, Journal
from data.ledger import Record

GIFTS_MAX = 20_000  # the newest of a time; what came before is left out
SKEW_MS = 60_000  # records are all but sorted by time
_FARTHEST_MS = 14 * 3_600_000  # so much earlier than in UTC a day begins somewhere
_SEQ = attrgetter("seq")


@dataclass(slots=True)
class _Kept:
    """What was read of a stage: its gifts past `after`. stale: the first seq from which it must be
    read again, as one of them was settled or taken back; 0: none. Its lock: one reads at a time."""

    after: int = -1
    gifts: list[Given] = field(default_factory=list)
    stale: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def spoil(self, seq: int) -> None:
        """From this record on it is as it was."""
        self.stale = min(self.stale or seq, seq)


class Givings:
    """Reads gifts that are on their way to the screen or settled, and not taken back, from the
    books, in the order in which they were accepted.

    What was read is kept, and read again from where it changed: the journal says so.
    """

    def __init__(self, books: Books, spans: Spans, journal: Journal) -> None:
        self._books, self._spans = books, spans
        self._kept: dict[str, _Kept] = {}
        journal.watch(self._follow)

    async def of(self, stage: str, period: str) -> list[Given]:
        """Those of a period, one of `commands.spans.PERIODS`."""
        span = self._spans.of(stage, period)
        if span.show:
            found = await self._past(stage, span.show)
            return [gift for gift in found if gift.show == span.show]
        found = await self._since(stage, _begins(span.since_day))
        return [gift for gift in found if gift.day >= span.since_day]

    async def since(self, stage: str, at: int) -> list[Given]:
        """Those that were accepted then (epoch ms) or later."""
        return [gift for gift in await self._since(stage, at - SKEW_MS) if gift.at >= at]

    async def _since(self, stage: str, at: int) -> list[Given]:
        return await self._past(stage, await self._books.first_since(stage, at) - 1)

    async def _past(self, stage: str, after: int) -> list[Given]:
        kept = self._kept.setdefault(stage, _Kept())
        async with kept.lock:
            if kept.after < 0 or after < kept.after:
                kept.after, kept.gifts = after, []
            gifts, stale = kept.gifts, kept.stale
            start = gifts[-1].seq if gifts else kept.after
            if stale:
                start = max(kept.after, min(start, stale - 1))
            kept.stale = 0
            try:
                fresh = await self._books.given(stage, after=start, limit=GIFTS_MAX)
            except BaseException:
                kept.spoil(start + 1)
                raise
            del gifts[bisect_left(gifts, start + 1, key=_SEQ) :]
            gifts += fresh
            del gifts[:-GIFTS_MAX]
            return gifts[bisect_left(gifts, after + 1, key=_SEQ) :]

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            kept = self._kept.get(record.stage)
            if kept is None:
                continue
            match record.kind:
                case "settle" | "return":
                    kept.spoil(record.closes)
                case "refund":
                    kept.spoil(record.reverses)
                case "approve":
                    kept.spoil(record.facts["approves"])
                case "link" | "unlink":
                    kept.spoil(1)
                case _:
                    pass


def _begins(day: int) -> int:
    """Before which no gift of that day (yyyymmdd; 0: ever) was accepted, in epoch ms."""
    if not day:
        return 0
    year, rest = divmod(day, 10_000)
    month, number = divmod(rest, 100)
    return int(datetime(year, month, number, tzinfo=UTC).timestamp() * 1000) - _FARTHEST_MS

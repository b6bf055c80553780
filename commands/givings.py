"""Givings: the gifts of a time one by one, for what follows from their order and their times."""

from datetime import UTC, datetime

from commands.spans import Spans
from data.journal import Books, Given

GIFTS_MAX = 20_000  # the newest of a time; what came before is left out
SKEW_MS = 60_000  # records are all but sorted by time
_FARTHEST_MS = 14 * 3_600_000  # so much earlier than in UTC a day begins somewhere


class Givings:
    """Reads gifts that are on their way to the screen or settled, and not taken back, from the
    books, in the order in which they were accepted."""

    def __init__(self, books: Books, spans: Spans) -> None:
        self._books, self._spans = books, spans

    async def of(self, stage: str, period: str) -> list[Given]:
        """Those of a period, one of `commands.spans.PERIODS`."""
        span = self._spans.of(stage, period)
        if span.show:
            found = await self._books.given(stage, after=span.show, limit=GIFTS_MAX)
            return [gift for gift in found if gift.show == span.show]
        found = await self._since(stage, _begins(span.since_day))
        return [gift for gift in found if gift.day >= span.since_day]

    async def since(self, stage: str, at: int) -> list[Given]:
        """Those that were accepted then (epoch ms) or later."""
        return [gift for gift in await self._since(stage, at - SKEW_MS) if gift.at >= at]

    async def _since(self, stage: str, at: int) -> list[Given]:
        first = await self._books.first_since(stage, at)
        return await self._books.given(stage, after=first - 1, limit=GIFTS_MAX)


def _begins(day: int) -> int:
    """Before which no gift of that day (yyyymmdd; 0: ever) was accepted, in epoch ms."""
    if not day:
        return 0
    year, rest = divmod(day, 10_000)
    month, number = divmod(rest, 100)
    return int(datetime(year, month, number, tzinfo=UTC).timestamp() * 1000) - _FARTHEST_MS

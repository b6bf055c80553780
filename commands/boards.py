"""Boards: who gave most in a span, under the names by which people go today."""

from collections.abc import Callable
from dataclasses import dataclass

from commands.policy import StagePolicy
from commands.spans import Span
from data.events import SHOWN_NAME_WHEN_ERASED
from data.gifts import fold
from data.identities import Identities
from data.journal import Books, Rank

SPARE = 20  # ranks read beyond those asked for while some are hidden


@dataclass(frozen=True, slots=True)
class Row:
    """A place on a board. viewer: the person's number in the journal."""

    viewer: int
    name: str
    coins: int
    gifts: int


class Boards:
    """Reads boards from the books."""

    def __init__(
        self, books: Books, people: Identities, policies: Callable[[str], StagePolicy]
    ) -> None:
        self._books, self._people, self._policies = books, people, policies

    async def read(self, stage: str, span: Span, limit: int) -> list[Row]:
        """The first `limit` places; who is hidden by the policy has none."""
        hidden = {fold(name) for name in self._policies(stage).hidden_from_boards}
        room = limit + (SPARE + len(hidden) if hidden else 0)
        ranks = await self._ranks(stage, span, room)
        names = await self._people.names(rank.viewer for rank in ranks)
        rows = (
            Row(rank.viewer, names.get(rank.viewer, SHOWN_NAME_WHEN_ERASED), rank.coins, rank.gifts)
            for rank in ranks
        )
        return [row for row in rows if fold(row.name) not in hidden][:limit]

    async def _ranks(self, stage: str, span: Span, limit: int) -> list[Rank]:
        if span.show:
            return await self._books.top_of_show(stage, span.show, limit=limit)
        return await self._books.top(stage, since_day=span.since_day, limit=limit)

"""`board.changed {board_id, period, rows}`: who gave most, and who has climbed."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.boards import Boards, Row
from commands.spans import PERIODS, Spans
from data.ledger import Record
from overlay.kinds import Data, changes_sums

ROWS = 20  # told of a board; a page shows fewer


class BoardKind:
    """A board for each period; a page asks for one by its setting `period`.

    A row is `{key, rank, name, coins, gifts, was}`: `key` stays with the person, `was` is the
    rank before this change (null: not on the board).
    """

    type = "board.changed"

    def __init__(self, boards: Boards, spans: Spans) -> None:
        self._boards, self._spans = boards, spans

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        period = settings.get("period")
        return (period,) if period in PERIODS else ("today",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        span = self._spans.of(stage, topic)
        rows = await self._boards.read(stage, span, ROWS)
        told = [_row(rank, row) for rank, row in enumerate(rows, start=1)]
        return {topic: {"board_id": topic, "period": span.period, "rows": told}}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        if before is None or before["period"] != now["period"]:
            return now
        was = {row["key"]: row["rank"] for row in before["rows"]}
        return {**now, "rows": [{**row, "was": was.get(row["key"])} for row in now["rows"]]}


def _row(rank: int, row: Row) -> Data:
    return {
        "key": str(row.viewer),
        "rank": rank,
        "name": row.name,
        "coins": row.coins,
        "gifts": row.gifts,
        "was": rank,
    }

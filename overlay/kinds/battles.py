"""`battle.changed {phase, ends_at, left, right, boost, winner}`: a battle of two sides."""

from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.battles import Battle, Score, Side, newest, standing
from commands.givings import Givings
from data.events import SHOWN_NAME_WHEN_ERASED, stamp
from data.identities import Identities
from data.journal import Books
from data.ledger import Record
from overlay.kinds import CHANGES_AT, Data, changes_sums

COUNT_MS = 10_000  # so long the winner waits for gifts that nobody has seen yet
RESULT_MS = 600_000  # so long it is told who won
_ALSO = frozenset({"battle", "gift", "approve", "return"})


class BattleKind:
    """The battle that is on, or was on lately.

    phase: `idle`; `on`; `counting`, when its time is up and gifts sent in time are still on their
    way to the screen; `over`. left, right: {name, points, coins, givers, best: {key, name, points}
    or null}; boost: {times, ends_at} while coins count more, else null; winner: `left`, `right` or
    `draw` when it is over.
    """

    type = "battle.changed"

    def __init__(
        self, givings: Givings, books: Books, people: Identities, now: Callable[[], int]
    ) -> None:
        self._givings, self._books, self._people, self._now = givings, books, people, now

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("battle",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record) or record.kind in _ALSO

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        battle, now = await newest(self._books, stage), self._now()
        if battle is None or now >= battle.until + RESULT_MS:
            return {topic: {"battle_id": 0, "phase": "idle", CHANGES_AT: None}}
        return {topic: await self._told(stage, battle, now)}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    async def _told(self, stage: str, battle: Battle, now: int) -> Data:
        gifts = await self._givings.since(stage, battle.since)
        scores = await to_thread(standing, battle, gifts)
        boost = battle.boost(now) if now < battle.until else None
        if boost is not None:
            phase, changes_at = "on", min(boost.until, battle.until)
        elif now < battle.until:
            phase, changes_at = "on", battle.until
        elif scores.open and now < battle.until + COUNT_MS:
            phase, changes_at = "counting", battle.until + COUNT_MS
        else:
            phase, changes_at = "over", battle.until + RESULT_MS
        return {
            "battle_id": battle.seq,
            "phase": phase,
            "began_at": stamp(battle.since),
            "ends_at": stamp(battle.until),
            "left": await self._side(battle.left, scores.left),
            "right": await self._side(battle.right, scores.right),
            "boost": {"times": boost.times, "ends_at": stamp(boost.until)} if boost else None,
            "winner": scores.winner if phase == "over" else None,
            CHANGES_AT: changes_at,
        }

    async def _side(self, side: Side, score: Score) -> Data:
        best = score.best
        told: Data | None = None
        if best is not None:
            name = (await self._people.names([best])).get(best, SHOWN_NAME_WHEN_ERASED)
            told = {"key": str(best), "name": name, "points": score.givers[best]}
        return {
            "name": side.name,
            "points": score.points,
            "coins": score.coins,
            "givers": len(score.givers),
            "best": told,
        }

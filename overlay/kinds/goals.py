"""`goal.changed {goal_id, name, now, target, …}`: how far a goal has come."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.goals import Goal, Goals, Progress
from commands.spans import Spans
from data.catalogue import Catalogue
from data.ledger import Record
from overlay.kinds import Data, changes_sums


class GoalKind:
    """Every goal of a stage, one frame each; a page shows one of them or all in turn.

    Also told: `place` in the document, `counts` (coins, gifts, viewers), `gift` (as in
    `gift.sent`) when one alone counts, `segments` [{at, name}], the `period` in force.
    """

    type = "goal.changed"

    def __init__(
        self, goals: Goals, progress: Progress, spans: Spans, catalogue: Catalogue
    ) -> None:
        self._goals, self._progress = goals, progress
        self._spans, self._catalogue = spans, catalogue

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("goals",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        goals = enumerate(self._goals.of(stage))
        return {goal.id: await self._told(place, goal) for place, goal in goals}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    async def _told(self, place: int, goal: Goal) -> Data:
        gift = self._catalogue.find(goal.gift) if goal.gift else None
        return {
            "goal_id": goal.id,
            "place": place,
            "name": goal.name,
            "counts": goal.counts,
            "gift": gift.face() if gift else None,
            "now": await self._progress.of(goal),
            "target": goal.target,
            "segments": [{"at": each.at, "name": each.name} for each in goal.milestones],
            "period": goal.span(self._spans).period,
        }

"""`train.changed {phase, level, now, target, ends_at, contributors, best}`: the hype train."""

from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.givings import Givings
from commands.trains import Line, Rules, Train, line_of
from data.events import SHOWN_NAME_WHEN_ERASED, stamp
from data.identities import Identities
from data.ledger import Record
from overlay.kinds import CHANGES_AT, Data, changes_sums, span_of, whole

CONTRIBUTORS = 3
RESULT_MS = 20_000  # so long the result of a train is told


class TrainKind:
    """Hype trains of the `show` or of `today`, by the settings of a page.

    phase: `idle`; `boarding` (coins were given that may become a train: `now` of `target`, as long
    as they are within the window); `riding`; `ended` for a while. level: reached; now, target:
    coins towards the next, target null on the last; coins: of the whole train; ends_at: when its
    clock runs out; contributors: [{key, name, coins}] the first three of `riders`; number: of the
    train within the period; best: {level, coins} of the period, null before the first.
    """

    type = "train.changed"

    def __init__(self, givings: Givings, people: Identities, now: Callable[[], int]) -> None:
        self._givings, self._people, self._now = givings, people, now

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        growth = settings.get("growth")
        pct = round(100 * growth) if isinstance(growth, int | float) else 150
        first = whole(settings, "first_target_coins", 500, 1, 1_000_000)
        window_s = whole(settings, "window_s", 120, 10, 3_600)
        levels = whole(settings, "levels_max", 5, 1, 20)
        return (f"{span_of(settings)}:{first}:{max(100, min(500, pct))}:{window_s}:{levels}",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        period, *numbers = topic.split(":")
        first, growth_pct, window_s, levels = map(int, numbers)
        rules = Rules(first, growth_pct, window_s * 1000, levels)
        line = await to_thread(line_of, await self._givings.of(stage, period), rules)
        data = {
            "train_id": topic,
            "levels_max": rules.levels,
            "window_s": window_s,
            "number": len(line.trains),
            "best": _best(line.trains),
            **await self._now_on(line, rules),
        }
        return {topic: data}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    async def _now_on(self, line: Line, rules: Rules) -> Data:
        now = self._now()
        last = line.trains[-1] if line.trains else None
        if last is not None and now < last.ends_at + RESULT_MS:
            riding = now < last.ends_at
            return {
                "phase": "riding" if riding else "ended",
                "level": last.level,
                "now": last.now,
                "target": rules.target(last.level) or None,
                "coins": last.coins,
                "ends_at": stamp(last.ends_at),
                "riders": len(last.riders),
                "contributors": await self._contributors(last.riders),
                CHANGES_AT: last.ends_at + (0 if riding else RESULT_MS),
            }
        waiting = [gift for gift in line.waiting if gift.at + rules.window_ms > now]
        riders: dict[int, int] = {}
        for gift in waiting:
            riders[gift.viewer] = riders.get(gift.viewer, 0) + gift.coins
        coins = sum(riders.values())
        return {
            "phase": "boarding" if waiting else "idle",
            "level": 0,
            "now": coins,
            "target": rules.first_coins,
            "coins": coins,
            "ends_at": None,
            "riders": len(riders),
            "contributors": await self._contributors(riders),
            CHANGES_AT: waiting[0].at + rules.window_ms if waiting else None,
        }

    async def _contributors(self, riders: Mapping[int, int]) -> list[Data]:
        first = sorted(riders.items(), key=lambda each: (-each[1], each[0]))[:CONTRIBUTORS]
        names = await self._people.names(viewer for viewer, _ in first)
        return [
            {
                "key": str(viewer),
                "name": names.get(viewer, SHOWN_NAME_WHEN_ERASED),
                "coins": coins,
            }
            for viewer, coins in first
        ]


def _best(trains: Sequence[Train]) -> Data | None:
    if not trains:
        return None
    best = max(trains, key=lambda train: train.rank)
    return {"level": best.level, "coins": best.coins}

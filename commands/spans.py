"""Spans: from when on gifts count for a board, a goal or a wall."""

from collections.abc import Callable
from dataclasses import dataclass

from commands.policy import StagePolicy
from commands.shows import Shows

PERIODS = ("today", "week", "month", "all", "show")


@dataclass(frozen=True, slots=True)
class Span:
    """Gifts accepted during a show (its number), or, when that is 0, since a day (yyyymmdd; 0:
    ever). period: the one of `PERIODS` that this is."""

    period: str
    since_day: int = 0
    show: int = 0


class Spans:
    """Finds them in a stage's calendar and shows. now: epoch ms."""

    def __init__(
        self, policies: Callable[[str], StagePolicy], shows: Shows, now: Callable[[], int]
    ) -> None:
        self._policies, self._shows, self.now = policies, shows, now

    def of(self, stage: str, period: str) -> Span:
        """The span of a period. `show` is the show that is on, or the last one; while no platform
        has told of any, as with simulated chat alone, it is today."""
        if period == "show":
            if show := self._shows.latest(stage):
                return Span("show", show=show)
            period = "today"
        return Span(period, self._policies(stage).first_day(period, self.now()))

    def day(self, stage: str) -> int:
        """The stage's calendar day (yyyymmdd) now."""
        return self._policies(stage).day(self.now())

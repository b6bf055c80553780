"""The live feed: a stage's events, as they are committed, to whoever follows it."""

from collections.abc import Callable, Sequence

import structlog

from data.events import Event, event_of
from data.journal import Journal
from data.ledger import Record

Follower = Callable[[str, int, Sequence[Event]], None]


class Feed:
    """Turns committed records into events. A follower is called with a stage, the newest seq
    announced on it, and its new events, in order; it must not block and may not break others."""

    def __init__(self, journal: Journal) -> None:
        self._followers: list[Follower] = []
        journal.watch(self._announce)

    def follow(self, follower: Follower) -> None:
        """Call `follower` with all events from now on."""
        self._followers.append(follower)

    def _announce(self, records: Sequence[Record]) -> None:
        by_stage: dict[str, list[Record]] = {}
        for record in records:
            by_stage.setdefault(record.stage, []).append(record)
        for stage, fresh in by_stage.items():
            events = [event for record in fresh if (event := event_of(record))]
            for follower in self._followers:
                try:
                    follower(stage, fresh[-1].seq, events)
                except Exception:  # noqa: BLE001 - one follower may not break the others
                    structlog.get_logger().exception("feed.follower_failed", stage=stage)

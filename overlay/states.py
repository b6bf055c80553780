"""States: what pages show that is no gift to be played: boards, goals, counts, the show.

A page is told all of what its widget declares once it is connected, and then what changes. It is
always told the whole state of a thing, read from the books after the commit that changed it: no
page has to add up, and a restart, a refund or a lost connection cannot make a wrong number.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from data.journal import Journal
from data.ledger import Record
from overlay.frames import notice, on_wire
from overlay.kinds import CHANGES_AT, Data, Kind
from overlay.link import Link

PAUSE_S = 0.25  # at most four frames a second about one thing
REST = 10  # for so many times as long as it took to read, nothing is read again,
REST_MAX_S = 3.0  # but not longer
RETRY_S = 5.0
TOPICS_MAX = 8  # of one page and kind


@dataclass(eq=False, slots=True)
class _Topic:
    """One topic of a kind on a stage, while a page shows it. said: what its pages know; None
    before the first reading. due: something may have changed since it was read. wakes_at: when it
    changes by itself (epoch ms), None: never."""

    kind: Kind
    stage: str
    name: str
    links: list[Link] = field(default_factory=list)
    said: dict[str, Data] | None = None
    due: bool = False
    day: int = 0
    wakes_at: int | None = None
    task: "asyncio.Task[None] | None" = None

    def end(self) -> None:
        """Read no more."""
        if self.task is not None:
            self.task.cancel()


class States:
    """Tells pages about states. now: epoch ms; clock: monotonic, in seconds; day: the calendar day
    of a stage."""

    def __init__(
        self,
        kinds: Sequence[Kind],
        journal: Journal,
        *,
        day: Callable[[str], int],
        now: Callable[[], int],
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._kinds = {kind.type: kind for kind in kinds}
        self._day, self._now, self._clock, self._pause = day, now, clock, pause
        self._topics: dict[tuple[str, str, str], _Topic] = {}
        journal.watch(self._follow)

    def join(self, link: Link, settings: Mapping[str, Any]) -> None:
        """The page is told what its widget declares, now and at each change. Again with other
        settings: it is told what they ask for instead."""
        self.leave(link)
        for type_ in sorted(link.widget.events & self._kinds.keys()):
            kind = self._kinds[type_]
            for name in list(dict.fromkeys(kind.topics(settings)))[:TOPICS_MAX]:
                key = (type_, link.source.stage, name)
                topic = self._topics.setdefault(key, _Topic(kind, link.source.stage, name))
                topic.day = self._day(topic.stage)
                topic.links.append(link)
                for data in (topic.said or {}).values():
                    link.write(self._wire(topic, data))
                self._mark(topic)

    def leave(self, link: Link) -> None:
        """The page is told nothing more."""
        for key, topic in list(self._topics.items()):
            if link in topic.links:
                topic.links.remove(link)
                if not topic.links:
                    del self._topics[key]
                    topic.end()

    def refresh(self) -> None:
        """Something that is no record may have changed any of them, such as a document."""
        for topic in self._topics.values():
            self._mark(topic)

    def touch(self, type_: str, stage: str) -> None:
        """Something that is no record may have changed this kind on a stage."""
        for topic in self._topics.values():
            if topic.stage == stage and topic.kind.type == type_:
                self._mark(topic)

    async def tick(self) -> None:
        """Let time pass: at midnight what is counted by days begins anew, and what said when it
        would change has changed. Called about once a second."""
        now = self._now()
        for topic in self._topics.values():
            due = topic.wakes_at is not None and topic.wakes_at <= now
            if due or topic.day != self._day(topic.stage):
                topic.day = self._day(topic.stage)
                topic.wakes_at = None
                self._mark(topic)

    def close(self) -> None:
        """Nothing more is told to anybody."""
        for topic in self._topics.values():
            topic.end()
        self._topics.clear()

    def _follow(self, records: Sequence[Record]) -> None:
        for topic in self._topics.values():
            if not topic.due and any(
                record.stage == topic.stage and topic.kind.follows(record) for record in records
            ):
                self._mark(topic)

    def _mark(self, topic: _Topic) -> None:
        topic.due = True
        if topic.task is None:
            topic.task = asyncio.get_running_loop().create_task(self._tell_on(topic))

    async def _tell_on(self, topic: _Topic) -> None:
        """Read and tell until nothing is due any more, within the bounds on how often."""
        while topic.due:
            topic.due = False
            began = self._clock()
            rest = PAUSE_S
            try:
                self._tell(topic, await topic.kind.read(topic.stage, topic.name))
                rest = min(REST_MAX_S, max(PAUSE_S, REST * (self._clock() - began)))
            except Exception:  # noqa: BLE001 - one kind may not end the others; tried again
                structlog.get_logger().exception("states.failed", type=topic.kind.type)
                topic.due, rest = True, RETRY_S
            await self._pause(rest)
        topic.task = None

    def _tell(self, topic: _Topic, now: Mapping[str, Data]) -> None:
        before, topic.said = topic.said or {}, dict(now)
        changes = [data[CHANGES_AT] for data in now.values() if data.get(CHANGES_AT)]
        topic.wakes_at = min(changes, default=None)
        for id_, data in now.items():
            known = before.get(id_)
            if data != known:
                wire = self._wire(topic, topic.kind.change(known, data))
                for link in topic.links:
                    link.write(wire)
        for id_ in before.keys() - now.keys():
            wire = self._wire(topic, {**before[id_], "gone": True})
            for link in topic.links:
                link.write(wire)

    def _wire(self, topic: _Topic, data: Data) -> bytes:
        return on_wire(notice(topic.kind.type, self._now(), **data))

"""Shows: from going live to going offline, the unit for statistics, boards and credits.

A stage is live while one of its platforms is. The first to go live opens a show, the last to
go offline closes it. Each notice is a record of the journal, so that repeats and restarts
change nothing; a show's number is the seq of the record that opened it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from data.journal import Books, Journal
from data.ledger import Record, Transaction

_MARKS = 500  # records that are looked back at the start


@dataclass(slots=True)
class _Stage:
    """on: the broadcast that is on, by platform, as that platform calls it. show: the open
    show, or the last one; 0 before the first. heard: platforms that told since the start."""

    on: dict[str, str] = field(default_factory=dict)
    show: int = 0
    heard: set[str] = field(default_factory=set)


class Shows:
    """What platforms say about being live, and what follows from it. now: epoch ms."""

    def __init__(self, journal: Journal, books: Books, now: Callable[[], int]) -> None:
        self._journal = journal
        self._books = books
        self._now = now
        self._stages: dict[str, _Stage] = {}
        journal.watch(self._follow)

    async def load(self, platforms: Collection[str]) -> None:
        """Take up what was on; once, at the start. What is on at a platform that is not among
        these any more is over: nobody is left to say when it ends."""
        for stage in await self._books.stages():
            self._follow(await self._books.marks(stage, "show", limit=_MARKS))
            for platform in [name for name in self._of(stage).on if name not in platforms]:
                await self._record_end(stage, platform, self._now())

    async def began(self, stage: str, platform: str, id: str, at: int) -> None:  # noqa: A002
        """The platform is live. id: its own for this broadcast, unique for ever; at: since when,
        in milliseconds. A repeat changes nothing, however late; another id means that the
        broadcast before it is over. Raises `GiftError` when the journal cannot take it now."""
        facts = {"action": "begin", "platform": platform, "id": id, "began_at": at}
        key = f"show:begin:{stage}:{platform}:{id}"
        await self._journal.record(Transaction(stage, "show", key, self._now(), facts=facts))
        self._of(stage).heard.add(platform)

    async def ended(self, stage: str, platform: str, at: int) -> None:
        """The platform is not live; also to be said at its start, when that is so. Changes
        nothing when it was not. Raises `GiftError` when the journal cannot take it now."""
        await self._record_end(stage, platform, at)
        self._of(stage).heard.add(platform)

    def live(self, stage: str) -> bool | None:
        """Whether a platform is live; None when none has told since the start."""
        here = self._of(stage)
        if here.on:
            return True
        return False if here.heard else None

    def current(self, stage: str) -> int:
        """The number of the show that is on; 0 when none is."""
        here = self._of(stage)
        return here.show if here.on else 0

    def latest(self, stage: str) -> int:
        """The number of the show that is on, or was the last; 0 before the first."""
        return self._of(stage).show

    async def _record_end(self, stage: str, platform: str, at: int) -> None:
        id_ = self._of(stage).on.get(platform)
        if id_ is None:
            return
        facts = {"action": "end", "platform": platform, "id": id_, "ended_at": at}
        key = f"show:end:{stage}:{platform}:{id_}"
        await self._journal.record(Transaction(stage, "show", key, self._now(), facts=facts))

    def _of(self, stage: str) -> _Stage:
        return self._stages.setdefault(stage, _Stage())

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind != "show":
                continue
            here, platform, id_ = self._of(record.stage), *_named(record)
            if record.facts["action"] == "begin":
                if not here.on.keys() - {platform}:
                    here.show = record.seq
                here.on[platform] = id_
            elif here.on.get(platform) == id_:
                del here.on[platform]


def _named(record: Record) -> tuple[str, str]:
    return record.facts["platform"], record.facts["id"]

"""Shows: from going live to going offline, the unit for statistics, boards and credits.

A stage is live while one of its platforms is. The first to go live opens a show, the last to
go offline closes it. Each notice is a record of the journal, so that repeats and restarts
change nothing; a show's number is the seq of the record that opened it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from data.journal import Journal
from data.ledger import Record, Transaction


@dataclass(slots=True)
class _Stage:
    """open: what is live, by platform, as that platform calls it. show: the open show, or the
    last one; 0 before the first. heard: platforms that told since the start."""

    open: dict[str, str] = field(default_factory=dict)
    show: int = 0
    heard: set[str] = field(default_factory=set)


class Shows:
    """What platforms say about being live, and what follows from it."""

    def __init__(self, journal: Journal, now: Callable[[], int]) -> None:
        self._journal = journal
        self._now = now
        self._stages: dict[str, _Stage] = {}
        journal.watch(self._follow)

    async def began(self, stage: str, platform: str, id: str, at: int) -> None:  # noqa: A002 - the platform's own word
        """The platform is live. id: its own for this broadcast, unique for ever. A repeat
        changes nothing. Raises `GiftError` when the journal cannot take it now."""
        here = self._of(stage)
        here.heard.add(platform)
        if here.open.get(platform, id) != id:
            await self.ended(stage, platform, at)
        facts = {"action": "begin", "platform": platform, "id": id, "at": at}
        await self._journal.record(
            Transaction(stage, "show", f"show:{stage}:{platform}:{id}", self._now(), facts=facts)
        )

    async def ended(self, stage: str, platform: str, at: int) -> None:
        """The platform is not live; also to be said at the start when it is so. Changes
        nothing when it was not. Raises `GiftError` when the journal cannot take it now."""
        here = self._of(stage)
        here.heard.add(platform)
        id_ = here.open.get(platform)
        if id_ is None:
            return
        facts = {"action": "end", "platform": platform, "id": id_, "at": at}
        key = f"show:{stage}:{platform}:{id_}:end"
        await self._journal.record(Transaction(stage, "show", key, self._now(), facts=facts))

    def live(self, stage: str) -> bool | None:
        """Whether a platform is live; None when none has told since the start."""
        here = self._of(stage)
        if here.open:
            return True
        return False if here.heard else None

    def current(self, stage: str) -> int:
        """The number of the show that is on; 0 when none is."""
        here = self._of(stage)
        return here.show if here.open else 0

    def latest(self, stage: str) -> int:
        """The number of the show that is on, or was the last; 0 before the first."""
        return self._of(stage).show

    def _of(self, stage: str) -> _Stage:
        return self._stages.setdefault(stage, _Stage())

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind != "show":
                continue
            here, facts = self._of(record.stage), record.facts
            if facts["action"] == "begin":
                if not here.open:
                    here.show = record.seq
                here.open[facts["platform"]] = facts["id"]
            elif here.open.get(facts["platform"]) == facts["id"]:
                del here.open[facts["platform"]]

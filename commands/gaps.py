"""Gaps: times in which a platform was not heard. Each is a record of the journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from commands.words import duration
from data.journal import Books, Journal
from data.ledger import Record, Transaction

RECENT = 20
MENDED_MAX = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a platform was not heard. began, ended: epoch milliseconds; mended: what
    was caught up afterwards, in words, or nothing."""

    stage: str
    platform: str
    began: int
    ended: int
    mended: str = ""

    @property
    def seconds(self) -> int:
        """How long, rounded up: a short one is one too."""
        return -(-(self.ended - self.began) // 1000)

    def sentence(self) -> str:
        """`Twitch was not heard for 2 min 5 s, from 12:03 UTC on Mar 4; caught up: messages.`"""
        began = datetime.fromtimestamp(self.began / 1000, UTC)
        caught = f"caught up: {self.mended}" if self.mended else "nothing could be caught up"
        return (
            f"{self.platform.capitalize()} was not heard for {duration(self.seconds)}, "
            f"from {began:%H:%M} UTC on {began:%b} {began.day}; {caught}."
        )


class Gaps:
    """Writes gaps down, and knows the newest of each stage. now: epoch milliseconds."""

    def __init__(self, journal: Journal, books: Books, now: Callable[[], int]) -> None:
        self._journal, self._books, self._now = journal, books, now
        self._recent: dict[str, list[Gap]] = {}
        journal.watch(self._follow)

    async def load(self) -> None:
        """Take up the newest gaps; once, at the start."""
        for stage in await self._books.stages():
            found = await self._books.gaps(stage, limit=RECENT)
            self._recent[stage] = [_gap(record) for record in found]

    async def record(
        self, stage: str, platform: str, began: int, ended: int, mended: str = ""
    ) -> None:
        """A platform was not heard from `began` to `ended` (epoch milliseconds). A repeat
        changes nothing. Raises `GiftError` when the journal cannot take it now."""
        key = f"gap:{platform}:{stage}:{began}"
        facts = {
            "platform": platform,
            "began": began,
            "ended": max(began, ended),
            "mended": mended[:MENDED_MAX],
        }
        await self._journal.record(Transaction(stage, "gap", key, self._now(), facts=facts))

    def recent(self, stage: str) -> list[Gap]:
        """The newest gaps of a stage, newest first, at most 20."""
        return list(self._recent.get(stage, ()))

    def stages(self) -> list[str]:
        """The stages that have one."""
        return sorted(stage for stage, gaps in self._recent.items() if gaps)

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind == "gap":
                newest = self._recent.setdefault(record.stage, [])
                newest.insert(0, _gap(record))
                del newest[RECENT:]


def _gap(record: Record) -> Gap:
    facts = record.facts
    return Gap(record.stage, facts["platform"], facts["began"], facts["ended"], facts["mended"])

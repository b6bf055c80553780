"""Bonus hours: times in which more is earned, as the journal tells of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from data.journal import Books, Journal
from data.ledger import Record, Transaction

_MARKS = 10


@dataclass(frozen=True, slots=True)
class Bonus:
    """The newest of a stage. pct: what is earned counts so many percent. since, until: epoch
    milliseconds. by: the person who began it. over: that it ended was recorded."""

    seq: int
    pct: int
    since: int
    until: int
    by: int
    over: bool = False


class Bonuses:
    """Follows the journal, and records when one is over. now: epoch milliseconds."""

    def __init__(self, journal: Journal, books: Books, now: Callable[[], int]) -> None:
        self._journal = journal
        self._books = books
        self._now = now
        self._newest: dict[str, Bonus] = {}
        journal.watch(self._follow)

    async def load(self) -> None:
        """Take up what was running; once, at the start."""
        for stage in await self._books.stages():
            self._follow(await self._books.marks(stage, "bonus", limit=_MARKS))

    def pct(self, stage: str, at: int) -> int:
        """By how much to multiply what was earned at that time, in percent."""
        bonus = self._newest.get(stage)
        return bonus.pct if bonus and bonus.since <= at < bonus.until else 100

    def running(self, stage: str) -> Bonus | None:
        """The one that is on."""
        bonus = self._newest.get(stage)
        return bonus if bonus and self._now() < bonus.until else None

    async def tick(self) -> None:
        """Record the end of what is over, so that it is told once. Raises `GiftError` when the
        journal cannot take it now."""
        for stage, bonus in list(self._newest.items()):
            if not bonus.over and self._now() >= bonus.until:
                await self._journal.record(
                    Transaction(
                        stage, "bonus", f"bonus:over:{stage}:{bonus.seq}", self._now(),
                        subject=bonus.by, facts={"action": "over", "of": bonus.seq},
                    )
                )  # fmt: skip

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind != "bonus":
                continue
            stage, facts = record.stage, record.facts
            known = self._newest.get(stage)
            if facts["action"] == "start":
                self._newest[stage] = Bonus(
                    record.seq, facts["pct"], record.at, facts["until"], record.subject
                )
            elif known is not None and known.seq == facts["of"]:
                until = min(known.until, record.at)
                self._newest[stage] = replace(known, until=until, over=True)

"""Pins: which gift a moderator keeps in sight on each stage, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.journal import Books, Journal
from data.ledger import Record

SECONDS, SECONDS_LEAST, SECONDS_MOST = 60, 5, 600


@dataclass(frozen=True, slots=True)
class Pin:
    """A gift, by its seq, that stays in sight until a time (epoch ms)."""

    gift: int
    until: int


class Pins:
    """Follows what moderators pin. One gift a stage: the last one."""

    def __init__(self, journal: Journal, books: Books) -> None:
        self._books = books
        self._pins: dict[str, Pin] = {}
        journal.watch(self._follow)

    async def load(self) -> None:
        """Take up what was pinned; once, at the start."""
        for stage in await self._books.stages():
            self._follow(await self._books.controls(stage))

    def of(self, stage: str) -> Pin | None:
        """What was pinned last, also when its time is over; None once it was taken off."""
        return self._pins.get(stage)

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind != "control":
                continue
            match record.facts["action"]:
                case "pin":
                    until = record.at + record.facts["seconds"] * 1000
                    self._pins[record.stage] = Pin(record.facts["gift"], until)
                case "unpin" | "clear":
                    self._pins.pop(record.stage, None)
                case _:
                    pass

"""Notices: what people are told without asking just then: that a gift came back and why, to
whom it belongs; that the bonus time is over, to who began it."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.platform import Platform
from commands.chat import Chatter
from commands.words import coins
from data.identities import Identities
from data.journal import Journal
from data.ledger import Record

QUEUE_MAX = 1_000
_WHY = {
    "expired": "it could not be shown in time",
    "undecided": "no moderator decided on it in time",
    "denied": "a moderator chose not to show it",
    "cleared": "a moderator cleared the queue",
    "skipped": "a moderator skipped it",
    "refund": "a moderator gave it back",
    "banned": "you were banned or timed out in the chat",
    "no_source": "the overlay was removed",
}


class Notices:
    """Follows the journal and tells people about what they did not ask for."""

    def __init__(
        self, journal: Journal, people: Identities, platforms: Mapping[str, Platform]
    ) -> None:
        self._people = people
        self._platforms = platforms
        self._queue: asyncio.Queue[Record] = asyncio.Queue(QUEUE_MAX)
        journal.watch(self._follow)

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if (record.kind == "return" or _is_over(record)) and not self._queue.full():
                self._queue.put_nowait(record)

    async def run(self) -> None:
        """Tell them, one after the other, until cancelled."""
        while True:
            record = await self._queue.get()
            try:
                await self._tell(record)
            except Exception:  # noqa: BLE001 - a notice that fails may not stop the others
                structlog.get_logger().exception("notice.failed")

    async def _tell(self, record: Record) -> None:
        known = await self._people.of(record.subject)
        platform = self._platforms.get(known.platform) if known else None
        if known is None or platform is None:
            return
        await platform.tell(Chatter(known.user_id, known.name), _text(record))


def _is_over(record: Record) -> bool:
    return record.kind == "bonus" and record.facts["action"] == "over"


def _text(record: Record) -> str:
    if _is_over(record):
        return "the bonus time is over: what is earned counts as usual again."
    amount = sum(amount for account, amount in record.postings if account.kind == "wallet")
    why = _WHY.get(record.facts["cause"], record.facts["cause"])
    return f"your gift {record.facts['gift_id']} came back: {why}. {coins(amount)} returned."

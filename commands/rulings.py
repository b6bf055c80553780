"""Rulings: what a platform's own moderation means here.

Whom a platform bans or times out gets back what they have on the way, and gives nothing until
that ends. A deleted chat message takes its text off the screen and out of the books; the gift
that it sent stays. An edited one changes nothing.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import structlog

from commands.chat import Chatter
from commands.grammar import clean
from data.errors import Code, GiftError
from data.identities import Identities
from data.journal import Journal
from data.ledger import Record, Transaction

T = TypeVar("T")
STRUCK_MAX = 10_000  # deleted messages remembered, for gifts not yet decided
ATTEMPTS, PAUSE_S = 6, 1.0
_PASSING = (Code.BUSY, Code.JOURNAL_DOWN)


class Rulings:
    """Carries out what moderators did on a platform. now: epoch milliseconds.

    Platforms say such things once. What the journal cannot take at the moment is tried again
    for about half a minute; then `GiftError` BUSY or JOURNAL_DOWN is raised.
    """

    def __init__(
        self,
        journal: Journal,
        people: Identities,
        now: Callable[[], int],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._journal, self._people, self._now, self._pause = journal, people, now, pause
        self._struck: OrderedDict[str, None] = OrderedDict()

    async def banned(
        self, stage: str, platform: str, user_id: str, at: int, *, until: int | None
    ) -> None:
        """Somebody was banned, or timed out until then. at, until: epoch milliseconds, when the
        platform decided it and when it ends; None: it does not. A repeat changes nothing."""
        known = await self._surely(lambda: self._people.by_id(platform, user_id))
        once = at if until is None else until
        await self._rule(stage, "bar", platform, known.person, once=once, at=at, until=until)

    async def unbanned(self, stage: str, platform: str, user_id: str, at: int) -> None:
        """The ban or timeout was lifted. What a moderator of ours decided stays in force."""
        known = await self._surely(lambda: self._people.by_id(platform, user_id))
        await self._rule(stage, "unbar", platform, known.person, once=at, at=at, until=at)

    async def deleted(self, stage: str, message_key: str) -> None:
        """A chat message was deleted; most were no gifts. message_key: `twitch:chat:<id>`,
        `discord:msg:<id>`: the id under which the desk heard it, or would have."""
        self._struck[message_key] = None
        self._struck.move_to_end(message_key)
        if len(self._struck) > STRUCK_MAX:
            self._struck.popitem(last=False)
        record = await self._surely(lambda: self._journal.recorded(message_key))
        if record is not None and record.kind == "gift" and record.aside.get("message"):
            await self._strike(record)

    async def renamed(self, platform: str, chatter: Chatter) -> None:
        """Somebody goes by another name now; nothing changes for those never seen here."""
        if name := clean(chatter.name):
            await self._people.rename(platform, chatter.user_id, name)

    def struck(self, message_key: str) -> bool:
        """Whether a message was deleted, as far as is remembered: what it said may not be
        written down any more."""
        return message_key in self._struck

    async def _strike(self, gift: Record) -> None:
        await self._record(
            Transaction(
                gift.stage, "strike", f"strike:{gift.stage}:{gift.gift_id}", self._now(),
                subject=gift.subject, facts={"gift_id": gift.gift_id, "gift": gift.seq},
            )
        )  # fmt: skip

    async def _rule(
        self, stage: str, kind: Literal["bar", "unbar"], platform: str, person: int, *,
        once: int, at: int, until: int | None,
    ) -> None:  # fmt: skip
        facts = {"platform": platform, "ruled_at": at, "until": until}
        key = f"{kind}:{platform}:{stage}:{person}:{once}"
        await self._record(Transaction(stage, kind, key, self._now(), subject=person, facts=facts))

    async def _record(self, transaction: Transaction) -> None:
        await self._surely(lambda: self._journal.record(transaction))

    async def _surely(self, act: Callable[[], Awaitable[T]]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return await act()
            except GiftError as error:
                if error.code not in _PASSING:
                    raise
                structlog.get_logger().warning("ruling.waits", code=error.code.value)
            await self._pause(PAUSE_S * 2.0**attempt)
        return await act()

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

from commands.chat import ChatMessage, Chatter
from commands.grammar import clean
from data.errors import UNDECIDED, GiftError
from data.identities import Identities
from data.journal import Books, Journal
from data.ledger import Record, Transaction, strike_key

T = TypeVar("T")
STRUCK_MAX = 10_000  # deletions remembered, for messages not yet decided
CLEARED_MS = 86_400_000
CLEARED_MAX = 500  # changes of a wallet looked through
ATTEMPTS, PAUSE_S = 5, 1.0
WAITING_MAX = 1_000  # that are tried again at once; then it is said right away


class Rulings:
    """Carries out what moderators did on a platform. now: epoch milliseconds.

    Platforms say such things once. What the journal cannot take at the moment is tried again
    for about half a minute; then `GiftError` BUSY or JOURNAL_DOWN is raised.
    """

    def __init__(
        self,
        journal: Journal,
        books: Books,
        people: Identities,
        now: Callable[[], int],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._journal, self._books, self._people = journal, books, people
        self._now, self._pause = now, pause
        self._deleted = _Memory()
        self._cleared = _Memory()
        self._waiting = 0

    async def banned(
        self, stage: str, platform: str, user_id: str, at: int, *, until: int | None
    ) -> None:
        """Somebody was banned, or timed out until then. at, until: epoch milliseconds, when the
        platform decided it and when it ends; None: it does not. A repeat changes nothing."""
        once = at if until is None else until
        await self._rule(stage, "bar", platform, user_id, once=once, at=at, until=until)

    async def unbanned(self, stage: str, platform: str, user_id: str, at: int) -> None:
        """The ban or timeout was lifted. What a moderator of ours decided stays in force."""
        await self._rule(stage, "unbar", platform, user_id, once=at, at=at, until=at)

    async def deleted(self, stage: str, message_key: str) -> None:
        """A chat message was deleted; most were no gifts. message_key: `twitch:chat:<id>`,
        `discord:msg:<id>`: the id under which the desk heard it, or would have."""
        self._deleted.put((message_key,), self._now())
        gift = await self._surely(lambda: self._journal.recorded(message_key))
        if gift is not None:
            await self._strike(gift)

    async def cleared(self, stage: str, platform: str, user_id: str) -> None:
        """All that somebody wrote until now was deleted, as far as a day back."""
        now = self._now()
        self._cleared.put((stage, platform, user_id), now)
        known = await self._surely(lambda: self._people.seen(platform, user_id))
        if known is None:
            return
        gifts = await self._books.recent_gifts(
            stage, known.person, since=now - CLEARED_MS, limit=CLEARED_MAX
        )
        await asyncio.gather(*(self._strike(gift) for gift in gifts if gift.at <= now))

    async def renamed(self, platform: str, chatter: Chatter) -> None:
        """Somebody goes by another name now; nothing changes for those never seen here."""
        if name := clean(chatter.name):
            await self._surely(lambda: self._people.rename(platform, chatter.user_id, name))

    def struck(self, message: ChatMessage) -> bool:
        """Whether a message was deleted, as far as is remembered: its words may not be kept."""
        whose = (message.stage, message.platform, message.viewer.user_id)
        return (message.id,) in self._deleted or message.at <= self._cleared.get(whose)

    async def _strike(self, gift: Record) -> None:
        """Erase what was written with a gift; once."""
        if gift.kind != "gift" or not gift.aside.get("message"):
            return
        facts = {"gift_id": gift.gift_id, "gift": gift.seq}
        key = strike_key(gift.stage, facts)
        await self._record(
            Transaction(gift.stage, "strike", key, self._now(), subject=gift.subject, facts=facts)
        )

    async def _rule(
        self,
        stage: str,
        kind: Literal["bar", "unbar"],
        platform: str,
        user_id: str,
        *,
        once: int,
        at: int,
        until: int | None,
    ) -> None:
        known = await self._surely(lambda: self._people.by_id(platform, user_id))
        facts = {"platform": platform, "ruled_at": at, "until": until}
        key = f"{kind}:{platform}:{stage}:{known.person}:{once}"
        await self._record(
            Transaction(stage, kind, key, self._now(), subject=known.person, facts=facts)
        )

    async def _record(self, transaction: Transaction) -> None:
        await self._surely(lambda: self._journal.record(transaction))

    async def _surely(self, act: Callable[[], Awaitable[T]]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return await act()
            except GiftError as error:
                if error.code not in UNDECIDED or self._waiting >= WAITING_MAX:
                    raise
                structlog.get_logger().warning("ruling.waits", code=error.code.value)
            self._waiting += 1
            try:
                await self._pause(PAUSE_S * 2.0**attempt)
            finally:
                self._waiting -= 1
        return await act()


class _Memory:
    """When something happened last; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._at: OrderedDict[tuple[str, ...], int] = OrderedDict()

    def put(self, what: tuple[str, ...], at: int) -> None:
        """It happened then."""
        self._at[what] = max(at, self._at.pop(what, 0))
        if len(self._at) > STRUCK_MAX:
            self._at.popitem(last=False)

    def get(self, what: tuple[str, ...]) -> int:
        """When; -1 when that is not known."""
        return self._at.get(what, -1)

    def __contains__(self, what: tuple[str, ...]) -> bool:
        return what in self._at

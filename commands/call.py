"""A call: one command being carried out for one person, and what it may use to do so."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from commands.chat import ChatMessage, Chatter, Role
from commands.command import Command, Mention
from commands.earning import Earner
from commands.policy import StagePolicy
from commands.shows import Shows
from commands.turns import Turn
from data.catalogue import Catalogue
from data.errors import Code, GiftError
from data.gifts import fold
from data.identities import Identities, Known
from data.journal import Books, Journal
from data.ledger import Guard, Kind, Record, Transaction
from data.money import Posting


class Stagehand(Protocol):
    """What commands need to know of the screen; the overlay is one."""

    def settling(self, stage: str) -> bool:
        """Whether a source that settles gifts is registered."""

    def online(self, stage: str) -> bool:
        """Whether a page of such a source is connected."""


class Backstage(Protocol):
    """What commands ask of the gifts under way; `commands.settle` is one."""

    def swept(self, stage: str, seq: int) -> int:
        """How many queued gifts this control record asked back from the pages; those that were
        not shown return."""

    async def count(self, stage: str, seq: int) -> bool:
        """Settle a gift that was approved where no source can show it; False when it is on its
        way home instead, as its sender was barred."""

    def paused(self, stage: str) -> bool:
        """Whether a moderator lets gifts wait."""


class Directory(Protocol):
    """Finds people whom the house has not seen yet, where a platform can."""

    async def find(self, platform: str, name: str) -> Chatter | None:
        """None when the platform knows nobody of that name."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root lends to the desk and its commands. now: epoch milliseconds.
    struck: whether a chat message was deleted meanwhile, so that its words may not be kept."""

    journal: Journal
    books: Books
    people: Identities
    catalogue: Catalogue
    policies: Callable[[str], StagePolicy]
    stagehand: Stagehand
    backstage: Backstage
    earner: Earner
    shows: Shows
    directory: Directory
    now: Callable[[], int]
    struck: Callable[[ChatMessage], bool] = lambda _: False


@dataclass(slots=True)
class Call:
    """One invocation under way. judged: the journal gave a verdict; fresh: now, and not
    at an earlier hearing of the same message; left: the coins of the record's subject then.
    """

    message: ChatMessage
    command: Command
    values: Mapping[str, Any]
    asker: Known
    policy: StagePolicy
    services: Services
    commands: tuple[Command, ...]
    turn: Turn | None = None
    fresh: bool = True
    judged: bool = False
    left: int = 0

    @property
    def stage(self) -> str:
        """The stage it was said on."""
        return self.message.stage

    @property
    def is_moderator(self) -> bool:
        """Whether the asker may act on others."""
        return self.message.viewer.role >= Role.MODERATOR

    def transaction(
        self,
        kind: Kind,
        *,
        subject: int = 0,
        postings: tuple[Posting, ...] = (),
        guards: tuple[Guard, ...] = (),
        closes: int = 0,
        reverses: int = 0,
        facts: dict[str, Any] | None = None,
        aside: dict[str, str] | None = None,
        combo_ms: int = 0,
    ) -> Transaction:
        """A transaction under this message's key, by the asker."""
        texts = {name: text for name, text in (aside or {}).items() if text}
        if self.services.struck(self.message):
            texts.pop("message", None)
        else:
            texts["fp"] = fingerprint(self.message)
        return Transaction(
            self.stage, kind, self.message.id, self.services.now(), self.asker.person,
            subject or self.asker.person, postings, guards, closes, reverses, facts or {},
            texts, combo_ms,
        )  # fmt: skip

    async def submit(self, transaction: Transaction) -> Record:
        """Record it. Raises the ledger's refusal, the first one if the key is known."""
        if self.turn is not None and self.command.ahead:
            self.turn.submit()
        receipt = await self.services.journal.record(transaction)
        self.judged, self.fresh, self.left = True, receipt.fresh, receipt.left
        if receipt.record is None:
            assert receipt.refusal is not None
            raise receipt.refusal
        return receipt.record

    async def coins_left(self, person: int) -> int:
        """What is in the wallet after this command; without asking when it was just written."""
        if self.judged and self.fresh and person == self.asker.person:
            return self.left
        return (await self.services.books.balance(self.stage, person)).coins

    async def person(self, mention: Mention) -> Known:
        """Whoever is meant by an @mention: on this platform, unless another one stands before
        the name, as in `discord:mia`. A moderator may name somebody not yet seen."""
        people, platform = self.services.people, self.message.platform
        if mention.user_id:
            return await people.person(platform, mention.user_id, mention.name)
        if elsewhere := await self._elsewhere(mention.name):
            return elsewhere
        if fold(mention.name) == fold(self.asker.name):
            return self.asker
        if found := await people.find(platform, mention.name):
            return found
        if self.is_moderator and (
            chatter := await self.services.directory.find(platform, mention.name)
        ):
            return await people.person(platform, chatter.user_id, chatter.name)
        raise GiftError(Code.UNKNOWN_PERSON, name=mention.name[:40])

    async def _elsewhere(self, name: str) -> Known | None:
        platform, _, rest = name.partition(":")
        if not rest or platform.lower() == "creator":  # theirs are no accounts of a chat
            return None
        return await self.services.people.find(platform.lower(), rest)


def fingerprint(message: ChatMessage) -> str:
    """By which another content under the same id is recognised."""
    content = f"{message.platform}\n{message.viewer.user_id}\n{message.text}"
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]

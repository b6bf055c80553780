"""Cheers: a platform's own money, spent on the stream. It is shown, and earns nothing.

Twitch forbids to make a currency of Bits: a cheer becomes an effect on the screen, no coins.
"""

from collections.abc import Callable
from dataclasses import dataclass

from commands.chat import Chatter
from commands.grammar import called, clean
from commands.policy import StagePolicy
from data.identities import Identities
from data.journal import Journal
from data.ledger import Transaction

BITS_MAX = 10_000_000


@dataclass(frozen=True, slots=True)
class Cheer:
    """id: idempotency key such as `twitch:es:<id>`. viewer: None when they wish not to be named.
    at: epoch milliseconds."""

    id: str
    stage: str
    platform: str
    viewer: Chatter | None
    bits: int
    message: str
    at: int


class Cheers:
    """Records cheers, so that pages learn of them; it moves nothing."""

    def __init__(
        self, journal: Journal, people: Identities, policies: Callable[[str], StagePolicy]
    ) -> None:
        self._journal = journal
        self._people = people
        self._policies = policies

    async def cheered(self, cheer: Cheer) -> None:
        """Have it shown, where the stage wants that. A repeat changes nothing. Raises
        `GiftError` BUSY or JOURNAL_DOWN when nothing was recorded: try again."""
        policy = self._policies(cheer.stage)
        if not policy.cheers or cheer.bits < 1:
            return
        viewer, person, texts = cheer.viewer, 0, {}
        if viewer is not None:
            known = await self._people.person(cheer.platform, viewer.user_id, called(viewer))
            person, texts["viewer"] = known.person, known.name
        if message := clean(cheer.message)[: policy.message_chars]:
            texts["message"] = message
        await self._journal.record(
            Transaction(
                cheer.stage, "cheer", cheer.id, cheer.at, actor=person, subject=person,
                facts={
                    "platform": cheer.platform,
                    "bits": min(cheer.bits, BITS_MAX),
                    "anonymous": viewer is None,
                },
                aside=texts,
            )
        )  # fmt: skip

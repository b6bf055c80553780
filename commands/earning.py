"""Earning: what viewers do, and the coins they get for it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from commands.chat import Chatter
from commands.earning_policy import Way
from commands.grammar import clean
from commands.policy import StagePolicy
from commands.shows import Shows
from data.errors import Code, GiftError
from data.identities import Identities
from data.journal import Journal
from data.ledger import Transaction
from data.money import Account
from data.postings import move


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a viewer did that may earn coins, as a platform tells of it.

    id: idempotency key such as `twitch:redemption:<id>`, unique for ever.
    units: the coins of a reward, subscriptions given away, raiders, the length of a streak,
        minutes of chatting or watching; otherwise of no account.
    tier: of a subscription, 1 to 3. at: when, in milliseconds since the epoch, UTC.
    standing: words for multipliers, such as `subscriber`, `subscriber2`, `vip`, `moderator`.
    """

    id: str
    stage: str
    platform: str
    viewer: Chatter
    kind: Way
    units: int = 1
    tier: int = 1
    at: int = 0
    standing: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Credit:
    """What came of it. coins: in the wallet; 0 with the reason in `refused`. fresh: False when
    the activity was known and this is its first verdict again."""

    coins: int
    fresh: bool = True
    refused: GiftError | None = None


class Earner:
    """Turns activities into grants, each under the activity's own key. now: epoch ms."""

    def __init__(
        self,
        journal: Journal,
        people: Identities,
        policies: Callable[[str], StagePolicy],
        shows: Shows,
        now: Callable[[], int],
    ) -> None:
        self._journal = journal
        self._people = people
        self._policies = policies
        self._shows = shows
        self._now = now

    async def credit(self, activity: Activity) -> Credit:
        """Grant what the policy gives for it, once for ever; refusals are remembered too.

        Raises `GiftError` BUSY or JOURNAL_DOWN when nothing was decided: try again later, and
        neither fulfil nor cancel anything meanwhile.
        """
        policy = self._policies(activity.stage)
        coins = policy.earning.coins(
            activity.kind,
            units=activity.units,
            tier=activity.tier,
            standing=activity.standing,
            live=self._shows.live(activity.stage) is not False,
            bonus_pct=100,
        )
        viewer = activity.viewer
        name = clean(viewer.name) or viewer.user_id
        known = await self._people.person(activity.platform, viewer.user_id, name)
        postings = move(Account("mint"), Account("wallet", known.person), coins) if coins else ()
        grant = Transaction(
            activity.stage, "grant", activity.id, self._now(), subject=known.person,
            postings=postings,
            facts={"cause": activity.kind, "coins": coins, "day": policy.day(activity.at)},
        )  # fmt: skip
        receipt = (
            await self._journal.record(grant)
            if coins
            else await self._journal.refuse(grant, GiftError(Code.EARNING_OFF))
        )
        if receipt.record is None:
            return Credit(0, receipt.fresh, receipt.refusal)
        return Credit(receipt.record.facts["coins"], receipt.fresh)

    def spoke(
        self, stage: str, platform: str, viewer: Chatter, standing: frozenset[str], at: int
    ) -> None:
        """Take note of a line of chat; cheap."""

    async def watched(
        self, stage: str, platform: str, viewers: list[tuple[Chatter, frozenset[str]]], at: int
    ) -> None:
        """Pay those who are there, as the platform lists them, once for each time slot."""

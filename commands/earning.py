"""Earning: what viewers do, and the coins they get for it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from commands.activity import Activity, Credit, Present
from commands.attendance import Attendance
from commands.bonuses import Bonuses
from commands.chat import Chatter
from commands.grammar import called
from commands.known_bots import KnownBots
from commands.payouts import limits, payout
from commands.policy import StagePolicy, day_before
from commands.presence import Spoken
from commands.shows import Shows
from data.errors import Code, GiftError
from data.identities import Identities, Known
from data.journal import Books, Journal
from data.ledger import Receipt, Transaction

__all__ = ["Activity", "Credit", "Earner"]

STREAK_MAX = 400  # days that are looked back


class Earner:
    """Turns activities into grants, each under the activity's own key. now: epoch ms."""

    def __init__(
        self,
        *,
        journal: Journal,
        books: Books,
        people: Identities,
        policies: Callable[[str], StagePolicy],
        shows: Shows,
        bots: KnownBots,
        now: Callable[[], int],
    ) -> None:
        self.bonuses = Bonuses(journal, books, now)
        self._journal = journal
        self._books = books
        self._people = people
        self._policies = policies
        self._shows = shows
        self._bots = bots
        self._now = now
        self._listeners: list[Callable[[str, str, Chatter, int], None]] = []
        self._attendance = Attendance(
            journal=journal,
            policies=policies,
            pay=self._pay_slot,
            live=self._live,
            bots=bots,
            now=now,
        )

    async def credit(self, activity: Activity) -> Credit:
        """Grant what the policy gives for it, once for ever; refusals are remembered too.

        Raises `GiftError` BUSY or JOURNAL_DOWN when nothing was decided: try again later, and
        neither fulfil nor cancel anything meanwhile. KEY_REUSED: the id is of something else.
        """
        known = await self._person(activity)
        units, coins = await self._worth(activity, known)
        return await self._credit(activity, known, units, coins)

    def spoke(
        self, stage: str, platform: str, viewer: Chatter, standing: frozenset[str], at: int
    ) -> None:
        """A line of chat was heard; cheap. What it earns is paid at the next tick."""
        self._attendance.spoke(stage, platform, viewer, standing, at)
        for listener in self._listeners:
            listener(stage, platform, viewer, at)

    def follow(self, listener: Callable[[str, str, Chatter, int], None]) -> None:
        """Call it with stage, platform, viewer and time of every line of chat; it must be
        cheap."""
        self._listeners.append(listener)

    async def watched(self, stage: str, platform: str, viewers: Sequence[Present], at: int) -> None:
        """These are there now, as the platform lists them from time to time: each is paid once
        for a time slot."""
        await self._attendance.watched(stage, platform, viewers, at)

    def is_bot(self, stage: str, name: str) -> bool:
        """Whether somebody of that name counts as a bot there: earns nothing, asks for nothing."""
        return self._bots.have(self._policies(stage).earning, name)

    def active(self, stage: str, minutes: int) -> list[Spoken]:
        """Who chatted within that time, known bots left out, the newest first."""
        return self._attendance.active(stage, minutes)

    async def load(self) -> None:
        """Take up what was under way; once, at the start."""
        await self.bonuses.load()

    async def tick(self) -> None:
        """Let time pass; about once a second."""
        await self._attendance.tick()
        await self.bonuses.tick()

    async def _pay_slot(self, activity: Activity, begin: int) -> Credit:
        known = await self._person(activity)
        units, coins = await self._worth(activity, known)
        if not coins:  # no reason to remember that for ever
            return Credit(0, refused=GiftError(Code.EARNING_OFF))
        heads = await self._books.heads_of(activity.stage, [known.person])
        key = f"{activity.kind}:{activity.stage}:{heads[known.person]}:{begin}"
        return await self._credit(replace(activity, id=key), known, units, coins)

    async def _credit(self, activity: Activity, known: Known, units: int, coins: int) -> Credit:
        policy = self._policies(activity.stage)
        grant = payout(
            policy.earning, activity.kind, stage=activity.stage, key=activity.id,
            at=self._now(), person=known.person, coins=coins, units=units,
            day=policy.day(activity.at), platform=activity.platform,
        )  # fmt: skip
        receipt = (
            await self._journal.record(grant)
            if coins
            else await self._journal.refuse(grant, GiftError(Code.EARNING_OFF))
        )
        return self._verdict(grant, receipt, policy)

    async def _worth(self, activity: Activity, known: Known) -> tuple[int, int]:
        """The units, and the coins for them; none for a bot."""
        policy, units = self._policies(activity.stage), activity.units
        if activity.kind == "daily":
            units = await self._streak(activity.stage, known.person, policy.day(activity.at))
        if self._bots.have(policy.earning, activity.viewer.name):
            return units, 0
        return units, policy.earning.coins(
            activity.kind,
            units=units,
            tier=activity.tier,
            standing=activity.standing,
            live=self._live(activity.stage),
            bonus_pct=self.bonuses.pct(activity.stage, activity.at),
        )

    def _verdict(self, asked: Transaction, receipt: Receipt, policy: StagePolicy) -> Credit:
        record = receipt.record
        if record is None:
            assert receipt.refusal is not None
            return Credit(0, receipt.fresh, self._told(asked, receipt.refusal, policy))
        same = record.subject == asked.subject and record.facts.get("cause") == asked.facts["cause"]
        if not same:
            raise GiftError(Code.KEY_REUSED)
        return Credit(record.facts["coins"], receipt.fresh, units=record.facts["units"])

    def _told(self, asked: Transaction, refusal: GiftError, policy: StagePolicy) -> GiftError:
        """The journal's refusal with what its sentence needs."""
        if refusal.code is not Code.EARNED_ENOUGH:
            return refusal
        way, earned = asked.facts["cause"], refusal.facts["earned"]
        if way == "daily" and refusal.facts["way"]:
            left_ms = policy.next_day(self._now()) - self._now()
            return GiftError(Code.DAILY_TAKEN, wait_s=-(-left_ms // 1000))
        own, overall = limits(policy.earning, way)
        most = (own if refusal.facts["way"] else overall) or earned
        return GiftError(Code.EARNED_ENOUGH, earned=earned, most=most)

    async def _streak(self, stage: str, person: int, day: int) -> int:
        """How many days in a row this one is, itself counted."""
        found = await self._books.earned_days(stage, person, "daily", before=day, limit=STREAK_MAX)
        streak = 1
        for earlier in found:
            day = day_before(day)
            if earlier != day:
                break
            streak += 1
        return streak

    async def _person(self, activity: Activity) -> Known:
        viewer = activity.viewer
        return await self._people.person(activity.platform, viewer.user_id, called(viewer))

    def _live(self, stage: str) -> bool:
        return self._shows.live(stage) is not False

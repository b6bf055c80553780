"""Attendance: who chats and who is there, and the coins that are due to them by time slot."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from commands.activity import Activity, Credit, Present
from commands.chat import Chatter
from commands.earning_policy import Earning
from commands.known_bots import KnownBots
from commands.payouts import limits
from commands.policy import StagePolicy
from commands.presence import Presence, Spoken
from commands.slots import MINUTE_MS, Place, Slots, begin_of
from data.errors import Code, GiftError
from data.journal import Journal
from data.ledger import Record

AT_ONCE = 256  # payouts under way together: others find the journal's queue short
DUE_MAX = 20_000  # lines of chat to be paid for; while it is full, none is added


class Attendance:
    """Remembers who was there, in bounded memory. pay: credits the slot in which an activity
    lies; raises `GiftError` when nothing was decided. live: whether a stage is, for all that
    is known. now: epoch milliseconds."""

    def __init__(
        self,
        *,
        journal: Journal,
        policies: Callable[[str], StagePolicy],
        pay: Callable[[Activity, int], Awaitable[Credit]],
        live: Callable[[str], bool],
        bots: KnownBots,
        now: Callable[[], int],
    ) -> None:
        self._policies = policies
        self._pay = pay
        self._live = live
        self._bots = bots
        self._now = now
        self._presence = Presence()
        self._slots = Slots()
        self._due: list[Activity] = []
        journal.watch(self._follow)

    def spoke(
        self, stage: str, platform: str, viewer: Chatter, standing: frozenset[str], at: int
    ) -> None:
        """Somebody said something. What it earns is paid at the next tick."""
        self._presence.spoke(stage, platform, viewer, at)
        earning = self._policies(stage).earning
        line = Activity(
            "", stage, platform, viewer, "chat", earning.chat.minutes, at=at, standing=standing
        )
        if len(self._due) < DUE_MAX and earning.chat.coins and self._is_due(earning, line):
            self._due.append(line)

    async def watched(self, stage: str, platform: str, viewers: Sequence[Present], at: int) -> None:
        """These are there now. Whom the journal could not take is paid when listed again."""
        earning = self._policies(stage).earning
        rule = earning.watch
        if not rule.worth(rule.minutes, 1, live=self._live(stage)):
            return
        since = at - rule.active_minutes * MINUTE_MS
        there = (
            Activity("", stage, platform, viewer, "watch", rule.minutes, at=at, standing=standing)
            for viewer, standing in viewers
            if not rule.active_minutes
            or self._presence.has_spoken(stage, platform, viewer.user_id, since)
        )
        due = [activity for activity in there if self._is_due(earning, activity)]
        for activity in await self._pay_all(due):
            self._slots.leave(_place(activity), begin_of(at, rule.minutes), activity.viewer.user_id)

    def active(self, stage: str, minutes: int) -> list[Spoken]:
        """Who chatted within that time, known bots left out, the newest first."""
        earning = self._policies(stage).earning
        found = self._presence.since(stage, self._now() - minutes * MINUTE_MS)
        return [one for one in found if not self._bots.have(earning, one.viewer.name)]

    async def tick(self) -> None:
        """Pay for what was said since the last one."""
        due, self._due = self._due, []
        self._due = (await self._pay_all(due) + self._due)[:DUE_MAX]

    def _is_due(self, earning: Earning, activity: Activity) -> bool:
        """Whether a slot's coins may be due to them, as far as memory tells."""
        place, who = _place(activity), activity.viewer.user_id
        return (
            activity.platform not in earning.not_on
            and self._slots.enter(place, begin_of(activity.at, activity.units), who)
            and not self._bots.have(earning, activity.viewer.name)
            and not self._slots.is_full(place, who, self._limits(activity))
        )

    def _limits(self, activity: Activity) -> tuple[int, ...]:
        policy = self._policies(activity.stage)
        return (policy.day(activity.at), *limits(policy.earning, activity.kind))

    async def _pay_all(self, due: Sequence[Activity]) -> list[Activity]:
        """Pay, some at once; those about whom nothing could be decided."""
        for begin in range(0, len(due), AT_ONCE):
            some = due[begin : begin + AT_ONCE]
            paid = await asyncio.gather(*map(self._pay_one, some))
            if not all(paid):  # the journal is busy or down: let it have its peace
                left = [activity for activity, done in zip(some, paid, strict=True) if not done]
                return [*left, *due[begin + AT_ONCE :]]
        return []

    async def _pay_one(self, activity: Activity) -> bool:
        try:
            credit = await self._pay(activity, begin_of(activity.at, activity.units))
        except GiftError as error:
            structlog.get_logger().warning("earning.not_decided", code=error.code.value)
            return error.code not in (Code.BUSY, Code.JOURNAL_DOWN)
        code = credit.refused.code if credit.refused and credit.fresh else None
        if code in (Code.EARNED_ENOUGH, Code.EARNING_PAUSED):
            self._slots.fill(_place(activity), activity.viewer.user_id, self._limits(activity))
        return True

    def _follow(self, records: Sequence[Record]) -> None:
        if any(record.kind in ("undo", "earnresume", "unlink") for record in records):
            self._slots.empty()


def _place(activity: Activity) -> Place:
    return Place(activity.stage, activity.platform, activity.kind)

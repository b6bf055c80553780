"""Policy: what a stage allows, as people set it, and the cooldowns that follow from it."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from commands.earning_policy import Earning
from data.errors import Code, GiftError
from data.gifts import fold
from data.money import DIAMOND, TOTAL_COINS_MAX, Terms

NAME = "policy"
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(pattern=r"^[^\s@]{1,24}$")]
BlockedWord = Annotated[str, StringConstraints(pattern=r"^[^\s]{2,40}$")]
Seconds = Annotated[int, Field(ge=1, le=604_800)]


class CreatorPolicy(BaseModel):
    """Somebody who can be given to. accounts: their names in chats, for `@name`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
    name: Name
    accounts: tuple[Name, ...] = ()


class PointsReward(BaseModel):
    """Coins for the points of a platform that has its own, such as Twitch.

    id: ours, so that a title may change. title: what viewers see, unique on their channel.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=45, strip_whitespace=True)]
    cost_points: Annotated[int, Field(ge=1, le=1_000_000_000)]
    coins: Annotated[int, Field(ge=1, le=1_000_000)]


class StagePolicy(BaseModel):
    """The rules of one stage, as they stand in `policy.json`. Times in seconds.

    theme: what its pages wear when their own settings do not say.
    confirm_above_coins: where a platform has buttons, a gift that costs more is asked about
        before it is sent. blocked_words: a message with one of them is not said aloud.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = "main"
    prefix: Annotated[str, StringConstraints(pattern=r"^[^\s\w@]{1,3}$")] = "!"
    aliases: dict[Word, Word] = {}
    creators: Annotated[tuple[CreatorPolicy, ...], Field(min_length=1, max_length=50)] = (
        CreatorPolicy(id="main", name="the streamer"),
    )
    fee_pct: Annotated[int, Field(ge=0, le=100)] = 0
    rate: Annotated[int, Field(ge=0, le=1_000 * DIAMOND)] = DIAMOND
    return_after_s: Seconds = 900
    decide_after_s: Seconds = 3_600
    hold_max_s: Seconds = 86_400
    combo_window_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    approve_from_tier: Annotated[int, Field(ge=0, le=7)] = 0
    confirm_above_coins: Annotated[int, Field(ge=0, le=TOTAL_COINS_MAX)] = 5_000
    transfers: bool = True
    transfer_most_coins: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000
    link_same_platform: bool = False
    message_chars: Annotated[int, Field(ge=0, le=500)] = 140
    blocked_words: Annotated[tuple[BlockedWord, ...], Field(max_length=1_000)] = ()
    cooldown_s: dict[Word, Annotated[float, Field(ge=0, le=3_600)]] = {}
    stage_cooldown_s: dict[Word, Annotated[float, Field(ge=0, le=3_600)]] = {}
    welcome_coins: Annotated[int, Field(ge=0, le=1_000_000)] = 100_000
    gifts_offline: bool = True
    hidden_from_boards: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    cheers: bool = True
    points_rewards: Annotated[tuple[PointsReward, ...], Field(max_length=20)] = (
        PointsReward(id="coins-100", title="100 coins", cost_points=500, coins=100),
    )
    time_zone: str = "UTC"
    theme: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,32}$")] = ""
    earning: Earning = Earning()

    @field_validator("points_rewards")
    @classmethod
    def _distinct(cls, rewards: tuple[PointsReward, ...]) -> tuple[PointsReward, ...]:
        for each in ({r.id for r in rewards}, {r.title.casefold() for r in rewards}):
            if len(each) < len(rewards):
                raise ValueError("two rewards have the same id or title")
        return rewards

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin") from None
        return name

    def creator(self, name: str) -> CreatorPolicy | None:
        """Whoever is given to under that id, name or account, case and accents apart."""
        wanted = fold(name)
        for creator in self.creators:
            if wanted in {fold(name) for name in (creator.id, creator.name, *creator.accounts)}:
                return creator
        return None

    def waits(self, tier: int) -> bool:
        """Whether a gift of that tier needs a moderator's word before it is shown."""
        return 0 < self.approve_from_tier <= tier

    def terms(self) -> Terms:
        """What a creator gets for a coin."""
        return Terms(self.fee_pct, self.rate)

    def day(self, at: int) -> int:
        """The stage's calendar day (yyyymmdd) at a time in milliseconds."""
        return _number(self._local(at))

    def first_day(self, period: str, at: int) -> int:
        """The first calendar day of `today`, `week` (from Monday), `month` or `all`."""
        now = self._local(at)
        match period:
            case "today":
                return _number(now)
            case "week":
                return _number(now - timedelta(days=now.weekday()))
            case "month":
                return _number(now.replace(day=1))
            case _:
                return 0

    def next_day(self, at: int) -> int:
        """When the calendar day after the one at that time begins, in milliseconds."""
        tomorrow = self._local(at).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), ZoneInfo(self.time_zone))
        return int(midnight.timestamp() * 1000)

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(self.time_zone))


def day_before(day: int) -> int:
    """The calendar day (yyyymmdd) before one."""
    year, rest = divmod(day, 10_000)
    return _number(date(year, *divmod(rest, 100)) - timedelta(days=1))


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


class Cooldowns:
    """When somebody, and a whole stage, used a command last. clock: monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], *, remember: int = 20_000) -> None:
        self._clock = clock
        self._remember = remember
        self._last: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    def check(self, stage: str, command: str, viewer: str, own_s: float, stage_s: float) -> None:
        """Raises `GiftError` COOLDOWN while one is running. Leaves no trace."""
        now = self._clock()
        for who, seconds in ((viewer, own_s), ("", stage_s)):
            last = self._last.get((stage, command, who))
            if seconds and last is not None and now - last < seconds:
                raise GiftError(Code.COOLDOWN, wait_s=max(1, round(seconds - (now - last))))

    def start(self, stage: str, command: str, viewer: str) -> None:
        """The command was carried out just now."""
        now = self._clock()
        for who in (viewer, ""):
            self._last[stage, command, who] = now
            self._last.move_to_end((stage, command, who))
        while len(self._last) > self._remember:
            self._last.popitem(last=False)

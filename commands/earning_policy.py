"""Earning policy: what each way of earning coins is worth on a stage, as people set it."""

from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from data.gifts import fold
from data.money import TOTAL_COINS_MAX

Way = Literal[
    "reward",  # a platform's own points, paid for a reward that is worth coins
    "follow",  # once for ever
    "subscription",
    "resubscription",
    "subscription_gift",  # to the giver
    "raid",  # to the one who leads it
    "watch_streak",
    "chat",  # chatting, by time slot
    "watch",  # being there, by time slot
    "daily",  # asked for, once a day
]
# What roles multiply: being there. What somebody paid for is worth what it says.
BY_PRESENCE: frozenset[Way] = frozenset({"chat", "watch", "watch_streak", "daily"})

Coins = Annotated[int, Field(ge=0, le=1_000_000)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Minutes = Annotated[int, Field(ge=1, le=1_440)]
PerTier = tuple[Coins, Coins, Coins]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Login = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]


class Rule(Protocol):
    """What every way of earning has."""

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """Coins for so many units, before multipliers; 0 when the rule is off."""

    def day_most(self) -> int:
        """What one viewer can earn so on a day, in coins; 0 for no limit."""


class Limited(BaseModel):
    """A part of a rule: the limit for one viewer and day, in coins; 0 for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day_most_coins: Coins = 0

    def day_most(self) -> int:
        """See `Rule`."""
        return self.day_most_coins


class Unlimited(BaseModel):
    """A part of a rule: the activity itself is rare."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def day_most(self) -> int:
        """See `Rule`."""
        return 0


class RewardRule(Limited):
    """Worth what the reward says."""

    enabled: bool = True

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """The units are the coins."""
        return units if self.enabled else 0


class OnceRule(Unlimited):
    """The same for everybody."""

    coins: Coins

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """Whatever the units."""
        return self.coins


class TierRule(Limited):
    """By the tier, 1 to 3, of a subscription."""

    coins_per_tier: PerTier

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """Once, whatever the units."""
        return self.coins_per_tier[min(max(tier, 1), 3) - 1]


class GiftedRule(TierRule):
    """By the tier, for each subscription given away."""

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """Each unit is one given away."""
        return units * super().worth(units, tier, live=live)


class RaidRule(Limited):
    """For each raider, up to a limit."""

    coins_per_raider: Coins
    most_coins: Coins

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """Each unit is a raider."""
        return min(units * self.coins_per_raider, self.most_coins)


class StreakRule(Unlimited):
    """Grows with each repetition in a row, up to a limit."""

    coins: Coins
    step_coins: Coins
    most_coins: Coins

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """The units are the length of the streak, from 1."""
        return min(self.coins + (units - 1) * self.step_coins, self.most_coins)


class SlotRule(Limited):
    """For each slot of so many minutes, which begin at fixed times of the clock."""

    coins: Coins
    minutes: Minutes

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """The units are minutes; only whole slots count."""
        return units // self.minutes * self.coins


class WatchRule(SlotRule):
    """Another rate while offline. active_minutes: only for those who chatted within that time;
    0 for everybody who is there."""

    offline_coins: Coins = 0
    active_minutes: Annotated[int, Field(ge=0, le=1_440)] = 0

    def worth(self, units: int, tier: int, *, live: bool) -> int:
        """The units are minutes; only whole slots count."""
        return units // self.minutes * (self.coins if live else self.offline_coins)


class RainRule(BaseModel):
    """Coins that a moderator shares out among those who chatted within `active_minutes`, the
    newest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    active_minutes: Minutes = 15
    most_coins: Annotated[int, Field(ge=1, le=1_000_000)] = 100_000
    most_viewers: Annotated[int, Field(ge=1, le=5_000)] = 1_000


class Earning(BaseModel):
    """The section `earning` of a stage's policy.

    raid: `day_most_coins` is for one raid leader. rain: what moderators may give away at once.
    roles_pct: multipliers by standing, in percent; the highest of a viewer's counts.
    day_most_coins: for one viewer and day in all ways together; 0 for no limit.
    also_bots, not_bots: names that are, or are not, bots besides the list that is shipped.
    not_on: platforms on which chatting and being there earn nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reward: RewardRule = RewardRule()
    follow: OnceRule = OnceRule(coins=300)
    subscription: TierRule = TierRule(coins_per_tier=(500, 1_000, 2_500))
    resubscription: TierRule = TierRule(coins_per_tier=(500, 1_000, 2_500))
    subscription_gift: GiftedRule = GiftedRule(coins_per_tier=(500, 1_000, 2_500))
    raid: RaidRule = RaidRule(coins_per_raider=10, most_coins=250, day_most_coins=500)
    watch_streak: StreakRule = StreakRule(coins=200, step_coins=50, most_coins=450)
    chat: SlotRule = SlotRule(coins=50, minutes=15, day_most_coins=500)
    watch: WatchRule = WatchRule(coins=10, minutes=5, day_most_coins=2_000)
    daily: StreakRule = StreakRule(coins=100, step_coins=20, most_coins=300)
    rain: RainRule = RainRule()
    roles_pct: dict[Word, Percent] = {
        "subscriber": 120,
        "subscriber2": 140,
        "subscriber3": 200,
        "founder": 120,
        "booster": 120,
    }
    day_most_coins: Coins = 0
    also_bots: tuple[Login, ...] = ()
    not_bots: tuple[Login, ...] = ()
    not_on: tuple[Login, ...] = ("simulator",)

    @field_validator("also_bots", "not_bots")
    @classmethod
    def _folded(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fold(name) for name in names)

    def rule(self, way: Way) -> Rule:
        """The rule of one way of earning."""
        rule: Rule = getattr(self, way)
        return rule

    def role_pct(self, standing: frozenset[str]) -> int:
        """The highest multiplier of those words, in percent; 100 when none has one."""
        found = [self.roles_pct[word] for word in standing if word in self.roles_pct]
        return max(found, default=100)

    def coins(
        self,
        way: Way,
        *,
        units: int,
        tier: int,
        standing: frozenset[str],
        live: bool,
        bonus_pct: int,
    ) -> int:
        """What an activity is worth, rounded down once. bonus_pct: of a bonus hour, else 100."""
        worth = min(self.rule(way).worth(max(units, 0), tier, live=live), TOTAL_COINS_MAX)
        if way == "reward":
            return worth
        role_pct = self.role_pct(standing) if way in BY_PRESENCE else 100
        return max(0, min(worth * role_pct * bonus_pct // 10_000, TOTAL_COINS_MAX))

"""The rules of earning, by themselves: what an activity is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from commands.earning_policy import BY_PRESENCE, Earning, Way
from commands.known_bots import shipped
from commands.payouts import payout
from commands.policy import StagePolicy, day_before
from data.ledger import EarnedAtMost, MayEarn
from data.money import TOTAL_COINS_MAX, Account

WAYS: tuple[Way, ...] = (
    "reward", "follow", "subscription", "resubscription", "subscription_gift", "raid",
    "watch_streak", "chat", "watch", "daily",
)  # fmt: skip
NOBODY: frozenset[str] = frozenset()


def worth(way: Way, earning: Earning = Earning(), **more) -> int:  # noqa: B008 - a value
    given = {"units": 1, "tier": 1, "standing": NOBODY, "live": True, "bonus_pct": 100, **more}
    return earning.coins(way, **given)


@pytest.mark.parametrize(
    ("way", "given", "coins"),
    [
        ("reward", {"units": 500}, 500),
        ("follow", {"units": 7}, 300),
        ("subscription", {"tier": 1}, 500),
        ("subscription", {"tier": 3, "units": 9}, 2_500),
        ("resubscription", {"tier": 2, "units": 30}, 1_000),
        ("subscription_gift", {"tier": 2, "units": 5}, 5_000),
        ("raid", {"units": 3}, 30),
        ("raid", {"units": 5_000}, 250),
        ("watch_streak", {"units": 3}, 300),
        ("watch_streak", {"units": 99}, 450),
        ("chat", {"units": 15}, 50),
        ("watch", {"units": 5}, 10),
        ("watch", {"units": 12}, 20),
        ("watch", {"units": 4}, 0),
        ("watch", {"units": 5, "live": False}, 0),
        ("daily", {"units": 1}, 100),
        ("daily", {"units": 3}, 140),
        ("daily", {"units": 365}, 300),
    ],
)
def test_the_usual_rules(way, given, coins):
    """What a stage has that never set anything."""
    assert worth(way, **given) == coins


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("units", [0, -1, -(10**9)])
def test_no_units_never_cost_anything(way, units):
    """Whatever a platform sends."""
    assert worth(way, units=units) >= 0


ROLES = {"subscriber": 120, "vip": 133, "subscriber3": 200}


@given(
    way=st.sampled_from(WAYS),
    given=st.fixed_dictionaries(
        {"units": st.integers(-10, 10**12), "tier": st.integers(-5, 9), "live": st.booleans()}
    ),
    standing=st.frozensets(st.sampled_from([*ROLES, "founder", "nobody"])),
    bonus_pct=st.sampled_from([100, 150, 200, 1_000]),
)
def test_coins_are_whole_and_bounded(way, given, standing, bonus_pct):
    """Rounded down once, from whole numbers only; the highest multiplier counts."""
    earning = Earning(roles_pct=ROLES)
    base = worth(way, earning, **given)
    coins = worth(way, earning, **given, standing=standing, bonus_pct=bonus_pct)
    assert isinstance(coins, int)
    assert 0 <= coins <= TOTAL_COINS_MAX
    if way == "reward":
        assert coins == base
        return
    known = [pct for word, pct in ROLES.items() if word in standing and way in BY_PRESENCE]
    pct = max(known, default=100)
    assert coins == min(base * pct * bonus_pct // 10_000, TOTAL_COINS_MAX)


def test_a_role_may_also_earn_less():
    """When it is the only one that has a multiplier."""
    earning = Earning(roles_pct={"guest": 50, "vip": 150})
    assert worth("watch", earning, units=5, standing=frozenset({"guest"})) == 5
    assert worth("watch", earning, units=5, standing=frozenset({"guest", "vip"})) == 15


@given(st.sampled_from(WAYS), st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_payout_is_guarded_by_every_limit(way, coins, own, overall):
    """By the person's pause, the limit of the way, and that of all ways."""
    earning = Earning(day_most_coins=overall)
    rule = getattr(earning, way)
    if "day_most_coins" in type(rule).model_fields:
        rule = rule.model_copy(update={"day_most_coins": own})
        earning = earning.model_copy(update={way: rule})
    asked = payout(
        earning, way, stage="main", key="k", at=1, person=7, coins=coins, units=1,
        day=20270115, platform="twitch",
    )  # fmt: skip
    day = 0 if way == "follow" else 20270115
    expected: list[object] = [MayEarn(7)]
    if way in ("follow", "daily"):
        expected.append(EarnedAtMost(7, day, way, 0))
    elif rule.day_most():
        expected.append(EarnedAtMost(7, day, way, own - coins))
    if overall and day:
        expected.append(EarnedAtMost(7, day, "", overall - coins))
    assert list(asked.guards) == expected
    assert dict(asked.postings) == {Account("mint"): -coins, Account("wallet", 7): coins}
    assert asked.facts["day"] == day


@pytest.mark.parametrize(
    "section",
    [
        {"watch": {"coins": -1, "minutes": 5}},
        {"watch": {"coins": 1, "minutes": 0}},
        {"watch": {"coins": 1, "minutes": 5, "hours": 1}},
        {"subscription": {"coins_per_tier": [1, 2]}},
        {"roles_pct": {"VIP!": 120}},
        {"roles_pct": {"vip": 1_001}},
        {"bits": {"coins": 1}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(section):
    """With its place, as in every document."""
    with pytest.raises(ValidationError):
        StagePolicy.model_validate({"earning": section})


def test_the_policy_survives_its_document():
    """What is written for people to edit is what is read."""
    policy = StagePolicy()
    assert StagePolicy.model_validate_json(policy.model_dump_json()) == policy


def test_known_bots_can_be_corrected():
    """By name, whatever its case."""
    bots = shipped()
    assert bots.have(Earning(), "StreamElements")
    assert bots.have(Earning(), "Sery_Bot")
    assert not bots.have(Earning(), "mia")
    assert bots.have(Earning(also_bots=("Our_Bot",)), "our_bot")
    assert not bots.have(Earning(not_bots=("nightbot",)), "Nightbot")


@pytest.mark.parametrize(
    ("day", "before"), [(20270115, 20270114), (20270101, 20261231), (20280301, 20280229)]
)
def test_the_day_before(day, before):
    """Over months, years and leap days."""
    assert day_before(day) == before


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (1_800_000_000_000, 15),  # 2027-01-15 09:00 in Berlin
        (1_806_188_400_000, 23),  # 2027-03-28 00:00 there: the clocks go forward
        (1_824_933_600_000, 25),  # 2027-10-31 00:00 there: they go back
    ],
)
def test_the_next_day_begins_by_the_stage_s_own_clock(at, hours):
    """Also when the clocks change in between."""
    policy = StagePolicy(time_zone="Europe/Berlin")
    next_day = policy.next_day(at)
    assert next_day - at == hours * 3_600_000
    assert policy.day(next_day) > policy.day(next_day - 1) == policy.day(at)

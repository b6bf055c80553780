"""Hype trains: what gifts and their times make of them, and what pages are told."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from commands.trains import Rules, Train, line_of
from data.journal import Given
from overlay.kinds import CHANGES_AT
from tests.house import MAIN, MOD, NOON, House, open_house
from tests.live import after, told, train_kind

RULES = Rules(first_coins=100, growth_pct=200, window_ms=60_000, levels=3)
SETTINGS = {"first_target_coins": 100, "growth": 2.0, "window_s": 60, "levels_max": 3}


def given(at_s: float, coins: int, viewer: int = 1, *, settled: bool = True) -> Given:
    """A gift, so many seconds after noon."""
    at = NOON + round(at_s * 1000)
    seq = round(at_s * 1000) + 1
    return Given(seq, at, viewer, 9, "rose", coins, coins, "", 20270115, 0, settled)


def trains(*gifts: Given) -> list[tuple[int, int, int]]:
    """Level, coins towards the next, and the second in which it ends."""
    line = line_of(gifts, RULES)
    return [(train.level, train.now, (train.ends_at - NOON) // 1000) for train in line.trains]


def test_a_train_sets_off_when_enough_is_given_within_the_window() -> None:
    """What is older than the window carries nobody."""
    assert trains(given(0, 60), given(30, 39)) == []
    assert trains(given(0, 60), given(59, 40)) == [(1, 0, 119)]
    assert trains(given(0, 60), given(60, 40)) == []
    assert trains(given(0, 60), given(60, 40), given(61, 60)) == [(1, 0, 121)]


def test_each_level_asks_for_more_and_turns_the_clock_back() -> None:
    """100, then 200, then 400; a gift that reaches no level leaves the clock alone."""
    assert trains(given(0, 100), given(30, 150)) == [(1, 150, 60)]
    assert trains(given(0, 100), given(30, 150), given(40, 70)) == [(2, 20, 100)]


def test_one_great_gift_passes_several_levels() -> None:
    """And beyond the last there is none, but all coins are counted."""
    line = line_of([given(0, 350)], RULES)
    assert [(one.level, one.now) for one in line.trains] == [(2, 50)]
    line = line_of([given(0, 5_000)], RULES)
    assert line.trains == [
        Train(NOON, NOON + 60_000, level=3, now=4_300, coins=5_000, riders={1: 5_000})
    ]


def test_after_its_end_the_next_one_begins_from_nothing() -> None:
    """A gift at the very end is too late."""
    assert trains(given(0, 100), given(60, 99)) == [(1, 0, 60)]
    assert trains(given(0, 100), given(60, 99), given(61, 1)) == [(1, 0, 60), (1, 0, 121)]


def test_only_settled_gifts_move_it_by_when_they_were_sent() -> None:
    """In whatever order they come."""
    assert trains(given(0, 100, settled=False)) == []
    gifts: Sequence[Given] = [given(0, 60), given(10, 40), given(20, 250)]
    assert trains(*reversed(gifts)) == trains(*gifts) == [(2, 50, 80)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for name in ("mia", "jo", "ann", "bob"):
            await opened.grant(name, 10_000)
        yield opened


async def train(house: House) -> dict[str, Any]:
    return await told(train_kind(house), **SETTINGS)


async def test_from_boarding_to_the_result(house: House) -> None:
    """Told with the moment at which the next change comes by itself; a restart changes nothing."""
    assert (await train(house))["phase"] == "idle"
    await house.accepted("!gift rose 60")
    boarding = await train(house)
    assert (boarding["phase"], boarding["now"], boarding["target"]) == ("boarding", 60, 100)
    assert boarding[CHANGES_AT] == house.clock.now() + 60_000
    house.clock.pass_s(10)
    await house.accepted("!gift rose 55", by="jo")
    riding = await train(house)
    assert (riding["phase"], riding["level"], riding["now"], riding["target"]) == (
        "riding", 1, 15, 200,
    )  # fmt: skip
    assert riding["ends_at"] == after(house, 60)
    await house.restart(after_s=1)
    assert await train(house) == riding
    house.clock.pass_s(59)
    ended = await train(house)
    assert (ended["phase"], ended["coins"], ended["best"]) == (
        "ended", 115, {"level": 1, "coins": 115},
    )  # fmt: skip
    house.clock.pass_s(20)
    idle = await train(house)
    assert (idle["phase"], idle["number"], idle["best"]) == ("idle", 1, ended["best"])


async def test_the_first_contributors_are_named(house: House) -> None:
    """With what they gave to this train; the others are counted."""
    for name, roses in (("mia", 30), ("jo", 90), ("ann", 40), ("bob", 10), ("mia", 20)):
        await house.accepted(f"!gift rose {roses}", by=name)
    data = await train(house)
    named = [(one["name"], one["coins"]) for one in data["contributors"]]
    assert named == [("jo", 90), ("mia", 50), ("ann", 40)]
    assert data["riders"] == 4


async def test_a_refund_is_taken_out_again(house: House) -> None:
    """Also when without it there would have been no train."""
    await house.accepted("!gift rose 90")
    great = await house.accepted("!gift rose 250", by="jo")
    assert (await train(house))["level"] == 2
    await house.accepted(f"!refund {great.gift_id}", by="mod", role=MOD)
    data = await train(house)
    assert (data["phase"], data["now"], data["best"]) == ("boarding", 90, None)


async def test_a_gift_counts_once_it_was_seen(tmp_path: Path) -> None:
    """One that comes back never did."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 1_000)
        seen, lost = await house.accepted("!gift rose 80"), await house.accepted("!gift rose 30")
        assert (await train(house))["phase"] == "idle"
        await house.settler.shown(MAIN, [seen.seq], "1")
        await house.settler.return_all(MAIN, "no_source")
        assert (await train(house))["now"] == 80
        assert await house.state(lost) == "returned"


async def test_settings_that_make_no_sense_are_bounded(house: House) -> None:
    """A page asks for what it likes; the books answer within reason."""
    kind = train_kind(house)
    odd = {"first_target_coins": "many", "growth": 99, "window_s": -1, "levels_max": True}
    assert kind.topics(odd) == ("show:500:500:10:5",)
    assert kind.topics({"period": "today"}) == ("today:500:150:120:5",)

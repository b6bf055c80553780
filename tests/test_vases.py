"""Vases: what is in them follows from the gifts, in the order in which they were sent."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from commands.vases import ROOM, Vase, vase_of
from data.journal import Given
from tests.house import MAIN, MOD, NOON, House, open_house
from tests.live import told, vase_kind

TIERS = {"rose": 1, "crown": 4, "lion": 7}


def given(seq: int, gift: str, units: int, *, settled: bool = True) -> Given:
    return Given(seq, NOON + seq, 1, 9, gift, units, units, "", 20270115, 0, settled)


def test_gifts_lie_in_the_order_in_which_they_were_sent() -> None:
    """What follows itself is one run."""
    gifts = [given(1, "rose", 3), given(2, "rose", 2), given(3, "crown", 1), given(4, "rose", 1)]
    vase = vase_of(gifts, 20, TIERS)
    assert vase.pieces == [("rose", 5), ("crown", 1), ("rose", 1)]
    assert (vase.full, vase.room) == (0, 5 * 10 + 20 + 10)


def test_a_full_one_makes_room_for_the_next() -> None:
    """The last piece may stand out; one gift of many fills several."""
    assert vase_of([given(1, "rose", 20)], 20, TIERS) == Vase(200, full=1)
    assert vase_of([given(1, "rose", 19), given(2, "lion", 2)], 20, TIERS) == Vase(
        200, full=1, room=56, pieces=[("lion", 1)]
    )
    assert vase_of([given(1, "rose", 99_999)], 20, TIERS) == Vase(
        200, full=4_999, room=190, pieces=[("rose", 19)]
    )


@given_any(st.lists(st.tuples(st.sampled_from(sorted(TIERS)), st.integers(1, 70)), max_size=12))
def test_many_at_once_are_as_many_one_by_one(sent: list[tuple[str, int]]) -> None:
    """However they are bundled, the same lies in the same jar."""
    bundled = [given(at, gift, units) for at, (gift, units) in enumerate(sent)]
    single = [given(0, gift, 1) for gift, units in sent for _ in range(units)]
    assert vase_of(bundled, 30, TIERS) == vase_of(single, 30, TIERS)
    assert vase_of(bundled, 30, TIERS).room < 300


def test_every_tier_has_its_size_and_only_settled_gifts_are_in_it() -> None:
    """One that nobody has seen is not there yet."""
    assert set(ROOM) == set(range(1, 8))
    assert vase_of([given(1, "rose", 3, settled=False)], 20, TIERS).pieces == []


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        await opened.grant("mia", 1_000_000)
        yield opened


async def inside(house: House, **settings: Any) -> list[tuple[str, int]]:
    data = await told(vase_kind(house), **settings)
    return [(data["gifts"][at]["gift"]["id"], units) for at, units in data["pieces"]]


async def test_a_page_is_told_what_is_in_it(house: House) -> None:
    """The same after a restart; another size is another vase."""
    await house.accepted("!gift rose 7")
    await house.accepted("!gift crown")
    data = await told(vase_kind(house))
    assert await inside(house) == [("rose", 7), ("crown", 1)]
    assert (data["full"], data["fill"], data["count"], data["capacity"]) == (0, 112, 8, 80)
    assert [each["room"] for each in data["gifts"]] == [10, 20]
    await house.restart()
    assert await told(vase_kind(house)) == data
    assert (await told(vase_kind(house), capacity=40))["fill"] == 225
    assert vase_kind(house).topics({"capacity": 5, "period": "today"}) == ("today:40",)


async def test_what_is_taken_back_leaves_it(house: House) -> None:
    """Also when it had filled one."""
    gift = await house.accepted("!gift rose 90")
    await house.accepted("!gift heart 4")
    data = await told(vase_kind(house))
    assert (data["full"], await inside(house)) == (1, [("rose", 10), ("heart", 4)])
    await house.accepted(f"!refund {gift.gift_id}", by="mod", role=MOD)
    data = await told(vase_kind(house))
    assert (data["full"], await inside(house)) == (0, [("heart", 4)])


async def test_a_show_begins_with_an_empty_one(house: House) -> None:
    """The day goes on."""
    await house.accepted("!gift rose 3")
    await house.shows.began(MAIN, "twitch", "1", NOON)
    await house.accepted("!gift heart 2")
    assert await inside(house) == [("heart", 2)]
    assert await inside(house, period="today") == [("rose", 3), ("heart", 2)]

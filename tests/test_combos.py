"""The combo meter's state: who is on a combo now, and the longest one there was."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from data.journal import Given
from overlay.kinds import CHANGES_AT
from tests.house import MAIN, MOD, NOON, House, open_house
from tests.live import after, combo_kind, givings, told


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, combo_window_s=5) as opened:
        for name in ("mia", "jo"):
            await opened.grant(name, 10_000)
        yield opened


async def running(house: House, **settings: Any) -> list[tuple[str, str, int]]:
    """Combos in short: viewer, gift, count."""
    data = await told(combo_kind(house), **settings)
    return [(one["viewer"]["name"], one["gift"]["id"], one["count"]) for one in data["combos"]]


async def test_a_combo_runs_out_with_its_window(house: House) -> None:
    """Each gift turns its clock back; when it has run out it is no more, but it was the longest."""
    await house.accepted("!gift rose 5")
    house.clock.pass_s(4)
    await house.accepted("!gift rose 3")
    data = await told(combo_kind(house))
    (combo,) = data["combos"]
    assert (combo["count"], combo["coins"], combo["ends_at"]) == (8, 8, after(house, 5))
    assert data[CHANGES_AT] == house.clock.now() + 5_000
    house.clock.pass_s(5)
    data = await told(combo_kind(house))
    assert data["combos"] == []
    assert (data["best"]["count"], data["best"]["viewer"]["name"]) == (8, "mia")
    assert data[CHANGES_AT] is None


async def test_one_gift_is_no_combo(house: House) -> None:
    """Five at once are."""
    await house.accepted("!gift rose")
    await house.accepted("!gift heart 5", by="jo")
    assert await running(house) == [("jo", "heart", 5)]


async def test_the_newest_stands_first(house: House) -> None:
    """Several run beside each other, by viewer and gift."""
    await house.accepted("!gift rose 2")
    house.clock.pass_s(1)
    await house.accepted("!gift rose 3", by="jo")
    house.clock.pass_s(1)
    await house.accepted("!gift rose 2")
    assert await running(house) == [("mia", "rose", 4), ("jo", "rose", 3)]


async def test_what_is_taken_back_leaves_the_count(tmp_path: Path) -> None:
    """Refunded after it was seen, or returned before; and what waits for a moderator is not in
    it yet."""
    async with open_house(tmp_path, settles=True, approve_from_tier=2) as house:
        await house.grant("mia", 10_000)
        shown = await house.accepted("!gift rose 5")
        await house.accepted("!gift rose 3")
        await house.accepted("!gift panda 4")
        await house.settler.shown(MAIN, [shown.seq], "1")
        assert await running(house) == [("mia", "rose", 8)]
        await house.accepted(f"!refund {shown.gift_id}", by="mod", role=MOD)
        assert await running(house) == [("mia", "rose", 3)]
        await house.settler.return_all(MAIN, "no_source")
        assert await running(house) == []
        assert (await told(combo_kind(house)))["best"] is None


async def test_the_longest_is_that_of_the_show(house: House) -> None:
    """Or of the day, if a page asks for it."""
    await house.accepted("!gift rose 50")
    await house.shows.began(MAIN, "twitch", "1", NOON)
    await house.accepted("!gift heart 7", by="jo")
    best = [(await told(combo_kind(house), period=period))["best"] for period in ("show", "today")]
    assert [one["count"] for one in best] == [7, 50]
    await house.restart(after_s=60)
    assert (await told(combo_kind(house)))["best"]["count"] == 7


async def test_gifts_one_by_one(tmp_path: Path) -> None:
    """Linked with their person, creator and combo; on their way or settled; the newest few."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100)
        seen = await house.accepted("!gift rose 5")
        house.clock.pass_s(30)
        waits = await house.accepted("!gift heart 2")
        await house.settler.shown(MAIN, [seen.seq], "1")
        books, mia = house.journal.books, await house.person("mia")
        first, second = await books.given(MAIN, after=0, limit=9)
        creator = seen.facts["creator"]
        assert first == Given(
            seen.seq, NOON, mia, creator, "rose", 5, 5, f"c{seen.seq}", 20270115, 0, settled=True
        )
        assert (second.seq, second.units, second.settled) == (waits.seq, 2, False)
        assert [one.seq for one in await books.given(MAIN, after=0, limit=1)] == [waits.seq]
        assert [one.seq for one in await givings(house).since(MAIN, NOON + 1)] == [waits.seq]
        assert await books.given("elsewhere", after=0, limit=9) == []

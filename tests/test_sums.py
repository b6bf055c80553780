"""What was given, in sums: by gift, by giver, and the newest; refunds flow back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from data.journal import GiftSum
from data.sqlite import sums
from data.sqlite.connection import open_writer
from tests.house import MAIN, MOD, NOON, House, faults_of, open_house
from tests.linking import DISCORD, TWITCH, join

DAY = 20270115


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for name in ("mia", "jo"):
            await opened.grant(name, 10_000)
        yield opened


async def given(house: House, since_day: int = 0, show: int = 0) -> dict[str, tuple[int, int, int]]:
    """Units, gifts and coins by gift."""
    found = await house.journal.books.gift_sums(MAIN, since_day=since_day, show=show)
    return {each.gift: (each.units, each.gifts, each.coins) for each in found}


async def test_gifts_are_summed_by_kind(house: House) -> None:
    """Five roses at once are five units and one gift."""
    await house.accepted("!gift rose 5")
    await house.accepted("!gift rose 2", by="jo")
    await house.accepted("!gift heart")
    assert await given(house) == {"rose": (7, 2, 7), "heart": (1, 1, 1)}
    assert await house.journal.books.givers(MAIN) == 2


async def test_by_creator(tmp_path: Path) -> None:
    """For those who stream together."""
    creators = ({"id": "a", "name": "Ann"}, {"id": "b", "name": "Bob"})
    async with open_house(tmp_path, creators=creators) as house:
        await house.grant("mia", 100)
        await house.accepted("!gift rose 5")
        await house.accepted("!gift rose 2 @bob")
        ann, bob = await house.journal.books.gift_sums(MAIN)
        assert (ann.units, bob.units) == (5, 2)
        assert ann.creator != bob.creator


async def test_a_day_a_show_and_all(house: House) -> None:
    """A gift counts on the day, and in the show, in which it was accepted."""
    await house.accepted("!gift rose 1")
    await house.shows.began(MAIN, "twitch", "1", NOON)
    show = house.shows.latest(MAIN)
    await house.accepted("!gift rose 2")
    house.clock.pass_s(24 * 3_600)
    await house.accepted("!gift rose 4", by="jo")
    await house.shows.ended(MAIN, "twitch", NOON)
    await house.accepted("!gift rose 8", by="jo")
    books = house.journal.books
    assert await given(house) == {"rose": (15, 4, 15)}
    assert await given(house, since_day=DAY + 1) == {"rose": (12, 2, 12)}
    assert await given(house, show=show) == {"rose": (6, 2, 6)}
    assert await books.givers(MAIN, since_day=DAY) == 2
    assert await books.givers(MAIN, since_day=DAY + 1) == 1
    assert await books.givers(MAIN, show=show) == 2


async def test_linked_accounts_are_one_giver(house: House) -> None:
    """As long as they are linked."""
    await house.grant("Mia", 100, on="discord")
    await house.grant("mia_tw", 100, on="twitch")
    await house.shows.began(MAIN, "twitch", "1", NOON)
    await house.accepted("!gift rose 3", **DISCORD)
    await house.accepted("!gift rose 2", **TWITCH)
    await house.accepted("!gift rose", by="jo")
    books, show = house.journal.books, house.shows.latest(MAIN)
    assert await books.givers(MAIN) == await books.givers(MAIN, show=show) == 3
    await join(house)
    assert await books.givers(MAIN) == await books.givers(MAIN, show=show) == 2
    assert await given(house) == {"rose": (6, 3, 6)}


async def test_only_settled_gifts_count(tmp_path: Path) -> None:
    """Neither one that waits for a screen, nor one that went home."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100)
        shown, lost = await house.accepted("!gift rose 5"), await house.accepted("!gift heart 2")
        assert await given(house) == {}
        await house.settler.shown(MAIN, [shown.seq], "1")
        await house.settler.return_all(MAIN, "no_source")
        assert await given(house) == {"rose": (5, 1, 5)}
        assert await house.state(lost) == "returned"


async def test_a_refund_is_taken_out_again(house: House) -> None:
    """Of what it was in, by whatever gift, day and show."""
    await house.shows.began(MAIN, "twitch", "1", NOON)
    gift = await house.accepted("!gift rose 5")
    await house.accepted("!gift heart 2", by="jo")
    house.clock.pass_s(24 * 3_600)
    await house.accepted(f"!refund {gift.gift_id}", by="mod", role=MOD)
    assert await house.journal.books.gift_sums(MAIN, since_day=DAY) == [
        GiftSum("heart", await creator(house), 2, 1, 2)
    ]
    assert await given(house, show=house.shows.latest(MAIN)) == {"heart": (2, 1, 2)}
    assert await house.journal.books.givers(MAIN) == 1
    assert await house.findings() == []


async def creator(house: House) -> int:
    return (await house.people.person("creator", "main:main", "the streamer")).person


async def test_the_newest_gifts_are_those_settled_last(tmp_path: Path) -> None:
    """In the order in which they were seen, without those that were taken back."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 1_000)
        first, second, third = [await house.accepted(f"!gift rose {n}") for n in (1, 2, 3)]
        await house.settler.shown(MAIN, [third.seq], "1")
        await house.settler.shown(MAIN, [first.seq], "1")
        latest = await house.journal.books.latest_gifts(MAIN, limit=9)
        assert [gift.gift_id for gift in latest] == [first.gift_id, third.gift_id]
        await house.accepted(f"!refund {third.gift_id}", by="mod", role=MOD)
        await house.settler.shown(MAIN, [second.seq], "1")
        latest = await house.journal.books.latest_gifts(MAIN, limit=1)
        assert [gift.gift_id for gift in latest] == [second.gift_id]
        latest = await house.journal.books.latest_gifts(MAIN, limit=9)
        assert [gift.gift_id for gift in latest] == [second.gift_id, first.gift_id]


async def test_the_newest_are_not_sought_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gift that lies too far back is not found again; a stage without records has none."""
    monkeypatch.setattr(sums, "LOOKED_BACK", 3)
    await house.accepted("!gift rose")
    assert len(await house.journal.books.latest_gifts(MAIN, limit=5)) == 1
    for _ in range(3):
        await house.grant("mia", 1)
    assert await house.journal.books.latest_gifts(MAIN, limit=5) == []
    assert await house.journal.books.latest_gifts("nowhere", limit=5) == []


async def test_a_journal_from_before_gets_its_sums(tmp_path: Path) -> None:
    """The migration counts what is there: settled at once, settled later, refunded, open."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 1_000)
        await house.shows.began(MAIN, "twitch", "1", NOON)
        gifts = [await house.accepted(f"!gift rose {n}") for n in (1, 2, 4)]
        await house.settler.shown(MAIN, [gift.seq for gift in gifts[:2]], "1")
        house.screen.settles = False
        await house.accepted("!gift rose 8")
        await house.accepted(f"!refund {gifts[0].gift_id}", by="mod", role=MOD)
        before = await given(house)
    db = open_writer(house.path)
    db.execute("DROP TABLE gift_tally")
    db.execute("DELETE FROM schema_migrations WHERE version = 9")
    db.close()
    async with open_house(tmp_path) as house:
        assert await given(house) == before == {"rose": (10, 2, 10)}
    assert faults_of(house.path) == []

"""Gifts one by one: what was read is kept, and is what one finds by reading anew."""

import asyncio
import random
from pathlib import Path

import pytest

from commands import givings as module
from data.journal import Given
from tests.house import MAIN, MOD, NOON, House, open_house, scale
from tests.linking import DISCORD, TWITCH, join
from tests.live import givings
from tests.test_recount import NAMES, History, Recount


async def naive(house: House, period: str) -> list[tuple[int, int, bool]]:
    """Seq, coins and whether it is settled, from the journal's beginning, in plain words."""
    records = await house.journal.read(MAIN, after=0, limit=9_999)
    recount = Recount(house, records)
    gone = {one.closes for one in records if one.kind == "return"}
    gone |= {one.reverses for one in records if one.kind == "refund"}
    settled = {gift.seq for gift in recount.settled}
    recount.settled = [one for one in records if one.kind == "gift" and one.seq not in gone]
    return [
        (gift.seq, gift.facts["total_coins"], gift.seq in settled) for gift in recount.of(period)
    ]


def short(gifts: list[Given]) -> list[tuple[int, int, bool]]:
    return [(gift.seq, gift.coins, gift.settled) for gift in gifts]


@pytest.mark.parametrize("seed", range(scale(4, 400)))
async def test_what_is_kept_equals_what_is_read_anew(tmp_path: Path, seed: int) -> None:
    """After any history of gifts seen at once, later or never, refunds, days, shows, restarts."""
    chance = random.Random(seed)
    async with open_house(tmp_path) as house:
        for name in NAMES:
            await house.grant(name, 100_000)
        history, journal = History(house, chance), house.journal
        lasting = givings(house)
        for number in range(1, 91):
            await history.step()
            if house.journal is not journal:
                lasting, journal = givings(house), house.journal
            if chance.random() < 0.5:
                period = chance.choice(("show", "today"))
                assert await lasting.of(MAIN, period) == await givings(house).of(MAIN, period)
            if number % 30 == 0:
                for period in ("show", "today"):
                    assert short(await lasting.of(MAIN, period)) == await naive(house, period)


async def test_linked_accounts_are_one_from_then_on(tmp_path: Path) -> None:
    """Also for what was read before."""
    async with open_house(tmp_path) as house:
        await house.grant("Mia", 100, on="discord")
        await house.grant("mia_tw", 100, on="twitch")
        await house.accepted("!gift rose 3", **DISCORD)
        await house.accepted("!gift rose 2", **TWITCH)
        lasting = givings(house)
        assert len({gift.viewer for gift in await lasting.of(MAIN, "today")}) == 2
        await join(house)
        assert len({gift.viewer for gift in await lasting.of(MAIN, "today")}) == 1


async def test_an_approved_gift_comes_in_at_its_place(tmp_path: Path) -> None:
    """And one that was denied never does."""
    async with open_house(tmp_path, settles=True, approve_from_tier=2) as house:
        await house.grant("mia", 1_000)
        panda = await house.accepted("!gift panda")
        other = await house.accepted("!gift panda 2")
        await house.accepted("!gift rose")
        lasting = givings(house)
        assert [gift.gift for gift in await lasting.of(MAIN, "today")] == ["rose"]
        await house.accepted(f"!approve {panda.gift_id}", by="mod", role=MOD)
        await house.accepted(f"!deny {other.gift_id}", by="mod", role=MOD)
        assert [gift.gift for gift in await lasting.of(MAIN, "today")] == ["panda", "rose"]


async def test_no_more_than_the_newest_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a show is; an earlier time is read from its beginning."""
    monkeypatch.setattr(module, "GIFTS_MAX", 3)
    async with open_house(tmp_path) as house:
        await house.grant("mia", 1_000)
        lasting = givings(house)
        for number in range(1, 6):
            house.clock.pass_s(120)
            await house.accepted(f"!gift rose {number}")
            assert len(await lasting.of(MAIN, "today")) == min(number, 3)
        assert [one.units for one in await lasting.since(MAIN, house.clock.now())] == [5]
        assert [one.units for one in await lasting.since(MAIN, NOON)] == [3, 4, 5]


async def test_many_may_ask_at_once_and_a_failure_leaves_no_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be read is read the next time."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 1_000)
        lasting = givings(house)
        gift = await house.accepted("!gift rose 1")
        await house.accepted("!gift rose 2")
        found = await asyncio.gather(*(lasting.of(MAIN, "today") for _ in range(4)))
        assert [len(each) for each in found] == [2, 2, 2, 2]
        await house.accepted(f"!refund {gift.gift_id}", by="mod", role=MOD)
        given = house.journal.books.given

        async def tired(_stage: str, **_asked: int) -> list[Given]:
            raise OSError("the disk is tired")

        monkeypatch.setattr(house.journal.books, "given", tired)
        with pytest.raises(OSError, match="tired"):
            await lasting.of(MAIN, "today")
        monkeypatch.setattr(house.journal.books, "given", given)
        assert [one.units for one in await lasting.of(MAIN, "today")] == [2]

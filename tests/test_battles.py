"""Battles: what moderators say, what counts for whom, and what pages are told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from data.errors import Code
from overlay.kinds import CHANGES_AT
from tests.house import MAIN, MOD, House, open_house
from tests.live import after, battle_kind, told

CREATORS = (
    {"id": "ann", "name": "Ann Äpfel", "accounts": ("ann_tv",)},
    {"id": "bob", "name": "Bob"},
    {"id": "cleo", "name": "Cleo"},
)
MINUTE_S = 60


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, creators=CREATORS) as opened:
        for name in ("mia", "jo", "ben"):
            await opened.grant(name, 100_000)
        yield opened


async def mod(house: House, text: str) -> None:
    """A moderator says it, and it works."""
    await house.accepted(text, by="mod", role=MOD)


async def now(house: House) -> dict[str, Any]:
    return await told(battle_kind(house))


async def points(house: House) -> tuple[int, int]:
    data = await now(house)
    return data["left"]["points"], data["right"]["points"]


async def test_gifts_count_for_whom_they_are_sent_to(house: House) -> None:
    """From the start to the end, and not for somebody else; the best giver of each side is
    named."""
    assert (await now(house))["phase"] == "idle"
    await house.accepted("!gift rose 70 @ann")
    house.clock.pass_s(1)
    await mod(house, "!battle start @ann_tv bob 5")
    await house.accepted("!gift rose 30 @ann")
    await house.accepted("!gift rose 20 @ann", by="jo")
    await house.accepted("!gift rose 20 @ann", by="jo")
    await house.accepted("!gift rose 45 @bob", by="ben")
    await house.accepted("!gift rose 99 @cleo", by="ben")
    data = await now(house)
    assert (data["phase"], data["ends_at"], data["winner"]) == ("on", after(house, 300), None)
    left, right = data["left"], data["right"]
    assert (left["name"], left["points"], left["givers"]) == ("Ann Äpfel", 70, 2)
    assert (left["best"]["name"], left["best"]["points"]) == ("jo", 40)
    assert (right["name"], right["points"], right["best"]["name"]) == ("Bob", 45, "ben")
    house.clock.pass_s(300)
    await house.accepted("!gift rose 90 @bob")
    data = await now(house)
    assert (data["phase"], data["winner"], data["right"]["points"]) == ("over", "left", 45)
    house.clock.pass_s(600)
    assert (await now(house))["phase"] == "idle"


async def test_a_restart_changes_nothing(house: House) -> None:
    """Neither while it is on nor after its end."""
    await mod(house, "!battle start ann bob 5")
    await mod(house, "!battle multiply 3 60")
    await house.accepted("!gift rose 10 @bob")
    before = await now(house)
    await house.restart(after_s=1)
    assert await now(house) == before
    await house.restart(after_s=5 * MINUTE_S)
    assert ((await now(house))["winner"], await points(house)) == ("right", (0, 30))
    assert await house.findings() == []


async def test_while_it_is_multiplied_coins_count_more(house: House) -> None:
    """Those sent in that time; a new multiplier takes the place of the one that is on."""
    await mod(house, "!battle start ann bob")
    await house.accepted("!gift rose 10 @ann")
    house.clock.pass_s(1)
    await mod(house, "!battle multiply x2 30")
    data = await now(house)
    assert data["boost"] == {"times": 2, "ends_at": after(house, 30)}
    assert data[CHANGES_AT] == house.clock.now() + 30_000
    await house.accepted("!gift rose 10 @ann")
    house.clock.pass_s(10)
    await mod(house, "!battle multiply 3 10")
    await house.accepted("!gift rose 10 @bob")
    house.clock.pass_s(10)
    await house.accepted("!gift rose 10 @bob")
    data = await now(house)
    assert (data["boost"], await points(house)) == (None, (30, 40))
    assert data["left"]["coins"] == 20


async def test_teams_of_several(house: House) -> None:
    """With a name of their own, or those of their creators."""
    await mod(house, "!battle start Red=ann+cleo bob 1")
    await house.accepted("!gift rose 10 @cleo")
    await house.accepted("!gift rose 5 @ann")
    data = await now(house)
    assert (data["left"]["name"], data["left"]["points"]) == ("Red", 15)
    await mod(house, "!battle stop")
    await mod(house, "!battle start bob+cleo ann")
    assert (await now(house))["left"]["name"] == "Bob & Cleo"


async def test_it_may_be_stopped_and_a_draw_is_one(house: House) -> None:
    """What comes after does not count."""
    await mod(house, "!battle start ann bob 5")
    house.clock.pass_s(10)
    await mod(house, "!battle stop")
    await house.accepted("!gift rose 10 @ann")
    data = await now(house)
    assert (data["phase"], data["winner"], data["ends_at"]) == ("over", "draw", after(house, 0))
    assert await house.refused("!battle stop", by="mod", role=MOD) == Code.NO_BATTLE


async def test_a_refund_leaves_the_score(house: House) -> None:
    """Also after the end: then the other one has won."""
    await mod(house, "!battle start ann bob 5")
    gift = await house.accepted("!gift rose 50 @ann")
    await house.accepted("!gift rose 40 @bob", by="jo")
    house.clock.pass_s(301)
    assert (await now(house))["winner"] == "left"
    await mod(house, f"!refund {gift.gift_id}")
    assert (await now(house))["winner"] == "right"


async def test_the_winner_waits_for_what_was_sent_in_time(tmp_path: Path) -> None:
    """As long as it may still be seen, but not for ever."""
    async with open_house(tmp_path, settles=True, creators=CREATORS) as house:
        await house.grant("mia", 1_000)
        await mod(house, "!battle start ann bob 1")
        seen, late = [await house.accepted(f"!gift rose {n} @bob") for n in (7, 5)]
        assert await points(house) == (0, 0)
        house.clock.pass_s(60)
        data = await now(house)
        assert (data["phase"], data["winner"]) == ("counting", None)
        await house.settler.shown(MAIN, [seen.seq], "1")
        assert (await now(house))["phase"] == "counting"
        house.clock.pass_s(10)
        data = await now(house)
        assert (data["phase"], data["winner"], await points(house)) == ("over", "right", (0, 7))
        await house.settler.shown(MAIN, [late.seq], "1")
        assert await points(house) == (0, 12)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("!battle", Code.MISSING),
        ("!battle begin ann bob", Code.UNKNOWN_CHOICE),
        ("!battle start", Code.MISSING),
        ("!battle start ann", Code.MISSING),
        ("!battle start ann zoe", Code.NO_SIDE),
        ("!battle start ann+ bob", Code.NO_SIDE),
        ("!battle start red= bob", Code.NO_SIDE),
        ("!battle start ann ann_tv", Code.BOTH_SIDES),
        ("!battle start red=ann+bob blue=cleo+bob", Code.BOTH_SIDES),
        ("!battle start ann bob 0", Code.NOT_BETWEEN),
        ("!battle start ann bob 61", Code.NOT_BETWEEN),
        ("!battle start ann bob 5m", Code.NOT_BETWEEN),
        ("!battle start ann bob ٣", Code.NOT_BETWEEN),
        ("!battle multiply 2", Code.NO_BATTLE),
    ],
)
async def test_what_makes_no_sense_is_refused(house: House, line: str, code: Code) -> None:
    """With what could be written instead."""
    assert await house.refused(line, by="mod", role=MOD) == code


@pytest.mark.parametrize("line", ["!battle start", "!battle start ann"])
async def test_a_battle_without_its_sides_is_asked_for_them(house: House, line: str) -> None:
    """With two that there are."""
    reply = await house.say(line, by="mod", role=MOD)
    assert reply.text == "Which two sides? For example: !battle start ann bob 5"


async def test_who_streams_alone_is_told_where_sides_come_from(house: House) -> None:
    """However it was typed."""
    house.policy = house.policy.model_copy(update={"creators": house.policy.creators[:1]})
    for line in ("!battle start", "!battle start red blue"):
        reply = await house.say(line, by="mod", role=MOD)
        assert reply.text.startswith("A battle needs two sides, and only ann streams here.")
        assert "policy.json" in reply.text


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("!battle start ann bob", Code.BATTLE_ON),
        ("!battle multiply", Code.MISSING),
        ("!battle multiply 1", Code.NOT_BETWEEN),
        ("!battle multiply 6", Code.NOT_BETWEEN),
        ("!battle multiply 2 301", Code.NOT_BETWEEN),
    ],
)
async def test_what_makes_no_sense_during_a_battle_is_refused(
    house: House, line: str, code: Code
) -> None:
    """And the battle goes on."""
    await mod(house, "!battle start ann bob")
    assert await house.refused(line, by="mod", role=MOD) == code
    assert (await now(house))["phase"] == "on"


async def test_it_is_for_moderators(house: House) -> None:
    """A repeat of the message that began it does not begin it again."""
    assert await house.refused("!battle start ann bob") == Code.NOT_ALLOWED
    await house.say("!battle start ann bob 1", by="mod", role=MOD, id="m1")
    house.clock.pass_s(61)
    again = await house.say("!battle start ann bob 1", by="mod", role=MOD, id="m1")
    assert (again.ok, again.quiet) == (True, True)
    assert (await now(house))["phase"] == "over"

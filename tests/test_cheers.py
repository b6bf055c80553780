"""Cheers: shown, recorded, and worth nothing."""

from pathlib import Path

import pytest

from bot.platforms.twitch.cheering import without_cheermotes
from commands.chat import Chatter
from commands.cheers import Cheer, Cheers
from data.events import event_of
from tests.fakes.twitch import TwitchStandIn
from tests.house import MAIN, House, open_house
from tests.page import add_source, browsing, open_app
from tests.twitch_house import coins, eventually, has, on_twitch


def cheer(house: House, bits: int = 100, message: str = "", **changes: object) -> Cheer:
    given: dict[str, object] = {
        "id": "twitch:es:1",
        "stage": MAIN,
        "platform": "twitch",
        "viewer": Chatter("7", "Ann"),
        "bits": bits,
        "message": message,
        "at": house.clock.now(),
    }
    return Cheer(**(given | changes))  # type: ignore[arg-type]


def cheers(house: House) -> Cheers:
    return Cheers(house.journal, house.people, lambda _: house.policy)


async def test_a_cheer_is_recorded_once_and_moves_nothing(house: House) -> None:
    for _ in range(5):
        await cheers(house).cheered(cheer(house, 250, "Go\u202e  on!\n"))
    [record] = await house.records("cheer")
    assert record.postings == ()
    assert record.facts == {"platform": "twitch", "bits": 250, "anonymous": False}
    assert record.aside == {"viewer": "Ann", "message": "Go on!"}
    event = event_of(record)
    assert event is not None
    assert (event.type, event.data) == (
        "cheer",
        {
            "viewer": {"name": "Ann", "platform": "twitch"},
            "bits": 250,
            "message": "Go on!",
            "anonymous": False,
        },
    )
    assert await house.findings() == []


async def test_who_does_not_want_to_be_named_is_not(house: House) -> None:
    await cheers(house).cheered(cheer(house, viewer=None))
    [record] = await house.records("cheer")
    assert (record.subject, record.aside) == (0, {})
    event = event_of(record)
    assert event is not None
    assert event.data["anonymous"]
    assert event.data["viewer"]["name"] == "someone"


async def test_a_stage_may_do_without(tmp_path: Path) -> None:
    async with open_house(tmp_path, cheers=False) as house:
        await cheers(house).cheered(cheer(house))
        assert await house.records("cheer") == []


async def test_words_are_as_long_as_those_of_a_gift(tmp_path: Path) -> None:
    async with open_house(tmp_path, message_chars=10) as house:
        await cheers(house).cheered(cheer(house, 10**12, "x" * 500))
        [record] = await house.records("cheer")
    assert record.aside["message"] == "x" * 10
    assert record.facts["bits"] == 10_000_000


@pytest.mark.parametrize(
    ("text", "bits", "left"),
    [
        ("Cheer100 gg", 100, "gg"),
        ("gg cheer50 PogChamp50", 100, "gg"),
        ("BibleThump1", 1, ""),
        ("2nd try, level42 done", 100, "2nd try, level42 done"),  # no cheermotes: sums differ
        ("just words", 5, "just words"),
        ("100 100", 100, "100 100"),
        ("", 1, ""),
        ("Cheer99999999999999999999", 1, "Cheer99999999999999999999"),
    ],
)
def test_words_that_stand_for_bits_are_left_out(text: str, bits: int, left: str) -> None:
    assert without_cheermotes(text, bits) == left


# From Twitch to the page


async def test_a_cheer_on_twitch_earns_nothing_and_is_shown(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann", "Ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        told = await twitch.cheer(ann, 300, "Cheer300 great!")
        for _ in range(4):
            await twitch.redeliver(told)
        await twitch.cheer(None, 5, "cheer5")

        async def both() -> bool:
            return len(await house.records("cheer")) == 2

        await eventually(both)
        await twitch.follow(bob)
        await has(house, bob, 300)
    found = {record.facts["bits"]: record for record in await house.records("cheer")}
    assert found[300].aside == {"viewer": "Ann", "message": "great!"}
    assert found[5].facts["anonymous"]
    assert found[5].aside == {}
    assert await coins(house, ann) == 0


async def test_pages_that_are_there_are_told_and_later_ones_are_not(tmp_path: Path) -> None:
    """Live only: nothing is owed, nothing is settled, nothing comes again."""
    async with open_app(tmp_path) as app, browsing(app.address("", "127.0.0.1")) as browser:
        source, token = await add_source(app)
        first = await browser.open(token)
        one = Cheer("twitch:es:1", MAIN, "twitch", Chatter("7", "Ann"), 100, "gg", app.now())
        await app.cheers.cheered(one)
        frame = await first.next("cheer")
        assert frame["data"]["bits"] == 100
        assert frame["seq"] > 0
        await first.close()
        second = await browser.open(token)
        two = Cheer("twitch:es:2", MAIN, "twitch", None, 5, "", app.now())
        await app.cheers.cheered(two)
        await second.next("cheer")
        assert [told["data"]["bits"] for told in second.of("cheer")] == [5]
        assert await app.access.shown(source) == set()

"""Entrances of top gifters: who has just come, who is due one, and the ribbon in a browser."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from commands.arrivals import LISTED, SILENT_MS, Arrivals
from commands.boards import Boards
from commands.chat import Chatter, Role
from commands.spans import Spans
from overlay.kinds.entrances import TOLD, EntranceKind
from tests.browser import connected, launched, window
from tests.house import MAIN, House, open_house
from tests.linking import TWITCH, join
from tests.page import add_source, open_app, say, send

COUNT_TONES = """
window.__tones = 0;
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  window.__tones = 1;
  return make.call(this);
};
"""


class Door:
    """Arrivals and the kind on a house; `comes` says a line."""

    def __init__(self, house: House, **settings: Any) -> None:
        self.house = house
        self.arrivals = Arrivals(house.journal, house.shows, lambda _: house.policy)
        spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
        boards = Boards(house.journal.books, house.people, lambda _: house.policy)
        self.faces: dict[int, str] = {}
        self.kind = EntranceKind(
            self.arrivals,
            boards,
            house.journal.books,
            people=house.people,
            spans=spans,
            faces=self.faces.get,
        )
        (self.topic,) = self.kind.topics({"period": "all", **settings})

    def comes(self, name: str, on: str = "simulator") -> None:
        self.arrivals.spoke(MAIN, on, Chatter(name, name), self.house.clock.now())

    async def entered(self) -> list[tuple[str, int]]:
        """Name and rank of everybody who had an entrance, oldest first."""
        (told,) = (await self.kind.read(MAIN, self.topic)).values()
        return [(each["name"], each["rank"]) for each in told["entrances"]]


@asynccontextmanager
async def opened(folder: Path, **policy: Any) -> AsyncIterator[House]:
    """A house where mia gave most, then jo, ann and bo; a day later."""
    async with open_house(folder, **policy) as house:
        for coins, name in enumerate(("bo", "ann", "jo", "mia"), start=1):
            await house.grant(name, 100)
            await house.accepted(f"!gift rose {coins}", by=name)
        house.clock.pass_s(86_400)
        yield house


@pytest.fixture
async def gave(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as house:
        yield house


async def test_the_first_three_enter_when_they_first_write(gave: House) -> None:
    """And nobody else; once."""
    door = Door(gave)
    door.comes("bo")
    door.comes("zed")
    assert await door.entered() == []
    door.comes("jo")
    assert await door.entered() == [("jo", 2)]
    door.comes("jo")
    door.comes("mia")
    assert await door.entered() == [("jo", 2), ("mia", 1)]


async def test_they_enter_with_their_face_where_there_is_one(gave: House) -> None:
    """That of any of their linked accounts."""
    await join(gave, {"by": "mia", "on": "simulator"}, TWITCH)
    door = Door(gave)
    door.faces[await gave.person("mia_tw", "twitch")] = "/avatars/a.webp"
    for name in ("mia", "jo"):
        door.comes(name)
        await door.entered()
    (told,) = (await door.kind.read(MAIN, door.topic)).values()
    faces = {each["name"]: each["avatar"] for each in told["entrances"]}
    assert faces == {"mia": "/avatars/a.webp", "jo": None}


async def test_who_gives_enters_too_and_not_twice(gave: House) -> None:
    """A gift by a slash command is no line of chat."""
    door = Door(gave, places=1)
    await gave.accepted("!gift rose", by="mia", on="simulator")
    assert await door.entered() == [("mia", 1)]
    door.comes("mia")
    gave.clock.pass_s(10)
    await gave.accepted("!gift rose", by="mia")
    assert await door.entered() == [("mia", 1)]


async def test_a_new_show_is_a_new_entrance(gave: House) -> None:
    """And a new day, while there is none."""
    door = Door(gave)
    await gave.shows.began(MAIN, "twitch", "b1", gave.clock.now())
    door.comes("mia")
    gave.clock.pass_s(3_600)
    door.comes("mia")
    assert len(await door.entered()) == 0, "the first was read too late"
    await gave.shows.ended(MAIN, "twitch", gave.clock.now())
    await gave.shows.began(MAIN, "twitch", "b2", gave.clock.now())
    door.comes("mia")
    assert await door.entered() == [("mia", 1)]
    await gave.shows.ended(MAIN, "twitch", gave.clock.now())
    gave.clock.pass_s(86_400)
    door.comes("mia")
    assert await door.entered() == [("mia", 1)] * 2


async def test_after_a_silence_they_enter_again_when_that_is_wanted(gave: House) -> None:
    """Talking all the time is no silence."""
    never, again = Door(gave), Door(gave, again_m=60)
    for door in (never, again):
        door.comes("mia")
        assert await door.entered() == [("mia", 1)]
    gave.clock.pass_s(59 * 60)
    for door in (never, again):
        door.comes("mia")
        assert await door.entered() == [("mia", 1)]
    gave.clock.pass_s(60 * 60)
    for door, times in ((never, 1), (again, 2)):
        door.comes("mia")
        assert await door.entered() == [("mia", 1)] * times


async def test_the_hidden_and_the_barred_have_none(tmp_path: Path) -> None:
    """A hidden one leaves their place to the next; a barred one keeps it and stays away."""
    async with opened(tmp_path, hidden_from_boards=("mia",)) as house:
        door = Door(house)
        await house.say("!giftban @jo", by="nova", role=1)
        for name in ("mia", "jo", "ann"):
            door.comes(name)
        assert await door.entered() == [("ann", 2)]


async def test_a_linked_account_enters_as_the_one_person(gave: House) -> None:
    """By whichever account they write."""
    await join(gave, {"by": "mia", "on": "simulator"}, TWITCH)
    door = Door(gave)
    door.comes("mia_tw", on="twitch")
    ((_, rank),) = await door.entered()
    assert rank == 1


async def test_memory_is_bounded(gave: House) -> None:
    """Of who came, who spoke, and what is told."""
    door = Door(gave)
    for number in range(LISTED + 50):
        door.comes(f"v{number}")
    assert len(door.arrivals.since(MAIN, 0)) == LISTED
    small = Arrivals(gave.journal, gave.shows, lambda _: gave.policy, remembered=3)
    for number in range(9):
        small.spoke(MAIN, "simulator", Chatter(str(number), "x"), gave.clock.now())
    assert len(small._last) == 3
    again = Door(gave, again_m=5)
    for _ in range(TOLD + 3):
        again.comes("mia")
        await again.entered()
        gave.clock.pass_s(SILENT_MS / 1000)
    assert len(await again.entered()) == TOLD


@pytest.mark.parametrize(
    ("settings", "topic"),
    [
        ({}, "month 3 0"),
        ({"period": "show", "places": 9, "again_m": -1}, "show 3 0"),
        ({"period": "<b>", "places": "2", "again_m": 30}, "month 3 30"),
    ],
)
def test_odd_settings_become_usual_ones(settings: dict[str, Any], topic: str) -> None:
    """A page can ask for nothing that is not there."""
    kind = EntranceKind(None, None, None, people=None, spans=None, faces=None)  # type: ignore[arg-type]
    assert kind.topics(settings) == (topic,)


# --- in a browser ---


async def test_a_ribbon_comes_and_goes(tmp_path: Path) -> None:
    """When the top gifter gives again; names are text; a reload plays nothing twice."""
    hostile = "<img src=x>"
    async with open_app(tmp_path) as app:
        _, token = await add_source(app, "entrance", settles=False, widget="entrance")
        await send(app, "!gift rose 5", by=hostile)
        person = (await app.people.person("simulator", hostile.casefold(), hostile)).person
        face = io.BytesIO()
        Image.new("RGB", (64, 64), "#206040").save(face, "WEBP")
        await app.screen.faces.keep(person, face.getvalue(), 1_800_000_000)
        async with launched() as browser, window(browser) as opened_window:
            page = await opened_window.page(app.overlay_url("entrance", token))
            await connected(page)
            await _speaks(app, hostile)
            seen = await page.wait_for_function(
                "() => [...document.querySelectorAll('.ribbon-name, .ribbon-title')]"
                ".map((each) => each.textContent).join('|')"
            )
            told = await seen.json_value()
            assert told == f"{hostile}|Top gifter this month · 5 coins"
            await page.wait_for_function(
                "() => document.querySelector('.ribbon-face img')?.naturalWidth > 0"
            )
            await page.reload()
            await connected(page)
            await page.wait_for_function("() => document.querySelector('.entrance')")
            assert await page.locator(".ribbon-name").count() == 0
            assert await page.locator("img[src='x']").count() == 0
            still = await opened_window.page(app.address("/o/entrance?demo=still&place=2"))
            await still.wait_for_selector(".entrance-card[data-rank='2']")
            assert await still.inner_text(".ribbon-face") == "愛"
            assert await opened_window.found_fault() == []


async def test_what_is_muted_and_a_second_copy_make_no_sound(tmp_path: Path) -> None:
    """A moderator's mute is for all that sounds; of two copies one is heard."""
    tones = "() => [document.querySelectorAll('.ribbon-name').length > 0, window.__tones]"
    async with open_app(tmp_path) as app:
        _, token = await add_source(app, "entrance", settles=False, widget="entrance")
        async with launched() as browser, window(browser) as opened_window:
            await opened_window.context.add_init_script(COUNT_TONES)
            first = await opened_window.page(app.overlay_url("entrance", token))
            await connected(first)
            copy = await opened_window.page(app.overlay_url("entrance", token))
            await connected(copy)
            await say(app, "!alerts mute", role=Role.MODERATOR)
            for name, heard in (("Jo", False), ("Ann", True)):
                await send(app, by=name)
                for page in (first, copy):
                    await page.wait_for_selector(f"[aria-label^='{name},']", state="attached")
                    assert await page.evaluate(tones) == [True, int(page is copy and heard)]
                await say(app, "!alerts unmute", role=Role.MODERATOR)


async def _speaks(app: App, name: str) -> None:
    app.earner.spoke(MAIN, "simulator", Chatter(name.casefold(), name), frozenset(), app.now())

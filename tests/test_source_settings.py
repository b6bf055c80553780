"""Each source has its own values of its widget's settings."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import App
from data.documents import Watched
from data.errors import DocumentError
from overlay.setting import WidgetSetting
from overlay.widget import discover
from tests.page import add_source, browsing, open_app, send
from tests.test_api import Program, Said

LOUD = {"source": "alerts", "settings": {"volume": 0.25, "side": "right"}}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def program(app: App) -> AsyncIterator[Program]:
    async with ClientSession() as session:
        yield Program(app, session)


def written(app: App, *rows: dict[str, Any]) -> Watched:
    """Somebody saves the document; it is looked at as the duty does."""
    text = json.dumps({"sources": {str(n): row for n, row in enumerate(rows, 1)}}, indent=1)
    (app.folder / "sources.json").write_text(text, "utf-8")
    watched = next(each for each in app.edited.watched if each.name == "sources")
    assert watched.look()
    app.hub.refit()
    return watched


def values(said: Said) -> dict[str, Any]:
    status, answer = said
    assert status == 200, answer
    return {setting["name"]: setting["value"] for setting in answer["settings"]}


PATH = "/api/v1/sources/alerts/settings"


async def test_a_change_reaches_the_page_at_once_and_replays_nothing(
    app: App, program: Program
) -> None:
    """A second welcome with the new values; the gift that waits is not handed out again."""
    _, token = await add_source(app)
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(token, paints=False)
        gift = await send(app)
        await page.until(lambda: page.given() == [gift])
        said = await program.ask("PATCH", PATH, {"settings": {"volume": "0.25"}})
        assert values(said)["volume"] == 0.25
        again = await page.next("welcome", 2)
        assert again["settings"] == discover()["alerts"].defaults() | {"volume": 0.25}
        assert again["standby"] is False
        await program.ask("PATCH", PATH, {"settings": {"volume": 0.25}})
        await page.paint(gift)
        await page.has_shown(gift)
        assert page.given() == [gift]
        assert len(page.of("welcome")) == 2, "what is the same is not told again"


async def test_the_page_is_told_other_states_when_it_asks_for_others(
    app: App, program: Program
) -> None:
    """A leaderboard of the week becomes one of the month."""
    _, token = await add_source(app, "top", settles=False, widget="leaderboard")
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(token)
        assert (await page.next("board.changed"))["data"]["board_id"] == "today"
        path = "/api/v1/sources/top/settings"
        await program.ask("PUT", path, {"settings": {"period": "month"}})
        assert (await page.next("board.changed", 2))["data"]["board_id"] == "month"
        await send(app)
        assert (await page.next("board.changed", 3))["data"]["board_id"] == "month"


async def test_put_sets_all_and_patch_some(app: App, program: Program) -> None:
    """What PUT leaves out, and what is null, is as the widget declares it."""
    await add_source(app)
    declared = discover()["alerts"].defaults()
    assert values(await program.ask("GET", PATH)) == declared
    await program.ask("PUT", PATH, {"settings": {"volume": 0, "side": "right"}})
    said = await program.ask("PATCH", PATH, {"settings": {"lanes": 2, "volume": None}})
    assert values(said) == declared | {"side": "right", "lanes": 2}
    said = await program.ask("PUT", PATH, {"settings": {"calm": "yes"}})
    assert values(said) == declared | {"calm": True}
    await program.ask("PUT", PATH, {"settings": {}})
    assert json.loads((app.folder / "sources.json").read_text("utf-8")) == {"sources": {}}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"volume": 2}, "volume: a number from 0 to 1, not '2'"),
        ({"volume": "loud"}, "volume: a number from 0 to 1, not 'loud'"),
        ({"volume": True}, "volume: a number from 0 to 1, not 'True'"),
        ({"volume": "nan"}, "volume: a number from 0 to 1, not 'nan'"),
        ({"lanes": 1.5}, "lanes: a whole number from 1 to 3, not '1.5'"),
        ({"lanes": 10**400}, "lanes: a whole number from 1 to 3"),
        ({"side": "top"}, "side: one of left, right, not 'top'"),
        ({"calm": "perhaps"}, "calm: true or false, not 'perhaps'"),
        ({"volume": [1]}, "volume: a number"),
        ({"colour": "red"}, "alerts has no setting 'colour', but these: avatars, calm, "),
        ({"colour": None}, "alerts has no setting 'colour'"),
    ],
)
async def test_what_is_not_allowed_is_refused_with_what_is(
    app: App, program: Program, wanted: dict[str, Any], said: str
) -> None:
    """And nothing is changed, not even what came with it and was right."""
    await add_source(app)
    status, answer = await program.ask("PATCH", PATH, {"settings": {"lanes": 2} | wanted})
    assert status == 400
    assert answer["error"].startswith(said)
    assert values(await program.ask("GET", PATH)) == discover()["alerts"].defaults()


async def test_only_who_may_enter_reads_or_changes_them(app: App) -> None:
    """And a source that is not there has none."""
    await add_source(app)
    async with ClientSession() as session:
        for method in ("GET", "PUT", "PATCH"):
            async with session.request(method, app.address(PATH), json={}) as answer:
                assert answer.status == 401
        program = Program(app, session)
        assert (await program.ask("GET", "/api/v1/sources/other/settings"))[0] == 404
        assert (await program.ask("GET", "/api/v1/sources/preview/settings"))[0] == 404


async def test_the_document_can_be_edited_while_all_goes_on(app: App) -> None:
    """Pages follow; a mistake is refused with its place, and what was in force stays."""
    source, token = await add_source(app)
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(token)
        assert not written(app, LOUD).problem
        assert (await page.next("welcome", 2))["settings"]["side"] == "right"
        wrong = written(app, {**LOUD, "settings": {"volume": 7}})
        assert wrong.problem == (
            "sources.json: source 'alerts': volume: a number from 0 to 1, not '7'"
        )
        assert "stands there twice" in written(app, LOUD, LOUD).problem
        assert "sources.json, line 5" in written(app, {"source": "alerts", "settings": 5}).problem
        assert app.problems()
        assert app.edited.settings.of(source)["volume"] == 0.25
        assert len(page.of("welcome")) == 2


async def test_an_edit_that_was_not_read_yet_is_not_overwritten(app: App, program: Program) -> None:
    """Whoever comes by the API is told to try again."""
    await add_source(app)
    text = json.dumps({"sources": {"1": LOUD}})
    (app.folder / "sources.json").write_text(text, "utf-8")
    status, answer = await program.ask("PATCH", PATH, {"settings": {"lanes": 1}})
    assert (status, "edited meanwhile" in answer["error"]) == (400, True)
    assert (app.folder / "sources.json").read_text("utf-8") == text


async def test_a_source_of_the_same_name_begins_anew(app: App, program: Program) -> None:
    """Settings go with their source; an entry for one that is not there yet waits for it."""
    await add_source(app)
    await program.ask("PATCH", PATH, {"settings": {"side": "right"}})
    await program.ask("DELETE", "/api/v1/sources/alerts")
    source, _ = await add_source(app)
    assert app.edited.settings.of(source)["side"] == "left"
    assert not written(app, {"source": "later", "settings": {"volume": 0.5, "rows": 3}}).problem
    later, _ = await add_source(app, "later")
    assert app.edited.settings.of(later) == discover()["alerts"].defaults() | {"volume": 0.5}


async def test_changes_at_the_same_time_all_stay(app: App, program: Program) -> None:
    """Each is read, changed and written alone."""
    names = ("one", "two", "three", "four")
    for name in names:
        await add_source(app, name)
    await asyncio.gather(
        *(
            program.ask("PATCH", f"/api/v1/sources/{name}/settings", {"settings": {"lanes": 1}})
            for name in names
        )
    )
    rows = json.loads((app.folder / "sources.json").read_text("utf-8"))["sources"].values()
    assert sorted(row["source"] for row in rows) == sorted(names)


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "number", "default": 1},
        {"type": "number", "default": 9, "min": 1, "max": 3},
        {"type": "text", "default": ""},
        {"type": "choice", "default": "a", "choices": []},
        {"type": "choice", "default": "c", "choices": ["a", "b"]},
        {"type": "boolean", "default": 5},
        {"type": "colour", "default": "red"},
    ],
)
def test_a_setting_without_bounds_or_outside_them_is_no_setting(declared: dict[str, Any]) -> None:
    """Whoever writes a widget is told, not the streamer who uses it."""
    with pytest.raises(ValueError, match="WidgetSetting"):
        WidgetSetting.model_validate(declared)


def test_a_text_may_be_of_emoji_and_empty_but_of_one_line() -> None:
    """It is shown as text."""
    title = WidgetSetting(type="text", default="", max=8)
    assert title.take("") == ""
    assert title.take("👩‍🚀 雪") == "👩‍🚀 雪"
    for bad in ("a\nb", "\x1b[2J", "\ud800", "too many letters", 5):
        with pytest.raises(DocumentError, match="up to 8 letters"):
            title.take(bad)

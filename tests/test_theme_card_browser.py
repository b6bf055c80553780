"""Cards that a theme lays out, in a real browser: the example of the documents, worn."""

import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from overlay.themes import SHIPPED
from tests.browser import WAIT_MS, connected, shown, shows, window
from tests.page import add_source, open_app, send, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = (SHIPPED.parents[1] / "docs" / "themes.md").read_text("utf-8")
CARD, SHEET = (
    found.group(1)
    for found in (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) for kind in ("html", "css"))
    if found
)
INSIDE = """(share) => [...document.querySelectorAll('.card.laid, .laid *')].every((each) => {
  const { left, right, top, bottom } = each.getBoundingClientRect();
  return left >= innerWidth * share && right <= innerWidth * (1 - share) &&
    top >= innerHeight * share && bottom <= innerHeight * (1 - share);
})"""

# Another theme is asked for than before, and it alone is on.
CHANGED = """(before) => {
  const sheets = [...document.querySelectorAll('style')].map((each) => each.textContent);
  const { theme } = window.__giftcast.state();
  const on = sheets.filter((each) => each.includes('layer(theme)'));
  return theme !== before && on.length === 1 && on[0].includes(theme);
}"""

# Everybody who was named so far, above or in the roll call.
CALLED = """(many) => {
  window.__called ??= new Set();
  for (const slot of ['viewer', 'message']) {
    const words = document.querySelector(`[data-slot=${slot}]`).textContent;
    for (const name of words.replace(/ [+]\\d+$/, '').split(', ')) window.__called.add(name);
  }
  return window.__called.size === many;
}"""

NARROW = SHEET.replace("width: calc(var(--u) * 36)", "width: calc(var(--u) * 24)")
assert NARROW != SHEET

# The words have what the counter leaves.
SHARED = """
.my-ticket { width: calc(var(--u) * 56); }
.my-words { width: auto; flex: 1 1 0; }
.my-stub { width: auto; flex-direction: row; }
"""
COUNTED = "(many) => document.querySelector('[data-slot=count]').dataset.text === many"

# The same, of those whose place holds all that it says; what is cut is noted.
IN_WHOLE = """(many) => {
  window.__called ??= new Set();
  window.__cut ??= [];
  for (const slot of ['viewer', 'message']) {
    const place = document.querySelector(`[data-slot=${slot}]`);
    const words = place?.textContent;
    if (!words) continue;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = place;
    if (scrollWidth > clientWidth || scrollHeight > clientHeight + 2) window.__cut.push(words);
    else for (const name of words.split(', ')) window.__called.add(name);
  }
  return window.__called.size === many;
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    folder = tmp_path / "themes" / "ticket"
    folder.mkdir(parents=True)
    (folder / "theme.css").write_text(SHEET, encoding="utf-8")
    (folder / "card.html").write_text(CARD, encoding="utf-8")
    async with open_app(tmp_path) as running:
        yield running


async def wears(app: App, name: str) -> None:
    """The whole stage, from now on."""
    policy = app.folder / "policy.json"
    policy.write_text(re.sub(r'"theme": "\w*"', f'"theme": "{name}"', policy.read_text()))
    await until(lambda: app.looks.of("main", {})["theme"]["name"] == name)


async def said(page: Page, slot: str) -> str:
    """What stands in a place of the card that came last."""
    found: str = await page.evaluate(
        "(slot) => [...document.querySelectorAll(`[data-slot=${slot}]`)].at(-1).textContent", slot
    )
    return found


async def test_a_gift_is_shown_and_settled_in_the_example_of_the_documents(
    app: App, browser: Browser
) -> None:
    """Who, what and how many stand in their places, and the counter goes on in the same card."""
    await wears(app, "ticket")
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        first = await send(app, "!gift rose", by="Mia")
        await shows(page, first)
        await page.wait_for_selector(".card.laid .my-stub .card-art img")
        assert await said(page, "viewer") == "Mia"
        assert (await said(page, "deed")).strip() == "sent"
        assert await said(page, "gift") == "Rose"
        assert await said(page, "count") == ""
        second = await send(app, "!gift rose 4", by="Mia")
        await shows(page, second)
        await page.wait_for_function(COUNTED, arg="×5")
        assert await page.locator(".card").count() == 1
        for gift in (first, second):
            await until(partial(_is_settled, app, gift))
        assert await opened.found_fault() == []


async def test_a_crowd_is_counted_and_called_by_name_in_a_layout(
    app: App, browser: Browser
) -> None:
    """In the place of its message, a line at a time."""
    await wears(app, "ticket")
    source, token = await add_source(app)
    await app.edited.settings.put(source, {"missed": "full", "lanes": 1, "card_s": 20})
    people = [f"{number}viewer-no" for number in range(8)]
    gifts = [await send(app, "!gift rose", by=each) for each in people]
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await shows(page, *gifts)
        assert await page.locator(".card.laid").count() == 1
        assert (await said(page, "deed")).strip() == "8 viewers sent"
        await page.wait_for_function(COUNTED, arg="+8")
        await page.wait_for_function(CALLED, arg=len(people), timeout=WAIT_MS)
        assert await opened.found_fault() == []


@pytest.mark.parametrize("told", [True, False], ids=["with a message", "without"])
async def test_nobody_of_a_crowd_is_cut_away_in_narrow_places(
    app: App, browser: Browser, told: bool
) -> None:
    """What a place holds is measured in it, not in the house's card; and where there is one place
    only, no names go to another."""
    folder = app.folder / "themes" / "ticket"
    (folder / "theme.css").write_text(NARROW, encoding="utf-8")
    card = CARD if told else CARD.replace('<div data-slot="message"></div>', "")
    (folder / "card.html").write_text(card, encoding="utf-8")
    await wears(app, "ticket")
    source, token = await add_source(app)
    await app.edited.settings.put(source, {"missed": "full", "lanes": 1, "card_s": 20})
    people = [f"{number}{'Ward' * 6}" if number % 2 else f"{number}Jo" for number in range(4)]
    gifts = [await send(app, "!gift rose", by=each) for each in people]
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await shows(page, *gifts)
        await page.wait_for_function(IN_WHOLE, arg=len(people), timeout=WAIT_MS)
        assert await page.evaluate("() => [window.__cut, [...window.__called]]") == [[], people]
        assert await page.locator(".card").count() == 1
        assert await opened.found_fault() == []


async def test_a_counter_that_grows_cuts_nobody_of_a_crowd(app: App, browser: Browser) -> None:
    """Where both share a line: who stands there is set smaller as the number takes room."""
    folder = app.folder / "themes" / "ticket"
    (folder / "theme.css").write_text(f"{SHEET} {SHARED}", encoding="utf-8")
    await wears(app, "ticket")
    source, token = await add_source(app)
    await app.edited.settings.put(source, {"missed": "full", "lanes": 1, "card_s": 20})
    people = ["Hannah", "Bernhard", "Cleo", "Dora"]
    gifts = [await send(app, "!gift rose", by=each) for each in people]
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await shows(page, *gifts)
        await page.wait_for_function(IN_WHOLE, arg=len(people), timeout=WAIT_MS)
        await shows(page, await send(app, "!gift rose 999", by=people[-1]))
        await page.wait_for_function(COUNTED, arg="+1,003")
        await page.evaluate(IN_WHOLE, len(people))
        assert await page.evaluate("() => [window.__cut, [...window.__called]]") == [[], people]
        assert await opened.found_fault() == []


async def _is_settled(app: App, gift: str) -> bool:
    return await state_of(app, gift) == "settled"


async def test_words_of_strangers_stay_text(app: App, browser: Browser) -> None:
    """In each place of a layout too."""
    await wears(app, "ticket")
    _, token = await add_source(app)
    name = "<img src=x onerror=window.__ran++>"
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift = await send(app, "!gift rose 1 <b onclick=alert(1)>hi</b><script>", by=name)
        await shows(page, gift)
        assert (await said(page, "viewer")).startswith("<img src=x")
        assert (await said(page, "message")).startswith("<b onclick=")
        assert await page.locator(".laid [onerror], .laid script, .laid b b").count() == 0
        assert await page.evaluate("() => window.__ran") == 0
        assert await opened.found_fault() == []


async def test_a_saved_card_is_used_by_the_next_and_one_on_the_screen_keeps_its_shape(
    app: App, browser: Browser
) -> None:
    """Nothing is reloaded; a card that breaks leaves the one before in use."""
    await wears(app, "ticket")
    source, token = await add_source(app)
    await app.edited.settings.put(source, {"card_s": 20})
    file = app.folder / "themes" / "ticket" / "card.html"
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await shows(page, first := await send(app, "!gift rose"))
        worn = await page.evaluate("() => window.__giftcast.state().theme")
        file.write_text(f"{CARD}<i class='my-new'/>", encoding="utf-8")
        await page.wait_for_function(CHANGED, arg=worn)
        await shows(page, second := await send(app, "!gift panda", by="Jo"))
        file.write_text(f"{CARD}<script>alert(1)</script>", encoding="utf-8")
        await until(lambda: any("<script> is not taken" in each for each in app.problems()))
        await shows(page, third := await send(app, "!gift heart", by="Al"))
        shapes = await page.evaluate(
            "() => [...document.querySelectorAll('.card.laid')]"
            ".map((each) => each.querySelectorAll('.my-new').length)"
        )
        assert shapes == [0, 1, 1]
        assert await shown(page) == [first, second, third]
        assert await opened.found_fault() == []


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("wide", "tall"), [(1280, 720), (608, 1080)])
async def test_a_card_of_another_shape_stays_in_the_safe_area(
    app: App, browser: Browser, side: str, wide: int, tall: int
) -> None:
    """However long a name, a message and a number are."""
    await wears(app, "ticket")
    source, token = await add_source(app)
    await app.edited.settings.put(source, {"side": side, "calm": True})
    async with window(browser, viewport={"width": wide, "height": tall}) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift = await send(app, f"!gift rose 999 {'so long a word ' * 8}", by="W" * 25)
        await shows(page, gift)
        assert await page.locator(".card.laid").count() == 1
        assert await page.evaluate(INSIDE, 0.05)
        assert await opened.found_fault() == []


async def test_a_theme_without_a_card_has_the_house_s_layout(app: App, browser: Browser) -> None:
    """Also in a demonstration, which cannot know whether there is one; and with one it is used."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/o/alerts?demo=still&theme=paper", "127.0.0.1"))
        await page.wait_for_selector(".card .card-plate > .card-text > .card-deed > bdi")
        assert await page.locator(".laid").count() == 0
        page = await opened.page(app.address("/o/alerts?demo=still&theme=ticket", "127.0.0.1"))
        await page.wait_for_selector(".card.laid > .my-ticket")
        assert await opened.found_fault() == []

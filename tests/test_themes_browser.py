"""Themes in a real browser: what is worn, what is read on it, and who has the last word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize

from bot.app import App
from overlay.themes import shipped_names
from tests.browser import connected, shown, shows, window
from tests.contrast import faint_words
from tests.page import add_source, open_app, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLATE = "() => getComputedStyle(document.documentElement).getPropertyValue('--plate').trim()"
TINT = """() =>
  getComputedStyle(document.querySelector('.row[data-rank="4"] .row-plate')).backgroundColor"""


# What is drawn by more than plates and type, what shows it, and the words in it.
DRAWN = {
    "battle": (".battle-left", ".battle-name,.battle-points,.battle-best div,.battle-time"),
    "combo": (".combo-glow", ".combo-name,.combo-gift,.combo-chip-name,.combo-chip-count"),
    "entrance": (".ribbon-band", ".ribbon-name,.ribbon-title,.ribbon-rank"),
    "train": (
        ".train-scene",
        ".train-title,.train-coins,.train-level,.train-rider-name,.train-wagon b",
    ),
    "vase": (".glass-line", ".vase-label b,.vase-label small,.vase-tag span"),
}
CARDS = ("battle", "train")
SMALL = ViewportSize(width=640, height=360)
LARGE = ViewportSize(width=1280, height=720)
LOOK = """(name) => {
  const style = getComputedStyle(document.querySelector(name));
  return [style.backgroundImage, style.backgroundColor, style.stroke].join();
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def worn(page: Page, name: str) -> None:
    """Wait until the page wears it."""
    await page.wait_for_function(
        "(name) => window.__giftcast.state().theme?.startsWith(`/themes/${name}/`)", arg=name
    )


@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
@pytest.mark.parametrize("name", shipped_names())
async def test_words_can_be_read_as_they_are_drawn(
    app: App, browser: Browser, name: str, ground: str
) -> None:
    """Names and numbers of the leaderboard, measured on the pixels behind them."""
    async with window(
        browser, viewport={"width": 420, "height": 560}, reduced_motion="reduce"
    ) as opened:
        page = await opened.page(
            app.address(f"/o/leaderboard?demo=still&theme={name}", "127.0.0.1")
        )
        await page.wait_for_selector(".row-coins")
        if name != "house":
            await worn(page, name)
        await page.add_style_tag(content=f"html {{ background: {ground} !important }}")
        faint = await faint_words(page, [".row-name", ".row-coins", ".board-title"], least=9)
        assert faint == {}
        assert await opened.found_fault() == []


@pytest.mark.parametrize("widget", DRAWN)
async def test_what_a_widget_draws_wears_the_theme_too_and_can_be_read(
    app: App, browser: Browser, widget: str
) -> None:
    """Jar, rail, ribbon, ring and rope: no two themes draw them alike. What becomes a card in a
    small source has its figures at another place of its colours there."""
    part, words = DRAWN[widget]
    seen: dict[str, str] = {}
    faint: dict[str, dict[str, float]] = {}
    async with window(browser, reduced_motion="reduce") as opened:
        page = await opened.context.new_page()
        for name in shipped_names():
            address = f"/o/{widget}?demo=still&theme={name}"
            await page.goto(app.address(address, "127.0.0.1"))
            await page.wait_for_selector(part, state="attached")
            if name != "house":
                await worn(page, name)
            found = await faint_words(page, words.split(","), least=2, grounds=("#000", "#fff"))
            seen[await page.evaluate(LOOK, part)] = name
            if widget in CARDS:
                await page.set_viewport_size(SMALL)
                await page.wait_for_selector(".panel[data-form=card]")
                found |= await faint_words(page, words.split(","), least=2)
                await page.set_viewport_size(LARGE)
            if found:
                faint[name] = found
    assert list(seen.values()) == shipped_names()
    assert faint == {}
    assert await opened.found_fault() == []


async def test_custom_css_of_obs_wins_over_every_theme(app: App, browser: Browser) -> None:
    """However weak its selector is, and whenever it came; a theme wins over the house likewise."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/o/leaderboard?demo=still&theme=pixel", "127.0.0.1"))
        await worn(page, "pixel")
        await page.wait_for_selector(".row-plate")
        assert await page.evaluate(TINT) == "rgb(35, 38, 94)"
        await page.evaluate(
            "() => document.head.prepend(Object.assign(document.createElement('style'),"
            " { textContent: '.row-plate { background: rgb(1, 2, 3) } body { color: red }' }))"
        )
        assert await page.evaluate(TINT) == "rgb(1, 2, 3)"
        assert (
            await page.evaluate("() => getComputedStyle(document.body).color") == "rgb(255, 0, 0)"
        )


async def test_a_saved_theme_is_worn_at_once_and_nothing_plays_again(
    app: App, browser: Browser
) -> None:
    """Without a reload; one that vanishes leaves the house's style, with a word about it."""
    folder = app.folder / "themes" / "sunset"
    folder.mkdir(parents=True)
    policy = app.folder / "policy.json"
    policy.write_text(policy.read_text().replace('"theme": ""', '"theme": "sunset"'))
    (folder / "theme.css").write_text(":root { --plate: #102030; --sparks: #ff0000; }")
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift = await send(app)
        await shows(page, gift)
        await worn(page, "sunset")
        await page.wait_for_function(f"() => ({PLATE})() === '#102030'")
        await page.evaluate("() => { window.__same = true; }")
        (folder / "theme.css").write_text(":root { --plate: #302010; }")
        await page.wait_for_function(f"() => ({PLATE})() === '#302010'")
        (folder / "theme.css").write_text(":root { --plate: #ff")
        (folder / "theme.css").unlink()
        folder.rmdir()
        await page.wait_for_function("() => window.__giftcast.state().theme === ''")
        await page.wait_for_function(f"() => ({PLATE})() === 'rgba(17, 13, 29, .9)'")
        assert await page.evaluate("() => window.__same") is True
        assert await shown(page) == [gift]
        assert await opened.found_fault() == []
    assert any("sunset" in problem for problem in app.problems())


async def test_a_theme_can_load_nothing_from_elsewhere(app: App, browser: Browser) -> None:
    """Even if its sheet could say so, the page's own rules refuse it."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/o/goal?demo=still&theme=clean", "127.0.0.1"))
        await worn(page, "clean")
        await page.evaluate(
            "() => document.head.append(Object.assign(document.createElement('style'),"
            " { textContent: 'body { background: url(https://example.org/x.png) }' }))"
        )
        await page.wait_for_function("() => window.__refused.length > 0")
        assert "img-src" in (await opened.found_fault())[0]

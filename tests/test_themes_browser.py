"""Themes in a real browser: what is worn, what is read on it, and who has the last word."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page

from bot.app import App
from overlay.theme_sheet import CONTRAST_MIN
from overlay.themes import shipped_names
from tests.browser import connected, launched, shown, shows, window
from tests.page import add_source, open_app, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLATE = "() => getComputedStyle(document.documentElement).getPropertyValue('--plate').trim()"
# Words of the page: where they stand and in which colour.
WORDS = """(names) => {
  const range = document.createRange();
  const place = (each) => { range.selectNodeContents(each); return range.getBoundingClientRect(); };
  return names.flatMap((name) => [...document.querySelectorAll(name)])
  .map((each) => [place(each), getComputedStyle(each).color, each.className])
  .filter(([at]) => at.width > 4)
  .map(([at, ink, name]) => [at.x, at.y, at.width, at.height, ink, name]);
}"""
NO_WORDS = (
    "* { color: transparent !important; text-shadow: none !important;"
    " -webkit-text-fill-color: transparent !important }"
)
TINT = """() =>
  getComputedStyle(document.querySelector('.row[data-rank="4"] .row-plate')).backgroundColor"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def worn(page: Page, name: str) -> None:
    """Wait until the page wears it."""
    await page.wait_for_function(
        "(name) => window.__giftcast.state().theme?.startsWith(`/themes/${name}/`)", arg=name
    )


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of 0 … 255 sRGB."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def faintest(picture: Image.Image, word: list[Any]) -> float:
    """The contrast of a word with the darkest and the lightest of what is behind it."""
    x, y, wide, tall, ink, _ = word
    behind = picture.crop((int(x) + 1, int(y + tall * 0.2), int(x + wide) - 1, int(y + tall * 0.8)))
    shades = behind.convert("RGB").tobytes()
    found = {luminance(tuple(shades[i : i + 3])) for i in range(0, len(shades), 3)}
    front = luminance(tuple(float(part) for part in ink[ink.index("(") + 1 : -1].split(",")[:3]))
    ratios = [
        (max(front, back) + 0.05) / (min(front, back) + 0.05) for back in (min(found), max(found))
    ]
    return min(ratios)


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
        words = await page.evaluate(WORDS, [".row-name", ".row-coins", ".board-title"])
        await page.add_style_tag(content=NO_WORDS + ".coin { visibility: hidden }")
        picture = Image.open(io.BytesIO(await page.screenshot(animations="disabled"))).convert(
            "RGB"
        )
        assert len(words) >= 9
        faint = {word[5]: round(faintest(picture, word), 1) for word in words}
        assert {key: ratio for key, ratio in faint.items() if ratio < CONTRAST_MIN} == {}
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
        assert await page.evaluate(PLATE) == "#102030"
        await page.evaluate("() => { window.__same = true; }")
        (folder / "theme.css").write_text(":root { --plate: #302010; }")
        await page.wait_for_function(f"() => ({PLATE})() === '#302010'")
        (folder / "theme.css").write_text(":root { --plate: #ff")
        (folder / "theme.css").unlink()
        folder.rmdir()
        await page.wait_for_function("() => window.__giftcast.state().theme === ''")
        assert await page.evaluate(PLATE) == "rgba(17, 13, 29, .9)"
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

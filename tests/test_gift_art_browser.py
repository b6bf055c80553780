"""Art of one's own in a real browser: each kind plays in cards and films, or gives way."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from commands.chat import Role
from overlay.formats.check import examine
from tests.browser import Window, connected, shows, window
from tests.media import bell, lottie, picture, svg, webm
from tests.page import add_source, open_app, say, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = {
    "png": (picture("PNG"), ".card-art img[src*='art.png']"),
    "apng": (picture("PNG", frames=6), ".card-art img[src*='art.png']"),
    "webp": (picture("WEBP", frames=6), ".card-art img[src*='art.webp']"),
    "svg": (svg(), ".card-art img[src*='art.svg']"),
    "lottie": (lottie(), ".card-art .lottie svg g path"),
    "webm": (webm(), ".card-art video"),
}
# The middle of what a video shows, on nothing: its alpha.
CORNER = """(name) => {
  const video = document.querySelector(name);
  const pen = new OffscreenCanvas(64, 64).getContext("2d");
  pen.drawImage(video, 0, 0, 64, 64);
  return [...pen.getImageData(0, 0, 64, 64).data].filter((_, i) => i % 4 === 3);
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def brought(app: App, gift: str, data: bytes, *, sound: bytes = b"") -> None:
    """A designer has brought this."""
    art = app.looks.art
    found = await asyncio.to_thread(examine, data)
    art.put_art(gift, data, found, confirmed=False)
    if sound:
        art.put_sound(gift, sound)
    art.changed()


async def stage(app: App, opened: Window) -> Page:
    """The page of a new source of alerts."""
    _, token = await add_source(app)
    page = await opened.page(app.overlay_url("alerts", token))
    await connected(page)
    return page


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_plays_in_a_card(app: App, browser: Browser, kind: str) -> None:
    """Without a complaint of the browser, and under the page's own rules."""
    data, place = KINDS[kind]
    await brought(app, "rose", data)
    async with window(browser) as opened:
        page = await stage(app, opened)
        gift = await send(app)
        await shows(page, gift)
        await page.wait_for_selector(place, state="attached")
        if kind == "webm":
            await page.wait_for_function("() => document.querySelector('video').currentTime > 0")
            assert await page.evaluate("() => document.querySelector('video').muted")
            alphas = await page.evaluate(CORNER, "video")
            assert min(alphas) < 20
            assert max(alphas) > 200
        lottie_loaded = any("lottie" in url for url in opened.requests)
        assert lottie_loaded == (kind == "lottie")
        assert await opened.found_fault() == []


@pytest.mark.parametrize("kind", ["lottie", "webm", "apng"])
async def test_each_kind_that_moves_plays_as_a_film(app: App, browser: Browser, kind: str) -> None:
    """One at a time, and nothing of it is left afterwards."""
    await brought(app, "galaxy", KINDS[kind][0])
    async with window(browser) as opened:
        page = await stage(app, opened)
        gift = await send(app, "!gift galaxy")
        await shows(page, gift)
        await page.wait_for_selector(".film-layer .lottie svg, .film-layer video, .film-layer img")
        assert (
            await page.evaluate("() => document.querySelectorAll('.film-layer video').length") <= 1
        )
        await page.wait_for_function("() => window.__giftcast.state().hero === null")
        await page.wait_for_function("() => !document.querySelector('.film-layer')")
        assert await opened.found_fault() == []


async def test_calm_pages_show_a_still(app: App, browser: Browser) -> None:
    """Also when it is the system that asks for reduced motion."""
    await brought(app, "rose", webm())
    async with window(browser, reduced_motion="reduce") as opened:
        page = await stage(app, opened)
        await shows(page, await send(app))
        await page.wait_for_selector(".card-art img[src*='still.webp']")
        assert await page.query_selector("video") is None


async def test_what_cannot_be_loaded_gives_way_to_the_shipped_art(
    app: App, browser: Browser
) -> None:
    """The gift is shown all the same."""
    await brought(app, "rose", webm())
    for path in (app.folder / "gifts" / "rose").glob("*.web*"):
        path.write_bytes(b"not a clip")
    async with window(browser) as opened:
        page = await stage(app, opened)
        gift = await send(app)
        await shows(page, gift)
        await page.wait_for_selector(".card-art img[src*='/art/gifts/rose-256.webp']")


async def test_a_gift_s_own_sound_is_fetched_and_a_broken_one_is_no_fault(
    app: App, browser: Browser
) -> None:
    """It is decoded by the page itself."""
    await brought(app, "rose", svg(), sound=bell("ogg"))
    async with window(browser) as opened:
        page = await stage(app, opened)
        await shows(page, await send(app))
        await page.wait_for_function(
            "() => performance.getEntriesByType('resource')"
            ".some((one) => one.name.includes('sound.ogg'))"
        )
        (app.folder / "gifts" / "rose" / "sound.ogg").write_bytes(b"OggS nothing")
        assert await opened.found_fault() == []


# What the page gives to the sound card: its own instruments, sounds that were fetched, and levels.
EARS = """
window.__ears = { tones: 0, owns: 0, ended: 0, levels: [] };
const seen = (kind, name, note) => {
  const real = kind.prototype[name];
  kind.prototype[name] = function (...more) { note(this, more); return real.apply(this, more); };
};
seen(OscillatorNode, "start", () => (window.__ears.tones += 1));
seen(AudioBufferSourceNode, "start", (node) => {
  if (node.loop) return; // noise
  window.__ears.owns += 1;
  node.addEventListener("ended", () => (window.__ears.ended += 1));
});
seen(AudioParam, "setTargetAtTime", (_, [value]) => window.__ears.levels.push(value));
"""


async def test_a_gift_s_own_sound_stands_in_for_the_chime_when_its_card_counts_up_too(
    app: App, browser: Browser
) -> None:
    await brought(app, "rose", svg(), sound=bell("ogg"))
    async with window(browser) as opened:
        await opened.context.add_init_script(EARS)
        page = await stage(app, opened)
        await shows(page, await send(app))
        await page.wait_for_function("() => window.__ears.owns === 1")
        await page.wait_for_function("() => window.__ears.ended === 1")
        await shows(page, await send(app))
        await page.wait_for_function("() => window.__ears.owns === 2")
        assert await page.evaluate("() => window.__ears.tones") == 0
        await shows(page, await send(app, "!gift heart", by="Jo"))
        await page.wait_for_function("() => window.__ears.tones > 0")


async def test_a_film_ducks_the_cards_and_lets_them_up_again(app: App, browser: Browser) -> None:
    async with window(browser) as opened:
        await opened.context.add_init_script(EARS)
        page = await stage(app, opened)
        await shows(page, await send(app))
        await page.wait_for_function("() => window.__ears.tones > 0")
        await shows(page, await send(app, "!gift lion"))
        await page.wait_for_function("() => window.__ears.levels.includes(0.25)")
        await page.evaluate("() => (window.__ears.levels = [])")
        assert (await say(app, "!alerts skip", role=Role.MODERATOR)).ok
        await page.wait_for_function("() => window.__ears.levels.includes(1)")


async def test_lists_show_the_still_and_new_art_is_worn_by_the_next_gift(
    app: App, browser: Browser
) -> None:
    """Without a reload."""
    async with window(browser) as opened:
        page = await stage(app, opened)
        await shows(page, await send(app))
        await page.wait_for_selector(".card-art img[src*='rose-256']")
        await brought(app, "rose", svg())
        await shows(page, await send(app, by="Jo"))
        await page.wait_for_selector(".card-art img[src*='art.svg']")
        _, token = await add_source(app, "ticker", settles=False, widget="ticker")
        await brought(app, "rose", webm())
        ticker = await opened.page(app.overlay_url("ticker", token))
        await ticker.wait_for_selector(".sent-art img[src*='still.webp']")
        assert await opened.found_fault() == []

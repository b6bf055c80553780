"""The pages that OBS opens, in a real browser: the loader, the link that is dragged, presence."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page

from bot.app import App
from bot.obs.links import Page as Link
from bot.obs.loader import write_loader
from bot.settings import JournalSettings, ServerSettings, Settings
from bot.start import started
from overlay.here import HEIGHT, WIDTH
from overlay.server import bind
from tests.browser import Window, connected, shown, shows, window
from tests.page import add_source, open_app, send, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

# As obs-browser does it: browser-app.cpp, an object in every page and events on its window.
IN_OBS = "window.obsstudio = { pluginVersion: '2.23.5' };"
EVENT = "([name, detail]) => window.dispatchEvent(new CustomEvent(name, { detail }))"
HERO, CARD = "!gift lion", "!gift rose"


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def obs_says(page: Page, *, visible: bool, active: bool) -> None:
    """OBS tells the page, in its order."""
    await page.evaluate(EVENT, ["obsSourceActiveChanged", {"active": active}])
    await page.evaluate(EVENT, ["obsSourceVisibleChanged", {"visible": visible}])


async def settled(app: App, *gift_ids: str) -> None:
    """Wait until these are."""

    async def all_are() -> bool:
        return {await state_of(app, gift_id) for gift_id in gift_ids} == {"settled"}

    await until(all_are)


# --- the loader: OBS was first ---


def free_port() -> int:
    """A port that nobody listens on just now."""
    with bind("127.0.0.1", 0, fixed=True) as sock:
        return int(sock.getsockname()[1])


def on_port(folder: Path, port: int) -> AbstractAsyncContextManager[App]:
    settings = Settings(ServerSettings(port=port), JournalSettings(), {})
    return started(settings, folder)


async def open_loader(opened: Window, folder: Path, port: int, token: str) -> Page:
    """The page on the disk, as a browser source with a local file opens it."""
    path = folder / "giftcast-loader.html"
    write_loader(path, Link(f"http://127.0.0.1:{port}", "alerts", token))
    await opened.context.add_init_script(IN_OBS)
    return await opened.page(path.as_uri())


def strange(complaints: list[str]) -> list[str]:
    """Complaints other than that nobody was there yet."""
    return [each for each in complaints if "ERR_CONNECTION_REFUSED" not in each]


async def test_obs_may_start_first_and_giftcast_may_come_and_go(
    browser: Browser, tmp_path: Path
) -> None:
    """Nothing on the stream; then the overlay; and after a restart of giftcast, by itself again."""
    port = free_port()
    async with on_port(tmp_path, port) as app:
        source, token = await add_source(app)
    async with window(browser) as opened:
        page = await open_loader(opened, tmp_path, port, token)
        await page.wait_for_event("requestfailed")
        blank = await opened.page("about:blank")
        nothing = await blank.screenshot(omit_background=True)
        assert await page.screenshot(omit_background=True) == nothing
        for _ in range(2):
            async with on_port(tmp_path, port) as app:
                await connected(page)
                gift_id = await send(app, CARD)
                await shows(page, gift_id)
                await settled(app, gift_id)
            await page.wait_for_function("() => window.__giftcast.state().link !== 'open'")
        assert urlsplit(page.url).netloc == f"127.0.0.1:{port}"
        assert await page.evaluate("() => document.referrer") == ""
        assert strange(opened.complaints) == []
        assert not [url for url in opened.requests if token in url]
    assert source.name == "alerts"


async def test_the_loader_takes_no_other_program_for_giftcast(
    browser: Browser, tmp_path: Path
) -> None:
    """Somebody else on that port, who answers everything with a picture."""

    async def picture(_: web.Request) -> web.Response:
        text = f'<svg xmlns="http://www.w3.org/2000/svg" width="{HEIGHT}" height="{WIDTH}"/>'
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        return web.Response(text=text, content_type="image/svg+xml", headers=headers)

    app = web.Application()
    app.router.add_get("/o/here.svg", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with window(browser) as opened:
            page = await open_loader(opened, tmp_path, runner.addresses[0][1], "t" * 43)
            await page.wait_for_function("() => tries > 1")
            assert page.url.startswith("file://")
            assert opened.complaints == []
    finally:
        await runner.cleanup()


async def test_a_page_of_another_site_learns_nothing_of_the_overlay(
    app: App, browser: Browser, tmp_path: Path
) -> None:
    """The sign alone may be seen from elsewhere; everything else stays ours."""
    art = app.address("/art/gifts/rose-96.webp", "127.0.0.1")
    async with window(browser) as opened:
        (tmp_path / "other.html").write_text("<title>other</title>")
        page = await opened.page((tmp_path / "other.html").as_uri())
        seen = await page.evaluate(
            "(urls) => Promise.all(urls.map((url) => new Promise((done) => {"
            " const one = new Image(); one.onload = () => done(true);"
            " one.onerror = () => done(false); one.src = url; })))",
            [app.address("/o/here.svg", "127.0.0.1"), art],
        )
        assert seen == [True, False]


# --- the link that is dragged into OBS ---


async def test_the_link_on_the_chat_page_can_be_dragged_into_obs(
    app: App, browser: Browser
) -> None:
    """What is dropped is the overlay's address, with what OBS reads before the fragment; a click
    opens no second copy."""
    async with window(browser) as opened:
        page = await opened.page(app.address(f"/login#{app.entry.new_code()}"))
        await page.wait_for_url("**/chat")
        await page.click("#copy")
        link = page.locator("#drag")
        await link.wait_for()
        pasted = await page.input_value("#link")
        address, _, token = pasted.partition("#")
        assert await link.get_attribute("href") == (
            f"{address}?layer-name=giftcast%20alerts#{token}"
        )
        await page.select_option("#drag-size", "1080x1920")
        await page.evaluate(
            "() => addEventListener('dragstart', (event) =>"
            " { window.dropped = event.dataTransfer.getData('text/uri-list'); })"
        )
        await link.hover()
        await page.mouse.down()
        await page.mouse.move(5, 5, steps=5)
        await page.wait_for_function("() => window.dropped")
        await page.mouse.up()
        dropped = str(await page.evaluate("() => window.dropped"))
        assert dropped == (
            f"{address}?layer-name=giftcast%20alerts&layer-width=1080&layer-height=1920#{token}"
        )
        await link.click()
        assert page.url == app.address("/chat")
        overlay = await opened.page(dropped)  # whoever keeps the parameters is served all the same
        await connected(overlay)
        assert await opened.found_fault() == []


# --- what OBS tells the page ---


async def test_heroes_wait_while_the_source_is_not_in_the_programme(
    app: App, browser: Browser
) -> None:
    """It can be seen in the studio's preview: cards play, the film waits for its audience."""
    source, token = await add_source(app)
    async with window(browser) as opened:
        await opened.context.add_init_script(IN_OBS)
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await obs_says(page, visible=True, active=False)
        await until(lambda: app.hub.connected(source) and not app.hub.active(source))
        hero, card = await send(app, HERO), await send(app, CARD)
        await shows(page, card)
        state = await page.evaluate("() => window.__giftcast.state()")
        assert (state["inactive"], state["wings"], state["hero"]) == (True, 1, None)
        assert await shown(page) == [card]
        assert await state_of(app, hero) == "ready"
        await obs_says(page, visible=True, active=True)
        await shows(page, hero)
        await settled(app, hero)
        assert app.hub.active(source)
        assert await opened.found_fault() == []


async def test_nothing_is_shown_while_the_source_cannot_be_seen(app: App, browser: Browser) -> None:
    """Another scene is on: gifts wait, and play when the source comes back, each once."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        await opened.context.add_init_script(IN_OBS)
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await obs_says(page, visible=False, active=False)
        await page.wait_for_function("() => window.__giftcast.state().hidden")
        gifts = [await send(app, CARD), await send(app, HERO, by="Jonas")]
        waits = "() => { const s = window.__giftcast.state(); return s.waiting + s.wings === 2; }"
        await page.wait_for_function(waits)
        assert await shown(page) == []
        assert [await state_of(app, gift) for gift in gifts] == ["ready", "ready"]
        await obs_says(page, visible=True, active=True)
        await shows(page, *gifts)
        await settled(app, *gifts)
        assert sorted(set(await shown(page))) == sorted(gifts)


async def test_of_two_copies_the_one_in_the_programme_plays(app: App, browser: Browser) -> None:
    """Also when the other, in the preview of the studio, was opened later."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        first = await opened.page(app.overlay_url("alerts", token))
        await connected(first)
        second = await opened.page(app.overlay_url("alerts", token))
        await connected(second)
        await first.wait_for_function("() => window.__giftcast.state().standby")
        await obs_says(second, visible=True, active=False)
        await first.wait_for_function("() => !window.__giftcast.state().standby")
        gift = await send(app, CARD)
        await shows(first, gift)
        assert await shown(second) == []

"""The QR card: which links it takes, and that a decoder that is not ours reads what it draws."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from aiohttp import ClientSession
from PIL import Image
from playwright.async_api import Browser, Page

from benchmarks.reel import Cinema, reel
from bot.app import App
from overlay.qr import LINK_MAX, LinkError, link_of, modules
from tests.browser import Window, window
from tests.page import open_app

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINK = "https://example.org/discord"
LONGEST = "https://example.org/" + "a" * (LINK_MAX - 20)
STRIPES = "repeating-linear-gradient(45deg, #e33 0 40px, #3c6 40px 80px, #36e 80px 120px)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    async with open_app(tmp_path_factory.mktemp("qr")) as running:
        yield running


@pytest.mark.parametrize(
    "link", [LINK, "http://x", f"  {LINK} ", "https://пример.рф/ä?b=c#d", LONGEST]
)
async def test_links_that_a_card_takes(link: str) -> None:
    """What they say is what was set, without spaces around it."""
    assert link_of(link) == link.strip()


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://a b",
        "https://a\nb",
        "https://[::1",
        LONGEST + "a",
    ],
)
async def test_links_that_a_card_refuses(link: str) -> None:
    """With the reason in words."""
    with pytest.raises(LinkError, match="a link"):
        link_of(link)


async def test_the_server_gives_modules_for_links_alone(app: App) -> None:
    """Square, of zeros and ones; anything else gets a fix."""
    async with ClientSession() as session:
        address = app.address("/o/qr/modules")
        async with session.get(address, params={"link": LINK}) as answer:
            said = await answer.json()
        assert said["link"] == LINK
        assert said["rows"] == modules(LINK)
        assert {len(row) for row in said["rows"]} == {len(said["rows"])}
        assert set("".join(said["rows"])) == {"0", "1"}
        for params in ({"link": "javascript:alert(1)"}, {}):
            async with session.get(address, params=params) as answer:
                assert answer.status == 400
                assert "link" in (await answer.json())["fix"]


async def shown(opened: Window, app: App, link: str, more: str = "") -> Page:
    page = await opened.page(app.address("/o/qr?demo=still" + more + "&link=" + link))
    await page.wait_for_selector(".qr-code svg path")
    await page.evaluate("() => document.fonts.ready")
    return page


async def read(page: Page) -> list[str]:
    """What a decoder finds in a picture of the whole page."""
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    ("width", "height", "more"),
    [
        (1280, 720, ""),
        (1920, 1080, "&backdrop=none&at=top-left"),
        (1080, 1920, "&scale=0.8"),
        (300, 380, ""),
        (700, 220, ""),
    ],
)
async def test_a_decoder_reads_the_card_on_a_stream(
    app: App, browser: Browser, width: int, height: int, more: str
) -> None:
    """Over a busy picture, large and small."""
    async with window(browser, viewport={"width": width, "height": height}) as opened:
        page = await shown(opened, app, LINK, more)
        await page.add_style_tag(content=f"html {{ background: {STRIPES} }}")
        assert await read(page) == [LINK]
        assert await opened.found_fault() == []


async def test_the_longest_link_can_be_read_too(app: App, browser: Browser) -> None:
    """At 720p, with no more than the usual size."""
    async with window(browser) as opened:
        assert await read(await shown(opened, app, LONGEST)) == [LONGEST]


async def test_the_card_stays_away_without_a_link(app: App, browser: Browser) -> None:
    """On stream; a demonstration says what is missing. A setting is text, never markup."""
    from tests.page import add_source

    _, token = await add_source(app, "qr", settles=False, widget="qr")
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("qr", token))
        await page.wait_for_function("() => window.__giftcast.state().problem")
        assert await page.locator(".qr-card").count() == 0
        demo = await opened.page(app.address("/o/qr?demo=still&title=<img src=x>"))
        await demo.wait_for_selector(".qr-help")
        assert "link" in await demo.inner_text(".qr-help")
        wrong = await opened.page(app.address("/o/qr?demo=still&link=javascript:alert(1)"))
        await wrong.wait_for_selector(".qr-help")
        assert "https://" in await wrong.inner_text(".qr-help")
        assert await demo.locator("img").count() == 0
        assert await opened.found_fault() == []


async def test_the_card_comes_soon_stays_as_long_as_set_and_comes_again(
    cinema: Cinema,
) -> None:
    async with reel(cinema, (640, 360), widget="qr", show_s=5, every_m=1) as stage:
        await stage.demo(still=False)
        there = []
        for _ in range(66):
            await stage.turn(1_000, 250)
            there.append(await stage.page.locator(".qr-card").count())
    come = there.index(1)
    assert come <= 3
    assert there[come : come + 5] == [1] * 5
    assert there[come + 6 : come + 60] == [0] * 54
    assert there[come + 60] == 1


async def test_error_correction_is_raised_where_it_costs_nothing(tmp_path: Path) -> None:
    """A short link's code is no larger than with M, and stands more."""
    import segno

    plain = segno.make("https://example.org", error="m", boost_error=False, micro=False)
    assert len(modules("https://example.org")) == len(list(plain.matrix))
    assert modules("https://example.org") != ["".join(map(str, row)) for row in plain.matrix]

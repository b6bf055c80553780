"""The widgets that stand still until something changes, in a real browser: leaderboard, goal,
recent gifts and gift wall."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from benchmarks.reel import FULL, Cinema, reel
from bot.app import App
from data.catalogue import shipped
from overlay.widget import discover
from tests.browser import HIDES, Window, connected, window
from tests.house import MOD
from tests.page import add_source, open_app, say, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

PANELS = (
    "battle", "combo", "credits", "entrance", "goal", "leaderboard", "qr", "ticker", "train",
    "vase", "wall",
)  # fmt: skip
SIZES = ((1280, 720), (1080, 1920), (1280, 80), (260, 800), (400, 400))
HOSTILE = "<img src=x>"
LINK = FULL["qr"]["link"]  # without it a QR card shows how to set one
# Nothing moves any more: every glide is over and the canvas sleeps.
RESTS = (
    "() => document.getAnimations().every((each) => each.playState !== 'running')"
    " && !window.__giftcast.state().sparks"
)
# What stands in elements of a class, in the order in which one sees them.
SEEN = f"""(name) => [...document.querySelectorAll(name)]
  .filter((each) => !({HIDES})(each))
  .map((each) => [each.getBoundingClientRect(), each.textContent])
  .filter(([at]) => at.width)
  .sort(([a], [b]) => a.top - b.top || a.left - b.left).map(([, text]) => text)"""
# Elements that reach beyond the page.
OUTSIDE = f"""() => [...document.querySelectorAll(".panel, .panel *")]
  .filter((each) => !each.closest(".track, .sheen, .credits-roll, .ear") && !({HIDES})(each))
  .map((each) => [each.className, each.getBoundingClientRect()])
  .filter(([, at]) => at.width && (at.left < -1 || at.top < -1
    || at.right > innerWidth + 1 || at.bottom > innerHeight + 1))
  .map(([name, at]) => `${{name}} ${{at.left}},${{at.top}},${{at.right}},${{at.bottom}}`)"""


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def shown_page(app: App, opened: Window, widget: str) -> Page:
    """A page of a new source, as OBS opens it."""
    _, token = await add_source(app, widget, settles=False, widget=widget)
    page = await opened.page(app.overlay_url(widget, token))
    await connected(page)
    return page


async def seen(page: Page, name: str, wanted: list[str]) -> None:
    """Wait until one sees just this."""
    try:
        await page.wait_for_function(
            f"([name, wanted]) => JSON.stringify(({SEEN})(name)) === JSON.stringify(wanted)",
            arg=[name, wanted],
            timeout=8_000,
        )
    except Exception:
        assert await page.evaluate(SEEN, name) == wanted
        raise


async def refund(app: App, gift_id: str) -> None:
    """A moderator takes a gift back."""
    assert (await say(app, f"!refund {gift_id}", by="Mod", role=MOD)).ok


async def test_ranks_glide_and_who_enters_the_top_3_is_told(app: App, browser: Browser) -> None:
    """And a refund takes the place away again; a second page of the source shows the same."""
    for name, roses in (("Mia", 9), ("Jo", 8), ("Ann", 7), (HOSTILE, 2)):
        await send(app, f"!gift rose {roses}", by=name)
    async with window(browser, viewport={"width": 420, "height": 560}) as opened:
        page = await shown_page(app, opened, "leaderboard")
        await seen(page, ".row-name", ["Mia", "Jo", "Ann", HOSTILE])
        assert await page.evaluate(SEEN, ".row-said") == []
        gift_id = await send(app, "!gift rose 30", by=HOSTILE)
        await seen(page, ".row-said", ["takes the lead!"])
        assert await page.evaluate(SEEN, ".row-rise") == ["3"]
        await page.wait_for_function(RESTS)
        await seen(page, ".row-name", [HOSTILE, "Mia", "Jo", "Ann"])
        await seen(page, ".row-coins", ["32", "9", "8", "7"])
        twin = await opened.page(page.url)
        await connected(twin)
        await seen(twin, ".row-name", [HOSTILE, "Mia", "Jo", "Ann"])
        await refund(app, gift_id)
        for each in (page, twin):
            await seen(each, ".row-name", ["Mia", "Jo", "Ann", HOSTILE])
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


async def test_an_empty_board_invites_where_its_first_row_will_be(
    app: App, browser: Browser
) -> None:
    """On a plate, so that it can be read over any stream."""
    async with window(browser, viewport={"width": 420, "height": 560}) as opened:
        page = await shown_page(app, opened, "leaderboard")
        invited = await page.wait_for_selector(".board-empty.plate")
        assert invited is not None
        at = await invited.bounding_box()
        await send(app, "!gift rose", by="Mia")
        row = await page.wait_for_selector(".row")
        assert row is not None
        await page.wait_for_function(RESTS)
        assert await row.bounding_box() == pytest.approx(at, abs=0.1)
        assert await page.locator(".board-empty").count() == 0


async def test_a_goal_is_reached_and_taken_back(app: App, browser: Browser) -> None:
    """Past its step, to its target, beyond, and back by a refund; an edit shows at once."""
    steps = [{"at": 5, "name": "Karaoke"}]
    goal: dict[str, Any] = {"id": "chair", "name": "Chair", "target": 10, "milestones": steps}
    path = app.folder / "goals.json"
    path.write_text(json.dumps({"goals": {"1": goal}}))
    async with window(browser, viewport={"width": 900, "height": 130}) as opened:
        page = await shown_page(app, opened, "goal")
        await seen(page, ".goal-name bdi", ["Chair"])
        await seen(page, ".goal-percent", ["0 %"])
        await send(app, "!gift rose 6")
        await seen(page, ".step.reached", [""])
        await seen(page, ".goal-now", ["6"])
        gift_id = await send(app, "!gift rose 9")
        await seen(page, ".goal-cheer", ["Goal reached!"])
        await seen(page, ".goal-percent", ["150 %"])
        await refund(app, gift_id)
        await seen(page, ".goal-percent", ["60 %"])
        path.write_text(json.dumps({"goals": {"1": {**goal, "name": "A better chair"}}}))
        await seen(page, ".goal-name bdi", ["A better chair"])
        await page.wait_for_function(RESTS)
        path.write_text(json.dumps({"goals": {}}))
        await seen(page, ".goal-name bdi", [])
        assert await opened.found_fault() == []


async def test_recent_gifts_come_in_and_merge(app: App, browser: Browser) -> None:
    """Newest first; a combo counts up in its place; what is taken back goes."""
    await send(app, "!gift rose 2", by="Jo")
    async with window(browser, viewport={"width": 400, "height": 500}) as opened:
        page = await shown_page(app, opened, "ticker")
        await seen(page, ".sent-name", ["Jo"])
        gift_id = await send(app, "!gift panda", by=HOSTILE)
        await seen(page, ".sent-name", [HOSTILE, "Jo"])
        await send(app, "!gift rose 3", by="Mia")
        await send(app, "!gift rose 4", by="Mia")
        await seen(page, ".sent-name", ["Mia", HOSTILE, "Jo"])
        await seen(page, ".sent-deed", ["sent Rose", "sent Panda", "sent Rose"])
        await seen(page, ".sent-count", ["×7", "×2"])
        await refund(app, gift_id)
        await seen(page, ".sent-name", ["Mia", "Jo"])
        await page.wait_for_function(RESTS)
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


async def test_a_gift_lights_up_on_the_wall(app: App, browser: Browser) -> None:
    """With who gave it and how often; and goes dark when it was all taken back."""
    async with window(browser) as opened:
        page = await shown_page(app, opened, "wall")
        await page.wait_for_function("() => window.__giftcast.state().cells > 40")
        await seen(page, ".cell.lit .cell-name", [])
        gift_id = await send(app, "!gift panda 3", by="Jo")
        await seen(page, ".cell-giver", ["Jo"])
        await seen(page, ".cell.lit .cell-count", ["3"])
        await send(app, "!gift rose 1200", by=HOSTILE)
        await seen(page, ".cell.lit .cell-count", ["1.2k", "3"])
        await refund(app, gift_id)
        await seen(page, ".cell.lit .cell-count", ["1.2k"])
        await page.wait_for_function(RESTS)
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


CROWDED = """() => [...document.querySelectorAll(".cell")].flatMap((cell) => {
  const room = cell.getBoundingClientRect();
  return [...cell.querySelectorAll(".cell-giver, .cell-name")]
    .filter((each) => each.textContent && each.getClientRects().length)
    .map((each) => [each.getBoundingClientRect(), each])
    .filter(([at, each]) => at.left < room.left - 1 || at.right > room.right + 1
      || at.bottom > room.bottom + 1 || parseFloat(getComputedStyle(each).fontSize) < 11
      || each.scrollWidth > each.clientWidth + 1)
    .map(([, each]) => `${each.className} ${each.textContent}`);
})"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920), (900, 600)])
async def test_a_wall_of_all_gifts_names_each_and_its_giver_inside_its_cell(
    app: App, browser: Browser, size: tuple[int, int]
) -> None:
    """Large enough to be read; whoever is named does not lie over the neighbours, and is not
    covered by them when more comes."""
    async with window(browser, viewport={"width": size[0], "height": size[1]}) as opened:
        page = await shown_page(app, opened, "wall")
        await page.wait_for_function("() => window.__giftcast.state().cells > 50")
        for gift, name in (("peacock", "W" * 40), ("teddy", "愛" * 25)):
            await send(app, f"!gift {gift}", by=name)
        lit = "() => [...document.querySelectorAll('.lighting .cell-giver')].length"
        await page.wait_for_function(f"() => ({lit})() === 2")
        named = "(e) => e.filter((each) => each.textContent && each.getClientRects().length).length"
        assert await page.eval_on_selector_all(".cell-name", named) == 51
        await page.evaluate("() => document.getAnimations().forEach((each) => each.finish())")
        assert await page.evaluate(CROWDED) == []
        assert await opened.found_fault() == []


async def test_demonstrations_have_the_gifts_that_there_are_and_names_as_they_come(
    app: App, browser: Browser
) -> None:
    """All of the catalogue; somebody whose name is long, Arabic, Chinese, of emoji, or markup."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/o/wall?demo=still"))
        gifts, people = await page.evaluate(
            "async () => { const demo = await import('/static/stage/demo.js');"
            " return [demo.GIFTS, demo.PEOPLE]; }"
        )
        told = ("id", "name", "price_coins", "tier", "art")
        assert [[gift[each] for each in told] for gift in gifts] == [
            [gift[each] for each in told] for gift in shipped()
        ]
        shown = people[:7]  # a still board shows these
        for kind in (r"\w{25}", "[ء-ي]{3}", "[一-龯]{2}", "🦊", "^<b>.*</b>$"):
            assert any(re.search(kind, name) for name in shown), kind
        board = await opened.page(app.address("/o/leaderboard?demo=still&rows=7"))
        await board.wait_for_function(f"() => ({SEEN})('.row-name').length === 7")
        assert "<b>Mia</b>" in await board.evaluate(SEEN, ".row-name")


@pytest.mark.parametrize("widget", PANELS)
async def test_a_demonstration_needs_no_gifts_and_stays_inside_its_source(
    app: App, browser: Browser, widget: str
) -> None:
    """In every shape, glass or bare; without a link to the server."""
    async with window(browser) as opened:
        for more, sizes in (("&backdrop=none&calm=1", SIZES[:1]), ("", SIZES)):
            page = await opened.page(app.address(f"/o/{widget}?demo=still&link={LINK}{more}"))
            await page.wait_for_function("() => document.querySelector('.panel > :not([hidden])')")
            if widget == "qr":
                await page.wait_for_selector(".qr-code path")
            await page.evaluate("() => document.fonts.ready")
            for width, height in sizes:
                await page.set_viewport_size({"width": width, "height": height})
                await page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
                await page.wait_for_function(RESTS)
                assert await page.evaluate(OUTSIDE) == [], (widget, width, height, more)
            assert await page.evaluate("() => window.__giftcast.state().link") == "demo"
        assert await opened.found_fault() == []


@pytest.mark.parametrize("widget", [each for each in PANELS if each not in ("credits", "qr")])
async def test_a_demonstration_lives(cinema: Cinema, widget: str) -> None:
    """Something changes by itself, and what is set is text."""
    async with reel(cinema, (500, 500), widget=widget, volume=0, title=HOSTILE) as stage:
        await stage.demo(still=False)
        text = "() => document.querySelector('.panel').textContent"
        seen = set()
        for _ in range(12):
            await stage.turn(500, 100)
            seen.add(await stage.page.evaluate(text))
        assert len(seen) > 1
        assert any(seen)
        assert await stage.page.locator("img[src='x']").count() == 0


async def test_alerts_have_a_demonstration_too(app: App, browser: Browser) -> None:
    """Of test gifts: played, and owed to nobody."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/o/alerts?demo"))
        await page.wait_for_function("() => window.__giftcast.shown.length >= 6")
        assert await page.evaluate("() => localStorage.length") == 0
        assert await opened.found_fault() == []


async def test_every_setting_has_words_and_a_default_of_its_kind() -> None:
    """A form can be made of a declaration."""
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,),
        "choice": (str,),
        "boolean": (bool,),
        "integer": (int,),
        "number": (int, float),
    }
    for widget in discover().values():
        for name, setting in widget.settings.items():
            assert setting.label, (widget.name, name)
            assert isinstance(setting.default, kinds[setting.type]), (widget.name, name)

"""What happens to browser sources on a long evening: reloads, copies, crashes, wrong clocks, sleep.

Each gift is shown once, counted twice: from the acknowledgements that the server has, and from the
pages' own records, which `KEEP` carries over a reload. The usual run is short and goes by what was
acknowledged; with GIFTCAST_SOAK a page is reloaded every two seconds during 1,000 gifts.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from data.access import Source
from overlay.frames import seq_of
from tests.browser import Window, connected, shows, window
from tests.house import Clock, faults_of, scale
from tests.page import MAIN, add_source, open_app, send, shown_by, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

GIFTS = scale(100, 1_000)
RELOADS = 6  # of the usual run
RELOAD_S = 2.0  # of the long one
KINDS = ("rose", "heart", "panda", "doughnut", "butterfly")
CONFIRMED = (
    "() => Object.values(localStorage).every((kept) => !(JSON.parse(kept).open ?? []).length)"
)
# A page's record survives its reload in the tab's own storage.
KEEP = """
addEventListener("pagehide", () => {
  const kept = JSON.parse(sessionStorage.getItem("record") ?? "[]");
  const ids = (window.__giftcast?.shown ?? []).map((one) => one.id);
  sessionStorage.setItem("record", JSON.stringify([...kept, ...ids]));
});
"""
RECORD = """() => [...JSON.parse(sessionStorage.getItem("record") ?? "[]"),
  ...window.__giftcast.shown.map((one) => one.id)]"""
SKEW = (
    "{ const real = Date.now; let by = %d; Date.now = () => real() + by;"
    " window.__turn = (ms) => { by += ms; }; }"
)
# What a browser does to a hidden tab, at its strictest: no frames, and no timer fires.
DROWSE = """
{
  let asleep = false;
  const late = [];
  const unless = (act) => (...more) => void (asleep ? late.push(() => act(...more)) : act(...more));
  const { requestAnimationFrame: frame, setTimeout: timer } = window;
  window.requestAnimationFrame = (act) => frame.call(window, unless(act));
  window.setTimeout = (act, ms) => timer.call(window, unless(act), ms);
  Object.defineProperty(document, "hidden", { get: () => asleep });
  Object.defineProperty(document, "visibilityState", { get: () => asleep ? "hidden" : "visible" });
  window.__sleep = (on) => {
    asleep = on;
    document.dispatchEvent(new Event("visibilitychange"));
    if (!on) for (const act of late.splice(0)) timer.call(window, act, 0);
  };
}
"""
HOUR_MS = 3_600_000
PURSE = 1_000_000  # see `send`


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def overlay(opened: Window, app: App, token: str) -> Page:
    """A page of a source as OBS opens it, that keeps its record over reloads."""
    page = await opened.context.new_page()
    await page.add_init_script(KEEP)
    await page.goto(app.overlay_url("alerts", token))
    await connected(page)
    return page


async def record(page: Page) -> list[str]:
    """What the page says it has painted, over all its reloads."""
    found: list[str] = await page.evaluate(RECORD)
    return found


async def gifts(app: App, count: int, *, by: str = "v") -> list[str]:
    """So many small gifts at once: each counts up one of three cards, so that all soon show."""
    return await asyncio.gather(*(send(app, f"!gift {KINDS[n % 3]}", by=by) for n in range(count)))


async def storm(app: App, count: int, by: str) -> list[str]:
    """So many gifts of seven viewers and five kinds: they wait in line, and merge."""
    sent = (send(app, f"!gift {KINDS[n % 5]}", by=f"{by}{n % 7}") for n in range(count))
    return await asyncio.gather(*sent)


async def acknowledged(app: App, source: Source, ids: list[str]) -> None:
    """Wait until the server knows that the source has shown these."""
    wanted = {seq_of(each) for each in ids}

    async def all_of_them() -> bool:
        return wanted <= await app.access.shown(source)

    await until(all_of_them, within_s=60)


async def settled_once(app: App, ids: list[str]) -> None:
    """In the books, each of these and nothing else was settled, once; and the books are right."""
    records = await app.journal.read(MAIN, after=0, limit=1_000_000)
    settled = [each.facts["gift_id"] for each in records if each.kind == "settle"]
    assert sorted(settled) == sorted(ids)
    assert faults_of(app.journal.path) == []


async def coins(app: App, by: str) -> int:
    """What a viewer can spend."""
    person = await app.people.person("simulator", by, by)
    return (await app.journal.books.balance(MAIN, person.person)).coins


async def online(app: App, opened: Window) -> tuple[int, list[bool]]:
    """What `/healthz` and `/api/v1/sources` say of sources."""
    health = await (await opened.context.request.get(app.address("/healthz"))).json()
    answer = await opened.context.request.get(
        app.address("/api/v1/sources"), headers={"Authorization": f"Bearer {app.api_token}"}
    )
    return health["sources"]["online"], [each["online"] for each in await answer.json()]


async def seen_offline(app: App, opened: Window) -> None:
    """Wait until the server shows that no page is there."""

    async def gone() -> bool:
        return await online(app, opened) == (0, [False])

    await until(gone)


async def every(seconds: float, act: Callable[[], Awaitable[object]], over: asyncio.Event) -> None:
    """Do it again and again until it is over."""
    while not over.is_set():
        try:
            async with asyncio.timeout(seconds):
                await over.wait()
        except TimeoutError:
            await act()


async def test_a_page_reloaded_all_the_time_shows_each_gift_once(
    app: App, browser: Browser
) -> None:
    """While gifts come; by the usual count after so many acknowledgements, else by the clock."""
    source, token = await add_source(app)
    async with window(browser) as opened:
        page = await overlay(opened, app, token)
        over = asyncio.Event()
        soaked = GIFTS > 100
        reloading = asyncio.create_task(every(RELOAD_S, page.reload, over)) if soaked else None
        sent: list[str] = []
        for number in range(scale(RELOADS, 50)):
            known = len(await app.access.shown(source))
            fresh = asyncio.create_task(storm(app, GIFTS // scale(RELOADS, 50), f"r{number}-"))
            if soaked:
                await asyncio.sleep(1)
            else:

                async def some(known: int = known) -> bool:
                    return len(await app.access.shown(source)) > known

                await until(some)
                await page.reload()
            sent += await fresh
        over.set()
        if reloading:
            await reloading
        await connected(page)
        await acknowledged(app, source, sent)
        await page.wait_for_function(CONFIRMED)
        assert sorted(await record(page)) == sorted(sent)
        assert await opened.found_fault() == []
    await settled_once(app, sent)


@pytest.mark.parametrize("shared", [True, False], ids=["in one OBS", "on two machines"])
async def test_two_copies_of_a_source_show_each_gift_once(
    app: App, browser: Browser, shared: bool
) -> None:
    """The visible one plays, when it is hidden or dies the other takes over."""
    source, token = await add_source(app)
    async with window(browser) as first, window(browser) as second:
        one = await overlay(first, app, token)
        two = await overlay(first if shared else second, app, token)
        await one.wait_for_function("() => window.__giftcast.state().standby")
        sent = await gifts(app, 20)
        await acknowledged(app, source, sent)
        assert (await record(one), sorted(await record(two))) == ([], sorted(sent))
        await two.evaluate(
            "() => dispatchEvent(new CustomEvent('obsSourceVisibleChanged',"
            " { detail: { visible: false } }))"
        )
        await one.wait_for_function("() => !window.__giftcast.state().standby")
        taken = await gifts(app, 20)
        await acknowledged(app, source, taken)
        assert sorted(await record(one)) == sorted(taken)
        await two.evaluate(
            "() => dispatchEvent(new CustomEvent('obsSourceVisibleChanged',"
            " { detail: { visible: true } }))"
        )
        await two.wait_for_function("() => !window.__giftcast.state().standby")
        dying = asyncio.create_task(gifts(app, 20))
        await two.wait_for_function("(n) => window.__giftcast.shown.length > n", arg=len(sent))
        last = await record(two)
        await two.close()
        late = await dying
        await acknowledged(app, source, late)
        assert len(await record(one)) == len(set(await record(one)))
        assert not set(await record(one)) & set(last)
        await one.wait_for_function(CONFIRMED)
        assert await first.found_fault() + await second.found_fault() == []
    await settled_once(app, sent + taken + late)


async def crash(page: Page) -> None:
    """The page's process dies, as when memory runs out."""
    crashed = asyncio.Event()
    page.on("crash", lambda _: crashed.set())
    session = await page.context.new_cdp_session(page)
    dying = asyncio.create_task(session.send("Page.crash"))
    async with asyncio.timeout(10):
        await crashed.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)


async def test_a_crashed_page_is_seen_and_its_gifts_wait_for_the_next(
    app: App, browser: Browser
) -> None:
    """Offline in `/healthz` and in the list of sources; what it had shown is not shown again."""
    source, token = await add_source(app)
    async with window(browser) as opened:
        page = await overlay(opened, app, token)
        assert await online(app, opened) == (1, [True])
        first = await gifts(app, 10)
        await acknowledged(app, source, first)
        assert sorted(await record(page)) == sorted(first)
        await crash(page)
        await seen_offline(app, opened)
        held = await gifts(app, 10)
        assert [await state_of(app, each) for each in held] == ["ready"] * 10
        again = await overlay(opened, app, token)
        await acknowledged(app, source, held)
        assert sorted(await record(again)) == sorted(held)
        assert await online(app, opened) == (1, [True])
    await settled_once(app, first + held)


async def test_a_page_whose_clock_is_wrong_shows_each_gift_once(app: App, browser: Browser) -> None:
    """By hours, and put right by hours both ways while it is open."""
    source, token = await add_source(app)
    sent: list[str] = []
    async with window(browser) as opened:
        await opened.context.add_init_script(SKEW % (-7 * HOUR_MS))
        page = await overlay(opened, app, token)
        for turn in (9 * HOUR_MS, -30 * HOUR_MS, 0):
            fresh = await gifts(app, 10)
            sent += fresh
            await acknowledged(app, source, fresh)
            await page.evaluate("(ms) => window.__turn(ms)", turn)
        assert sorted(await record(page)) == sorted(sent)
        assert await opened.found_fault() == []
    await settled_once(app, sent)


async def test_a_page_in_a_hidden_tab_shows_each_gift_once(app: App, browser: Browser) -> None:
    """It draws nothing and its timers stand still, while another source plays on; then it wakes."""
    source, token = await add_source(app)
    beside, other = await add_source(app, "beside")
    async with window(browser) as opened:
        await opened.context.add_init_script(DROWSE)
        page, watch = await overlay(opened, app, token), await overlay(opened, app, other)
        sent = await gifts(app, 5)
        await acknowledged(app, source, sent)
        for _ in range(2):
            await page.evaluate("() => window.__sleep(true)")
            held = await gifts(app, 10)
            await acknowledged(app, beside, held)
            await until(lambda: page.evaluate("() => window.__giftcast.state().waiting"))
            assert await shown_by(app, source) == [seq_of(each) for each in sent]
            await page.evaluate("() => window.__sleep(false)")
            await acknowledged(app, source, held)
            sent += held
        for each in (page, watch):
            assert sorted(await record(each)) == sorted(sent)
        assert await opened.found_fault() == []
    await settled_once(app, sent)


async def test_a_source_that_was_away_for_ten_minutes(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited longer than `return_after_s` is back with its viewers and never shown; the rest
    is shown once it is there again, and settled."""
    monkeypatch.setattr("bot.start.TICK_S", 3_600)  # time passes here by hand
    (tmp_path / "policy.json").write_text(json.dumps({"policy": {"1": {"return_after_s": 300}}}))
    clock = Clock()
    async with open_app(tmp_path, now=clock.now) as app, window(browser) as opened:
        source, token = await add_source(app)

        async def minutes(count: int) -> None:
            for _ in range(count * 6):
                clock.pass_s(10)
                await app.settler.tick()

        page = await overlay(opened, app, token)
        before = await gifts(app, 3)
        await acknowledged(app, source, before)
        painted = await record(page)
        await page.goto("about:blank")
        await seen_offline(app, opened)
        await minutes(1)
        early = await gifts(app, 4, by="early")
        await minutes(6)  # theirs was over after five, and five seconds to answer
        assert [await state_of(app, each) for each in early] == ["returned"] * 4
        late = await gifts(app, 4, by="late")
        await minutes(3)
        assert [await state_of(app, each) for each in late] == ["ready"] * 4
        wealth = [await coins(app, by) for by in ("early", "late")]
        assert wealth == [PURSE, PURSE - 8]
        await page.goto(app.overlay_url("alerts", token))
        await shows(page, *late)
        await acknowledged(app, source, late)
        await minutes(10)
        assert sorted(await record(page)) == sorted(painted + late)
        assert [await state_of(app, each) for each in early] == ["returned"] * 4
        await settled_once(app, before + late)
        assert await opened.found_fault() == []

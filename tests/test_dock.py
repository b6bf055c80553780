"""The moderator dock: who may see and do what, one desk, one trail; and the page in a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar

from bot.app import App
from commands.chat import Chatter
from data.access import Access
from data.errors import Code, GiftError
from overlay.dock import ADMIT_S, Dock
from overlay.entry import ABSOLUTE_MS, COOKIE, IDLE_MS, KEPT, Entry
from overlay.kinds.desk import LISTED, LOGGED, DeskKind
from overlay.server import Server, bind, make_app
from overlay.widget import discover
from tests.browser import launched, window
from tests.contrast import faint_words, luminance, rgb
from tests.house import House, open_house
from tests.page import add_source, browsing, open_app, say, send, state_of, until


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


class Moderator:
    """Somebody who has logged in with a one-time link that leads to the dock."""

    def __init__(self, app: App, session: ClientSession, csrf: str) -> None:
        self.app, self.session, self.csrf = app, session, csrf

    async def post(self, line: str, **how: Any) -> tuple[int, dict[str, Any]]:
        act = {"id": "act-00000001", "line": line, "name": "Nova"} | how
        headers = {"X-CSRF-Token": self.csrf}
        async with self.session.post(
            self.app.address("/dock/acts"), json=act, headers=headers
        ) as answer:
            return answer.status, await answer.json()

    async def socket(self, **headers: str) -> ClientWebSocketResponse:
        return await self.session.ws_connect(self.app.address("/dock/socket"), headers=headers)


WORDS = [
    ".where b",
    "h2",
    ".sum",
    ".who",
    ".what",
    ".what b",
    ".coins",
    ".words",
    ".control span",
    ".act p",
    ".act b",
    ".act time",
    ".place b",
    ".place span:last-child",
    ".quiet",
    ".none",
    ".idle",
    ".sure p",
    ".sure button",
    ".toast p",
    ".banner",
]


@asynccontextmanager
async def moderating(app: App) -> AsyncIterator[Moderator]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        code = {"code": app.entry.new_code(), "next": "/dock"}
        async with session.post(app.address("/login"), json=code) as answer:
            assert (await answer.json())["next"] == "/dock"
        async with session.get(app.address("/dock")) as answer:
            text = await answer.text()
        yield Moderator(app, session, text.partition('"csrf": "')[2].partition('"')[0])


@pytest.fixture
async def nova(app: App) -> AsyncIterator[Moderator]:
    async with moderating(app) as moderator:
        yield moderator


async def told(socket: ClientWebSocketResponse, type_: str) -> dict[str, Any]:
    """The data of the next frame of a type."""
    while True:
        frame = await socket.receive_json(timeout=5)
        if frame["type"] == type_:
            return frame["data"]  # type: ignore[no-any-return]


# --- who may ---


async def test_a_stranger_is_led_to_the_login_and_back(app: App) -> None:
    """And hears nothing on the socket, and does nothing."""
    async with ClientSession() as session:
        async with session.get(app.address("/dock"), allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/login?next=/dock")
        socket = await session.ws_connect(app.address("/dock/socket"))
        await socket.receive(timeout=5)
        assert socket.close_code == 4401
        act = {"id": "act-00000001", "line": "alerts pause"}
        async with session.post(app.address("/dock/acts"), json=act) as answer:
            assert answer.status == 401
    assert not app.settler.paused("main")


async def test_a_login_leads_only_where_it_may(app: App) -> None:
    """Not to another site."""
    async with ClientSession() as session:
        code = {"code": app.entry.new_code(), "next": "//evil.example"}
        async with session.post(app.address("/login"), json=code) as answer:
            assert (await answer.json())["next"] == "/chat"


async def test_an_act_needs_the_token_of_the_page(nova: Moderator) -> None:
    """A cookie alone does nothing; another site's page hears nothing."""
    nova.csrf = "wrong"
    assert (await nova.post("alerts pause"))[0] == 403
    with pytest.raises(Exception, match="403"):
        await nova.socket(Origin="http://evil.example")
    assert not nova.app.settler.paused("main")


async def test_only_what_moderators_do_is_done(nova: Moderator) -> None:
    """No gifts from nobody, and no free text."""
    for line in ("gift rose", "balance", "!alerts pause", "hello"):
        status, said = await nova.post(line)
        assert status == 400, line
        assert said["fix"]
    assert (await nova.post("alerts pause", stage="elsewhere"))[0] == 404
    assert (await nova.post("alerts pause", id="short"))[0] == 400


async def test_a_login_for_the_dock_outlives_days_without_obs_but_not_a_month(
    house: House,
) -> None:
    """Others end by being idle."""
    access = Access(house.journal, house.clock.now)
    entry = Entry(access, "token", house.clock.monotonic)
    kept = await entry.redeem(entry.new_code(), keep=True)
    usual = await entry.redeem(entry.new_code())
    assert kept is not None
    assert usual is not None
    assert kept.startswith(KEPT)

    class Asked:
        def __init__(self, token: str) -> None:
            self.cookies = {COOKIE: token}

    house.clock.ms += IDLE_MS + 1
    assert await entry.is_person(Asked(kept))  # type: ignore[arg-type]
    assert not await entry.is_person(Asked(usual))  # type: ignore[arg-type]
    house.clock.ms += ABSOLUTE_MS
    assert not await entry.is_person(Asked(kept))  # type: ignore[arg-type]


# --- acts ---


async def test_an_act_is_a_moderators_line_at_the_one_desk(nova: Moderator) -> None:
    """With a name in the books; sent again it changes nothing and gets the same answer."""
    gift_id = await send(nova.app, "!gift rose 5")
    first = await nova.post(f"refund {gift_id} a mistake")
    assert first[0] == 200
    assert first[1]["ok"]
    assert await nova.post(f"refund {gift_id} a mistake") == first
    assert await state_of(nova.app, gift_id) == "refunded"
    records = await nova.app.journal.read("main", after=0, limit=100)
    (refund,) = [record for record in records if record.kind == "refund"]
    assert refund.key == "dock:act-00000001"
    assert (refund.aside["by"], refund.aside["reason"]) == ("Nova", "a mistake")
    status, said = await nova.post("alerts mute")  # the same id for something else
    assert (status, said["code"]) == (409, "key_reused")


async def test_a_refusal_says_what_it_is(nova: Moderator) -> None:
    """As in chat."""
    status, said = await nova.post("refund 999-abcd")
    assert (status, said["ok"], said["code"]) == (200, False, "unknown_record")


async def test_a_busy_journal_asks_for_the_same_act_again(
    nova: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was decided, so nothing is remembered."""

    async def busy(_transaction: object) -> None:
        raise GiftError(Code.BUSY)

    with monkeypatch.context() as patched:
        patched.setattr(nova.app.journal, "record", busy)
        assert (await nova.post("alerts mute"))[0] == 503
    assert (await nova.post("alerts mute"))[1]["ok"]


async def test_a_clear_that_is_sent_again_clears_nothing_more(tmp_path: Path) -> None:
    """What came after the first time stays."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100)
        await house.accepted("!gift rose", by="mia")
        clear = {"by": "nova", "role": 1, "id": "dock:clear-0001"}
        await house.say("!alerts clear", **clear)
        later = await house.accepted("!gift rose 2", by="mia")
        house.screen.recalled.clear()
        reply = await house.say("!alerts clear", **clear)
        assert reply.quiet
        assert house.screen.recalled == []
        await house.pass_s(10)
        assert await house.state(later) == "ready"


# --- what it is told ---


async def test_a_dock_is_told_all_and_then_what_changes(nova: Moderator) -> None:
    """The queue with who sent what; what waits for a word; sources, offline said plainly."""
    app = nova.app
    await add_source(app, "alerts")
    gift_id = await send(app, "!gift rose 5 hello", by="Mia")
    socket = await nova.socket()
    sources = await told(socket, "sources.changed")
    assert [(s["name"], s["online"]) for s in sources["sources"]] == [("alerts", False)]
    assert [platform["name"] for platform in sources["platforms"]] == ["simulator"]
    desk = await told(socket, "desk.changed")
    (gift,) = desk["queue"]["gifts"]
    assert (gift["gift_id"], gift["viewer"]["name"], gift["count"]) == (gift_id, "Mia", 5)
    assert (gift["message"], gift["total_coins"]) == ("hello", 5)
    assert (desk["paused"], desk["queue"]["coins"], desk["waiting"]["count"]) == (False, 5, 0)
    await nova.post("alerts pause")
    desk = await told(socket, "desk.changed")
    assert desk["paused"]
    assert (desk["log"][0]["what"], desk["log"][0]["action"]) == ("control", "pause")
    assert desk["log"][0]["by"] == "Nova"
    await nova.post(f"refund {gift_id} oops", id="act-00000002")
    desk = await told(socket, "desk.changed")
    assert desk["queue"]["count"] == 0
    assert (desk["log"][0]["what"], desk["log"][0]["cause"]) == ("returned", "refund")
    assert desk["log"][0]["gift"]["viewer"]["name"] == "Mia"
    await socket.close()


async def test_a_source_that_opens_is_told_within_a_moment(nova: Moderator) -> None:
    """And a logout ends what is told."""
    source, token = await add_source(nova.app, "alerts")
    socket = await nova.socket()
    await told(socket, "sources.changed")
    async with browsing(nova.app.address("")) as browser:
        await browser.open(token)
        assert (await told(socket, "sources.changed"))["sources"][0]["online"]
        assert source.name == "alerts"
    await socket.close()


async def test_a_page_that_shows_nothing_is_said_with_what_sets_it(nova: Moderator) -> None:
    """Until it is set; also on the front page."""
    source, _ = await add_source(nova.app, "my qr", settles=False, widget="qr")
    command = f'giftcast source set "my qr" link=https://example.org --data {nova.app.folder}'
    socket = await nova.socket()
    (told_of,) = (await told(socket, "sources.changed"))["sources"]
    assert told_of["missing"] == {"setting": "link", "command": command}
    async with nova.session.get(nova.app.address("/")) as answer:
        assert "It shows nothing: link is not set." in await answer.text()
    await nova.app.edited.settings.put(source, {"link": "https://example.org"})
    (told_of,) = (await told(socket, "sources.changed"))["sources"]
    assert told_of["missing"] is None
    async with nova.session.get(nova.app.address("/")) as answer:
        assert "not set" not in await answer.text()
    await socket.close()


async def test_a_dock_whose_login_has_ended_is_told_nothing_more(app: App, nova: Moderator) -> None:
    """It is asked once a minute."""
    time_s = [0.0]
    dock = Dock(
        entry=app.entry, access=app.access, hub=app.hub, desk=app.desk, states=app.screen.states,
        policies=app.policies, missing=app.edited.settings.missing, now=app.now, platforms=list,
        clock=lambda: time_s[0],
    )  # fmt: skip
    server = Server(make_app([dock]), bind("127.0.0.1", 0, fixed=True))
    await server.start()
    try:
        socket = await nova.session.ws_connect(f"http://localhost:{server.port}/dock/socket")
        await told(socket, "desk.changed")
        headers = {"X-CSRF-Token": nova.csrf}
        async with nova.session.post(app.address("/logout"), headers=headers) as answer:
            assert answer.status == 200
        time_s[0] = ADMIT_S
        await socket.send_json({"type": "pong"})
        while not socket.closed:
            await socket.receive(timeout=5)
        assert socket.close_code == 4401
    finally:
        await server.stop()


async def test_lists_are_bounded_and_counted_whole(tmp_path: Path) -> None:
    """However much waits or was done."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100_000)
        kind = DeskKind(
            house.journal, house.journal.books, house.people, house.settler, house.shows
        )
        desk = (await kind.read("main", "desk"))["desk"]
        assert (desk["queue"]["count"], desk["log"]) == (0, [])
        for _ in range(LISTED + 5):
            await house.accepted("!gift rose", by="mia")
        for at in range(LOGGED + 5):
            await house.say(f"!addcoins @mia 1 nr {at}", by="nova", role=1)
        desk = (await kind.read("main", "desk"))["desk"]
        assert (desk["queue"]["count"], len(desk["queue"]["gifts"])) == (LISTED + 5, LISTED)
        assert len(desk["log"]) == LOGGED
        assert (desk["log"][0]["what"], desk["log"][0]["who"]) == ("grant", "mia")
        assert desk["log"][0]["reason"] == f"nr {LOGGED + 4}"


async def test_what_happened_before_a_restart_is_in_the_log(tmp_path: Path) -> None:
    """Read once from the end of the journal; an approval names who gave it."""
    async with open_house(tmp_path, settles=True, approve_from_tier=1) as house:
        await house.grant("mia", 100)
        gift = await house.accepted("!gift rose", by="mia")
        await house.say(f"!approve {gift.gift_id}", by="nova", role=1)
        kind = DeskKind(
            house.journal, house.journal.books, house.people, house.settler, house.shows
        )
        (entry,) = (await kind.read("main", "desk"))["desk"]["log"]
        assert (entry["what"], entry["by"]) == ("approved", "nova")
        assert entry["gift"]["gift_id"] == gift.gift_id


async def test_an_act_is_told_with_what_it_was_about(tmp_path: Path) -> None:
    """To how many coins somebody was set, how many it rained on, and which gift was skipped."""
    async with open_house(tmp_path, settles=True) as house:
        kind = DeskKind(
            house.journal, house.journal.books, house.people, house.settler, house.shows
        )
        nova = {"by": "nova", "role": 1}
        await house.grant("mia", 100)
        gift = await house.accepted("!gift rose", by="mia")
        house.earner.spoke(
            "main", "simulator", Chatter("mia", "mia"), frozenset(), house.clock.now()
        )
        for line in ("setcoins @mia 40 quiz", "alerts skip @mia", "rain 9"):
            await house.say(f"!{line}", **nova)
        log = (await kind.read("main", "desk"))["desk"]["log"]
        told = {entry["what"]: entry for entry in log}
        assert (told["set"]["balance"], told["set"]["coins"]) == (40, 59)
        assert told["control"]["gift"]["gift_id"] == gift.gift_id
        assert (told["grant"]["cause"], told["grant"]["viewers"]) == ("rain", 1)


# --- in a browser ---


async def test_the_dock_steers_a_stage_by_keyboard_and_mouse(app: App) -> None:
    """Log in with a link, see what waits, pause, undo, refund after a question, clear."""
    await add_source(app, "alerts")
    gift_id = await send(app, "!gift rose 5", by="<img src=x>")
    code = app.entry.new_code()
    async with launched() as browser, window(browser, viewport={"width": 320, "height": 900}) as w:
        page = await w.page(app.address("/dock"))
        assert page.url.endswith("/login?next=/dock")
        await page.fill("#login-code", code)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/dock")
        await page.wait_for_selector("#queue .gift")
        assert await page.inner_text("#queue .who") == "<img src=x>"
        assert "Offline" in await page.inner_text("#banner")
        await page.fill("#me", "Nova")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # the first button after the name is “Pause”
        await until(lambda: app.settler.paused("main"))
        await page.click("#toast button")
        await until(lambda: not app.settler.paused("main"))
        await page.click("#queue .icon")
        await page.keyboard.press("Escape")
        assert await page.locator(".sure").count() == 0
        await page.click("#controls [data-action=clear]")
        await page.click(".sure .yes")
        await page.wait_for_selector("#queue .gift.leaving")
        await until(lambda: _returned(app, gift_id))
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.locator("img[src='x']").count() == 0
        assert await w.found_fault() == []


async def test_the_demonstration_needs_no_login_and_has_buttons_for_what_the_desk_can(
    app: App,
) -> None:
    """Replay and pin appear when the command offers them."""
    async with launched() as browser, window(browser, viewport={"width": 300, "height": 900}) as w:
        page = await w.page(app.address("/dock?demo&more=replay,pin"))
        await page.wait_for_selector("#log .gift")
        assert await page.locator("#log .gift .is-replay").count() > 0
        await page.click("#log .is-pin >> nth=0")
        await page.wait_for_selector("#pinned .gift")
        await page.click("#pinned .is-unpin")
        await page.wait_for_selector("#pinned .gift", state="detached")
        await page.click("#waiting .is-approve")
        await page.wait_for_function("() => document.querySelector('#toast p').textContent")
        assert "Approved" in await page.inner_text("#toast p")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        plain = await w.page(app.address("/dock?demo=still"))
        await plain.wait_for_selector("#log .gift")
        assert await plain.locator(".is-replay").count() == 0
        assert await w.found_fault() == []
    assert (await say(app, "!balance")).ok


@pytest.mark.parametrize(
    ("scheme", "lighter"), [("dark", False), ("light", True)], ids=["dark", "light"]
)
async def test_it_is_dark_or_light_as_the_window_around_it_and_can_be_read(
    app: App, scheme: Literal["dark", "light"], lighter: bool
) -> None:
    """OBS's own docks are one or the other; every word has its contrast, a question's too."""
    size: Any = {"width": 340, "height": 1500}
    async with launched() as browser, window(browser, viewport=size, color_scheme=scheme) as w:
        page = await w.page(app.address("/dock?demo=still&more=replay,pin"))
        await page.wait_for_selector("#log .gift")
        await page.click("#log .is-pin >> nth=0")
        await page.click("#controls [data-action=clear]")
        await page.wait_for_selector(".sure .yes")
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (luminance(rgb(ground)) > 0.5) is lighter
        assert await faint_words(page, WORDS, least=40) == {}


async def _returned(app: App, gift_id: str) -> bool:
    return await state_of(app, gift_id) == "returned"


def test_no_widget_asks_for_what_only_moderators_see():
    """A source's link shows the overlay and nothing else."""
    assert [name for name, each in discover().items() if "desk.changed" in each.events] == []

"""Who may enter: one-time codes, sessions, the token of programs; on a clock held by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web

from data.access import Access
from overlay.entry import (
    ABSOLUTE_MS,
    CODE_S,
    COOKIE,
    IDLE_MS,
    LOCKED_S,
    TRIES_MAX,
    Entry,
    preview_token,
)
from overlay.server import Server, bind, make_app
from tests.house import House
from tests.page import open_app

TOKEN = "the-token-of-programs"


class Door:
    """An entry with a clock of its own, and a page behind it."""

    def __init__(self, house: House) -> None:
        self.clock = house.clock
        self.access = Access(house.journal, house.clock.now)
        self.entry = Entry(self.access, TOKEN, house.clock.monotonic)

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", "/inside", self._inside)
        app.router.add_post("/leave", self._leave)

    async def _inside(self, request: web.Request) -> web.Response:
        await self.entry.require(request)
        return web.Response(text=self.entry.csrf(request))

    async def _leave(self, request: web.Request) -> web.Response:
        await self.entry.leave(request)
        return web.Response()

    async def session(self) -> str:
        token = await self.entry.redeem(self.entry.new_code())
        assert token is not None
        return token


class Visitor:
    """Knocks at the door, with or without a session."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def knock(
        self, method: str = "GET", *, cookie: str = "", path: str = "/inside", **headers: str
    ) -> ClientResponse:
        if cookie:
            headers["Cookie"] = f"{COOKIE}={cookie}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.request(method, self._url + path, headers=headers) as answer:
            await answer.read()
            return answer


@pytest.fixture
async def door(house: House) -> Door:
    return Door(house)


@pytest.fixture
async def visitor(door: Door) -> AsyncIterator[Visitor]:
    async with visiting(door) as opened:
        yield opened


@asynccontextmanager
async def visiting(door: Door) -> AsyncIterator[Visitor]:
    server = Server(make_app([door]), bind("127.0.0.1", 0, fixed=False))
    await server.start()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Visitor(session, f"http://127.0.0.1:{server.port}")
    await server.stop()


# --- codes ---


async def test_a_code_opens_once(door: Door) -> None:
    """The second use of a link is nobody's."""
    code = door.entry.new_code()
    assert await door.entry.redeem(code)
    assert await door.entry.redeem(code) is None


async def test_a_code_opens_for_ten_minutes(door: Door) -> None:
    """To the second."""
    assert CODE_S == 600
    in_time, late = door.entry.new_code(), door.entry.new_code()
    door.clock.pass_s(CODE_S - 1)
    assert await door.entry.redeem(in_time)
    door.clock.pass_s(1)
    assert await door.entry.redeem(late) is None


async def test_a_code_of_another_process_opens_nothing(door: Door, house: House) -> None:
    """Codes live in memory only."""
    other = Door(house)
    assert await other.entry.redeem(door.entry.new_code()) is None


async def test_five_wrong_codes_lock_the_door_for_a_while(door: Door) -> None:
    """Guessing costs time; the right code is good again afterwards."""
    code = door.entry.new_code()
    for _ in range(TRIES_MAX):
        assert await door.entry.redeem("guess") is None
    assert await door.entry.redeem(code) is None
    door.clock.pass_s(LOCKED_S)
    assert await door.entry.redeem(code)


async def test_a_right_code_forgives_the_wrong_ones(door: Door) -> None:
    """Typing errors do not add up for ever."""
    for _ in range(3):
        for _ in range(TRIES_MAX - 1):
            assert await door.entry.redeem("typo") is None
        assert await door.entry.redeem(door.entry.new_code())


async def test_codes_are_long_and_bounded_in_number(door: Door) -> None:
    """Nobody guesses one, and asking for many fills no memory."""
    codes = [door.entry.new_code() for _ in range(200)]
    assert len(set(codes)) == 200
    assert min(map(len, codes)) >= 24
    assert len(door.entry._codes) <= 50
    assert await door.entry.redeem(codes[-1])
    assert await door.entry.redeem(codes[0]) is None


# --- sessions ---


async def test_a_session_enters_until_it_has_been_idle_for_twelve_hours(
    door: Door, visitor: Visitor
) -> None:
    """Use keeps it alive, rest ends it."""
    assert IDLE_MS == 12 * 3_600_000
    token = await door.session()
    for _ in range(3):
        door.clock.ms += IDLE_MS - 1
        assert (await visitor.knock(cookie=token)).status == 200
    door.clock.ms += IDLE_MS + 1
    assert (await visitor.knock(cookie=token)).status == 401
    door.clock.ms -= IDLE_MS
    assert (await visitor.knock(cookie=token)).status == 401


async def test_a_session_ends_after_thirty_days_however_busy(door: Door, visitor: Visitor) -> None:
    """Nothing lives for ever."""
    assert ABSOLUTE_MS == 30 * 86_400_000
    token = await door.session()
    for _ in range(60):
        door.clock.ms += ABSOLUTE_MS // 60
        assert (await visitor.knock(cookie=token)).status == 200
    door.clock.ms += 1
    assert (await visitor.knock(cookie=token)).status == 401


async def test_a_session_survives_a_restart_and_a_logout_ends_it(
    door: Door, visitor: Visitor, house: House
) -> None:
    """It is on disk, as a hash; and gone when left."""
    token = await door.session()
    stored = await house.journal.ask(lambda db: db.execute("SELECT * FROM session").fetchall())
    assert token.encode() not in stored[0]
    again = Door(house)
    async with visiting(again) as other:
        assert (await other.knock(cookie=token)).status == 200
        await other.knock("POST", cookie=token, path="/leave")
        assert (await other.knock(cookie=token)).status == 401
    assert (await visitor.knock(cookie=token)).status == 401


async def test_a_change_needs_the_sessions_own_csrf_token(door: Door, visitor: Visitor) -> None:
    """Another session's token, an old one or none does not do."""
    token, other = await door.session(), await door.session()
    csrf = await (await visitor.knock(cookie=token)).text()
    theirs = await (await visitor.knock(cookie=other)).text()
    assert csrf != theirs
    for sent in ("", "x", theirs, "ü"):
        answer = await visitor.knock("POST", cookie=token, X_CSRF_Token=sent)
        assert answer.status == 403
    assert (await visitor.knock("POST", cookie=token, X_CSRF_Token=csrf)).status == 200


async def test_programs_enter_with_their_token_and_nothing_like_it(visitor: Visitor) -> None:
    """Bearer, to the letter; the scheme's case does not matter."""
    for header in (f"Bearer {TOKEN}", f"bearer {TOKEN}"):
        assert (await visitor.knock("POST", Authorization=header)).status == 200
    for header in (TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "Bearer ü", ""):
        assert (await visitor.knock("POST", Authorization=header)).status == 401


async def test_made_up_cookies_enter_nowhere(visitor: Visitor) -> None:
    """Whatever stands in them."""
    for cookie in ("x", "0" * 5_000, "' OR 1=1 --", "%00"):
        answer = await visitor.knock(cookie=cookie)
        assert answer.status in (400, 401)


async def test_the_preview_token_is_the_same_after_a_restart_and_tells_nothing() -> None:
    """It follows from the secret of programs and does not give it away."""
    assert preview_token(TOKEN, "main") == preview_token(TOKEN, "main")
    assert preview_token(TOKEN, "main") != preview_token(TOKEN, "other")
    assert preview_token(TOKEN, "main") != preview_token(TOKEN + "x", "main")
    assert TOKEN not in preview_token(TOKEN, "main")


# --- over the web ---


async def test_the_login_sets_a_strict_cookie_and_leads_to_the_chat(tmp_path: Path) -> None:
    """HttpOnly and SameSite=Strict, by JSON and by form."""
    async with open_app(tmp_path) as app, ClientSession() as session:
        url = app.address("/login")
        async with session.post(url, json={"code": app.entry.new_code()}) as answer:
            assert await answer.json() == {"ok": True, "next": "/chat"}
        morsel = answer.cookies[COOKIE]
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Strict", "/")
        assert not morsel["domain"]
        form, html = {"code": f" {app.entry.new_code()}\n"}, {"Accept": "text/html"}
        async with session.post(url, data=form, headers=html, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/chat")
            assert answer.cookies[COOKIE]["httponly"]
        async with session.post(url, data=form, headers=html) as answer:
            assert answer.status == 401
            assert "giftcast login" in await answer.text()
        async with session.post(url, json={"code": "x"}) as answer:
            assert (answer.status, bool((await answer.json())["fix"])) == (401, True)
            assert COOKIE not in answer.cookies

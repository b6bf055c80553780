"""The server: errors in plain words, ports, start and stop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.app import App
from overlay.server import PORT_TRIES, PortTakenError, Server, bind, make_app
from tests.page import browsing, open_app

HTML = {"Accept": "text/html,application/xhtml+xml"}


class Broken:
    """Routes of which one fails."""

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/broken", self._broken)

    async def _broken(self, request: web.Request) -> web.Response:
        raise RuntimeError("the secret of the house")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens, with free ones after it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def test_programs_are_told_what_is_wrong_in_json(app: App, session: ClientSession) -> None:
    """Every refusal has an error and a fix, also those of the web library."""
    for path, status in (("/nosuch", 404), ("/chat", 401), ("/api/v1/sources", 401)):
        async with session.get(app.address(path)) as answer:
            assert answer.status == status
            said = await answer.json()
        assert said["error"]
        assert said["fix"]
    async with session.delete(app.address("/login")) as answer:
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(",")) >= {"GET", "POST"}
        assert (await answer.json())["error"] == "Method Not Allowed"


async def test_people_are_shown_a_page(app: App, session: ClientSession) -> None:
    """A browser's reader gets a page with a way back."""
    async with session.get(app.address("/nosuch"), headers=HTML) as answer:
        assert answer.status == 404
        text = await answer.text()
    assert answer.content_type == "text/html"
    assert 'href="/"' in text
    assert text.count("There is nothing here") == 2  # the tab and the heading


async def test_who_is_not_logged_in_is_led_to_the_login(app: App, session: ClientSession) -> None:
    """An old bookmark ends at the page that says how to get in."""
    for path in ("/", "/chat"):
        async with session.get(app.address(path), headers=HTML, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/login")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_fault_of_ours_stays_ours(
    session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """The asker learns that it failed, not why; the server goes on."""
    sock = bind("127.0.0.1", 0, fixed=False)
    server = Server(make_app([Broken()]), sock)
    await server.start()
    try:
        for _ in range(2):
            async with session.get(f"http://localhost:{server.port}/broken") as answer:
                assert answer.status == 500
                text = await answer.text()
                assert "secret" not in text
                assert "log" in text
    finally:
        await server.stop()


def test_the_next_free_port_is_taken_unless_it_is_fixed(taken: int) -> None:
    """A clash moves on, or is refused."""
    with bind("127.0.0.1", taken, fixed=False) as sock:
        assert taken < sock.getsockname()[1] < taken + PORT_TRIES
    with pytest.raises(PortTakenError):
        bind("127.0.0.1", taken, fixed=True)


def test_only_this_machine_is_listened_to() -> None:
    """Loopback, and no other address."""
    with bind("127.0.0.1", 0, fixed=False) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"


@pytest.mark.alone
async def test_stopping_does_not_wait_for_pages_or_the_silent(tmp_path: Path) -> None:
    """Open sockets, also one that has not said hello, do not hold up the end."""
    async with open_app(tmp_path) as app, browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(app.preview_url().partition("#")[2])
        await browser.connect()
        loop = asyncio.get_running_loop()
        began = loop.time()
    assert loop.time() - began < 2
    assert page.socket.closed


async def test_a_start_that_fails_leaves_nothing_open(tmp_path: Path) -> None:
    """The port and the journal are free again at once."""
    (tmp_path / "catalogue.json").write_text("{")
    for _ in range(2):
        with pytest.raises(Exception, match=r"catalogue\.json"):
            async with open_app(tmp_path):
                pass
    (tmp_path / "catalogue.json").unlink()
    async with open_app(tmp_path) as app:
        assert app.journal.usable

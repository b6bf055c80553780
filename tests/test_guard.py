"""The door: foreign Hosts and Origins, security headers, no way out of the folders we serve."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError

from bot.app import App
from data.access import Source
from overlay.guard import policy
from tests.page import MAIN, add_source, browsing, open_app, send

OVERLAY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def alerts(app: App) -> tuple[Source, str]:
    return await add_source(app)


def bearer(app: App) -> dict[str, str]:
    return {"Authorization": f"Bearer {app.api_token}"}


async def raw(app: App, head: str, host: str = "localhost") -> tuple[int, str]:
    """A request exactly as written; status and everything that came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(f"{head}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode("utf-8", "replace")
    writer.close()
    await writer.wait_closed()
    return int(answer.split(" ", 2)[1]), answer


# --- who asks ---


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "192.168.1.5",
        "0.0.0.0",  # noqa: S104 - a name that a page may call us by
        "[::1",
        "localhost:99999",
        "localhost:port",
        "user@evil.example",
        "localhost@evil.example",
        "",
    ],
)
async def test_a_foreign_host_is_misdirected(app: App, host: str) -> None:
    """DNS rebinding reaches nothing, whatever is asked; the answer says what to open."""
    for path in ("/healthz", "/o/alerts", "/static/base.css", "/o/socket"):
        status, answer = await raw(app, f"GET {path} HTTP/1.1", host)
        assert status in (400, 421)
        assert status == 400 or "Open it as http://localhost" in answer
        assert status == 400 or "nosniff" in answer


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "[::1]", "localhost:1"])
async def test_loopback_names_are_let_in(app: App, host: str) -> None:
    """However the port is written: a tunnel or a proxy may use another one."""
    assert (await raw(app, "GET /healthz HTTP/1.1", host))[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", "file://"])
async def test_a_foreign_origin_is_refused(
    app: App, web: ClientSession, alerts: tuple[Source, str], origin: str
) -> None:
    """Another web page in the same browser gets nowhere, not even with the token of programs."""
    url = app.address("")
    headers = {"Origin": origin, **bearer(app)}
    line = {"id": "1", "viewer": "Mia", "text": "!gift rose"}
    async with web.post(f"{url}/api/v1/chat", json=line, headers=headers) as answer:
        assert answer.status == 403
        assert (await answer.json())["fix"]
    async with web.get(f"{url}/api/v1/sources", headers=headers) as answer:
        assert answer.status == 403
    with pytest.raises(WSServerHandshakeError) as refused:
        await web.ws_connect(f"{url}/o/socket", headers=headers)
    assert refused.value.status == 403
    assert app.journal.head(MAIN) == 0


async def test_the_other_loopback_name_is_a_foreign_origin_too(
    app: App, web: ClientSession
) -> None:
    """Overlays on 127.0.0.1 may not act for people on localhost."""
    origin = {"Origin": app.address("", "127.0.0.1"), **bearer(app)}
    async with web.post(app.address("/api/v1/login-codes"), headers=origin) as answer:
        assert answer.status == 403


async def test_a_cross_site_form_is_refused_without_an_origin_too(
    app: App, web: ClientSession
) -> None:
    """Fetch metadata says where a request comes from."""
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site, **bearer(app)}
        async with web.post(app.address("/api/v1/login-codes"), headers=headers) as answer:
            assert answer.status == 403
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": app.address(""), **bearer(app)}
    async with web.post(app.address("/api/v1/login-codes"), headers=headers) as answer:
        assert answer.status == 200


async def test_a_cookie_alone_changes_nothing(app: App, web: ClientSession) -> None:
    """What changes something needs the page's own token beside the cookie."""
    code = {"code": app.entry.new_code()}
    async with web.post(app.address("/login"), json=code) as answer:
        assert answer.status == 200
    line = {"id": "1", "viewer": "Mia", "text": "!gift rose"}
    for token in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}):
        async with web.post(app.address("/api/v1/chat"), json=line, headers=token) as answer:
            assert answer.status == 403
        async with web.post(app.address("/logout"), headers=token) as answer:
            assert answer.status == 403
    async with web.get(app.address("/chat")) as answer:
        page = await answer.text()
    token = {"X-CSRF-Token": page.split('"csrf": "')[1].split('"')[0]}
    async with web.post(app.address("/api/v1/chat"), json=line, headers=token) as answer:
        assert (await answer.json())["ok"] is True


# --- what every answer carries ---


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login",
        "/chat",
        "/nosuch",
        "/o/alerts",
        "/o/nosuch",
        "/healthz",
        "/static/base.css",
        "/static/nosuch",
        "/widgets/alerts.js",
        "/art/gifts/rose-96.webp",
        "/api/v1/sources",
    ],
)
async def test_every_answer_is_protected(app: App, web: ClientSession, path: str) -> None:
    """No sniffing, no referrer, a policy without inline or evaluated scripts."""
    async with web.get(app.address(path), headers=bearer(app)) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        rules = answer.headers["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in rules
        assert "script-src 'self'" in rules
        assert "base-uri 'none'" in rules
        assert not [rule for rule in rules if "eval" in rule or "http:" in rule.split()]
        assert answer.headers.get("Access-Control-Allow-Origin") is None


async def test_the_policy_of_overlay_pages_is_the_designed_one(
    app: App, web: ClientSession
) -> None:
    """To the letter; beside 'self' only our own two names may frame it, for the preview."""
    async with web.get(app.address("/o/alerts")) as answer:
        found = answer.headers["Content-Security-Policy"]
    own = f" http://127.0.0.1:{app.port} http://localhost:{app.port}"
    assert found == policy("/o/alerts", app.port) == OVERLAY_POLICY + own


async def test_pages_for_people_can_not_be_framed_nor_kept(app: App, web: ClientSession) -> None:
    """No clickjacking, and nothing of a session in a cache."""
    async with web.get(app.address("/chat"), headers=bearer(app)) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        text = await answer.text()
    assert "<script>" not in text
    assert " onload=" not in text
    assert "style=" not in text.partition("<svg")[0]


# --- what is served ---


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e%2fserver.py",
        "/static/..\\server.py",
        "/static/..%5cserver.py",
        "/static/%2e%2e%5cserver.py",
        "/static/....//server.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/base.css%00.html",
        "/static/stage/../../server.py",
        "/art/../../data/access.py",
        "/widgets/../api.py",
        "/o/../../../etc/passwd",
        "/art/",
        "/static/CON",
    ],
)
async def test_nothing_outside_the_served_folders_is_found(app: App, path: str) -> None:
    """Climbing out, listing a folder and odd names all end in 404."""
    status, answer = await raw(app, f"GET {path} HTTP/1.1")
    assert status in (400, 404)
    assert "import" not in answer
    assert "root:" not in answer


@pytest.mark.parametrize("path", ["/art/build.py", "/art/recipes.json", "/art/own/beam.svg"])
async def test_only_pictures_and_pages_are_served(app: App, path: str) -> None:
    """The workshop that drew the pictures is no part of the shop."""
    assert (await raw(app, f"GET {path} HTTP/1.1"))[0] == 404


@pytest.mark.parametrize("path", ["/static/", "/static/stage", "/widgets/", "/art/gifts/"])
async def test_no_folder_is_listed(app: App, path: str) -> None:
    """What is there is not for counting."""
    status, answer = await raw(app, f"GET {path} HTTP/1.1")
    assert status == 403
    assert ".js" not in answer
    assert ".webp" not in answer


async def test_reading_never_changes_anything(
    app: App, web: ClientSession, alerts: tuple[Source, str]
) -> None:
    """Every address that changes something refuses GET."""
    await send(app)
    head, sources = app.journal.head(MAIN), app.access.sources()
    for path in (
        "/logout",
        "/api/v1/chat",
        "/api/v1/login-codes",
        "/api/v1/sources/alerts",
        "/api/v1/sources/alerts/token",
        "/api/v1/backups",
    ):
        async with web.get(app.address(path), headers=bearer(app)) as answer:
            assert answer.status == 405
            assert (await answer.json())["error"]
    assert (app.journal.head(MAIN), app.access.sources()) == (head, sources)


async def test_the_overlay_token_opens_nothing_else(
    app: App, web: ClientSession, alerts: tuple[Source, str]
) -> None:
    """It can show; it is no login and no API token, in no place."""
    token = alerts[1]
    for headers in (
        {"Authorization": f"Bearer {token}"},
        {"Cookie": f"giftcast_session={token}"},
        {"X-CSRF-Token": token},
    ):
        async with web.get(app.address("/api/v1/sources"), headers=headers) as answer:
            assert answer.status == 401
        async with web.post(app.address("/api/v1/backups"), headers=headers) as answer:
            assert answer.status == 401


async def test_a_body_that_is_too_large_is_refused(app: App, web: ClientSession) -> None:
    """Nobody fills the memory; the answer says so in JSON."""
    async with web.post(
        app.address("/api/v1/chat"), data=b"x" * 70_000, headers=bearer(app)
    ) as answer:
        assert answer.status == 413
        assert (await answer.json())["fix"]


async def test_no_token_reaches_the_log(
    app: App, web: ClientSession, alerts: tuple[Source, str], caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Neither in good times nor in bad ones."""
    caplog.set_level("DEBUG")
    code = app.entry.new_code()
    async with web.post(app.address("/login"), json={"code": code}) as answer:
        cookie = answer.cookies["giftcast_session"].value
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(alerts[1])
        await page.socket.send_json({"type": alerts[1]})
        await page.ended()
        await browser.open("wrong" + alerts[1], greets=False)
    for path in ("/o/alerts", "/nosuch", "/api/v1/sources"):
        async with web.get(app.address(path), headers=bearer(app)):
            pass
    said = capsys.readouterr()
    everything = caplog.text + said.out + said.err
    for secret in (alerts[1], app.api_token, code, cookie):
        assert secret not in everything

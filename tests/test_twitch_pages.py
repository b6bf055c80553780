"""The page `/twitch`: signing in and out, by a code and by a browser; whom it turns away."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from bot.app import App
from bot.platforms.twitch.redirects import GOOD_S, UNDER_WAY_MAX, Redirects
from bot.platforms.twitch.scopes import STREAMER
from tests.fakes.twitch import TwitchStandIn
from tests.page import open_app, until
from tests.process import giftcast, running

SECRET = "client-secret-x"


class Person:
    """Somebody at a browser of their own. csrf: of the page they look at."""

    def __init__(self, session: ClientSession, app: App) -> None:
        self._session = session
        self._home = app.address("")
        self._code = app.entry.new_code()
        self.csrf = ""

    async def log_in(self) -> None:
        answer = await self.post("/login", {"code": self._code})
        assert answer == (200, {"ok": True, "next": "/"})
        text = await self.text("/twitch")
        self.csrf = text.partition('"csrf": "')[2].partition('"')[0]
        assert len(self.csrf) == 64

    async def get(self, path: str) -> tuple[int, str, str]:
        """Status, text and where it leads; a path, or an address that Twitch sends to."""
        url = URL(path if "://" in path else self._home + path, encoded=True)
        async with self._session.get(
            url, headers={"Accept": "text/html"}, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    async def text(self, path: str) -> str:
        status, text, _ = await self.get(path)
        assert status == 200
        return text

    async def post(self, path: str, value: Any, **headers: str) -> tuple[int, Any]:
        headers = {"X-CSRF-Token": self.csrf, "Accept": "application/json"} | headers
        async with self._session.post(self._home + path, json=value, headers=headers) as answer:
            return answer.status, await answer.json()

    async def state(self) -> dict[str, Any]:
        async with self._session.get(self._home + "/twitch/state") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def leave(self, account: str = STREAMER) -> str:
        """Press the button; where the browser is sent."""
        status, said = await self.post("/twitch/sign-in", {"account": account, "way": "browser"})
        assert status == 200, said
        return str(said["next"])


@asynccontextmanager
async def person_at(app: App) -> AsyncIterator[Person]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        person = Person(session, app)
        await person.log_in()
        yield person


@pytest.fixture
async def app(tmp_path: Path, twitch: TwitchStandIn) -> AsyncIterator[App]:
    twitch.client_secret = SECRET
    quick = {"watch_every_s": 0.05, "retry_first_s": 0.01}
    async with open_app(tmp_path, {"twitch": twitch.settings | {"timing": quick}}) as running:
        twitch.redirect_urls.add(running.address("/twitch/callback"))
        await until(lambda: running.platforms["twitch"].status().state == "failed")
        yield running
    gc.collect()


@pytest.fixture
async def person(app: App) -> AsyncIterator[Person]:
    async with person_at(app) as opened:
        yield opened


async def connected(app: App) -> None:
    await until(lambda: app.platforms["twitch"].status().state == "connected")


# With a code


async def test_the_page_shows_a_code_and_then_who_is_signed_in(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    twitch.interval_s = 1
    await until(lambda: twitch.devices)
    state = await person.state()
    assert (state["state"], state["ready"], state["browser"]) == ("failed", True, True)
    assert [(one["name"], one["who"]) for one in state["accounts"]] == [
        ("streamer", ""),
        ("bot", ""),
    ]
    code = state["accounts"][0]["code"]
    assert code["code"] in state["fix"]
    assert code["address"].endswith(f"device-code={code['code']}")
    assert "<svg" in await person.text("/twitch/qr.svg?account=streamer")
    assert (await person.get("/twitch/qr.svg?account=bot"))[0] == 404
    assert await person.post("/twitch/sign-in", {"account": "bot"}) == (200, {"ok": True})
    await until(lambda: len(twitch.devices) == 2)
    assert await person.post("/twitch/sign-out", {"account": "bot"}) == (200, {"ok": True})
    assert (await person.state())["accounts"][1]["code"] is None


async def test_health_and_the_front_page_say_what_to_do(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    await until(lambda: twitch.devices)
    await until(lambda: " enter " in app.platforms["twitch"].status().fix)
    fix = app.platforms["twitch"].status().fix
    async with ClientSession() as session, session.get(app.address("/healthz")) as answer:
        health = await answer.json()
    assert health["platforms"]["twitch"] == "failed"
    assert health["platform_details"]["twitch"] == {
        "cause": "Nobody is signed in to Twitch.",
        "fix": fix,
    }
    home = await person.text("/")
    assert fix in home
    assert '<a href="/twitch">Twitch</a>' in home


async def test_the_page_tells_how_to_get_a_client_id(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    text = await person.text("/twitch")
    assert "https://dev.twitch.tv/console/apps" in text
    assert app.address("/twitch/callback") in text
    assert twitch.client_id in text


# With a browser


async def test_a_browser_that_comes_back_is_signed_in(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    url = await person.leave()
    query = dict(parse_qsl(urlsplit(url).query))
    assert query["redirect_uri"] == app.address("/twitch/callback")
    assert query["code_challenge_method"] == "S256"
    assert "user:read:chat" in query["scope"]
    back = twitch.consent(url, twitch.streamer)
    assert await person.get(back) == (303, "303: See Other", "/twitch")
    await connected(app)
    state = await person.state()
    assert state["accounts"][0] == {
        "name": "streamer",
        "title": "Streamer",
        "who": "streamer",
        "lacks": [],
        "needed": False,
        "code": None,
        "trouble": "",
    }
    assert await person.post("/twitch/sign-out", {"account": "streamer"}) == (200, {"ok": True})
    await until(lambda: app.platforms["twitch"].status().state == "failed")
    assert twitch.revoked


def changed(back: str, **query: str) -> str:
    """The address with other values in its query."""
    return str(URL(back).update_query(query))


async def refused(person: Person, back: str) -> None:
    status, text, _ = await person.get(back)
    assert status == 400
    assert "Not signed in to Twitch" in text
    assert "secret" not in text


async def test_nobody_comes_back_who_was_not_sent(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    """Trust case 63: absent, foreign and reused `state`; nothing of it is kept."""
    back = twitch.consent(await person.leave(), twitch.streamer)
    await refused(person, str(URL(back).without_query_params("state")))
    await refused(person, changed(back, state=""))
    await refused(person, changed(back, state="x" * 43))
    async with person_at(app) as eve:
        await refused(eve, back)  # another session
        own = twitch.consent(await eve.leave(), twitch.user("eve"))
        await refused(person, own)  # a link that somebody else made
    assert app.platforms["twitch"].status().state == "failed"
    assert (await person.get(back))[0] == 303
    await connected(app)
    await refused(person, back)
    assert twitch.requests.count("POST /oauth2/token") == 1
    assert app.platforms["twitch"].status().state == "connected"


async def test_without_the_sessions_cookie_the_page_opens_itself_again(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    """A browser keeps a strict cookie back when another site has sent it here."""
    back = twitch.consent(await person.leave(), twitch.streamer)
    async with ClientSession() as session:
        stranger = Person(session, app)
        assert "/static/twitch/return.js" in await stranger.text(back)
        assert await stranger.get(changed(back, again="1")) == (303, "303: See Other", "/login")
    assert (await person.get(changed(back, again="1")))[0] == 303
    await connected(app)


async def test_who_says_no_at_twitch_is_told_so(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    query = dict(parse_qsl(urlsplit(await person.leave()).query))
    no = {"error": "access_denied", "error_description": "no", "state": query["state"]}
    status, text, _ = await person.get(str(URL(query["redirect_uri"]).with_query(no)))
    assert status == 400
    assert "Twitch was told not to allow it." in text


async def test_a_code_that_twitch_refuses_signs_nobody_in(
    app: App, person: Person, twitch: TwitchStandIn
) -> None:
    back = twitch.consent(await person.leave(), twitch.streamer)
    await refused(person, changed(back, code="code-secret-other"))
    assert app.platforms["twitch"].status().state == "failed"


async def test_a_browser_at_another_address_is_told_to_come_by_the_right_one(
    app: App, twitch: TwitchStandIn
) -> None:
    """Twitch sends back to `localhost`; a session on `127.0.0.1` is another one."""
    bearer = {"Authorization": f"Bearer {app.api_token}"}
    path = app.address("/twitch/sign-in", "127.0.0.1")
    asked = {"account": "streamer", "way": "browser"}
    async with ClientSession() as http, http.post(path, json=asked, headers=bearer) as answer:
        assert answer.status == 409
        assert app.address("/twitch") in (await answer.json())["fix"]


def test_who_was_sent_away_has_ten_minutes_and_there_are_few_of_them() -> None:
    now = 0.0
    redirects = Redirects("https://id/", "c", "https://here/back", lambda: now)

    def leave(session: str = "s") -> str:
        return dict(parse_qsl(urlsplit(redirects.leave("bot", session, ["a"])).query))["state"]

    assert GOOD_S == 600
    in_time, late = leave(), leave()
    now = GOOD_S - 1
    assert redirects.come_back(in_time, "s")
    now = GOOD_S
    assert redirects.come_back(late, "s") is None
    states = [leave() for _ in range(UNDER_WAY_MAX + 1)]
    assert redirects.come_back(states[0], "s") is None
    assert redirects.come_back(states[1], "other session") is None
    found = redirects.come_back(states[1], "s")
    assert found is not None
    assert found.verifier not in repr(found)


# Whom it turns away


@pytest.mark.parametrize("path", ["/twitch", "/twitch/state", "/twitch/qr.svg?account=streamer"])
async def test_strangers_see_nothing(app: App, path: str) -> None:
    async with ClientSession() as session, session.get(app.address(path)) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("path", ["/twitch/sign-in", "/twitch/sign-out"])
async def test_other_pages_can_change_nothing(
    app: App, person: Person, twitch: TwitchStandIn, path: str
) -> None:
    """Neither another site, nor a page without the session's token, nor a stranger."""
    asked = {"account": "bot"}
    assert (await person.post(path, asked, Origin="https://evil.example"))[0] == 403
    assert (await person.post(path, asked, **{"X-CSRF-Token": "wrong"}))[0] == 403
    async with ClientSession() as session:
        assert (await Person(session, app).post(path, asked))[0] == 401
    assert (await person.get(path))[0] == 405
    assert (await person.post(path, {"account": "nobody"}))[0] == 404
    assert (await person.post(path, {"account": ""}))[0] == 400
    assert not [device for device in twitch.devices if len(device.scopes) == 3]


async def test_a_public_application_signs_in_by_code_only(
    tmp_path: Path, twitch: TwitchStandIn
) -> None:
    """Twitch gives nothing for a browser's code without a client secret."""
    async with open_app(tmp_path, {"twitch": twitch.settings}) as app, person_at(app) as person:
        status, said = await person.post(
            "/twitch/sign-in", {"account": "streamer", "way": "browser"}
        )
        assert (status, said["fix"]) == (409, "Sign in with a code instead.")
        assert (await person.state())["browser"] is False
    gc.collect()


async def test_without_a_client_id_the_page_is_there_all_the_same(tmp_path: Path) -> None:
    sections: Mapping[str, Mapping[str, Any]] = {"twitch": {"enabled": True}}
    async with open_app(tmp_path, sections) as app, person_at(app) as person:
        assert "How to get one" in await person.text("/twitch")
        assert (await person.state())["ready"] is False
        assert (await person.post("/twitch/sign-in", {"account": "streamer"}))[0] == 409
        status = app.platforms["twitch"].status()
        await until(lambda: app.platforms["twitch"].status().state == "failed")
        status = app.platforms["twitch"].status()
        assert status.fix == f"Open {app.address('/twitch')}: it says how to get one."
    gc.collect()


async def test_check_says_what_to_enter_and_then_that_all_is_well(
    tmp_path: Path, twitch: TwitchStandIn
) -> None:
    """The program as somebody starts it, with settings from the environment."""
    twitch.interval_s = 1
    given = {f"GIFTCAST_TWITCH__{key.upper()}": str(v) for key, v in twitch.settings.items() if v}
    given["GIFTCAST_TWITCH__TIMING__WATCH_EVERY_S"] = "0.1"
    async with running(tmp_path, **given):
        await twitch.until(lambda: twitch.devices, 10)
        code = twitch.devices[0].user_code
        found = await asyncio.to_thread(giftcast, tmp_path, "check")
        assert found.returncode == 1
        assert "BAD twitch: failed: Nobody is signed in to Twitch." in found.stdout
        assert f"enter {code}." in found.stdout
        twitch.activate(code, twitch.streamer)
        await twitch.until(twitch.listening, 10)
        async with asyncio.timeout(10):
            while "ok  twitch: connected" not in found.stdout:
                found = await asyncio.to_thread(giftcast, tmp_path, "check")


async def test_no_page_no_log_and_no_health_holds_a_token(
    app: App,
    person: Person,
    twitch: TwitchStandIn,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every secret of the stand-in has `-secret` in it, and so has ours."""
    caplog.set_level(logging.DEBUG)
    back = twitch.consent(await person.leave(), twitch.streamer)
    seen = [(await person.get(changed(back, code="code-secret-wrong")))[1]]
    back = twitch.consent(await person.leave(), twitch.streamer)
    twitch.fault("POST /oauth2/token", 500)
    seen.append((await person.get(back))[1])
    back = twitch.consent(await person.leave(), twitch.streamer)
    assert (await person.get(back))[0] == 303
    await connected(app)
    for grant in list(twitch.grants):
        grant.valid = False
    twitch.fault("POST /oauth2/token", 403)
    twitch.fault("POST /oauth2/token", 500)
    twitch.drop_tcp()
    await twitch.until(lambda: twitch.opened >= 2 and len(twitch.grants) >= 2)
    await connected(app)
    seen += [await person.text(path) for path in ("/", "/twitch", "/twitch/state", "/healthz")]
    output = capsys.readouterr()
    seen += [output.out, output.err, caplog.text, *twitch.addresses]
    assert [text for text in seen if "-secret" in text] == []

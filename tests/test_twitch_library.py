"""The faults of twitchio that the Twitch platform cures: first the library as it is, then with
the cure. When one of the first kind fails, the library has mended it and the cure may go.

P1 and P2 are also in test_twitch_staying (a move), P3 and P7 with their cures there (replaced,
asks again), P5's cure in test_twitch_pages, P6's in test_twitch_conduit (a move of a shard).
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession, web

from bot.platforms.twitch import sockets
from bot.platforms.twitch.addresses import addressed
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.settings import read
from bot.platforms.twitch.sockets import TRIED
from bot.platforms.twitch.tokens import Tokens
from tests.channel import (
    NOW_MS,
    QUICK,
    RecordingDesk,
    make,
    running,
    section,
    status_is,
    with_bot,
)
from tests.fakes.twitch import Grant, TwitchStandIn, User
from tests.house import grant, open_house

SECRET = "client-secret"
# what the library leaves open is its own; the platform's tests allow nothing of the kind
LEAKS = pytest.mark.filterwarnings("ignore:[Uu]nclosed:ResourceWarning")


class Plain:
    """A client of the library as it comes, that listens to the chat. heard: what it was told."""

    def __init__(self, twitch: TwitchStandIn, http: ClientSession) -> None:
        import twitchio

        heard: list[str] = []

        class Client(twitchio.Client):
            async def event_message(self, payload: twitchio.ChatMessage) -> None:
                heard.append(payload.text)

        self.heard = heard
        self.client = Client(
            client_id=twitch.client_id, client_secret=twitch.client_secret or None, session=http
        )

    async def listen(self, twitch: TwitchStandIn, grant: Grant) -> None:
        from twitchio.eventsub import ChatMessageSubscription

        await self.client.login(token=grant.access, load_tokens=False, save_tokens=False)
        await self.client.add_token(grant.access, grant.refresh)
        topic = ChatMessageSubscription(
            broadcaster_user_id=twitch.streamer.id, user_id=grant.user.id
        )
        await self.client.subscribe_websocket(topic, as_bot=False, token_for=grant.user.id)

    @property
    def sockets(self) -> list[Any]:
        return [socket for own in self.client._websockets.values() for socket in own.values()]


@asynccontextmanager
async def plain(twitch: TwitchStandIn, *, listens: bool = True) -> AsyncIterator[Plain]:
    async with ClientSession() as http:
        with addressed(read(section(twitch, None, None))):
            opened = Plain(twitch, http)
            if listens:
                await opened.listen(twitch, twitch.sign_in(twitch.bot))
            yield opened
            await opened.client.close(save_tokens=False)
        await end_what_the_library_leaves(twitch)


def place_of(task: "asyncio.Task[Any]") -> str:
    """The file of what a task runs."""
    code = getattr(task.get_coro(), "cr_code", None)
    return str(code.co_filename) if code else ""


async def end_what_the_library_leaves(twitch: TwitchStandIn) -> None:
    """Its tasks and connections that outlive its client."""
    left = [task for task in asyncio.all_tasks() if "twitchio" in place_of(task)]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    twitch.drop_tcp()
    await twitch.until(lambda: not twitch.links)
    gc.collect()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the library sets no event
            await asyncio.sleep(0.001)


# P0: a notification that is delivered twice is told twice


@LEAKS
async def test_p0_the_library_tells_a_repeat_again(twitch: TwitchStandIn) -> None:
    async with plain(twitch) as library:
        message = await twitch.chat(twitch.user("ann"), "!gift rose")
        await twitch.redeliver(message)
        await until(lambda: library.heard == ["!gift rose"] * 2)


async def test_p0_cured_a_repeat_costs_nothing_also_after_a_restart(
    twitch: TwitchStandIn, tmp_path: Path
) -> None:
    ann = twitch.user("ann")
    given = section(twitch, twitch.sign_in(twitch.streamer), None)
    async with open_house(tmp_path / "house") as house:
        person = (await house.people.person("twitch", ann.id, "ann")).person
        await house.journal.record(grant(person, 10, "grant:ann"))

        def platform() -> TwitchPlatform:
            return make(given, cast("RecordingDesk", house.desk), tmp_path)

        async with running(platform()):
            message = await twitch.chat(ann, "!gift rose")
            for _ in range(4):
                await twitch.redeliver(message)
            await twitch.until(lambda: twitch.sent)
        async with running(platform()):
            await twitch.redeliver(message)
            await twitch.chat(ann, "!balance")
            await twitch.until(lambda: any("9 coins" in one.text for one in twitch.sent))
        assert len(await house.records("gift")) == 1


# P1, P2: a connection that Twitch moves


@LEAKS
async def test_p1_the_library_loses_what_comes_during_a_move(twitch: TwitchStandIn) -> None:
    async with plain(twitch) as library:
        twitch.hold_welcomes()
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 2)
        for number in range(5):
            await twitch.chat(twitch.user(f"ann{number}"), f"lost {number}")
        twitch.release_welcomes()
        await twitch.until(lambda: len(twitch.links) == 1 and twitch.welcomed == 2)
        await twitch.chat(twitch.user("bob"), "heard")
        await until(lambda: "heard" in library.heard)
        assert library.heard == ["heard"]


@LEAKS
async def test_p2_the_library_forgets_a_connection_that_keeps_its_name(
    twitch: TwitchStandIn,
) -> None:
    twitch.keep_session_id = True
    async with plain(twitch) as library:
        await twitch.reconnect()
        await twitch.until(lambda: twitch.welcomed == 2 and len(twitch.links) == 1)
        await until(lambda: not library.sockets)
        await library.client.close(save_tokens=False)
        assert len(twitch.links) == 1  # nobody closes it


# P3, P7, P9: deaf for good, or for long


class Hasty:
    """The module `asyncio` as the library's sockets see it, with its long waits cut short."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    def timeout(_: float) -> asyncio.Timeout:
        return asyncio.timeout(0.05)


@LEAKS
async def test_p3_a_late_welcome_leaves_the_library_deaf(
    twitch: TwitchStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with plain(twitch) as library:
        from twitchio.eventsub import websockets

        monkeypatch.setattr(websockets, "asyncio", Hasty())
        failed: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, what: failed.append(what))
        twitch.hold_welcomes()
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened == 2)
        await until(lambda: not library.sockets)
        twitch.release_welcomes()
        await asyncio.sleep(0.1)
        assert not twitch.listening()
        assert twitch.opened == 2  # and it tries no more
        asyncio.get_running_loop().set_exception_handler(None)


@LEAKS
async def test_p7_one_failure_after_a_break_leaves_the_library_deaf(
    twitch: TwitchStandIn,
) -> None:
    async with plain(twitch) as library:
        twitch.unused_s = 0.05
        twitch.fault("POST /helix/eventsub/subscriptions", 500)
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.welcomed == 2)
        await twitch.until(lambda: not twitch.links)  # 4003: connection unused
        await asyncio.sleep(0.1)
        assert twitch.opened == 2  # and it tries no more
        assert library.heard == []


async def test_p9_cured_silence_is_taken_for_a_break(
    twitch: TwitchStandIn,
    desk: RecordingDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line that lies dead without a word; Twitch promises a sign of life every ten seconds."""
    async with with_bot(twitch, desk, tmp_path) as platform:
        twitch.keepalives = False
        monkeypatch.setattr(sockets, "SLACK_S", -9.9)
        await twitch.until(lambda: twitch.opened >= 2)
        monkeypatch.setattr(sockets, "SLACK_S", 5.0)
        await status_is(platform, "connected")
        await twitch.until(twitch.listening)
        await twitch.chat(twitch.user("ann"), "back")
        assert await desk.texts(1) == ["back"]


# P4: secrets in addresses, and in what is said of errors


async def test_p4_the_library_sends_secrets_in_addresses_and_prints_them(
    twitch: TwitchStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twitchio.authentication import OAuth
    from twitchio.exceptions import HTTPException
    from twitchio.http import Route

    twitch.client_secret = SECRET
    monkeypatch.setattr(Route, "ID_BASE", twitch.settings["id_url"])
    async with ClientSession() as http:
        oauth = OAuth(client_id=twitch.client_id, client_secret=SECRET, session=http)
        with pytest.raises(HTTPException) as refused:
            await oauth.refresh_token("refresh-secret-x")
    assert SECRET in str(refused.value)
    assert "refresh-secret-x" in str(refused.value)
    assert SECRET in twitch.addresses[-1]


@LEAKS
async def test_p4_the_library_renews_twice_at_once_with_a_token_that_works_once(
    twitch: TwitchStandIn,
) -> None:
    from twitchio.exceptions import HTTPException

    async with plain(twitch) as library:
        for grant in twitch.grants:
            grant.valid = False
        asked = [
            library.client.fetch_users(logins=["streamer"], token_for=twitch.bot.id)
            for _ in range(2)
        ]
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(one) for one in results].count(HTTPException) == 1


async def test_p4_cured_tokens_are_renewed_once_kept_before_use_and_never_in_an_address(
    twitch: TwitchStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    grant = twitch.sign_in(twitch.bot)
    kept: list[tuple[str, str, int]] = []

    def keep(old: str, tokens: Tokens) -> None:
        used = sum(one.startswith("GET /helix/users") for one in twitch.requests)
        kept.append((old, tokens.access, used))

    given = section(twitch, None, None)
    with addressed(read(given)):
        async with ClientSession() as http:
            ear = Ear(
                client_id=twitch.client_id,
                client_secret="",
                session=http,
                live=(),
                heard=lambda _: None,
                happened=lambda _: None,
                refreshed=lambda *_: None,
                stirred=lambda: None,
                broken=lambda _: None,
            )
            ear.keep_with(Identity(given["id_url"], twitch.client_id, "", http), keep)
            await ear.login(token=grant.access, load_tokens=False, save_tokens=False)
            await ear.add_token(grant.access, grant.refresh)
            old = grant.refresh
            grant.valid = False
            asked = [
                ear.fetch_users(logins=["streamer"], token_for=twitch.bot.id) for _ in range(3)
            ]
            assert [len(found) for found in await asyncio.gather(*asked)] == [1, 1, 1]
            await ear.close(save_tokens=False)
    assert kept == [(old, twitch.grants[-1].access, 3)]  # no fourth request came before
    assert "-secret" not in "".join(twitch.addresses)
    assert "-secret" not in caplog.text


# P5: a browser that comes back and was never sent


@LEAKS
async def test_p5_the_librarys_page_takes_a_sign_in_that_nobody_asked_for(
    twitch: TwitchStandIn,
) -> None:
    from twitchio.web import AiohttpAdapter

    twitch.client_secret = SECRET
    async with plain(twitch, listens=False) as library, ClientSession() as http:
        adapter: Any = AiohttpAdapter(client=library.client)
        runner = web.AppRunner(adapter)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        home = f"http://127.0.0.1:{runner.addresses[0][1]}/oauth/callback"
        twitch.redirect_urls.add(home)
        url = (
            f"{twitch.settings['id_url']}oauth2/authorize?client_id={twitch.client_id}"
            f"&redirect_uri={home}&response_type=code&scope=bits:read&state=never-issued"
        )
        async with http.get(twitch.consent(url, twitch.user("eve"))) as answer:
            assert answer.status == 200
        await until(lambda: library.client.tokens)  # eve's account is in
        await runner.cleanup()


# P6: a conduit that Twitch moves


@LEAKS
async def test_p6_the_librarys_conduit_opens_a_third_connection_and_leaks_it(
    twitch: TwitchStandIn,
) -> None:
    import twitchio
    from twitchio.eventsub import ChatMessageSubscription

    twitch.client_secret = SECRET
    bot, streamer = twitch.sign_in(twitch.bot), twitch.sign_in(twitch.streamer)
    app = twitch.sign_in(User("", "", ""), ())
    app.is_app = True
    topic = ChatMessageSubscription(broadcaster_user_id=streamer.user.id, user_id=bot.user.id)
    async with plain(twitch, listens=False), ClientSession() as http:
        client = twitchio.AutoClient(
            client_id=twitch.client_id, client_secret=SECRET, subscriptions=[topic], session=http
        )
        await client.login(token=app.access, load_tokens=False, save_tokens=False)
        assert twitch.enabled_shards() == len(twitch.links) == 2
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened > 4)
        await twitch.until(lambda: twitch.welcomed == twitch.opened)
        await client.close(save_tokens=False)
        assert twitch.links
        await end_what_the_library_leaves(twitch)


# The cures use private names of the library: they are for the versions they were tried with


def test_the_installed_library_is_one_that_the_cures_were_tried_with() -> None:
    import twitchio

    assert twitchio.__version__ in TRIED, (
        "try the cures with this version (sockets, refresh), then add it to TRIED"
    )


async def test_on_another_version_the_library_runs_as_it_is_and_that_is_said(
    twitch: TwitchStandIn,
    desk: RecordingDesk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with with_bot(twitch, desk, tmp_path, tried=frozenset({"0.0"})) as platform:
        assert platform._session is not None
        ear = platform._session._ear
        assert not any(isinstance(one, sockets.SafeWebsocket) for one in ear.sockets)
        await twitch.chat(twitch.user("ann"), "heard")
        assert await desk.texts(1) == ["heard"]
        twitch.grants[-1].valid = False
        assert await platform.find("streamer")  # the library renews, and its event is kept
        token_file = tmp_path / "twitch-tokens.json"
        assert twitch.grants[-1].access in token_file.read_text()
    assert "twitch.library_not_tried" in capsys.readouterr().out
    assert (QUICK.linger_s, NOW_MS) == (0.05, 1_700_000_000_000)

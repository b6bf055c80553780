"""The way to OBS: the unmodified library against the documented protocol, and every way to fail."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.errors import SettingsError
from bot.obs import errors
from bot.obs.connection import connected
from bot.obs.errors import ObsError
from bot.obs.local import Found, config_folders, read_obs_settings
from bot.obs.reach import Reach
from bot.obs.settings import ObsSettings, obs_settings
from bot.obs.studio import Studio
from overlay.server import bind
from tests.fakes.obs import JSON, PASSWORD, ObsStandIn


@pytest.fixture
async def obs() -> AsyncIterator[ObsStandIn]:
    async with ObsStandIn() as opened:
        yield opened


async def refusal(url: str, password: str = PASSWORD) -> ObsError:
    """Why OBS does not let us in."""
    with pytest.raises(ObsError) as caught:
        async with connected(url, password):
            pass
    return caught.value


# --- the stand-in keeps to the document ---


async def test_the_stand_in_takes_the_example_of_the_document(obs: ObsStandIn) -> None:
    """In JSON, by hand: Hello, the authentication string, Identified, a request and its answer."""
    obs.password = ""
    async with ClientSession() as session, session.ws_connect(obs.url, protocols=[JSON]) as socket:
        hello = await socket.receive_json()
        assert hello["op"] == 0
        assert hello["d"]["rpcVersion"] == 1
        await socket.send_json({"op": 1, "d": {"rpcVersion": 1, "eventSubscriptions": 33}})
        assert await socket.receive_json() == {"op": 2, "d": {"negotiatedRpcVersion": 1}}
        request = {"requestType": "SetCurrentProgramScene", "requestId": "f819"}
        await socket.send_json({"op": 6, "d": request | {"requestData": {"sceneName": "No"}}})
        answer = await socket.receive_json()
        assert answer["op"] == 7
        assert answer["d"]["requestId"] == "f819"
        assert answer["d"]["requestStatus"]["code"] == 600
        await socket.send_json({"op": 6, "d": {"requestType": "Dance", "requestId": "1"}})
        assert (await socket.receive_json())["d"]["requestStatus"]["code"] == 204
        await socket.send_json({"op": 6, "d": {"requestType": "RemoveInput", "requestId": "2"}})
        assert (await socket.receive_json())["d"]["requestStatus"]["code"] == 300


async def test_a_request_before_identifying_is_the_end(obs: ObsStandIn) -> None:
    """Close code 4007, as the document says."""
    async with ClientSession() as session, session.ws_connect(obs.url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"requestType": "GetVersion", "requestId": "1"}})
        await socket.receive()
        assert socket.close_code == 4007


# --- getting in ---


async def test_the_library_gets_in_with_the_password(obs: ObsStandIn) -> None:
    """Over msgpack, with a challenge."""
    async with connected(obs.url, "sesame") as connection:
        studio = Studio(connection)
        assert await studio.version() == "OBS 30.2.2 (obs-websocket 5.5.2)"
        assert await studio.canvas() == (1920, 1080)
    await obs.until(lambda: not obs.sessions)


async def test_obs_without_a_password_lets_everybody_in(obs: ObsStandIn) -> None:
    """Also somebody who has one."""
    obs.password = ""
    async with connected(obs.url, "whatever") as connection:
        assert await Studio(connection).scenes() == ["Scene"]


@pytest.mark.alone
async def test_a_wrong_password_is_told_at_once(obs: ObsStandIn) -> None:
    """The library would wait its time out; and no password is another case than a wrong one."""
    began = time.monotonic()
    wrong = await refusal(obs.url, "open")
    assert wrong.code == errors.WRONG_PASSWORD
    assert "Show Connect Info" in wrong.fix
    assert (await refusal(obs.url, "")).code == errors.NO_PASSWORD
    assert time.monotonic() - began < 3


async def test_nobody_there() -> None:
    """A port that nobody listens on."""
    with bind("127.0.0.1", 0, fixed=True) as sock:
        url = f"ws://127.0.0.1:{sock.getsockname()[1]}"
    error = await refusal(url)
    assert error.code == errors.NOT_RUNNING
    assert "Tools → WebSocket Server Settings" in error.fix


async def test_another_program_is_not_obs() -> None:
    """A web server on that port."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        error = await refusal(f"ws://127.0.0.1:{runner.addresses[0][1]}")
        assert error.code == errors.NOT_OBS
    finally:
        await runner.cleanup()


async def test_a_server_that_speaks_another_tongue_is_not_obs() -> None:
    """It greets with its own banner."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        error = await refusal(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert error.code == errors.NOT_OBS


async def test_an_obs_that_is_just_closing_is_no_stranger() -> None:
    """It still takes the connection, and says no more."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        error = await refusal(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert error.code == errors.LOST


async def test_the_old_protocol_is_called_old(
    obs: ObsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """obs-websocket 4 says no Hello; and a future one may want another version of the protocol."""
    obs.rpc = 2
    assert (await refusal(obs.url)).code == errors.OLD_PROTOCOL
    monkeypatch.setattr("bot.obs.connection.CONNECT_S", 0.2)

    async def silent(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        return socket

    app = web.Application()
    app.router.add_get("/", silent)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        error = await refusal(f"ws://127.0.0.1:{runner.addresses[0][1]}")
        assert error.code == errors.OLD_PROTOCOL
        assert "28 or newer" in error.fix
    finally:
        await runner.cleanup()


async def test_a_proxy_of_the_system_is_not_asked(
    obs: ObsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library alone would send the way to this machine through it."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with connected(obs.url, "sesame") as connection:
        assert await Studio(connection).scenes() == ["Scene"]


# --- staying in ---


async def test_obs_going_away_ends_a_request_at_once(obs: ObsStandIn) -> None:
    """Not after the library's fifteen seconds."""
    obs.mute.add("GetVersion")
    async with connected(obs.url, "sesame") as connection:
        asking = asyncio.create_task(Studio(connection).version())
        await obs.until(lambda: obs.sessions)
        await obs.stop()
        with pytest.raises(ObsError) as caught:
            await asking
        assert caught.value.code == errors.LOST
        await connection.ended()
        with pytest.raises(ObsError) as caught:
            await Studio(connection).scenes()
        assert caught.value.code == errors.LOST
    await obs.start()


async def test_an_answer_that_never_comes_is_given_up(
    obs: ObsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dialogue of OBS is open, say."""
    monkeypatch.setattr("bot.obs.connection.ANSWER_S", 0.05)
    obs.mute.add("GetVersion")
    async with connected(obs.url, "sesame") as connection:
        with pytest.raises(ObsError) as caught:
            await Studio(connection).version()
        assert caught.value.code == errors.SILENT
        assert await Studio(connection).scenes() == ["Scene"]


async def test_a_refusal_carries_the_number_of_obs(obs: ObsStandIn) -> None:
    """Such as 600 for what is not there."""
    async with connected(obs.url, "sesame") as connection:
        with pytest.raises(ObsError, match="No source was found") as caught:
            await Studio(connection).items("Nowhere")
    assert (caught.value.code, caught.value.status) == (errors.REFUSED, 600)


# --- settings ---


@pytest.mark.parametrize(
    ("section", "part"),
    [
        ({"url": "http://127.0.0.1:4455"}, "write one like ws://127.0.0.1:4455"),
        ({"url": "ws://127.0.0.1:99999"}, "write one like"),
        ({"pasword": "x"}, "pasword"),
        ({"on_hero": {}}, "name one of: scene, filter (of a source), show (in a scene)"),
        ({"on_hero": {"scene": "A", "show": "B", "in": "C"}}, "name one of"),
        ({"on_hero": {"filter": "A"}}, "filter and source belong together"),
        ({"on_hero": {"show": "A"}}, "show and in belong together"),
        ({"on_hero": {"scene": "A", "for_s": 3600}}, "for_s"),
        ({"on_hero": {"scene": "A", "off": True}}, "not for a scene"),
        ({"on_hero": {"save_replay": True, "scene": "A"}}, "name one of"),
        ({"on_hero": [{"scene": "A"}, {"scene": "B"}]}, "one scene"),
        ({"on_hero": [{"scene": "A"}] * 11}, "on_hero"),
    ],
)
def test_wrong_settings_are_refused_with_key_and_fix(section: dict[str, object], part: str) -> None:
    """Before anything is tried."""
    with pytest.raises(SettingsError, match=r"^\[obs\] ") as caught:
        obs_settings(section)
    assert part in str(caught.value)


def test_settings_as_the_issue_writes_them() -> None:
    """One effect or several; a password of digits is one too, and is never shown."""
    one = obs_settings({"on_hero": {"scene": "Big", "for_s": 8}, "password": 1234})
    assert [(e.scene, e.for_s) for e in one.on_hero] == [("Big", 8.0)]
    assert one.password == "1234"
    assert "1234" not in repr(one)
    more = obs_settings(
        {"on_hero": [{"filter": "Glow", "source": "Cam"}, {"show": "Confetti", "in": "Main"}]}
    )
    assert more.on_hero[1].inside == "Main"
    assert obs_settings({}).on_hero == ()


# --- OBS's own settings ---


def test_obs_settings_are_looked_for_where_obs_keeps_them(tmp_path: Path) -> None:
    """On Linux (also Flatpak and Snap), Windows and macOS."""
    linux = config_folders({}, tmp_path, "linux")
    assert linux[0] == tmp_path / ".config" / "obs-studio"
    assert len(linux) == 3
    moved = config_folders({"XDG_CONFIG_HOME": "/x"}, tmp_path, "linux")
    assert moved[0] == Path("/x/obs-studio")
    windows = config_folders({"APPDATA": "/users/mia/roaming"}, tmp_path, "win32")
    assert windows == [Path("/users/mia/roaming/obs-studio")]
    (mac,) = config_folders({}, tmp_path, "darwin")
    assert mac.parts[-3:] == ("Library", "Application Support", "obs-studio")


def test_both_kinds_of_obs_settings_are_read(tmp_path: Path) -> None:
    """Since OBS 30.2 a file of the plugin's own; before, a section of global.ini, with a BOM."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    (old / "global.ini").write_text(
        "[General]\nFirstRun=true\n\n[OBSWebSocket]\nServerEnabled=true\nServerPort=4460\n"
        "AuthRequired=true\nServerPassword=100%sure;=\n",
        "utf-8-sig",
    )
    found = read_obs_settings([tmp_path / "none", old])
    assert found == Found(old / "global.ini", True, 4460, "100%sure;=")
    own = new / "plugin_config" / "obs-websocket" / "config.json"
    own.parent.mkdir(parents=True)
    own.write_text(
        json.dumps({"server_enabled": False, "server_port": 4461, "auth_required": False,
                    "server_password": "unused"})
    )  # fmt: skip
    assert read_obs_settings([new]) == Found(own, False, 4461, "")
    own.write_text("{broken")
    assert read_obs_settings([new]) is None
    assert read_obs_settings([tmp_path]) is None


async def test_obs_settings_are_read_only_when_that_is_allowed(obs: ObsStandIn) -> None:
    """Port and password come from there then; ours go first."""
    found = Found(Path("config.json"), True, int(obs.url.rpartition(":")[2]), "sesame")
    looked: list[bool] = []

    def read() -> Found:
        looked.append(True)
        return found

    async with Reach(ObsSettings(read_obs_settings=True), read=read)() as connection:
        assert await Studio(connection).scenes() == ["Scene"]
    assert looked == [True]
    with pytest.raises(ObsError) as caught:
        async with Reach(ObsSettings(url=obs.url), read=read)():
            pass
    assert caught.value.code == errors.NO_PASSWORD
    assert looked == [True]
    with pytest.raises(ObsError, match=r"It is not the one in config\.json") as caught:
        async with Reach(ObsSettings(read_obs_settings=True, password="old"), read=read)():
            pass
    assert caught.value.code == errors.WRONG_PASSWORD


@pytest.mark.parametrize(
    ("enabled", "runs", "part"),
    [
        (None, False, "OBS is not running"),
        (None, True, "OBS is running, but its WebSocket server does not answer"),
        (False, True, "The WebSocket server of OBS is off"),
    ],
)
async def test_why_nobody_answers_is_said_as_far_as_it_can_be_known(
    enabled: bool | None, runs: bool, part: str
) -> None:
    """Not running, switched off, or somewhere else."""
    with bind("127.0.0.1", 0, fixed=True) as sock:
        port = sock.getsockname()[1]
    settings = ObsSettings(url=f"ws://127.0.0.1:{port}", read_obs_settings=enabled is not None)
    found = None if enabled is None else Found(Path("x"), enabled, port, "")
    with pytest.raises(ObsError, match=part) as caught:
        async with Reach(settings, read=lambda: found, runs=lambda: runs)():
            pass
    assert "Enable WebSocket server" in caught.value.fix

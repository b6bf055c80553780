"""Signing in to Twitch with a code, through twitchio, against a stand-in."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.platforms.twitch.device import DeviceSignIn
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.scopes import BOT, STREAMER
from bot.platforms.twitch.tokens import Tokens
from commands.chat import Reply
from tests.channel import (
    TOKEN_FILE,
    Pauses,
    RecordingDesk,
    make,
    running,
    section,
    status_is,
    until,
    with_bot,
)
from tests.fakes.twitch import READ, WRITE, Grant, TwitchStandIn

BOT_SCOPES = "user:read:chat user:write:chat user:bot"
STREAMER_SCOPES = (
    f"{BOT_SCOPES} channel:bot channel:manage:redemptions bits:read channel:read:subscriptions "
    "moderator:read:followers moderator:read:chatters channel:moderate"
)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def kept(data_dir: Path) -> dict[str, Any]:
    rows: dict[str, Any] = json.loads((data_dir / TOKEN_FILE).read_text())
    return rows


async def code_for(platform: TwitchPlatform, twitch: TwitchStandIn) -> str:
    """The code that the status tells people to enter."""
    await until(lambda: " enter " in platform.status().fix)
    code = platform.status().fix.rstrip(".").rpartition(" ")[2]
    assert code in {device.user_code for device in twitch.devices}
    return code


async def test_a_code_in_the_status_signs_in_without_a_restart(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    platform = make(section(twitch, None, None), desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        code = await code_for(platform, twitch)
        status = platform.status()
        assert status.cause == "Nobody is signed in to Twitch."
        assert status.fix == f"Open 127.0.0.1:{twitch._port}/activate and enter {code}."
        assert twitch.devices[0].scopes == tuple(STREAMER_SCOPES.split())
        pauses.end()
        await twitch.until(lambda: twitch.polls == 1)  # authorization_pending
        twitch.activate(code, twitch.streamer)
        pauses.end()
        await status_is(platform, "connected")
        assert platform.status().fix == ""
        await twitch.chat(twitch.user("ann"), "hello")
        assert await desk.texts(1) == ["hello"]
    assert pauses.waited == [5.0, 5.0]
    assert kept(tmp_path)["streamer"]["access_token"] == twitch.grants[-1].access
    assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600


async def test_twitch_may_ask_for_slower_questions(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    twitch.interval_s = 7
    platform = make(section(twitch, None, None), desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        code = await code_for(platform, twitch)
        twitch.answer_polls(code, "authorization_pending", "slow_down", "authorization_pending")
        pauses.end(4)
        await until(lambda: len(pauses.waited) == 5)
    assert pauses.waited == [7, 7, 12, 12, 12]


async def test_a_code_whose_time_is_over_gives_way_to_another(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    platform = make(section(twitch, None, None), desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        first = await code_for(platform, twitch)
        twitch.expire(first)
        pauses.end()
        await until(lambda: first not in platform.status().fix)
        second = await code_for(platform, twitch)
        assert second != first
        twitch.answer_polls(second, "access_denied")  # somebody says no
        pauses.end()
        await until(lambda: second not in platform.status().fix)
        twitch.activate(await code_for(platform, twitch), twitch.streamer)
        pauses.end()
        await status_is(platform, "connected")


async def test_a_code_is_not_asked_about_after_its_time(twitch: TwitchStandIn) -> None:
    """Also when Twitch cannot be reached to say so."""
    now = 0.0
    twitch.expires_in_s = 20

    async def pause(seconds: float) -> None:
        nonlocal now
        now += seconds
        twitch.fault("POST /oauth2/token", 0)
        if now == 25:
            twitch.activate(twitch.devices[1].user_code, twitch.streamer)
            twitch._faults.clear()

    got: list[Tokens] = []
    async with ClientSession() as http:
        identity = Identity(str(twitch.settings["id_url"]), twitch.client_id, "", http)
        await DeviceSignIn(
            identity, STREAMER, (READ,), got.append, pause=pause, clock=lambda: now
        ).run()
    assert [tokens.access for tokens in got] == [twitch.grants[-1].access]
    told = [where for where in twitch.requests if where.startswith("POST")]
    assert told == [
        "POST /oauth2/device", *["POST /oauth2/token"] * 4,
        "POST /oauth2/device", "POST /oauth2/token",
    ]  # fmt: skip


async def test_faults_while_waiting_are_waited_out(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    twitch.fault("POST /oauth2/device", 500)
    twitch.fault("POST /oauth2/device", 0)
    platform = make(section(twitch, None, None), desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        pauses.end(2)
        code = await code_for(platform, twitch)
        twitch.fault("POST /oauth2/token", 503)
        twitch.fault("POST /oauth2/token", 429)
        twitch.fault("POST /oauth2/token", 0)
        pauses.end(3)
        await until(lambda: len(pauses.waited) == 6)
        twitch.activate(code, twitch.streamer)
        pauses.end()
        await status_is(platform, "connected")
    assert pauses.waited == [5, 10, 5, 5, 5, 5]


async def test_a_client_id_that_twitch_does_not_know_gets_no_code(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    given = {**section(twitch, None, None), "client_id": "another"}
    platform = make(given, desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        await until(lambda: platform._sign_ins.trouble(STREAMER))
        trouble = platform._sign_ins.trouble(STREAMER)
        assert trouble is not None
        assert trouble.cause == "Twitch does not know this client id."
        assert platform.status().cause == trouble.cause
        assert "client_id" in platform.status().fix
        assert pauses.waited == []
        assert twitch.requests.count("POST /oauth2/device") == 1


async def test_without_a_client_id_the_status_names_the_page_that_helps(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    platform = make({**section(twitch, None, None), "client_id": ""}, desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause == "There is no Twitch client id in the settings."
        assert platform.status().fix == "Open http://localhost/twitch: it says how to get one."
    assert twitch.requests == []


async def test_without_a_channel_the_status_says_where_to_name_it(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    platform = make({**section(twitch, None, None), "channel": ""}, desk, tmp_path)
    async with running(platform, "failed"):
        assert "giftcast.toml" in platform.status().fix
    assert twitch.requests == []


async def test_a_bot_signs_in_later_and_speaks_from_then_on(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    desk.answer = lambda message: Reply(f"no, {message.text}", ok=False)
    given = section(twitch, twitch.sign_in(twitch.streamer), None)
    platform = make(given, desk, tmp_path, pause=pauses)
    async with running(platform):
        await twitch.chat(twitch.user("ann"), "one")
        await twitch.until(lambda: len(twitch.sent) == 1)
        first = platform._session
        platform._sign_ins.ask_code(BOT)
        platform._sign_ins.ask_code(BOT)  # twice is once
        await twitch.until(lambda: twitch.devices)
        assert [device.scopes for device in twitch.devices] == [tuple(BOT_SCOPES.split())]
        twitch.activate(twitch.devices[0].user_code, twitch.bot)
        pauses.end()
        await until(lambda: platform._session not in (first, None))
        await twitch.chat(twitch.user("bob"), "two")
        await twitch.until(lambda: len(twitch.sent) == 2)
    assert [one.sender for one in twitch.sent] == [twitch.streamer, twitch.bot]
    assert kept(tmp_path).keys() == {"streamer", "bot"}


async def test_one_account_expires_and_the_other_goes_on(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    async with with_bot(twitch, desk, tmp_path, pause=pauses) as platform:
        first = platform._session
        for grant in twitch.grants:
            if grant.user == twitch.streamer:
                grant.valid, grant.refresh = False, ""
        assert first is not None
        await first._ear.remove_token(twitch.bot.id)  # the library gives up: signed in anew
        await until(lambda: platform._session not in (first, None))
        code = await code_for(platform, twitch)
        status = platform.status()
        assert status.state == "connected"
        assert status.cause == (
            "Twitch sign-in has expired: the streamer's account has to sign in again."
        )
        await twitch.chat(twitch.user("ann"), "heard all the same")
        assert await desk.texts(1) == ["heard all the same"]
        twitch.activate(code, twitch.streamer)
        pauses.end()
        await until(lambda: platform.status().cause == "Listening in the chat of Streamer.")


async def test_who_signs_out_is_forgotten_here_and_at_twitch(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    grant = twitch.sign_in(twitch.streamer)
    given = section(twitch, grant, None)
    platform = make(given, desk, tmp_path, pause=pauses)
    async with running(platform):
        await platform._sign_ins.sign_out(STREAMER)
        await status_is(platform, "failed")
        assert platform.accounts() == {}
    assert twitch.revoked == [grant.access]
    assert grant.access not in (tmp_path / TOKEN_FILE).read_text()
    async with running(make(given, desk, tmp_path, pause=pauses), "failed") as _:
        pass  # the tokens in the settings do not bring it back


async def test_signing_out_works_though_twitch_is_away(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    platform = make(
        section(twitch, twitch.sign_in(twitch.streamer), None), desk, tmp_path, pause=pauses
    )
    async with running(platform):
        twitch.fault("POST /oauth2/revoke", 500)
        await platform._sign_ins.sign_out(STREAMER)
        await status_is(platform, "failed")
    assert kept(tmp_path)["streamer"]["access_token"] == ""


async def test_what_an_old_sign_in_does_not_allow_is_said(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    granted = (READ, WRITE, "bits:read", "channel:manage:redemptions", "channel:moderate")
    given = section(twitch, twitch.sign_in(twitch.streamer, granted), None)
    platform = make(given, desk, tmp_path)
    async with running(platform):
        status = platform.status()
        assert status.cause == (
            "The Twitch sign-in of the streamer's account does not let giftcast "
            "see subscriptions, see follows, see who watches."
        )
        assert status.fix.startswith("Sign in again on giftcast's page /twitch")


async def test_somebody_else_signed_in_as_the_streamer_is_told(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    given = section(twitch, twitch.sign_in(twitch.user("eve")), None)
    platform = make(given, desk, tmp_path)
    async with running(platform):
        status = platform.status()
        assert status.cause == "eve is signed in as the streamer, but the channel is Streamer."
        assert "sign in as Streamer" in status.fix


async def test_one_person_may_be_streamer_and_bot(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    bot = twitch.sign_in(twitch.streamer, (READ, WRITE))
    given = section(twitch, twitch.sign_in(twitch.streamer), bot)
    platform = make(given, desk, tmp_path)
    async with running(platform):
        assert platform.status().cause == "Listening in the chat of Streamer."
        assert platform.accounts().keys() == {STREAMER}


async def test_a_renewal_that_fails_for_good_asks_for_a_code_by_itself(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, pauses: Pauses
) -> None:
    dead = Grant(twitch.streamer, "access-secret-x", "refresh-secret-x", (), "", 0)
    platform = make(section(twitch, dead, None), desk, tmp_path, pause=pauses)
    async with running(platform, "failed"):
        code = await code_for(platform, twitch)
        assert platform.status().cause.startswith("Twitch sign-in has expired")
        twitch.activate(code, twitch.streamer)
        pauses.end()
        await status_is(platform, "connected")

"""How the Twitch platform is signed in, and what it says when it is not."""

import asyncio
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.twitch.scopes import STREAMER
from bot.platforms.twitch.tokens import TokenFile, Tokens
from commands.chat import Reply
from tests.channel import (
    TOKEN_FILE,
    RecordingDesk,
    make,
    running,
    section,
    status_is,
    until,
    with_bot,
)
from tests.fakes.twitch import READ, WRITE, Grant, TwitchStandIn


def kept(data_dir: Path) -> dict[str, Any]:
    rows: dict[str, Any] = json.loads((data_dir / TOKEN_FILE).read_text())
    return rows


@pytest.mark.parametrize("secret", ["", "client-secret"])
async def test_an_aged_sign_in_is_renewed_and_kept_for_its_owner_alone(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, secret: str
) -> None:
    twitch.client_secret = secret
    old = twitch.sign_in(twitch.streamer)
    old.valid = False
    given = section(twitch, old, None)
    given["refresh_token"] = f"refresh-secret-{old.access.rpartition('-')[2]}%/+"
    async with running(make(given, desk, tmp_path)):
        fresh = twitch.grants[-1]
        assert kept(tmp_path)["streamer"]["access_token"] == fresh.access
        assert kept(tmp_path)["streamer"]["refresh_token"] == fresh.refresh
        assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600
        files = os.listdir(tmp_path)  # noqa: PTH208 - it is small
        assert TOKEN_FILE in files
        assert not [name for name in files if name.startswith(f"{TOKEN_FILE}.")]  # half-written
    async with running(make(given, desk, tmp_path)):  # the file wins over the settings
        assert twitch.grants[-1] is fresh
    other = twitch.sign_in(twitch.streamer)
    async with running(make(section(twitch, other, None), desk, tmp_path)):
        assert kept(tmp_path)["streamer"]["access_token"] == other.access
    async with running(make(section(twitch, None, None), desk, tmp_path)):
        assert kept(tmp_path)["streamer"]["access_token"] == other.access


async def test_a_sign_in_that_ages_while_running_is_renewed_and_kept_at_once(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("no", ok=False)
    async with with_bot(twitch, desk, tmp_path):
        twitch.grants[-1].valid = False
        await twitch.chat(twitch.user("ann"), "one")
        await twitch.until(lambda: twitch.sent)
        assert kept(tmp_path)["bot"]["access_token"] == twitch.grants[-1].access
        assert twitch.grants[-1].user == twitch.bot


async def test_a_short_lived_sign_in_is_renewed_before_use(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    grant = twitch.sign_in(twitch.streamer, expires_in=600)
    async with running(make(section(twitch, grant, None), desk, tmp_path)):
        assert len(twitch.grants) == 2
        assert kept(tmp_path)["streamer"]["access_token"] == twitch.grants[-1].access


async def test_tokens_that_cannot_be_written_still_work_and_are_told(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("where the folder should be")
    grant = twitch.sign_in(twitch.streamer, expires_in=600)
    platform = make(section(twitch, grant, None), desk, blocked)
    async with running(platform):
        assert "cannot be kept" in platform.status().cause
        await twitch.chat(twitch.user("ann"), "heard all the same")
        assert await desk.texts(1) == ["heard all the same"]


async def test_a_refused_sign_in_is_told_without_the_tokens_and_waits_for_a_new_one(
    twitch: TwitchStandIn,
    desk: RecordingDesk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    twitch.client_secret = "client-secret"
    dead = Grant(twitch.streamer, "access-secret-x", "refresh-secret-x", (), "", 0)
    platform = make(section(twitch, dead, None), desk, tmp_path)
    async with running(platform, "failed"):
        await until(lambda: "enter" in platform.status().fix)
        status = platform.status()
        assert status.cause.startswith("Twitch sign-in has expired: the streamer's account")
        assert status.fix.endswith(f"/activate and enter {twitch.devices[0].user_code}.")
        asked = len(twitch.requests)
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert len(twitch.requests) == asked
        grant = twitch.sign_in(twitch.streamer)
        TokenFile(tmp_path / TOKEN_FILE).put(STREAMER, Tokens(grant.access, grant.refresh))
        await status_is(platform, "connected")
    output = capsys.readouterr()
    assert "-secret" not in output.out + output.err + caplog.text + str(status)


async def test_no_secret_stands_in_the_librarys_errors(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The secrets travel in the address of the refresh, and the library logs addresses."""
    caplog.set_level("DEBUG")
    twitch.client_secret = "client-secret"
    async with with_bot(twitch, desk, tmp_path) as platform:
        for grant in twitch.grants:
            grant.valid = False
        twitch.fault("POST /oauth2/token", 500, times=3)
        twitch.drop_tcp()  # the library asks again, gets 401, refreshes, gets 500, logs it
        await twitch.until(lambda: twitch.opened >= 2 and twitch.listening())
        await status_is(platform, "connected")
    assert "Unable to resubscribe" in caplog.text
    assert "-secret" not in caplog.text


async def test_the_bot_account_failing_leaves_the_streamers_to_do_its_work(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    dead = Grant(twitch.bot, "access-secret-x", "refresh-secret-x", (), "", 0)
    given = section(twitch, twitch.sign_in(twitch.streamer), dead)
    platform = make(given, desk, tmp_path)
    async with running(platform):
        assert "the bot account has to sign in again" in platform.status().cause
        await twitch.chat(twitch.user("ann"), "heard")
        assert await desk.texts(1) == ["heard"]


def _other_secret(given: dict[str, Any], _: TwitchStandIn) -> None:
    given["client_secret"] = "wrong"


def _no_secret(given: dict[str, Any], _: TwitchStandIn) -> None:
    given["client_secret"] = ""


def _other_client(given: dict[str, Any], twitch: TwitchStandIn) -> None:
    given["client_id"] = "another"
    twitch.grants[0].valid = True


def _unknown_client(given: dict[str, Any], _: TwitchStandIn) -> None:
    given["client_id"] = "another"


def _no_scope(_: dict[str, Any], twitch: TwitchStandIn) -> None:
    twitch.grants[0].valid = True
    twitch.grants[0].scopes = (WRITE,)


def _no_channel(given: dict[str, Any], twitch: TwitchStandIn) -> None:
    twitch.grants[0].valid = True
    given["channel"] = "nobody_at_all"


def _nobody(given: dict[str, Any], _: TwitchStandIn) -> None:
    given |= {"access_token": "", "refresh_token": ""}


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (_other_secret, "Twitch does not accept the client secret."),
        (_no_secret, "This Twitch application needs its client secret"),
        (_other_client, "The Twitch sign-in of the streamer's account belongs to another"),
        (_unknown_client, "Twitch does not know this client id."),
        (_no_scope, "The Twitch sign-in of the streamer's account may not read the chat"),
        (_no_channel, "There is no Twitch channel named “nobody_at_all”."),
        (_nobody, "Nobody is signed in to Twitch."),
    ],
)
async def test_what_only_people_can_mend_is_told_with_the_fix(
    twitch: TwitchStandIn,
    desk: RecordingDesk,
    tmp_path: Path,
    spoil: Callable[[dict[str, Any], TwitchStandIn], None],
    cause: str,
) -> None:
    twitch.client_secret = "client-secret"
    grant = twitch.sign_in(twitch.streamer)
    grant.valid = False
    given = section(twitch, grant, None)
    spoil(given, twitch)
    platform = make(given, desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause.startswith(cause)
        assert platform.status().fix


async def test_a_sign_in_that_may_not_write_still_hears(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("no", ok=False)
    grant = twitch.sign_in(twitch.streamer, (READ,))
    platform = make(section(twitch, grant, None), desk, tmp_path)
    async with running(platform):
        assert "may not write in the chat" in platform.status().cause
        await twitch.chat(twitch.user("ann"), "heard")
        assert await desk.texts(1) == ["heard"]


async def test_a_fault_of_twitch_is_waited_out(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.fault("GET /oauth2/validate", 500, times=2)
    platform = make(section(twitch, twitch.sign_in(twitch.streamer), None), desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause == "Twitch has a fault of its own (HTTP 500)."
        await status_is(platform, "connected")


async def test_an_unreachable_twitch_is_told(desk: RecordingDesk, tmp_path: Path) -> None:
    async with TwitchStandIn() as gone:
        given = section(gone, gone.sign_in(gone.streamer), None)
    platform = make(given, desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause.startswith("Twitch cannot be reached")
        assert "internet connection" in platform.status().fix

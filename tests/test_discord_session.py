"""Discord: sessions, what cuts them, how the platform says how it fares, and its settings."""

import asyncio
import gc
import threading
import time
from pathlib import Path
from typing import Any, cast

import discord
import pytest

from bot.errors import SettingsError
from bot.platforms.discord import build
from bot.platforms.discord.faults import ending
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.settings import Settings, read
from bot.platforms.discord.shutdown import shut
from bot.platforms.discord.timing import Timing
from tests import discord_bench
from tests.discord_bench import house, listening, running, section, status_of

server, desk = discord_bench.server, discord_bench.desk


def is_of_the_platform(task: asyncio.Task[Any]) -> bool:
    file = cast("Any", task.get_coro()).cr_code.co_filename
    return "/site-packages/discord/" in file or "/bot/" in file


def hearts() -> list[threading.Thread]:
    """The threads that keep connections alive."""
    return [t for t in threading.enumerate() if t.name.startswith("keep-alive-handler")]


async def test_a_strangers_server_has_no_say(server, desk, tmp_path):
    stranger = server.person("stranger")
    server.guilds["666"] = stranger
    async with listening(server, desk, tmp_path) as platform:
        await server.message(stranger, "!grant stranger 9999", guild_id="666")
        await server.message(server.owner, "!pause")
        call = await server.slash(stranger, "grant", {"viewer": "1", "coins": 9}, guild_id="666")
        await server.until(lambda: call.words)
        assert call.words == ["This bot serves another server."]
        assert (await desk.heard()).text == "!pause"
        assert desk.is_unasked()
        assert platform.status().cause == f"Serves Server {server.guild_id}."


async def test_a_server_joined_later_does_not_take_the_place_of_the_first(server, desk, tmp_path):
    server.app_owner_id = "77"
    async with listening(server, desk, tmp_path):
        await server.message(server.owner, "!pause")
        assert (await desk.heard()).text == "!pause"
        await server.join("666", server.person("stranger"))
        await server.message(server.owner, "!resume")
        assert (await desk.heard()).text == "!resume"


async def test_with_several_servers_and_none_of_its_own_it_asks_which(server, desk, tmp_path):
    server.guilds["666"] = server.person("stranger")
    server.app_owner_id = "77"
    async with listening(server, desk, tmp_path) as platform:
        assert await status_of(platform, "[discord] guild_id") == "connected"
        await server.message(server.owner, "!pause")
    async with listening(server, desk, tmp_path, guild_id=int(server.guild_id)):
        await server.message(server.owner, "!resume")
        assert (await desk.heard()).text == "!resume"


async def test_a_channel_that_is_not_there_is_a_status_with_its_fix(server, desk, tmp_path):
    here = [server.channel_id, "12345"]
    async with listening(server, desk, tmp_path, channel_ids=here) as platform:
        assert await status_of(platform, "sees no channel 12345") == "connected"
        assert "[discord] channel_ids" in platform.status().fix


async def test_a_bot_without_server_shows_the_way_in(server, desk, tmp_path):
    server.guilds.clear()
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Invite it: https://discord.com/oauth2/authorize?client_id=800")


@pytest.mark.parametrize("cut", ["abort", "reconnect"])
async def test_what_was_typed_during_a_cut_is_replayed_under_its_own_id(
    server, desk, tmp_path, cut
):
    vera = server.person("vera")
    async with listening(server, desk, tmp_path) as platform:
        await server.message(vera, "!gift rose")
        assert (await desk.heard()).text == "!gift rose"
        if cut == "abort":
            server.abort()
        else:
            await server.reconnect()
        missed = await server.message(vera, "!gift lion")
        call = await server.slash(vera, "gift", {"gift": "rose"})
        assert (await desk.heard()).id == f"discord:msg:{missed}"
        assert (await desk.invoked())[0].id == f"discord:int:{call.id}"
        await server.until(lambda: server.resumes == 1 and server.links and call.words)
        assert await status_of(platform, "Serves") == "connected"
        assert len(server.identifies) == 1


async def test_what_was_typed_while_a_session_was_lost_is_read_up(server, desk, tmp_path):
    vera = server.person("vera")
    async with listening(server, desk, tmp_path):
        await server.message(vera, "!gift rose")
        await desk.heard()
        await server.invalidate()
        missed = await server.message(vera, "!gift lion")
        heard = await desk.heard()
        assert (heard.id, heard.viewer.name) == (f"discord:msg:{missed}", "Vera")
        assert len(server.identifies) == 2


async def test_a_refused_token_is_a_status_with_its_fix(server, desk, tmp_path):
    async with running(server, desk, tmp_path, token="wrong") as platform:
        assert await status_of(platform, "refused the bot token") == "failed"
        fix = platform.status().fix
        with pytest.raises(TimeoutError):  # no second attempt: only a new token can help
            await server.until(lambda: server.requests["GET /api/v10/users/@me"] > 1, 0.1)
    assert "Bot → Reset Token" in fix
    assert "[discord] token" in fix
    assert "wrong" not in fix


async def test_a_token_reset_while_listening_is_a_status_too(server, desk, tmp_path):
    async with listening(server, desk, tmp_path) as platform:
        server.faults.refuse_token = True
        await server.invalidate()
        assert await status_of(platform, "refused the bot token") == "failed"


async def test_without_the_message_intent_slash_commands_go_on(server, desk, tmp_path):
    server.faults.refuse_content = True
    async with listening(server, desk, tmp_path) as platform:
        assert await status_of(platform, "Message Content Intent") == "connected"
        assert [bool(i["intents"] & 1 << 15) for i in server.identifies] == [True, False]
        await server.message(server.owner, "!gift rose")
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        assert (await desk.invoked())[1] == "gift"
        assert desk.is_unasked()


async def test_text_commands_can_be_left_out(server, desk, tmp_path):
    async with listening(server, desk, tmp_path, text_commands=False) as platform:
        assert await status_of(platform, "Serves") == "connected"
        assert server.identifies[0]["intents"] == 1 << 0 | 1 << 2 | 1 << 9 | 1 << 2 | 1 << 9


async def test_trouble_at_discord_passes(server, desk, tmp_path):
    server.faults.login_errors = 3
    async with listening(server, desk, tmp_path) as platform:
        assert await status_of(platform, "Serves") == "connected"
        assert server.requests["GET /api/v10/users/@me"] == 4


async def test_an_unreachable_discord_is_a_status_with_its_fix(server, desk, tmp_path):
    nowhere: dict[str, Any] = {"api_url": "http://127.0.0.1:9/api/v10"}
    async with running(server, desk, tmp_path, **nowhere) as platform:
        assert await status_of(platform, "internet connection") == "reconnecting"


async def test_an_unreachable_gateway_is_tried_again(server, desk, tmp_path):
    timing = {"patience_s": 0.1}
    nowhere: dict[str, Any] = {"gateway_url": "ws://127.0.0.1:9/", "timing": timing}
    async with running(server, desk, tmp_path, **nowhere) as platform:
        await server.until(lambda: server.requests["GET /api/v10/users/@me"] >= 2)
        assert await status_of(platform, "internet connection") == "reconnecting"


@pytest.mark.alone
@pytest.mark.parametrize(
    "moment", ["login", "connecting", "between", "listening", "deaf", "refused"]
)
async def test_cancelling_ends_everything_within_a_second(server, desk, tmp_path, moment):
    token = "wrong" if moment == "refused" else server.token
    server.faults.dead_gateway = moment == "deaf"
    server.faults.silent_gateway = moment == "connecting"
    platform = build(section(server, token=token), house(desk, tmp_path))
    assert platform.name == "discord"
    assert platform.status().state == "starting"
    task = asyncio.create_task(platform.run())
    if moment == "login":
        await server.until(lambda: server.requests["GET /api/v10/users/@me"])
    elif moment == "connecting":
        await server.until(lambda: server.connections)
    elif moment == "refused":
        await status_of(cast("DiscordPlatform", platform), "refused")
    else:
        await server.ready()
    if moment == "between":  # greeted, and waiting for the time to identify
        await server.invalidate()
        await server.until(lambda: server.connections == 2)
        async with asyncio.timeout(5):
            while not hearts():  # noqa: ASYNC110
                await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if is_of_the_platform(task)]
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1.0
    gc.collect()  # what was left open would warn now, and a warning is an error here
    assert not [task for task in asyncio.all_tasks() if is_of_the_platform(task)]
    for thread in hearts():
        thread.join(0.5)
        assert not thread.is_alive()


@pytest.mark.alone
async def test_a_client_that_will_not_close_is_cut_off():
    class Stuck(discord.Client):
        async def close(self) -> None:
            await asyncio.Event().wait()

    listening = asyncio.create_task(asyncio.Event().wait())
    async with asyncio.timeout(1):
        await shut(Stuck(intents=discord.Intents.none()), listening, within_s=0.05)
    assert listening.cancelled()


@pytest.mark.alone
async def test_work_under_way_is_stopped_in_time_too(server, desk, tmp_path):
    desk.open.clear()
    async with listening(server, desk, tmp_path):
        await server.message(server.owner, "!gift rose")
        await server.slash(server.owner, "gift", {"gift": "rose"})
        await desk.heard()  # the call of the same viewer waits its turn
        began = time.monotonic()
    assert time.monotonic() - began < 1.0


async def test_the_library_gets_its_own_addresses_back(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        assert server.api_url == discord.http.Route.BASE
    assert discord.http.Route.BASE == "https://discord.com/api/v10"
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == "wss://gateway.discord.gg/"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AttributeError("no socket"), "cannot be reached"),
        (discord.RateLimited(30.0), "slow down"),
        (discord.ClientException("odd"), "was lost"),
        (None, "was lost"),
    ],
)
def test_every_end_of_a_session_has_words(error, words):
    assert words in ending(error).status.cause


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "token: is missing; make a bot"),
        ({"token": ""}, "token: is missing; make a bot"),
        ({"token": "t", "guild_id": "mine"}, "guild_id: .*Copy ID"),
        ({"token": "t", "channel_ids": ["general"]}, "channel_ids: .*Copy ID"),
        ({"token": "t", "api_url": "discord.com"}, "api_url: .*remove the line"),
        ({"token": "t", "gateway_url": "https://x"}, "gateway_url: .*remove the line"),
        ({"token": "t", "guildid": "1"}, "guildid: there is no such setting; known are token"),
        ({"token": "t", "moderator_permissions": ["be_nice"]}, "moderator_permissions: .*names of"),
        ({"token": "t", "standing": {"1": "Sub!"}}, "standing: .*with a word for each"),
        ({"token": "t", "public_line": "often"}, "public_line: .*true or false"),
        ({"token": "t", "timing": {"defer_after_s": 9}}, r"timing.defer_after_s: .*number of"),
        ({"token": "t", "timing": {"defer_s": 1}}, r"timing.defer_s: .*; known are defer_after_s"),
        ({"token": "t", "timing": 5}, "timing: .*number of seconds"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_fix(settings, words):
    with pytest.raises(SettingsError, match=rf"\[discord\] {words}"):
        read(settings)


def test_settings_are_read_as_people_write_them():
    settings = read({"token": " t ", "guild_id": 12, "channel_ids": "1, 2", "creator_id": 3})
    assert settings.token.get_secret_value() == "t"
    assert (settings.guild_id, settings.channel_ids, settings.creator_id) == ("12", ("1", "2"), "3")
    for given in ("http://127.0.0.1:5/", "http://127.0.0.1:5/api", "http://127.0.0.1:5/api/v10/"):
        assert read({"token": "t", "api_url": given}).api_url == "http://127.0.0.1:5/api/v10"
    assert read({"token": "t", "moderator_role_ids": "4,5"}).moderator_role_ids == ("4", "5")
    assert read({"token": "t", "moderator_role_id": 4}).moderator_role_ids == ("4",)
    assert read({"token": "t", "standing": {"4": "vip"}}).standing == {"4": "vip"}
    assert "secret" not in repr(read({"token": "secret"}))


def test_every_setting_is_in_the_documents():
    text = (Path(__file__).parents[1] / "docs" / "discord.md").read_text("utf-8")
    for name in {*Settings.model_fields, *Timing.model_fields} - {"timing"}:
        assert f"`{name}`" in text, name


def test_every_limit_of_patience_has_a_default_that_discord_bears():
    timing = read({"token": "t"}).timing
    assert timing.defer_after_s == 1.5, "Discord waits three seconds for an answer"
    assert timing.question_s == 120, "a call can be answered for fifteen minutes"
    assert (timing.burst_s, timing.rewrite_s, timing.catch_up_s) == (30, 5, 600)
    assert (timing.identify_again_s, timing.retry_first_s, timing.retry_max_s) == (5, 2, 60)
    assert (timing.patience_s, timing.look_s, timing.close_s) == (90, 5, 0.4)

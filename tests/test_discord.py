"""The Discord platform, with unmodified discord.py, against a stand-in of Discord."""

import asyncio
import gc
import hashlib
import threading
import time
import warnings
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import SettingsError
from bot.platform import House
from commands.chat import ChatMessage, Chatter, Reply, Role
from commands.command import Argument, Command, Mention
from data.gifts import Gift
from tests.fakes.discord import DiscordStandIn, Person, command_faults
from tests.fakes.earning import RecordingEarner, RecordingShows

with warnings.catch_warnings():  # discord.py imports audioop, which Python 3.11 and 3.12 deprecate
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord

    from bot.platforms.discord import build
    from bot.platforms.discord.faults import ending
    from bot.platforms.discord.platform import DiscordPlatform
    from bot.platforms.discord.settings import read
    from bot.platforms.discord.shutdown import shut
    from bot.platforms.discord.timing import Timing

TIMING = Timing(identify_again_s=0.05, retry_first_s=0.01, look_s=0.05)
ROSE = Gift("rose", "Rose", 1, 1, "rose", "a rose")
GALAXY = Gift("galaxy", "Galaxy", 1_000, 5, "galaxy", "a galaxy")


async def carry_out(_: object) -> Reply:
    raise AssertionError("the desk is a recording one")


COMMANDS = (
    Command(
        "gift",
        "Send a gift to the stream.",
        carry_out,
        (
            Argument("message", "text", "A few words", required=False),
            Argument("gift", "gift", "Which gift"),
            Argument("count", "count", "How many", required=False),
            Argument("to", "person", "For whom", required=False),
        ),
    ),
    Command(
        "grant",
        "Give somebody coins. " * 10,
        carry_out,
        (Argument("viewer", "person", "Who"), Argument("coins", "amount", "How many")),
        role=Role.MODERATOR,
    ),
    Command(
        "alerts",
        "Pause or resume alerts.",
        carry_out,
        (Argument("what", "choice", "What to do", choices=("pause", "resume")),),
        role=Role.CREATOR,
    ),
)


class RecordingDesk:
    """Keeps what it is asked and answers as told."""

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        self.commands = commands
        self.reply: Reply | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._heard: asyncio.Queue[ChatMessage] = asyncio.Queue()
        self._invoked: asyncio.Queue[tuple[ChatMessage, str, Mapping[str, object]]] = (
            asyncio.Queue()
        )

    async def hear(self, message: ChatMessage) -> Reply | None:
        self._heard.put_nowait(message)
        await self.open.wait()
        return self.reply

    async def invoke(self, message: ChatMessage, name: str, values: Mapping[str, object]) -> Reply:
        self._invoked.put_nowait((message, name, values))
        await self.open.wait()
        return self.reply or Reply(f"{name} *done*")

    async def gone(self, *_: object) -> Reply:
        raise RuntimeError("the desk is gone")

    def suggest_gifts(self, _stage: str, typed: str) -> Sequence[Gift]:
        return [gift for gift in (ROSE, GALAXY) if gift.id.startswith(typed)]

    async def heard(self) -> ChatMessage:
        return await asyncio.wait_for(self._heard.get(), 5)

    async def invoked(self) -> tuple[ChatMessage, str, Mapping[str, object]]:
        return await asyncio.wait_for(self._invoked.get(), 5)

    def is_unasked(self) -> bool:
        return self._heard.empty() and self._invoked.empty()


@pytest.fixture
async def server() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def desk() -> RecordingDesk:
    return RecordingDesk()


def house(desk: RecordingDesk, data_dir: Path) -> House:
    return House(
        cast("Any", desk),
        "main",
        data_dir,
        lambda: 1_700_000_000_000,
        earner=cast("Any", RecordingEarner()),
        shows=cast("Any", RecordingShows()),
    )


def section(server: DiscordStandIn, **settings: object) -> dict[str, object]:
    addresses = {"api_url": server.api_url, "gateway_url": server.gateway_url}
    return {"token": server.token, **addresses, **settings}


def said(server: DiscordStandIn) -> int:
    return sum(sent["content"].count("sent a rose.") for sent in server.sent)


def is_of_the_platform(task: asyncio.Task[Any]) -> bool:
    file = cast("Any", task.get_coro()).cr_code.co_filename
    return "/site-packages/discord/" in file or "/bot/" in file


@asynccontextmanager
async def running(
    server: DiscordStandIn,
    desk: RecordingDesk,
    data_dir: Path,
    timing: Timing = TIMING,
    **settings: Any,
) -> AsyncIterator[DiscordPlatform]:
    platform = DiscordPlatform(read(section(server, **settings)), house(desk, data_dir), timing)
    task = asyncio.create_task(platform.run())
    try:
        yield platform
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def listening(
    server: DiscordStandIn, desk: RecordingDesk, data_dir: Path, **settings: Any
) -> AsyncIterator[DiscordPlatform]:
    async with running(server, desk, data_dir, **settings) as platform:
        await server.ready()
        yield platform


async def status_of(platform: DiscordPlatform, words: str) -> str:
    """Waits until the platform's status holds these words; gives its state."""
    async with asyncio.timeout(5):
        while words not in platform.status().cause + platform.status().fix:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return platform.status().state


async def test_a_typed_command_reaches_the_desk_once(server, desk, tmp_path):
    vera = server.person("vera", nick="Vera ✿")
    async with listening(server, desk, tmp_path):
        first = await server.message(vera, "!gift rose 5")
        second = await server.message(vera, "hello")
        assert await desk.heard() == ChatMessage(
            id=f"discord:msg:{first}",
            stage="main",
            platform="discord",
            channel=server.channel_id,
            viewer=Chatter(vera.id, "Vera ✿", Role.VIEWER),
            text="!gift rose 5",
            at=1_700_000_000_000,
        )
        assert (await desk.heard()).id == f"discord:msg:{second}"
        assert desk.is_unasked()


async def test_ranks_come_with_the_message(server, desk, tmp_path):
    mo = server.person("mo", server.moderator_role_id)
    vip = server.person("vip", server.plain_role_id)
    people = [server.owner, mo, vip, server.person("vera"), server.person("cora")]
    ids = {"moderator_role_id": server.plain_role_id, "creator_id": people[-1].id}
    async with listening(server, desk, tmp_path, **ids):
        for person in people:
            await server.message(person, "!balance")
        roles = [(await desk.heard()).viewer.role for _ in people]
    assert roles == [Role.CREATOR, Role.MODERATOR, Role.MODERATOR, Role.VIEWER, Role.CREATOR]


async def test_mentioned_people_come_with_the_message(server, desk, tmp_path):
    vera, mo = server.person("vera"), server.person("mo", server.moderator_role_id)
    async with listening(server, desk, tmp_path):
        await server.message(vera, f"!give <@{mo.id}> 5")
        mentions = (await desk.heard()).mentions
    chatter = Chatter(mo.id, "Mo", Role.MODERATOR)
    assert mentions == {f"<@{mo.id}>": chatter, f"<@!{mo.id}>": chatter}


async def test_bots_webhooks_and_notices_are_not_heard(server, desk, tmp_path):
    vera, other_bot = server.person("vera"), server.person("beep", bot=True)
    ourselves = Person(server.bot_id, "gifts", bot=True)
    async with listening(server, desk, tmp_path):
        await server.message(ourselves, "!gift rose")
        await server.message(other_bot, "!gift rose")
        await server.message(vera, "!gift rose", webhook=True)
        await server.message(vera, "!gift rose", type=18)  # the name of a new thread
        real = await server.message(vera, "!gift rose", type=19)  # a reply
        await server.edit(real, "!gift galaxy")
        await server.delete(real)
        last = await server.message(vera, "!balance")
        assert (await desk.heard()).id == f"discord:msg:{real}"
        assert (await desk.heard()).id == f"discord:msg:{last}"
        assert desk.is_unasked()


async def test_only_the_named_channels_are_heard(server, desk, tmp_path):
    vera = server.person("vera")
    async with listening(server, desk, tmp_path, channel_ids=[server.other_channel_id]):
        await server.message(vera, "!gift rose")
        await server.message(vera, "!gift lion", channel_id=server.other_channel_id)
        assert (await desk.heard()).text == "!gift lion"


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


async def test_a_bot_without_server_shows_the_way_in(server, desk, tmp_path):
    server.guilds.clear()
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Invite it: https://discord.com/oauth2/authorize?client_id=800")


async def test_a_slash_gift_is_chosen_typed_and_answered_to_its_asker(server, desk, tmp_path):
    vera, mo = server.person("vera"), server.person("mo")
    async with listening(server, desk, tmp_path):
        typing = await server.autocomplete(vera, "gift", "gift", "ga")
        assert await server.until(lambda: typing.choices) == [
            {"name": "Galaxy · 1,000 coins", "value": "galaxy"}
        ]
        options = {"gift": "rose", "count": 5, "to": mo.id, "message": "great play!"}
        call = await server.slash(vera, "gift", options)
        message, name, values = await desk.invoked()
        assert message.id == f"discord:int:{call.id}"
        assert message.viewer == Chatter(vera.id, "Vera", Role.VIEWER)
        assert message.channel == server.channel_id
        assert name == "gift"
        assert values == {**options, "to": Mention("Mo", mo.id)}
        await server.until(lambda: call.words)
        [answer] = call.answers
    assert answer["type"] == 4
    assert answer["data"]["flags"] & 1 << 6, "for the asker alone"
    assert answer["data"]["content"] == r"gift \*done\*"
    assert answer["data"]["allowed_mentions"] == {"parse": []}


async def test_absent_options_are_absent(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        await server.slash(server.owner, "gift", {"gift": "rose"})
        assert (await desk.invoked())[2] == {"gift": "rose"}


async def test_the_role_reaches_the_desk_when_a_server_lifts_the_hint(server, desk, tmp_path):
    vera, mo = server.person("vera"), server.person("mo", server.moderator_role_id)
    async with listening(server, desk, tmp_path):
        with pytest.raises(AssertionError, match="hides /grant from vera"):
            await server.slash(vera, "grant", {"viewer": mo.id, "coins": 5})
        await server.slash(vera, "grant", {"viewer": mo.id, "coins": 5}, hint_lifted=True)
        assert (await desk.invoked())[0].viewer.role is Role.VIEWER
        await server.slash(mo, "grant", {"viewer": vera.id, "coins": 5})
        assert (await desk.invoked())[0].viewer.role is Role.MODERATOR
        await server.slash(server.owner, "alerts", {"what": "pause"})
        assert (await desk.invoked())[0].viewer.role is Role.CREATOR


async def test_a_slow_desk_is_announced_and_followed_up(server, desk, tmp_path):
    desk.open.clear()
    async with listening(server, desk, tmp_path, timing=Timing(defer_after_s=0.05)):
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.answers)
        assert call.answers[0]["type"] == 5
        desk.open.set()
        await server.until(lambda: call.followups)
    assert call.words == [r"gift \*done\*"]
    assert call.followups[0]["flags"] & 1 << 6


async def test_a_command_that_is_gone_is_answered_and_the_list_sent_anew(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        server.commands.append(server.commands[0] | {"name": "old"})
        call = await server.slash(server.owner, "old", {"gift": "rose"})
        await server.until(lambda: call.words)
        assert call.words == ["This command has changed. Wait a minute and try again."]
    async with listening(server, desk, tmp_path):
        assert server.registrations == 2


async def test_a_desk_that_breaks_is_answered_for(server, desk, tmp_path):
    desk.invoke = desk.gone
    async with listening(server, desk, tmp_path):
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        assert call.words == ["That did not work. Look at /balance before you try again."]


async def test_a_desk_too_late_for_discord_breaks_nothing(server, desk, tmp_path):
    server.answer_within_s = -1.0
    async with listening(server, desk, tmp_path):
        await server.slash(server.owner, "gift", {"gift": "rose"})
        await desk.invoked()
        await server.until(lambda: server.requests[f"POST {CALLBACK}"])
        server.answer_within_s = 3.0
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)


CALLBACK = "/api/v10/interactions/{id}/{token}/callback"


async def test_a_call_sent_twice_has_one_id_and_one_answer(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        await server.replay(call)
        first, second = await desk.invoked(), await desk.invoked()
        assert first[0] == second[0]
        await server.until(lambda: server.requests[f"POST {CALLBACK}"] == 2)
        assert len(call.answers) == 1


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


async def test_a_reply_pings_nobody_and_carries_a_nonce(server, desk, tmp_path):
    vera = server.person("vera", nick="@everyone **V**")
    desk.reply = Reply("sent a rose.")
    async with listening(server, desk, tmp_path):
        await server.message(vera, "!gift rose")
        [sent] = await server.until(lambda: server.sent)
    assert sent["content"] == r"@@everyone \*\*V\*\* sent a rose."
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["enforce_nonce"] is True
    assert 0 < len(sent["nonce"]) <= 25
    assert sent["flags"] == 1 << 2, "links in names unfold nothing"


async def test_a_refusal_answers_its_line_and_a_repeat_stays_unsaid(server, desk, tmp_path):
    vera = server.person("vera")
    async with listening(server, desk, tmp_path):
        desk.reply = Reply("You have 3 coins.", ok=False, quiet=True)
        await server.message(vera, "!gift lion")
        await desk.heard()
        desk.reply = Reply("You have 4 coins.", ok=False)
        told = await server.message(vera, "!gift lion")
        [sent] = await server.until(lambda: server.sent)
    assert sent["content"] == "You have 4 coins."
    assert sent["nonce"] == hashlib.sha256(told.encode()).hexdigest()[:25]
    assert sent["message_reference"]["message_id"] in {told, int(told)}


async def test_a_viewer_is_told_where_they_were_last_heard(server, desk, tmp_path):
    vera, mo = server.person("vera"), server.person("mo")
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Serves")
        await platform.tell(Chatter(vera.id, "Vera"), "nobody was heard yet")
        await server.message(vera, "!gift rose", channel_id=server.other_channel_id)
        await desk.heard()
        await server.slash(mo, "gift", {"gift": "rose"})
        await desk.invoked()
        for person, name in ((vera, "Vera"), (mo, "Mo"), (server.owner, "Olga")):
            await platform.tell(Chatter(person.id, name), "your gift came back.")
        await server.until(lambda: len(server.sent) == 3)
    told = {sent["content"]: sent["channel_id"] for sent in server.sent}
    assert told == {
        "@Vera your gift came back.": server.other_channel_id,
        "@Mo your gift came back.": server.channel_id,
        "@Olga your gift came back.": server.channel_id,
    }


async def test_a_reply_whose_confirmation_was_lost_is_shown_once(server, desk, tmp_path):
    server.faults.lost_answers = 1  # discord.py sends it again after a second
    desk.reply = Reply("sent a rose.")
    post = "POST /api/v10/channels/{channel}/messages"
    async with listening(server, desk, tmp_path):
        await server.message(server.owner, "!gift rose")
        await server.until(lambda: server.requests[post] == 2)
        assert len(server.sent) == 1


async def test_sending_does_not_keep_from_hearing(server, desk, tmp_path):
    server.faults.hold_posts = asyncio.Event()
    server.faults.throttled = 1
    desk.reply = Reply("sent a rose.")
    async with listening(server, desk, tmp_path):
        for _ in range(30):
            await server.message(server.owner, "!gift rose")
        ids = {(await desk.heard()).id for _ in range(30)}
        assert len(ids) == 30
        assert not server.sent
        server.faults.hold_posts.set()
        told = await server.until(lambda: said(server) == 30 and server.sent)
    assert len(told) <= 3, "what waited is merged"


async def test_commands_are_registered_once_and_again_when_they_change(server, desk, tmp_path):
    for registrations, declared in ((1, COMMANDS), (1, COMMANDS), (2, COMMANDS[:2])):
        async with listening(server, RecordingDesk(declared), tmp_path):
            assert server.registrations == registrations
            assert [command["name"] for command in server.commands] == [c.name for c in declared]
    assert [file.name for file in tmp_path.iterdir()] == ["discord-commands.json"]


async def test_options_have_their_types_and_bounds(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        gift, grant, alerts = server.commands
    assert [option["name"] for option in gift["options"]] == ["gift", "message", "count", "to"]
    options = {option["name"]: option for option in gift["options"]}
    assert (options["gift"]["type"], options["gift"]["autocomplete"]) == (3, True)
    assert (options["count"]["min_value"], options["count"]["max_value"]) == (1, 99_999)
    assert options["message"]["max_length"] == 300
    assert options["to"]["type"] == 6
    assert grant["options"][1]["max_value"] == 1_000_000_000
    assert int(grant["default_member_permissions"]) == 1 << 40
    assert gift["default_member_permissions"] is None
    assert len(grant["description"]) == 100
    assert [choice["value"] for choice in alerts["options"][0]["choices"]] == ["pause", "resume"]
    assert gift["contexts"] == [0], "in servers only"
    assert not command_faults(server.commands)


async def test_refused_commands_do_not_keep_the_bot_out(server, desk, tmp_path):
    server.faults.refuse_commands = True
    async with listening(server, desk, tmp_path) as platform:
        assert await status_of(platform, "list of slash commands") == "connected"
        await server.message(server.owner, "!gift rose")
        await desk.heard()
        assert not list(tmp_path.iterdir())


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
        assert server.identifies[0]["intents"] == 1 << 0


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
    timing = Timing(patience_s=0.1, look_s=0.05, retry_first_s=0.01)
    nowhere: dict[str, Any] = {"gateway_url": "ws://127.0.0.1:9/", "timing": timing}
    async with running(server, desk, tmp_path, **nowhere) as platform:
        await server.until(lambda: server.requests["GET /api/v10/users/@me"] >= 2)
        assert await status_of(platform, "internet connection") == "reconnecting"


@pytest.mark.parametrize("moment", ["login", "connecting", "listening", "deaf", "refused"])
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
    assert [task for task in asyncio.all_tasks() if is_of_the_platform(task)]
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1.0
    gc.collect()  # what was left open would warn now, and a warning is an error here
    assert not [task for task in asyncio.all_tasks() if is_of_the_platform(task)]
    for thread in threading.enumerate():
        if thread.name.startswith("keep-alive-handler"):
            thread.join(0.5)
            assert not thread.is_alive()


async def test_a_client_that_will_not_close_is_cut_off():
    class Stuck(discord.Client):
        async def close(self) -> None:
            await asyncio.Event().wait()

    listening = asyncio.create_task(asyncio.Event().wait())
    async with asyncio.timeout(1):
        await shut(Stuck(intents=discord.Intents.none()), listening, within_s=0.05)
    assert listening.cancelled()


async def test_work_under_way_is_stopped_in_time_too(server, desk, tmp_path):
    desk.open.clear()
    async with listening(server, desk, tmp_path):
        await server.message(server.owner, "!gift rose")
        await server.slash(server.owner, "gift", {"gift": "rose"})
        await desk.heard()
        await desk.invoked()
        began = time.monotonic()
    assert time.monotonic() - began < 1.0


async def test_the_library_gets_its_own_addresses_back(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        assert server.api_url == discord.http.Route.BASE
    assert discord.http.Route.BASE == "https://discord.com/api/v10"
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == "wss://gateway.discord.gg/"


async def test_a_moderator_can_name_somebody_not_yet_seen(server, desk, tmp_path):
    vera = server.person("vera", nick="Queen")
    server.person("veranda")
    server.person("twin"), server.person("other", nick="twin")
    server.person("beep", bot=True)
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Serves")
        assert await platform.find("@Vera") == Chatter(vera.id, "Queen")
        assert await platform.find("queen") == Chatter(vera.id, "Queen")
        for unknown in ("ver", "twin", "beep", "nobody", "", "@"):
            assert await platform.find(unknown) is None
        server.faults.refuse_search = True
        assert await platform.find("vera") is None


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
    assert "secret" not in repr(read({"token": "secret"}))

"""Discord: what moderators do there means something here."""

import asyncio
import time
from datetime import UTC, datetime
from typing import cast

import pytest

from tests import discord_bench
from tests.discord_bench import NOW_MS, coins_of, enrich, listening, person_of, recorded, status_of
from tests.fakes.discord import DiscordStandIn
from tests.fakes.rulings import RecordingRulings

server, desk = discord_bench.server, discord_bench.desk

AUDIT_LOG = "GET /api/v10/guilds/{guild}/audit-logs"
_UNTIL = "2027-01-15T13:00:00+00:00"
_UNTIL_MS = int(datetime.fromisoformat(_UNTIL).timestamp() * 1000)


@pytest.fixture
def rulings() -> RecordingRulings:
    return RecordingRulings()


async def told(rulings: RecordingRulings, count: int = 1) -> list[tuple[object, ...]]:
    async with asyncio.timeout(5):
        while len(rulings.notices) < count:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return rulings.notices


async def test_a_ban_and_its_end_are_passed_on(server, desk, tmp_path, rulings):
    troll = server.person("troll")
    async with listening(server, desk, tmp_path, parts={"rulings": rulings}):
        await server.ban(troll)
        await server.ban(troll, lifted=True)
        assert await told(rulings, 2) == [
            ("banned", "main", "discord", troll.id, NOW_MS, None),
            ("unbanned", "main", "discord", troll.id, NOW_MS),
        ]


async def test_a_time_out_is_read_in_the_audit_log(server, desk, tmp_path, rulings):
    """The list of members, which would tell it too, needs an intent that Discord has to grant."""
    troll = server.person("troll")
    async with listening(server, desk, tmp_path, parts={"rulings": rulings}):
        await server.log(24, troll, {"key": "nick", "new_value": "angel"})
        await server.time_out(troll, _UNTIL)
        await server.time_out(troll, None)
        first, second = await told(rulings, 2)
    assert (*first[:4], first[5]) == ("banned", "main", "discord", troll.id, _UNTIL_MS)
    assert second[:4] == ("unbanned", "main", "discord", troll.id)
    for notice in (first, second):
        age_ms = datetime.now(UTC).timestamp() * 1000 - cast("int", notice[4])
        assert 0 <= age_ms < 60_000, "when the moderator did it"


async def test_deleted_messages_are_passed_on(server, desk, tmp_path, rulings):
    vera = server.person("vera")
    async with listening(server, desk, tmp_path, parts={"rulings": rulings}):
        ids = [await server.message(vera, f"!gift rose {n}") for n in "123"]
        await server.delete(ids[0])
        await server.delete_many(*ids[1:])
        assert await told(rulings, 3) == [
            ("deleted", "main", f"discord:msg:{message_id}") for message_id in ids
        ]


async def test_what_happens_on_another_server_has_no_say(server, desk, tmp_path, rulings):
    server.guilds["666"] = server.person("stranger")
    troll, vera = server.person("troll"), server.person("vera")
    async with listening(server, desk, tmp_path, parts={"rulings": rulings}):
        await server.ban(troll, guild_id="666")
        await server.ban(troll, guild_id="666", lifted=True)
        await server.time_out(troll, _UNTIL, guild_id="666")
        await server.ban(vera)
        assert await told(rulings) == [("banned", "main", "discord", vera.id, NOW_MS, None)]


async def test_what_moderators_did_while_nobody_listened_is_read_up(
    server, desk, tmp_path, rulings
):
    troll, vera, mo = server.person("troll"), server.person("vera"), server.person("mo")
    now = lambda: time.time_ns() // 1_000_000 - 10  # noqa: E731 - a clock a little late
    parts = {"rulings": rulings, "now": now}
    async with listening(server, desk, tmp_path, parts=parts) as platform:
        await status_of(platform, "Serves")
        await server.message(vera, "hello")
        await desk.heard()
    assert not server.requests[AUDIT_LOG], "there was no time before"
    await server.ban(troll)
    await server.time_out(mo, _UNTIL)
    await server.log(24, mo, {"key": "nick", "new_value": "angel"})
    await server.ban(troll, lifted=True)
    async with listening(server, desk, tmp_path, parts=parts):
        notices = await told(rulings, 3)
    assert [(notice[0], notice[3]) for notice in notices] == [
        ("banned", troll.id),
        ("banned", mo.id),
        ("unbanned", troll.id),
    ]


async def test_an_audit_log_that_may_not_be_read_is_left(server, desk, tmp_path, rulings):
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Serves")
    server.faults.refuse_audit_log = True
    async with listening(server, desk, tmp_path, parts={"rulings": rulings}):
        await server.until(lambda: server.requests[AUDIT_LOG])
        await server.message(server.owner, "hello")
        await desk.heard()


async def test_whoever_is_banned_on_discord_gets_their_gifts_back_and_gives_no_more(
    server: DiscordStandIn, screened, tmp_path
):
    troll = server.person("troll")
    await enrich(screened, troll, 100)
    parts = {"rulings": screened.rulings, "now": screened.clock.now}
    async with listening(server, screened.desk, tmp_path, parts=parts):
        call = await server.slash(troll, "gift", {"gift": "panda"})
        await server.until(lambda: call.words)
        assert await coins_of(screened, troll) == 95
        await server.ban(troll)
        await recorded(screened, "bar")
        await screened.pass_s(1)
        await screened.pass_s(6)
        call = await server.slash(troll, "gift", {"gift": "panda"})
        await server.until(lambda: call.words)
        assert call.words[0].startswith("You are banned on Discord")
        await server.ban(troll, lifted=True)
        await recorded(screened, "unbar")
        call = await server.slash(troll, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
    assert await coins_of(screened, troll) == 99
    [back] = await screened.records("return")
    assert back.facts["cause"] == "banned"
    assert back.subject == await person_of(screened, troll)


async def test_the_text_of_a_deleted_message_is_struck_and_its_gift_stays(
    server, screened, tmp_path
):
    vera = server.person("vera")
    await enrich(screened, vera, 100)
    parts = {"rulings": screened.rulings}
    async with listening(server, screened.desk, tmp_path, parts=parts):
        message_id = await server.message(vera, "!gift rose 5 rude words")
        await recorded(screened, "gift")
        await server.delete(message_id)
        await recorded(screened, "strike")
    [gift] = await screened.records("gift")
    assert "message" not in gift.aside
    assert await coins_of(screened, vera) == 95

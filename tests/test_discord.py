"""Discord: what is typed there, who typed it, and what is said in return."""

import asyncio
import hashlib

import pytest

from commands.chat import ChatMessage, Chatter, Reply, Role
from tests import discord_bench
from tests.discord_bench import NOW_MS, listening, status_of
from tests.fakes.discord import DiscordStandIn, Person

server, desk = discord_bench.server, discord_bench.desk


def said(server: DiscordStandIn) -> int:
    return sum(sent["content"].count("sent a rose.") for sent in server.sent)


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
            at=NOW_MS,
        )
        assert (await desk.heard()).id == f"discord:msg:{second}"
        assert desk.is_unasked()


@pytest.mark.parametrize(
    ("settings", "moderators"),
    [
        ({}, {"mo"}),
        ({"moderator_role_ids": ["521"]}, {"mo", "vip"}),
        ({"moderator_role_ids": ["521"], "moderator_permissions": []}, {"vip"}),
        ({"moderator_permissions": ["manage_guild"]}, set()),
        ({"moderator_permissions": ["manage_guild", "moderate_members"]}, {"mo"}),
    ],
)
async def test_ranks_come_with_the_message(server, desk, tmp_path, settings, moderators):
    assert server.plain_role_id == "521"
    mo = server.person("mo", server.moderator_role_id)
    vip = server.person("vip", server.plain_role_id)
    people = [server.owner, mo, vip, server.person("vera"), server.person("cora")]
    async with listening(server, desk, tmp_path, **settings, creator_id=people[-1].id):
        roles = {}
        for person in people:
            await server.message(person, "!balance")
            roles[person.name] = (await desk.heard()).viewer.role
            await server.slash(person, "gift", {"gift": "rose"})
            assert (await desk.invoked())[0].viewer.role is roles[person.name]
    wanted = dict.fromkeys(moderators, Role.MODERATOR)
    assert roles == {"olga": Role.CREATOR, "cora": Role.CREATOR, "mo": Role.VIEWER,
                     "vip": Role.VIEWER, "vera": Role.VIEWER, **wanted}  # fmt: skip


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


async def test_avatars_that_people_have_set_are_found(server, desk, tmp_path):
    """Under the address at which Discord serves pictures; whoever is gone has none."""
    vera = server.person("vera", avatar="0123456789abcdef0123456789abcdef")
    plain, moving = server.person("plain"), server.person("moving", avatar="a_" + 32 * "f")
    async with listening(server, desk, tmp_path) as platform:
        await status_of(platform, "Serves")
        found = await platform.portraits([vera.id, plain.id, moving.id, "404"])
    assert found == {
        person.id: f"https://cdn.discordapp.com/avatars/{person.id}/{person.avatar}.png?size=128"
        for person in (vera, moving)
    }
    assert await platform.portraits([vera.id]) == {}


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

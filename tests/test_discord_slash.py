"""Discord: slash commands, their registration and their answers."""

import pytest

from bot.platforms.discord import client as discord_client
from bot.platforms.discord.buttons import QUESTIONS
from bot.platforms.discord.wording import shipped
from commands.chat import Chatter, Role
from commands.command import Mention
from commands.desk import discover
from tests import discord_bench
from tests.discord_bench import COMMANDS, RecordingDesk, enrich, listening, status_of
from tests.fakes.discord import command_faults

CALLBACK = "/api/v10/interactions/{id}/{token}/callback"
server, desk = discord_bench.server, discord_bench.desk


async def test_a_slash_gift_is_chosen_typed_and_answered_to_its_asker(server, desk, tmp_path):
    vera, mo = server.person("vera"), server.person("mo", nick="Mo\u202e\u3164")
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
    async with listening(server, desk, tmp_path, timing={"defer_after_s": 0.05}):
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


async def test_a_call_sent_twice_has_one_id_and_one_answer(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        call = await server.slash(server.owner, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        await server.replay(call)
        first, second = await desk.invoked(), await desk.invoked()
        assert first[0] == second[0]
        await server.until(lambda: server.requests[f"POST {CALLBACK}"] == 2)
        assert len(call.answers) == 1


async def test_commands_are_registered_once_and_again_when_they_change(server, desk, tmp_path):
    for registrations, declared in ((1, COMMANDS), (1, COMMANDS), (2, COMMANDS[:2])):
        async with listening(server, RecordingDesk(declared), tmp_path):
            assert server.registrations == registrations
            names = [command["name"] for command in server.commands]
            assert names == [*(command.name for command in declared), "giftmenu"]
    files = {file.name for file in tmp_path.iterdir()}
    assert files == {"discord-commands.json", "discord-heard.json"}


async def test_options_have_their_types_and_bounds(server, desk, tmp_path):
    async with listening(server, desk, tmp_path):
        gift, grant, alerts, _ = server.commands
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
        assert not (tmp_path / "discord-commands.json").exists(), "they are sent again next time"


LOCALES = {"de", "fr", "es-ES", "pt-BR", "ja"}
EVERYBODYS = {
    "gift", "balance", "gifts", "top", "give", "history", "daily", "link", "unlink", "whois", "help"
}  # fmt: skip


async def test_the_real_commands_keep_to_discords_rules_in_every_language(server, house, tmp_path):
    async with listening(server, house.desk, tmp_path):
        commands = {command["name"]: command for command in server.commands}
    assert command_faults(server.commands) == []
    assert commands.keys() == {*(command.name for command in house.desk.commands), "giftmenu"}
    for name in EVERYBODYS:
        assert commands[name]["name_localizations"].keys() == LOCALES
        assert commands[name]["description_localizations"].keys() == LOCALES
        for option in commands[name]["options"]:
            assert option["description_localizations"].keys() == LOCALES, (name, option["name"])
    gift = commands["gift"]
    assert gift["name_localizations"]["de"] == "geschenk"
    assert gift["options"][0]["description_localizations"]["ja"] == "どのギフト"
    assert commands["top"]["options"][0]["choices"][0]["name_localizations"]["fr"] == "aujourd’hui"
    assert commands["refund"]["name_localizations"] == {}


def test_no_two_commands_have_one_name_in_a_language():
    for words in shipped().values():
        names = [entry["name"] for entry in words["commands"].values()]
        assert len(set(names)) == len(names)


def test_nothing_is_worded_that_does_not_exist():
    declared = {command.name: command for command in discover()}
    answerable = {name for _, name in QUESTIONS}
    assert all(not any(a.required for a in declared[name].arguments) for name in answerable)
    for words in shipped().values():
        for name, entry in words["commands"].items():
            arguments = {argument.name for argument in declared[name].arguments}
            assert entry.get("options", {}).keys() <= arguments, name
        choices = {c for command in declared.values() for a in command.arguments for c in a.choices}
        assert words["choices"].keys() <= choices


async def test_new_wording_is_told_to_discord(server, desk, tmp_path, monkeypatch):
    async with listening(server, desk, tmp_path):
        assert server.commands[0]["name_localizations"]["de"] == "geschenk"
    words = shipped()
    words["de"]["commands"]["gift"]["name"] = "gabe"
    monkeypatch.setattr(discord_client, "shipped", lambda: words)
    async with listening(server, desk, tmp_path):
        assert server.registrations == 2
        assert server.commands[0]["name_localizations"]["de"] == "gabe"


@pytest.mark.parametrize(
    ("settings", "hints"),
    [
        ({}, (1 << 40, 1 << 5)),
        ({"moderator_permissions": ["kick_members"]}, (1 << 1, 1 << 5)),
        ({"moderator_permissions": "kick_members, ban_members"}, (None, 1 << 5)),
        ({"moderator_role_ids": ["521"]}, (None, 1 << 5)),
        ({"creator_id": "7"}, (1 << 40, None)),
    ],
)
async def test_commands_are_shown_to_those_whom_they_are_for(
    server, desk, tmp_path, settings, hints
):
    """A hint names permissions, all of which are needed; roles it cannot name."""
    async with listening(server, desk, tmp_path, **settings):
        given = {c["name"]: c["default_member_permissions"] for c in server.commands}
    told = {name: hint and int(hint) for name, hint in given.items()}
    grant, alerts = hints
    assert told == {"gift": None, "grant": grant, "alerts": alerts, "giftmenu": grant}


async def test_moderators_are_offered_what_they_may_mean_and_viewers_are_not(
    server, house, tmp_path
):
    vera, mo = server.person("vera"), server.person("mo", server.moderator_role_id)
    await enrich(house, vera, 100)
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose", "count": 5})
        await server.until(lambda: call.words)
        [gift] = await house.records("gift")
        typing = await server.autocomplete(mo, "refund", "gift", "ro")
        [offered] = await server.until(lambda: typing.choices)
        assert offered == {"name": f"Rose ×5 · Vera · {gift.gift_id}", "value": gift.gift_id}
        typing = await server.autocomplete(vera, "refund", "gift", "ro")
        await server.until(lambda: typing.answers)
        assert typing.choices == []
        helped = await server.autocomplete(vera, "help", "command", "bal")
        assert [c["value"] for c in await server.until(lambda: helped.choices)] == ["balance"]
        refunded = await server.slash(mo, "refund", {"gift": gift.gift_id, "reason": "mistake"})
        await server.until(lambda: refunded.words)
        assert refunded.words[0].startswith("5 × Rose taken back")
        denied = await server.slash(vera, "refund", {"gift": gift.gift_id}, hint_lifted=True)
        await server.until(lambda: denied.words)
        assert denied.words == ["That is for moderators."]

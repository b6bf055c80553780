"""The Twitch platform hears, answers and finds, with unmodified twitchio, against a stand-in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.platforms.twitch import build
from bot.platforms.twitch.addresses import addressed
from bot.platforms.twitch.settings import read
from bot.platforms.twitch.speech import paces
from commands.chat import ChatMessage, Chatter, Reply, Role
from tests.channel import NOW_MS, RecordingDesk, house_of, make, running, section, until, with_bot
from tests.fakes.twitch import TwitchStandIn

# Hearing


async def test_a_typed_command_arrives_once_with_who_and_what(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann, bob = twitch.user("ann", "Ann"), twitch.user("bob", "Bob")
    async with with_bot(twitch, desk, tmp_path):
        message_id = await twitch.chat(ann, "!give @Bob 5")
        message = await desk.next()
        await twitch.chat(bob, "last")
        assert (await desk.next()).text == "last"
    assert len(desk.heard) == 2
    assert message == ChatMessage(
        id=f"twitch:chat:{message_id}",
        stage="main",
        platform="twitch",
        channel=twitch.streamer.id,
        viewer=Chatter(ann.id, "Ann", Role.VIEWER),
        text="!give @Bob 5",
        at=NOW_MS,
        mentions={"@bob": Chatter(bob.id, "Bob")},
    )


async def test_a_message_delivered_again_is_heard_once(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    """The library hands it on each time."""
    async with with_bot(twitch, desk, tmp_path):
        message_id = await twitch.chat(twitch.user("ann"), "!gift rose")
        for _ in range(4):
            await twitch.redeliver(message_id)
        await twitch.chat(twitch.user("bob"), "last")
        heard = [await desk.next() for _ in range(2)]
    assert [message.text for message in heard] == ["!gift rose", "last"]
    assert heard[0].id == f"twitch:chat:{message_id}"  # after a restart the journal knows it


@pytest.mark.parametrize(
    ("badges", "role"),
    [
        ((), Role.VIEWER),
        (("subscriber", "vip"), Role.VIEWER),
        (("moderator",), Role.MODERATOR),
        (("subscriber", "lead_moderator"), Role.MODERATOR),
        (("broadcaster",), Role.CREATOR),
    ],
)
async def test_rights_come_with_the_badges(
    twitch: TwitchStandIn,
    desk: RecordingDesk,
    tmp_path: Path,
    badges: tuple[str, ...],
    role: Role,
) -> None:
    who = twitch.streamer if "broadcaster" in badges else twitch.user("ann")
    async with with_bot(twitch, desk, tmp_path):
        await twitch.chat(who, "!alerts pause", badges=badges)
        assert (await desk.next()).viewer.role == role


async def test_the_bot_does_not_hear_itself(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path):
        await twitch.chat(twitch.bot, "!gift universe")
        await twitch.chat(twitch.user("ann"), "last")
        assert await desk.texts(1) == ["last"]


async def test_a_shared_chat_counts_only_what_was_typed_here(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann, elsewhere = twitch.user("ann"), twitch.user("elsewhere")
    async with with_bot(twitch, desk, tmp_path):
        await twitch.chat(ann, "!gift rose", shared_from=elsewhere)
        await twitch.chat(ann, "typed here")
        assert await desk.texts(1) == ["typed here"]
        await twitch.chat(ann, "marked as ours", shared_from=twitch.streamer)
        assert (await desk.next()).id.startswith("twitch:chat:")


async def test_the_streamer_commands_with_the_account_that_also_answers(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda message: Reply("!gift rose is paused", ok=message.text != "!fail")
    platform = make(section(twitch, twitch.sign_in(twitch.streamer), None), desk, tmp_path)
    async with running(platform):
        assert platform._session is not None
        room = next(iter(platform._session._rooms.values()))
        assert room.sender is not None
        assert room.sender.pace == paces(16, 80).staff
        for text in ("!alerts pause", "!fail"):
            await twitch.chat(twitch.streamer, text, badges=["broadcaster"])
        await twitch.until(lambda: len(twitch.sent) == 2)
        await twitch.chat(twitch.streamer, "last")
        assert await desk.texts(3) == ["!alerts pause", "!fail", "last"]
    assert {one.sender for one in twitch.sent} == {twitch.streamer}


async def test_one_viewer_is_heard_in_order_and_nobody_waits_for_another(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    gate = desk.gates["ann 1"] = asyncio.Event()
    async with with_bot(twitch, desk, tmp_path):
        await twitch.chat(ann, "ann 1")
        await twitch.chat(ann, "ann 2")
        await twitch.chat(bob, "bob")
        assert await desk.texts(1) == ["bob"]
        gate.set()
        assert await desk.texts(2) == ["ann 1", "ann 2"]


async def test_a_desk_that_fails_once_is_asked_again(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    def fail(_: ChatMessage) -> Reply | None:
        desk.answer = lambda _: Reply("fine", ok=False)
        raise ValueError("no journal")

    desk.answer = fail
    async with with_bot(twitch, desk, tmp_path):
        for text in ("first", "second"):
            await twitch.chat(twitch.user(text), text)
        await twitch.until(lambda: twitch.sent)
    assert [one.text for one in twitch.sent] == ["fine"]


# Answering


async def test_a_refusal_answers_the_message_and_a_success_names_the_viewer(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann = twitch.user("ann", "Ann")
    replies = {
        "bad": Reply("you have 3 coins", ok=False),
        "quiet": Reply("done before", quiet=True),
        "good": Reply("sent a rose"),
    }
    desk.answer = lambda message: replies[message.text]
    async with with_bot(twitch, desk, tmp_path):
        bad_id = await twitch.chat(ann, "bad")
        await twitch.until(lambda: len(twitch.sent) == 1)
        for text in ("quiet", "good"):
            await twitch.chat(ann, text)
        await twitch.until(lambda: len(twitch.sent) == 2)
    assert [(one.sender, one.text, one.reply_to) for one in twitch.sent] == [
        (twitch.bot, "you have 3 coins", bad_id),
        (twitch.bot, "@Ann sent a rose", ""),
    ]
    assert [message.text for message in desk.heard] == ["bad", "quiet", "good"]


async def test_slow_answers_do_not_keep_us_from_hearing(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("sent a rose")
    async with with_bot(twitch, desk, tmp_path):
        twitch.hold_sends()
        await twitch.chat(twitch.user("ann"), "ann")
        await twitch.until(lambda: "POST /helix/chat/messages" in twitch.requests)
        for name in ("bob", "cid"):
            await twitch.chat(twitch.user(name), name)
        assert await desk.texts(3) == ["ann", "bob", "cid"]
        twitch.release_sends()
        await twitch.until(lambda: len(twitch.sent) == 2)
    assert twitch.sent[1].text == "@bob sent a rose; @cid sent a rose"


async def test_too_fast_is_tried_once_more_after_twitch_allows_it(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda message: Reply(f"no, {message.text}", ok=False)
    reset = str(NOW_MS // 1000)
    async with with_bot(twitch, desk, tmp_path):
        twitch.fault("POST /helix/chat/messages", 429, Ratelimit_Reset=reset)
        await twitch.chat(twitch.user("ann"), "one")
        await twitch.until(lambda: len(twitch.sent) == 1)
        twitch.fault("POST /helix/chat/messages", 429, times=2, Ratelimit_Reset=reset)
        for text in ("two", "three"):
            await twitch.chat(twitch.user(text), text)
        await twitch.until(lambda: len(twitch.sent) == 2)
    assert [one.text for one in twitch.sent] == ["no, one", "no, three"]


async def test_a_bot_that_is_a_moderator_may_say_more(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda message: Reply(f"no, {message.text}", ok=False)
    twitch.moderators.add(twitch.bot.id)
    async with with_bot(twitch, desk, tmp_path) as platform:
        assert platform._session is not None
        sender = next(iter(platform._session._rooms.values())).sender
        assert sender is not None
        assert sender.pace == paces(16, 80).guest
        await twitch.chat(twitch.user("ann"), "one")
        await twitch.until(lambda: twitch.sent)
        await twitch.chat(twitch.user("bob"), "two")
        await desk.texts(2)
        assert sender.pace == paces(16, 80).staff


async def test_a_muted_bot_is_connected_and_says_so(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("no", ok=False)
    async with with_bot(twitch, desk, tmp_path) as platform:
        twitch.banned.add(twitch.bot.id)
        await twitch.chat(twitch.user("ann"), "one")
        await until(lambda: "write in the chat" in platform.status().cause)
        assert platform.status().state == "connected"
        assert "banned" in platform.status().fix


async def test_somebody_is_told_what_they_did_not_ask_for(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann = twitch.user("ann", "Ann")
    async with with_bot(twitch, desk, tmp_path) as platform:
        await platform.tell(Chatter(ann.id, "Ann"), "your gift came back.")
        await twitch.until(lambda: twitch.sent)
    await platform.tell(Chatter(ann.id, "Ann"), "said to nobody: we are not there")
    assert [one.text for one in twitch.sent] == ["@Ann your gift came back."]


# Finding and settings


async def test_somebody_not_seen_yet_is_found_by_name(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    ann = twitch.user("ann", "Ann")
    async with with_bot(twitch, desk, tmp_path) as platform:
        assert await platform.find("@Ann") == Chatter(ann.id, "Ann")
        assert await platform.find("nobody") is None
        before = len(twitch.requests)
        for odd in ("", "a b", "ann&login=bob", "デンジ", "x" * 26):
            assert await platform.find(odd) is None
        assert len(twitch.requests) == before
        twitch.fault("GET /helix/users", 500)
        assert await platform.find("ann") is None
    assert await platform.find("ann") is None


async def test_profile_images_are_asked_for_together(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    image = "https://static-cdn.jtvnw.net/jtv_user_pictures/ann-profile_image-300x300.png"
    ann, bob = twitch.user("ann", "Ann", image), twitch.user("bob", "Bob")
    async with with_bot(twitch, desk, tmp_path) as platform:
        before = twitch.requests.count("GET /helix/users")
        assert await platform.portraits([ann.id, bob.id, "404404"]) == {ann.id: image}
        assert twitch.requests.count("GET /helix/users") == before + 1
        twitch.fault("GET /helix/users", 500)
        assert await platform.portraits([ann.id]) == {}
    assert await platform.portraits([ann.id]) == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"channel": "two words"}, "[twitch] channel: this is not the name"),
        ({"eventsub_url": "https://x"}, "[twitch] eventsub_url: this is not a websocket"),
        ({"helix_url": "ftp://x"}, "[twitch] helix_url: this is not an http"),
        ({"acess_token": "very-secret"}, "[twitch] acess_token"),
        ({"access_token": ["very-secret"]}, "[twitch] access_token"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix(
    desk: RecordingDesk, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    house = house_of(desk, tmp_path)
    with pytest.raises(SettingsError) as refused:
        build({"client_id": "c", "channel": "ann", **change}, house)
    assert str(refused.value).startswith(words)
    assert "Fix: " in str(refused.value)
    assert "very-secret" not in str(refused.value)


@pytest.mark.parametrize("typed", ["Ann", "@ann", "#ann", "https://www.twitch.tv/Ann/"])
def test_a_channel_is_understood_however_it_is_written(typed: str) -> None:
    settings = read({"client_id": "c", "channel": typed, "access_token": "oauth:very-secret"})
    assert settings.channel == "ann"
    assert settings.access_token == "very-secret"
    assert "very-secret" not in repr(settings)


def test_the_librarys_own_addresses_are_put_back() -> None:
    from twitchio.eventsub import websockets
    from twitchio.http import Route

    before = (Route.BASE, Route.ID_BASE, websockets.WSS, Route.__str__)
    settings = read({"client_id": "c", "channel": "ann", "helix_url": "http://localhost:1"})
    with addressed(settings):
        assert Route("GET", "users", params={"login": "secret"}).url.startswith(
            "http://localhost:1/users?"
        )
        assert str(Route("GET", "users", params={"login": "secret"})) == "http://localhost:1/users"
    assert (Route.BASE, Route.ID_BASE, websockets.WSS, Route.__str__) == before

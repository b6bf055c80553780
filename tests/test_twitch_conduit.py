"""Many channels through a conduit with shards, against a stand-in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.settings import read
from bot.platforms.twitch.timing import Timing
from commands.chat import Reply
from commands.gaps import Gap
from tests.channel import QUICK, RecordingDesk, make, running, status_is, until
from tests.fakes.rulings import RecordingGaps
from tests.fakes.twitch import READ, WRITE, Grant, TwitchStandIn, User

SECRET = "client-secret"


@pytest.fixture
def channels(twitch: TwitchStandIn) -> list[User]:
    """Thirty of them; their people have let the application in."""
    twitch.client_secret = SECRET
    found = [twitch.user(f"channel{number}", f"Channel{number}") for number in range(30)]
    for channel in found:
        twitch.sign_in(channel)
    return found


def section(twitch: TwitchStandIn, channels: list[User], **more: Any) -> dict[str, Any]:
    bot = twitch.sign_in(twitch.bot)
    return {
        **twitch.settings,
        "channel": "",
        "channels": {f"stage-{number}": one.login for number, one in enumerate(channels)},
        "transport": "conduit",
        "bot_access_token": bot.access,
        "bot_refresh_token": bot.refresh,
        **more,
    }


@asynccontextmanager
async def hosting(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, folder: Path, **how: Any
) -> AsyncIterator[TwitchPlatform]:
    platform = make(section(twitch, channels), desk, folder, **how)
    async with running(platform):
        yield platform


async def all_heard(twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk) -> None:
    """Somebody says something in each channel, and each is heard on its stage, once."""
    desk.heard.clear()
    viewer = twitch.user("ann")
    for channel in channels:
        await twitch.say_in(channel, viewer, f"in {channel.login}")
    await desk.texts(len(channels))
    heard = sorted((message.stage, message.text) for message in desk.heard)
    stages = [(f"stage-{number}", f"in {one.login}") for number, one in enumerate(channels)]
    assert heard == sorted(stages)


async def test_thirty_channels_are_heard_over_two_shards(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    async with hosting(twitch, channels, desk, tmp_path) as platform:
        assert platform.status().cause == "Listening in the chat of 30 channels."
        assert len(twitch.conduits) == 1
        assert twitch.enabled_shards() == 2
        assert len(twitch.links) == 2
        assert len(twitch.chats()) == 30
        assert {twitch.shard_of(channel) for channel in channels} == {0, 1}
        await all_heard(twitch, channels, desk)
    await twitch.until(lambda: not twitch.links)
    assert "-secret" not in "".join(twitch.addresses)


async def test_a_reply_goes_to_the_channel_it_answers(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("no", ok=False)
    ann = twitch.user("ann", "Ann")
    async with hosting(twitch, channels, desk, tmp_path) as platform:
        for number in (3, 17):
            await twitch.say_in(channels[number], ann, "!gift")
            await desk.next()
        await twitch.until(lambda: len(twitch.sent) == 2)
        viewer = desk.heard[0].viewer
        await platform.tell(viewer, "your gift came back.")  # where she was heard last
        await twitch.until(lambda: len(twitch.sent) == 3)
    ids = [channels[number].id for number in (3, 17, 17)]
    assert [one.channel_id for one in twitch.sent] == ids


async def test_a_restart_uses_the_same_conduit_and_subscriptions(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    async with hosting(twitch, channels, desk, tmp_path):
        before = (set(twitch.conduits), set(twitch.subscriptions))
    assert len(before[1]) == 30
    asked = twitch.requests.count("POST /helix/eventsub/subscriptions")
    async with hosting(twitch, channels, desk, tmp_path):
        assert (set(twitch.conduits), set(twitch.subscriptions)) == before
        assert twitch.requests.count("POST /helix/eventsub/subscriptions") == asked
        await all_heard(twitch, channels, desk)


async def test_channels_that_were_taken_out_are_not_listened_to_any_more(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    async with hosting(twitch, channels, desk, tmp_path):
        pass
    few = channels[:2]
    async with hosting(twitch, few, desk, tmp_path):
        await twitch.until(lambda: len(twitch.chats()) == 2)
        await all_heard(twitch, few, desk)


def gaps_of(platform: TwitchPlatform) -> list[Gap]:
    """What was recorded as not heard."""
    gaps = platform._house.gaps
    assert isinstance(gaps, RecordingGaps)
    return gaps.gaps


@pytest.mark.parametrize("keeps_id", [False, True])
async def test_a_shard_that_is_told_to_move_loses_nothing_and_leaves_nothing_behind(
    twitch: TwitchStandIn,
    channels: list[User],
    desk: RecordingDesk,
    tmp_path: Path,
    keeps_id: bool,
) -> None:
    """P1 and P6: the old connection is read until the new one is welcomed; there are no others."""
    twitch.keep_session_id = keeps_id
    viewer = twitch.user("ann")
    async with hosting(twitch, channels, desk, tmp_path) as platform:
        twitch.hold_welcomes()
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 4)
        for number, channel in enumerate(channels):
            await twitch.say_in(channel, viewer, f"meanwhile {number}")
        twitch.release_welcomes()
        heard = await desk.texts(30)
        assert sorted(heard) == sorted(f"meanwhile {number}" for number in range(30))
        await twitch.until(lambda: len(twitch.links) == 2 and twitch.welcomed == 4)
        await all_heard(twitch, channels, desk)
        assert twitch.opened == 4  # no third one, and no fourth
        assert twitch.enabled_shards() == 2
        assert platform.status().state == "connected"
        await twitch.reconnect()
        await twitch.until(lambda: len(twitch.links) == 2 and twitch.welcomed == 6)
        await all_heard(twitch, channels, desk)
    await twitch.until(lambda: not twitch.links)
    assert gaps_of(platform) == []


@pytest.mark.parametrize("lists_old", [False, True])
async def test_a_moved_shard_is_not_taken_for_lost(
    twitch: TwitchStandIn,
    channels: list[User],
    desk: RecordingDesk,
    tmp_path: Path,
    lists_old: bool,
) -> None:
    """Whatever session Twitch lists for it afterwards."""
    twitch.lists_old_session = lists_old
    timing = QUICK.model_copy(update={"verify_every_s": 0.02})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing):
        await twitch.reconnect()
        await twitch.until(lambda: len(twitch.links) == 2 and twitch.welcomed == 4)
        asked = twitch.requests.count("GET /helix/eventsub/conduits/shards")
        await twitch.until(
            lambda: twitch.requests.count("GET /helix/eventsub/conduits/shards") > asked + 3
        )
        assert twitch.opened == 4
        await all_heard(twitch, channels, desk)


async def test_a_broken_shard_is_assigned_anew_and_the_gap_is_told(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    platform = make(section(twitch, channels), desk, tmp_path)
    async with running(platform):
        assert gaps_of(platform) == []
        twitch.link_of(1).transport.abort()
        await twitch.until(lambda: twitch.welcomed == 3 and twitch.enabled_shards() == 2)
        await all_heard(twitch, channels, desk)
        await until(lambda: len(gaps_of(platform)) == len(channels))
        assert len(twitch.links) == 2
        assert platform.status().state == "connected"
    found = gaps_of(platform)
    assert len({(gap.began, gap.ended) for gap in found}) == 1
    assert len({gap.stage for gap in found}) == len(channels)


async def test_while_one_shard_is_away_the_other_delivers(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    async with hosting(twitch, channels, desk, tmp_path) as platform:
        twitch.hold_welcomes()
        twitch.link_of(0).transport.abort()
        await twitch.until(lambda: twitch.enabled_shards() == 1)
        await all_heard(twitch, channels, desk)
        assert platform.status().state == "connected"
        twitch.link_of(1).transport.abort()
        await status_is(platform, "reconnecting")
        twitch.release_welcomes()
        await status_is(platform, "connected")
        await twitch.until(lambda: twitch.enabled_shards() == 2)
        await all_heard(twitch, channels, desk)


async def test_a_move_that_fails_ends_in_a_new_assignment(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    """P3: a welcome that never comes; Twitch then closes the old connection."""
    timing = QUICK.model_copy(update={"welcome_s": 0.2})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing):
        twitch.hold_welcomes()
        old = twitch.link_of(0)
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 4)
        await all_heard(twitch, channels, desk)
        await asyncio.sleep(0.25)  # the welcome is waited for no longer
        twitch.release_welcomes()
        for link in (old, twitch.link_of(1)):
            await link.socket.close(code=4004)
        await twitch.until(lambda: twitch.enabled_shards() == 2 and len(twitch.links) == 2)
        await all_heard(twitch, channels, desk)


async def test_an_assignment_that_twitch_refuses_is_tried_again(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.fault("PATCH /helix/eventsub/conduits/shards", 500, times=2)
    async with hosting(twitch, channels, desk, tmp_path):
        twitch.fault("PATCH /helix/eventsub/conduits/shards", 0)
        twitch.link_of(1).transport.abort()
        await twitch.until(lambda: twitch.enabled_shards() == 1)
        await twitch.until(lambda: twitch.enabled_shards() == 2)
        await all_heard(twitch, channels, desk)
        await twitch.until(lambda: len(twitch.links) == 2)


async def test_silence_is_taken_for_a_broken_line(
    twitch: TwitchStandIn,
    channels: list[User],
    desk: RecordingDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """P9: Twitch promises a sign of life every ten seconds."""
    monkeypatch.setattr("bot.platforms.twitch.line.SLACK_S", -9.8)
    twitch.keepalives = False
    async with hosting(twitch, channels, desk, tmp_path):
        await twitch.until(lambda: twitch.opened >= 4)
        await twitch.until(lambda: twitch.enabled_shards() == 2)


async def test_one_channel_may_be_revoked_and_come_back(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    timing = QUICK.model_copy(update={"verify_every_s": 0.05})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing) as platform:
        await twitch.revoke_in(channels[4])
        await until(lambda: "read the chat of Channel4" in platform.status().cause)
        assert platform.status().state == "connected"
        assert platform.status().fix.startswith("Channel4 has to sign in on giftcast's page")
        assert twitch.enabled_shards() == 2
        await all_heard(twitch, [one for one in channels if one != channels[4]][:4], desk)
        await twitch.until(lambda: len(twitch.chats()) == 29)
        assert "read the chat of Channel4" in platform.status().cause
        twitch.sign_in(channels[4])
        await twitch.until(lambda: len(twitch.chats()) == 30)
        await until(lambda: platform.status().fix == "")
        await all_heard(twitch, channels, desk)


async def test_what_is_gone_without_a_word_is_noticed(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    timing = QUICK.model_copy(update={"verify_every_s": 0.05})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing):
        twitch.subscriptions.pop(next(iter(twitch.subscriptions)))
        await twitch.until(lambda: len(twitch.chats()) == 30)
        (conduit,) = twitch.conduits.values()
        conduit.shards[0].status = "websocket_failed_ping_pong"
        await twitch.until(lambda: twitch.enabled_shards() == 2)
        twitch.fault("GET /helix/eventsub/subscriptions", 500, times=2)
        asked = len(twitch.requests)
        await twitch.until(lambda: len(twitch.requests) > asked + 8)
        await all_heard(twitch, channels, desk)
        assert len(twitch.links) == 2


async def test_a_conduit_that_is_gone_gives_way_to_another(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    """Twitch deletes one whose shards were away for three days."""
    timing = QUICK.model_copy(update={"verify_every_s": 0.05})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing):
        old = set(twitch.conduits)
        twitch.conduits.clear()
        twitch.subscriptions.clear()
        await twitch.until(lambda: len(twitch.chats()) == 30)
        assert not old & set(twitch.conduits)
        await all_heard(twitch, channels, desk)


async def test_too_many_requests_are_spread_over_time(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.fault("POST /helix/eventsub/subscriptions", 429, times=20, Ratelimit_Reset="0")
    async with hosting(twitch, channels, desk, tmp_path):
        await all_heard(twitch, channels, desk)


async def test_a_channel_that_lets_nobody_in_does_not_keep_the_others_out(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    closed = twitch.user("closed", "Closed")
    async with hosting(twitch, [*channels[:3], closed], desk, tmp_path) as platform:
        assert "read the chat of Closed" in platform.status().cause
        await all_heard(twitch, channels[:3], desk)
        twitch.moderators.add(twitch.bot.id)


async def test_a_channel_that_does_not_exist_is_named(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    nobody = User("1", "nobody_at_all", "")
    async with hosting(twitch, [*channels[:3], nobody], desk, tmp_path) as platform:
        assert platform.status().cause == "There are no Twitch channels named nobody_at_all."
        await all_heard(twitch, channels[:3], desk)


async def test_the_number_of_shards_is_a_setting_and_changes_the_conduit(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    async with hosting(twitch, channels, desk, tmp_path):
        pass
    platform = make(section(twitch, channels, shards=4), desk, tmp_path)
    async with running(platform):
        assert twitch.enabled_shards() == 4
        assert len(twitch.conduits) == 1
        await all_heard(twitch, channels, desk)


async def test_conduits_of_others_are_left_alone(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    for number in range(5):
        other = make(section(twitch, channels[:1]), desk, tmp_path / str(number))
        async with running(other):
            pass
    assert len(twitch.conduits) == 5
    mine = next(reversed(twitch.conduits))
    full = make(section(twitch, channels), desk, tmp_path / "full")
    async with running(full, "failed"):
        assert "five conduits already" in full.status().cause
        assert "[twitch] conduit_id" in full.status().fix
    named = make(section(twitch, channels, conduit_id=mine), desk, tmp_path / "named")
    async with running(named):
        await all_heard(twitch, channels, desk)
    assert len(twitch.conduits) == 5
    kept = json.loads((tmp_path / "named" / "twitch-conduit.json").read_text())
    assert kept == {"conduit_id": mine}
    wrong = make(section(twitch, channels, conduit_id="x"), desk, tmp_path / "wrong")
    async with running(wrong, "failed"):
        assert wrong.status().cause == "There is no Twitch conduit x."


async def test_a_wrong_client_secret_is_told(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    platform = make(section(twitch, channels, client_secret="wrong"), desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause == "Twitch does not accept the client secret."


async def test_an_application_token_that_ends_is_replaced(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    timing = QUICK.model_copy(update={"verify_every_s": 0.05})
    async with hosting(twitch, channels, desk, tmp_path, timing=timing):
        for grant in twitch.grants:
            grant.valid = grant.valid and not grant.is_app
        await twitch.until(lambda: any(grant.valid and grant.is_app for grant in twitch.grants))
        await all_heard(twitch, channels, desk)
    assert "-secret" not in "".join(twitch.addresses)


async def test_a_bot_that_may_not_be_a_bot_is_told_so(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    given = section(twitch, channels[:1])
    twitch.grants[-1].scopes = (READ, WRITE)
    platform = make(given, desk, tmp_path)
    async with running(platform):
        causes = [trouble.cause for trouble in platform._session.troubles]  # type: ignore[union-attr]
        assert any("be in the chat as a bot" in cause for cause in causes)


async def test_each_streamer_of_a_house_has_an_account_of_their_own(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    platform = make(section(twitch, channels[:2]), desk, tmp_path)
    names = platform._sign_ins.names
    assert names == ("streamer:stage-0", "bot", "streamer:stage-1")
    async with running(platform):
        platform._sign_ins.ask_code("streamer:stage-1")
        await twitch.until(lambda: twitch.devices)
        assert "channel:bot" in twitch.devices[0].scopes


async def test_it_ends_at_once_though_twitch_is_silent(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.hold_reads()
    async with hosting(twitch, channels, desk, tmp_path):
        assert len(twitch.links) == 2


async def test_it_ends_at_once_in_the_middle_of_connecting(
    twitch: TwitchStandIn, channels: list[User], desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.hold_welcomes()
    platform = make(section(twitch, channels), desk, tmp_path)
    async with running(platform, "starting"):
        await twitch.until(lambda: twitch.opened == 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"channels": {"a": "x", "b": "y"}}, "[twitch] channels: several need a conduit"),
        ({"channels": {"a": "x", "b": "X"}, "transport": "conduit"}, "[twitch] channels: a ch"),
        ({"channels": {"a": "x"}, "channel": "y"}, "[twitch] channels: channel is named as well"),
        ({"channels": {"A b": "x"}}, "[twitch] channels.A b"),
        ({"channel": "x", "transport": "conduit"}, "[twitch] client_secret: a conduit needs it"),
        ({"channel": "x", "transport": "telegraph"}, "[twitch] transport"),
        ({"channel": "x", "shards": 101}, "[twitch] shards"),
        ({"channel": "x", "replies": 21}, "[twitch] replies"),
        ({"channel": "x", "timing": {"request_s": 0}}, "[twitch] timing.request_s"),
        ({"channel": "x", "timing": {"patience": 1}}, "[twitch] timing.patience"),
        ({"channel": "x", "redirect_url": "x"}, "[twitch] redirect_url: this is not an http"),
    ],
)
def test_settings_that_do_not_fit_are_named_with_their_fix(
    change: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read({"client_id": "c", **change})
    assert str(refused.value).startswith(words)
    assert "Fix: " in str(refused.value)


def test_the_defaults_are_those_of_twitch() -> None:
    given = read({})
    assert given.helix_url == "https://api.twitch.tv/helix/"
    assert given.id_url == "https://id.twitch.tv/"
    assert given.eventsub_url == "wss://eventsub.wss.twitch.tv/ws"
    assert (given.replies, given.moderator_replies) == (16, 80)
    assert given.timing == Timing(
        watch_every_s=5, grace_s=15, verify_every_s=120, linger_s=2, welcome_s=10, request_s=15,
        retry_first_s=1, retry_most_s=60,
    )  # fmt: skip
    assert Grant(User("", "", ""), "", "", (), "", 0).valid

"""The Twitch platform keeps listening whatever happens to its connections, and ends at once."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.platforms.twitch.sockets import TRIED
from bot.platforms.twitch.timing import Timing
from commands.chat import Reply
from tests.channel import RecordingDesk, make, running, section, status_is, until, with_bot
from tests.fakes.twitch import TwitchStandIn


@pytest.mark.parametrize("keeps_id", [False, True])
@pytest.mark.parametrize("cured", [True, False])
async def test_a_move_loses_nothing(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, keeps_id: bool, cured: bool
) -> None:
    """Twitch goes on sending to the old connection until it has welcomed the new one."""
    twitch.keep_session_id = keeps_id
    ann = twitch.user("ann")
    texts = [f"!gift rose {number}" for number in range(5)]
    tried = TRIED if cured else frozenset()
    patient = Timing(linger_s=0.05, watch_every_s=3600)
    async with with_bot(twitch, desk, tmp_path, timing=patient, tried=tried) as platform:
        twitch.hold_welcomes()
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 2)
        for text in texts:
            await twitch.chat(ann, text)
        twitch.release_welcomes()
        await twitch.until(lambda: len(twitch.links) == 1 and twitch.welcomed == 2)
        await twitch.chat(ann, "after the move")
        heard = await desk.texts(6 if cured else 1)
        if not cured:
            assert heard == ["after the move"]  # the library's fault that the cure is for
            return
        assert heard == [*texts, "after the move"]
        assert platform.status().state == "connected"
        assert platform._session is not None
        assert len(platform._session._ear._websockets[twitch.bot.id]) == 1
        await twitch.reconnect()  # and once more
        await twitch.until(lambda: twitch.welcomed == 3 and len(twitch.links) == 1)
        await twitch.chat(ann, "after the second")
        assert await desk.texts(1) == ["after the second"]
    await twitch.until(lambda: not twitch.links)


async def test_what_is_under_way_when_the_new_connection_is_welcomed_is_heard(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path, timing=Timing(linger_s=60)) as platform:
        await twitch.reconnect()
        await twitch.until(lambda: len(twitch.links) == 2)
        old = twitch.links[1]
        message_id = await twitch.chat(twitch.user("ann"), "over the new one")
        assert await desk.texts(1) == ["over the new one"]
        notification = twitch.notification(message_id)
        notification["metadata"]["message_id"] = "another"
        await old.socket.send_json(notification)
        assert await desk.texts(1) == ["over the new one"]
        await old.socket.close(code=4004)  # Twitch's grace for the old one is over
        await twitch.until(lambda: len(twitch.links) == 1)
        await twitch.chat(twitch.user("bob"), "still here")
        assert await desk.texts(1) == ["still here"]
        assert platform._session is not None
        ear = platform._session._ear
        await until(lambda: len(ear.sockets) == 1)
        assert twitch.opened == 2


async def test_a_broken_line_is_mended(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path) as platform:
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened == 2 and twitch.listening())
        await twitch.chat(twitch.user("ann"), "back again")
        assert await desk.texts(1) == ["back again"]
        await status_is(platform, "connected")


@pytest.mark.parametrize("fault", [500, 0])
async def test_the_watchdog_asks_again_for_a_subscription_refused_after_a_break(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path, fault: int
) -> None:
    """The library logs an error answer and forgets; on a cut line it forgets in silence."""
    timing = Timing(watch_every_s=0.02, grace_s=3600)
    async with with_bot(twitch, desk, tmp_path, timing=timing) as platform:
        twitch.fault("POST /helix/eventsub/subscriptions", fault, times=1)
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened >= 2 and twitch.listening())
        await twitch.chat(twitch.user("ann"), "repaired")
        assert await desk.texts(1) == ["repaired"]
        await status_is(platform, "connected")
        await twitch.until(lambda: len(twitch.links) == 1)


async def test_a_connection_that_does_not_mend_itself_is_replaced(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    """The library waits 11 s for a late welcome and then gives up for good, in silence."""
    async with with_bot(twitch, desk, tmp_path) as platform:
        twitch.hold_welcomes()
        twitch.drop_tcp()
        await status_is(platform, "reconnecting")
        await twitch.until(lambda: twitch.opened >= 3)
        twitch.release_welcomes()
        await twitch.until(twitch.listening)
        await twitch.chat(twitch.user("ann"), "replaced")
        assert await desk.texts(1) == ["replaced"]
        await twitch.until(lambda: len(twitch.links) == 1)


async def test_a_subscription_that_is_gone_without_a_word_is_noticed(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    curious = Timing(watch_every_s=0.02, verify_every_s=0.02)
    async with with_bot(twitch, desk, tmp_path, timing=curious):
        twitch.subscriptions.clear()
        await twitch.until(twitch.listening)
        await twitch.chat(twitch.user("ann"), "noticed")
        assert await desk.texts(1) == ["noticed"]


async def test_an_orphaned_subscription_does_not_keep_us_out(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    """After a dirty end Twitch may call a new subscription a duplicate of the dead one."""
    twitch.conflict_across_sessions = True
    async with with_bot(twitch, desk, tmp_path):
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened >= 2 and twitch.listening())
        await twitch.chat(twitch.user("ann"), "not shut out")
        assert await desk.texts(1) == ["not shut out"]


async def test_a_revoked_subscription_is_asked_for_again(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path):
        await twitch.revoke("version_removed")
        await twitch.until(twitch.listening)
        await twitch.chat(twitch.user("ann"), "again")
        assert await desk.texts(1) == ["again"]


async def test_a_withdrawn_sign_in_is_said_in_plain_words(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path) as platform:
        for grant in twitch.grants:
            grant.valid, grant.refresh = False, ""
        await twitch.revoke()
        status = await status_is(platform, "failed")
        assert status.cause.startswith("Twitch sign-in has expired: the bot account")


async def test_a_banned_reader_is_said_in_plain_words(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.banned.add(twitch.bot.id)
    given = section(twitch, None, twitch.sign_in(twitch.bot))
    platform = make(given, desk, tmp_path)
    async with running(platform, "failed"):
        assert platform.status().cause == "Twitch does not let giftbot read the chat of Streamer."
        twitch.banned.clear()
        await status_is(platform, "connected")


async def test_a_gift_being_decided_outlives_the_connection_it_came_by(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    desk.answer = lambda _: Reply("no", ok=False)
    gate = desk.gates["slow"] = asyncio.Event()
    async with with_bot(twitch, desk, tmp_path) as platform:
        first = platform._session
        await twitch.chat(twitch.user("ann"), "slow")
        twitch.fault("POST /helix/eventsub/subscriptions", 500)
        await twitch.revoke("version_removed")
        await until(lambda: platform._session not in (first, None))
        gate.set()
        assert await desk.texts(1) == ["slow"]
        await twitch.until(lambda: twitch.sent)


async def test_tokens_that_the_library_gave_up_are_signed_in_anew(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    async with with_bot(twitch, desk, tmp_path) as platform:
        first = platform._session
        assert first is not None
        await first._ear.remove_token(twitch.bot.id)
        await until(lambda: platform._session not in (first, None))
        await twitch.chat(twitch.user("ann"), "back")
        assert await desk.texts(1) == ["back"]


async def test_the_hourly_validation_is_kept_going(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    curious = Timing(watch_every_s=0.02, verify_every_s=0.02)
    async with with_bot(twitch, desk, tmp_path, timing=curious) as platform:
        assert platform._session is not None
        http = platform._session._ear.http
        task = http._validate_task
        assert task is not None
        task.cancel()  # as a cut line ends it
        await until(lambda: http._validate_task not in (task, None))


# Ending


async def test_it_ends_at_once_though_twitch_is_silent(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.hold_reads()  # our goodbye is never answered; `running` measures the end
    async with with_bot(twitch, desk, tmp_path):
        assert len(twitch.links) == 1


async def test_it_ends_at_once_in_the_middle_of_connecting(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.hold_welcomes()
    platform = make(section(twitch, twitch.sign_in(twitch.streamer), None), desk, tmp_path)
    async with running(platform, "starting"):
        await twitch.until(lambda: twitch.opened == 1)


async def test_it_ends_at_once_in_the_middle_of_closing(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    twitch.hold_reads()
    async with with_bot(twitch, desk, tmp_path) as platform:
        assert platform._session is not None
        await platform._session._ear.remove_token(twitch.bot.id)
        await until(lambda: platform._session is None)


@pytest.mark.alone
async def test_it_ends_at_once_while_twitch_is_away(desk: RecordingDesk, tmp_path: Path) -> None:
    async with TwitchStandIn() as twitch:
        given = section(twitch, twitch.sign_in(twitch.streamer), None)
        platform = make(given, desk, tmp_path, Timing(watch_every_s=0.02))
        task = asyncio.create_task(platform.run())
        await status_is(platform, "connected")
    await status_is(platform, "reconnecting")
    began = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert time.monotonic() - began < 1
    assert len(asyncio.all_tasks()) == 1


async def test_what_was_heard_before_the_end_is_still_decided(
    twitch: TwitchStandIn, desk: RecordingDesk, tmp_path: Path
) -> None:
    gate = desk.gates["slow"] = asyncio.Event()
    async with with_bot(twitch, desk, tmp_path):
        await twitch.chat(twitch.user("ann"), "slow")
        await until(lambda: desk.heard)
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert await desk.texts(1) == ["slow"]

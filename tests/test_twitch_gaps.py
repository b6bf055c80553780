"""Times in which Twitch was not heard: each is recorded with its length, and mended where that
can be done. The house's clock stands still unless a test moves it."""

from datetime import timedelta

import pytest

from bot.platforms.twitch.vigil import FILE_NAME, Vigil
from commands.gaps import Gap
from tests.channel import QUICK
from tests.fakes.twitch import READ, WRITE, TwitchStandIn
from tests.house import MAIN, House
from tests.twitch_house import coins, decided, eventually, has, on_twitch


async def gaps(house: House, count: int) -> list[Gap]:
    """Wait for so many; the newest first."""

    async def there() -> bool:
        return len(house.gaps.recent(MAIN)) >= count

    await eventually(there)
    found = house.gaps.recent(MAIN)
    assert len(found) == count
    return found


async def heard(twitch: TwitchStandIn, house: House, name: str) -> None:
    """Wait until something said now has been heard."""
    viewer = twitch.user(name)
    await twitch.chat(viewer, "!balance")
    await twitch.until(lambda: any(f"@{name}" in one.text for one in twitch.sent))


async def test_nothing_is_missed_before_the_first_start(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        await heard(twitch, house, "ann")
    assert await house.records("gap") == []


async def test_a_broken_line_is_a_gap_as_long_as_it_lasted(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house):
        await twitch.until(lambda: twitch.rewards)
        [reward] = twitch.rewards.values()
        began = house.clock.ms
        twitch.hold_welcomes()
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened == 4)  # the bot's and the streamer's
        house.clock.pass_s(42)
        redeemed = await twitch.redeem(ann, reward)
        await twitch.go_live()
        twitch.release_welcomes()
        [gap] = await gaps(house, 1)
        assert gap.seconds in (42, 43)
        assert (gap.stage, gap.platform, gap.mended) == (MAIN, "twitch", "redemptions, show")
        assert abs(gap.began - began) < 5_000  # the wall clock of the library's last message
        await decided(twitch, redeemed, "FULFILLED")
        assert house.shows.live(MAIN)
    assert await coins(house, ann) == 100


async def test_each_of_five_breaks_is_recorded(twitch: TwitchStandIn, house: House) -> None:
    async with on_twitch(twitch, house, bot=None):
        for number in range(1, 6):
            house.clock.pass_s(100)
            twitch.drop_tcp()
            await gaps(house, number)
        assert twitch.opened == 6
    assert len({gap.began for gap in house.gaps.recent(MAIN)}) == 5


@pytest.mark.parametrize("keeps_id", [False, True])
async def test_a_connection_that_twitch_moves_is_no_gap(
    twitch: TwitchStandIn, house: House, keeps_id: bool
) -> None:
    twitch.keep_session_id = keeps_id
    async with on_twitch(twitch, house):
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 4 and len(twitch.links) == 2)
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 6 and len(twitch.links) == 2)
        await heard(twitch, house, "ann")
    assert await house.records("gap") == []


async def test_a_connection_that_broke_and_was_moved_afterwards_is_forgotten(
    twitch: TwitchStandIn, house: House
) -> None:
    """The library lists one that broke by the session that it had before; were that left, all
    later gaps would begin with its last message."""
    async with on_twitch(twitch, house, bot=None) as platform:
        twitch.drop_tcp()
        await gaps(house, 1)
        await twitch.reconnect()
        await twitch.until(lambda: twitch.opened == 3 and len(twitch.links) == 1)
        await heard(twitch, house, "ann")
        assert platform._session is not None
        [socket] = platform._session._ear.sockets
        assert socket.connected


async def test_silence_is_missed_from_its_beginning(twitch: TwitchStandIn, house: House) -> None:
    """The library notices after 20 s that nothing comes over a line that stands."""
    async with on_twitch(twitch, house, bot=None) as platform:
        assert platform._session is not None
        [socket] = platform._session._ear.sockets
        assert socket._last_keepalive is not None
        socket._last_keepalive -= timedelta(seconds=20)
        await socket._create_connection_task()  # what its guard of the line does then
        [gap] = await gaps(house, 1)
        assert gap.seconds in (20, 21)


async def test_a_welcome_that_comes_too_late_is_one_gap(
    twitch: TwitchStandIn, house: House
) -> None:
    """The connection gives up, the watchdog opens another."""
    timing = QUICK.model_copy(update={"grace_s": 0.05})
    async with on_twitch(twitch, house, bot=None, timing=timing):
        twitch.hold_welcomes()
        twitch.drop_tcp()
        await twitch.until(lambda: twitch.opened >= 3)
        house.clock.pass_s(30)
        twitch.release_welcomes()
        [gap] = await gaps(house, 1)
        assert gap.seconds in (30, 31)
        await heard(twitch, house, "ann")


async def test_one_account_deaf_is_a_gap_although_chat_is_heard(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house) as platform:
        streamers = next(link for link in twitch.links if twitch.owner_of(link) == twitch.streamer)
        twitch.hold_welcomes()
        streamers.transport.abort()
        await twitch.until(lambda: twitch.opened == 3)
        house.clock.pass_s(5)
        await heard(twitch, house, "bob")
        assert platform.status().state == "connected"
        twitch.release_welcomes()
        [gap] = await gaps(house, 1)
        assert gap.seconds >= 5
        await twitch.follow(ann)
        await has(house, ann, 300)


async def test_a_restart_is_a_gap_too(twitch: TwitchStandIn, house: House) -> None:
    async with on_twitch(twitch, house):
        await heard(twitch, house, "ann")
    await house.restart(after_s=3_600)
    async with on_twitch(twitch, house):
        [gap] = await gaps(house, 1)
    assert 3_600 <= gap.seconds <= 3_601
    assert gap.mended == "redemptions, show"


async def test_the_journal_being_away_only_delays_the_record(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        pass
    house.clock.pass_s(60)
    async with on_twitch(twitch, house, gaps_fail=3):
        [gap] = await gaps(house, 1)
    assert gap.seconds in (60, 61)


async def test_without_rights_and_without_luck_a_gap_is_recorded_all_the_same(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house, streamer=(READ, WRITE), bot=None):
        await twitch.until(lambda: "GET /helix/streams" in twitch.requests)
        twitch.drop_tcp()
        assert (await gaps(house, 1))[0].mended == "show"
        house.clock.pass_s(1)  # two gaps that begin at one moment would be one
        twitch.fault("GET /helix/streams", 500, times=3)
        twitch.drop_tcp()
        assert (await gaps(house, 2))[0].mended == ""


async def test_leaving_while_mending_leaves_no_gap_out(twitch: TwitchStandIn, house: House) -> None:
    async with on_twitch(twitch, house, streamer=(READ, WRITE), bot=None):
        pass
    house.clock.pass_s(60)
    twitch.fault("GET /helix/streams", 500, times=50)
    slow = QUICK.model_copy(update={"retry_first_s": 30})
    async with on_twitch(twitch, house, streamer=(READ, WRITE), bot=None, timing=slow):
        await twitch.until(lambda: twitch.requests.count("GET /helix/streams") >= 2)
    [gap] = house.gaps.recent(MAIN)
    assert gap.seconds in (60, 61)


async def test_a_gap_that_could_not_be_recorded_is_told_again_after_a_restart(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        pass
    house.clock.pass_s(60)
    async with on_twitch(twitch, house, gaps_fail=1_000_000):
        await heard(twitch, house, "ann")
    assert await house.records("gap") == []
    house.clock.pass_s(10)
    async with on_twitch(twitch, house):
        second, first = await gaps(house, 2)
    assert first.seconds in (60, 61)
    assert second.seconds in (10, 11)
    async with on_twitch(twitch, house):  # told, recorded, and told no more
        await gaps(house, 3)


class Told(list[tuple[int, int]]):
    """The gaps that a vigil told."""

    def __call__(self, began: int, ended: int) -> None:
        self.append((began, ended))


def ended(vigil: Vigil) -> list[tuple[int, int]]:
    """What a vigil tells when all is well again."""
    told = Told()
    vigil.whole(told)
    for began, _ in told:
        vigil.recorded(began)
    return list(told)


def test_another_channel_was_never_listened_to(tmp_path) -> None:
    now = 1_000_000
    assert ended(Vigil(tmp_path, "ann", lambda: now)) == []
    now += 60_000
    assert ended(Vigil(tmp_path, "ann", lambda: now)) == [(1_000_000, 1_060_000)]
    now += 60_000
    assert ended(Vigil(tmp_path, "bob", lambda: now)) == []


def test_a_vigil_survives_a_kill_with_seconds_to_spare(tmp_path) -> None:
    """It writes the moment down every ten seconds, and at the end."""
    now = 1_000_000
    vigil = Vigil(tmp_path, "ann", lambda: now)
    ended(vigil)
    for _ in range(12):
        now += 5_000
        vigil.heard()
    [(began, _)] = ended(Vigil(tmp_path, "ann", lambda: now))
    assert began >= now - 10_000


def test_a_kill_while_deaf_forgets_nothing_of_it(tmp_path) -> None:
    """Also when another connection was heard meanwhile."""
    now = 1_000_000
    vigil = Vigil(tmp_path, "ann", lambda: now)
    ended(vigil)
    now += 5_000
    vigil.lost(4.0)
    now += 60_000
    vigil.heard()
    assert ended(Vigil(tmp_path, "ann", lambda: now)) == [(1_001_000, 1_065_000)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"channel": "ann", "heard_at": "soon"}',
        '{"channel": "ann", "heard_at": null, "gaps": [[1], "x", [1, "2"], [true, 2]]}',
    ],
)
def test_a_damaged_file_is_none(tmp_path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert ended(Vigil(tmp_path, "ann", lambda: 1_000_000)) == []


def test_the_longest_silence_counts(tmp_path) -> None:
    now = 1_000_000
    vigil = Vigil(tmp_path, "ann", lambda: now)
    ended(vigil)
    now += 30_000
    vigil.heard()
    vigil.lost(2.0)
    vigil.lost(12.0)
    vigil.lost()
    now += 5_000
    assert ended(vigil) == [(1_018_000, 1_035_000)]
    assert ended(vigil) == []

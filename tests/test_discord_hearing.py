"""Discord: each line is heard once, in order, also what was typed while nobody listened."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from bot.platforms.discord.marks import CHANNELS_MAX, HEARD_MAX, STILL_MS, Marks
from commands.chat import Chatter, Reply
from commands.gaps import Gap
from data.errors import Code, GiftError
from tests import discord_bench
from tests.discord_bench import listening
from tests.fakes.discord import DiscordStandIn
from tests.fakes.earning import RecordingEarner
from tests.fakes.rulings import RecordingGaps

server, desk = discord_bench.server, discord_bench.desk


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def gaps() -> RecordingGaps:
    return RecordingGaps()


@pytest.fixture
def earner() -> RecordingEarner:
    return RecordingEarner()


@pytest.fixture
def on(server, desk, tmp_path, gaps, earner):
    """The platform listens, as one process after the other."""

    @asynccontextmanager
    async def listens(**settings):
        parts = {"gaps": gaps, "earner": earner, "now": wall_ms}
        async with listening(server, desk, tmp_path, parts=parts, **settings) as platform:
            await until(lambda: "Serves" in platform.status().cause)
            yield platform

    return listens


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def a_gap(gaps: RecordingGaps, count: int = 1) -> Gap:
    await until(lambda: len(gaps.gaps) == count)
    return gaps.gaps[-1]


async def test_what_was_typed_while_the_program_was_down_is_carried_out_once(
    server: DiscordStandIn, desk, on, gaps
):
    vera = server.person("vera")
    began = wall_ms()
    async with on():
        await server.message(vera, "!gift rose 1")
        await desk.heard()
    missed = await server.message(vera, "!gift rose 2")
    elsewhere = await server.message(vera, "!gift rose 3", channel_id=server.other_channel_id)
    async with on():
        heard = [await desk.heard(), await desk.heard()]
        assert [line.id for line in heard] == [
            f"discord:msg:{missed}", f"discord:msg:{elsewhere}"
        ]  # fmt: skip
        assert heard[0].viewer == Chatter(vera.id, "Vera")
        gap = await a_gap(gaps)
    assert (gap.stage, gap.platform, gap.mended) == ("main", "discord", "messages")
    assert began <= gap.began <= gap.ended <= wall_ms()
    async with on():
        await a_gap(gaps, 2)
        assert desk.is_unasked()


async def test_the_first_start_reads_nothing_up_and_records_no_gap(server, desk, on, gaps):
    vera = server.person("vera")
    await server.message(vera, "!gift rose")
    async with on():
        await server.message(vera, "!gift lion")
        assert (await desk.heard()).text == "!gift lion"
        assert desk.is_unasked()
    assert not gaps.gaps


async def test_a_lost_session_is_a_gap_and_a_resumed_one_is_none(server, desk, on, gaps):
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose")
        await desk.heard()
        server.abort()
        await server.until(lambda: server.resumes == 1)
        await server.message(vera, "!gift panda")
        await desk.heard()
        assert not gaps.gaps
        await server.invalidate()
        await server.message(vera, "!gift lion")
        assert (await desk.heard()).text == "!gift lion"
        assert (await a_gap(gaps)).mended == "messages"


async def test_lines_typed_meanwhile_wait_for_those_that_are_read_up(server, desk, on):
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose 1")
        await desk.heard()
    await server.message(vera, "!gift rose 2")
    server.faults.hold_history = asyncio.Event()
    history = "GET /api/v10/channels/{channel}/messages"
    async with on():
        await server.until(lambda: server.requests[history])
        await server.message(vera, "!gift rose 3")
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)  # the line before it has come in by now
        await desk.invoked()
        assert desk.is_unasked()
        server.faults.hold_history.set()
        texts = [(await desk.heard()).text for _ in range(2)]
        assert texts == ["!gift rose 2", "!gift rose 3"]
        await server.message(vera, "!gift rose 4")
        assert (await desk.heard()).text == "!gift rose 4"
        assert desk.is_unasked()


async def test_a_session_lost_while_reading_up_begins_anew(server, desk, on, gaps):
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose 1")
        await desk.heard()
    await server.message(vera, "!gift rose 2")
    server.faults.hold_history = asyncio.Event()
    history = "GET /api/v10/channels/{channel}/messages"
    async with on():
        await server.until(lambda: server.requests[history])
        await server.message(vera, "!gift rose 3")
        await server.invalidate()
        await server.message(vera, "!gift rose 4")
        await server.until(lambda: server.requests[history] == 2)
        server.faults.hold_history.set()
        texts = [(await desk.heard()).text for _ in range(3)]
        assert texts == ["!gift rose 2", "!gift rose 3", "!gift rose 4"]
        assert (await a_gap(gaps)).mended == "messages"
        assert desk.is_unasked()


async def test_what_is_dispatched_twice_is_heard_once(server, desk, on, earner):
    vera = server.person("vera")
    server.faults.duplicates = True
    desk.reply = Reply("You have 5 coins.")
    async with on():
        await server.message(vera, "!balance")
        await desk.heard()
        await server.message(vera, "!balance again")
        await desk.heard()
        assert desk.is_unasked()
        assert len(earner.lines) == 2


async def test_history_that_may_not_be_read_is_said(server, desk, on, gaps):
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose")
        await desk.heard()
    await server.message(vera, "!gift lion")
    server.faults.refuse_history = True
    async with on():
        assert (await a_gap(gaps)).mended == "some messages"
        await server.message(vera, "!gift panda")
        assert (await desk.heard()).text == "!gift panda"


@pytest.mark.parametrize(
    "case",
    [
        ({"timing": {"catch_up_s": 0}}, ""),
        ({"text_commands": False}, ""),
        ({"timing": {"catch_up_s": 1e-3}}, "some messages"),
        ({"channel_ids": ["511"]}, "messages"),
    ],
)
async def test_what_is_not_to_be_read_up_is_left(server, desk, on, gaps, case):
    """Switched off, not readable, too old, or typed elsewhere."""
    settings, mended = case
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose")
        await desk.heard()
    await server.message(vera, "!gift lion")
    async with on(**settings):
        assert (await a_gap(gaps)).mended == mended
        assert desk.is_unasked()


async def test_a_gap_that_cannot_be_recorded_is_tried_again(server, desk, on, gaps):
    async with on():
        await server.message(server.owner, "!gift rose")
        await desk.heard()
    record, refused = gaps.record, []

    async def full(*_: object) -> None:
        refused.append(1)
        raise GiftError(Code.BUSY)

    gaps.record = full
    async with on():
        await until(lambda: refused)
        gaps.record = record
        await a_gap(gaps)


async def test_lines_of_people_count_as_activity_with_their_standing(server, desk, on, earner):
    """Also where what they type may not be read."""
    vera, mo = server.person("vera", server.plain_role_id), server.person("mo", "520")
    fan = server.person("fan", boosts=True)
    async with on(text_commands=False, standing={server.plain_role_id: "subscriber"}):
        for person in (vera, mo, fan):
            await server.message(person, "hello")
        await server.message(server.person("beep", bot=True), "hello")
        await server.message(vera, "hello", webhook=True)
        await server.message(vera, "bye")
        await until(lambda: len(earner.lines) == 4)
    stood = [(viewer.name, set(words)) for _, _, viewer, words, _ in earner.lines]
    assert stood == [
        ("Vera", {"subscriber"}),
        ("Mo", {"moderator"}),
        ("Fan", {"booster", "subscriber"}),
        ("Vera", {"subscriber"}),
    ]
    assert desk.is_unasked()


async def test_what_was_missed_counts_for_no_activity(server, desk, on, earner):
    vera = server.person("vera")
    async with on():
        await server.message(vera, "!gift rose")
        await desk.heard()
    await server.message(vera, "!gift lion")
    async with on():
        await desk.heard()
    assert len(earner.lines) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"alive_at": 1}', '{"channels": {"a": 1}}'])
def test_marks_that_cannot_be_read_are_begun_anew(tmp_path, text):
    path = tmp_path / "discord-heard.json"
    path.write_text(text)
    marks = Marks(path)
    assert (marks.last(), marks.alive_at) == ({}, 0)


def test_marks_are_written_when_what_they_mark_is_decided(tmp_path):
    path = tmp_path / "new" / "discord-heard.json"
    marks = Marks(path)
    marks.alive_at = STILL_MS
    assert marks.heard(510, 7)
    assert not marks.heard(510, 7)
    marks.save()
    assert json.loads(path.read_text()) == {"alive_at": STILL_MS, "channels": {}}
    marks.save()
    assert Marks(path).last() == {510: 7}
    path.unlink()
    marks.alive_at += STILL_MS - 1
    marks.save()
    assert not path.exists(), "nothing new"
    marks.heard(511, 8)
    marks.end(decided=True)
    again = Marks(path)
    assert again.last() == {510: 7, 511: 8}
    assert again.alive_at == 2 * STILL_MS - 1


def test_marks_stay_few(tmp_path):
    marks = Marks(tmp_path / "discord-heard.json")
    for number in range(HEARD_MAX + 1):
        assert marks.heard(number, number)
    assert len(marks.last()) == CHANNELS_MAX
    assert marks.heard(0, 0), "forgotten by now"

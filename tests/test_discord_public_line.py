"""Discord: gifts by slash command, told in the channel in one line for many."""

import asyncio

import discord
import pytest

from bot.platforms.discord.bursts import NAMED_MAX, Burst, PublicLine
from commands.chat import Brief
from tests import discord_bench
from tests.discord_bench import enrich, listening, status_of

server = discord_bench.server

POST = "POST /api/v10/channels/{channel}/messages"
EDIT = "PATCH /api/v10/channels/{channel}/messages/{message}"


class Channel:
    """A channel that keeps what stands in it; errors are raised first, one each time."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.errors: list[Exception] = []

    async def post(self, text: str) -> "Line":
        self._fail()
        self.lines.append(text)
        return Line(self, len(self.lines) - 1)

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


class Line:
    def __init__(self, channel: Channel, number: int) -> None:
        self._channel, self._number = channel, number

    async def edit(self, *, content: str) -> None:
        self._channel._fail()
        self._channel.lines[self._number] = content


class Bench:
    """A public line whose time passes only in its own pauses, each of which a test lets begin."""

    def __init__(self) -> None:
        self.channel = Channel()
        self.now = 0.0
        self.pauses: list[float] = []
        self.rests = asyncio.Semaphore(0)
        self.may_go = asyncio.Semaphore(0)
        self.line = PublicLine(
            self.channel.post,
            burst_s=30,
            rewrite_s=5,
            clock=lambda: self.now,
            pause=self.pause,
        )

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.rests.release()
        await self.may_go.acquire()
        self.now += seconds

    async def rest(self) -> None:
        """Waits until it has spoken."""
        async with asyncio.timeout(5):
            await self.rests.acquire()


@pytest.fixture
async def bench():
    made = Bench()
    task = asyncio.create_task(made.line.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_first_gift_is_told_at_once_and_what_follows_is_added_to_its_line(bench):
    bench.line.add("vera", Brief("Rose", 5))
    await bench.rest()
    assert bench.channel.lines == ["🎁 @vera Rose ×5"]
    bench.line.add("mo", Brief("Galaxy", 1))
    bench.line.add("vera", Brief("Rose", 1))
    bench.may_go.release()
    await bench.rest()
    assert bench.channel.lines == ["🎁 @vera Rose ×6, @mo Galaxy"]
    assert bench.pauses == [5, 5]


async def test_after_a_while_a_new_line_is_begun(bench):
    bench.line.add("vera", Brief("Rose", 1))
    await bench.rest()
    bench.now = 31
    bench.line.add("mo", Brief("Rose", 1))
    bench.may_go.release()
    await bench.rest()
    assert bench.channel.lines == ["🎁 @vera Rose", "🎁 @mo Rose"]


async def test_discord_is_left_alone_for_as_long_as_it_asks(bench):
    bench.channel.errors = [discord.RateLimited(12.0), discord.RateLimited(999.0)]
    bench.line.add("vera", Brief("Rose", 1))
    await bench.rest()
    bench.line.add("mo", Brief("Rose", 1))
    for _ in range(2):
        bench.may_go.release()
        await bench.rest()
    assert bench.pauses == [12, 60, 5]
    assert bench.channel.lines == ["🎁 @vera Rose, @mo Rose"]


async def test_a_line_that_cannot_be_told_does_not_silence_the_next(bench):
    bench.channel.errors = [OSError("cut")]
    bench.line.add("vera", Brief("Rose", 1))
    await bench.rest()
    bench.line.add("mo", Brief("Rose", 1))
    bench.may_go.release()
    await bench.rest()
    assert bench.channel.lines == ["🎁 @vera Rose, @mo Rose"]


def test_many_givers_are_a_number_and_memory_stays_small():
    burst = Burst()
    for number in range(1_000):
        burst.add(f"v{number}", Brief("Rose", 2))
    burst.add("v0", Brief("Rose"))
    told = str(burst)
    assert told.startswith("🎁 @v0 Rose ×3, @v1 Rose ×2, ")
    assert told.endswith(f"@v{NAMED_MAX - 1} Rose ×2 +{1_000 - NAMED_MAX:,} more")
    assert len(burst._named) == NAMED_MAX


async def test_slash_gifts_are_told_in_their_channel(server, house, tmp_path):
    vera, mo = server.person("vera", nick="**V** <@1> @everyone"), server.person("mo")
    for person in (vera, mo):
        await enrich(house, person, 1_000)
    timing = {"rewrite_s": 0.01}
    async with listening(server, house.desk, tmp_path, timing=timing):
        await server.slash(vera, "gift", {"gift": "rose", "count": 5})
        [line] = await server.until(lambda: server.sent)
        assert line["content"] == r"🎁 @\*\*V\*\* \<@1> @everyone Rose ×5"
        assert line["allowed_mentions"] == {"parse": []}
        assert line["enforce_nonce"] is True
        call = await server.slash(mo, "gift", {"gift": "panda"})
        await server.until(lambda: call.words and server.edits)
        again = await server.press(mo, call.message, "Send again")
        await server.until(lambda: again.words and server.edits[-1]["content"].endswith("×2"))
        assert server.edits[-1]["content"].endswith("×5, @Mo Panda ×2")
        call = await server.slash(mo, "gift", {"gift": "lion"})
        await server.until(lambda: call.words)
    assert len(server.sent) == 1


async def test_a_line_that_somebody_took_away_is_told_anew(server, house, tmp_path):
    vera = server.person("vera")
    await enrich(house, vera, 1_000)
    async with listening(server, house.desk, tmp_path, timing={"rewrite_s": 0.01}):
        await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: server.sent)
        server.history.clear()
        await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: server.requests[EDIT])
        await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: len(server.sent) == 2)
    assert server.sent[-1]["content"] == "🎁 @Vera Rose ×3"


async def test_a_repeat_and_a_gift_that_waits_are_not_told(server, house, tmp_path):
    vera = server.person("vera")
    await enrich(house, vera, 1_000)
    house.policy = house.policy.model_copy(update={"approve_from_tier": 4})
    async with listening(server, house.desk, tmp_path, timing={"rewrite_s": 0.01}):
        call = await server.slash(vera, "gift", {"gift": "bouquet"})
        await server.until(lambda: call.words)
        assert "waits for a moderator" in call.words[0]
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: server.sent)
        await server.replay(call)
        last = await server.slash(vera, "gift", {"gift": "panda"})
        await server.until(lambda: server.edits)
    assert last.words
    assert server.edits[-1]["content"] == "🎁 @Vera Rose, Panda"


async def test_the_public_line_can_be_left_out(server, house, tmp_path):
    vera = server.person("vera")
    await enrich(house, vera, 1_000)
    async with listening(server, house.desk, tmp_path, public_line=False):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        await server.message(vera, "!balance")
        await server.until(lambda: server.sent)
    assert "You have 999 coins" in server.sent[0]["content"]


async def test_a_channel_that_is_closed_to_the_bot_is_a_status_with_its_fix(
    server, house, tmp_path
):
    vera = server.person("vera")
    await enrich(house, vera, 1_000)
    server.faults.refuse_posts = True
    async with listening(server, house.desk, tmp_path, timing={"rewrite_s": 0.01}) as platform:
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: call.words)
        assert await status_of(platform, "may not write in #channel-510") == "connected"
        assert "Send Messages" in platform.status().fix
        server.faults.refuse_posts = False
        await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: server.sent)
        assert await status_of(platform, "Serves") == "connected"

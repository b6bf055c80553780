"""Five hundred commands a second in one channel: nothing piles up, nobody is forgotten.

Giftcast runs in a process of its own, which watches itself (`tests/storm.py`); the platform's
stand-in and the page are here. The usual run lasts ten seconds, the storms on Twitch at once;
with GIFTCAST_SOAK a minute each, one after the other. The crowd stops typing while half a second
of gifts is not shown yet, and catches up: a machine that is busy for a moment makes no queue of
ours long. In the soak the rate must be held all the same.
"""

import asyncio
import json
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errands import WAITING_MAX as DEEDS_MAX
from bot.lanes import CHANNEL_MAX
from bot.notices import QUEUE_MAX as NOTICES_MAX
from bot.platforms.discord.errands import ERRANDS_MAX
from bot.platforms.discord.marks import HEARD_MAX
from bot.platforms.twitch.once import REMEMBERED
from bot.replies import WAITING_MAX
from data.sqlite.journal import QUEUE_MAX
from data.sqlite.keys import RECENT_MAX
from overlay.link import BUFFER_MAX
from overlay.receipts import GATHERED_MAX
from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn
from tests.house import scale
from tests.page import Page, browsing, until
from tests.storm import ROOT, Seen, Storm, fill

pytestmark = pytest.mark.alone

PER_S = 500
SECONDS = scale(10, 60)
SOAKED = SECONDS == 60
AHEAD_MAX = PER_S // 2  # gifts typed and not yet shown
VIEWERS, POOR = 280, 20
LIMITS = {
    "journal": QUEUE_MAX,
    "lanes": CHANNEL_MAX,
    "errands": ERRANDS_MAX,
    "deeds": DEEDS_MAX,
    "replies": WAITING_MAX,
    "page, bytes": BUFFER_MAX,
    "page, gifts": 4 * PER_S,
    "receipts": GATHERED_MAX,
    "notices": NOTICES_MAX,
    "tasks": CHANNEL_MAX + 100,
}
# What may hold more at the end than before, and how much: keys not in the index yet; ids of
# lines heard; marks of gifts shown, which last as long as those may be shown again.
KEPT = {
    "Keys._recent": RECENT_MAX,
    "Keys._moving": RECENT_MAX,
    "Marks._heard": HEARD_MAX,
    "Once._seen": REMEMBERED,
    "Marks._shown": PER_S * SECONDS,
}


@dataclass
class Outcome:
    """What came of a storm. refused: lines that the platform did not take."""

    seen: Seen
    took_s: float
    gifts_said: int
    painted: list[str]
    unconfirmed: int
    lines: int
    refused: int


@dataclass
class Chat:
    """A stand-in with a crowd in it. say: the viewer of that number types."""

    section: dict[str, Any]
    ids: list[str]
    say: Callable[[int, str], Awaitable[object]]
    lines: Callable[[], int]
    refused: Callable[[], int]


@asynccontextmanager
async def twitch() -> AsyncIterator[Chat]:
    async with TwitchStandIn() as stand_in:
        streamer, bot = stand_in.sign_in(stand_in.streamer), stand_in.sign_in(stand_in.bot)
        tokens = {
            "access_token": streamer.access,
            "refresh_token": streamer.refresh,
            "bot_access_token": bot.access,
            "bot_refresh_token": bot.refresh,
        }
        crowd = [stand_in.user(f"viewer{n}") for n in range(VIEWERS + POOR)]
        yield Chat(
            dict(stand_in.settings) | tokens,
            [viewer.id for viewer in crowd],
            lambda number, text: stand_in.chat(crowd[number], text),
            lambda: len(stand_in.sent),
            lambda: stand_in.allowance.refused,
        )


@asynccontextmanager
async def discord() -> AsyncIterator[Chat]:
    async with DiscordStandIn() as stand_in:
        crowd = [stand_in.person(f"viewer{n}") for n in range(VIEWERS + POOR)]
        post = "POST /api/v10/channels/{channel}/messages"
        yield Chat(
            {
                "token": stand_in.token,
                "api_url": stand_in.api_url,
                "gateway_url": stand_in.gateway_url,
            },
            [viewer.id for viewer in crowd],
            lambda number, text: stand_in.message(crowd[number], text),
            lambda: len(stand_in.sent),
            lambda: stand_in.requests[post] - len(stand_in.sent),
        )


STORMS = {
    "twitch": ("twitch", twitch, 0.0),
    "twitch on a slow disk": ("twitch", twitch, 0.010),
    "discord": ("discord", discord, 0.0),
}
USUAL = (("twitch", "twitch on a slow disk"), ("discord",))
SOAK = tuple((name,) for name in STORMS)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("storm")

    async def all_of_them() -> dict[str, Outcome]:
        (folder / "filled").mkdir()
        await fill(folder / "filled")
        found: dict[str, Outcome] = {}
        for together in SOAK if SOAKED else USUAL:
            outcomes = await asyncio.gather(*(weathered(folder, name) for name in together))
            found |= dict(zip(together, outcomes, strict=True))
        return found

    return asyncio.run(all_of_them())


async def weathered(root: Path, name: str) -> Outcome:
    """One storm, from a giftcast that starts to the last receipt."""
    platform, make, sync_s = STORMS[name]
    folder = root / name
    shutil.copytree(root / "filled", folder)
    async with make() as chat:
        rich = chat.ids[:VIEWERS]
        storm = Storm(str(folder), platform, chat.section, rich, sync_s=sync_s)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.storm", cwd=ROOT, limit=1 << 26,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None

        async def tell(order: object) -> Any:
            assert process.stdin is not None
            process.stdin.write(json.dumps(order).encode() + b"\n")

        async def hear() -> Any:
            assert process.stdout is not None
            return json.loads(await process.stdout.readline())

        await tell(asdict(storm))
        up = await hear()
        async with browsing(f"http://127.0.0.1:{up['port']}") as browser:
            page = await browser.open(up["token"])
            await chat.say(0, "!balance")  # so that the bot has a voice in the channel
            await until(chat.lines)
            await tell("begin")
            began = time.monotonic()
            said = await blow(chat, page)
            took_s = time.monotonic() - began
            await confirmed(page, said)
            await tell("over")
            seen = Seen(**await hear())
        await tell("thanks")
        assert await process.wait() == 0
        return Outcome(
            seen, took_s, said, page.memory.painted, len(page.memory.open),
            chat.lines(), chat.refused(),
        )  # fmt: skip


async def blow(chat: Chat, page: Page) -> int:
    """Have the crowd type, as many a second; how many gifts those with coins have typed."""
    gifts, began = 0, time.monotonic()
    for number in range(PER_S * SECONDS):
        await asyncio.sleep(max(0.0, began + number / PER_S - time.monotonic()))
        while gifts - len(page.memory.painted) > AHEAD_MAX:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        match number % 20:
            case 0:
                await chat.say(number % VIEWERS, "!balance")
            case 1:
                await chat.say(number % VIEWERS, "what a night")
            case 2:
                await chat.say(VIEWERS + number % POOR, "!gift universe")
            case _:
                await chat.say(number % VIEWERS, f"!gift rose 1 number {number}")
                gifts += 1
    return gifts


async def confirmed(page: Page, gifts: int) -> None:
    """Wait until the page has shown them all, and all that it has shown is settled."""
    await page.until(
        lambda: len(page.memory.painted) >= gifts and not page.memory.open, within_s=60
    )


@pytest.mark.parametrize("name", STORMS)
def test_every_accepted_gift_is_acknowledged_by_its_own_id(
    outcomes: dict[str, Outcome], name: str
) -> None:
    """And every gift that was typed by somebody with coins is accepted."""
    outcome = outcomes[name]
    assert len(outcome.seen.gifts) == outcome.gifts_said
    assert sorted(outcome.painted) == sorted(outcome.seen.gifts)
    assert outcome.unconfirmed == 0


@pytest.mark.parametrize("name", STORMS)
def test_no_queue_grows_without_bound(outcomes: dict[str, Outcome], name: str) -> None:
    """The known ones are within their limits; and nothing else holds more at the end."""
    seen = outcomes[name].seen
    assert set(LIMITS) - {"errands", "deeds"} <= set(seen.peaks) <= set(LIMITS)
    assert {queue: most for queue, most in seen.peaks.items() if most > LIMITS[queue]} == {}
    assert {name: size for name, size in seen.grown if size > KEPT.get(name, 0)} == {}


@pytest.mark.parametrize("name", STORMS)
def test_memory_is_flat(outcomes: dict[str, Outcome], name: str) -> None:
    """Once it is warm: in the first third the collector's first full round is yet to come."""
    memory = outcomes[name].seen.memory_mb
    memory = memory[len(memory) // 3 :]
    assert len(memory) >= 4
    middle = statistics.median(memory)
    assert max(abs(each - middle) for each in memory) <= 0.05 * middle, repr(memory)


@pytest.mark.parametrize("name", STORMS)
def test_replies_stay_within_what_the_platform_allows(
    outcomes: dict[str, Outcome], name: str
) -> None:
    """The stand-in counts lines as the platform does, and would answer 429."""
    outcome = outcomes[name]
    assert outcome.refused == 0
    assert outcome.lines >= 1


@pytest.mark.parametrize("name", STORMS)
def test_it_was_a_storm(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].took_s < (1.05 if SOAKED else 4) * SECONDS

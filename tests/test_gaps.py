"""Gaps: when a platform was not heard is written down, with its length, and told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import App
from bot.cli.check import Finding, _look_at_platforms
from bot.health import GAPS_MAX, Health
from bot.platform import PlatformStatus
from commands.gaps import RECENT, Gap
from commands.words import duration
from tests.house import MAIN, NOON, House
from tests.page import open_app


async def lost(house: House, began_s: float, for_s: float, *, mended: str = "", **how: str) -> None:
    """A platform was not heard, so many seconds after noon."""
    began = NOON + round(began_s * 1000)
    await house.gaps.record(
        how.get("stage", MAIN),
        how.get("platform", "twitch"),
        began,
        began + round(for_s * 1000),
        mended,
    )


async def test_a_gap_is_a_record_that_moves_nothing(house: House) -> None:
    """With its platform, its length and what was caught up."""
    await lost(house, 0, 125, mended="messages, redemptions")
    (record,) = await house.records("gap")
    assert record.key == f"gap:twitch:main:{NOON}"
    assert record.postings == ()
    assert house.gaps.recent(MAIN) == [
        Gap(MAIN, "twitch", NOON, NOON + 125_000, "messages, redemptions")
    ]
    assert await house.findings() == []


async def test_a_repeat_is_the_same_gap(house: House) -> None:
    """Two processes, or a retry, may tell of it."""
    for length in (5, 9):
        await lost(house, 0, length)
    assert [gap.seconds for gap in house.gaps.recent(MAIN)] == [5]


async def test_the_newest_are_known_again_after_a_restart(house: House) -> None:
    """Newest first, of each stage its own, and only so many."""
    for number in range(RECENT + 5):
        await lost(house, number * 100, number + 1)
    await lost(house, 0, 7, stage="second", platform="discord")
    before = house.gaps.recent(MAIN)
    assert len(before) == RECENT
    assert [gap.seconds for gap in before] == list(range(RECENT + 5, 5, -1))
    await house.restart()
    assert house.gaps.recent(MAIN) == before
    assert [gap.platform for gap in house.gaps.recent("second")] == ["discord"]
    assert house.gaps.recent("third") == []
    assert house.gaps.stages() == [MAIN, "second"]


async def test_what_was_caught_up_is_bounded_and_no_gap_is_negative(house: House) -> None:
    """Whatever a platform says."""
    await lost(house, 0, -5, mended="x" * 1_000)
    (gap,) = house.gaps.recent(MAIN)
    assert gap.seconds == 0
    assert len(gap.mended) == 100


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (1, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (3_600, "1 h"),
        (3_659, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 d"),
        (187_200, "2 d 4 h"),
    ],
)
def test_lengths_are_said_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_a_gap_is_said_in_a_sentence() -> None:
    """With its length, when it was, and what became of it."""
    gap = Gap(MAIN, "twitch", NOON, NOON + 125_000, "redemptions")
    assert gap.sentence() == (
        "Twitch was not heard for 2 min 5 s, from 12:00 UTC on Jan 15; caught up: redemptions."
    )
    lost_for_good = Gap(MAIN, "discord", NOON, NOON + 400)
    assert "for 1 s" in lost_for_good.sentence()
    assert "nothing could be caught up" in lost_for_good.sentence()


# Where it is told


@dataclass
class Network:
    """A platform that fares as told."""

    state: str
    cause: str = ""
    fix: str = ""

    def status(self) -> PlatformStatus:
        return PlatformStatus(self.state, self.cause, self.fix)


def health(house: House, **platforms: Network) -> Health:
    networks: Any = platforms
    return Health(
        version="1", platforms=networks, gaps=house.gaps, usable=lambda: True, problems=list
    )


async def test_health_tells_each_platform_s_state_in_words_with_the_fix(house: House) -> None:
    """Beside the bare states, which other programs rely on."""
    fix = "Open https://example.test and enter ABCD."
    usable, said = health(
        house, twitch=Network("failed", "The sign-in expired.", fix), discord=Network("connected")
    ).report()
    assert usable
    assert said["platforms"] == {"twitch": "failed", "discord": "connected"}
    assert said["platform_details"] == {
        "twitch": {"cause": "The sign-in expired.", "fix": fix},
        "discord": {"cause": "", "fix": ""},
    }
    assert said["gaps"] == []


async def test_health_tells_the_newest_gaps_of_all_stages(house: House) -> None:
    """Bounded, newest first, in figures and in words."""
    for number in range(RECENT):
        await lost(house, number * 100, 5)
        await lost(house, number * 100 + 50, 5, stage="second", platform="discord")
    _, said = health(house).report()
    assert len(said["gaps"]) == GAPS_MAX
    first = said["gaps"][0]
    assert first.pop("text").startswith("Discord was not heard for 5 s")
    assert first == {
        "stage": "second",
        "platform": "discord",
        "began": "2027-01-15T12:32:30.000Z",
        "ended": "2027-01-15T12:32:35.000Z",
        "seconds": 5,
        "mended": "",
    }


async def looked_at(house: House, **platforms: Network) -> dict[str, Finding]:
    """What the doctor finds, by its first word."""
    _, said = health(house, **platforms).report()
    return {finding.what.split()[0].rstrip(":"): finding for finding in _look_at_platforms(said)}


async def test_the_doctor_says_what_to_do_about_a_platform(house: House) -> None:
    """A platform that is connected and has something to be mended is not well."""
    await lost(house, 0, 125)
    found = await looked_at(
        house,
        twitch=Network("connected", "The bot may not write.", "Make it a moderator."),
        discord=Network("failed", "Discord refused the bot token.", "Make a new one."),
        other=Network("reconnecting", "The connection was lost.", "Nothing to do."),
        good=Network("connected", "Listening in the chat of Ann."),
        bare=Network("failed"),
    )
    assert (found["twitch"].ok, found["twitch"].why) == (False, "The bot may not write.")
    assert found["twitch"].fix == "Make it a moderator."
    assert (found["discord"].ok, found["discord"].fix) == (False, "Make a new one.")
    assert found["other"].ok
    assert "The connection was lost." in found["other"].what
    assert found["good"].ok
    assert "Listening" in found["good"].what
    assert found["bare"].fix == "see the front page"
    assert found["Twitch"].what.startswith("Twitch was not heard for 2 min 5 s")
    assert found["Twitch"].ok


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def test_the_running_program_tells_of_its_gaps(app: App) -> None:
    """`/healthz` without a login, the front page with one."""
    await app.gaps.record(MAIN, "twitch", NOON, NOON + 125_000, "<messages>")
    headers = {"Authorization": f"Bearer {app.api_token}"}
    async with ClientSession() as session:
        async with session.get(app.address("/healthz")) as answer:
            said = await answer.json()
        async with session.get(app.address("/"), headers=headers) as answer:
            page = await answer.text()
    assert [gap["seconds"] for gap in said["gaps"]] == [125]
    assert said["platform_details"]["simulator"]["fix"] == ""
    assert "Twitch was not heard for 2 min 5 s" in page
    assert "&lt;messages&gt;" in page

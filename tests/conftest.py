"""What several test files share."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from tests.house import House, open_house, scale

if TYPE_CHECKING:  # a library for few tests is loaded only by those that use it
    from playwright.async_api import Browser

    from benchmarks.reel import Cinema
    from tests.channel import RecordingDesk
    from tests.fakes.twitch import TwitchStandIn

settings.register_profile(
    "giftcast",
    deadline=None,
    derandomize=bool(scale(1, 0)),  # the soak looks at other examples each time
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("giftcast")

# Files that take long, the longest first: where workers share the tests, none waits for one of
# these in the end.
LONG = (
    "ledger_machine", "panels", "process", "goldens", "care", "weeks", "live_browser",
    "theme_card_browser", "gift_art_browser", "power_cut", "steady",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first; all else stays where it is."""
    order = {f"test_{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A folder on the disk, also where all others are in memory: for programs that are killed
    in the middle of syncing."""
    with tempfile.TemporaryDirectory(prefix="giftcast-") as folder:
        yield Path(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator["Browser"]:
    """A real browser for the tests of a file."""
    from tests.browser import launched

    async with launched() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cinema(browser: "Browser") -> AsyncIterator["Cinema"]:
    """Where its pages stand on a clock turned by hand."""
    from benchmarks.reel import Cinema

    async with Cinema.opened(browser) as opened:
        yield opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose gifts count at once: no browser source settles."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def screened(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose gifts are held until a browser source has shown them."""
    async with open_house(tmp_path, settles=True) as opened:
        yield opened


@pytest.fixture
async def twitch() -> AsyncIterator["TwitchStandIn"]:
    """A stand-in for Twitch."""
    from tests.fakes.twitch import TwitchStandIn

    async with TwitchStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def desk() -> "RecordingDesk":
    """A desk that notes what the Twitch platform hands to it."""
    from tests.channel import RecordingDesk

    return RecordingDesk()

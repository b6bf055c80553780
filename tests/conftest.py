"""What several test files share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.house import House, open_house

settings.register_profile(
    "giftcast",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("giftcast")


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

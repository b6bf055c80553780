"""Pictures of a page, on nothing: taken and packed in less than half the time of a screenshot."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Page

Look = Callable[[], Awaitable[bytes]]
_CLEAR = {"color": {"r": 0, "g": 0, "b": 0, "a": 0}}
_HOW = {"format": "png", "optimizeForSpeed": True}


@asynccontextmanager
async def camera(page: Page) -> AsyncIterator[Look]:
    """Each look is a picture (PNG) of what the page shows then."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setDefaultBackgroundColorOverride", _CLEAR)

    async def look() -> bytes:
        return base64.b64decode((await session.send("Page.captureScreenshot", _HOW))["data"])

    yield look
    await session.detach()


async def picture(page: Page) -> bytes:
    """One look (PNG)."""
    async with camera(page) as look:
        return await look()

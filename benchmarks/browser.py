"""A real browser without a GPU, as OBS draws a page without hardware acceleration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.machine import chromium
from benchmarks.measure import percentile
from benchmarks.place import RefusedError

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
FULL_HD = (1920, 1080)
_FRAMES = """async (ms) => {
  const times = [];
  let last = performance.now();
  const end = last + ms;
  await new Promise((done) => requestAnimationFrame(function frame(now) {
    times.push(now - last);
    last = now;
    now < end ? requestAnimationFrame(frame) : done();
  }));
  return times.slice(2);
}"""


@dataclass(frozen=True, slots=True)
class Frames:
    """How smoothly a page moved, as `requestAnimationFrame` saw it. times_ms: of each frame."""

    fps: float
    p95_ms: float
    most_ms: float
    times_ms: tuple[float, ...] = ()


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium. Raises `RefusedError` when there is none."""
    program = chromium()
    if program is None:
        raise RefusedError("there is no Chromium here")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=program, headless=True, args=FLAGS
        )
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def tab(opened: Browser, url: str, size: tuple[int, int] = FULL_HD) -> AsyncIterator[Page]:
    """A page of ours whose link is open."""
    page = await opened.new_page(viewport={"width": size[0], "height": size[1]})
    try:
        await page.goto(url)
        for _ in range(300):  # asked from here: the page's rules forbid `eval`
            if await page.evaluate("window.__giftcast?.state().link === 'open'"):
                break
            await asyncio.sleep(0.05)
        else:
            raise TimeoutError("the page's link did not open")
        await asyncio.sleep(0.6)
        yield page
    finally:
        await page.close()


async def frames(page: Page, seconds: float) -> Frames:
    """Measure the page's frames for so long; again when a busy machine drew none meanwhile."""
    times: list[float] = []
    while sum(times) <= 0:
        times = await page.evaluate(_FRAMES, seconds * 1e3)
    fps = 1e3 * len(times) / sum(times)
    return Frames(fps, percentile(times, 0.95), max(times), tuple(times))


async def shown(page: Page) -> list[dict[str, Any]]:
    """The page's own record: {id, at, painted_at}, on the clock of this machine."""
    found: list[dict[str, Any]] = await page.evaluate("window.__giftcast.shown")
    return found

"""A storm of gifts on the alerts page: how smoothly it moves, and whether every gift is seen."""

import asyncio
import statistics
from dataclasses import dataclass

from playwright.async_api import Browser, Page

from benchmarks.browser import FULL_HD, Frames, browser, frames, tab
from benchmarks.client import paced
from benchmarks.gifts import STAGE
from benchmarks.place import Place
from benchmarks.report import Section, Table, at_least, at_most, figure
from benchmarks.whole import add_source, say, whole
from bot.app import App

TITLE = "100 gifts in 2 s"
GIFTS = [
    "rose",
    "heart",
    "panda",
    "doughnut",
    "butterfly",
    "clap",
    "coffee",
    "star",
    "popcorn",
    "cake",
]
VIEWERS = 23
HERO = "lion"
# One large and eight small signs a gift, each an element of its own, moved by the browser.
_NAIVE = """async () => {
  const signs = ["🌹", "❤️", "🐼", "🍩", "🦋", "👏", "☕", "⭐", "🍿", "🎂"];
  const fly = (sign, size, ms) => {
    const element = document.createElement("div");
    element.textContent = sign;
    element.style.cssText = `position:fixed;left:0;top:0;font-size:${size}px;will-change:transform`;
    document.body.append(element);
    const [x, y] = [Math.random() * innerWidth, Math.random() * innerHeight];
    element.animate([
      {transform: `translate(${x}px, ${innerHeight}px) scale(.4)`, opacity: 0},
      {transform: `translate(${x}px, ${y}px) scale(1)`, opacity: 1, offset: .2},
      {transform: `translate(${x + 90}px, ${y - 200}px) scale(.8) rotate(40deg)`, opacity: 0},
    ], {duration: ms, easing: "ease-out"}).onfinish = () => element.remove();
  };
  for (let i = 0; i < 100; i += 1) {
    fly(signs[i % 10], 120, 2500);
    for (let k = 0; k < 8; k += 1) fly(signs[i % 10], 40, 2000);
    await new Promise((go) => setTimeout(go, 20));
  }
}"""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round gave. unseen: gifts never acknowledged. sparks: alive at the most."""

    idle: Frames
    storm: Frames
    hero: Frames
    naive: Frames
    unseen: int
    sparks: int


def run(place: Place) -> Section:
    """Measure it."""
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    rounds: list[Round] = []
    for number in range(place.pick(3, 1)):
        async with whole(place.made(f"round-{number}"), VIEWERS) as app, browser() as opened:
            rounds.append(await _round(place, app, opened))
    rows = [
        (name, *_figures([getattr(each, part) for each in rounds]))
        for name, part in (
            ("the alerts page, idle", "idle"),
            ("the alerts page, 100 gifts in 2 s", "storm"),
            (f"the alerts page, one hero ({HERO})", "hero"),
            ("naive page: nine DOM elements a gift, Web Animations", "naive"),
        )
    ]
    fps = statistics.median(each.storm.fps for each in rounds)
    beside = (
        f"Beside it in the same run: idle {_figures([r.idle for r in rounds])[0]} fps, naive "
        f"{_figures([r.naive for r in rounds])[0]} fps; at most "
        f"{max(r.sparks for r in rounds)} particles were alive at once."
    )
    return Section(
        "storm",
        TITLE,
        "Chromium without a GPU at 1920×1080; the gifts go the whole way (desk, journal, socket), "
        f"ten kinds from {VIEWERS} viewers, evenly over 2 s; frames are those of "
        "`requestAnimationFrame` over 5 s, the storm within. A gift counts as seen when the "
        "journal has settled it, that is, when the page has acknowledged its own id.",
        (Table(("page", "fps", "p95 frame ms", "longest frame ms"), rows),),
        [
            at_least("fps in the storm", fps, 58),
            at_most(
                "p95 frame in the storm",
                statistics.median(each.storm.p95_ms for each in rounds),
                20,
                " ms",
            ),
            at_least("fps of one hero", statistics.median(each.hero.fps for each in rounds), 55),
            at_most("gifts never acknowledged, all rounds", sum(r.unseen for r in rounds), 0),
        ],
        [beside],
    )


async def _round(place: Place, app: App, opened: Browser) -> Round:
    url = app.overlay_url("alerts", await add_source(app))
    seconds = place.pick(5.0, 0.4)
    async with tab(opened, url) as page:
        idle = await frames(page, place.pick(2.0, 0.1))
        measuring = asyncio.create_task(frames(page, seconds))
        await asyncio.sleep(0.2)
        gifts = place.pick(100, 2)
        peak = asyncio.create_task(_sparks(page, seconds - 0.5))

        async def give(number: int) -> None:
            name = f"viewer{number % VIEWERS}"
            text = f"!gift {GIFTS[number % len(GIFTS)]} {1 + number % 3}"
            await say(app, name, text, f"storm-{number}")

        await paced([n * 2 / 100 for n in range(gifts)], give)
        storm, sparks = await measuring, await peak
        unseen = await _unseen(app)
    async with tab(opened, url) as page:
        await say(app, "viewer0", f"!gift {HERO}", "hero")
        await asyncio.sleep(0.3)
        hero = await frames(page, place.pick(5.5, 0.1))
        unseen += await _unseen(app)
    plain = await opened.new_page(viewport={"width": FULL_HD[0], "height": FULL_HD[1]})
    measuring = asyncio.create_task(frames(plain, seconds))
    await asyncio.sleep(0.2)
    if not place.tiny:
        await plain.evaluate(_NAIVE)
    naive = await measuring
    await plain.close()
    return Round(idle, storm, hero, naive, unseen, sparks)


async def _sparks(page: Page, seconds: float) -> int:
    most = 0
    for _ in range(int(seconds / 0.5)):
        most = max(most, int(await page.evaluate("window.__giftcast.state().sparks ?? 0")))
        await asyncio.sleep(0.5)
    return most


async def _unseen(app: App) -> int:
    """Gifts that are still open when nothing more happens, or after half a minute."""
    for _ in range(120):
        if not app.settler.ready(STAGE):
            return 0
        await asyncio.sleep(0.25)
    return len(app.settler.ready(STAGE))


def _figures(found: list[Frames]) -> tuple[str, str, str]:
    return (
        figure(statistics.median(each.fps for each in found)),
        figure(statistics.median(each.p95_ms for each in found)),
        figure(statistics.median(each.most_ms for each in found)),
    )

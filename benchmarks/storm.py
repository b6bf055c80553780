"""A storm of gifts on the alerts page: how smoothly it moves, and whether every gift is seen and
everybody who gave is named; with other ways to draw a storm beside it.

`storm.png` shows every frame of the round in the middle.
"""

import asyncio
import statistics
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page

from benchmarks.browser import FULL_HD, Frames, browser, frames, tab
from benchmarks.client import paced
from benchmarks.gifts import STAGE
from benchmarks.place import ROOT, Place
from benchmarks.plot import Strip, plot
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
PICTURE = ROOT / "benchmarks" / "storm.png"
CONFETTI = ROOT / "benchmarks" / "vendor" / "canvas-confetti" / "confetti.browser.js"
PARTS = {
    "idle": "the alerts page, idle",
    "storm": "the alerts page, 100 gifts in 2 s",
    "hero": f"the alerts page, one hero ({HERO})",
    "confetti": "canvas-confetti 1.9.4: nine signs a gift on one canvas, no names, no counts",
    "naive": "naive page: nine DOM elements a gift, Web Animations",
}
# Whose names were to be read so far, on a card or under a film.
_NAMES = """() => {
  const names = window.__names = new Set();
  const look = () => {
    for (const place of document.querySelectorAll(".card-name, .card-message, .hero-name"))
      for (const name of place.textContent.match(/viewer\\d+/g) ?? []) names.add(name);
  };
  const all = { childList: true, subtree: true, characterData: true };
  new MutationObserver(look).observe(document.body, all);
}"""
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
# The same through canvas-confetti, which draws its signs once and then copies them.
_CONFETTI = """async () => {
  const signs = ["🌹", "❤️", "🐼", "🍩", "🦋", "👏", "☕", "⭐", "🍿", "🎂"];
  const shapes = signs.map((text) => confetti.shapeFromText({ text, scalar: 4 }));
  for (let i = 0; i < 100; i += 1) {
    const origin = { x: Math.random(), y: .7 };
    const at = { origin, shapes: [shapes[i % 10]], ticks: 130, spread: 90 };
    confetti({ ...at, particleCount: 1, scalar: 12, startVelocity: 30 });
    confetti({ ...at, particleCount: 8, scalar: 4, startVelocity: 40 });
    await new Promise((go) => setTimeout(go, 20));
  }
}"""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round gave. unseen: gifts never acknowledged; unnamed: viewers whose name was
    never on the screen. sparks: alive at the most."""

    frames: dict[str, Frames]
    unseen: int
    unnamed: int
    sparks: int


def run(place: Place) -> Section:
    """Measure it."""
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    rounds: list[Round] = []
    for number in range(place.pick(3, 1)):
        async with whole(place.made(f"round-{number}"), VIEWERS) as app, browser() as opened:
            rounds.append(await _round(place, app, opened))
    rounds.sort(key=lambda each: each.frames["storm"].fps)
    async with browser() as opened:
        picture = place.pick(PICTURE, place.folder / PICTURE.name)
        await _draw(opened, rounds[len(rounds) // 2], picture)
    found = {part: [each.frames[part] for each in rounds] for part in PARTS}
    beside = (
        "Beside it in the same run: "
        + ", ".join(
            f"{part} {_figures(found[part])[0]} fps" for part in ("idle", "confetti", "naive")
        )
        + f"; at most {max(r.sparks for r in rounds)} particles of ours were alive at once."
    )
    return Section(
        "storm",
        TITLE,
        "Chromium without a GPU at 1920×1080; the gifts go the whole way (desk, journal, socket), "
        f"ten kinds from {VIEWERS} viewers, evenly over 2 s; frames are those of "
        "`requestAnimationFrame` over 5 s, the storm within. A gift counts as seen when the "
        "journal has settled it, that is, when the page has acknowledged its own id; a viewer as "
        "named when the name stood on the screen.",
        (
            Table(
                ("page", "fps", "p95 frame ms", "longest frame ms"),
                [(title, *_figures(found[part])) for part, title in PARTS.items()],
            ),
        ),
        [
            at_least("fps in the storm", _fps(found["storm"]), 58),
            at_most("p95 frame in the storm", _p95(found["storm"]), 20, " ms"),
            at_least("fps of one hero", _fps(found["hero"]), 55),
            at_most("gifts never acknowledged, all rounds", sum(r.unseen for r in rounds), 0),
            at_most("viewers never named, all rounds", sum(r.unnamed for r in rounds), 0),
        ],
        [beside, f"![Every frame of the round in the middle]({PICTURE.name})"],
    )


async def _round(place: Place, app: App, opened: Browser) -> Round:
    url = app.overlay_url("alerts", await add_source(app))
    seconds = place.pick(5.0, 0.4)
    found: dict[str, Frames] = {}
    async with tab(opened, url) as page:
        found["idle"] = await frames(page, seconds)
        await page.evaluate(_NAMES)
        measuring = asyncio.create_task(frames(page, seconds))
        await asyncio.sleep(0.2)
        gifts = place.pick(100, 2)
        peak = asyncio.create_task(_sparks(page, seconds - 0.5))

        async def give(number: int) -> None:
            name = f"viewer{number % VIEWERS}"
            text = f"!gift {GIFTS[number % len(GIFTS)]} {1 + number % 3}"
            await say(app, name, text, f"storm-{number}")

        await paced([n * 2 / 100 for n in range(gifts)], give)
        found["storm"], sparks = await measuring, await peak
        unseen = await _unseen(app)
        unnamed = await _unnamed(page, min(gifts, VIEWERS))
    async with tab(opened, url) as page:
        await say(app, "viewer0", f"!gift {HERO}", "hero")
        await asyncio.sleep(0.3)
        found["hero"] = await frames(page, place.pick(5.5, 0.1))
        unseen += await _unseen(app)
    for part, script in (("confetti", _CONFETTI), ("naive", _NAIVE)):
        plain = await opened.new_page(viewport={"width": FULL_HD[0], "height": FULL_HD[1]})
        await plain.add_script_tag(path=CONFETTI)
        measuring = asyncio.create_task(frames(plain, seconds))
        await asyncio.sleep(0.2)
        if not place.tiny:
            await plain.evaluate(script)
        found[part] = await measuring
        await plain.close()
    return Round(found, unseen, unnamed, sparks)


async def _draw(opened: Browser, shown: Round, path: Path) -> None:
    strips = [
        Strip(title, f"{each.fps:.1f} fps, p95 {each.p95_ms:.0f} ms", each.times_ms)
        for part, title in PARTS.items()
        for each in (shown.frames[part],)
    ]
    below = "each bar is a frame, as wide and as tall as it took; 1920×1080, no GPU"
    await plot(opened, "Frame times: 100 gifts in 2 s", below, strips, path)


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


async def _unnamed(page: Page, viewers: int) -> int:
    """Viewers whose name was not to be read while the last cards stood."""
    for _ in range(80):
        missing = viewers - int(await page.evaluate("window.__names.size"))
        if missing <= 0 or not await page.evaluate("window.__giftcast.state().lanes.length"):
            return max(0, missing)
        await asyncio.sleep(0.25)
    return missing


def _fps(found: list[Frames]) -> float:
    return statistics.median(each.fps for each in found)


def _p95(found: list[Frames]) -> float:
    return statistics.median(each.p95_ms for each in found)


def _figures(found: list[Frames]) -> tuple[str, str, str]:
    longest = statistics.median(each.most_ms for each in found)
    return figure(_fps(found)), figure(_p95(found)), figure(longest)

"""`python -m benchmarks.gallery [gifts]`: what every gift looks like, to look at.

Writes `gallery/index.html`, a contact sheet of all art (`gifts.png`) and the key frames of the
full-screen films, taken from the real page (`heroes/`, `heroes.png`).
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import structlog
from playwright.async_api import Browser, Page

from benchmarks.browser import browser, tab
from benchmarks.place import ROOT, RefusedError
from benchmarks.whole import add_source, say, whole
from commands.words import coins
from data.catalogue import shipped

TITLE = "what every gift looks like"
ART = ROOT / "overlay" / "art" / "gifts"
HERO_FROM_TIER = 5
MOMENTS = (0.1, 0.28, 0.46, 0.66, 0.86)  # shares of a film's length
SIZE = (1280, 720)
_STYLE = """
body { margin: 0; padding: 24px; background: #14161c; color: #eef0f4;
  font: 15px system-ui, sans-serif }
h1 { font-size: 22px } h2 { font-size: 17px; margin: 28px 0 8px }
.gifts { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px }
figure { margin: 0; text-align: center } figcaption small { color: #9aa3b2; display: block }
.gifts img { width: 112px; height: 112px }
.film { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px } .film img { width: 100% }
"""
_LENGTH = """async (art) => {
  const films = (await import("/static/stage/heroes/index.js")).FILMS;
  if (films[art]) return films[art].length_ms;
  const { generic } = await import("/static/stage/heroes/generic.js");
  const { DEFAULT_PALETTE } = await import("/static/stage/art.js");
  return generic(art, DEFAULT_PALETTE).length_ms;
}"""
_BACKGROUND = """() => {
  document.documentElement.style.background =
    "radial-gradient(circle at 30% 20%, #37445a, #171b24 70%)";
}"""


async def make(folder: Path, wanted: list[str]) -> int:
    """Write the gallery; how many key frames were taken. wanted: ids; empty: all."""
    gifts = [gift for gift in shipped() if not wanted or gift["id"] in wanted]
    heroes = [gift for gift in gifts if gift["tier"] >= HERO_FROM_TIER]
    (folder / "art").mkdir(parents=True, exist_ok=True)
    (folder / "heroes").mkdir(exist_ok=True)
    for gift in gifts:
        shutil.copy(ART / f"{gift['art']}-256.webp", folder / "art")
    with tempfile.TemporaryDirectory() as data:
        async with whole(Path(data), 1) as app, browser() as opened:
            for number, gift in enumerate(heroes):
                url = app.overlay_url("alerts", await add_source(app, f"film {number}"))
                async with tab(opened, url, SIZE) as page:
                    await page.evaluate(_BACKGROUND)
                    await say(app, "viewer0", f"!gift {gift['id']} great stream!", f"{number}")
                    await _film(page, gift, folder / "heroes")
                print(f"{gift['name']} …", file=sys.stderr)
            (folder / "index.html").write_text(contents(gifts, heroes), encoding="utf-8")
            await _sheet(opened, contents(gifts, []), folder, "gifts.png")
            await _sheet(opened, contents([], heroes), folder, "heroes.png")
    return len(heroes) * len(MOMENTS)


async def _film(page: Page, gift: dict[str, Any], folder: Path) -> None:
    length_ms = float(await page.evaluate(_LENGTH, gift["art"]))
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, share in enumerate(MOMENTS):
        await asyncio.sleep(max(0.0, began + share * length_ms / 1e3 - loop.time()))
        await page.screenshot(path=folder / f"{gift['id']}-{number}.png")


async def _sheet(opened: Browser, html: str, folder: Path, name: str) -> None:
    """A page of the gallery as one picture."""
    page = await opened.new_page(viewport={"width": 1400, "height": 100})
    draft = folder / "draft.html"
    draft.write_text(html, encoding="utf-8")
    await page.goto(draft.resolve().as_uri())
    await page.screenshot(path=folder / name, full_page=True)
    await page.close()
    draft.unlink()


def contents(gifts: list[dict[str, Any]], heroes: list[dict[str, Any]]) -> str:
    """The gallery as HTML."""
    cards = "".join(
        f'<figure><img src="art/{gift["art"]}-256.webp" alt="{escape(gift["alt"])}">'
        f"<figcaption>{escape(gift['name'])}<small>{coins(gift['price_coins'])}, tier "
        f"{gift['tier']}</small></figcaption></figure>"
        for gift in gifts
    )
    films = "".join(
        f"<h2>{escape(gift['name'])}, {coins(gift['price_coins'])}</h2><div class='film'>"
        + "".join(f'<img src="heroes/{gift["id"]}-{n}.png" alt="">' for n in range(len(MOMENTS)))
        + "</div>"
        for gift in heroes
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gifts</title>'
        f"<style>{_STYLE}</style><h1>Gifts of giftcast</h1>"
        f"<div class='gifts'>{cards}</div>{films}</html>"
    )


def main() -> None:
    """Make the gallery of all gifts, or of those named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gallery", description=TITLE)
    parser.add_argument("gifts", nargs="*", metavar="gift", help="ids; none: all")
    parser.add_argument("--folder", type=Path, default=ROOT / "gallery")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.gifts) - {gift["id"] for gift in shipped()}):
        parser.error(f"there is no gift {unknown[0]!r}")
    level = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=level)
    try:
        taken = asyncio.run(make(asked.folder, asked.gifts))
    except RefusedError as error:
        sys.exit(f"No gallery: {error}.")
    print(f"{asked.folder / 'index.html'}: all art, and {taken} key frames")


if __name__ == "__main__":
    main()

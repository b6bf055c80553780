"""`python -m benchmarks.gallery [gifts]`: what every gift looks like, to look at.

Writes `gallery/index.html`, a contact sheet of all art (`gifts.png`) and the key frames of the
full-screen films, one a beat, taken from the real page on a clock turned by hand (`heroes/`,
`heroes.png`). Without names also the sheet for the README: `docs/gifts.png`.
"""

import argparse
import asyncio
import shutil
import sys
from html import escape
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from benchmarks.browser import browser
from benchmarks.place import ROOT, RefusedError
from benchmarks.reel import Cinema, reel
from commands.words import coins
from data.catalogue import shipped

TITLE = "what every gift looks like"
ART = ROOT / "overlay" / "art" / "gifts"
SHEET = ROOT / "docs" / "gifts.png"
HERO_FROM_TIER = 5
SIZE = (1280, 720)
BEATS = 5
KEY_FRAME = 3  # that of the climax
KEY_FRAMES = {"racing-car": 1, "comet": 2}  # which then is thin, and is gone
AFTER_MS = 420  # so long after a beat its picture stands
_STYLE = """
body { margin: 0; padding: 24px; background: #14161c; color: #eef0f4;
  font: 15px system-ui, sans-serif }
h1 { font-size: 22px } h2 { font-size: 17px; margin: 28px 0 8px }
.gifts { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px }
figure { margin: 0; text-align: center } figcaption small { color: #9aa3b2; display: block }
.gifts img { width: 112px; height: 112px }
.film { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px } .film img { width: 100% }
"""
_COMPACT = """
body { margin: 0; padding: 14px; background: #191c26; color: #c9cedb;
  font: 8.4px system-ui, sans-serif; width: 972px }
.gifts { display: grid; grid-template-columns: repeat(17, 1fr); gap: 8px 2px; text-align: center;
  align-items: start }
.gifts img { width: 46px; height: 46px }
.films { display: grid; grid-template-columns: repeat(5, 1fr); gap: 4px; margin-top: 14px }
.films img { width: 100%; aspect-ratio: 3 / 2; display: block; object-fit: cover }
figure { margin: 0; min-width: 0; line-height: 1.15; overflow-wrap: anywhere }
"""
_BACKGROUND = "() => { document.documentElement.style.background = '#191c26'; }"


async def make(folder: Path, wanted: list[str]) -> int:
    """Write the gallery; how many key frames were taken. wanted: ids; empty: all."""
    gifts = [gift for gift in shipped() if not wanted or gift["id"] in wanted]
    heroes = [gift for gift in gifts if gift["tier"] >= HERO_FROM_TIER]
    (folder / "art").mkdir(parents=True, exist_ok=True)
    (folder / "heroes").mkdir(exist_ok=True)
    for gift in gifts:
        shutil.copy(ART / f"{gift['art']}-256.webp", folder / "art")
    async with browser() as opened, Cinema.opened(opened) as cinema:
        for gift in heroes:
            await _film(cinema, gift, folder / "heroes")
            print(f"{gift['name']} …", file=sys.stderr)
        (folder / "index.html").write_text(contents(gifts, heroes), encoding="utf-8")
        await _sheet(opened, contents(gifts, []), folder, folder / "gifts.png")
        await _sheet(opened, contents([], heroes), folder, folder / "heroes.png")
        if not wanted:
            await _sheet(opened, compact(gifts, heroes), folder, SHEET, wide=1000)
    return len(heroes) * BEATS


async def _film(cinema: Cinema, gift: dict[str, Any], folder: Path) -> None:
    """One picture a beat, and one between reveal and climax."""
    async with reel(cinema, SIZE, volume=0) as film:
        await film.page.evaluate(_BACKGROUND)
        beats = await film.film(gift["art"])
        reveal, climax, farewell = (beats[name] for name in ("reveal", "climax", "farewell"))
        moments = (
            reveal * 0.6,
            reveal + AFTER_MS,
            max((reveal + AFTER_MS + climax) / 2, reveal + AFTER_MS + 40),
            climax + AFTER_MS,
            farewell + (beats["length_ms"] - farewell) * 0.35,
        )
        await film.gift(gift, message="great stream!")
        now = 0.0
        for number, moment in enumerate(moments):
            await film.run(max(0.0, moment - now))
            now = max(now, moment)
            await film.page.screenshot(path=folder / f"{gift['id']}-{number}.png")


async def _sheet(opened: Browser, html: str, folder: Path, path: Path, wide: int = 1400) -> None:
    """A page of the gallery as one picture."""
    page = await opened.new_page(viewport={"width": wide, "height": 100})
    draft = folder / "draft.html"
    draft.write_text(html, encoding="utf-8")
    await page.goto(draft.resolve().as_uri())
    await page.screenshot(path=path, full_page=True)
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
        + "".join(f'<img src="heroes/{gift["id"]}-{n}.png" alt="">' for n in range(BEATS))
        + "</div>"
        for gift in heroes
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gifts</title>'
        f"<style>{_STYLE}</style><h1>Gifts of giftcast</h1>"
        f"<div class='gifts'>{cards}</div>{films}</html>"
    )


def key_frame(gift: dict[str, Any]) -> int:
    """The number of the picture that says most about a film."""
    return KEY_FRAMES.get(gift["id"], KEY_FRAME)


def compact(gifts: list[dict[str, Any]], heroes: list[dict[str, Any]]) -> str:
    """All gifts small, and one frame of each film, as HTML."""
    cards = "".join(
        f'<figure><img src="art/{gift["art"]}-256.webp" alt=""><br>{escape(gift["name"])}</figure>'
        for gift in gifts
    )
    films = "".join(
        f'<img src="heroes/{gift["id"]}-{key_frame(gift)}.png" alt="">' for gift in heroes
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gifts</title>'
        f"<style>{_COMPACT}</style><div class='gifts'>{cards}</div>"
        f"<div class='films'>{films}</div></html>"
    )


def main() -> None:
    """Make the gallery of all gifts, or of those named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gallery", description=TITLE)
    parser.add_argument("gifts", nargs="*", metavar="gift", help="ids; none: all")
    parser.add_argument("--folder", type=Path, default=ROOT / "gallery")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.gifts) - {gift["id"] for gift in shipped()}):
        parser.error(f"there is no gift {unknown[0]!r}")
    try:
        taken = asyncio.run(make(asked.folder, asked.gifts))
    except RefusedError as error:
        sys.exit(f"No gallery: {error}.")
    print(f"{asked.folder / 'index.html'}: all art, and {taken} key frames")


if __name__ == "__main__":
    main()

"""`python -m benchmarks.goldens [names]`: take the golden pictures anew.

A golden is a sheet of small pictures of what a widget, a film or a scene looks like, taken from
the real page on a clock turned by hand. `tests/test_goldens.py` holds pages against them. After a
change that is meant: `make goldens`, look at `goldens/index.html` (before, after, difference), and
commit.
"""

import argparse
import asyncio
import base64
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from benchmarks.browser import browser
from benchmarks.camera import picture
from benchmarks.place import ROOT, RefusedError
from benchmarks.reel import Cinema, reel
from benchmarks.scenes import SCENES, SMALL, frames
from data.catalogue import shipped
from overlay.widget import discover

TITLE = "golden pictures of widgets and films"
KEPT = ROOT / "tests" / "goldens"
FOUND = ROOT / "goldens"
SIZES = ((1280, 720), (1080, 1920), (640, 360))
HERO_FROM_TIER = 5
STILL_MS = 3_000  # then what comes in has come
AFTER_MS = 420  # so long after a beat its picture stands
BLOCK = 10  # pixels of a small picture
DIFFERS = 20.0  # mean difference of a block (of 255) that is more than another machine's letters
FAR = 45.0
FEW = 3  # so many blocks may differ, unless they are far off
_GROUND = "#5a6374"
_STYLE = (
    "body{background:#14161c;color:#eef0f4;font:15px system-ui;padding:20px}"
    "img{max-width:100%;display:block;margin:4px 0}"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet held against its golden. blocks: the mean difference of each, 0 … 255; none when
    the sizes differ. picture: where it differs, in red."""

    blocks: tuple[float, ...] | None
    picture: bytes

    @property
    def alike(self) -> bool:
        """Whether nobody would see a difference."""
        if self.blocks is None:
            return False
        return sum(each > DIFFERS for each in self.blocks) <= FEW and max(self.blocks) <= FAR

    def __str__(self) -> str:
        if self.blocks is None:
            return "another size"
        count = sum(each > DIFFERS for each in self.blocks)
        return f"{count} of {len(self.blocks)} blocks differ, at the most by {max(self.blocks):.0f}"


def names() -> list[str]:
    """Every golden there should be: one a widget, one a film, and one of each scene."""
    films = [gift["art"] for gift in shipped() if gift["tier"] >= HERO_FROM_TIER]
    widgets = sorted(discover())
    return [*(f"widget-{name}" for name in widgets), *SCENES, *(f"film-{art}" for art in films)]


def golden(name: str) -> Path:
    """Where a golden is kept."""
    return KEPT / f"{name}.webp"


class Darkroom:
    """A page that shrinks, joins and compares pictures."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def sheet(self, pictures: list[bytes]) -> bytes:
        """Screenshots side by side, small, on a plain ground; as WebP."""
        texts = [base64.b64encode(picture).decode() for picture in pictures]
        return base64.b64decode(
            await self._page.evaluate("(how) => window.darkroom.sheet(how)", [texts, _GROUND])
        )

    async def hold(self, before: bytes, after: bytes) -> Held:
        """Compare two sheets."""
        texts = [base64.b64encode(sheet).decode() for sheet in (before, after)]
        found = await self._page.evaluate("(how) => window.darkroom.hold(how)", [*texts, BLOCK])
        blocks = found["blocks"]
        picture = base64.b64decode(found["picture"])
        return Held(None if blocks is None else tuple(blocks), picture)


async def darkroom(opened: Browser) -> Darkroom:
    """A new one."""
    page = await opened.new_page()
    await page.add_script_tag(path=ROOT / "benchmarks" / "darkroom.js")
    return Darkroom(page)


async def taken(cinema: Cinema, name: str) -> list[bytes]:
    """The screenshots of one sheet."""
    kind, _, subject = name.partition("-")
    if name in SCENES:
        return await SCENES[name](cinema)
    if kind == "film":
        return await _film(cinema, subject)
    return [await still(cinema, subject, size) for size in SIZES]


async def still(
    cinema: Cinema,
    widget: str,
    size: tuple[int, int],
    change: Callable[[Page], Awaitable[Any]] | None = None,
) -> bytes:
    """A widget's demonstration, stood still. change: what is done to the page before."""
    async with reel(cinema, size, widget=widget, volume=0) as stage:
        await stage.demo(still=True)
        await stage.turn(STILL_MS)
        if change is not None:
            await change(stage.page)
        return await picture(stage.page)


async def _film(cinema: Cinema, art: str) -> list[bytes]:
    """One picture a beat."""
    gift = next(each for each in shipped() if each["art"] == art)
    async with reel(cinema, SMALL, volume=0) as film:
        beats = await film.film(art)
        farewell = beats["farewell"]
        moments = (
            beats["reveal"] * 0.6,
            beats["reveal"] + AFTER_MS,
            beats["climax"] + AFTER_MS,
            farewell + (beats["length_ms"] - farewell) * 0.35,
        )
        await film.gift(gift, message="great stream!")
        return await frames(film, moments)


async def renew(wanted: list[str]) -> int:
    """Take these anew, or all; how many have changed. Writes a page to look at them."""
    KEPT.mkdir(exist_ok=True)
    FOUND.mkdir(exist_ok=True)
    rows, changed = [], 0
    async with browser() as opened, Cinema.opened(opened) as cinema:
        room = await darkroom(opened)
        for name in wanted or names():
            after = await room.sheet(await taken(cinema, name))
            path = golden(name)
            before = path.read_bytes() if path.exists() else None
            held = await room.hold(before, after) if before else None
            if held is None or not held.alike:
                path.write_bytes(after)
                changed += 1
            said = "new" if held is None else "as before" if held.alike else str(held)
            print(f"{name}: {said}", file=sys.stderr)
            rows.append(_row(name, said, before, after, held))
    if not wanted:
        for path in set(KEPT.glob("*.webp")) - {golden(name) for name in names()}:
            path.unlink()
    page = f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style>{"".join(rows)}'
    (FOUND / "index.html").write_text(page, "utf-8")
    return changed


def _row(name: str, said: str, before: bytes | None, after: bytes, held: Held | None) -> str:
    pictures = [before, after, held.picture] if held and not held.alike else [after]
    images = "".join(
        f'<img alt="" src="data:image/webp;base64,{base64.b64encode(each).decode()}">'
        for each in pictures
        if each
    )
    return f"<h3>{escape(name)}: {escape(said)}</h3>{images}"


def main() -> None:
    """Renew all, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.goldens", description=TITLE)
    parser.add_argument("names", nargs="*", metavar="name", help="none: all")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(names())):
        parser.error(f"there is no {unknown[0]}: choose from {', '.join(names())}")
    try:
        changed = asyncio.run(renew(asked.names))
    except RefusedError as error:
        sys.exit(f"No goldens: {error}.")
    print(f"{changed} changed; look at {FOUND / 'index.html'}")


if __name__ == "__main__":
    main()

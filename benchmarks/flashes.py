"""`python -m benchmarks.flashes [gifts]`: measure how often each shipped gift flashes.

Every full-screen film, and one card of each smaller tier under a quick combo, is played on a clock
turned by hand and photographed 30 times a second. `flashes.json` keeps the verdicts with what they
were measured on, so that only what has changed since is measured again.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from benchmarks.browser import browser
from benchmarks.place import ROOT, RefusedError
from benchmarks.reel import Reel, reel
from data.catalogue import shipped
from overlay.flashing import Grid, Verdict, judge

TITLE = "how often each shipped gift flashes"
RESULTS = ROOT / "benchmarks" / "flashes.json"
OVERLAY = ROOT / "overlay"
STAGE = OVERLAY / "static" / "stage"
HERO_FROM_TIER = 5
CARD_MS = 4000
COMBO_MS = 200  # a card counts up so often
SIZE = (256, 192)
GRID = Grid(64, 48)
ENGINE = "engine"
SENTINELS = 3  # so many films are measured when only what plays them has changed
_PLAYERS = ("film.js", "film.css", "particles.js", "sprites.js")
_CARDS = ("cards.js", "cards.css", "flair.js", "moves.js", "particles.js", "sprites.js")
_SHRUNK = """async ([picture, wide, tall]) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const pen = new OffscreenCanvas(wide, tall).getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, wide, tall);
  const { data } = pen.getImageData(0, 0, wide, tall);
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict, and the fingerprint of what it was measured on."""

    hash: str
    general: float
    red: float


def cases() -> list[dict[str, Any]]:
    """The gifts that are measured: every film, and the first gift of each smaller tier."""
    gifts = shipped()
    small = range(1, HERO_FROM_TIER)
    firsts = [next(gift for gift in gifts if gift["tier"] == tier) for tier in small]
    return [*firsts, *(gift for gift in gifts if gift["tier"] >= HERO_FROM_TIER)]


def fingerprint(gift: dict[str, Any]) -> str:
    """Of the source and the art of a gift's film, or of what draws its card."""
    art = gift["art"]
    source = STAGE / "heroes" / f"{art}.js"
    if gift["tier"] < HERO_FROM_TIER:
        return _hash([*(STAGE / name for name in _CARDS), *_pictures(art)])
    if not source.exists():
        source = STAGE / "heroes" / "generic.js"
    named = re.findall(r'layer: \["([\w-]+)"|art: "([\w-]+)"', source.read_text("utf-8"))
    used = sorted({name for pair in named for name in pair if name} | {art})
    pictures = [path for name in used for path in _pictures(name)]
    return _hash([source, STAGE / "heroes" / "parts.js", *pictures])


def engine() -> str:
    """Fingerprint of what plays all films."""
    return _hash(STAGE / name for name in _PLAYERS)


def _pictures(art: str) -> list[Path]:
    layers = OVERLAY / "art" / "layers" / art
    return [*sorted((OVERLAY / "art" / "gifts").glob(f"{art}-*.webp")), *sorted(layers.glob("*"))]


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kept(path: Path = RESULTS) -> dict[str, Kept]:
    """The verdicts by gift; the player's fingerprint under `engine`."""
    if not path.exists():
        return {}
    return {name: Kept(**one) for name, one in json.loads(path.read_text("utf-8")).items()}


def changed(known: dict[str, Kept]) -> list[dict[str, Any]]:
    """The gifts whose verdict no longer stands. After a change of the player alone: the worst."""
    stale = [
        gift
        for gift in cases()
        if gift["id"] not in known or known[gift["id"]].hash != fingerprint(gift)
    ]
    if stale or (ENGINE in known and known[ENGINE].hash == engine()):
        return stale
    films = [gift for gift in cases() if gift["tier"] >= HERO_FROM_TIER]
    films.sort(key=lambda gift: -max(known[gift["id"]].general, known[gift["id"]].red))
    return films[:SENTINELS]


async def measure(opened: Browser, gift: dict[str, Any]) -> Verdict:
    """Play one gift and count its flashes."""
    darkroom = await opened.new_page()
    try:
        async with reel(opened, SIZE, volume=0, fx="high", hero_from_coins=0) as film:
            hero = gift["tier"] >= HERO_FROM_TIER
            ms = (await film.film(gift["art"]))["length_ms"] + 400 if hero else CARD_MS
            await film.gift(gift)
            return judge(await filmed(film, darkroom, ms, None if hero else gift), GRID)
    finally:
        await darkroom.close()


async def filmed(
    film: Reel, darkroom: Page, ms: float, combo: dict[str, Any] | None = None
) -> list[bytes]:
    """The frames of so many ms, shrunk to the grid. combo: a gift that is sent again and again."""
    frames = []
    step_ms = 1000 / GRID.rate
    every = round(COMBO_MS / step_ms)
    for number in range(round(ms / step_ms)):
        if combo and number % every == 0:
            count = number // every + 2
            await film.gift(combo, gift_id=f"{count}-reel", combo={"id": "c", "count": count})
        await film.step(step_ms)
        picture = await film.page.screenshot(omit_background=True)
        place = [base64.b64encode(picture).decode(), GRID.wide, GRID.tall]
        frames.append(base64.b64decode(await darkroom.evaluate(_SHRUNK, place)))
    return frames


async def renew(wanted: list[str]) -> dict[str, Kept]:
    """Measure what is named, or what has changed, and keep it."""
    found = kept()
    todo = [gift for gift in cases() if gift["id"] in wanted] if wanted else changed(found)
    if not wanted and todo and found.get(ENGINE, Kept("", 0, 0)).hash != engine():
        todo = cases()
    async with browser() as opened:
        for gift in todo:
            verdict = await measure(opened, gift)
            found[gift["id"]] = Kept(fingerprint(gift), verdict.general, verdict.red)
            print(f"{gift['id']}: {verdict.general:g} general, {verdict.red:g} red a second")
    if len(todo) == len(cases()):
        found[ENGINE] = Kept(engine(), 0, 0)
    order = [gift["id"] for gift in cases()]
    found = {name: found[name] for name in [ENGINE, *order] if name in found}
    lines = json.dumps({name: asdict(one) for name, one in found.items()}, indent=1)
    RESULTS.write_text(lines + "\n", "utf-8")
    return found


def main() -> None:
    """Measure what has changed, or the gifts that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flashes", description=TITLE)
    parser.add_argument("gifts", nargs="*", metavar="gift", help="ids; none: what has changed")
    asked = parser.parse_args()
    known = {gift["id"] for gift in cases()}
    if unknown := sorted(set(asked.gifts) - known):
        parser.error(f"{unknown[0]!r} is not measured; these are: {', '.join(sorted(known))}")
    try:
        found = asyncio.run(renew(asked.gifts))
    except RefusedError as error:
        sys.exit(f"Nothing measured: {error}.")
    failed = [name for name, one in found.items() if not Verdict(one.general, one.red).passes]
    if failed:
        sys.exit(f"More than three flashes in a second: {', '.join(failed)}.")
    print(f"{RESULTS.name}: {len(found)} verdicts, none above three flashes a second")


if __name__ == "__main__":
    main()

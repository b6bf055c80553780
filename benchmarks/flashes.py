"""`python -m benchmarks.flashes [gifts]`: measure how often each shipped gift flashes.

Every film is played at its own pace and as fast as when many wait behind it, every smaller gift as
a card under a quick combo, on a clock turned by hand, and photographed 30 times a second.
`flashes.json` keeps the worst verdict of each gift with a fingerprint of what draws it, so that
only what has changed since is measured again.
"""

import argparse
import asyncio
import hashlib
import io
import json
import multiprocessing
import re
import sys
from collections.abc import Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.browser import browser
from benchmarks.camera import camera
from benchmarks.place import ROOT, RefusedError
from benchmarks.reel import Cinema, Reel, reel, sent
from data.catalogue import shipped
from overlay.flashing import Grid, Verdict, judge

TITLE = "how often each shipped gift flashes"
RESULTS = ROOT / "benchmarks" / "flashes.json"
OVERLAY = ROOT / "overlay"
STAGE = OVERLAY / "static" / "stage"
HERO_FROM_TIER = 5
CARD_MS = 4000
COMBO_MS = 200  # a card counts up so often
AFTER_MS = 300  # what leaves after a film's end; then the next may begin
CROWD = 6  # films that wait: the first of them runs as fast as any can
SIZE = (256, 192)
GRID = Grid(64, 48)
AT_ONCE = 3  # a page mostly waits for its pictures
_CARD = ("cards.js", "particles.js", "cards.css", "face.css", "stage.css")
_FILM = ("hero.js", "particles.js", "pressure.js", "hero.css", "film.css", "face.css", "stage.css")
# Not followed: the list of all films, and what only counts and finds words.
_PASSED_OVER = {"heroes/index.js", "show.js", "words.js"}
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*? from "(\.[^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict, and the fingerprint of what it was measured on."""

    hash: str
    general: float
    red: float

    @property
    def passes(self) -> bool:
        """Whether the gift may be shown."""
        return Verdict(self.general, self.red).passes


def is_film(gift: dict[str, Any]) -> bool:
    """Whether the gift fills the screen."""
    return bool(gift["tier"] >= HERO_FROM_TIER)


def drawn_by(gift: dict[str, Any]) -> list[Path]:
    """Every file that draws a gift: scripts with all that they import, style sheets, pictures."""
    art = gift["art"]
    if not is_film(gift):
        return [*imported(STAGE / name for name in _CARD), *_pictures({art})]
    source = STAGE / "heroes" / f"{art}.js"
    if not source.exists():
        source = STAGE / "heroes" / "generic.js"
    named = re.findall(r'layer: \["([\w-]+)"|art: "([\w-]+)"', source.read_text("utf-8"))
    pictures = _pictures({name for pair in named for name in pair if name} | {art})
    return [*imported([source, *(STAGE / name for name in _FILM)]), *pictures]


def imported(roots: Iterable[Path]) -> list[Path]:
    """These files and what they import, directly or not, in order of their names."""
    found: set[Path] = set()
    todo = list(roots)
    while todo:
        path = todo.pop()
        if path in found or path.relative_to(STAGE).as_posix() in _PASSED_OVER:
            continue
        found.add(path)
        if path.suffix == ".js":
            text = path.read_text("utf-8")
            todo += [(path.parent / name).resolve() for name in _IMPORT.findall(text)]
    return sorted(found)


def fingerprint(gift: dict[str, Any]) -> str:
    """Of all that draws a gift, and of how flashes are counted."""
    return digest([OVERLAY / "flashing.py", *drawn_by(gift)], ROOT)


def digest(paths: Iterable[Path], root: Path) -> str:
    """Of files: their names from the root, and what is in them."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(root).as_posix().encode() + b"\0")
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _pictures(arts: set[str]) -> list[Path]:
    folder = OVERLAY / "art"
    found: list[Path] = []
    for art in sorted(arts):
        found += sorted((folder / "gifts").glob(f"{art}-*.webp"))
        found += sorted((folder / "layers" / art).glob("*"))
    return found


def kept(path: Path = RESULTS) -> dict[str, Kept]:
    """The verdicts by gift."""
    if not path.exists():
        return {}
    return {name: Kept(**one) for name, one in json.loads(path.read_text("utf-8")).items()}


def keep(found: dict[str, Kept], path: Path = RESULTS) -> None:
    """Write the verdicts down, in the catalogue's order; those of other gifts are left out."""
    order = [gift["id"] for gift in shipped()]
    lines = json.dumps({name: asdict(found[name]) for name in order if name in found}, indent=1)
    path.write_text(lines + "\n", "utf-8")


def stale(known: dict[str, Kept]) -> list[dict[str, Any]]:
    """The shipped gifts that have no verdict, or one on what has changed since."""
    return [
        gift
        for gift in shipped()
        if gift["id"] not in known or known[gift["id"]].hash != fingerprint(gift)
    ]


async def measure(
    cinema: Cinema, gift: dict[str, Any], *, hurried: bool = False, pool: Executor | None = None
) -> Verdict:
    """Play one gift and count its flashes. hurried: as fast as any film runs. pool: who counts."""
    async with reel(cinema, SIZE, volume=0, fx="high", hero_from_coins=0) as stage:
        if not is_film(gift):
            await stage.gift(gift)
            frames = await filmed(stage, CARD_MS, gift)
        else:
            length_ms = (await stage.film(gift["art"]))["length_ms"]
            rate = await hurry(stage, gift) if hurried else 1
            if not hurried:
                await stage.gift(gift)
            frames = await filmed(stage, length_ms / rate + AFTER_MS)
    return await asyncio.get_running_loop().run_in_executor(pool, judge, frames, GRID)


async def hurry(stage: Reel, gift: dict[str, Any]) -> float:
    """Begin a film behind which as many wait as make it fastest; its rate."""
    await stage.tell(_control("pause"))
    for number in range(CROWD):
        await stage.tell(sent(gift, gift_id=f"{number + 1}-reel"))
    await stage.hear(_control("resume"))
    return await stage.rate()


def _control(action: str) -> Any:
    at = "2026-01-01T00:00:00Z"
    return {"v": 1, "seq": 0, "type": "control", "at": at, "data": {"action": action}}


async def filmed(stage: Reel, ms: float, combo: dict[str, Any] | None = None) -> list[bytes]:
    """The frames of so many ms, shrunk to the grid. combo: a gift that is sent again and again."""
    frames = []
    step_ms = 1000 / GRID.rate
    every = round(COMBO_MS / step_ms)
    async with camera(stage.page) as look:
        for number in range(round(ms / step_ms)):
            if combo and number % every == 0:
                count = number // every + 2
                step = {"id": "c", "count": count}
                await stage.tell(sent(combo, gift_id=f"{count}-reel", combo=step))
            await stage.step(step_ms)
            frames.append(shrunk(await look()))
    return frames


def shrunk(picture: bytes) -> bytes:
    """A picture's cells: R, G, B, A of each."""
    with Image.open(io.BytesIO(picture)) as opened:
        cells = opened.convert("RGBA").resize((GRID.wide, GRID.tall), Image.Resampling.BOX)
    return cells.tobytes()


async def worst(cinema: Cinema, gift: dict[str, Any], pool: Executor | None = None) -> Kept:
    """Measure a gift in every way that it is shown."""
    mark = fingerprint(gift)
    paces = (False, True) if is_film(gift) else (False,)
    found = [await measure(cinema, gift, hurried=pace, pool=pool) for pace in paces]
    return Kept(mark, max(one.general for one in found), max(one.red for one in found))


async def renew(wanted: list[str]) -> dict[str, Kept]:
    """Measure what is named, or what is stale, and keep each verdict as soon as it is there."""
    found = kept()
    todo = [gift for gift in shipped() if gift["id"] in wanted] if wanted else stale(found)
    turns = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(cinema: Cinema, pool: Executor, gift: dict[str, Any]) -> None:
        nonlocal done
        async with turns:
            verdict = await worst(cinema, gift, pool)
        found[gift["id"]] = verdict
        keep(found)
        done += 1
        said = f"{verdict.general:g} general, {verdict.red:g} red a second"
        print(f"{done} of {len(todo)}: {gift['id']}: {said}", flush=True)

    if todo:
        # not forked: a copy would keep the browser's pipes open
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            async with (
                browser() as opened,
                Cinema.opened(opened) as cinema,
                asyncio.TaskGroup() as group,
            ):
                for gift in todo:
                    group.create_task(one(cinema, pool, gift))
    keep(found)
    return kept()


def main() -> None:
    """Measure what is stale, or the gifts that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flashes", description=TITLE)
    parser.add_argument("gifts", nargs="*", metavar="gift", help="ids; none: what has changed")
    asked = parser.parse_args()
    known = {gift["id"] for gift in shipped()}
    if unknown := sorted(set(asked.gifts) - known):
        parser.error(f"there is no {unknown[0]!r}; these are: {', '.join(sorted(known))}")
    try:
        found = asyncio.run(renew(asked.gifts))
    except RefusedError as error:
        sys.exit(f"Nothing measured: {error}.")
    if failed := [name for name, one in found.items() if not one.passes]:
        sys.exit(f"More than three flashes in a second: {', '.join(failed)}.")
    rest = len(stale(found))
    print(
        f"{RESULTS.name}: {len(found)} verdicts, none above three flashes a second"
        + (f"; {rest} gifts have to be measured still: make flashes" if rest else "")
    )


if __name__ == "__main__":
    main()

"""Draws the gifts: from vector sources to transparent WebP pictures, one file a size and layer.

    python overlay/art/build.py ICONS_JSON [ART ...]

ICONS_JSON is the `icons.json` of the npm package `@iconify-json/fluent-emoji`. What is drawn stands
in `recipes.json`, our own drawings in `own/`, the tiers in the seed catalogue. Chromium draws, as
it does on the stream; its vector filters are too slow to be animated live, hence pictures.
"""

import argparse
import base64
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "data" / "seed" / "catalogue.json"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
MASTER_PX = 2048
HERO_PX = 1024
SIZES_PX = (96, 256)
HERO_TIER_MIN = 4
BYTES_MAX = 90_000
TURNED_GAIN = 1.35  # a turned hue comes out darker
QUALITIES = (0.92, 0.88, 0.84, 0.8, 0.75, 0.7, 0.6, 0.5)

# Keeps the named children of the drawing (the deepest group that branches) and drops the others.
CUT_JS = """
([body, parts]) => {
  const text = `<svg xmlns="http://www.w3.org/2000/svg"
    xmlns:xlink="http://www.w3.org/1999/xlink">${body}</svg>`;
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  let group = svg;
  const drawn = (node) => [...node.children].filter((child) => child.tagName !== "defs");
  while (drawn(group).length === 1 && drawn(group)[0].tagName === "g") group = drawn(group)[0];
  drawn(group).forEach((child, index) => {
    if (parts && !parts.includes(index)) child.remove();
  });
  return [...svg.children].map((child) => new XMLSerializer().serializeToString(child)).join("");
}
"""

# Draws once, large; hands back base64 WebP per size, each in the best quality that fits.
DRAW_JS = """
async ([svg, master, sizes, qualities, bytesMax]) => {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const paint = (source, size) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(source, 0, 0, size, size);
    return canvas;
  };
  const encode = (canvas, quality) =>
    new Promise((done) => canvas.toBlob(done, "image/webp", quality));
  const pictures = {};
  for (const size of sizes) {
    let canvas = paint(image, master);
    while (canvas.width / 2 >= size) canvas = paint(canvas, canvas.width / 2);
    if (canvas.width !== size) canvas = paint(canvas, size);
    for (const quality of qualities) {
      const bytes = new Uint8Array(await (await encode(canvas, quality)).arrayBuffer());
      pictures[size] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      if (bytes.length <= bytesMax) break;
    }
  }
  URL.revokeObjectURL(image.src);
  return pictures;
}
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One source drawing, or some of its parts, placed in the frame."""

    icon: str
    own: bool
    parts: tuple[int, ...]
    at: str
    hue: int


@dataclass(frozen=True, slots=True)
class Layer:
    """Pieces that move as one."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A gift's picture: layers from back to front, in a square frame (x, y, side).

    props: what only its film needs, drawn like layers but not part of the picture.
    """

    art: str
    frame: tuple[float, float, float]
    layers: tuple[Layer, ...]
    props: tuple[Layer, ...] = ()


def recipes() -> Iterator[Recipe]:
    """Every picture there is to draw."""
    written: dict[str, Any] = json.loads((HERE / "recipes.json").read_text("utf-8"))
    for art, recipe in written.items():
        if isinstance(recipe, str):
            yield Recipe(art, (0, 0, 32), (Layer(art, (_piece({"icon": recipe}),)),))
            continue
        x, y, side = recipe.get("frame", (0, 0, 32))
        yield Recipe(art, (x, y, side), _layers(recipe, "layers"), _layers(recipe, "props"))


def _layers(recipe: dict[str, Any], kind: str) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer["name"], tuple(map(_piece, layer["pieces"]))) for layer in recipe.get(kind, ())
    )


def _piece(written: dict[str, Any]) -> Piece:
    return Piece(
        icon=written.get("icon") or written["own"],
        own="own" in written,
        parts=tuple(_numbers(written.get("parts", ""))),
        at=written.get("at", ""),
        hue=written.get("hue", 0),
    )


def _numbers(spans: str) -> Iterator[int]:
    """Reads "0-2,5" as 0, 1, 2, 5."""
    for span in filter(None, spans.split(",")):
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)


def prefixed(body: str, prefix: str) -> str:
    """The same drawing with ids of its own, so that several can stand in one picture."""
    body = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", body)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', body)


class Studio:
    """Sources on one side, a browser page that draws on the other."""

    def __init__(self, page: Page, icons: dict[str, Any]) -> None:
        self._page = page
        self._icons = icons

    def draw(
        self, frame: tuple[float, float, float], layers: tuple[Layer, ...], sizes_px: list[int]
    ) -> dict[int, bytes]:
        """One picture per size, as WebP."""
        pieces = [piece for layer in layers for piece in layer.pieces]
        inner = "".join(self._placed(piece, f"p{i}-") for i, piece in enumerate(pieces))
        x, y, side = frame
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{MASTER_PX}" height="{MASTER_PX}" viewBox="{x} {y} {side} {side}">'
            f"{inner}</svg>"
        )
        drawn = self._page.evaluate(DRAW_JS, [svg, MASTER_PX, sizes_px, QUALITIES, BYTES_MAX])
        return {int(size): base64.b64decode(picture) for size, picture in drawn.items()}

    def _placed(self, piece: Piece, prefix: str) -> str:
        body = self._body(piece)
        kept = self._page.evaluate(CUT_JS, [prefixed(body, prefix), list(piece.parts) or None])
        place = f' transform="{piece.at}"' if piece.at else ""
        if not piece.hue:
            return f"<g{place}>{kept}</g>"
        turn = (
            f'<filter id="{prefix}hue" color-interpolation-filters="sRGB">'
            f'<feColorMatrix type="hueRotate" values="{piece.hue}"/><feComponentTransfer>'
            + "".join(f'<feFunc{c} type="linear" slope="{TURNED_GAIN}"/>' for c in "RGB")
            + "</feComponentTransfer></filter>"
        )
        return f'{turn}<g{place}><g filter="url(#{prefix}hue)">{kept}</g></g>'

    def _body(self, piece: Piece) -> str:
        if not piece.own:
            return str(self._icons[piece.icon]["body"])
        svg = (HERE / "own" / f"{piece.icon}.svg").read_text("utf-8")
        return re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg)


def tiers() -> dict[str, int]:
    """The highest tier in which each picture is used."""
    found: dict[str, int] = {}
    for gift in json.loads(CATALOGUE.read_text("utf-8")):
        found[gift["art"]] = max(gift["tier"], found.get(gift["art"], 0))
    return found


def build(studio: Studio, wanted: set[str]) -> int:
    """Draws what is wanted (everything, if nothing is named) and says how many bytes that is."""
    tier_of = tiers()
    layers: dict[str, list[str]] = {}
    total = 0
    for recipe in recipes():
        if len(recipe.layers) > 1:
            layers[recipe.art] = [layer.name for layer in recipe.layers]
        if wanted and recipe.art not in wanted:
            continue
        hero = tier_of.get(recipe.art, 0) >= HERO_TIER_MIN
        sizes_px = [*SIZES_PX, HERO_PX] if hero else [*SIZES_PX]
        pictures = studio.draw(recipe.frame, recipe.layers, sizes_px)
        written = {HERE / "gifts" / f"{recipe.art}-{px}.webp": pictures[px] for px in sizes_px}
        cut = recipe.layers if len(recipe.layers) > 1 else ()
        for layer in (*cut, *recipe.props):
            path = HERE / "layers" / recipe.art / f"{layer.name}-{HERO_PX}.webp"
            written[path] = studio.draw(recipe.frame, (layer,), [HERO_PX])[HERO_PX]
        for path, picture in written.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture)
            total += len(picture)
        print(recipe.art, {path.name: len(picture) for path, picture in written.items()})
    (HERE / "layers.json").write_text(json.dumps(layers, indent=2) + "\n", "utf-8")
    return total


def main() -> None:
    """Reads the command line, opens a browser, draws."""
    parser = argparse.ArgumentParser(description="Draw the gifts to WebP.")
    parser.add_argument("icons_json", type=Path)
    parser.add_argument("art", nargs="*")
    given = parser.parse_args()
    icons: dict[str, Any] = json.loads(given.icons_json.read_text("utf-8"))["icons"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        total = build(Studio(browser.new_page(), icons), set(given.art))
        browser.close()
    print(f"{total} bytes")


if __name__ == "__main__":
    main()

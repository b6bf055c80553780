"""Contrast of words as they are drawn, measured on the pixels behind them (WCAG 2.2, 1.4.3)."""

import io
from collections.abc import Sequence
from math import ceil
from typing import Any

from PIL import Image
from playwright.async_api import Page

from overlay.theme_sheet import CONTRAST_MIN

# Words of the page: where they stand and in which colour.
WORDS = """(names) => {
  const range = document.createRange();
  const place = (each) => { range.selectNodeContents(each); return range.getBoundingClientRect(); };
  return names.flatMap((name) => [...document.querySelectorAll(name)])
  .map((each) => [place(each), getComputedStyle(each), each.className, each.textContent])
  .filter(([at]) => at.width > 4)
  .map(([at, style, name, text]) =>
    [at.x, at.y, at.width, at.height, style.color, name, parseFloat(style.fontSize), text]);
}"""
# Every sheet that another asks for has come, and the letters of all that is written.
STYLED = """() => document.fonts.status === "loaded" && [...document.styleSheets].every((sheet) =>
  [...sheet.cssRules].every((rule) => !(rule instanceof CSSImportRule) || rule.styleSheet))"""
NO_WORDS = (
    "* { color: transparent !important; text-shadow: none !important;"
    " -webkit-text-fill-color: transparent !important }"
    ".coin, .face, .art { visibility: hidden !important }"
)
LARGE_PX, LARGE_MIN = 24.0, 3.0  # what is larger may be fainter


async def faint_words(
    page: Page, names: Sequence[str], *, least: int, grounds: Sequence[str] = ("",)
) -> dict[str, float]:
    """The contrast of those words (selectors) that can hardly be read, by class.

    least: how many words there must be. grounds: colours that are laid behind the page.
    """
    await page.wait_for_function(STYLED)
    await page.wait_for_function(
        f"([names, least]) => ({WORDS})(names).length >= least", arg=[list(names), least]
    )
    words = await page.evaluate(WORDS, list(names))
    added = [await page.add_style_tag(content=NO_WORDS)]
    found = {}
    for ground in grounds:
        behind = f"html {{ background: {ground} !important }}"
        added.append(await page.add_style_tag(content=behind))
        shot = await page.screenshot(animations="disabled")
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        for word in words:
            ratio = round(faintest(picture, word), 2)
            if ratio < (LARGE_MIN if word[6] >= LARGE_PX else CONTRAST_MIN):
                found[f"{word[5]} “{word[7]}” {ground}"] = ratio
    for each in added:
        await each.evaluate("(style) => style.remove()")
    return found


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of 0 … 255 sRGB."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def rgb(colour: str) -> tuple[float, ...]:
    """Red, green and blue, 0 … 255, of a computed colour."""
    return tuple(float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])


def faintest(picture: Image.Image, word: list[Any]) -> float:
    """The contrast of a word with the darkest and the lightest of what is behind it."""
    x, y, wide, tall, ink = word[:5]
    top, foot = ceil(y + tall * 0.2), int(y + tall * 0.8)  # whole rows: others are beside it
    behind = picture.crop((int(x) + 1, top, int(x + wide) - 1, foot))
    shades = behind.convert("RGB").tobytes()
    found = {luminance(tuple(shades[i : i + 3])) for i in range(0, len(shades), 3)}
    front = luminance(rgb(ink))
    ratios = [
        (max(front, back) + 0.05) / (min(front, back) + 0.05) for back in (min(found), max(found))
    ]
    return min(ratios)

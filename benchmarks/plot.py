"""Frame times as a picture: one strip a page, each frame a bar as long as it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.async_api import Browser

WIDE, STRIP, TOP, LEFT, RIGHT = 1180, 132, 112, 76, 34
GAP, FOOT = 42, 62
BODY = WIDE - LEFT - RIGHT
MOST_MS = 100.0  # longer frames are cut there, and say how long they were
GOAL_MS = 20.0
_INK, _SOFT, _LINE, _ROOM = "#e8eaf2", "#9aa1b5", "#343948", "#1b1e28"
_GOOD, _SLOW, _BAD = "#63d2a1", "#ffc857", "#ff6b7a"


@dataclass(frozen=True, slots=True)
class Strip:
    """The frames of one page, in ms, and what is said above them."""

    title: str
    said: str
    times_ms: Sequence[float]


async def plot(
    opened: Browser, title: str, below: str, strips: Sequence[Strip], path: Path
) -> None:
    """Write a PNG. below: the line under the title."""
    tall = TOP + len(strips) * (STRIP + GAP) - GAP + FOOT
    page = await opened.new_page(viewport={"width": WIDE, "height": tall})
    try:
        await page.set_content(f"<style>body{{margin:0}}</style>{drawn(title, below, strips)}")
        await page.screenshot(path=path)
    finally:
        await page.close()


def drawn(title: str, below: str, strips: Sequence[Strip]) -> str:
    """The picture as SVG."""
    tall = TOP + len(strips) * (STRIP + GAP) - GAP + FOOT
    seconds = max(sum(strip.times_ms) for strip in strips) / 1e3
    parts = [
        f'<rect width="{WIDE}" height="{tall}" fill="#14161e"/>',
        _text(LEFT, 40, title, 22, _INK, weight=700),
        _text(LEFT, 64, below, 14, _SOFT),
    ]
    for number, strip in enumerate(strips):
        parts += _strip(strip, TOP + number * (STRIP + GAP), seconds)
    foot = tall - FOOT
    for second in range(int(seconds) + 1):
        parts.append(_text(_x(second, seconds), foot + 20, str(second), 13, _SOFT, anchor="middle"))
    parts.append(_text((LEFT + WIDE - RIGHT) / 2, foot + 44, "seconds", 14, _SOFT, anchor="middle"))
    style = "display:block;font-family:system-ui,sans-serif"
    return f'<svg width="{WIDE}" height="{tall}" style="{style}">{"".join(parts)}</svg>'


def _strip(strip: Strip, top: float, seconds: float) -> list[str]:
    low = top + STRIP
    parts = [
        _text(LEFT, top - 9, strip.title, 15, _INK, weight=600),
        _text(WIDE - RIGHT, top - 9, strip.said, 14, _SOFT, anchor="end"),
        f'<rect x="{LEFT}" y="{top}" width="{BODY}" height="{STRIP}" fill="{_ROOM}"/>',
    ]
    for ms in (0.0, GOAL_MS, 50.0, MOST_MS):
        y = low - ms / MOST_MS * STRIP
        dashed, ink = ('stroke-dasharray="5 4"', _SLOW) if ms == GOAL_MS else ("", _LINE)
        parts.append(_line(y, ink, dashed))
        parts.append(_text(LEFT - 8, y + 4, f"{ms:g} ms", 12, _SOFT, anchor="end"))
    at = 0.0
    for ms in strip.times_ms:
        left, right = _x(at / 1e3, seconds), _x((at + ms) / 1e3, seconds)
        bar = min(ms, MOST_MS) / MOST_MS * STRIP
        ink = _GOOD if ms <= GOAL_MS else _SLOW if ms <= 50 else _BAD
        parts.append(
            f'<rect x="{left:.1f}" y="{low - bar:.1f}" width="{max(1.0, right - left - 0.6):.1f}" '
            f'height="{bar:.1f}" fill="{ink}"/>'
        )
        if ms > MOST_MS and right - left > 30:
            parts.append(
                _text((left + right) / 2, top + 16, f"{ms:.0f}", 12, "#14161e", anchor="middle")
            )
        at += ms
    return parts


def _x(second: float, seconds: float) -> float:
    return LEFT + second / seconds * BODY


def _line(y: float, ink: str, more: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{ink}" {more}/>'
    )


def _text(
    x: float, y: float, text: str, size: int, ink: str, *, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{ink}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )

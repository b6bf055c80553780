"""Small files of each kind, made when they are asked for; clips and bells come from `make.py`."""

import io
import json
import wave
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<defs><linearGradient id="a"><stop stop-color="#f59"/></linearGradient></defs>'
    '<circle cx="32" cy="32" r="28" fill="url(#a)"/>{more}</svg>'
)


def webm(name: str = "spin") -> bytes:
    """`spin`: a dot on nothing; `strobe`: flashes."""
    return (HERE / f"{name}.webm").read_bytes()


def bell(ending: str) -> bytes:
    """A short bell: ogg, mp3 or wav."""
    if ending != "wav":
        return (HERE / f"bell.{ending}").read_bytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(8_000))
    return out.getvalue()


def picture(kind: str = "PNG", side: int = 64, frames: int = 1, *, flashes: bool = False) -> bytes:
    """A PNG or WEBP; several frames make it move, each 100 ms."""
    drawn = []
    for number in range(frames):
        ground = (255, 255, 255, 255) if flashes and number % 2 else (0, 0, 0, 0)
        image = Image.new("RGBA", (side, side), ground)
        reach = side // 3 + (number % 5)
        ImageDraw.Draw(image).ellipse((1, 1, reach, reach), fill=(255, 90, 160, 255))
        drawn.append(image)
    out = io.BytesIO()
    more: dict[str, Any] = {}
    if frames > 1:
        more = {"save_all": True, "append_images": drawn[1:], "duration": 100, "loop": 0}
    drawn[0].save(out, kind, **more)
    return out.getvalue()


def svg(more: str = "") -> bytes:
    """A circle, and more."""
    return SVG.format(more=more).encode()


def lottie(*, flashes: bool = False, **changes: Any) -> bytes:
    """A disc that turns, or that comes and goes ten times a second."""
    still = {"a": 0, "k": 0}
    opacity: dict[str, Any] = {"a": 0, "k": 100}
    if flashes:
        keys = [{"t": t, "s": [100 if (t // 3) % 2 else 0], "h": 1} for t in range(0, 60, 3)]
        opacity = {"a": 1, "k": keys}
    turn = [{"t": 0, "s": [0], "i": {"x": [1], "y": [1]}, "o": {"x": [0], "y": [0]}}]
    layer = {
        "ind": 1, "ty": 4, "nm": "disc", "ip": 0, "op": 60, "st": 0, "sr": 1, "bm": 0,
        "ks": {
            "o": opacity, "r": {"a": 1, "k": [*turn, {"t": 60, "s": [360]}]},
            "p": {"a": 0, "k": [64, 64, 0]}, "a": {"a": 0, "k": [0, 0, 0]},
            "s": {"a": 0, "k": [100, 100, 100]},
        },
        "shapes": [
            {"ty": "gr", "nm": "g", "it": [
                {"ty": "rc", "d": 1, "s": {"a": 0, "k": [90, 60]}, "p": {"a": 0, "k": [0, 0]},
                 "r": still},
                {"ty": "fl", "c": {"a": 0, "k": [1, 1, 1, 1]}, "o": {"a": 0, "k": 100}, "r": 1},
                {"ty": "tr", "p": {"a": 0, "k": [0, 0]}, "a": {"a": 0, "k": [0, 0]},
                 "s": {"a": 0, "k": [100, 100]}, "r": still, "o": {"a": 0, "k": 100}},
            ]}
        ],
    }  # fmt: skip
    film = {
        "v": "5.7.0", "fr": 30, "ip": 0, "op": 60, "w": 128, "h": 128, "nm": "disc", "ddd": 0,
        "assets": [], "layers": [layer],
    }  # fmt: skip
    return json.dumps({**film, **changes}).encode()

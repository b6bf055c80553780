"""Faces for people who have none: the simulated chat's viewers, each drawn from their name."""

import hashlib
from colorsys import hls_to_rgb
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 256


def identicon(name: str) -> bytes:
    """A PNG that is always the same for a name: a face of simple shapes."""
    seed = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    hue = seed[0] / 256
    picture = Image.new("RGB", (SIDE, SIDE), _ink(hue, 0.72))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((-40, 120, SIDE + 40, SIDE + 170), fill=_ink(hue + 0.08 + seed[1] / 1024, 0.56))
    skin = _ink(hue + 0.42 + seed[2] / 1024, 0.82)
    tilt = seed[3] % 24 - 12
    pen.ellipse((58 + tilt, 46, 198 + tilt, 196), fill=skin)
    hair = _ink(hue + 0.6 + seed[4] / 700, 0.3)
    pen.pieslice(
        (54 + tilt, 30, 202 + tilt, 176), 180 + seed[5] % 24, 360 - seed[6] % 24, fill=hair
    )
    for x in (102, 154):
        pen.ellipse((x + tilt - 9, 112, x + tilt + 9, 134), fill=(34, 20, 44))
        pen.ellipse((x + tilt - 5, 115, x + tilt + 1, 122), fill=(255, 255, 255))
    pen.arc((104 + tilt, 126, 152 + tilt, 168), 20, 160, fill=(34, 20, 44), width=7)
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def _ink(hue: float, light: float) -> tuple[int, int, int]:
    red, green, blue = hls_to_rgb(hue % 1, light, 0.62)
    return round(red * 255), round(green * 255), round(blue * 255)

"""PNG, animated PNG and WebP, read by Pillow within bounds."""

import io
import struct
import warnings

from PIL import Image, ImageSequence, UnidentifiedImageError

from overlay.formats import STILL_SIDE, ArtRefusedError, Found, check_bounds
from overlay.formats.measure import SIDE, flashes, refuse_flashing

PNG, RIFF = b"\x89PNG\r\n\x1a\n", b"RIFF"
PIXELS_MAX = 400_000_000  # of all frames together
FASTEST_MS = 10
_SAVE_AGAIN = "Export it again; it may be cut short, or hold more than a picture."


def read_raster(data: bytes) -> Found:
    """Raises `ArtRefusedError` with the reason and the fix."""
    _check_ends(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _read(data)
    except ArtRefusedError:
        raise
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, EOFError,
        Image.DecompressionBombError, MemoryError, OverflowError, IndexError, KeyError, Warning,
    ) as error:  # fmt: skip
        raise ArtRefusedError(f"It is broken ({str(error)[:80]}).", _SAVE_AGAIN) from None


def _check_ends(data: bytes) -> None:
    """The picture is all that is in the file."""
    if data.startswith(PNG):
        at = len(PNG)
        while at + 12 <= len(data):
            (size,) = struct.unpack_from(">I", data, at)
            kind = data[at + 4 : at + 8]
            at += 12 + size
            if kind == b"IEND":
                break
        whole = at == len(data)
    else:
        whole = len(data) >= 12 and struct.unpack_from("<I", data, 4)[0] + 8 == len(data)
    if not whole:
        raise ArtRefusedError("It does not end where a picture ends.", _SAVE_AGAIN)


def _read(data: bytes) -> Found:
    with Image.open(io.BytesIO(data), formats=("PNG", "WEBP")) as image:
        wide, tall = image.size
        count = int(getattr(image, "n_frames", 1))
        check_bounds(wide, tall, count)
        if wide * tall * count > PIXELS_MAX:
            raise ArtRefusedError(
                f"It has {count} frames of {wide} × {tall} pixels, which is more than a page can "
                "carry.",
                "Make it smaller, or with fewer frames.",
            )
        cells: list[bytes] = []
        times: list[int] = []
        still = b""
        for frame in ImageSequence.Iterator(image):
            shown = frame.convert("RGBA")
            cells.append(shown.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes())
            times.append(max(FASTEST_MS, int(frame.info.get("duration", 0) or 100)))
            check_bounds(wide, tall, count, sum(times) if count > 1 else 0)
            if len(cells) == 1 + count // 2:
                still = still_of(shown)
        kind = image.format or ""
    name = {"PNG": "apng" if count > 1 else "png", "WEBP": "webp"}[kind]
    found = flashes(cells, times)
    refuse_flashing(found)
    length = sum(times) if count > 1 else 0
    label = "animated webp" if name == "webp" and count > 1 else name
    ending = "png" if kind == "PNG" else "webp"
    return Found(label, "image", ending, wide, tall, count, length, found, None, still)


def still_of(image: Image.Image) -> bytes:
    """A WebP of a frame, as small as lists and calm pages need it."""
    small = image.copy()
    small.thumbnail((STILL_SIDE, STILL_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=88, method=4)
    return out.getvalue()

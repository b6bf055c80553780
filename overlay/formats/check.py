"""The check of an upload: what a file is by its first bytes, and whether it may play."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from overlay.formats import ArtRefusedError, Found
from overlay.formats.lottie import read_lottie
from overlay.formats.measure import SIDE, flashes, refuse_flashing
from overlay.formats.raster import PNG, RIFF, read_raster
from overlay.formats.renderer import MISSING
from overlay.formats.svg import read_svg
from overlay.formats.webm import MAGIC, WEBM_MAX, read_webm

ART_MAX = WEBM_MAX
PICTURE_MAX = 4_000_000
PATIENCE_S = 60
RENDERER = "overlay.formats.renderer"
KINDS = "WebM, Lottie (JSON), PNG, APNG, WebP or SVG"
EXTRA = "its flashes could not be measured: pip install giftcast[formats] lets giftcast measure it"
_CELLS = SIDE * SIDE * 4


def examine(data: bytes) -> Found:
    """Everything about an art file. Takes seconds: not on the loop. Raises `ArtRefusedError`."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(PNG) or (data.startswith(RIFF) and data[8:12] == b"WEBP"):
        if len(data) > PICTURE_MAX:
            raise ArtRefusedError(
                f"It has {len(data):,} bytes.",
                f"A picture may have {PICTURE_MAX:,}: make it smaller, or export a WebM.",
            )
        return read_raster(data)
    if data.startswith(MAGIC):
        return _measured("webm", read_webm(data), data)
    if start.startswith(b"{"):
        found = read_lottie(data)
        return _measured("lottie", found, found.body or data)
    if start.startswith(b"<"):
        return read_svg(data)
    raise ArtRefusedError("It is of no kind that plays here.", f"Bring {KINDS}.")


def _measured(kind: str, found: Found, data: bytes) -> Found:
    """With its flashes and a still, when the extra is there to draw it."""
    drawn = _drawn(kind, data)
    if drawn is None:
        return replace(found, notes=(*found.notes, EXTRA))
    times, cells, still = drawn
    most = flashes(cells, times)
    refuse_flashing(most)
    return replace(found, flashes=most, still=still)


def _drawn(kind: str, data: bytes) -> tuple[list[int], list[bytes], bytes] | None:
    with tempfile.TemporaryDirectory(prefix="giftcast-") as folder:
        path = Path(folder) / f"clip.{'webm' if kind == 'webm' else 'json'}"
        path.write_bytes(data)
        command = [sys.executable, "-m", RENDERER, kind, str(path)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            raise _unfit("it takes too long") from None
    if done.returncode == MISSING:
        return None
    head, _, rest = done.stdout.partition(b"\n")
    try:
        said = json.loads(head)
        times = [int(ms) for ms in said["times"]]
        cells = [rest[i * _CELLS : (i + 1) * _CELLS] for i in range(len(times))]
        still = rest[len(times) * _CELLS :]
    except (ValueError, KeyError, TypeError):
        raise _unfit("the drawing ended early") from None
    if done.returncode or not times or len(still) != said["still"]:
        raise _unfit("the drawing ended early")
    return times, cells, still


def _unfit(why: str) -> ArtRefusedError:
    return ArtRefusedError(
        f"It cannot be drawn here ({why}).", "Export it again, smaller or simpler."
    )

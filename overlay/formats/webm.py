"""WebM: its elements are read, not its pictures: codec, pixels, alpha, length, frames.

EBML is read within the file's own bounds and strictly: sizes must be known, and fit.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from overlay.formats import ArtRefusedError, Found, check_bounds

WEBM_MAX = 8_000_000
MAGIC = b"\x1aE\xdf\xa3"
ELEMENTS_MAX = 50_000
CODECS = {"V_VP8": "VP8", "V_VP9": "VP9", "V_AV1": "AV1"}
_EBML, _DOCTYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _NUMBER, _TYPE, _CODEC = 0x1654AE6B, 0xAE, 0xD7, 0x83, 0x86
_VIDEO, _WIDE, _TALL, _ALPHA, _ENCODINGS = 0xE0, 0xB0, 0xBA, 0x53C0, 0x6D80
_CLUSTER, _TIME, _SIMPLE, _GROUP, _BLOCK = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
_MUX = "Mux it again: ffmpeg -i in.webm -c copy out.webm"


@dataclass(slots=True)
class _Film:
    """What the elements say. ends_ms: when the last frame begins."""

    wide: int = 0
    tall: int = 0
    codec: str = ""
    alpha: bool = False
    track: int = 0
    scale_ns: int = 1_000_000
    duration: float = 0.0
    frames: int = 0
    ends_ms: float = 0.0
    sound: bool = False


def read_webm(data: bytes) -> Found:
    """Raises `ArtRefusedError` with the reason and the fix. Its flashes are not measured here."""
    if len(data) > WEBM_MAX:
        raise ArtRefusedError(
            f"It has {len(data):,} bytes.",
            f"A WebM may have {WEBM_MAX:,}: make it smaller or shorter (-crf 40, 512 pixels).",
        )
    reader, film = _Reader(data), _Film()
    top = list(reader.inside(0, len(data)))
    if [name for name, _, _ in top] != [_EBML, _SEGMENT]:
        raise ArtRefusedError("It is no WebM, or more than one thing.", _MUX)
    header = {name: data[start:end] for name, start, end in reader.inside(*top[0][1:])}
    if header.get(_DOCTYPE, b"").rstrip(b"\0") != b"webm":
        raise ArtRefusedError("It is Matroska, but no WebM.", "Export it as WebM (VP9).")
    for name, start, end in reader.inside(*top[1][1:]):
        if name == _INFO:
            _read_info(reader, start, end, film)
        elif name == _TRACKS:
            _read_tracks(reader, start, end, film)
        elif name == _CLUSTER:
            _read_cluster(reader, start, end, film)
    if not film.codec or not film.frames:
        raise ArtRefusedError("There is no picture in it.", "Export it as WebM (VP9).")
    length = max(film.duration * film.scale_ns / 1e6, film.ends_ms)
    check_bounds(film.wide, film.tall, film.frames, round(length))
    notes = ["its own sound is not played: bring it as a file (--sound)"] if film.sound else []
    notes += [] if film.alpha else ["it has no transparency: it will stand there as a rectangle"]
    label = f"webm ({CODECS[film.codec]}{' with alpha' if film.alpha else ''})"
    return Found(
        label, "video", "webm", film.wide, film.tall, film.frames, max(1, round(length)), None,
        notes=tuple(notes),
    )  # fmt: skip


def _read_info(reader: "_Reader", start: int, end: int, film: _Film) -> None:
    for name, at, to in reader.inside(start, end):
        if name == _SCALE:
            film.scale_ns = reader.number(at, to)
        elif name == _DURATION and to - at in (4, 8):
            film.duration = struct.unpack(">f" if to - at == 4 else ">d", reader.data[at:to])[0]
    if not 1 <= film.scale_ns <= 1_000_000_000 or not 0 <= film.duration < 1e9:
        raise ArtRefusedError("Its length makes no sense.", _MUX)


def _read_tracks(reader: "_Reader", start: int, end: int, film: _Film) -> None:
    for name, at, to in reader.inside(start, end):
        if name != _TRACK:
            continue
        parts = {part: (first, last) for part, first, last in reader.inside(at, to)}
        if _ENCODINGS in parts:
            raise ArtRefusedError("It is packed or encrypted inside.", _MUX)
        kind = reader.number(*parts.get(_TYPE, (0, 0)))
        if kind == 2:
            film.sound = True
        if kind != 1:
            continue
        if film.codec:
            raise ArtRefusedError("It has more than one picture track.", _MUX)
        film.codec = reader.data[slice(*parts.get(_CODEC, (0, 0)))].decode("ascii", "replace")
        if film.codec not in CODECS:
            raise ArtRefusedError(
                f"Its codec is {film.codec[:40] or 'not named'}.", "Export it as VP9 or VP8."
            )
        film.track = reader.number(*parts.get(_NUMBER, (0, 0)))
        for part, first, last in reader.inside(*parts.get(_VIDEO, (0, 0))):
            if part == _WIDE:
                film.wide = reader.number(first, last)
            elif part == _TALL:
                film.tall = reader.number(first, last)
            elif part == _ALPHA:
                film.alpha = reader.number(first, last) == 1


def _read_cluster(reader: "_Reader", start: int, end: int, film: _Film) -> None:
    began = 0
    for name, at, to in reader.inside(start, end):
        if name == _TIME:
            began = reader.number(at, to)
        blocks = [(at, to)] if name == _SIMPLE else []
        if name == _GROUP:
            blocks = [
                (first, last) for part, first, last in reader.inside(at, to) if part == _BLOCK
            ]
        for first, last in blocks:
            track, size = reader.variable(first, keep=False)
            if first + size + 3 > last:
                raise ArtRefusedError("It is broken.", _MUX)
            (shift,) = struct.unpack_from(">h", reader.data, first + size)
            if track == film.track:
                film.frames += 1
                film.ends_ms = max(film.ends_ms, (began + shift) * film.scale_ns / 1e6)


class _Reader:
    """Reads EBML elements within bounds."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._left = ELEMENTS_MAX

    def inside(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The elements between two places: id, and where their content begins and ends."""
        at = start
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise ArtRefusedError("It has too many parts.", _MUX)
            name, size = self.variable(at, keep=True)
            at += size
            length, size = self.variable(at, keep=False)
            if length == (1 << (7 * size)) - 1:
                raise ArtRefusedError("It does not say how long its parts are.", _MUX)
            at += size
            if at + length > end:
                raise ArtRefusedError("It is cut short.", "Upload the whole file.")
            yield name, at, at + length
            at += length

    def variable(self, at: int, *, keep: bool) -> tuple[int, int]:
        """A number of one to eight bytes, and of how many. keep: with the mark of its length."""
        first = self.data[at] if at < len(self.data) else 0
        size = 9 - first.bit_length()
        if not first or at + size > len(self.data) or (keep and size > 4):
            raise ArtRefusedError("It is broken or cut short.", _MUX)
        value = int.from_bytes(self.data[at : at + size], "big")
        return (value if keep else value & ((1 << (7 * size)) - 1)), size

    def number(self, start: int, end: int) -> int:
        """An unsigned number; 0 when there is none."""
        if end - start > 8:
            raise ArtRefusedError("It is broken.", _MUX)
        return int.from_bytes(self.data[start:end], "big")

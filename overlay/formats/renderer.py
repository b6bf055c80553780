"""`python -m overlay.formats.renderer webm|lottie FILE`: draws a clip's frames for measuring.

A program of its own, because what it uses (the extra `formats`) is native code that reads files
from strangers: it may take long, take much, or fall over, and giftcast does not.

It writes one line of JSON, then the cells of each frame, then a still as WebP.
"""

import json
import sys
from collections.abc import Iterator
from fractions import Fraction

from PIL import Image

from overlay.formats import FRAMES_MAX
from overlay.formats.measure import SIDE
from overlay.formats.raster import still_of

DRAWN = 256  # pixels of a frame's longer side
MISSING = 3  # the exit status when the extra is not installed
MEMORY_MAX = 1_500_000_000
SECONDS_MAX = 40

Drawn = Iterator[tuple[Image.Image, int]]


def main() -> None:
    """Draw what the arguments name."""
    kind, path = sys.argv[1:3]
    _bound()
    try:
        drawn = _webm(path) if kind == "webm" else _lottie(path)
        cells: list[bytes] = []
        times: list[int] = []
        stills: list[Image.Image] = []
        for image, ms in drawn:
            cells.append(image.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes())
            times.append(ms)
            if len(cells) % 10 == 1:
                stills.append(image)
            if len(cells) > FRAMES_MAX:
                break
    except ImportError:
        sys.exit(MISSING)
    still = still_of(max(stills, key=_filled))
    out = sys.stdout.buffer
    out.write(json.dumps({"times": times, "still": len(still)}).encode() + b"\n")
    out.write(b"".join(cells) + still)


def _filled(image: Image.Image) -> int:
    """How much there is to see."""
    return sum(image.getchannel("A").resize((SIDE, SIDE)).tobytes())


def _bound() -> None:
    """Where the system can: no more memory and time than these."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))


def _size(wide: int, tall: int) -> tuple[int, int]:
    scale = min(1.0, DRAWN / max(wide, tall))
    return max(2, round(wide * scale)), max(2, round(tall * scale))


def _webm(path: str) -> Drawn:
    import av  # noqa: PLC0415 - an extra
    from av.video.codeccontext import VideoCodecContext  # noqa: PLC0415

    with av.open(path, format="matroska") as film:
        stream = film.streams.video[0]
        names = {"vp9": "libvpx-vp9", "vp8": "libvpx"}  # those know alpha
        name = stream.codec_context.name
        decoder = av.CodecContext.create(names.get(name, name), "r")
        assert isinstance(decoder, VideoCodecContext)
        decoder.extradata = stream.codec_context.extradata
        decoder.thread_count = 1
        base = stream.time_base or Fraction(1, 1000)
        waiting: tuple[Image.Image, int] | None = None
        last = 33
        for packet in film.demux(stream):
            for frame in decoder.decode(packet):
                wide, tall = _size(frame.width, frame.height)
                plane = frame.reformat(width=wide, height=tall, format="rgba").planes[0]
                row = plane.line_size
                image = Image.frombuffer(
                    "RGBA", (wide, tall), bytes(plane), "raw", "RGBA", row, 1
                ).copy()
                at = round(1000 * (frame.pts or 0) * base)
                if waiting is not None:
                    last = max(1, at - waiting[1])
                    yield waiting[0], last
                waiting = image, at
        if waiting is not None:
            yield waiting[0], last


def _lottie(path: str) -> Drawn:
    from rlottie_python.rlottie_wrapper import LottieAnimation  # noqa: PLC0415 - an extra

    with LottieAnimation.from_file(path) as film:
        wide, tall = _size(*film.lottie_animation_get_size())
        rate = float(film.lottie_animation_get_framerate())
        for number in range(min(FRAMES_MAX + 1, film.lottie_animation_get_totalframe())):
            frame = film.render_pillow_frame(frame_num=number, width=wide, height=tall)
            yield frame.convert("RGBA"), max(1, round(1000 / rate))


if __name__ == "__main__":
    main()

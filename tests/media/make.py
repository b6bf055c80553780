"""`python tests/media/make.py`: makes the clips and sounds of this folder anew, from nothing.

They are drawn and synthesised here, so nobody else has a right to them. PyAV (the extra `formats`)
encodes them; the tests read the files and need no encoder.
"""

import io
import math
import struct
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.codeccontext import VideoCodecContext
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SIDE, RATE = 64, 20


def spinning(number: int) -> Image.Image:
    """A pink dot that goes round; around it nothing."""
    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    x, y = (32 + 18 * turn(number * math.tau / 20) for turn in (math.cos, math.sin))
    ImageDraw.Draw(image).ellipse((x - 12, y - 12, x + 12, y + 12), fill=(255, 90, 160, 255))
    return image


def strobe(number: int) -> Image.Image:
    """White, black, white: ten times a second."""
    return Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 255) if number % 2 else (0, 0, 0, 255))


def webm(draw: Callable[[int], Image.Image], frames: int) -> bytes:
    """A VP9 clip with alpha."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as film:
        stream = film.add_stream("libvpx-vp9", rate=RATE)
        context = stream.codec_context
        assert isinstance(context, VideoCodecContext)
        context.width = context.height = SIDE
        context.pix_fmt = "yuva420p"
        context.options = {"crf": "40", "b": "0", "auto-alt-ref": "0"}
        for number in range(frames):
            frame = av.VideoFrame(SIDE, SIDE, "rgba")
            frame.planes[0].update(_padded(draw(number), frame.planes[0].line_size))
            frame = frame.reformat(format="yuva420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            film.mux(context.encode(frame))
        film.mux(context.encode(None))
    return out.getvalue()


def _padded(image: Image.Image, row: int) -> bytes:
    data, wide = image.tobytes(), SIDE * 4
    return b"".join(data[y * wide : (y + 1) * wide].ljust(row, b"\0") for y in range(SIDE))


def sound(ending: str, codec: str, seconds: float = 0.4) -> bytes:
    """A short bell."""
    out, rate = io.BytesIO(), 48_000
    samples = [
        int(20_000 * math.exp(-8 * i / rate) * math.sin(math.tau * 880 * i / rate))
        for i in range(int(rate * seconds))
    ]
    with av.open(out, "w", format=ending) as film:
        stream = film.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)
        frame = av.AudioFrame("s16", "mono", len(samples))
        frame.planes[0].update(struct.pack(f"<{len(samples)}h", *samples))
        frame.sample_rate, frame.pts = rate, 0
        fifo = av.AudioResampler(
            format=stream.format.name,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 960,
        )
        for part in [*fifo.resample(frame), *fifo.resample(None)]:
            film.mux(stream.encode(part))
        film.mux(stream.encode(None))
    return out.getvalue()


if __name__ == "__main__":
    for name, data in {
        "spin.webm": webm(spinning, 20),
        "strobe.webm": webm(strobe, 24),
        "bell.ogg": sound("ogg", "libopus"),
        "bell.mp3": sound("mp3", "libmp3lame"),
    }.items():
        (HERE / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data):,} bytes\n")

"""What a designer brings for a gift: pictures, clips and sounds, each looked at before it plays.

Every reader is strict and bounded: it takes what it understands whole and refuses the rest.
"""

from dataclasses import dataclass

SIDE_MIN, SIDE_MAX = 16, 2_048
LENGTH_MAX_MS = 12_000
FRAMES_MAX = 720
STILL_SIDE = 512
FLASHES_MAX = 3


class ArtRefusedError(Exception):
    """A file that cannot be a gift's art or sound. what: is wrong with it; fix: what to do."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what, self.fix = what, fix


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is, once it has been looked at.

    plays: how a page shows it: image, video or lottie. body: the bytes to keep, if others than
    those that came. ms: its length; 0 for a still. flashes: the most in any second, as large as a
    film shows it; None when nobody could measure. still: a WebP of one frame of it, for calm pages
    and lists. notes: what its owner should know.
    """

    format: str
    plays: str
    ending: str
    wide: int
    tall: int
    frames: int = 1
    ms: int = 0
    flashes: float | None = 0.0
    body: bytes | None = None
    still: bytes | None = None
    notes: tuple[str, ...] = ()


def check_bounds(wide: int, tall: int, frames: int = 1, ms: int = 0) -> None:
    """Raises `ArtRefusedError` when it is larger or longer than a page can carry."""
    if not (SIDE_MIN <= wide <= SIDE_MAX and SIDE_MIN <= tall <= SIDE_MAX):
        raise ArtRefusedError(
            f"It is {wide} × {tall} pixels.",
            f"Each side may have {SIDE_MIN} to {SIDE_MAX:,}; 512 is plenty for most gifts.",
        )
    if frames > FRAMES_MAX:
        raise ArtRefusedError(
            f"It has {frames:,} frames.", f"At most {FRAMES_MAX}: export fewer a second."
        )
    if ms > LENGTH_MAX_MS:
        raise ArtRefusedError(
            f"It lasts {ms / 1000:.1f} s.", f"At most {LENGTH_MAX_MS // 1000} s: cut it."
        )

"""Sounds: OGG, MP3 and WAV, told apart by their first bytes, and their length."""

import io

from tinytag import ParseError, TinyTag

from overlay.formats import LENGTH_MAX_MS, ArtRefusedError

SOUND_MAX = 2_000_000
_MPEG = (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")


def read_sound(data: bytes) -> tuple[str, int]:
    """Its ending (ogg, mp3, wav) and its length in ms. Raises `ArtRefusedError`."""
    if len(data) > SOUND_MAX:
        raise ArtRefusedError(
            f"It has {len(data):,} bytes.", f"A sound may have {SOUND_MAX:,}: export it as OGG."
        )
    ending = _kind(data)
    if not ending:
        raise ArtRefusedError("It is no OGG, MP3 or WAV.", "Export it as one of these.")
    try:
        tag = TinyTag.get(f"sound.{ending}", file_obj=io.BytesIO(data), tags=False)
        seconds = float(tag.duration or 0)
    except (ParseError, ValueError, OverflowError, ArithmeticError, LookupError, OSError) as error:
        raise ArtRefusedError(f"It is broken ({str(error)[:80]}).", "Export it again.") from None
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes, it is refused
        raise ArtRefusedError(f"It is broken ({type(error).__name__}).", "Export again.") from None
    if not 0.02 <= seconds <= LENGTH_MAX_MS / 1000:
        raise ArtRefusedError(
            f"It lasts {seconds:.1f} s.", f"Up to {LENGTH_MAX_MS // 1000} s: cut it."
        )
    return ending, round(seconds * 1000)


def _kind(data: bytes) -> str:
    if data.startswith(b"OggS"):
        return "ogg"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "wav"
    return "mp3" if data.startswith((b"ID3", *_MPEG)) else ""

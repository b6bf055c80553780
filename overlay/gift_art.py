"""The art and sounds that a streamer brings for gifts: `gifts/<gift id>/` in the data folder.

Each folder holds the files and a record of what they were found to be; the one before it is kept
once, for undo. A folder is written whole beside its place and then renamed.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from overlay.formats import FLASHES_MAX, ArtRefusedError, Found
from overlay.formats.sound import read_sound

FOLDER = "gifts"
RECORD = "record.json"
OWNED_MAX = 200
TYPES = {
    "png": "image/png",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "json": "application/json",
    "webm": "video/webm",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}


class Record(BaseModel):
    """What lies in a gift's folder. Files are named art.*, still.webp and sound.*.

    flashes: None when nobody could measure; then it moves only when the streamer has confirmed it.
    version: of everything in it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = ""
    plays: Literal["", "image", "video", "lottie"] = ""
    art: Literal["", "png", "webp", "svg", "json", "webm"] = ""
    still: bool = False
    sound: Literal["", "ogg", "mp3", "wav"] = ""
    sound_ms: int = 0
    wide: int = 0
    tall: int = 0
    frames: int = 0
    ms: int = 0
    bytes: int = 0
    flashes: float | None = 0.0
    confirmed: bool = False
    version: str = ""

    @property
    def moves(self) -> bool:
        """Whether it may play as it moves, and not only as a still."""
        measured = self.flashes is not None and self.flashes <= FLASHES_MAX
        return bool(self.art) and (measured or self.confirmed)


class GiftArt:
    """What gifts look and sound like that have art of their own. folder: holds them all.

    changed: called when pages should be told.
    """

    def __init__(self, folder: Path, changed: Callable[[], None] = lambda: None) -> None:
        self._folder = folder
        self.changed = changed
        self._records: dict[str, Record] = {}
        self._broken: dict[str, str] = {}
        if folder.is_dir():
            for leftover in folder.glob(".new-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            for path in sorted(folder.glob("[a-z]*"))[:OWNED_MAX]:
                self._load(path.name)

    def record(self, gift_id: str) -> Record | None:
        """What a gift has of its own."""
        return self._records.get(gift_id)

    def records(self) -> Mapping[str, Record]:
        """All of them."""
        return dict(self._records)

    def problems(self) -> list[str]:
        """What lies there and cannot be used."""
        return list(self._broken.values())

    def told(self) -> dict[str, dict[str, Any]]:
        """What pages need to know, by gift."""
        found = {}
        for gift_id, record in self._records.items():

            def address(name: str, gift_id: str = gift_id, version: str = record.version) -> str:
                return f"/gift-art/{gift_id}/{name}?v={version}"

            still = address("still.webp") if record.still else None
            if record.art == "svg":
                still = address("art.svg")
            found[gift_id] = {
                "plays": record.plays if record.moves else "",
                "url": address(f"art.{record.art}") if record.moves else None,
                "still": still,
                "sound": address(f"sound.{record.sound}") if record.sound else None,
                "ms": record.ms,
                "wide": record.wide,
                "tall": record.tall,
            }
        return found

    def file(self, gift_id: str, name: str) -> tuple[Path, str] | None:
        """A file that may be served, and its type; only those that the record names."""
        record = self._records.get(gift_id)
        if record is None:
            return None
        names = {f"art.{record.art}", "still.webp" if record.still else "", f"sound.{record.sound}"}
        path = self._folder / gift_id / name
        if name not in names or name[-1] == "." or path.is_symlink() or not path.is_file():
            return None
        return path, TYPES[name.rpartition(".")[2]]

    def put_art(self, gift_id: str, data: bytes, found: Found, *, confirmed: bool) -> Record:
        """Take an art file that was looked at. Writes files: not on the loop."""
        before = self._records.get(gift_id, Record())
        body = found.body or data
        record = before.model_copy(
            update={
                "format": found.format, "plays": found.plays, "art": found.ending,
                "still": found.still is not None, "wide": found.wide, "tall": found.tall,
                "frames": found.frames, "ms": found.ms, "bytes": len(body),
                "flashes": found.flashes, "confirmed": confirmed,
            }
        )  # fmt: skip
        files = {f"art.{found.ending}": body}
        if found.still is not None:
            files["still.webp"] = found.still
        sound = f"sound.{before.sound}"
        if before.sound:
            files[sound] = (self._folder / gift_id / sound).read_bytes()
        return self._put(gift_id, record, files)

    def put_sound(self, gift_id: str, data: bytes) -> Record:
        """Take a sound. Raises `ArtRefusedError`. Writes files: not on the loop."""
        ending, length_ms = read_sound(data)
        before = self._records.get(gift_id, Record())
        record = before.model_copy(update={"sound": ending, "sound_ms": length_ms})
        names = [f"art.{before.art}"] * bool(before.art) + ["still.webp"] * before.still
        files = {name: (self._folder / gift_id / name).read_bytes() for name in names}
        return self._put(gift_id, record, {**files, f"sound.{ending}": data})

    def remove(self, gift_id: str) -> bool:
        """Back to the gift's shipped art and sound; whether there was anything. Kept for undo."""
        if gift_id not in self._records:
            return False
        self._set_aside(gift_id)
        del self._records[gift_id]
        return True

    def undo(self, gift_id: str) -> Record | None:
        """What was there before, and what is there now for the next undo. Raises
        `ArtRefusedError` when nothing was."""
        previous = self._previous(gift_id)
        if not previous.is_dir():
            raise ArtRefusedError("There is nothing before it.", "One step back is kept.")
        place, aside = self._folder / gift_id, self._folder / f".new-{gift_id}"
        shutil.rmtree(aside, ignore_errors=True)
        if place.is_dir():
            place.rename(aside)
        previous.rename(place)
        if aside.is_dir():
            aside.rename(previous)
        self._records.pop(gift_id, None)
        self._load(gift_id)
        return self._records.get(gift_id)

    def _put(self, gift_id: str, record: Record, files: Mapping[str, bytes]) -> Record:
        if gift_id not in self._records and len(self._records) >= OWNED_MAX:
            raise ArtRefusedError(
                f"{OWNED_MAX} gifts have art of their own already.", "Remove one first."
            )
        digest = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files)))
        record = record.model_copy(update={"version": digest.hexdigest()[:12]})
        fresh = self._folder / f".new-{gift_id}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, body in {**files, RECORD: orjson.dumps(record.model_dump())}.items():
            with (fresh / name).open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
        self._set_aside(gift_id)
        fresh.rename(self._folder / gift_id)
        self._records[gift_id] = record
        self._broken.pop(gift_id, None)
        return record

    def _set_aside(self, gift_id: str) -> None:
        place, previous = self._folder / gift_id, self._previous(gift_id)
        if place.is_dir():
            shutil.rmtree(previous, ignore_errors=True)
            previous.parent.mkdir(exist_ok=True)
            place.rename(previous)

    def _previous(self, gift_id: str) -> Path:
        return self._folder / ".previous" / gift_id

    def _load(self, gift_id: str) -> None:
        folder = self._folder / gift_id
        try:
            record = Record.model_validate_json((folder / RECORD).read_bytes())
            if record.art and not (folder / f"art.{record.art}").is_file():
                raise OSError(f"art.{record.art} is missing")
        except (OSError, ValidationError) as error:
            reason = "record.json is damaged" if isinstance(error, ValidationError) else str(error)
            self._broken[gift_id] = (
                f"gift {gift_id}: its own art cannot be used ({reason}): bring it again with "
                f"giftcast gift art {gift_id} FILE"
            )
        else:
            self._records[gift_id] = record

"""`giftcast gift art`: art and sounds of one's own for gifts."""

import json
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

import typer

from bot.cli.common import DataOption, ask, fail, folder_of, running_on, say, words_of
from bot.running import Running, api_token
from data.catalogue import Catalogue
from data.documents import FileDocuments
from overlay.formats import ArtRefusedError
from overlay.formats.check import ART_MAX, examine
from overlay.formats.sound import SOUND_MAX
from overlay.gift_art import FOLDER, GiftArt, Record
from overlay.uploads import described

FileOption = Annotated[Path | None, typer.Argument(help="WebM, Lottie, PNG, APNG, WebP or SVG.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Gifts: art and sounds of your own.")
    group.command("art")(art)
    group.command("list")(list_)
    app.add_typer(group, name="gift")


def art(
    gift: Annotated[str, typer.Argument(help="Which gift, by its id or name.")],
    file: FileOption = None,
    *,
    sound: Annotated[Path | None, typer.Option("--sound", help="OGG, MP3 or WAV.")] = None,
    unmeasured_flashes_ok: Annotated[
        bool,
        typer.Option("--unmeasured-flashes-ok", help="You have looked: it does not flash."),
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Back to the shipped art.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Back to what was before.")] = False,
    data: DataOption = None,
) -> None:
    """Give a gift art and a sound of your own, or take them back."""
    if remove + undo + bool(file or sound) != 1:
        fail("say one of: a FILE or --sound FILE, --remove, --undo")
    folder = folder_of(data)
    running = running_on(folder)
    keeper: _Keeper = _There(folder, running) if running else _Here(folder)
    if remove:
        say("Removed; --undo brings it back." if keeper.remove(gift) else "It had none.")
        return
    if undo:
        _tell(keeper.undo(gift))
        return
    if file:
        _tell(keeper.put(gift, "art", _read(file, ART_MAX), confirmed=unmeasured_flashes_ok))
    if sound:
        _tell(keeper.put(gift, "sound", _read(sound, SOUND_MAX), confirmed=False))


def list_(data: DataOption = None) -> None:
    """List the gifts that have art or a sound of their own."""
    records = GiftArt(folder_of(data) / FOLDER).records()
    for gift, record in records.items():
        _tell(described(gift, record))
    if not records:
        say("None yet. Give one with: giftcast gift art rose FILE")


def _read(path: Path, most: int) -> bytes:
    if path.stat().st_size > most:
        fail(f"{path} has {path.stat().st_size:,} bytes; at most {most:,}: make it smaller")
    return path.read_bytes()


def _tell(said: dict[str, Any]) -> None:
    parts = [said["gift"]]
    if said["format"]:
        parts.append(f"{said['format']}, {said['wide']} × {said['tall']}, {said['bytes']:,} bytes")
    if said["ms"]:
        flashes = said["flashes"]
        measured = "flashes not measured" if flashes is None else f"flashes {flashes:g} a second"
        parts.append(f"{said['ms'] / 1000:.1f} s, {said['frames']} frames, {measured}")
    if said["sound"]:
        parts.append(f"sound {said['sound']} of {said['sound_ms'] / 1000:.1f} s")
    say("\t".join(parts) if len(parts) > 1 else f"{said['gift']}\tthe shipped art")
    for note in said.get("notes", ()):
        say(f"Note: {note}")
    if said["format"] and not said["moves"]:
        say(
            "It plays as a still only. If you have looked and it does not flash more than three "
            "times a second: bring it again with --unmeasured-flashes-ok"
        )


class _Keeper(Protocol):
    """Puts art where it belongs."""

    def put(self, gift: str, part: str, body: bytes, *, confirmed: bool) -> dict[str, Any]:
        """Give a gift its art or sound; what it is now."""

    def remove(self, gift: str) -> bool:
        """Take it back; whether there was any."""

    def undo(self, gift: str) -> dict[str, Any]:
        """One step back; what it is now."""


class _Here:
    """In the data folder, while giftcast does not run."""

    def __init__(self, folder: Path) -> None:
        self._art = GiftArt(folder / FOLDER)
        self._catalogue = Catalogue(FileDocuments(folder))
        self._catalogue.load()

    def put(self, gift: str, part: str, body: bytes, *, confirmed: bool) -> dict[str, Any]:
        """See `_Keeper`."""
        id_ = self._id(gift)
        try:
            if part == "sound":
                return described(id_, self._art.put_sound(id_, body))
            found = examine(body)
            record = self._art.put_art(id_, body, found, confirmed=confirmed)
        except ArtRefusedError as error:
            fail(str(error))
        return {**described(id_, record), "notes": found.notes}

    def remove(self, gift: str) -> bool:
        """See `_Keeper`."""
        return self._art.remove(self._id(gift))

    def undo(self, gift: str) -> dict[str, Any]:
        """See `_Keeper`."""
        id_ = self._id(gift)
        try:
            return described(id_, self._art.undo(id_) or Record())
        except ArtRefusedError as error:
            fail(str(error))

    def _id(self, gift: str) -> str:
        found = self._catalogue.find(gift)
        if found is None:
            fail(f"there is no gift {gift!r} in catalogue.json")
        return found.id


class _There:
    """Through the giftcast that is running."""

    def __init__(self, folder: Path, running: Running) -> None:
        self._folder, self._running = folder, running

    def put(self, gift: str, part: str, body: bytes, *, confirmed: bool) -> dict[str, Any]:
        """See `_Keeper`."""
        query = "?unmeasured_flashes_ok=1" if confirmed else ""
        request = Request(  # noqa: S310 - the address is our own, from our own file
            f"{self._running.address}{_path(gift)}/{part}{query}",
            method="PUT",
            data=body,
            headers={"Authorization": f"Bearer {api_token(self._folder)}"},
        )
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=180) as answer:
                return json.loads(answer.read())  # type: ignore[no-any-return]
        except HTTPError as refusal:
            fail(words_of(refusal))
        except (URLError, TimeoutError, OSError) as error:
            fail(f"the giftcast at {self._running.address} does not answer ({error})")

    def remove(self, gift: str) -> bool:
        """See `_Keeper`."""
        done = ask(self._folder, self._running, "DELETE", f"{_path(gift)}/art")
        return bool(done["removed"])

    def undo(self, gift: str) -> dict[str, Any]:
        """See `_Keeper`."""
        said: dict[str, Any] = ask(self._folder, self._running, "POST", f"{_path(gift)}/art/undo")
        return said


def _path(gift: str) -> str:
    return f"/api/v1/gifts/{quote(gift, safe='')}"

"""Faces: the avatars that pages may show, kept as small pictures in the data folder.

A file is named by a keyed hash of the person's number, so that an address tells nothing about
whom it shows, and nobody can ask for the face of somebody they have not seen here.
"""

import asyncio
import hashlib
import os
from collections import OrderedDict
from pathlib import Path

from aiohttp import web

FACES_MAX = 5_000
_KEY = "key"
_SUFFIX = ".webp"


class Faces:
    """The pictures in `folder`, oldest first. Few and small: their names are kept in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, float] = OrderedDict()
        self._key = b""

    def load(self) -> None:
        """See what is there; once, at the start."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._key = _key(self._folder / _KEY)
        found = [(path.stat().st_mtime, path.stem) for path in self._folder.glob(f"*{_SUFFIX}")]
        self._kept = OrderedDict((name, at) for at, name in sorted(found))

    def path_of(self, person: int) -> str | None:
        """The address of a person's face; None while there is none."""
        name = self._name(person)
        return f"/avatars/{name}{_SUFFIX}" if name in self._kept else None

    def kept_at(self, person: int) -> float:
        """When it was kept, in seconds since the epoch; 0 when there is none."""
        return self._kept.get(self._name(person), 0.0)

    async def keep(self, person: int, picture: bytes, at: float) -> None:
        """Keep a face, in place of an older one; the oldest of too many go."""
        name = self._name(person)
        await asyncio.to_thread(_write, self._folder / f"{name}{_SUFFIX}", picture, at)
        self._kept[name] = at
        self._kept.move_to_end(name)
        while len(self._kept) > FACES_MAX:
            oldest, _ = self._kept.popitem(last=False)
            await asyncio.to_thread(self._remove, oldest)

    async def forget(self, person: int) -> None:
        """Erase it, with the rest of an identity."""
        name = self._name(person)
        self._kept.pop(name, None)
        await asyncio.to_thread(self._remove, name)

    # --- overlay.server.Routes ---

    def mount(self, app: web.Application) -> None:
        """Pages ask for them."""
        app.router.add_get(r"/avatars/{name:[0-9a-f]{32}}.webp", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self._kept:
            raise web.HTTPNotFound(reason="there is no such picture")
        return web.FileResponse(
            self._folder / f"{name}{_SUFFIX}", headers={"Content-Type": "image/webp"}
        )

    def _name(self, person: int) -> str:
        return hashlib.blake2b(str(person).encode(), key=self._key, digest_size=16).hexdigest()

    def _remove(self, name: str) -> None:
        (self._folder / f"{name}{_SUFFIX}").unlink(missing_ok=True)


def _key(path: Path) -> bytes:
    """Made at first use. Without it, the files that it named are nobody's, and go with time."""
    if not path.exists() or len(path.read_bytes()) != 32:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(32))
    return path.read_bytes()


def _write(path: Path, picture: bytes, at: float) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(picture)
    os.utime(partial, (at, at))
    partial.replace(path)

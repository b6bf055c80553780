"""Themes: what pages wear. Some are shipped; a streamer's own lie in the data folder.

The folders are looked at again while the program runs, so that a saved sheet is worn at once. One
that is broken while it is edited goes on as it was before; one that has vanished leaves its pages
in the house's own style. Either way the log and `giftcast check` say so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from data.errors import DocumentError
from overlay.theme_folder import NAME, SHEET, TYPES, Theme, read_theme, stamp_of

FOLDER = "themes"
HOUSE = "house"
SHIPPED = Path(__file__).parent / "themes"
LAID = "card.json"  # what pages are told of a card
STARTER = Path(__file__).parent / "theme_starter.css"
THEMES_MAX = 32
# Opened by itself, a file of a theme may do nothing at all.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def shipped_names() -> list[str]:
    """The themes that come with giftcast, the house's own style first."""
    return [HOUSE, *sorted(path.name for path in SHIPPED.iterdir() if (path / SHEET).exists())]


class Themes:
    """The themes in force. own: the folder of the streamer's own, which may not exist."""

    def __init__(self, own: Path, shipped: Path = SHIPPED) -> None:
        self._own = own
        self._shipped = {
            path.name: read_theme(path, known=True)  # by our tests
            for path in shipped.iterdir()
            if path.is_dir()
        }
        self._worn: dict[str, Theme] = {}
        self._stamps: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._missed: dict[str, str] = {}
        self.look()

    def names(self) -> list[str]:
        """What may be asked for, the house's own style first."""
        return [HOUSE, *sorted(self._shipped), *sorted(self._worn)]

    def problems(self) -> list[str]:
        """What is wrong with the streamer's own, each with place, reason and fix."""
        return [*self._refused.values(), *self._missed.values()]

    def look(self) -> bool:
        """Read again what was changed; whether anything was. Reads files: not on the loop."""
        before = dict(self._stamps)
        folders = {path.name: path for path in self._folders()}
        for name in self._stamps.keys() - folders.keys():
            del self._stamps[name]
            self._worn.pop(name, None)
            self._refused.pop(name, None)
        for name, folder in folders.items():
            stamp = stamp_of(folder)
            if self._stamps.get(name) != stamp:
                self._stamps[name] = stamp
                self._take(name, folder)
        if len(folders) >= THEMES_MAX:
            self._refused[""] = f"{self._own}: only the first {THEMES_MAX} themes are looked at"
        return before != self._stamps

    def wear(self, asked: Iterable[str]) -> Mapping[str, str | None]:
        """What a page puts on: the first of these that is there; an empty one asks for nothing."""
        for name in asked:
            if not name:
                continue
            theme = self._worn.get(name) or self._shipped.get(name)
            if theme is not None:
                self._missed.pop(name, None)
                worn = {"name": name, "sheet": f"/themes/{name}/{SHEET}?v={theme.version}"}
                if theme.card is not None:
                    worn["card"] = f"/themes/{name}/{LAID}?v={theme.version}"
                return worn
            if name == HOUSE:
                break
            if len(self._missed) < THEMES_MAX:
                self._missed[name] = (
                    f"theme {name[:40]}: is asked for and not there; the pages wear the next best. "
                    f"There are: {', '.join(self.names())}"
                )
        return {"name": HOUSE, "sheet": None}

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/themes/{name}/{file:.+}", self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name, file = request.match_info["name"], request.match_info["file"]
        theme = self._worn.get(name) or self._shipped.get(name)
        if theme is None:
            raise web.HTTPNotFound(reason="there is no such theme")
        headers = {"Content-Security-Policy": POLICY}
        if file == SHEET:
            return web.Response(
                body=theme.sheet, content_type="text/css", charset="utf-8", headers=headers
            )
        if file == LAID:
            body = theme.card or b"null"
            return web.Response(body=body, content_type="application/json", headers=headers)
        path = theme.files.get(file)
        if path is None or path.is_symlink() or not path.exists():
            raise web.HTTPNotFound(reason="there is no such file in this theme")
        return web.FileResponse(path, headers={**headers, "Content-Type": TYPES[path.suffix]})

    def _folders(self) -> list[Path]:
        try:
            found = sorted(path for path in self._own.iterdir() if path.is_dir())
        except OSError:
            return []
        return [path for path in found if not path.name.startswith(".")][:THEMES_MAX]

    def _take(self, name: str, folder: Path) -> None:
        try:
            if name in self._shipped or name == HOUSE:
                raise DocumentError(
                    f"theme {name}: giftcast has one of this name; call the folder otherwise"
                )
            theme = read_theme(folder)
        except DocumentError as error:
            keeps = "" if name not in self._worn else " (as it was before is still worn)"
            self._refused[name] = f"{error}{keeps}"
        else:
            self._refused.pop(name, None)
            self._missed.pop(name, None)
            if theme.fault:
                before = self._worn.get(name)
                theme = replace(theme, card=before.card if before else None)
                keeps = (
                    "as it was before is still used" if theme.card else "the theme is worn without"
                )
                self._refused[name] = f"{theme.fault} ({keeps})"
            self._worn[name] = theme


def check_name(name: str) -> None:
    """Raises `DocumentError` when a theme cannot be called so."""
    if not NAME.fullmatch(name) or name in shipped_names():
        raise DocumentError(
            f"{name[:40]!r} cannot be a theme's name: small letters, digits and hyphens, and none "
            f"of {', '.join(shipped_names())}"
        )

"""A theme's folder: one style sheet, the fonts and pictures that it uses, and perhaps the layout of
a card, all of it bounded.

Nothing outside the folder is reachable from it: names are checked, links are refused, and what
is served is the list that was made here, not a path that somebody asks for.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from data.errors import DocumentError
from overlay.theme_card import CARD_MAX, read_card
from overlay.theme_sheet import check_sheet

SHEET = "theme.css"
CARD = "card.html"
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.[a-z0-9]{2,5}", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.ASCII | re.IGNORECASE)
FOLDERS = ("fonts", "images")
SHEET_MAX = 256_000
FILE_MAX = 2_000_000
FILES_MAX = 24
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
}
_LEFT_ALONE = (".txt", ".md")  # notes and licences: may lie there, are not served


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is worn. files: what is served beside the sheet, by its name in an address.
    version: changes with the sheet and every file. card: the tree of its card in JSON, if it lays
    one out; fault: why it does not, although there is one."""

    name: str
    sheet: bytes
    files: Mapping[str, Path]
    version: str
    card: bytes | None = None
    fault: str = ""


def stamp_of(folder: Path) -> str:
    """Changes whenever something in the folder does; empty when there is none. Cheap."""
    digest = hashlib.sha256()
    try:
        for name, path in sorted(_entries(folder)):
            stat = path.lstat()
            digest.update(f"{name}:{stat.st_mtime_ns}:{stat.st_size}:{stat.st_ino}\n".encode())
    except (OSError, DocumentError) as error:
        return f"unreadable: {error}"
    return digest.hexdigest()[:16] if folder.is_dir() else ""


def read_theme(folder: Path, *, known: bool = False) -> Theme:
    """The theme in a folder. Raises `DocumentError` with the file, the reason and the fix. A card
    that cannot be used is no reason: the theme can be worn without it. known: its sheet has been
    checked before; that takes long."""
    name = folder.name
    if not NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise DocumentError(
            f"theme folder {name[:40]!r}: call it by small letters, digits and hyphens"
        )
    if folder.is_symlink():
        raise DocumentError(f"theme {name}: is a link; put the folder itself there")
    files = _files(folder)
    sheet = folder / SHEET
    if SHEET not in files:
        raise DocumentError(f"theme {name}: there is no {SHEET}; see: giftcast theme new {name}")
    del files[SHEET]
    card, fault = _card(name, files.pop(CARD, None))
    try:
        text = sheet.read_bytes()
    except OSError as error:
        raise DocumentError(f"theme {name}: {SHEET}: {error.strerror}") from None
    if len(text) > SHEET_MAX:
        raise DocumentError(f"theme {name}: {SHEET} is larger than {SHEET_MAX // 1000} kB")
    try:
        if not known:
            check_sheet(text.decode("utf-8-sig"), files)
    except UnicodeDecodeError:
        raise DocumentError(f"theme {name}: {SHEET} is not UTF-8 text") from None
    except DocumentError as error:
        raise DocumentError(f"theme {name}: {SHEET}{error}") from None
    version = hashlib.sha256(text + stamp_of(folder).encode()).hexdigest()[:12]
    return Theme(name, text, files, version, card, fault)


def _card(name: str, path: Path | None) -> tuple[bytes | None, str]:
    """The tree of a card, or why there is none."""
    if path is None:
        return None, ""
    try:
        with path.open("rb") as file:
            return orjson.dumps(read_card(file.read(CARD_MAX + 1))), ""
    except OSError as error:
        return None, f"theme {name}: {CARD}: {error.strerror}"
    except DocumentError as error:
        return None, f"theme {name}: {CARD}{error}"


def _files(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name, path in _entries(folder):
        why = _fault(name, path)
        if why:
            raise DocumentError(f"theme {folder.name}: {name[:80]}: {why}")
        if path.suffix not in _LEFT_ALONE:
            files[name] = path
    return files


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files, by their names in an address. Raises `DocumentError` when there are too many."""
    count = 0
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        inside = [path]
        if path.name in FOLDERS and path.is_dir() and not path.is_symlink():
            inside = list(path.iterdir())
        for each in inside:
            if each.name.startswith((".", "~")) or each.name.endswith(("~", ".swp", ".tmp")):
                continue  # what editors leave there while they save
            count += 1
            if count > FILES_MAX:
                raise DocumentError(f"theme {folder.name}: has more than {FILES_MAX} files")
            yield each.relative_to(folder).as_posix(), each


def _fault(name: str, path: Path) -> str:
    """Why a file cannot be part of a theme; empty when it can."""
    if path.is_symlink():
        return "is a link; put the file itself there"
    if path.is_dir():
        return f"is a folder; there may be {' and '.join(FOLDERS)} only"
    if path.suffix in _LEFT_ALONE:
        return ""
    if not _FILE.fullmatch(path.name) or _RESERVED.fullmatch(path.name):
        return "call it by letters, digits, _ and -, with an ending in small letters"
    if name == CARD:
        return ""  # read on its own, and never served as it is
    if path.suffix not in TYPES or (path.suffix == ".css" and name != SHEET):
        endings = ", ".join(kind[1:] for kind in TYPES if kind != ".css")
        return f"a theme has one {SHEET}, perhaps a {CARD}, and files of these kinds: {endings}"
    if path.stat().st_size > FILE_MAX:
        return f"is larger than {FILE_MAX // 1_000_000} MB"
    return ""

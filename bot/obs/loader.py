"""The loader: a small page on the disk that OBS can open before giftcast runs.

A browser source whose page cannot be reached stays on the browser's error page for ever. The
loader asks again and again, and becomes the overlay once giftcast answers.
"""

import hashlib
import re
from pathlib import Path
from string import Template

from bot.obs.links import Page, key_of, page_of
from bot.running import write_private
from overlay.here import HEIGHT, WIDTH

FILE_NAME = "giftcast-loader.html"
SIZE_MAX = 20_000
_TEMPLATE = Path(__file__).with_name("loader.html")
_PAGE = re.compile(r'^const PAGE = "([^"\n]*)";$', re.MULTILINE)
USUAL = "obs-alerts"


def loader_path(folder: Path, name: str, stage: str) -> Path:
    """The file of a source: `giftcast-loader.html` for the alerts that `obs setup` makes."""
    source = key_of(name, stage)
    if source == USUAL:
        return folder / FILE_NAME
    plain = re.sub(r"[^a-z0-9]+", "-", source.casefold()).strip("-")
    if plain != source:  # two names may look alike without their accents
        plain = f"{plain}-{hashlib.sha256(source.encode()).hexdigest()[:8]}".strip("-")
    return folder / f"giftcast-loader-{plain}.html"


def write_loader(path: Path, page: Page) -> None:
    """Write the file for a page; readable by its owner only, for it holds the link."""
    text = Template(_TEMPLATE.read_text("utf-8")).substitute(
        ADDRESS=page.address, PAGE=page.url, WIDTH=WIDTH, HEIGHT=HEIGHT
    )
    if not path.exists() or path.read_text("utf-8") != text:
        write_private(path, text)


def page_in(path: Path) -> Page | None:
    """The page that a loader of ours becomes; None when it is no such file."""
    try:
        if not path.name.startswith("giftcast-loader") or path.stat().st_size > SIZE_MAX:
            return None
        found = _PAGE.search(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return page_of(found[1]) if found else None

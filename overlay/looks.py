"""Looks: what a page is told about its theme and about gifts with art of their own, with its
welcome and whenever that changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from commands.policy import StagePolicy
from data.catalogue import Catalogue
from overlay.entry import Entry
from overlay.gift_art import FOLDER as GIFTS
from overlay.gift_art import GiftArt
from overlay.themes import FOLDER, Themes
from overlay.uploads import Uploads

WATCH_S = 0.5


class Looks:
    """What pages of a stage look like. folder: the data folder."""

    def __init__(self, folder: Path, policies: Callable[[str], StagePolicy]) -> None:
        self.themes = Themes(folder / FOLDER)
        self.art = GiftArt(folder / GIFTS)
        self._policies = policies
        self._told: set[str] = set()

    def of(self, stage: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """For a page with these settings: the theme that it asks for, or else the stage's."""
        asked = (str(settings.get("theme", "")), self._policies(stage).theme)
        return {"theme": self.themes.wear(asked), "art": self.art.told()}

    def problems(self) -> list[str]:
        """What is wrong with what people put there."""
        return [*self.themes.problems(), *self.art.problems()]

    def uploads(self, entry: Entry, catalogue: Catalogue, changed: Callable[[], None]) -> Uploads:
        """The way in for art. changed: called when something is new."""
        self.art.changed = changed
        return Uploads(entry, catalogue, self.art)

    def watch(self, changed: Callable[[], None]) -> Callable[[], Awaitable[None]]:
        """A duty that looks at the folders again. changed: called when something is new."""

        async def look() -> None:
            if await asyncio.to_thread(self.themes.look):
                changed()
            self._tell()

        return look

    def _tell(self) -> None:
        """Each problem once in the log, and again when it comes back."""
        now = set(self.problems())
        for problem in sorted(now - self._told):
            structlog.get_logger().warning("looks.refused", problem=problem)
        self._told = now

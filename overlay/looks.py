"""Looks: what a page is told about its theme, with its welcome and whenever that changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from commands.policy import StagePolicy
from overlay.themes import FOLDER, Themes

WATCH_S = 0.5


class Looks:
    """What pages of a stage look like. folder: the data folder."""

    def __init__(self, folder: Path, policies: Callable[[str], StagePolicy]) -> None:
        self.themes = Themes(folder / FOLDER)
        self._policies = policies
        self._told: set[str] = set()

    def of(self, stage: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """For a page with these settings: the theme that it asks for, or else the stage's."""
        asked = (str(settings.get("theme", "")), self._policies(stage).theme)
        return {"theme": self.themes.wear(asked)}

    def problems(self) -> list[str]:
        """What is wrong with what people put there."""
        return self.themes.problems()

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

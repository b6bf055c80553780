"""Browser sources for the command line: from a running giftcast, or from its folder."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bot.cli.common import ask, hint
from bot.obs.links import Links, Seen
from bot.offline import SourceKeeper
from bot.port import links_port
from bot.running import Running, keep_port, kept_port
from bot.settings import load_settings
from overlay.left_behind import left_behind
from overlay.source_settings import Missing


class RunningLinks:
    """`bot.obs.links.Links`, by the API of a running giftcast."""

    def __init__(self, folder: Path, running: Running, stage: str) -> None:
        self._folder, self._running, self.stage = folder, running, stage
        self.address = f"http://127.0.0.1:{urlsplit(running.address).port}"

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return await asyncio.to_thread(ask, self._folder, self._running, method, path, body)

    def _path(self, name: str, stage: str, more: str = "") -> str:
        return f"/api/v1/sources/{quote(name, safe='')}{more}?stage={quote(stage)}"

    async def sources(self) -> list[Seen]:
        """See `Links`."""
        return [_seen(source) for source in await self._ask("GET", "/api/v1/sources")]

    async def known(self, token: str) -> Seen | None:
        """See `Links`."""
        found = await self._ask("POST", "/api/v1/source-lookups", {"token": token})
        return _seen(found["source"]) if found["source"] else None

    async def add(self, widget: str, name: str) -> str:
        """See `Links`."""
        body = {"widget": widget, "name": name, "stage": self.stage}
        return str((await self._ask("POST", "/api/v1/sources", body))["url"])

    async def rotate(self, name: str) -> str:
        """See `Links`."""
        return str((await self._ask("POST", self._path(name, self.stage, "/token")))["url"])

    async def remove(self, name: str, stage: str) -> bool:
        """See `Links`."""
        await self._ask("DELETE", self._path(name, stage))
        return True


class OfflineLinks:
    """`bot.obs.links.Links`, in the data folder of a giftcast that is not running."""

    def __init__(self, folder: Path, stage: str) -> None:
        self._keeper, self.stage = SourceKeeper(folder), stage
        port = links_port(load_settings(folder).server, folder)
        self.address = f"http://127.0.0.1:{port}"

    async def sources(self) -> list[Seen]:
        """See `Links`."""
        return [_seen(source) for source in await self._keeper.list()]

    async def known(self, token: str) -> Seen | None:
        """See `Links`."""
        found = await self._keeper.known(token)
        return _seen(found) if found else None

    async def add(self, widget: str, name: str) -> str:
        """See `Links`."""
        return str((await self._keeper.add(widget, name, self.stage))["url"])

    async def rotate(self, name: str) -> str:
        """See `Links`."""
        return str((await self._keeper.rotate(name, self.stage))["url"])

    async def remove(self, name: str, stage: str) -> bool:
        """Not without the one who gives back what is under way."""
        return False


def links_of(folder: Path, running: Running | None, stage: str) -> Links:
    """Whoever knows the sources now."""
    return RunningLinks(folder, running, stage) if running else OfflineLinks(folder, stage)


@asynccontextmanager
async def port_kept(folder: Path, links: Links, given: Collection[str]) -> AsyncIterator[None]:
    """Whatever becomes of the work: links were given to these sources, so their port is kept, and
    those that it leaves behind are named."""
    before, port = kept_port(folder), urlsplit(links.address).port or 0
    try:
        yield
    finally:
        if given:
            keep_port(folder, port)
            found = await links.sources()
            others = [s for s in found if s.stage != links.stage or s.name not in given]
            if note := left_behind(port, before, others):
                hint(note)


def _seen(source: Mapping[str, Any]) -> Seen:
    return Seen(
        source["name"],
        source["widget"],
        source["stage"],
        source["online"],
        source["active"],
        Missing(**source["missing"]) if source["missing"] else None,
    )

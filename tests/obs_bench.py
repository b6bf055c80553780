"""A set-up on a stand-in of OBS, with giftcast's sources in a folder."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cli.links import OfflineLinks
from bot.obs.connection import connected
from bot.obs.links import Links
from bot.obs.record import Record
from bot.obs.settings import ObsSettings
from bot.obs.setup import BROWSER, Setup
from bot.obs.status import Finding, Status
from bot.obs.studio import Studio
from bot.obs.undo import Undo
from tests.fakes.obs import ObsStandIn

ALERTS = "giftcast alerts"


@dataclass
class Bench:
    """Whatever is done to OBS, told line by line in `lines`."""

    obs: ObsStandIn
    folder: Path
    links: Links
    kind: str = BROWSER
    lines: list[str] = field(default_factory=list)

    async def setup(self, *widgets: str, **how: Any) -> list[str]:
        self.lines = []
        async with connected(self.obs.url, self.obs.password) as connection:
            await Setup(
                Studio(connection), self.links, Record(self.folder), self.folder,
                self.lines.append, kind=self.kind,
            ).run(widgets or ["alerts"], **how)  # fmt: skip
        return self.lines

    async def undo(self) -> bool:
        self.lines = []
        async with connected(self.obs.url, self.obs.password) as connection:
            return await Undo(
                Studio(connection), self.links, Record(self.folder), self.folder,
                self.lines.append, kind=self.kind,
            ).run()  # fmt: skip

    async def look(self, settings: ObsSettings | None = None) -> list[Finding]:
        async with connected(self.obs.url, self.obs.password) as connection:
            status = Status(
                Studio(connection), self.links, Record(self.folder), self.folder, kind=self.kind
            )
            return await status.look((settings or ObsSettings()).on_hero)

    @property
    def told(self) -> str:
        return "\n".join(self.lines)


def bench(obs: ObsStandIn, folder: Path, links: Links | None = None) -> Bench:
    return Bench(obs, folder, links or OfflineLinks(folder, "main"))


def asked(obs: ObsStandIn) -> list[str]:
    """The requests that change something."""
    return [name for name, _ in obs.requests if not name.startswith("Get")]

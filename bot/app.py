"""A giftcast that is up: its parts, by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bot.edited import Edited
from bot.extras import Extras
from bot.platform import Platform
from bot.screen import Screen
from commands.cheers import Cheers
from commands.desk import Desk
from commands.earning import Earner
from commands.gaps import Gaps
from commands.policies import Policies
from commands.rulings import Rulings
from commands.settle import Settler
from commands.shows import Shows
from data.access import Access
from data.identities import Identities
from data.sqlite.journal import SqliteJournal
from overlay.entry import Entry, preview_token
from overlay.hub import Hub
from overlay.looks import Looks

STAGE = "main"
VERSION = version("giftcast")


@dataclass(frozen=True, slots=True)
class App:
    """A giftcast that is up. trial: whether no real chat is connected, nor ever was."""

    port: int
    folder: Path
    api_token: str
    now: Callable[[], int]
    journal: SqliteJournal
    access: Access
    people: Identities
    edited: Edited
    settler: Settler
    screen: Screen
    desk: Desk
    earner: Earner
    shows: Shows
    cheers: Cheers
    rulings: Rulings
    gaps: Gaps
    entry: Entry
    platforms: dict[str, Platform]
    extras: Extras = field(default_factory=Extras)
    trial: bool = False

    @property
    def hub(self) -> Hub:
        """Which pages are connected."""
        return self.screen.hub

    @property
    def looks(self) -> Looks:
        """Themes, and art that gifts have of their own."""
        return self.screen.looks

    @property
    def policies(self) -> Policies:
        """What each stage allows."""
        return self.edited.policies

    def address(self, path: str, host: str = "localhost") -> str:
        """People come by `localhost`, overlays by `127.0.0.1`: two origins."""
        return f"http://{host}:{self.port}{path}"

    def overlay_url(self, widget: str, token: str) -> str:
        """The page that OBS opens; the token is never part of a request."""
        return self.address(f"/o/{widget}#{token}", "127.0.0.1")

    def preview_url(self) -> str:
        """The built-in preview of the alerts."""
        return self.overlay_url("alerts", preview_token(self.api_token, STAGE))

    def problems(self) -> list[str]:
        """Edited documents that were refused, each with place and reason."""
        refused = [document.problem for document in self.edited.watched if document.problem]
        return [*refused, *self.looks.problems()]

"""The seam that a chat platform fills. A platform is one file or folder in `bot/platforms`.

Such a module has a function `build(section, house) -> Platform`. It is imported only when
the settings name it (section `[<name>]`), so an unused library is never loaded.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from commands.chat import Chatter
from commands.cheers import Cheers
from commands.desk import Desk
from commands.earning import Earner
from commands.gaps import Gaps
from commands.policy import StagePolicy
from commands.rulings import Rulings
from commands.shows import Shows


@dataclass(frozen=True, slots=True)
class PlatformStatus:
    """How a platform fares, in plain words.

    state: `starting`, `connected`, `reconnecting`, `failed` or `off`.
    cause: one sentence for a streamer; never a token or an address with a secret in it.
    fix: what to do about it; empty when there is nothing to do.
    """

    state: str
    cause: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """What a platform needs that has pages of its own on our server.

    require: lets a request pass or raises the answer that refuses it; csrf: the token that
    a page of this request's session sends along. overlay_url: the built-in preview.
    stages: whether there is a stage of that name. trial: whether no real chat is connected,
    nor ever was. address: of a path, as people open it.
    """

    require: Callable[[web.Request], Awaitable[None]]
    csrf: Callable[[web.Request], str]
    overlay_url: Callable[[], str]
    prefix: Callable[[], str]
    welcome_coins: Callable[[str], int]
    stages: Callable[[str], bool]
    trial: bool
    address: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class House:
    """What the composition root lends to a platform.

    now: the wall clock, milliseconds since the epoch, UTC. policies: a stage's, as in force.
    """

    desk: Desk
    stage: str
    data_dir: Path
    now: Callable[[], int]
    front: Front | None = None
    _: KW_ONLY
    policies: Callable[[str], StagePolicy]
    earner: Earner
    shows: Shows
    cheers: Cheers
    rulings: Rulings
    gaps: Gaps


class Platform(Protocol):
    """A chat network: hears lines, asks the desk, answers."""

    name: str

    def status(self) -> PlatformStatus:
        """How it fares now."""

    async def run(self) -> None:
        """Listen and answer until cancelled. A failed login is a status, not an exception."""

    async def find(self, name: str) -> Chatter | None:
        """Whoever goes by that name there, seen or not; None when the platform cannot tell."""

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Say something to one person that they did not ask for just now, politely bounded."""


class Build(Protocol):
    """The function `build` of a platform module.

    section: its settings as read from `giftcast.toml` and `GIFTCAST_<NAME>__<KEY>`.
    Raises `SettingsError` with the key, the fault and the fix.
    """

    def __call__(self, section: Mapping[str, Any], house: House) -> Platform: ...

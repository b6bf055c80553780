"""Avatars: after a gift, the face of who sent it is fetched, for this gift if it still waits, and
for the next. No gift ever waits for one."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import SettingsError
from bot.platform import Platform
from bot.portraits import Fetcher, UnfitError, origin_of, redrawn
from bot.screen import Screen
from bot.settings import Settings
from data.faults import dotted, first_fault
from data.identities import Identities, Known
from data.journal import Journal
from data.ledger import Record
from overlay.faces import Faces

SECTION = "avatars"
WAITING_MAX = 500
BATCH = 20
PAUSE_S = 0.25
FRESH_S = 7 * 86_400.0
AGAIN_S = 3_600.0  # after somebody had none, or it could not be had
GIFTS_MAX = 20
Portrait = str | bytes


class AvatarSettings(BaseModel):
    """`[avatars]`: whether viewers' avatars are fetched, and from where."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    hosts: tuple[str, ...] = Field(
        default=("cdn.discordapp.com", "static-cdn.jtvnw.net"), max_length=20
    )

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            origin_of(host)
        return hosts


def avatar_settings(sections: Mapping[str, Mapping[str, Any]]) -> AvatarSettings:
    """The section, checked. Raises `SettingsError`."""
    try:
        return AvatarSettings.model_validate(sections.get(SECTION, {}))
    except ValidationError as error:
        place, reason = first_fault(error, AvatarSettings)
        raise SettingsError(f"[{SECTION}] {dotted(place)}: {reason}") from None


@runtime_checkable
class Portraits(Protocol):
    """A platform that knows what its people look like."""

    async def portraits(self, user_ids: Sequence[str]) -> Mapping[str, Portrait]:
        """The address of each one's avatar, or the picture itself; without those who have none."""


@dataclass(slots=True)
class _Wanted:
    """A person whose face is wanted, and the gifts that could show it."""

    stage: str
    gifts: list[str] = field(default_factory=list)


class Avatars:
    """Follows gifts. now: seconds since the epoch. shown: called with a stage, gifts and the
    address of the face that they may show now."""

    def __init__(
        self,
        journal: Journal,
        people: Identities,
        platforms: Mapping[str, Platform],
        *,
        faces: Faces,
        fetcher: Fetcher,
        shown: Callable[[str, Sequence[str], str], None],
        now: Callable[[], float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._people, self._platforms = people, platforms
        self._faces, self._fetcher, self._shown = faces, fetcher, shown
        self._now, self._pause = now, pause
        self._wanted: OrderedDict[int, _Wanted] = OrderedDict()
        self._tried: OrderedDict[int, float] = OrderedDict()
        self._some = asyncio.Event()
        journal.watch(self._follow)

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind not in ("gift", "approve") or not self._due(record.subject):
                continue
            if record.subject not in self._wanted and len(self._wanted) >= WAITING_MAX:
                continue  # their next gift asks again
            wanted = self._wanted.setdefault(record.subject, _Wanted(record.stage))
            if len(wanted.gifts) < GIFTS_MAX:
                wanted.gifts.append(record.facts.get("gift_id", record.gift_id))
            self._some.set()

    def _due(self, person: int) -> bool:
        now = self._now()
        if now - self._tried.get(person, 0.0) < AGAIN_S:
            return False
        return now - self._faces.kept_at(person) >= FRESH_S

    async def run(self) -> None:
        """Fetch what is wanted, until cancelled."""
        try:
            while True:
                await self._some.wait()
                await self.fetch()
                await self._pause(PAUSE_S)
        finally:
            await self._fetcher.close()

    async def fetch(self) -> None:
        """Fetch those that are wanted now, a few."""
        some = [self._wanted.popitem(last=False) for _ in range(min(BATCH, len(self._wanted)))]
        if not self._wanted:
            self._some.clear()
        found = {person: await self._people.of(person) for person, _ in some}
        for person, _ in some:
            self._note(person)
        portraits = await self._asked([known for known in found.values() if known])
        for person, wanted in some:
            known = found[person]
            if known is None:
                await self._faces.forget(person)  # erased meanwhile
            elif portrait := portraits.get((known.platform, known.user_id)):
                await self._keep(person, wanted, portrait)

    def _note(self, person: int) -> None:
        self._tried[person] = self._now()
        self._tried.move_to_end(person)
        while len(self._tried) > 10 * WAITING_MAX:
            self._tried.popitem(last=False)

    async def _asked(self, people: Sequence[Known]) -> dict[tuple[str, str], Portrait]:
        found: dict[tuple[str, str], Portrait] = {}
        for name in {known.platform for known in people}:
            platform = self._platforms.get(name)
            if not isinstance(platform, Portraits):
                continue
            ids = [known.user_id for known in people if known.platform == name]
            try:
                told = await platform.portraits(ids)
            except Exception:  # noqa: BLE001 - one platform may not end the others; a later gift asks
                structlog.get_logger().exception("avatars.failed", platform=name)
                continue
            found |= {(name, user_id): portrait for user_id, portrait in told.items()}
        return found

    async def _keep(self, person: int, wanted: _Wanted, portrait: Portrait) -> None:
        try:
            raw = await self._fetcher.get(portrait) if isinstance(portrait, str) else portrait
            picture = await redrawn(raw)
        except UnfitError as error:
            structlog.get_logger().info("avatars.unfit", why=str(error))
            return
        await self._faces.keep(person, picture, self._now())
        if path := self._faces.path_of(person):
            self._shown(wanted.stage, wanted.gifts, path)


def build_avatars(
    settings: Settings,
    journal: Journal,
    people: Identities,
    platforms: Mapping[str, Platform],
    screen: Screen,
) -> Avatars | None:
    """As `[avatars]` says; None when it is off. Raises `SettingsError`."""
    wanted = avatar_settings(settings.sections)
    if not wanted.enabled:
        return None
    return Avatars(
        journal,
        people,
        platforms,
        faces=screen.faces,
        fetcher=Fetcher(wanted.hosts),
        shown=screen.hub.face,
        now=time.time,
    )

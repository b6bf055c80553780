"""Effects: what OBS does for a while when a great gift is on the screen.

They follow the journal: a gift is settled once a page has painted it. Nothing waits for them;
what comes while OBS is away is let go. What is on is written down before, so that a run that was
killed is put right by the next one.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.obs import deeds
from bot.obs.errors import LOST, NOT_RUNNING, REFUSED, ObsError
from bot.obs.owed import Owed, OwedFile
from bot.obs.reach import Reach
from bot.obs.settings import SECTION, Effect, ObsSettings, obs_settings
from bot.obs.studio import Connection, Studio
from bot.platform import PlatformStatus
from bot.settings import Settings
from data.journal import Books, Journal
from data.ledger import Record
from data.sqlite.journal import SqliteJournal

LONGEST_S = 60.0  # however many heroes follow each other
KNOWN_MAX = 2_000  # great gifts under way
PAUSE_S, PAUSE_MAX_S = 1.0, 30.0
GOODBYE_S = 2.0

_LOG = "It is in the log; update giftcast and OBS"
_CORRECT = "Correct [obs] on_hero in giftcast.toml, or the name in OBS"

Connect = Callable[[], AbstractAsyncContextManager[Connection]]


@dataclass(slots=True)
class _Running:
    effect: Effect
    before: Any
    began: float
    until: float
    left: bool = False  # by the last run


class HeroEffects:
    """Does the effects of `[obs] on_hero`. connect: opens a connection to OBS. file: remembers
    what is on; what the last run left there is put back first.

    clock: monotonic, in seconds; pause: waits so many seconds; chance: from 0 to 1.
    """

    def __init__(
        self,
        settings: ObsSettings,
        stage: str,
        journal: Journal,
        books: Books,
        connect: Connect,
        *,
        file: OwedFile,
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._stage, self._books, self._connect = settings, stage, books, connect
        self._clock, self._pause, self._chance = clock, pause, chance
        self._heroes: dict[int, None] = {}  # in order
        self._shown = asyncio.Event()
        self._file, now = file, clock()
        self._running = [_Running(one.effect, one.before, now, now, True) for one in file.left]
        self._status = PlatformStatus("starting")
        journal.watch(self._follow)

    def status(self) -> PlatformStatus:
        """How the connection to OBS fares, in words."""
        return self._status

    # --- the journal ---

    def _follow(self, records: Sequence[Record]) -> None:
        """Called by the journal's loop: quick, and never waits."""
        for record in records:
            if record.stage != self._stage:
                continue
            if record.kind == "gift" and not record.facts["settled"] and self._is_hero(record):
                self._heroes[record.seq] = None
                if len(self._heroes) > KNOWN_MAX:
                    self._heroes.pop(next(iter(self._heroes)))
            elif record.kind == "settle" and record.closes in self._heroes:
                self._heroes.pop(record.closes)
                self._shown.set()

    def _is_hero(self, record: Record) -> bool:
        least = self._settings.hero_from_coins
        return bool(
            record.facts["gift"]["tier"] >= self._settings.hero_from_tier
            or (least and record.facts["total_coins"] >= least)
        )

    async def _take_up(self) -> None:
        """Gifts that were under way before this start."""
        found = await self._books.open_gifts(self._stage, after=0, limit=KNOWN_MAX)
        before = {record.seq: None for _, record in found if self._is_hero(record)}
        self._heroes = before | self._heroes

    # --- OBS ---

    async def run(self) -> None:
        """Stay connected to OBS, and do the effects, until cancelled."""
        await self._take_up()
        failures = 0
        while True:
            try:
                async with self._connect() as connection:
                    failures = 0
                    self._tell("connected")
                    await self._serve(Studio(connection), connection)
                self._tell("reconnecting", "OBS has closed the connection")
            except ObsError as error:
                usual = error.code in (NOT_RUNNING, LOST)
                self._tell("reconnecting", error.what, error.fix, loud=not usual)
            except Exception:  # noqa: BLE001 - no fault of OBS may end this for good
                structlog.get_logger().exception("obs.failed")
                self._tell("reconnecting", "OBS said what giftcast does not understand", _LOG)
            pause_s = min(PAUSE_MAX_S, PAUSE_S * 2 ** min(failures, 10))
            failures += 1
            await self._pause(pause_s * (0.5 + self._chance() / 2))
            self._shown.clear()  # those were shown without

    def _tell(self, state: str, cause: str = "", fix: str = "", *, loud: bool = False) -> None:
        status = PlatformStatus(state, cause, fix)
        if status != self._status:
            self._status = status
            log = structlog.get_logger()
            (log.warning if loud else log.info)("obs.effects", state=state, cause=cause, fix=fix)

    async def _serve(self, studio: Studio, connection: Connection) -> None:
        ended = asyncio.ensure_future(connection.ended())
        try:
            while not ended.done():
                await self._end_due(studio, self._clock())
                await self._wait(ended)
                if self._shown.is_set():
                    self._shown.clear()
                    await self._begin(studio)
        except asyncio.CancelledError:
            with suppress(ObsError, TimeoutError):  # giftcast stops: leave nothing switched
                async with asyncio.timeout(GOODBYE_S):
                    await self._end_due(studio, float("inf"))
            raise
        finally:
            ended.cancel()

    async def _wait(self, ended: "asyncio.Future[None]") -> None:
        """Until a hero is shown, an effect has to end, or OBS goes."""
        waits: set[asyncio.Future[Any]] = {ended, asyncio.ensure_future(self._shown.wait())}
        if self._running:
            due_s = min(one.until for one in self._running) - self._clock()
            waits.add(asyncio.ensure_future(self._pause(max(0.0, due_s))))
        try:
            await asyncio.wait(waits, return_when="FIRST_COMPLETED")
        finally:
            for wait in waits - {ended}:
                wait.cancel()

    async def _begin(self, studio: Studio) -> None:
        now = self._clock()
        self._tell("connected")
        for effect in self._settings.on_hero:
            again = next((one for one in self._running if one.effect == effect), None)
            if again:
                again.until = min(now + effect.for_s, again.began + LONGEST_S)
                continue
            running = _Running(effect, None, now, now + effect.for_s)
            if not await self._works(effect, self._start(studio, running)):
                await self._over(running)

    async def _start(self, studio: Studio, running: _Running) -> None:
        running.before = await deeds.before(studio, running.effect)
        if running.before is not None:
            # first noted, for it may be done although its answer never comes
            self._running.append(running)
            await self._write()
            await deeds.start(studio, running.effect)

    async def _end_due(self, studio: Studio, now: float) -> None:
        for running in [one for one in reversed(self._running) if one.until <= now]:
            await self._works(running.effect, self._stop(studio, running))
            await self._over(running)

    async def _stop(self, studio: Studio, running: _Running) -> None:
        log, what = structlog.get_logger(), deeds.in_words(running.effect)
        try:
            found = await deeds.stop(studio, running.effect, running.before)
        except ObsError as error:
            if error.code != REFUSED or not running.left:
                raise
            log.warning("obs.left_alone", effect=what, why=error.what)
            return
        if found is not None:
            log.info("obs.left_alone", effect=what, why="somebody has changed it since", now=found)
        elif running.left:
            log.info("obs.put_back", effect=what, why="the last run was cut off in the middle")

    async def _over(self, running: _Running) -> None:
        self._running = [one for one in self._running if one is not running]
        try:
            await self._write()
        except ObsError as error:  # what is put back already is found so at the next start
            structlog.get_logger().warning("obs.not_written", cause=error.what, fix=error.fix)

    async def _write(self) -> None:
        """A replay that is to be saved is nothing that could be put back."""
        changes = (one for one in self._running if not one.effect.save_replay)
        await self._file.write([Owed(effect=one.effect, before=one.before) for one in changes])

    async def _works(self, effect: Effect, work: Coroutine[Any, Any, None]) -> bool:
        """Whether OBS did it. What it refuses is told, and the other effects go on."""
        try:
            await work
        except ObsError as error:
            if error.code != REFUSED:
                raise
            what = f"An effect did not work: {deeds.in_words(effect)}. {error.what}"
            self._tell("connected", what, error.fix or _CORRECT, loud=True)
            return False
        return True


def build_effects(
    settings: Settings, stage: str, journal: SqliteJournal, folder: Path
) -> HeroEffects | None:
    """The effects that the settings ask for; none, as long as nobody does and nothing is left to
    be put back."""
    obs = obs_settings(settings.sections.get(SECTION, {}))
    file = OwedFile(folder)
    if not obs.on_hero and not file.left:
        return None
    return HeroEffects(
        obs, stage, journal, journal.books, Reach(obs), file=file, clock=time.monotonic
    )

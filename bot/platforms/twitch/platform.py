"""The Twitch platform: stays in its channel, comes back when it falls out, says how it fares."""

import asyncio
from collections.abc import Collection

import structlog
from twitchio.eventsub.websockets import Websocket

from bot.errands import Errands
from bot.platform import House, PlatformStatus
from bot.platforms.twitch.addresses import addressed
from bot.platforms.twitch.lanes import Lanes
from bot.platforms.twitch.session import Session
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.sockets import TRIED, cured
from bot.platforms.twitch.steward import Work
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.tokens import BOT, FILE_NAME, STREAMER, TokenFile, Tokens
from bot.platforms.twitch.vigil import Vigil
from bot.platforms.twitch.words import WAIT, Trouble, describe, place, unexpected
from commands.chat import ChatMessage, Chatter, Reply

FINISH_S = 0.3
HANDS = 8


class TwitchPlatform:
    """One Twitch channel. One such platform a process: twitchio keeps its addresses globally.

    tried: the versions of twitchio whose reconnect faults may be cured.
    """

    name = "twitch"

    def __init__(
        self,
        settings: TwitchSettings,
        house: House,
        *,
        timing: Timing | None = None,
        tried: frozenset[str] = TRIED,
    ) -> None:
        self._settings = settings
        self._house = house
        self._timing = timing or settings.timing
        self._tried = tried
        self._file = TokenFile(house.data_dir / FILE_NAME)
        self._lanes = Lanes(house.desk, self._answer)
        retry_s = (self._timing.retry_first_s, self._timing.retry_most_s)
        self._work = Work(
            inbound=Errands(hands=HANDS, retry_s=retry_s), orders=Errands(retry_s=retry_s)
        )
        self._vigil: Vigil | None = None
        self._session: Session | None = None
        self._trouble: Trouble | None = None
        self._running = False
        self._was_connected = False

    def status(self) -> PlatformStatus:
        """How it fares now."""
        if not self._running:
            return PlatformStatus("off")
        if self._trouble:
            back = self._was_connected and not self._trouble.lasting
            state = "reconnecting" if back else "failed"
            return PlatformStatus(state, self._trouble.cause, self._trouble.fix)
        if self._session is None or not self._was_connected:
            return PlatformStatus("starting")
        if not self._session.hearing:
            return PlatformStatus("reconnecting", "The connection to Twitch was lost.", WAIT)
        for trouble in self._session.troubles:
            return PlatformStatus("connected", trouble.cause, trouble.fix)
        return PlatformStatus("connected", f"Listening in the chat of {self._session.channel}.")

    async def find(self, name: str) -> Chatter | None:
        """The person with this login name, also one who has never said a word here."""
        login = name.strip().lstrip("@").lower()
        if not (login.isascii() and login.replace("_", "").isalnum() and len(login) <= 25):
            return None
        return await self._session.find(login) if self._session else None

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Tells somebody something in the channel, in turn with what else is said."""
        if self._session:
            self._session.tell(viewer, text)

    async def run(self) -> None:
        """Listen and answer until cancelled. A failed login is a status, not an exception."""
        self._running = True
        given = self._settings
        self._vigil = Vigil(self._house.data_dir, given.channel, self._house.now)
        errands = (self._work.inbound, self._work.orders)
        tasks = [asyncio.create_task(some.run()) for some in errands]
        try:
            self._file.seed(STREAMER, Tokens(given.access_token, given.refresh_token))
            self._file.seed(BOT, Tokens(given.bot_access_token, given.bot_refresh_token))
            with addressed(given), cured(self._timing.linger_s, self._tried) as live:
                await self._come_and_go(live)
        finally:
            await asyncio.gather(*(some.finish(FINISH_S) for some in (self._lanes, *errands)))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._vigil.save()
            self._running = False

    async def _come_and_go(self, live: Collection[Websocket]) -> None:
        failures = 0
        while True:
            opened = await self._stay(live)
            if self._trouble and self._trouble.lasting:
                await self._somebody_signs_in()
                failures = 0
                continue
            failures = 0 if opened else failures + 1
            wait_s = self._timing.retry_first_s * 2.0 ** min(failures, 10)
            await asyncio.sleep(min(wait_s, self._timing.retry_most_s))

    async def _stay(self, live: Collection[Websocket]) -> bool:
        """One stay in the channel, to its end; whether we got in at all."""
        log = structlog.get_logger()
        assert self._vigil is not None
        session = Session(
            self._settings,
            self._house,
            self._file,
            self._timing,
            live=live,
            deliver=self._lanes.put,
            work=self._work,
            vigil=self._vigil,
        )
        opened = False
        try:
            await session.open()
            opened = self._was_connected = True
            self._session, self._trouble = session, None
            log.info("twitch.connected", channel=session.channel)
            await session.stay()
        except Trouble as trouble:
            self._trouble = trouble
            log.warning("twitch.left", cause=trouble.cause, fix=trouble.fix)
        except Exception as error:  # noqa: BLE001 - it must not take the house down with it
            self._trouble = unexpected(error)
            log.error("twitch.failed", error=describe(error), place=place(error))
        finally:
            self._session = None
            await self._close(session)
        return opened

    @staticmethod
    async def _close(session: Session) -> None:
        """Close to the end, also when we are told to stop in the middle of it."""
        closing = asyncio.create_task(session.close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    def _answer(self, message: ChatMessage, reply: Reply) -> None:
        if self._session:
            self._session.answer(message, reply)

    async def _somebody_signs_in(self) -> None:
        """Wait until there are other tokens than those that Twitch refuses."""
        refused = self._file.stamp()
        while self._file.stamp() == refused:  # noqa: ASYNC110 - another program may write it
            await asyncio.sleep(self._timing.watch_every_s)

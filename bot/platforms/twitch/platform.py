"""The Twitch platform: stays in its channels, comes back when it falls out, says how it fares."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress

import structlog
from aiohttp import web
from twitchio.eventsub.websockets import Websocket

from bot.errands import Errands
from bot.lanes import Lanes
from bot.platform import House, PlatformStatus
from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.addresses import addressed
from bot.platforms.twitch.pages import Pages
from bot.platforms.twitch.scopes import BOT, STREAMER, streamer_of
from bot.platforms.twitch.session import Session
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.signing import SignIns
from bot.platforms.twitch.sockets import TRIED, cured
from bot.platforms.twitch.steward import Work
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.tokens import FILE_NAME, TokenFile, Tokens
from bot.platforms.twitch.vigil import Vigil
from commands.chat import ChatMessage, Chatter, Reply

FINISH_S = 0.3
HANDS = 8
CALLBACK = "/twitch/callback"


class TwitchPlatform:
    """Twitch. One such platform a process: twitchio keeps its addresses globally.

    tried: the versions of twitchio whose faults may be cured. pause: waits some seconds
    between two questions whether somebody has signed in.
    """

    name = "twitch"
    page = "/twitch"

    def __init__(
        self,
        settings: TwitchSettings,
        house: House,
        *,
        timing: Timing | None = None,
        tried: frozenset[str] = TRIED,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._house = house
        self._timing = timing or settings.timing
        self._tried = tried
        self._file = TokenFile(house.data_dir / FILE_NAME)
        self._vigil: Vigil | None = None
        self._lanes = Lanes(house.desk, self._answer)
        retry_s = (self._timing.retry_first_s, self._timing.retry_most_s)
        self._work = Work(
            inbound=Errands(hands=HANDS, retry_s=retry_s), orders=Errands(retry_s=retry_s)
        )
        stages = settings.stages(house.stage)
        streamers = [streamer_of(stage, house.stage) for stage in stages] or [STREAMER]
        names = [streamers[0], BOT, *streamers[1:]]
        redirect_url = settings.redirect_url or self._address(CALLBACK)
        self._sign_ins = SignIns(settings, self._file, names, redirect_url, pause=pause)
        self._accounts: dict[str, Account] = {}
        self._session: Session | None = None
        self._trouble: words.Trouble | None = None
        self._running = False
        self._was_connected = False

    def status(self) -> PlatformStatus:
        """How it fares now."""
        if not self._running:
            return PlatformStatus("off")
        if self._trouble:
            back = self._was_connected and not self._trouble.lasting
            return self._told("reconnecting" if back else "failed", self._trouble)
        if self._session is None or not self._was_connected:
            return PlatformStatus("starting")
        if not self._session.hearing:
            return PlatformStatus("reconnecting", "The connection to Twitch was lost.", words.WAIT)
        for trouble in self._session.troubles:
            return self._told("connected", trouble)
        return PlatformStatus("connected", f"Listening in the chat of {self._session.channel}.")

    def accounts(self) -> dict[str, Account]:
        """Who is signed in, by the names of the accounts, as last seen."""
        return self._accounts

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        if self._house.front:
            Pages(self._settings, self._house.front, self._sign_ins, self).mount(app)

    async def find(self, name: str) -> Chatter | None:
        """The person with this login name, also one who has never said a word here."""
        login = name.strip().lstrip("@").lower()
        if not (login.isascii() and login.replace("_", "").isalnum() and len(login) <= 25):
            return None
        return await self._session.find(login) if self._session else None

    async def portraits(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """See `bot.avatars.Portraits`."""
        return await self._session.portraits(user_ids) if self._session else {}

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Tells somebody something in the channel, in turn with what else is said."""
        if self._session:
            self._session.tell(viewer, text)

    async def run(self) -> None:
        """Listen and answer until cancelled. A failed login is a status, not an exception."""
        self._running = True
        given = self._settings
        self._vigil = Vigil(self._house.data_dir, _channels(given), self._house.now)
        errands = (self._work.inbound, self._work.orders)
        tasks = [asyncio.create_task(some.run()) for some in errands]
        try:
            self._file.seed(STREAMER, Tokens(given.access_token, given.refresh_token))
            self._file.seed(BOT, Tokens(given.bot_access_token, given.bot_refresh_token))
            with addressed(given), cured(self._timing.linger_s, self._tried) as live:
                async with self._sign_ins.running():
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
            self._sign_ins.changed.clear()
            opened = await self._stay(live)
            if self._trouble and self._trouble.lasting:
                await self._somebody_signs_in()
                failures = 0
                continue
            if self._sign_ins.changed.is_set():
                continue
            failures = 0 if opened else failures + 1
            wait_s = self._timing.retry_first_s * 2.0 ** min(failures, 10)
            await asyncio.sleep(min(wait_s, self._timing.retry_most_s))

    async def _stay(self, live: Collection[Websocket]) -> bool:
        """One stay in the channels, to its end; whether we got in at all."""
        log = structlog.get_logger()
        assert self._vigil is not None
        session = Session(
            self._settings,
            self._house,
            self._file,
            self._timing,
            names=self._sign_ins.names,
            live=live,
            vigil=self._vigil,
            deliver=self._lanes.put,
            work=self._work,
            tried=self._tried,
        )
        opened = False
        try:
            self._check_settings()
            await session.open()
            opened = self._was_connected = True
            self._session, self._trouble = session, None
            self._notice(session)
            log.info("twitch.connected", channel=session.channel)
            await self._until_somebody_signs_in(session.stay())
        except words.Trouble as trouble:
            self._trouble = trouble
            self._notice(session)
            log.warning("twitch.left", cause=trouble.cause, fix=trouble.fix)
        except Exception as error:  # noqa: BLE001 - it must not take the house down with it
            self._trouble = words.unexpected(error)
            log.error("twitch.failed", error=words.describe(error), place=words.place(error))
        finally:
            self._session = None
            await self._close(session)
        return opened

    def _check_settings(self) -> None:
        if not self._settings.client_id:
            raise words.no_client_id(self._address("/twitch"))
        if not self._settings.stages(self._house.stage):
            raise words.no_channel_named()

    def _notice(self, session: Session) -> None:
        """Who is signed in now, and for whom a code is to be ready."""
        self._accounts = dict(session.accounts)
        needed = {trouble.account for trouble in session.troubles}
        if self._trouble:
            needed.add(self._trouble.account)
        for name in self._accounts.keys() - needed:
            self._sign_ins.has(name)
        for name in needed - {""}:
            self._sign_ins.need(name)

    async def _until_somebody_signs_in(self, staying: Awaitable[None]) -> None:
        """Stay, but no longer than until others are signed in. Raises what ends the stay."""
        stay = asyncio.ensure_future(staying)
        change = asyncio.create_task(self._sign_ins.changed.wait())
        try:
            await asyncio.wait((stay, change), return_when=asyncio.FIRST_COMPLETED)
            if stay.done():
                stay.result()
        finally:
            for task in (stay, change):
                task.cancel()
            await asyncio.gather(stay, change, return_exceptions=True)

    @staticmethod
    async def _close(session: Session) -> None:
        """Close to the end, also when we are told to stop in the middle of it."""
        closing = asyncio.create_task(session.close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    async def _somebody_signs_in(self) -> None:
        """Wait until there are other tokens than those that Twitch refuses."""
        refused = self._file.stamp()
        while self._file.stamp() == refused:  # another program may write it
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.watch_every_s):
                    await self._sign_ins.changed.wait()
                    return

    def _told(self, state: str, trouble: words.Trouble) -> PlatformStatus:
        """A trouble; where a sign-in would mend it, with its code, or why there is none."""
        trouble = self._sign_ins.trouble(trouble.account) or trouble
        fix = self._sign_ins.fix(trouble.account) or trouble.fix
        return PlatformStatus(state, trouble.cause, fix)

    def _answer(self, message: ChatMessage, reply: Reply) -> None:
        if self._session:
            self._session.answer(message, reply)

    def _address(self, path: str) -> str:
        front = self._house.front
        return front.address(path) if front else f"http://localhost{path}"


def _channels(settings: TwitchSettings) -> str:
    """Which channels are listened to, as one word."""
    return settings.channel or ",".join(sorted(settings.channels.values()))

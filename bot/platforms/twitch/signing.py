"""Who signs in to Twitch, by a code or by a browser; and who signs out."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

import aiohttp
import structlog

from bot.platforms.twitch.device import DeviceSignIn
from bot.platforms.twitch.identity import DeviceCode, Identity
from bot.platforms.twitch.redirects import Redirects
from bot.platforms.twitch.scopes import wanted
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.tokens import TokenFile, Tokens
from bot.platforms.twitch.words import (
    FAULTS,
    Trouble,
    describe,
    enter_code,
    sign_in,
    unfinished,
)


class SignIns:
    """All sign-ins of this house. `running` while in use.

    names: the accounts that there are to be. redirect_url: where browsers come back to.
    changed: set whenever somebody signed in or out; whoever waits for it clears it.
    """

    def __init__(
        self,
        settings: TwitchSettings,
        file: TokenFile,
        names: Collection[str],
        redirect_url: str,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._file = file
        self._pause = pause
        self._clock = clock
        self._identity: Identity | None = None
        self._flows: dict[str, tuple[DeviceSignIn, asyncio.Task[None]]] = {}
        self._needed: set[str] = set()
        self.names = tuple(names)
        self.redirects = Redirects(settings.id_url, settings.client_id, redirect_url, clock)
        self.changed = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Within it people can sign in."""
        given = self._settings
        timeout = aiohttp.ClientTimeout(total=given.timing.request_s)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            self._identity = Identity(given.id_url, given.client_id, given.client_secret, http)
            try:
                yield
            finally:
                self._identity = None
                tasks = [task for _, task in self._flows.values()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._flows.clear()

    def need(self, account: str) -> None:
        """Have a code ready for an account that cannot be done without, again and again."""
        self._needed.add(account)
        if account in self.names and not self._under_way(account):
            self._start(account)

    def needs(self, account: str) -> bool:
        """Whether a code is kept ready for an account by itself."""
        return account in self._needed

    def has(self, account: str) -> None:
        """An account is signed in: a code that was kept ready for it is put away."""
        if account in self._needed:
            self._needed.discard(account)
            self._cancel(account)

    def ask_code(self, account: str) -> None:
        """Somebody wants to sign in with a code. Raises `Trouble`."""
        self._ready()
        if not self._under_way(account):
            self._start(account)

    def ask_browser(self, account: str, session: str) -> str:
        """Somebody wants to sign in with their browser; where it is to go. Raises `Trouble`."""
        self._ready()
        return self.redirects.leave(account, session, [r.scope for r in wanted(account)])

    async def come_back(self, state: str, session: str, code: str) -> None:
        """A browser is back from Twitch. Raises `Trouble` when nobody may sign in with it."""
        identity = self._ready()
        departure = self.redirects.come_back(state, session)
        if departure is None:
            structlog.get_logger().warning("twitch.sign_in_refused", why="state")
            raise unfinished("Nobody in this browser asked for it, or it took too long.")
        if not code:
            raise unfinished("Twitch was told not to allow it.")
        try:
            tokens = await identity.redeem(code, self.redirects.redirect_url, departure.verifier)
        except FAULTS as error:
            raise sign_in(error, departure.account) from None
        self._keep(departure.account, tokens)

    async def sign_out(self, account: str) -> None:
        """Forget an account here, and have Twitch forget it, too, when it can be reached."""
        tokens = self._file.get(account)
        self._needed.discard(account)
        self._cancel(account)
        self._file.remove(account)
        self.changed.set()
        if tokens and self._identity:
            try:
                await self._identity.revoke(tokens.access)
            except FAULTS as error:
                structlog.get_logger().info("twitch.not_revoked", error=describe(error))
        structlog.get_logger().info("twitch.signed_out", account=account)

    def code(self, account: str) -> DeviceCode | None:
        """The code that somebody is to enter for an account."""
        flow = self._flows.get(account)
        return flow[0].code if flow else None

    def trouble(self, account: str) -> Trouble | None:
        """Why there is no code although one is wanted."""
        flow = self._flows.get(account)
        return flow[0].trouble if flow else None

    def fix(self, account: str) -> str:
        """What to do so that an account is signed in; empty when there is no code."""
        code = self.code(account)
        return enter_code(code.address, code.user_code) if code else ""

    def _ready(self) -> Identity:
        if self._identity is None:
            raise unfinished("giftcast is starting or stopping.")
        return self._identity

    def _under_way(self, account: str) -> bool:
        flow = self._flows.get(account)
        return flow is not None and not flow[1].done()

    def _start(self, account: str) -> None:
        identity = self._ready()
        flow = DeviceSignIn(
            identity,
            account,
            [right.scope for right in wanted(account)],
            lambda tokens: self._keep(account, tokens),
            pause=self._pause,
            clock=self._clock,
        )
        self._flows[account] = (flow, asyncio.create_task(flow.run()))

    def _cancel(self, account: str) -> None:
        flow = self._flows.pop(account, None)
        if flow and flow[1] is not asyncio.current_task():
            flow[1].cancel()

    def _keep(self, account: str, tokens: Tokens) -> None:
        self._file.put(account, tokens)
        self._needed.discard(account)
        self._cancel(account)
        self.changed.set()
        structlog.get_logger().info("twitch.signed_in", account=account)

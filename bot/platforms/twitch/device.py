"""Signing in with a code that a person enters at twitch.tv/activate; nothing secret is needed.

dev.twitch.tv/docs/authentication/getting-tokens-oauth/#device-code-grant-flow, RFC 8628
"""

import time
from collections.abc import Awaitable, Callable, Collection

import structlog
from twitchio.exceptions import HTTPException

from bot.platforms.twitch.identity import DeviceCode, Identity
from bot.platforms.twitch.tokens import Tokens
from bot.platforms.twitch.words import FAULTS, Trouble, describe, sign_in

SLOWER_S = 5.0  # RFC 8628, 3.5
RETRY_FIRST_S = 5.0
RETRY_MOST_S = 300.0


class DeviceSignIn:
    """Waits for one account until somebody has entered its code; when that is too old, another.

    scopes: what is asked for. keep: takes the tokens.
    code: the one to enter now, or None. trouble: why there is none.
    """

    def __init__(
        self,
        identity: Identity,
        account: str,
        scopes: Collection[str],
        keep: Callable[[Tokens], None],
        *,
        pause: Callable[[float], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._identity = identity
        self._account = account
        self._scopes = scopes
        self._keep = keep
        self._pause = pause
        self._clock = clock
        self.code: DeviceCode | None = None
        self.trouble: Trouble | None = None

    async def run(self) -> None:
        """Ask until somebody has said yes. Ends also when Twitch refuses for good: `trouble`."""
        wait_s = RETRY_FIRST_S
        while True:
            try:
                self.code = await self._identity.device_code(self._scopes)
            except FAULTS as error:
                structlog.get_logger().warning("twitch.no_code", error=describe(error))
                self.trouble = sign_in(error, self._account)
                if self.trouble.lasting:
                    return
                await self._pause(wait_s)
                wait_s = min(wait_s * 2, RETRY_MOST_S)
                continue
            wait_s, self.trouble = RETRY_FIRST_S, None
            tokens = await self._entered(self.code)
            self.code = None
            if tokens:
                self._keep(tokens)
                return

    async def _entered(self, code: DeviceCode) -> Tokens | None:
        """The tokens, once somebody has entered the code; None when its time is over."""
        interval_s = code.interval_s
        until = self._clock() + code.expires_in_s
        while self._clock() < until:
            await self._pause(interval_s)
            try:
                return await self._identity.redeem_device(code, self._scopes)
            except FAULTS as error:
                answer = describe(error)
                if isinstance(error, HTTPException) and error.status == 400:
                    if "slow_down" in answer:
                        interval_s += SLOWER_S
                    elif "authorization_pending" not in answer:
                        structlog.get_logger().info("twitch.code_over", error=answer)
                        return None
        return None

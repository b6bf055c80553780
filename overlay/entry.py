"""Who may enter: one-time login codes, sessions of people, and the token of programs."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from aiohttp import web

from data.access import Access, new_token

COOKIE = "giftcast_session"
CODE_S = 600.0
IDLE_MS = 12 * 3_600_000
ABSOLUTE_MS = 30 * 86_400_000
TRIES_MAX = 5
LOCKED_S = 30.0
KEPT = "kept-"  # how the token of a login begins that does not end by being idle
PREVIEW = "preview"  # the name of the built-in source; nobody else's
_CODES_MAX = 50
_TOUCH_MS = 60_000


class Entry:
    """Lets people in by a link that works once, and programs by the token in the data folder.

    clock: monotonic, in seconds.
    """

    def __init__(self, access: Access, api_token: str, clock: Callable[[], float]) -> None:
        self._access = access
        self._api_token = api_token
        self._clock = clock
        self._codes: dict[bytes, float] = {}
        self._wrong = 0
        self._locked_until = 0.0

    def new_code(self) -> str:
        """A login code: good once, for ten minutes, in this process."""
        now = self._clock()
        self._codes = {code: until for code, until in self._codes.items() if until > now}
        while len(self._codes) >= _CODES_MAX:
            self._codes.pop(next(iter(self._codes)))
        code = secrets.token_urlsafe(18)
        self._codes[_digest(code)] = now + CODE_S
        return code

    async def redeem(self, code: str, *, keep: bool = False) -> str | None:
        """The session token for a code; None when it is wrong, used, too old, or when there
        were too many wrong ones just now. keep: it lasts also when it is not used for days."""
        now = self._clock()
        if now < self._locked_until:
            return None
        until = self._codes.pop(_digest(code), 0.0)
        if until <= now:
            self._wrong += 1
            if self._wrong >= TRIES_MAX:
                self._wrong, self._locked_until = 0, now + LOCKED_S
            return None
        self._wrong = 0
        token = KEPT * keep + new_token()
        await self._access.open_session(token)
        return token

    async def leave(self, request: web.Request) -> None:
        """End the session of a request."""
        if token := request.cookies.get(COOKIE):
            await self._access.close_session(token)

    def is_program(self, request: web.Request) -> bool:
        """Whether the request bears the API token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(
            token.strip().encode(), self._api_token.encode()
        )

    async def is_person(self, request: web.Request) -> bool:
        """Whether the request comes from somebody logged in."""
        token = request.cookies.get(COOKIE, "")
        age = await self._access.session_age(token) if token else None
        if age is None:
            return False
        since_made, since_used = age
        idle = since_used > IDLE_MS and not token.startswith(KEPT)
        if since_made > ABSOLUTE_MS or idle:
            await self._access.close_session(token)
            return False
        if since_used > _TOUCH_MS:
            await self._access.touch_session(token)
        return True

    async def require(self, request: web.Request) -> None:
        """Let the request pass, or answer 401 or 403. What changes something must also carry
        the page's CSRF token when it comes with a cookie."""
        if self.is_program(request):
            return
        if not await self.is_person(request):
            raise web.HTTPUnauthorized(reason="log in first")
        if request.method not in ("GET", "HEAD"):
            sent = request.headers.get("X-CSRF-Token", "")
            if not hmac.compare_digest(sent.encode(), self.csrf(request).encode()):
                raise web.HTTPForbidden(reason="this page is out of date: reload it")

    def csrf(self, request: web.Request) -> str:
        """The token that a page of this session puts in its requests."""
        session = request.cookies.get(COOKIE, "")
        return hmac.new(self._api_token.encode(), session.encode(), hashlib.sha256).hexdigest()


def preview_token(api_token: str, stage: str) -> str:
    """The display-only token of the built-in preview: the same after a restart."""
    return hmac.new(api_token.encode(), f"preview:{stage}".encode(), hashlib.sha256).hexdigest()


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()

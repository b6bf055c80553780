"""id.twitch.tv: how an application gets tokens, and gives them back.

authentication/getting-tokens-oauth/, authentication/refresh-tokens/,
authentication/revoke-tokens/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from yarl import URL

from tests.fakes.twitch.oauth import OAuth
from tests.fakes.twitch.shapes import Grant, User, id_error

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
NOBODY = User("", "", "")


@dataclass
class Device:
    """A device code that was given out. user: who has entered it."""

    user_code: str
    device_code: str
    scopes: tuple[str, ...]
    user: User | None = None
    answers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Consent:
    """A code that went back through a browser; it works once."""

    code: str
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str


class Signing(OAuth):
    """redirect_urls: those that the application has registered.

    consenting: who is at the browser that comes to `/oauth2/authorize`, and says yes.
    interval_s, expires_in_s: what is told of a device code.
    Twitch takes no notice of PKCE (github.com/twitchdev/issues/issues/1097).
    """

    def __init__(self) -> None:
        super().__init__()
        self.redirect_urls: set[str] = set()
        self.consenting: User | None = None
        self.interval_s = 5
        self.expires_in_s = 1800
        self.devices: list[Device] = []
        self.polls = 0
        self.revoked: list[str] = []
        self._consents: dict[str, Consent] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.post("/oauth2/device", self._guarded(self._device)),
            web.get("/oauth2/authorize", self._guarded(self._authorize)),
            web.post("/oauth2/token", self._guarded(self._token)),
            web.post("/oauth2/revoke", self._guarded(self._revoke)),
        ]

    # what a test does

    def activate(self, user_code: str, user: User) -> None:
        """Somebody opens twitch.tv/activate, enters a code and says yes."""
        self._device_of(user_code).user = user
        self._note()

    def answer_polls(self, user_code: str, *messages: str) -> None:
        """What the next polls for a code are told, such as `slow_down`."""
        self._device_of(user_code).answers += messages

    def expire(self, user_code: str) -> None:
        """A code's time is over."""
        self.devices.remove(self._device_of(user_code))

    def consent(self, url: str, user: User) -> str:
        """Somebody's browser comes to the address and they say yes; where Twitch sends it."""
        query = URL(url).query
        assert url.startswith(f"http://127.0.0.1:{self._port}/oauth2/authorize?")
        return self._consented(query, user)

    def _device_of(self, user_code: str) -> Device:
        return next(one for one in self.devices if one.user_code == user_code)

    # #device-code-grant-flow

    async def _device(self, request: web.Request) -> web.Response:
        given = await request.post()
        if given.get("client_id") != self.client_id:
            return id_error(400, "invalid client")
        number = next(self._numbers)
        code = f"ABCD{number:04d}"
        scopes = tuple(str(given.get("scopes", "")).split())
        self.devices.append(Device(code, f"device-secret-{number}", scopes))
        address = f"http://127.0.0.1:{self._port}/activate?public=true&device-code={code}"
        return web.json_response(
            {
                "device_code": f"device-secret-{number}",
                "expires_in": self.expires_in_s,
                "interval": self.interval_s,
                "user_code": code,
                "verification_uri": address,
            }
        )

    def _by_device(self, given: Mapping[str, Any]) -> web.Response:
        self.polls += 1
        device = next((d for d in self.devices if d.device_code == given.get("device_code")), None)
        if device is None:
            return id_error(400, "invalid device code")
        if device.answers:
            return id_error(400, device.answers.pop(0))
        if device.user is None:
            return id_error(400, "authorization_pending")
        self.devices.remove(device)
        return _pair(self.sign_in(device.user, device.scopes))

    # #authorization-code-grant-flow

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        if self.consenting is None:
            return web.Response(text="This is where Twitch asks.")
        raise web.HTTPFound(self._consented(request.query, self.consenting))

    def _consented(self, query: Mapping[str, str], user: User) -> str:
        assert query["client_id"] == self.client_id
        assert query["response_type"] == "code"
        assert query["redirect_uri"] in self.redirect_urls, "redirect_mismatch"
        code = f"code-secret-{next(self._numbers)}"
        self._consents[code] = Consent(
            code,
            user,
            tuple(query["scope"].split()),
            query["redirect_uri"],
            query.get("code_challenge", ""),
        )
        back = {"code": code, "scope": query["scope"], "state": query.get("state", "")}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def _by_code(self, given: Mapping[str, Any]) -> web.Response:
        consent = self._consents.pop(str(given.get("code")), None)
        if consent is None:
            return id_error(400, "Invalid authorization code")
        if given.get("redirect_uri") != consent.redirect_uri:
            return id_error(400, "Parameter redirect_uri does not match registered URI")
        return _pair(self.sign_in(consent.user, consent.scopes))

    # the token endpoint

    async def _token(self, request: web.Request) -> web.Response:
        given = {**request.query, **await request.post()}
        if given.get("client_id") != self.client_id:
            return id_error(400, "invalid client")
        kind = given.get("grant_type")
        if kind == DEVICE:
            return self._by_device(given)
        if kind not in ("refresh_token", "authorization_code", "client_credentials"):
            return id_error(400, "unsupported grant type")
        if kind != "refresh_token" and not self.client_secret:
            return id_error(400, "Invalid client credentials")
        if self.client_secret and "client_secret" not in given:
            return id_error(400, "missing client secret")
        if given.get("client_secret", "") != self.client_secret:
            return id_error(403, "invalid client secret")
        if kind == "authorization_code":
            return self._by_code(given)
        if kind == "client_credentials":
            return self._by_secret()
        return self._by_refresh(given)

    def _by_secret(self) -> web.Response:
        # #client-credentials-grant-flow
        app = self.sign_in(NOBODY, ())
        app.is_app = True
        said = {"access_token": app.access, "expires_in": 5_000_000, "token_type": "bearer"}
        return web.json_response(said)

    def _by_refresh(self, given: Mapping[str, Any]) -> web.Response:
        if not given.get("refresh_token"):
            return id_error(400, "missing refresh token")
        old = next((one for one in self.grants if one.refresh == given["refresh_token"]), None)
        if old is None:
            return id_error(400, "Invalid refresh token")
        fresh = self.sign_in(old.user, old.scopes)
        old.valid = False
        if not self.client_secret:
            old.refresh = ""  # a public client's refresh token works once
        return _pair(fresh)

    async def _revoke(self, request: web.Request) -> web.Response:
        given = await request.post()
        grant = self._grant(str(given.get("token", "")))
        if grant is None:
            return id_error(400, "Invalid token")
        grant.valid, grant.refresh = False, ""
        self.revoked.append(grant.access)
        return web.Response()


def _pair(grant: Grant) -> web.Response:
    return web.json_response(
        {
            "access_token": grant.access,
            "expires_in": grant.expires_in,
            "refresh_token": grant.refresh,
            "scope": list(grant.scopes),
            "token_type": "bearer",
        }
    )

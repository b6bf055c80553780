"""id.twitch.tv: tokens asked for, renewed and given back.

Secrets go in the body of a request, never into its address, where logs and errors would show
them. See dev.twitch.tv/docs/authentication/getting-tokens-oauth/.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from twitchio.exceptions import HTTPException

from bot.platforms.twitch.tokens import Tokens

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose a token is. expires_in_s: how long it holds."""

    user_id: str
    login: str
    client_id: str
    scopes: frozenset[str]
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person enters at an address, and what we ask with meanwhile.

    interval_s: between two questions. expires_in_s: how long the code is good.
    """

    user_code: str
    address: str
    device_code: str = field(repr=False)
    interval_s: float
    expires_in_s: float


class Identity:
    """Speaks with id.twitch.tv for one application.

    Every method raises twitchio's `HTTPException` (with Twitch's own short message in `extra`)
    when Twitch refuses or answers nonsense, `aiohttp.ClientError` or `OSError` when it cannot
    be reached, and `TimeoutError`.
    """

    def __init__(
        self, url: str, client_id: str, client_secret: str, http: aiohttp.ClientSession
    ) -> None:
        self._url = url
        self.client_id = client_id
        self._client_secret = client_secret
        self._http = http

    async def who(self, access: str) -> Who:
        """Whose token this is. Refused with status 401 when it is not valid."""
        said = await self._ask("GET", "validate", headers={"Authorization": f"OAuth {access}"})
        return Who(
            _text(said, "user_id", optional=True),
            _text(said, "login", optional=True),
            _text(said, "client_id"),
            frozenset(str(scope) for scope in said.get("scopes") or ()),
            _number(said, "expires_in"),
        )

    async def refresh(self, refresh: str) -> Tokens:
        """A fresh pair. A refresh token of a public application works once."""
        said = await self._ask(
            "POST",
            "token",
            form={"grant_type": "refresh_token", "refresh_token": refresh},
            secret=True,
        )
        return _tokens(said)

    async def device_code(self, scopes: Collection[str]) -> DeviceCode:
        """A code for somebody to enter in a browser of their own."""
        said = await self._ask("POST", "device", form={"scopes": " ".join(scopes)})
        address = _text(said, "verification_uri")
        if not address.startswith(("https://", "http://")):
            raise HTTPException(status=502, extra="verification_uri is not an address")
        return DeviceCode(
            _text(said, "user_code"),
            address,
            _text(said, "device_code"),
            max(1, _number(said, "interval")),
            max(1, _number(said, "expires_in")),
        )

    async def redeem_device(self, code: DeviceCode, scopes: Collection[str]) -> Tokens:
        """The tokens once somebody has entered the code; refused with a message until then."""
        form = {
            "grant_type": DEVICE,
            "device_code": code.device_code,
            "scopes": " ".join(scopes),
        }
        return _tokens(await self._ask("POST", "token", form=form))

    async def redeem(self, code: str, redirect_url: str, verifier: str) -> Tokens:
        """The tokens for the code that a browser brought back."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_url,
            "code_verifier": verifier,
        }
        return _tokens(await self._ask("POST", "token", form=form, secret=True))

    async def app_token(self) -> str:
        """A token of the application itself."""
        form = {"grant_type": "client_credentials"}
        return _text(await self._ask("POST", "token", form=form, secret=True), "access_token")

    async def revoke(self, access: str) -> None:
        """Give a token back: Twitch forgets it."""
        await self._ask("POST", "revoke", form={"token": access})

    async def _ask(
        self,
        method: str,
        what: str,
        *,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        secret: bool = False,
    ) -> dict[str, Any]:
        if form is not None:
            form = {"client_id": self.client_id, **form}
            if secret and self._client_secret:
                form["client_secret"] = self._client_secret
        async with self._http.request(
            method, f"{self._url}oauth2/{what}", data=form, headers=headers, allow_redirects=False
        ) as answer:
            raw = await answer.text()
            try:
                said = await answer.json(content_type=None) if raw else {}
            except ValueError:
                said = None
            if not isinstance(said, dict):
                raise HTTPException(status=max(answer.status, 500), extra="no answer as documented")
            if answer.status != 200:
                raise HTTPException(status=answer.status, extra=str(said.get("message", ""))[:200])
            return said


def _text(said: dict[str, Any], key: str, *, optional: bool = False) -> str:
    value = said.get(key)
    if isinstance(value, str) and value:
        return value
    if optional:
        return ""
    raise HTTPException(status=502, extra=f"no {key} in the answer")


def _number(said: dict[str, Any], key: str) -> int:
    value = said.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise HTTPException(status=502, extra=f"no {key} in the answer")


def _tokens(said: dict[str, Any]) -> Tokens:
    return Tokens(_text(said, "access_token"), _text(said, "refresh_token"))

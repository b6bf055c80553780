"""The page `/twitch`: how to make an application, who is signed in, and signing in and out."""

import io
from typing import Any, Literal, Protocol

import segno
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.platform import Front, PlatformStatus
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.scopes import BOT, STREAMER, missing, wanted
from bot.platforms.twitch.settings import CONSOLE, TwitchSettings
from bot.platforms.twitch.signing import SignIns
from bot.platforms.twitch.words import Trouble
from overlay.answers import body, json_answer, page, refusal


class Named(BaseModel):
    """Which account is meant."""

    model_config = ConfigDict(extra="forbid")

    account: str = Field(min_length=1, max_length=60)


class SignIn(Named):
    """How somebody wants to sign in: with a code, or with the browser they sit at."""

    way: Literal["code", "browser"] = "code"


class Facts(Protocol):
    """What the page shows of the platform."""

    def status(self) -> PlatformStatus:
        """How it fares."""

    def accounts(self) -> dict[str, Account]:
        """Who is signed in."""


class Pages:
    """Everything under `/twitch`; for people who are logged in."""

    def __init__(
        self, settings: TwitchSettings, front: Front, sign_ins: SignIns, facts: Facts
    ) -> None:
        self._settings = settings
        self._front = front
        self._sign_ins = sign_ins
        self._facts = facts

    def mount(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/twitch", self._page)
        app.router.add_get("/twitch/state", self._state)
        app.router.add_get("/twitch/qr.svg", self._qr)
        app.router.add_post("/twitch/sign-in", self._sign_in)
        app.router.add_post("/twitch/sign-out", self._sign_out)
        app.router.add_get("/twitch/callback", self._callback)

    async def _page(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        return page(
            "twitch.html",
            page_data={"csrf": self._front.csrf(request), **self._described()},
            console=f"https://{CONSOLE}",
            redirect_url=self._sign_ins.redirects.redirect_url,
            confidential=bool(self._settings.client_secret),
            client_id=self._settings.client_id,
        )

    async def _state(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        return json_answer(self._described())

    def _described(self) -> dict[str, Any]:
        status = self._facts.status()
        return {
            "state": status.state,
            "cause": status.cause,
            "fix": status.fix,
            "browser": bool(self._settings.client_secret),
            "ready": bool(self._settings.client_id),
            "accounts": [self._account(name) for name in self._sign_ins.names],
        }

    def _account(self, name: str) -> dict[str, Any]:
        known = self._facts.accounts().get(name)
        hosted = self._settings.transport == "conduit"
        lacking = missing(wanted(name), known.scopes, hosted=hosted) if known else []
        code, trouble = self._sign_ins.code(name), self._sign_ins.trouble(name)
        return {
            "name": name,
            "title": _title(name),
            "who": known.login if known else "",
            "lacks": [{"scope": right.scope, "deed": right.deed} for right in lacking],
            "needed": self._sign_ins.needs(name),
            "code": {"code": code.user_code, "address": code.address} if code else None,
            "trouble": f"{trouble.cause} {trouble.fix}" if trouble else "",
        }

    async def _qr(self, request: web.Request) -> web.Response:
        """The address where a code is entered, for a telephone."""
        await self._front.require(request)
        code = self._sign_ins.code(request.query.get("account", ""))
        if code is None:
            raise web.HTTPNotFound(reason="there is no code to enter")
        drawing = io.BytesIO()
        segno.make(code.address, micro=False).save(
            drawing, kind="svg", border=4, scale=4, light="#fff", xmldecl=False
        )
        return web.Response(body=drawing.getvalue(), content_type="image/svg+xml")

    async def _sign_in(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        asked = await body(request, SignIn)
        if asked.account not in self._sign_ins.names:
            return refusal(404, "there is no such account", "Reload the page.")
        if not self._settings.client_id:
            return refusal(409, "there is no client id", "Follow the steps on the page first.")
        try:
            if asked.way == "code":
                self._sign_ins.ask_code(asked.account)
                return json_answer({"ok": True})
            if not self._settings.client_secret:
                return refusal(409, "there is no client secret", "Sign in with a code instead.")
            return json_answer({"next": self._leave(request, asked.account)})
        except Trouble as trouble:
            return refusal(409, trouble.cause, trouble.fix)

    def _leave(self, request: web.Request, account: str) -> str:
        back = self._sign_ins.redirects.redirect_url
        usual = not self._settings.redirect_url  # else somebody has thought about it
        if usual and not back.startswith(f"{request.scheme}://{request.host}/"):
            home = back.removesuffix("/callback")
            raise Trouble(
                "Twitch would send you back to another address than this.",
                f"Open {home} and sign in there.",
            )
        return self._sign_ins.ask_browser(account, self._front.csrf(request))

    async def _sign_out(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        asked = await body(request, Named)
        if asked.account not in self._sign_ins.names:
            return refusal(404, "there is no such account", "Reload the page.")
        await self._sign_ins.sign_out(asked.account)
        return json_answer({"ok": True})

    async def _callback(self, request: web.Request) -> web.Response:
        """A browser is back from Twitch.

        It came from another site, so it does not bring the session's cookie (SameSite=Strict).
        When it is expected it gets a page of ours that opens this address once more: then
        it does.
        """
        state = request.query.get("state", "")
        if not self._sign_ins.redirects.expected(state):
            return _refused("Nobody here asked for this sign-in, or it took too long.")
        try:
            await self._front.require(request)
        except web.HTTPUnauthorized:
            if "again" in request.query:
                raise
            return page("twitch-return.html")
        code = request.query.get("code", "")[:200]
        try:
            await self._sign_ins.come_back(state, self._front.csrf(request), code)
        except Trouble as trouble:
            return _refused(trouble.cause, trouble.fix)
        raise web.HTTPSeeOther("/twitch")


def _title(account: str) -> str:
    if account == BOT:
        return "Bot"
    stage = account.partition(":")[2]
    return f"Streamer of {stage}" if stage else STREAMER.capitalize()


def _refused(what: str, fix: str = "Begin again on the page /twitch.") -> web.Response:
    return page("error.html", 400, title="Not signed in to Twitch", what=what, fix=fix)

"""The simulated chat: the page `/chat` and `POST /api/v1/chat`, with nobody outside involved."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Literal

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.identicon import identicon
from bot.platform import Front, House, PlatformStatus
from commands.chat import ChatMessage, Chatter, Role
from commands.grammar import clean
from data.gifts import fold
from overlay.answers import body, json_answer, page, refusal

VIEWERS = ("Mia", "Jonas", "Aiko", "Омар", "ليلى", "小明")
MODERATOR = "Nova"
NOTICES_MAX = 200
_ROLES = {"viewer": Role.VIEWER, "moderator": Role.MODERATOR, "creator": Role.CREATOR}


class Line(BaseModel):
    """A line of simulated chat."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")
    viewer: str = Field(min_length=1, max_length=64)
    text: str = Field(min_length=1, max_length=2_000)
    role: Literal["viewer", "moderator", "creator"] = "viewer"
    stage: str = Field(default="", max_length=32)


class Simulator:
    """A chat room on this machine. Everybody new in it gets coins to try with."""

    name = "simulator"

    def __init__(self, house: House, front: Front) -> None:
        self._house = house
        self._front = front
        self._welcomed: set[tuple[str, str]] = set()
        self._notices: deque[tuple[int, str, str]] = deque(maxlen=NOTICES_MAX)
        self._numbers = count(1)

    # --- bot.platform.Platform ---

    def status(self) -> PlatformStatus:
        """Always there."""
        return PlatformStatus("connected", "Simulated chat: for trying things out.")

    async def run(self) -> None:
        """Nothing to listen to: lines come in over our own server."""
        await asyncio.Event().wait()

    async def find(self, name: str) -> Chatter | None:
        """Anybody who is named exists here."""
        name = clean(name)
        return Chatter(fold(name), name) if name else None

    async def portraits(self, user_ids: Sequence[str]) -> Mapping[str, bytes]:
        """See `bot.avatars.Portraits`: nobody here has a picture, so one is drawn."""
        return {user_id: await asyncio.to_thread(identicon, user_id) for user_id in user_ids}

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Put it where the page looks for it."""
        self._notices.append((next(self._numbers), viewer.name, text))

    # --- overlay.server.Routes ---

    def mount(self, app: web.Application) -> None:
        """Add the page and its address for lines."""
        app.router.add_get("/chat", self._page)
        app.router.add_post("/api/v1/chat", self._say)
        app.router.add_get("/api/v1/chat/notices", self._told)

    async def _page(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        gifts = self._house.desk.catalogue_gifts()
        viewers = [{"name": name, "role": "viewer"} for name in VIEWERS]
        page_data = {
            "gifts": [gift.face() for gift in gifts],
            "viewers": [*viewers, {"name": MODERATOR, "role": "moderator"}],
            "overlay_url": self._front.overlay_url(),
            "prefix": self._front.prefix(),
            "csrf": self._front.csrf(request),
            "trial": self._front.trial,
        }
        return page("chat.html", page_data=page_data)

    async def _say(self, request: web.Request) -> web.Response:
        await self._front.require(request)
        line = await body(request, Line)
        name = clean(line.viewer)
        stage = line.stage or self._house.stage
        if not name:
            return refusal(400, "viewer: has no visible letter")
        if stage != self._house.stage and not self._front.stages(stage):
            fix = f"Use {self._house.stage!r}, or add the stage to policy.json."
            return refusal(404, f"there is no stage {stage!r}", fix)
        chatter = Chatter(fold(name) or name.casefold(), name, _ROLES[line.role])
        message = ChatMessage(
            id=f"simulator:{line.id}",
            stage=stage,
            platform=self.name,
            channel="chat",
            viewer=chatter,
            text=line.text,
            at=self._house.now(),
        )
        self._house.earner.spoke(stage, self.name, chatter, frozenset(), message.at)
        await self._welcome(message)
        reply = await self._house.desk.hear(message)
        if reply is None:
            return json_answer({"reply": "", "ok": True})
        answer = {"reply": reply.text, "ok": reply.ok}
        match reply.code:
            case "key_reused":
                return json_answer({**answer, "error": reply.text, "fix": "Use a new id."}, 409)
            case "busy" | "journal_down":
                fix = "Send the same line again with the same id."
                return json_answer({**answer, "error": reply.text, "fix": fix}, 503)
            case _:
                return json_answer(answer)

    async def _welcome(self, message: ChatMessage) -> None:
        who = (message.stage, message.viewer.user_id)
        coins = self._front.welcome_coins(message.stage)
        if coins and who not in self._welcomed:
            await self._house.desk.welcome(message, coins)
            self._welcomed.add(who)

    async def _told(self, request: web.Request) -> web.Response:
        """Notices past a number: what somebody was told without asking just then."""
        await self._front.require(request)
        after = request.query.get("after", "0")
        past = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
        found = [n for n in self._notices if n[0] > past]
        return web.Response(
            body=orjson.dumps([{"n": n, "viewer": who, "text": text} for n, who, text in found]),
            content_type="application/json",
        )


def build(section: Mapping[str, Any], house: House) -> Simulator:
    """See `bot.platform.Build`."""
    assert house.front is not None, "the simulated chat is a page of our server"
    return Simulator(house, house.front)

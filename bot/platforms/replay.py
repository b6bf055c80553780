"""Recorded gifts: a recording played through the desk as if its events came in now.

Keys carry the run: the same file played again gives gifts again, but a run that is taken up
after a crash (`run`) charges nothing twice.
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.platform import Front, House, PlatformStatus
from bot.recorded import Heard, Unheard
from bot.recording import Recording
from commands.chat import ChatMessage, Chatter, Reply
from commands.words import sentence
from data.errors import Code, GiftError
from data.faults import dotted, first_fault
from overlay.stages import DRILL

SILENCE_MAX_S = 60.0  # a longer one in the recording is cut to this
REMARKS_MAX = 20
TRIES, AGAIN_S = 10, 1.0  # while the books can decide nothing
DONE, AGAIN, REFUSED = "carried out", "repeated", "refused"
CHATTER, PASSED, BROKEN = "mere chat", "passed over", "broken"
_TRY_AGAIN = (Code.BUSY.value, Code.JOURNAL_DOWN.value)
_BEGUN = {"starting": "About to play", "connected": "Playing", "off": "Played"}


class ReplaySettings(BaseModel):
    """Section `[replay]`. speed: times the recorded one. grant: coins for each viewer in each
    turn. run: of a replay that is to be taken up where it broke off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path
    speed: Annotated[float, Field(ge=0.01, le=10_000)] = 1.0
    loop: bool = False
    stage: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,32}$")] = ""
    grant: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    run: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,32}$")] = ""


class Replay:
    """A chat in which everything was said before. Its viewers get coins to play with.

    counts: what became of the lines. remarks: the first that were not carried out, and why.
    over: it has come to its end.
    """

    name = "replay"

    def __init__(
        self,
        settings: ReplaySettings,
        house: House,
        front: Front,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings, self._house, self._clock, self._pause = settings, house, clock, pause
        self._recording = Recording(settings.file)
        self._stage = settings.stage or house.stage
        self._coins = settings.grant or (front.welcome_coins(self._stage) if front.trial else 0)
        self._run = settings.run or secrets.token_hex(4)
        self._welcomed: set[str] = set()
        self._state = "starting"
        self._playing: asyncio.Task[None] | None = None
        self.counts: Counter[str] = Counter()
        self.remarks: list[str] = []
        self.over = False

    # --- bot.platform.Platform ---

    def status(self) -> PlatformStatus:
        """How far it is, in a sentence."""
        told = ", ".join(f"{n:,} {what}" for what, n in self.counts.most_common()) or "nothing yet"
        begun = _BEGUN.get(self._state, "Could not go on with")
        sentence = f"{begun} {self._recording.path.name}, run {self._run}: {told}."
        return PlatformStatus(self._state, sentence)

    async def run(self) -> None:
        """Play it; then there is nothing more to hear."""
        self._playing = asyncio.create_task(self._play())
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def find(self, name: str) -> Chatter | None:
        """Nobody can be asked."""
        return None

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Nobody is there to hear it."""

    # --- the player ---

    async def stop(self) -> None:
        """Play no more. What was carried out stands."""
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)

    async def _play(self) -> None:
        self._state = "connected"
        try:
            for turn in count(1):
                before = self.counts[DONE]
                await self._play_once(turn)
                if not self._settings.loop or self.counts[DONE] == before:
                    break
        except Exception:  # noqa: BLE001 - a drill may not disturb the house
            self._state = "failed"
            structlog.get_logger().exception("replay.failed")
        finally:
            self.over = True
            self._state = "failed" if self._state == "failed" else "off"

    async def _play_once(self, turn: int) -> None:
        self._welcomed.clear()
        due, latest = self._clock(), -1
        for event in self._recording.events():
            if isinstance(event, Unheard):
                self._note(BROKEN if event.broken else PASSED, f"line {event.line}: {event.why}")
                await self._pause(0)
                continue
            silence_s = (event.at_ms - latest) / 1000 / self._settings.speed if latest >= 0 else 0.0
            due += min(max(silence_s, 0.0), SILENCE_MAX_S)
            latest = max(event.at_ms, latest)
            await self._pause(max(0.0, due - self._clock()))
            await self._carry_out(event, turn)

    async def _carry_out(self, event: Heard, turn: int) -> None:
        message = ChatMessage(
            id=f"replay:{self._run}:{turn}:{event.id}",
            stage=self._stage,
            platform=self.name,
            channel=self.name,
            viewer=event.viewer,
            text=event.text,
            at=self._house.now(),
        )
        reply = await self._decided(message, event.gift, turn)
        if reply is None:
            self.counts[CHATTER] += 1
        elif reply.quiet:
            self.counts[AGAIN] += 1
        elif reply.ok:
            self.counts[DONE] += 1
        else:
            self._note(REFUSED, f"{event.viewer.name}, “{event.text[:40]}”: {reply.text}")

    async def _decided(
        self, message: ChatMessage, gift: tuple[str, int] | None, turn: int
    ) -> Reply | None:
        """The desk's verdict; asked again, for a while, when nothing could be decided."""
        reply = await self._asked(message, gift, turn)
        for _ in range(TRIES):
            if reply is None or reply.code not in _TRY_AGAIN:
                break
            await self._pause(AGAIN_S)
            reply = await self._asked(message, gift, turn)
        return reply

    async def _asked(
        self, message: ChatMessage, gift: tuple[str, int] | None, turn: int
    ) -> Reply | None:
        try:
            await self._welcome(message, turn)
        except GiftError as unable:
            return Reply(sentence(unable), ok=False, code=unable.code.value)
        desk = self._house.desk
        if gift is None:
            return await desk.hear(message)
        return await desk.invoke(message, "gift", {"gift": gift[0], "count": gift[1]})

    async def _welcome(self, message: ChatMessage, turn: int) -> None:
        who = message.viewer.user_id
        if self._coins and who not in self._welcomed:
            await self._house.desk.welcome(message, self._coins, f"{self._run}:{turn}")
            self._welcomed.add(who)

    def _note(self, what: str, remark: str) -> None:
        self.counts[what] += 1
        if len(self.remarks) < REMARKS_MAX:
            self.remarks.append(remark)


def build(section: Mapping[str, Any], house: House) -> Replay:
    """See `bot.platform.Build`."""
    assert house.front is not None, "a replay asks the house what its books are"
    try:
        settings = ReplaySettings.model_validate(dict(section))
    except ValidationError as error:
        place, reason = first_fault(error, ReplaySettings)
        raise SettingsError(f"[replay] {dotted(place)}: {reason}") from None
    if not house.front.trial and settings.stage != DRILL:
        raise SettingsError(
            "a recording cannot be played among real viewers' coins: give it a stage of its own "
            f"with --stage {DRILL} (and --grant COINS), or another folder with --data"
        )
    return Replay(settings, house, house.front)

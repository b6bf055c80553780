"""Speaking in a Twitch channel."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import structlog
import twitchio
from twitchio.exceptions import HTTPException, MessageRejectedError

from bot.platforms.twitch.words import Trouble, describe, mute
from bot.replies import Pace, Throttled

PERIOD_S = 30.0
LENGTH_MAX = 500
PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Paces:
    """How fast we may speak as a guest, and as the broadcaster or a moderator."""

    guest: Pace
    staff: Pace


def paces(guest: int, staff: int) -> Paces:
    """The paces for so many lines within 30 s."""
    return Paces(Pace(guest, PERIOD_S, LENGTH_MAX), Pace(staff, PERIOD_S, LENGTH_MAX))


class Brake:
    """Reads from Twitch's answers how long it wants us to wait; twitchio drops the headers."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._reset_s: float | None = None

    def trace(self) -> aiohttp.TraceConfig:
        """What the http session must carry."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._read)
        return config

    @property
    def wait_s(self) -> float:
        """Seconds until the last refusal is lifted."""
        return PAUSE_S if self._reset_s is None else max(0.0, self._reset_s - self._now() / 1000)

    async def _read(
        self, _session: object, _context: object, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        if answer.response.status == 429:
            reset = answer.response.headers.get("Ratelimit-Reset", "")
            self._reset_s = float(reset) if reset.isdecimal() else None


class Echoes:
    """Tells what we said from what the streamer typed, when both use one account."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque(maxlen=100)
        self._ids: deque[str] = deque(maxlen=100)

    def saying(self, text: str) -> None:
        """A text is about to be said: its echo may come before Twitch's answer."""
        self._texts.append(text)

    def said(self, message_id: str) -> None:
        """Twitch has taken it under this id."""
        self._ids.append(message_id)

    def holds(self, message: twitchio.ChatMessage) -> bool:
        """Whether we said this. Twitch puts `@name` before an answer to a message."""
        return message.id in self._ids or any(
            message.text == text or (message.reply and message.text.endswith(f" {text}"))
            for text in self._texts
        )


class Speech:
    """The voice of the speaking account in one channel.

    trouble: why it is not heard, or None.
    """

    def __init__(
        self,
        channel: twitchio.PartialUser,
        speaker_id: str,
        speaker: str,
        brake: Brake,
        echoes: Echoes,
    ) -> None:
        self._channel = channel
        self._speaker_id = speaker_id
        self._speaker = speaker
        self._brake = brake
        self._echoes = echoes
        self.trouble: Trouble | None = None

    async def say(self, text: str, reply_to: str) -> None:
        """Put one line into the chat. Raises `Throttled`."""
        log = structlog.get_logger()
        self._echoes.saying(text)
        try:
            sent = await self._channel.send_message(
                text,
                sender=self._speaker_id,
                token_for=self._speaker_id,
                reply_to_message_id=reply_to or None,
            )
        except MessageRejectedError as dropped:
            log.warning("twitch.reply_dropped", code=dropped.code)
        except HTTPException as refused:
            if refused.status == 429:
                raise Throttled(self._brake.wait_s) from None
            log.warning("twitch.reply_refused", error=describe(refused))
            if refused.status in (401, 403):
                self.trouble = mute(refused, self._speaker)
        except (aiohttp.ClientError, OSError, TimeoutError) as lost:
            log.warning("twitch.reply_lost", error=describe(lost))
        else:
            self._echoes.said(sent.id)
            self.trouble = None

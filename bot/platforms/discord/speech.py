"""What is said in channels: answers to typed lines, and what was given by slash command."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog

from bot.platforms.discord.bursts import PublicLine
from bot.platforms.discord.faults import FAULTS
from bot.platforms.discord.names import LENGTH_MAX, plain
from bot.platforms.discord.timing import Timing
from bot.replies import Answer, Pace, Sender, Throttled
from commands.chat import Brief, ChatMessage, Chatter, Reply

CHANNELS_MAX = 100
NONCE_LENGTH_MAX = 25
# Discord lets a bot say five lines in five seconds; we use four. One of them is the public line's.
PACE = Pace(count=3, period_s=5.0, length_max=LENGTH_MAX)

_log = structlog.get_logger()


@dataclass(slots=True)
class Voice:
    """What is said in one channel. Names come from viewers: nobody is pinged, nothing unfolds.

    is_refused: Discord does not let us speak there.
    """

    channel: discord.PartialMessageable
    is_refused: bool = False

    async def say(self, text: str, reply_to: str) -> None:
        """Sends one message; a failure is noted, never raised: the overlay is the real answer."""
        about = reply_to or f"{text} {time.time_ns()}"
        try:
            await self._send(plain(text), about, reply_to)
        except discord.RateLimited as slow:
            raise Throttled(slow.retry_after) from slow
        except FAULTS as error:
            _log.warning("discord.reply_refused", channel=self.channel.id, why=str(error))

    async def post(self, text: str) -> discord.Message:
        """Sends a message that may be rewritten later. Raises what discord.py raises."""
        return await self._send(text, f"{text} {time.time_ns()}", "")

    async def _send(self, text: str, about: str, reply_to: str) -> discord.Message:
        """Its nonce keeps a repeat, sent by discord.py after a server error, from being shown."""
        nonce = hashlib.sha256(about.encode()).hexdigest()[:NONCE_LENGTH_MAX]
        more: dict[str, Any] = {"reference": self._line(reply_to)} if reply_to else {}
        try:
            sent = await self.channel.send(text, nonce=nonce, suppress_embeds=True, **more)
        except discord.Forbidden:
            self.is_refused = True
            raise
        self.is_refused = False
        return sent

    def _line(self, message_id: str) -> discord.MessageReference:
        return discord.MessageReference(
            message_id=int(message_id), channel_id=self.channel.id, fail_if_not_exists=False
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A channel in which we speak, with what does the speaking."""

    voice: Voice
    sender: Sender
    line: PublicLine
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def open(self) -> None:
        """Begins to say what is waiting."""
        self.tasks.append(asyncio.create_task(self.sender.run()))
        self.tasks.append(asyncio.create_task(self.line.run()))

    def close(self) -> None:
        """Falls silent."""
        for task in self.tasks:
            task.cancel()


class Speech:
    """The voices of all channels, at a pace that Discord bears. Offering never waits."""

    def __init__(self, client: discord.Client, timing: Timing) -> None:
        self._client = client
        self._timing = timing
        self._places: OrderedDict[int, Place] = OrderedDict()
        self._is_closed = False

    @property
    def refused_in(self) -> list[int]:
        """The channels in which Discord does not let us speak."""
        return [number for number, place in self._places.items() if place.voice.is_refused]

    def offer(self, line: ChatMessage, reply: Reply) -> None:
        """Has a line answered, now or merged with others."""
        message_id = line.id.rpartition(":")[2]
        answer = Answer(line.viewer.name, reply.text, reply.ok, message_id, reply.brief)
        self._place(int(line.channel)).sender.send(answer)

    def tell(self, channel_id: int, name: str, text: str) -> None:
        """Has somebody told something; like a refusal it goes first and does not grow stale."""
        self._place(channel_id).sender.send(Answer(name, text, ok=False))

    def given(self, channel_id: int, viewer: Chatter, gift: Brief) -> None:
        """Has a gift sent by slash command told in the channel, in one line with others."""
        self._place(channel_id).line.add(viewer.name, gift)

    def close(self) -> None:
        """Falls silent for good."""
        self._is_closed = True
        for place in self._places.values():
            place.close()
        self._places.clear()

    def _place(self, channel_id: int) -> Place:
        if channel_id not in self._places:
            self._places[channel_id] = self._open(channel_id)
        self._places.move_to_end(channel_id)
        if len(self._places) > CHANNELS_MAX:
            _, oldest = self._places.popitem(last=False)
            oldest.close()
        return self._places[channel_id]

    def _open(self, channel_id: int) -> Place:
        timing = self._timing
        voice = Voice(self._client.get_partial_messageable(channel_id))
        sender = Sender(voice.say, PACE)
        line = PublicLine(voice.post, burst_s=timing.burst_s, rewrite_s=timing.rewrite_s)
        place = Place(voice, sender, line)
        if not self._is_closed:
            place.open()
        return place

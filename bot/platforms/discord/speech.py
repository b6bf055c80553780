"""Answers to typed lines: one bounded sender for each channel."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

import discord
import structlog

from bot.platforms.discord.answers import LENGTH_MAX, plain
from bot.platforms.discord.faults import FAULTS
from bot.replies import Answer, Pace, Sender, Throttled
from commands.chat import ChatMessage, Reply

CHANNELS_MAX = 100
NONCE_LENGTH_MAX = 25
PACE = Pace(count=4, period_s=5.0, length_max=LENGTH_MAX)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Voice:
    """What is said in one channel. Names come from viewers: nobody is pinged, nothing unfolds."""

    channel: discord.PartialMessageable

    async def say(self, text: str, reply_to: str) -> None:
        """Sends one message; a failure is noted, never raised: the overlay is the real answer.

        Its nonce keeps a repeat, sent by discord.py after a server error, from being shown.
        """
        about = reply_to or f"{text} {time.time_ns()}"
        nonce = hashlib.sha256(about.encode()).hexdigest()[:NONCE_LENGTH_MAX]
        send = self.channel.send
        if reply_to:
            send = partial(send, reference=self._line(reply_to))
        try:
            await send(plain(text), nonce=nonce, suppress_embeds=True)
        except discord.RateLimited as slow:
            raise Throttled(slow.retry_after) from slow
        except FAULTS as error:
            _log.warning("discord.reply_refused", channel=self.channel.id, why=str(error))

    def _line(self, message_id: str) -> discord.MessageReference:
        return discord.MessageReference(
            message_id=int(message_id), channel_id=self.channel.id, fail_if_not_exists=False
        )


class Speech:
    """The senders of all channels. Offering never waits."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._channels: OrderedDict[int, tuple[Sender, asyncio.Task[None]]] = OrderedDict()

    def offer(self, line: ChatMessage, reply: Reply) -> None:
        """Has a line answered, now or merged with others."""
        message_id = line.id.rpartition(":")[2]
        answer = Answer(line.viewer.name, reply.text, reply.ok, message_id, reply.brief)
        self._send(int(line.channel), answer)

    def tell(self, channel_id: int, name: str, text: str) -> None:
        """Has somebody told something; like a refusal it goes first and does not grow stale."""
        self._send(channel_id, Answer(name, text, ok=False))

    async def close(self) -> None:
        """Falls silent."""
        tasks = [task for _, task in self._channels.values()]
        self._channels.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _send(self, channel_id: int, answer: Answer) -> None:
        if channel_id not in self._channels:
            self._channels[channel_id] = self._open(channel_id)
        self._channels.move_to_end(channel_id)
        sender, _ = self._channels[channel_id]
        sender.send(answer)
        if len(self._channels) > CHANNELS_MAX:
            _, (_, oldest) = self._channels.popitem(last=False)
            oldest.cancel()

    def _open(self, channel_id: int) -> tuple[Sender, asyncio.Task[None]]:
        voice = Voice(self._client.get_partial_messageable(channel_id))
        sender = Sender(voice.say, PACE)
        return sender, asyncio.create_task(sender.run())

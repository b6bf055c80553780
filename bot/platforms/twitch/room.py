"""One channel: what is said there goes to the desk, and the answers back."""

import asyncio
from collections.abc import Callable

import twitchio

from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.messages import heard
from bot.platforms.twitch.scopes import WRITE
from bot.platforms.twitch.speech import Brake, Echoes, Paces, Speech
from bot.replies import Answer, Sender
from commands.chat import ChatMessage, Chatter, Reply


class Room:
    """The channel of a stage, read and answered by one account.

    deliver: takes what was heard; it outlives the room.
    """

    def __init__(
        self,
        stage: str,
        channel: twitchio.User,
        reader: Account,
        brake: Brake,
        *,
        paces: Paces,
        now: Callable[[], int],
        deliver: Callable[[ChatMessage], None],
    ) -> None:
        self.stage = stage
        self.channel = channel
        self._reader = reader
        self._paces = paces
        self._now = now
        self._deliver = deliver
        self._echoes = Echoes()
        self.sender: Sender | None = None
        self._speech: Speech | None = None
        self._speaking: asyncio.Task[None] | None = None
        if WRITE in reader.scopes:
            self._speech = Speech(channel, reader.user_id, reader.login, brake, self._echoes)
            pace = paces.staff if reader.user_id == channel.id else paces.guest
            self.sender = Sender(self._speech.say, pace)
            self._speaking = asyncio.create_task(self.sender.run())

    @property
    def name(self) -> str:
        """The channel's name as shown to people."""
        return self.channel.display_name or self.channel.name or self.channel.id

    @property
    def troubles(self) -> list[words.Trouble]:
        """What is wrong although chat is heard."""
        return [self._speech.trouble] if self._speech and self._speech.trouble else []

    def hear(self, message: twitchio.ChatMessage) -> ChatMessage | None:
        """Take what was said here, unless we said it; what was handed on."""
        if message.chatter.id == self._reader.user_id and self._is_ours(message):
            return None
        said = heard(message, self.stage, self._now())
        if said is not None:
            self._deliver(said)
        return said

    def answer(self, message: ChatMessage, reply: Reply) -> None:
        """Have a reply said, when its turn comes."""
        if self.sender:
            message_id = message.id.rpartition(":")[2]
            self.sender.send(
                Answer(message.viewer.name, reply.text, reply.ok, message_id, reply.brief)
            )

    def tell(self, viewer: Chatter, text: str) -> None:
        """Have somebody told something; like a refusal it goes first and does not grow stale."""
        if self.sender:
            self.sender.send(Answer(viewer.name, text, ok=False))

    async def close(self) -> None:
        """Say no more."""
        if self._speaking:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)

    def _is_ours(self, message: twitchio.ChatMessage) -> bool:
        """Whether we said it; our own messages also tell whether we are a moderator here."""
        if self._reader.user_id == message.broadcaster.id:
            return self._echoes.holds(message)
        if self.sender and message.source_broadcaster is None:
            staff = message.chatter.moderator
            self.sender.pace = self._paces.staff if staff else self._paces.guest
        return True

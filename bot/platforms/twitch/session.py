"""One stay in a channel: signed in, listening and answering, until something gives way."""

import asyncio
from collections.abc import Callable, Collection

import aiohttp
import structlog
import twitchio
from twitchio.eventsub import ChatMessageSubscription
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import HTTPException

from bot.platform import House
from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account, sign_in_all
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.messages import heard
from bot.platforms.twitch.settings import Timing, TwitchSettings
from bot.platforms.twitch.speech import GUEST, STAFF, Brake, Echoes, Speech
from bot.platforms.twitch.tokens import TokenFile, Tokens
from bot.platforms.twitch.watchdog import Watchdog
from bot.replies import Answer, Sender
from commands.chat import ChatMessage, Chatter, Reply


class Session:
    """A connection to one channel. `open`, then `stay`, and `close` in any case.

    deliver: takes what was heard; it outlives the session.
    """

    def __init__(
        self,
        settings: TwitchSettings,
        house: House,
        file: TokenFile,
        timing: Timing,
        *,
        live: Collection[Websocket],
        deliver: Callable[[ChatMessage], None],
    ) -> None:
        self._settings = settings
        self._house = house
        self._file = file
        self._timing = timing
        self._brake = Brake(house.now)
        self._echoes = Echoes()
        self._deliver = deliver
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timing.request_s),
            trace_configs=[self._brake.trace()],
        )
        self._ear = Ear(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            session=self._http,
            live=live,
            heard=self._hear,
            refreshed=self._keep,
            stirred=self._stir,
        )
        self._accounts: dict[str, str] = {}
        self._channel: twitchio.User | None = None
        self._reader: Account | None = None
        self._watchdog: Watchdog | None = None
        self._sender: Sender | None = None
        self._speech: Speech | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._warnings: list[words.Trouble] = []

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""
        return self._watchdog is not None and self._watchdog.hearing

    @property
    def channel(self) -> str:
        """The channel's name as shown to people."""
        return (self._channel and self._channel.display_name) or self._settings.channel

    @property
    def troubles(self) -> list[words.Trouble]:
        """What is wrong although chat is heard."""
        mute = self._speech.trouble if self._speech else None
        return [*self._warnings, *(one for one in (mute, self._file.trouble) if one)]

    async def open(self) -> None:
        """Sign in, find the channel and start listening. Raises `Trouble`."""
        try:
            reader = self._reader = await self._sign_in()
            channel = self._channel = await self._find_channel(reader)
            self._prepare_speech(reader, channel)
            topic = ChatMessageSubscription(broadcaster_user_id=channel.id, user_id=reader.user_id)
            self._watchdog = Watchdog(self._ear, topic, reader.user_id, self._timing)
            await self._watchdog.subscribe()
        except words.FAULTS as error:
            raise self._trouble(error) from None

    async def stay(self) -> None:
        """Listen and answer until cancelled. Raises `Trouble` when that fails."""
        assert self._watchdog is not None
        try:
            await self._watchdog.run()
        except words.FAULTS as error:
            raise self._trouble(error) from None

    def answer(self, message: ChatMessage, reply: Reply) -> None:
        """Have a reply said, when its turn comes."""
        if self._sender:
            message_id = message.id.rpartition(":")[2]
            name = message.viewer.name
            self._sender.send(Answer(name, reply.text, reply.ok, message_id, reply.brief))

    def tell(self, viewer: Chatter, text: str) -> None:
        """Have somebody told something; like a refusal it goes first and does not grow stale."""
        if self._sender:
            self._sender.send(Answer(viewer.name, text, ok=False))

    async def find(self, name: str) -> Chatter | None:
        """The Twitch user with this login name."""
        if self._reader is None or not self._ear.tokens_of(self._reader.user_id):
            return None
        try:
            found = await self._ear.fetch_users(logins=[name], token_for=self._reader.user_id)
        except words.FAULTS as error:
            structlog.get_logger().warning("twitch.lookup_failed", error=words.describe(error))
            return None
        return next((Chatter(user.id, user.display_name or name) for user in found), None)

    async def close(self) -> None:
        """End it: sockets, tasks and requests, within a second."""
        if self._speaking:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)
        for user_id in {*self._accounts.values()}:
            if tokens := self._ear.tokens_of(user_id):
                self._keep(user_id, tokens)
        await self._ear.drop_sockets()
        await self._ear.close(save_tokens=False)
        await self._http.close()
        await asyncio.sleep(0)  # cancelled tasks and closed transports take their leave

    async def _sign_in(self) -> Account:
        """The account that reads and speaks: the bot's, or else the streamer's."""
        found, self._warnings = await sign_in_all(self._file, self._settings, self._http)
        self._accounts = {account.name: account.user_id for account in found}
        await self._ear.login(token=found[0].tokens.access, load_tokens=False, save_tokens=False)
        for account in found:
            await self._ear.add_token(account.tokens.access, account.tokens.refresh)
        return found[0]

    async def _find_channel(self, reader: Account) -> twitchio.User:
        name = self._settings.channel
        found = await self._ear.fetch_users(logins=[name], token_for=reader.user_id)
        if not found and name.isdecimal():
            found = await self._ear.fetch_users(ids=[name], token_for=reader.user_id)
        if not found:
            raise words.no_channel(name)
        return found[0]

    def _prepare_speech(self, reader: Account, channel: twitchio.User) -> None:
        if words.WRITE not in reader.scopes:
            self._warnings.append(words.lacks(words.WRITE, reader.whose))
            return
        self._speech = Speech(channel, reader.user_id, reader.login, self._brake, self._echoes)
        pace = STAFF if reader.user_id == channel.id else GUEST
        self._sender = Sender(self._speech.say, pace)
        self._speaking = asyncio.create_task(self._sender.run())

    def _hear(self, message: twitchio.ChatMessage) -> None:
        assert self._reader is not None
        if message.chatter.id == self._reader.user_id and self._is_ours(message):
            return
        said = heard(message, self._house.stage, self._house.now())
        if said is not None:
            self._deliver(said)

    def _is_ours(self, message: twitchio.ChatMessage) -> bool:
        """Whether we said it; our own messages also tell whether we are a moderator here."""
        assert self._reader is not None
        if self._reader.user_id == message.broadcaster.id:
            return self._echoes.holds(message)
        if self._sender and message.source_broadcaster is None:
            self._sender.pace = STAFF if message.chatter.moderator else GUEST
        return True

    def _keep(self, user_id: str, tokens: Tokens) -> None:
        for account, owner in self._accounts.items():
            if owner == user_id:
                self._file.put(account, tokens)

    def _stir(self) -> None:
        if self._watchdog:
            self._watchdog.stir()

    def _trouble(self, error: BaseException) -> words.Trouble:
        """Only a sign-in can end for good; all else is tried again, beginning with it."""
        structlog.get_logger().warning("twitch.trouble", error=words.describe(error))
        if isinstance(error, HTTPException) and error.status == 403 and self._reader:
            return words.no_entry(self._reader.login, self.channel)
        return words.unreachable(error)

"""One stay on Twitch: signed in, listening and answering, until something gives way."""

import asyncio
from collections import OrderedDict
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
from bot.platforms.twitch.attention import Attention
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.room import Room
from bot.platforms.twitch.scopes import STREAMER_RIGHTS, WRITE, missing, streamer_of
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.sockets import known
from bot.platforms.twitch.speech import Brake, paces
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.tokens import TokenFile, Tokens
from bot.platforms.twitch.topics import Listening, Topic
from bot.platforms.twitch.watchdog import Watchdog
from commands.chat import ChatMessage, Chatter, Reply

SEEN_MAX = 10_000


class Session:
    """Connected to the channels of this house. `open`, then `stay`, and `close` in any case.

    names: of the accounts that may be signed in. deliver: takes what was heard; it outlives
    the session. accounts: who is signed in, by name.
    """

    def __init__(
        self,
        settings: TwitchSettings,
        house: House,
        file: TokenFile,
        timing: Timing,
        *,
        names: Collection[str],
        live: Collection[Websocket],
        attention: Attention,
        deliver: Callable[[ChatMessage], None],
        tried: frozenset[str],
    ) -> None:
        self._settings = settings
        self._house = house
        self._file = file
        self._timing = timing
        self._names = names
        self._attention = attention
        self._deliver = deliver
        self._brake = Brake(house.now)
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timing.request_s),
            trace_configs=[self._brake.trace()],
        )
        self._identity = Identity(
            settings.id_url, settings.client_id, settings.client_secret, self._http
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
        if known(tried):
            self._ear.keep_with(self._identity, self._keep_renewed)
        self.accounts: dict[str, Account] = {}
        self._kept: dict[str, Tokens] = {}
        self._rooms: dict[str, Room] = {}
        self._seen: OrderedDict[str, Room] = OrderedDict()
        self._reader: Account | None = None
        self._listening: Listening | None = None
        self._warnings: list[words.Trouble] = []

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""
        return self._listening is not None and self._listening.hearing

    @property
    def channel(self) -> str:
        """The channels' names as shown to people."""
        names = [room.name for room in self._rooms.values()]
        return ", ".join(names) or self._settings.channel

    @property
    def troubles(self) -> list[words.Trouble]:
        """What is wrong although chat is heard."""
        found = list(self._warnings)
        for room in self._rooms.values():
            found += room.troubles
        if self._listening:
            found += self._listening.troubles
        return [*found, self._file.trouble] if self._file.trouble else found

    async def open(self) -> None:
        """Sign in, find the channels and start listening. Raises `Trouble`."""
        try:
            reader = self._reader = await self._sign_in()
            await self._enter(reader)
            topics = self._topics(reader)
            self._listening = Watchdog(self._ear, topics, self._timing, self._attention)
            await self._listening.start()
        except words.FAULTS as error:
            raise self._trouble(error) from None

    async def stay(self) -> None:
        """Listen and answer until cancelled. Raises `Trouble` when that fails."""
        assert self._listening is not None
        try:
            await self._listening.run()
        except words.FAULTS as error:
            raise self._trouble(error) from None

    def answer(self, message: ChatMessage, reply: Reply) -> None:
        """Have a reply said where the message came from."""
        if room := self._rooms.get(message.channel):
            room.answer(message, reply)

    def tell(self, viewer: Chatter, text: str) -> None:
        """Have somebody told something, in the channel where they were heard last."""
        room = self._seen.get(viewer.user_id) or next(iter(self._rooms.values()), None)
        if room:
            room.tell(viewer, text)

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
        for room in self._rooms.values():
            await room.close()
        for user_id in {account.user_id for account in self.accounts.values()}:
            if tokens := self._ear.tokens_of(user_id):
                self._keep(user_id, tokens)
        if self._listening:
            await self._listening.stop()
        await self._ear.drop_sockets()
        await self._ear.close(save_tokens=False)
        await self._http.close()
        await asyncio.sleep(0)  # cancelled tasks and closed transports take their leave

    async def _sign_in(self) -> Account:
        """Sign everybody in whose tokens are kept; the account that reads and speaks."""
        roll = await sign_in_all(self._names, self._file, self._settings.client_id, self._identity)
        self.accounts = roll.accounts
        self._warnings = list(roll.troubles.values())
        self._kept = {name: account.tokens for name, account in roll.accounts.items()}
        reader = roll.reader()
        if WRITE not in reader.scopes:
            self._warnings.append(words.lacks(WRITE, reader.name))
        await self._ear.login(token=reader.tokens.access, load_tokens=False, save_tokens=False)
        for account in self.accounts.values():
            await self._ear.add_token(account.tokens.access, account.tokens.refresh)
        return reader

    async def _enter(self, reader: Account) -> None:
        """Make a room of each channel."""
        for stage, name in self._settings.stages(self._house.stage).items():
            channel = await self._find_channel(name, reader)
            self._rooms[channel.id] = Room(
                stage,
                channel,
                reader,
                self._brake,
                paces=paces(self._settings.replies, self._settings.moderator_replies),
                now=self._house.now,
                deliver=self._deliver,
            )
            self._check_streamer(stage, channel)

    async def _find_channel(self, name: str, reader: Account) -> twitchio.User:
        found = await self._ear.fetch_users(logins=[name], token_for=reader.user_id)
        if not found and name.isdecimal():
            found = await self._ear.fetch_users(ids=[name], token_for=reader.user_id)
        if not found:
            raise words.no_channel(name)
        return found[0]

    def _check_streamer(self, stage: str, channel: twitchio.User) -> None:
        """Whether the account that streams there is the channel's own and may do everything."""
        name = streamer_of(stage, self._house.stage)
        streamer = self.accounts.get(name)
        if streamer is None:
            return
        if streamer.user_id != channel.id:
            shown = channel.display_name or channel.name or channel.id
            self._warnings.append(words.other_person(streamer.login, shown))
            return
        lacking = missing(STREAMER_RIGHTS, streamer.scopes, hosted=False)
        if lacking:
            self._warnings.append(words.lacks_some([right.deed for right in lacking], name))

    def _topics(self, reader: Account) -> list[Topic]:
        """What to listen to."""
        return [
            Topic(
                ChatMessageSubscription(broadcaster_user_id=room_id, user_id=reader.user_id),
                room_id,
                reader.user_id,
            )
            for room_id in self._rooms
        ]

    def _hear(self, message: twitchio.ChatMessage) -> None:
        room = self._rooms.get(message.broadcaster.id)
        if room is None:
            return
        self._seen[message.chatter.id] = room
        self._seen.move_to_end(message.chatter.id)
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        room.hear(message)

    def _keep(self, user_id: str, tokens: Tokens) -> None:
        for name, account in self.accounts.items():
            if account.user_id == user_id:
                self._renew(name, tokens)

    def _keep_renewed(self, refresh: str, tokens: Tokens) -> None:
        for name, old in list(self._kept.items()):
            if old.refresh == refresh:
                self._renew(name, tokens)

    def _renew(self, name: str, tokens: Tokens) -> None:
        self._file.renew(name, self._kept[name], tokens)
        self._kept[name] = tokens

    def _stir(self) -> None:
        if self._listening:
            self._listening.stir()

    def _trouble(self, error: BaseException) -> words.Trouble:
        """Only a sign-in can end for good; all else is tried again, beginning with it."""
        structlog.get_logger().warning("twitch.trouble", error=words.describe(error))
        if isinstance(error, HTTPException) and error.status == 403 and self._reader:
            return words.no_entry(self._reader.login, self.channel)
        return words.unreachable(error)

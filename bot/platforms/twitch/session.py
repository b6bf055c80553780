"""One stay on Twitch: signed in, listening and answering, until something gives way."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

import aiohttp
import structlog
import twitchio
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import HTTPException

from bot.platform import House
from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account, sign_in_all
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.room import Room
from bot.platforms.twitch.scopes import STREAMER_RIGHTS, WRITE, missing
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.speech import Brake
from bot.platforms.twitch.steward import Steward, Work
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.tokens import BOT, STREAMER, TokenFile, Tokens
from bot.platforms.twitch.topics import Listening, Topic
from bot.platforms.twitch.vigil import Vigil
from bot.platforms.twitch.wanted import streamer_of
from bot.platforms.twitch.watchdog import Watchdog
from commands.chat import ChatMessage, Chatter, Reply

SEEN_MAX = 10_000


class Session:
    """Connected to the channels of this house. `open`, then `stay`, and `close` in any case.

    deliver: takes what was heard; work: takes what is to be recorded. They outlive the session,
    and so does vigil, which knows since when nothing was heard.
    accounts: who is signed in, by the names of the accounts.
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
        work: Work,
        vigil: Vigil,
    ) -> None:
        self._settings = settings
        self._house = house
        self._file = file
        self._timing = timing
        self._deliver = deliver
        self._work = work
        self._vigil = vigil
        self._brake = Brake(house.now)
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
            happened=self._happened,
            refreshed=self._keep,
            stirred=self._stir,
            broken=vigil.lost,
        )
        self.accounts: dict[str, Account] = {}
        self._rooms: dict[str, Room] = {}
        self._stewards: dict[str, Steward] = {}
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
        """What is wrong although chat is heard, the most pressing first."""
        found = [trouble for room in self._rooms.values() for trouble in room.troubles]
        if self._file.trouble:
            found.append(self._file.trouble)
        if self._listening:
            found += self._listening.troubles
        for steward in self._stewards.values():
            found += steward.troubles
        return [*found, *self._warnings]

    async def open(self) -> None:
        """Sign in, find the channel and start listening. Raises `Trouble`."""
        try:
            reader = self._reader = await self._sign_in()
            await self._enter(reader)
            self._listening = Watchdog(
                self._ear,
                self._topics(),
                self._timing,
                vigil=self._vigil,
                gap=self._missed,
            )
            await self._listening.start()
            for steward in self._stewards.values():
                steward.start()
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
        for steward in self._stewards.values():
            await steward.close()
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
        given = self._settings
        identity = Identity(given.id_url, given.client_id, given.client_secret, self._http)
        roll = await sign_in_all((BOT, STREAMER), self._file, given.client_id, identity)
        reader = roll.reader()
        self.accounts = roll.accounts
        self._warnings = [*roll.troubles.values(), *self._missing_rights(reader)]
        await self._ear.login(token=reader.tokens.access, load_tokens=False, save_tokens=False)
        for account in self.accounts.values():
            await self._ear.add_token(account.tokens.access, account.tokens.refresh)
        return reader

    def _missing_rights(self, reader: Account) -> list[words.Trouble]:
        found: list[words.Trouble] = []
        if WRITE not in reader.scopes:
            found.append(words.lacks(WRITE, reader.whose))
        if streamer := self.accounts.get(STREAMER):
            deeds = [
                right.deed for right in missing(STREAMER_RIGHTS, streamer.scopes, hosted=False)
            ]
            if deeds:
                found.append(words.lacks_some(deeds, streamer.whose))
        return found

    async def _enter(self, reader: Account) -> None:
        """Make a room of the channel."""
        name = self._settings.channel
        found = await self._ear.fetch_users(logins=[name], token_for=reader.user_id)
        if not found and name.isdecimal():
            found = await self._ear.fetch_users(ids=[name], token_for=reader.user_id)
        if not found:
            raise words.no_channel(name)
        room = self._rooms[found[0].id] = Room(
            self._house.stage,
            found[0],
            reader,
            self._brake,
            now=self._house.now,
            deliver=self._deliver,
        )
        self._stewards[room.channel.id] = Steward(
            room,
            self._house,
            self._ear,
            reader=reader,
            streamer=streamer_of(room.channel.id, self.accounts.values()),
            work=self._work,
            timing=self._timing,
            brake=self._brake,
        )

    def _topics(self) -> list[Topic]:
        """What to listen to."""
        return [topic for steward in self._stewards.values() for topic in steward.topics]

    def _hear(self, message: twitchio.ChatMessage) -> None:
        room = self._rooms.get(message.broadcaster.id)
        if room is None:
            return
        self._seen[message.chatter.id] = room
        self._seen.move_to_end(message.chatter.id)
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        said = room.hear(message)
        if said is not None:
            self._stewards[message.broadcaster.id].spoke(message, said)

    def _happened(self, event: Any) -> None:
        channel = getattr(event, "broadcaster", None) or event.to_broadcaster
        if steward := self._stewards.get(channel.id):
            steward.take(event)

    def _missed(self, began: int, ended: int) -> None:
        for steward in self._stewards.values():
            steward.missed(began, ended)

    def _keep(self, user_id: str, tokens: Tokens) -> None:
        for name, account in self.accounts.items():
            if account.user_id == user_id:
                self._file.put(name, tokens)

    def _stir(self) -> None:
        if self._listening:
            self._listening.stir()

    def _trouble(self, error: BaseException) -> words.Trouble:
        """Only a sign-in can end for good; all else is tried again, beginning with it."""
        structlog.get_logger().warning("twitch.trouble", error=words.describe(error))
        if isinstance(error, HTTPException) and error.status == 403 and self._reader:
            return words.no_entry(self._reader.login, self.channel)
        return words.unreachable(error)

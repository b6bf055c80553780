"""One stay on Twitch: signed in, listening and answering, until something gives way."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Any

import aiohttp
import structlog
import twitchio
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import HTTPException

from bot.platform import House
from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.channels import find_channels
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.conduit import Conduit
from bot.platforms.twitch.crew import Crew
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.portraits import profile_images
from bot.platforms.twitch.room import Room
from bot.platforms.twitch.scopes import streamer_of
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.sockets import known
from bot.platforms.twitch.speech import Brake, paces
from bot.platforms.twitch.steward import Steward, Work
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.tokens import TokenFile
from bot.platforms.twitch.topics import Listening
from bot.platforms.twitch.vigil import Vigil
from bot.platforms.twitch.wanted import owner_of
from bot.platforms.twitch.watchdog import Watchdog
from commands.chat import ChatMessage, Chatter, Reply

SEEN_MAX = 10_000
NAMED_MAX = 5


class Session:
    """Connected to the channels of this house. `open`, then `stay`, and `close` in any case.

    names: of the accounts that may be signed in. deliver: takes what was heard; work: takes
    what is to be recorded. They outlive the session, and so does vigil, which knows since when
    nothing was heard.
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
        vigil: Vigil,
        deliver: Callable[[ChatMessage], None],
        work: Work,
        tried: frozenset[str],
    ) -> None:
        self._settings = settings
        self._hosted = settings.transport == "conduit"
        self._house = house
        self._file = file
        self._timing = timing
        self._vigil = vigil
        self._deliver = deliver
        self._work = work
        self._brake = Brake(house.now)
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timing.request_s),
            trace_configs=[self._brake.trace()],
        )
        self._identity = Identity(
            settings.id_url, settings.client_id, settings.client_secret, self._http
        )
        self._crew = Crew(names, file, self._identity, hosted=self._hosted)
        self._ear = Ear(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            session=self._http,
            live=live,
            heard=self._hear,
            happened=self._happened,
            refreshed=self._crew.keep,
            stirred=self._stir,
            broken=vigil.lost,
        )
        if known(tried):
            self._ear.keep_with(self._identity, self._crew.keep_renewed)
        self._rooms: dict[str, Room] = {}
        self._stewards: dict[str, Steward] = {}
        self._seen: OrderedDict[str, Room] = OrderedDict()
        self._reader: Account | None = None
        self._listening: Listening | None = None

    @property
    def accounts(self) -> dict[str, Account]:
        """Who is signed in, by the names of the accounts."""
        return self._crew.accounts

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""
        return self._listening is not None and self._listening.hearing

    @property
    def channel(self) -> str:
        """The channels' names as shown to people, or how many there are."""
        names = [room.name for room in self._rooms.values()]
        if len(names) > NAMED_MAX:
            return f"{len(names)} channels"
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
        return [*found, *self._crew.warnings]

    async def open(self) -> None:
        """Sign in, find the channels and start listening. Raises `Trouble`."""
        try:
            reader = self._reader = await self._sign_in()
            await self._enter(reader)
            self._listening = self._listener()
            await self._listening.start()
            for steward in self._stewards.values():
                steward.start()
        except words.FAULTS as error:
            raise self._trouble(error) from None

    def _listener(self) -> Listening:
        topics = [topic for steward in self._stewards.values() for topic in steward.topics]
        if not self._hosted:
            return Watchdog(self._ear, topics, self._timing, vigil=self._vigil, gap=self._missed)
        return Conduit(
            self._ear,
            topics,
            {room.channel.id: room.name for room in self._rooms.values()},
            self._settings,
            timing=self._timing,
            folder=self._house.data_dir,
            wait_s=lambda: self._brake.wait_s,
            vigil=self._vigil,
            gap=self._missed,
        )

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

    async def portraits(self, user_ids: Sequence[str]) -> dict[str, str]:
        """The addresses of their profile images."""
        reader = self._reader
        return await profile_images(self._ear, reader.user_id, user_ids) if reader else {}

    async def close(self) -> None:
        """End it: sockets, tasks and requests, within a second."""
        for steward in self._stewards.values():
            await steward.close()
        for room in self._rooms.values():
            await room.close()
        for user_id in {account.user_id for account in self.accounts.values()}:
            if tokens := self._ear.tokens_of(user_id):
                self._crew.keep(user_id, tokens)
        if self._listening:
            await self._listening.stop()
        await self._ear.drop_sockets()
        await self._ear.close(save_tokens=False)
        await self._http.close()
        await asyncio.sleep(0)  # cancelled tasks and closed transports take their leave

    async def _sign_in(self) -> Account:
        reader = await self._crew.sign_in()
        token = await self._app_token() if self._hosted else reader.tokens.access
        await self._ear.login(token=token, load_tokens=False, save_tokens=False)
        for account in self.accounts.values():
            await self._ear.add_token(account.tokens.access, account.tokens.refresh)
        return reader

    async def _app_token(self) -> str:
        try:
            return await self._identity.app_token()
        except words.FAULTS as error:
            raise words.sign_in(error, "") from None

    async def _enter(self, reader: Account) -> None:
        """Make a room of each channel."""
        stages = self._settings.stages(self._house.stage)
        channels = await find_channels(self._ear, list(stages.values()), reader.user_id)
        lacking = [name for name in stages.values() if name not in channels]
        if not channels:
            raise words.no_channel(lacking[0])
        if lacking:
            self._crew.warnings.append(words.channels_missing(lacking))
        for stage, name in stages.items():
            if channel := channels.get(name):
                room = self._rooms[channel.id] = Room(
                    stage,
                    channel,
                    reader,
                    self._brake,
                    paces=paces(self._settings.replies, self._settings.moderator_replies),
                    now=self._house.now,
                    deliver=self._deliver,
                )
                self._crew.check_streamer(streamer_of(stage, self._house.stage), channel)
                self._stewards[channel.id] = Steward(
                    room,
                    self._house,
                    self._ear,
                    reader=reader,
                    streamer=owner_of(channel.id, self.accounts.values()),
                    work=self._work,
                    timing=self._timing,
                    brake=self._brake,
                )

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
        """Nothing was heard between two times, in ms: have it mended and recorded."""
        stewards = list(self._stewards.values())

        async def note() -> None:
            await asyncio.gather(*(steward.missed(began, ended) for steward in stewards))
            self._vigil.recorded(began)

        log = structlog.get_logger()
        log.warning("twitch.gap", seconds=round((ended - began) / 1000, 1))
        self._work.inbound.add("gap", note)

    def _stir(self) -> None:
        if self._listening:
            self._listening.stir()

    def _trouble(self, error: BaseException) -> words.Trouble:
        """Only a sign-in can end for good; all else is tried again, beginning with it."""
        structlog.get_logger().warning("twitch.trouble", error=words.describe(error))
        if isinstance(error, HTTPException) and error.status == 403 and self._reader:
            return words.no_entry(self._reader.login, self.channel)
        return words.unreachable(error)

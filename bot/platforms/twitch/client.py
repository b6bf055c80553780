"""twitchio's client, reduced to what one channel needs."""

from collections.abc import Callable, Collection
from typing import Any

import aiohttp
import structlog
import twitchio
from twitchio.authentication import UserTokenPayload
from twitchio.eventsub.subscriptions import _SUB_MAPPING
from twitchio.eventsub.websockets import Websocket
from twitchio.models.eventsub_ import create_event_instance

from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.once import Once
from bot.platforms.twitch.refresh import Keeper
from bot.platforms.twitch.tokens import Tokens
from bot.platforms.twitch.words import describe, place


class Ear(twitchio.Client):
    """The signed-in client: its events become plain calls.

    heard: a chat message came; happened: anything else did. refreshed: an account (by user id)
    has new tokens. stirred: something happened to a connection; broken: one that carried
    something is gone, and was silent for so many seconds then.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        session: aiohttp.ClientSession,
        live: Collection[Websocket],
        heard: Callable[[twitchio.ChatMessage], None],
        happened: Callable[[Any], None],
        refreshed: Callable[[str, Tokens], None],
        stirred: Callable[[], None],
        broken: Callable[[float], None],
    ) -> None:
        super().__init__(client_id=client_id, client_secret=client_secret or None, session=session)
        self._live = live
        self._once = Once()
        self._heard = heard
        self._happened = happened
        self._refreshed = refreshed
        self._stirred = stirred
        self._broken = broken

    def keep_with(self, identity: Identity, kept: Callable[[str, Tokens], None]) -> None:
        """Renew tokens by a better way than the library's own, see `refresh`."""
        keeper = Keeper(
            identity,
            kept,
            client_id=self._http.client_id,
            session=self._http._session,  # noqa: SLF001
        )
        vars(self._http)["_ManagedHTTPClient__isolated"] = keeper
        vars(self._http)["client_credentials_token"] = keeper.client_credentials_token

    @property
    def sockets(self) -> set[Websocket]:
        """Every connection that is open or being opened."""
        listed = {socket for own in self._websockets.values() for socket in own.values()}
        return listed | set(self._live)

    async def drop_sockets(self, owner_id: str = "") -> None:
        """Close the connections of one user, or all of them, and forget them."""
        for socket in self.sockets:
            if owner_id in ("", socket._token_for):  # noqa: SLF001
                await socket.close()
        if owner_id:
            self._websockets.pop(owner_id, None)
        else:
            self._websockets.clear()

    def tokens_of(self, user_id: str) -> Tokens | None:
        """The tokens now in use for an account; None when the library gave them up."""
        row = self.tokens.get(user_id)
        return row and Tokens(row["token"], row["refresh"])

    async def keep_validating(self, user_id: str) -> None:
        """Start the hourly validation again, which some network faults end for good."""
        task = self._http._validate_task  # noqa: SLF001
        tokens = self.tokens_of(user_id)
        if task is not None and task.done() and tokens:
            self._http._validate_task = None  # noqa: SLF001
            await self.add_token(tokens.access, tokens.refresh)

    def take(self, message: dict[str, Any]) -> None:
        """Have a notification that came another way handled like those of our own sockets."""
        kind = str(message["metadata"]["subscription_type"])
        try:
            payload = create_event_instance(kind, message, http=self._http)
        except ValueError:
            structlog.get_logger().warning("twitch.event_unknown", kind=kind)
            return
        name = _SUB_MAPPING.get(kind, kind.removeprefix("channel.")).replace(".", "_")
        self.dispatch(name, payload)

    # --- bot.platforms.twitch.sockets.Listener ---

    def lost(self, silence_s: float) -> None:
        """See `Listener`."""
        self._broken(silence_s)

    def resumed(self) -> None:
        """See `Listener`."""
        self._stirred()

    # --- what the library calls ---

    async def event_message(self, payload: twitchio.ChatMessage) -> None:
        if self._once.first(payload):
            self._heard(payload)

    async def _pass_on(self, payload: Any) -> None:
        if self._once.first(payload):
            self._happened(payload)

    event_follow = event_raid = event_cheer = event_ban = event_unban = _pass_on
    event_subscription = event_subscription_gift = event_subscription_message = _pass_on
    event_custom_redemption_add = event_custom_redemption_update = _pass_on
    event_chat_notification = event_chat_clear_user = event_message_delete = _pass_on
    event_stream_online = event_stream_offline = _pass_on

    async def event_token_refreshed(self, payload: twitchio.TokenRefreshedPayload) -> None:
        self._refreshed(payload.user_id, Tokens(payload.token, payload.refresh_token))

    async def event_oauth_authorized(self, payload: UserTokenPayload) -> None:
        """Nobody signs in through the library's own page: it does not check who asked."""

    async def event_websocket_welcome(self, _: Any) -> None:
        self._stirred()

    async def event_websocket_closed(self, _: Any) -> None:
        self._stirred()

    async def event_subscription_revoked(self, payload: Any) -> None:
        structlog.get_logger().warning("twitch.subscription_revoked", why=str(payload.reason))
        self._stirred()

    async def event_error(self, payload: twitchio.EventErrorPayload) -> None:
        error = payload.error
        structlog.get_logger().error(
            "twitch.event_failed", error=describe(error), place=place(error)
        )

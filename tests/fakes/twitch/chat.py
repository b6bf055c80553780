"""The chat of the channel: what people type, and what the bot says through Helix."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.fakes.allowance import Allowance
from tests.fakes.twitch.eventsub import EventSub
from tests.fakes.twitch.shapes import CHAT, WRITE, Grant, Sent, User, error


class Chat(EventSub):
    """sent: what the bot said. allowance, staff_allowance: lines that it may say, as anybody and
    as a moderator."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self.allowance, self.staff_allowance = Allowance(20, 30.0), Allowance(100, 30.0)
        self._said: dict[str, tuple[User, str]] = {}
        self._sends = asyncio.Event()
        self._sends.set()

    def routes(self) -> list[web.RouteDef]:
        return [*super().routes(), web.post("/helix/chat/messages", self._guarded(self._send))]

    # what a test does

    async def chat(
        self,
        user: User,
        text: str,
        *,
        badges: Sequence[str | tuple[str, str]] = (),
        shared_from: User | None = None,
        reply_to: str = "",
    ) -> str:
        """Somebody types into the chat; the message's id. badges: by set, or with their ids."""
        message_id = self._uuid()
        self._said[message_id] = (user, text)
        event = self._chat_event(
            message_id, user, text, badges=badges, shared_from=shared_from, reply_to=reply_to
        )
        return await self.happen(CHAT, event, message_id)

    def hold_sends(self) -> None:
        """Take chat messages, but do not answer yet."""
        self._sends.clear()

    def release_sends(self) -> None:
        self._sends.set()

    # Helix

    async def _send(self, request: web.Request) -> web.Response:
        # api/reference/#send-chat-message
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        await self._sends.wait()
        body = await request.json()
        text, parent = body.get("message", ""), body.get("reply_parent_message_id", "")
        if not {"broadcaster_id", "sender_id", "message"} <= set(body) or not text:
            return error(400, "a required field is missing")
        if set(body) - {"broadcaster_id", "sender_id", "message", "reply_parent_message_id"}:
            return error(400, "for_source_only and pin need other rights")
        if parent and parent not in self._said:
            return error(400, "the message replied to does not exist")
        if body["sender_id"] != grant.user.id:
            return error(401, "The ID in sender_id must match the user ID in the access token")
        if WRITE not in grant.scopes:
            return error(401, "Missing scope: user:write:chat")
        if grant.user.id in self.banned:
            return error(403, "The sender is not permitted to send chat messages here")
        if len(text) > 500:
            return error(422, "The message is too large")
        return await self._speak(grant, body["broadcaster_id"], text, parent)

    async def _speak(self, grant: Grant, channel_id: str, text: str, parent: str) -> web.Response:
        staff = {self.streamer.id, *self.moderators}
        allowance = self.staff_allowance if grant.user.id in staff else self.allowance
        if wait_s := allowance.wait_s():
            # docs/chat/#rate-limits; the header as in api/guide/#twitch-rate-limits
            answer = error(429, "Too many messages")
            answer.headers["Ratelimit-Reset"] = str(int(time.time() + wait_s) + 1)
            return answer
        message_id = self._uuid()
        said = {"message_id": message_id, "is_sent": True, "drop_reason": None}
        here = [one.text for one in self.sent if one.channel_id == channel_id]
        if grant.user.id not in staff and text in here:
            reason = {"code": "msg_duplicate", "message": "Your message is identical"}
            return web.json_response(
                {"data": [said | {"message_id": "", "is_sent": False, "drop_reason": reason}]}
            )
        self.sent.append(Sent(grant.user, text, parent, channel_id))
        badges = ["moderator"] if grant.user.id in self.moderators else []
        if grant.user == self.streamer:
            badges = ["broadcaster"]
        if parent:  # Twitch puts the name of whom it answers before the text
            text = f"@{self._said[parent][0].display_name} {text}"
        await self.chat(grant.user, text, badges=badges, reply_to=parent)
        return web.json_response({"data": [said]})

    # EventSub

    def _chat_event(
        self,
        message_id: str,
        user: User,
        text: str,
        *,
        badges: Sequence[str | tuple[str, str]],
        shared_from: User | None,
        reply_to: str,
    ) -> dict[str, Any]:
        # eventsub/eventsub-reference/#channel-chat-message-event
        source: dict[str, object] = {
            "source_broadcaster_user_id": shared_from and shared_from.id,
            "source_broadcaster_user_login": shared_from and shared_from.login,
            "source_broadcaster_user_name": shared_from and shared_from.display_name,
            "source_message_id": self._uuid() if shared_from else None,
            "source_badges": [] if shared_from else None,
            "is_source_only": None,
        }
        return {
            **self.of_channel(),
            "chatter_user_id": user.id,
            "chatter_user_login": user.login,
            "chatter_user_name": user.display_name,
            "message_id": message_id,
            "message": {"text": text, "fragments": self._fragments(text)},
            "color": "#00FF7F",
            "badges": [
                {"set_id": set_id, "id": id_, "info": ""}
                for set_id, id_ in ((b, "1") if isinstance(b, str) else b for b in badges)
            ],
            "message_type": "text",
            "cheer": None,
            "reply": self._parent(reply_to) if reply_to else None,
            "channel_points_custom_reward_id": None,
            "channel_points_animation_id": None,
            **source,
        }

    def _parent(self, message_id: str) -> dict[str, str]:
        author, text = self._said[message_id]
        names = {
            f"{part}_user_{what}": value
            for part in ("parent", "thread")
            for what, value in (
                ("id", author.id),
                ("login", author.login),
                ("name", author.display_name),
            )
        }
        return names | {
            "parent_message_id": message_id,
            "parent_message_body": text,
            "thread_message_id": message_id,
        }

    def _fragments(self, text: str) -> list[dict[str, Any]]:
        """The text in pieces; a name after `@` that exists is a piece of its own."""
        pieces: list[dict[str, Any]] = []
        by_name = {user.login: user for user in self._users.values()}
        for word in text.split(" "):
            user = by_name.get(word[1:].lower()) if word.startswith("@") else None
            mention = user and {
                "user_id": user.id,
                "user_login": user.login,
                "user_name": user.display_name,
            }
            kind = "mention" if user else "text"
            pieces.append(
                {"type": kind, "text": word, "cheermote": None, "emote": None, "mention": mention}
            )
        return pieces

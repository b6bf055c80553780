"""Recorded events: the shapes that a line of a recording may have.

A TikTok gift as TikTokLive hands it out, a Twitch chat message as EventSub sends it, or our own
`{"at_ms", "viewer", "text"}`. Nobody in a recording is taken for the person on that platform:
it moves no coins of the viewers it was made of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from commands.chat import Chatter, Role
from commands.grammar import clean
from data.faults import dotted, first_fault
from data.gifts import fold

_STREAKABLE, _NO_GROUP = 1, "0"
_SHAPES = "write a TikTok gift, a Twitch chat message, or at_ms, viewer and text"
_ROLES = {
    "broadcaster": Role.CREATOR,
    "moderator": Role.MODERATOR,
    "lead_moderator": Role.MODERATOR,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """Something to be carried out. id: unique within the recording; at_ms: by its own clock.
    gift: name and count, where no line of chat was typed."""

    id: str
    at_ms: int
    viewer: Chatter
    text: str
    gift: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Unheard:
    """A line that is not played, and why. broken: it is no event that we know."""

    line: int
    why: str
    broken: bool = True


def _visible(name: str) -> str:
    if not (name := clean(name)):
        raise ValueError("it has no visible letter")
    return name


Number = Annotated[int, Field(ge=0, lt=1 << 53)]
Id = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]
Name = Annotated[str, Field(max_length=64), AfterValidator(_visible)]
Text = Annotated[str, Field(min_length=1, max_length=2_000)]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at_ms: Number
    viewer: Name
    text: Text
    role: Literal["viewer", "moderator", "creator"] = "viewer"
    id: Id | None = None


class _Foreign(BaseModel):
    """Fields that are not named here pass: platforms add some at any time."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True
    )


class _Badge(_Foreign):
    set_id: Id


class _Words(_Foreign):
    text: Text


class _ChatEvent(_Foreign):
    """dev.twitch.tv/docs/eventsub/eventsub-reference/#channel-chat-message-event."""

    chatter_user_id: Id
    chatter_user_name: Name
    message_id: Id
    message: _Words
    badges: list[_Badge] = Field(default=[], max_length=50)


class _Payload(_Foreign):
    event: _ChatEvent


class _Metadata(_Foreign):
    message_timestamp: AwareDatetime


class _Notification(_Foreign):
    metadata: _Metadata
    payload: _Payload


class _Common(_Foreign):
    msg_id: Id
    create_time: Number


class _Giver(_Foreign):
    id: Id
    name: Name = Field(
        validation_alias=AliasChoices("nickname", "nick_name", "nickName", "unique_id", "uniqueId")
    )


class _Gift(_Foreign):
    name: Name
    type: int = 0


class TikTokGift(_Foreign):
    """`GiftEvent` of TikTokLive, with names in snake_case or camelCase.

    A streakable gift (type 1) is told again and again while its count rises, in one group.
    """

    common: _Common
    user: _Giver = Field(validation_alias=AliasChoices("user", "from_user", "fromUser"))
    gift: _Gift
    repeat_count: Annotated[int, Field(ge=1, le=99_999)] = 1
    group_id: Id = _NO_GROUP
    repeat_end: bool = False

    @property
    def streak(self) -> str:
        """Whose streak it is a frame of; empty for a gift that stands for itself."""
        return f"{self.user.id}:{self.group_id}" if self.gift.type == _STREAKABLE else ""

    @property
    def at_ms(self) -> int:
        """When it was sent, by the recording's clock."""
        return self.common.create_time

    def heard(self) -> Heard:
        """The gift as it stands in this frame."""
        name, count = self.gift.name, self.repeat_count
        who = Chatter(f"tiktok:{self.user.id}", self.user.name)
        own = self.streak or self.common.msg_id
        return Heard(f"tiktok:{own}", self.at_ms, who, f"{count} × {name}", (name, count))


def recognise(number: int, said: object) -> Heard | TikTokGift | Unheard:
    """What a line is. number: of the line."""
    if not isinstance(said, dict):
        return Unheard(number, f"it is no JSON object: {_SHAPES}")
    try:
        if "metadata" in said:
            return _from_twitch(number, said)
        if "gift" in said:
            return _from_tiktok(number, TikTokGift.model_validate(said))
        if "at_ms" in said:
            return _from_plain(number, _Plain.model_validate(said))
    except ValidationError as error:
        place, reason = first_fault(error, _Plain)
        return Unheard(number, f"{dotted(place)}: {reason}")
    return Unheard(number, f"it is no event that can be played: {_SHAPES}")


def _from_plain(number: int, line: _Plain) -> Heard:
    who = Chatter(f"plain:{fold(line.viewer)}", line.viewer, Role[line.role.upper()])
    return Heard(f"plain:{line.id or number}", line.at_ms, who, line.text)


def _from_tiktok(number: int, frame: TikTokGift) -> TikTokGift | Unheard:
    if frame.streak and frame.group_id == _NO_GROUP:
        return Unheard(number, "group_id: a streakable gift (type 1) needs it to be counted once")
    return frame


def _from_twitch(number: int, said: Mapping[str, Any]) -> Heard | Unheard:
    """A recording of the whole socket holds much besides chat."""
    metadata = said["metadata"] if isinstance(said["metadata"], dict) else {}
    kind = metadata.get("subscription_type") or metadata.get("message_type")
    if kind != "channel.chat.message":
        return Unheard(number, f"{str(kind)[:60]} is not played", broken=False)
    found = _Notification.model_validate(said)
    event = found.payload.event
    role = max((_ROLES.get(b.set_id, Role.VIEWER) for b in event.badges), default=Role.VIEWER)
    at_ms = int(found.metadata.message_timestamp.timestamp() * 1000)
    who = Chatter(f"twitch:{event.chatter_user_id}", event.chatter_user_name, role)
    return Heard(f"twitch:{event.message_id}", at_ms, who, event.message.text)

"""What a platform hands in and gets back: a chat message, its chatter, a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Role(IntEnum):
    """What a chatter may do on a stage; each role includes the ones below it."""

    VIEWER = 0
    MODERATOR = 1
    CREATOR = 2


@dataclass(frozen=True, slots=True)
class Chatter:
    """A person as one platform knows them. `user_id` is the platform's own, `name` only text."""

    user_id: str
    name: str
    role: Role = Role.VIEWER


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One line typed by a chatter (or one slash call), as heard by a platform.

    id: idempotency key such as `twitch:chat:<message id>`, unique for ever.
    at: when it was heard, milliseconds since the epoch, UTC.
    standing: words for what the viewer is on the platform, such as `subscriber`, by which
        policy multiplies what they earn.
    mentions: people the platform itself resolved in this text, by the token that names
        them in it (`<@123>`), so that `@name` need not be guessed.
    """

    id: str
    stage: str
    platform: str
    channel: str
    viewer: Chatter
    text: str
    at: int
    mentions: Mapping[str, Chatter] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Brief:
    """What was carried out, short enough to stand beside others': `Rose`, five times. The same
    of one viewer counts together."""

    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may do next, where a platform has buttons: a command, with one of its
    arguments filled in or none. label: what stands on the button."""

    label: str
    command: str
    argument: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the desk answers.

    text: words for the chat, without the `@name` in front.
    ok: whether the command was carried out.
    quiet: a repeat of a message answered before; a platform says nothing, an API caller
        gets the same words again.
    private: for the asker alone, where the platform can.
    code: the refusal's code, empty when `ok`.
    brief: the same in a few words, for when much is to be said at once; None when only the
        whole text will do.
    offers: what the asker may do next; the text says it too.
    """

    text: str
    ok: bool = True
    quiet: bool = False
    private: bool = False
    code: str = ""
    brief: Brief | None = None
    offers: tuple[Offer, ...] = ()

"""What Twitch is to tell us about, whichever way its events come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from twitchio.eventsub import SubscriptionPayload

from bot.platforms.twitch.words import Trouble


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of event of one channel.

    payload: it as twitchio describes it. channel_id: whose channel it concerns.
    owner_id: the user whose sign-in allows it; a websocket is opened with their token.
    deed: what does not work without it, as in “see follows”; empty for the chat itself, without
    which there is no use in staying.
    """

    payload: SubscriptionPayload
    channel_id: str
    owner_id: str
    deed: str = ""

    def is_of(self, kind: str, condition: Mapping[str, Any]) -> bool:
        """Whether a subscription of this kind and condition is for this topic."""
        return kind == self.payload.type and _filled(condition) == _filled(self.payload.condition)


def _filled(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in condition.items() if value}


class Listening(Protocol):
    """A way by which events come. Faults of the network and of Twitch come out unchanged."""

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""

    @property
    def troubles(self) -> list[Trouble]:
        """What does not arrive although chat does."""

    async def start(self) -> None:
        """Have Twitch send what is wanted. Raises `Trouble` also."""

    async def run(self) -> None:
        """See to it that it keeps arriving, until cancelled."""

    async def stop(self) -> None:
        """Hear no more."""

    def stir(self) -> None:
        """Look at once: something happened to a connection."""


Gap = Callable[[int, int], None]
"""Takes the times, in ms, between which nothing was heard."""

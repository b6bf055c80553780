"""Presence: who has chatted lately, in bounded memory. A restart forgets it."""

from collections import OrderedDict
from dataclasses import dataclass

from commands.chat import Chatter

CHATTERS_MAX = 20_000  # of a stage; then those who have been silent longest are forgotten


@dataclass(frozen=True, slots=True)
class Spoken:
    """The newest line of a chatter. at: epoch milliseconds."""

    platform: str
    viewer: Chatter
    at: int


class Presence:
    """The chatters of every stage, those who spoke last at the end."""

    def __init__(self, *, most: int = CHATTERS_MAX) -> None:
        self._most = most
        self._stages: dict[str, OrderedDict[tuple[str, str], Spoken]] = {}

    def spoke(self, stage: str, platform: str, viewer: Chatter, at: int) -> None:
        """A line was heard."""
        here = self._stages.setdefault(stage, OrderedDict())
        who = (platform, viewer.user_id)
        here[who] = Spoken(platform, viewer, at)
        here.move_to_end(who)
        if len(here) > self._most:
            here.popitem(last=False)

    def has_spoken(self, stage: str, platform: str, user_id: str, since: int) -> bool:
        """Whether they said something since then."""
        here = self._stages.get(stage)
        spoken = here.get((platform, user_id)) if here else None
        return spoken is not None and spoken.at >= since

    def since(self, stage: str, at: int) -> list[Spoken]:
        """Everybody who said something since then, the newest first."""
        here = self._stages.get(stage, OrderedDict())
        return [spoken for spoken in reversed(here.values()) if spoken.at >= at]

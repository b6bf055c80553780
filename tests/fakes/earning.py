"""An earner and shows that note what platforms tell them, and answer as told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from commands.chat import Chatter
from commands.cheers import Cheer
from commands.earning import Activity, Credit

Present = tuple[Chatter, frozenset[str]]


@dataclass
class RecordingEarner:
    """Like `commands.earning.Earner`, without books. answer may raise `GiftError`."""

    activities: list[Activity] = field(default_factory=list)
    lines: list[tuple[str, str, Chatter, frozenset[str], int]] = field(default_factory=list)
    polls: list[tuple[str, str, Sequence[Present], int]] = field(default_factory=list)
    answer: Callable[[Activity], Credit] = lambda activity: Credit(activity.units)

    async def credit(self, activity: Activity) -> Credit:
        self.activities.append(activity)
        return self.answer(activity)

    def spoke(
        self, stage: str, platform: str, viewer: Chatter, standing: frozenset[str], at: int
    ) -> None:
        self.lines.append((stage, platform, viewer, standing, at))

    async def watched(self, stage: str, platform: str, viewers: Sequence[Present], at: int) -> None:
        self.polls.append((stage, platform, viewers, at))


@dataclass
class RecordingShows:
    """Like `commands.shows.Shows`, without books. is_live: what it answers."""

    notices: list[tuple[str, ...]] = field(default_factory=list)
    is_live: bool | None = None

    async def began(self, stage: str, platform: str, id: str, _at: int) -> None:  # noqa: A002
        self.notices.append(("began", stage, platform, id))

    async def ended(self, stage: str, platform: str, _at: int) -> None:
        self.notices.append(("ended", stage, platform))

    def live(self, _stage: str) -> bool | None:
        return self.is_live


@dataclass
class RecordingCheers:
    """Like `commands.cheers.Cheers`, without books."""

    cheers: list[Cheer] = field(default_factory=list)

    async def cheered(self, cheer: Cheer) -> None:
        self.cheers.append(cheer)

"""Rulings and gaps that note what platforms tell them."""

from dataclasses import dataclass, field

from commands.chat import ChatMessage, Chatter
from commands.gaps import Gap


@dataclass
class RecordingRulings:
    """Like `commands.rulings.Rulings`, without books: what was told, in order."""

    notices: list[tuple[object, ...]] = field(default_factory=list)

    async def banned(
        self, stage: str, platform: str, user_id: str, at: int, *, until: int | None
    ) -> None:
        self.notices.append(("banned", stage, platform, user_id, at, until))

    async def unbanned(self, stage: str, platform: str, user_id: str, at: int) -> None:
        self.notices.append(("unbanned", stage, platform, user_id, at))

    async def cleared(self, stage: str, platform: str, user_id: str) -> None:
        self.notices.append(("cleared", stage, platform, user_id))

    async def deleted(self, stage: str, message_key: str) -> None:
        self.notices.append(("deleted", stage, message_key))

    async def renamed(self, platform: str, chatter: Chatter) -> None:
        self.notices.append(("renamed", platform, chatter))

    def struck(self, message: ChatMessage) -> bool:
        return any(notice[0] == "deleted" and notice[2] == message.id for notice in self.notices)


@dataclass
class RecordingGaps:
    """Like `commands.gaps.Gaps`, without books."""

    gaps: list[Gap] = field(default_factory=list)

    async def record(
        self, stage: str, platform: str, began: int, ended: int, mended: str = ""
    ) -> None:
        self.gaps.append(Gap(stage, platform, began, ended, mended))

    def recent(self, stage: str) -> list[Gap]:
        return [gap for gap in self.gaps if gap.stage == stage][::-1]

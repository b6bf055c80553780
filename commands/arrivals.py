"""Arrivals: who has just come, in bounded memory. A restart forgets it."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from commands.chat import Chatter
from commands.policy import StagePolicy
from commands.shows import Shows
from data.journal import Journal
from data.ledger import Record

REMEMBERED = 20_000  # accounts; then those who have been silent longest are forgotten
LISTED = 100  # arrivals of a stage
SILENT_MS = 5 * 60_000  # who was silent for less has not been away
Account = tuple[str, str]  # platform, user id


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody has come. number: rises with each. account: who said something; None for a
    person (of the journal) who gave. silent_ms: since they spoke last; None: for the first time
    in the show. at: epoch ms."""

    number: int
    account: Account | None
    person: int
    silent_ms: int | None
    at: int


class Arrivals:
    """Whose first line or gift it was in the show that is on, or on the day while none is; and
    who writes again after a silence. arrived: called with the stage."""

    def __init__(
        self,
        journal: Journal,
        shows: Shows,
        policies: Callable[[str], StagePolicy],
        *,
        remembered: int = REMEMBERED,
    ) -> None:
        self._shows, self._policies, self._remembered = shows, policies, remembered
        self._last: OrderedDict[tuple[str, Account | int], tuple[int, int]] = OrderedDict()
        self._lists: dict[str, deque[Arrival]] = {}
        self._numbers = count(1)
        self._listeners: list[Callable[[str], None]] = []
        journal.watch(self._gave)

    def follow(self, listener: Callable[[str], None]) -> None:
        """Call it with the stage whenever somebody has come."""
        self._listeners.append(listener)

    def since(self, stage: str, at: int) -> Sequence[Arrival]:
        """Who has come since then, the newest first."""
        listed = self._lists.get(stage, ())
        return [arrival for arrival in reversed(listed) if arrival.at >= at]

    def sitting(self, stage: str, at: int) -> int:
        """The number of the show that is on; while none is, the day, below zero."""
        return self._shows.current(stage) or -self._policies(stage).day(at)

    def spoke(self, stage: str, platform: str, viewer: Chatter, at: int) -> None:
        """A line of chat was heard. Cheap."""
        account = (platform, viewer.user_id)
        sitting, last = self.sitting(stage, at), self._seen(stage, account, at)
        if last is None or last[0] != sitting:
            self._list(stage, account, 0, None, at)
        elif at - last[1] >= SILENT_MS:
            self._list(stage, account, 0, at - last[1], at)

    def _gave(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind == "gift":
                last = self._seen(record.stage, record.actor, record.at)
                if last is None or last[0] != self.sitting(record.stage, record.at):
                    self._list(record.stage, None, record.actor, None, record.at)

    def _seen(self, stage: str, who: Account | int, at: int) -> tuple[int, int] | None:
        """The sitting in which, and when they were seen last."""
        last = self._last.pop((stage, who), None)
        self._last[stage, who] = (self.sitting(stage, at), at)
        if len(self._last) > self._remembered:
            self._last.popitem(last=False)
        return last

    def _list(
        self, stage: str, account: Account | None, person: int, silent_ms: int | None, at: int
    ) -> None:
        arrival = Arrival(next(self._numbers), account, person, silent_ms, at)
        self._lists.setdefault(stage, deque(maxlen=LISTED)).append(arrival)
        for listener in self._listeners:
            listener(stage)

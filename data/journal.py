"""The journal's contract: what every implementation promises to the floors above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from data.errors import GiftError
from data.ledger import Receipt, Record, Transaction, record_id

T = TypeVar("T")
Listener = Callable[[Sequence[Record]], None]
MarkKind = Literal["show", "bonus", "battle"]


class Journal(Protocol):
    """The book. `record` answers only after the commit that holds it is on disk. Callers are
    judged in the order of their calls: each takes its place before it first waits."""

    async def record(self, transaction: Transaction) -> Receipt:
        """Judge and record. A known key gets its first verdict, `fresh=False`.

        A refusal by the ledger's rules is remembered under the key and returned in the
        receipt. Raises `GiftError` BUSY or JOURNAL_DOWN when nothing was decided, and
        KEY_REUSED when the key was used for other content. A cancelled caller's verdict
        stands.
        """

    async def refuse(self, transaction: Transaction, refusal: GiftError) -> Receipt:
        """Remember a refusal decided by the asker; a known key gets its first verdict."""

    async def recorded(self, key: str) -> Record | None:
        """The record of a key, once everything submitted before this was decided; None when
        there is none. Raises `GiftError` as `record` does when nothing can be said."""

    async def read(self, stage: str, *, after: int, limit: int) -> list[Record]:
        """Records of a stage in order, the first one past `after`."""

    def head(self, stage: str) -> int:
        """seq of the newest record that was announced; 0 for an empty stage."""

    def watch(self, listener: Listener) -> None:
        """Call `listener` with each commit's fresh records, in order of seq, after the commit
        and before its callers are answered."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a person has on a stage: coins, coins held for gifts under way, and diamonds in
    thousandths (as a creator)."""

    coins: int
    held: int
    diamonds: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of somebody's statement: a record, what it did to the wallet, what was left."""

    record: Record
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A row of a board."""

    viewer: int
    coins: int
    gifts: int


@dataclass(frozen=True, slots=True)
class GiftSum:
    """How often one gift was given to one creator (their person's number), settled: units (five
    roses are five), gifts (five roses at once are one) and coins."""

    gift: str
    creator: int
    units: int
    gifts: int
    coins: int


@dataclass(frozen=True, slots=True)
class ShowTotals:
    """What a show brought in settled gifts, from how many viewers."""

    gifts: int
    coins: int
    viewers: int


@dataclass(frozen=True, slots=True)
class Given:
    """A gift that was accepted and not taken back, in short. viewer: the person, for all accounts
    that are linked with theirs; creator: theirs; gift: its id; units: five roses are five; combo:
    the id of the one it belongs to, or empty; day, show: in which it was accepted (show 0: in
    none); settled: or still on its way to the screen."""

    seq: int
    at: int
    viewer: int
    creator: int
    gift: str
    units: int
    coins: int
    combo: str
    day: int
    show: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that is one person with another, its head, since the record `seq`. share: what
    it would take along of the one wallet, as long as nobody overspends; it may be below zero."""

    seq: int
    person: int
    head: int
    share: int
    at: int
    hash: bytes

    @property
    def record_id(self) -> str:
        """The public id of the record of the link."""
        return record_id(self.seq, self.hash)


class Books(Protocol):
    """Questions about what the journal holds. They never wait for the writer.

    What is asked about a person is answered for all accounts that are linked with theirs.
    """

    async def balance(self, stage: str, person: int) -> Balance:
        """Zeros for somebody who never had any."""

    async def find(self, stage: str, seq: int) -> Record | None:
        """One record."""

    async def state(self, stage: str, seq: int) -> str | None:
        """The state of a gift: waiting, ready, settled, returned or refunded."""

    async def last_gift(self, stage: str, viewer: int) -> Record | None:
        """Their newest gift, in whatever state."""

    async def recent_gifts(
        self, stage: str, viewer: int, *, since: int, limit: int
    ) -> list[Record]:
        """Their gifts since then among the newest `limit` changes of their wallet."""

    async def open_gifts(self, stage: str, *, after: int, limit: int) -> list[tuple[str, Record]]:
        """Gifts not yet seen nor returned, oldest first, each with its state."""

    async def statement(self, stage: str, person: int, *, limit: int, skip: int = 0) -> list[Line]:
        """The newest lines of a wallet after the `skip` newest, newest first."""

    async def statement_length(self, stage: str, person: int, *, most: int) -> int:
        """How many lines there are; counted up to `most`."""

    async def top(self, stage: str, *, since_day: int, limit: int) -> list[Rank]:
        """Who gave most in settled gifts, dated by acceptance (days as yyyymmdd)."""

    async def top_of_show(self, stage: str, show: int, *, limit: int) -> list[Rank]:
        """Who gave most in settled gifts that were accepted during a show."""

    async def show_totals(self, stage: str, show: int) -> ShowTotals:
        """Zeros for a show without gifts."""

    async def gift_sums(self, stage: str, *, since_day: int = 0, show: int = 0) -> list[GiftSum]:
        """What was given, settled, dated by acceptance: during a show or, when that is 0, since
        a day (yyyymmdd; 0: ever). By gift and creator; what was all taken back is left out."""

    async def givers(self, stage: str, *, since_day: int = 0, show: int = 0) -> int:
        """How many people gave it."""

    async def latest_gifts(self, stage: str, *, limit: int) -> list[Record]:
        """The gifts that were settled last and not taken back, newest first. Looks back a
        bounded number of records."""

    async def given(self, stage: str, *, after: int, limit: int) -> list[Given]:
        """Gifts past `after` that are ready or settled and were not taken back, in order; the
        newest `limit` of them."""

    async def marks(self, stage: str, kind: MarkKind, *, limit: int) -> list[Record]:
        """The newest records of a rare kind, oldest first."""

    async def earned_days(
        self, stage: str, person: int, way: str, *, before: int, limit: int
    ) -> list[int]:
        """The newest days (yyyymmdd) before one on which somebody earned so, newest first."""

    async def earning_paused(self, stage: str) -> set[int]:
        """Whom a moderator lets earn nothing, with all accounts that are linked with
        theirs."""

    async def linked(self, stage: str, person: int) -> list[Linked]:
        """Every account that is one with this one, but for the head, the oldest link first; none
        for somebody who is not linked."""

    async def heads_of(self, stage: str, persons: Sequence[int]) -> dict[int, int]:
        """Under which number each of these is known as one person with others; mostly their
        own."""

    async def playable(self, stage: str, *, after: int, limit: int) -> list[Record]:
        """Gifts past `after` that a source may show: ready or settled, not taken back."""

    async def first_since(self, stage: str, at: int) -> int:
        """About the first seq recorded since then (records are all but sorted by time)."""

    async def controls(self, stage: str) -> list[Record]:
        """The control records of a stage, in order."""

    async def bars(self, stage: str, person: int) -> dict[str, int | None]:
        """Until when platforms bar a person from giving, by platform; None: for good. Also
        bars that have ended."""

    async def banned(self, stage: str, person: int) -> bool:
        """Whether a moderator bars a person from giving."""

    async def overruled(self, stage: str) -> set[int]:
        """Open gifts whose sender a platform barred after they were sent, while it lasted."""

    async def gaps(self, stage: str, *, limit: int) -> list[Record]:
        """The newest gaps in hearing, newest first."""

    async def stages(self) -> list[str]:
        """Every stage that has a record."""


class Store(Protocol):
    """The side tables of a journal: people and access records, kept by the same writer."""

    async def write(self, change: Callable[[Any], T]) -> T:
        """Run `change(connection)` in the writer's next commit; returns once it is on disk."""

    async def ask(self, question: Callable[[Any], T]) -> T:
        """Run `question(connection)` on a reader."""

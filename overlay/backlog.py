"""The backlog of a browser source: the gifts it has still to be given, oldest first."""

from collections.abc import AsyncIterator, Callable, Iterable

from commands.policy import StagePolicy
from commands.settle import Settler
from data.access import Source
from data.events import Event, event_of
from data.journal import Books, Journal
from data.ledger import Record
from overlay.frames import seq_of

PAGE = 200
Faces = Callable[[int], str | None]  # the address of a person's face


def _nobody(_: int) -> str | None:
    return None


class Backlog:
    """Reads the journal in pages, so that a long backlog overflows nothing."""

    def __init__(
        self,
        journal: Journal,
        books: Books,
        settler: Settler,
        policies: Callable[[str], StagePolicy],
        now: Callable[[], int],
    ) -> None:
        self._journal, self._books, self._settler = journal, books, settler
        self._policies, self._now = policies, now

    async def of(self, source: Source) -> AsyncIterator[Record]:
        """Everything that is ready, and what was settled elsewhere while it is fresh, since the
        source exists. Ends only when nothing came in during the last reading, so that whoever
        goes live at its end misses nothing."""
        stage = source.stage
        since = self._now() - self._policies(stage).return_after_s * 1000
        cursor = max(source.after, await self._books.first_since(stage, since) - 1)
        read: set[int] = set()
        while True:
            head = self._journal.head(stage)
            for record in self._settler.ready(stage):  # long held, or approved meanwhile
                if record.seq <= cursor and record.seq not in read:
                    read.add(record.seq)
                    yield record
            page = await self._books.playable(stage, after=cursor, limit=PAGE)
            for record in page:
                cursor = record.seq
                read.add(cursor)
                yield record
            if len(page) < PAGE and self._journal.head(stage) == head:
                return

    async def known(self, stage: str, gift_ids: Iterable[str]) -> list[int]:
        """The numbers of those ids that are gifts of this journal."""
        found: list[int] = []
        for gift_id in gift_ids:
            seq = seq_of(gift_id)
            record = self._settler.open_record(stage, seq) or await self._books.find(stage, seq)
            if record is not None and record.gift_id == gift_id:
                found.append(seq)
        return found


def faced(event: Event, faces: Faces) -> Event:
    """The same, with the face of who sent it, where there is one."""
    if event.type == "gift.sent":
        event.data["viewer"]["avatar"] = faces(event.person)
    return event


def playing_event(record: Record, *, silent: bool = False, faces: Faces = _nobody) -> Event:
    """A gift's event for the screen, also when it had waited for a moderator at first. silent:
    its text was erased after the record was read."""
    facts = {**record.facts, "waiting": False}
    event = event_of(
        Record(
            record.stage, record.seq, record.kind, record.key, record.at, record.actor,
            record.subject, record.postings, record.closes, record.reverses, facts,
            record.aside, record.hash,
        )
    )  # fmt: skip
    assert event is not None, "a gift that may be shown has an event"
    if silent:
        event.data["message"] = None
    return faced(event, faces)

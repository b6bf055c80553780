"""What waits for the writing thread, and the batches in which it takes it.

Callers who were just answered often ask again at once. A batch taken before they do leaves them
to the next one, and from then on two groups take turns, with a sync of the disk for each. So
after its answers the thread first lets the event loop go round once, unless that takes long.
"""

from enum import Enum
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

J = TypeVar("J")

BATCH_MAX = 1_024
ROUND_MAX_S = 0.005


class _Mark(Enum):
    ROUND = "the loop has gone round"
    END = "nothing comes behind this"


class Batches(Generic[J]):
    """A queue from the event loop to one thread, which takes all that is there."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[J | _Mark] = SimpleQueue()
        self._rounds = 0  # to be waited for; known to the thread alone

    def put(self, job: J) -> None:
        """From the loop: this is to be done."""
        self._queue.put(job)

    def end(self) -> None:
        """From the loop: nothing comes any more."""
        self._queue.put(_Mark.END)

    def went_round(self) -> None:
        """From the loop, once for each `answered`: whom it woke has had a say."""
        self._queue.put(_Mark.ROUND)

    def answered(self) -> None:
        """From the thread: the answers of its batch are on their way."""
        self._rounds += 1

    @property
    def empty(self) -> bool:
        """Whether nothing waits at the moment."""
        return self._queue.empty()

    def take(self) -> tuple[list[J], bool]:
        """All that waits, at least one unless it was the end, at most `BATCH_MAX`; and whether
        it was the end."""
        jobs: list[J] = []
        while len(jobs) < BATCH_MAX and (self._rounds or not jobs or not self._queue.empty()):
            try:
                job = self._queue.get(timeout=ROUND_MAX_S if jobs else None)
            except Empty:
                break
            if job is _Mark.END:
                return jobs, True
            if job is _Mark.ROUND:
                self._rounds -= 1
            else:
                jobs.append(job)
        return jobs, False

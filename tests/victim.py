"""Writers that are killed: a process that has imported everything and forks one victim after
another, each of which works until it is killed and says what it was promised.

Run as a program it reads `<work> <path>` lines; it answers with the victim's number, then the
victim's own lines, then `dead`.
"""

import asyncio
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import IO, Self

from data.documents import AtomicStorage
from data.errors import GiftError
from data.ledger import Transaction
from data.money import Account, Terms
from data.postings import earn, gift_facts, give_back, hold
from data.sqlite import keys
from data.sqlite.journal import SqliteJournal
from tests.house import MAIN, NOON, grant

ROOT = Path(__file__).parent.parent
CALLERS = 64
CREATOR = 99
FACE = {"id": "rose", "name": "Rose", "price_coins": 1, "tier": 1, "art": "rose", "alt": "A rose"}


class Victims:
    """The process that forks them, as a test sees it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.victim"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe(), selectors.EVENT_READ)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._selector.close()
        self._pipe().close()

    def _pipe(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def start(self, work: str, path: Path) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{work} {path}\n".encode())
        self._process.stdin.flush()
        self._heard = b""
        while b"\n" not in self._heard:
            self._listen(10)
        number, _, self._heard = self._heard.partition(b"\n")
        self._number = int(number)

    def kill_within(self, seconds: float, *, lines: int = 0) -> list[str]:
        """Listen that long, and until there are so many lines; kill, and return every line that
        the victim said."""
        while self._heard.count(b"\n") < lines:
            assert self._listen(10), "the victim is silent"
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._listen(left)
        os.kill(self._number, signal.SIGKILL)
        while not self._heard.endswith(b"dead\n"):
            assert self._listen(10), "the victim's parent is silent"
        return self._heard.decode().splitlines()[:-1]

    def _listen(self, seconds: float) -> bool:
        if not self._selector.select(seconds):
            return False
        self._heard += os.read(self._pipe().fileno(), 65_536)
        return True


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def write_document(path: Path) -> None:
    """Tables of very different lengths, one over the other."""
    storage = AtomicStorage(str(path))
    while True:
        for size in (1, 200, 3, 50):
            row = {"name": "x" * size}
            storage.write({"goals": {str(n): row for n in range(size)}})


def write_journal(path: Path) -> None:
    """64 callers who give, and whose gifts are settled or returned; some have no coins left."""
    asyncio.run(_crowd(path))


async def _crowd(path: Path) -> None:
    journal = await SqliteJournal.open(path)
    name = f"{os.getpid()}-{os.urandom(4).hex()}"
    await asyncio.gather(*(_viewer(journal, name, person) for person in range(1, CALLERS + 1)))


async def _viewer(journal: SqliteJournal, name: str, person: int) -> None:
    random = Random(person)
    for number in count():
        key = f"{name}:{person}:{number}"
        if number % 10 == 0:
            await journal.record(grant(person, 20, f"{key}:grant"))
            say(f"{key}:grant")
        coins, terms = random.randint(1, 6), Terms(30)
        facts = gift_facts(
            FACE, count=coins, creator=CREATOR, terms=terms, day=20270115, deadline_s=900,
            decide_s=3600, settled=False, waiting=False,
        )  # fmt: skip
        receipt = await journal.record(
            Transaction(MAIN, "gift", key, NOON, person, person, hold(person, coins), facts=facts,
                        aside={"viewer": f"viewer {person}"}, combo_ms=5_000)
        )  # fmt: skip
        if receipt.record is None:
            assert isinstance(receipt.refusal, GiftError)
            continue
        say(key)
        if number % 3:
            seen = number % 3 == 1
            legs = (
                earn(Account("hold"), CREATOR, coins, terms) if seen else give_back(person, coins)
            )
            await journal.record(
                Transaction(MAIN, "settle" if seen else "return", f"{key}:closed", NOON,
                            subject=person, postings=legs, closes=receipt.record.seq)
            )  # fmt: skip
            say(f"{key}:closed")


WORKS: dict[str, Callable[[Path], None]] = {"document": write_document, "journal": write_journal}


def main() -> None:
    """Fork a victim for each line, and tell when it is dead."""
    keys.RECENT_MAX, keys.SLICE = 500, 100  # so that kills also strike while keys are moved
    for line in sys.stdin:
        work, _, path = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            signal.alarm(60)  # should nobody come to kill it
            say(str(os.getpid()))
            try:
                WORKS[work](Path(path))
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()

"""The speaker: once a gift is on the screen, what was written with it is said.

It follows the journal: no gift waits for it, and what is deleted, returned or erased before it
is said stays unsaid. In a storm, what finds no room in its queue is shown and not said.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

import structlog

from bot.platform import PlatformStatus
from bot.speech.engine import Engine, SpeechError
from bot.speech.settings import SpeechSettings
from commands.policy import StagePolicy
from commands.spoken import speakable
from data.journal import Books, Journal
from data.ledger import Record

EXPECTED_MAX = 5_000
WAITING_MAX = 5
Key = tuple[str, int]


class Speaker:
    """told: called with a stage, a gift's id and the sound. muted: whether a stage is."""

    def __init__(
        self,
        journal: Journal,
        books: Books,
        settings: SpeechSettings,
        engine: Engine,
        *,
        policies: Callable[[str], StagePolicy],
        muted: Callable[[str], bool],
        told: Callable[[str, str, bytes], None],
    ) -> None:
        self._books, self._settings, self._engine = books, settings, engine
        self._policies, self._muted, self._told = policies, muted, told
        self._expected: OrderedDict[Key, None] = OrderedDict()
        self._waiting: OrderedDict[Key, None] = OrderedDict()
        self._some = asyncio.Event()
        self._fault = ""
        journal.watch(self._follow)

    def status(self) -> PlatformStatus:
        """How it fares: like a platform, for `/healthz` and the front page."""
        if lacks := self._engine.missing():
            return PlatformStatus("failed", *lacks)
        if self._fault:
            return PlatformStatus("failed", self._fault, "See [speech] in giftcast.toml.")
        return PlatformStatus("connected", f"{self._settings.engine} says messages.")

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            match record.kind:
                case "gift" if not record.facts["settled"]:
                    dear = record.facts["total_coins"] >= self._settings.from_coins
                    if dear and record.aside.get("message"):
                        self._expected[record.stage, record.seq] = None
                        if len(self._expected) > EXPECTED_MAX:
                            self._expected.popitem(last=False)
                case "settle":
                    self._due((record.stage, record.closes))
                case "return" | "refund" | "strike":
                    self._unsay(record)
                case _:
                    pass

    def _due(self, key: Key) -> None:
        if key in self._expected:
            del self._expected[key]
            if len(self._waiting) < WAITING_MAX and not self._muted(key[0]):
                self._waiting[key] = None
                self._some.set()

    def _unsay(self, record: Record) -> None:
        key = (record.stage, record.closes or record.reverses or record.facts.get("gift", 0))
        self._expected.pop(key, None)
        self._waiting.pop(key, None)

    async def run(self) -> None:
        """Say what is due, one after the other, until cancelled."""
        while True:
            await self._some.wait()
            await self.say()

    async def say(self) -> None:
        """Make the sound of the next one."""
        if not self._waiting:
            self._some.clear()
            return
        key = next(iter(self._waiting))
        record = await self._books.find(*key)
        text = self._words(record) if record else ""
        try:
            sound = await self._engine.speak(text) if text else b""
            self._fault = "" if text else self._fault
        except SpeechError as error:
            sound, self._fault = b"", str(error)
            structlog.get_logger().warning("speech.failed", why=str(error))
        still = self._waiting.pop(key, key) is None  # not taken out meanwhile
        if sound and record and still and not self._muted(record.stage):
            self._told(record.stage, record.gift_id, sound)

    def _words(self, record: Record) -> str:
        blocked = self._policies(record.stage).blocked_words
        most = self._settings.length_max
        said = speakable(record.aside.get("message", ""), blocked, length_max=most)
        name = record.aside.get("viewer", "") if self._settings.names else ""
        called = speakable(name, blocked, length_max=40)
        return f"{called}: {said}" if said and called else said

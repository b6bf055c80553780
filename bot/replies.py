"""What we say in a chat channel: paced, merged, and never in the way of hearing."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.merging import merged
from commands.chat import Brief

SUCCESS_AGE_S = 10.0
WAITING_MAX = 100
PAUSE_MAX_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What a channel bears: `count` lines within any `period_s`, `length_max` characters each."""

    count: int
    period_s: float
    length_max: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one viewer is told. `message_id` is the message it answers, as the platform knows it;
    `brief` the same in a few words, if that will do beside others."""

    name: str
    text: str
    ok: bool
    message_id: str = ""
    brief: Brief | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One chat message to be said. `since` is when its oldest answer began to wait."""

    text: str
    ok: bool
    reply_to: str
    since: float


class Throttled(Exception):  # noqa: N818 - it is a request, not an error
    """The platform asks us to wait before we say more."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"wait {wait_s:.1f} s")
        self.wait_s = min(max(wait_s, 0.0), PAUSE_MAX_S)


class Say(Protocol):
    """Puts one line into the channel. Raises `Throttled`; sees to its other troubles itself."""

    async def __call__(self, text: str, reply_to: str) -> None: ...


def cut(text: str, length_max: int) -> str:
    """The text on one line, with an ellipsis where it is too long for the channel."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length_max else flat[: length_max - 1].rstrip() + "…"


class Outbox:
    """The answers that wait for their turn in one channel; knows no clock of its own.

    A line takes a token, and a token comes back `period_s` after it was spent, so that no
    window of that length ever holds more lines than the channel bears. Refusals go first, each
    for itself; the same one again, while it still waits, is said once. Successes that wait are
    merged into one line, and are dropped when they are stale: the overlay has long shown them.
    """

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._refusals: deque[tuple[Answer, float]] = deque()
        self._successes: deque[tuple[Answer, float]] = deque()
        self._back: deque[float] = deque()
        self._unsaid = 0  # successes that had no room, and are only counted

    def put(self, answer: Answer, now: float) -> None:
        """Queue an answer. When the queue is full the oldest success goes, else the oldest."""
        if not answer.ok and any(_same(answer, other) for other, _ in self._refusals):
            return
        if len(self._refusals) + len(self._successes) >= WAITING_MAX:
            if self._successes:
                self._unsaid += self._successes.popleft()[0].brief is not None
            elif answer.ok:
                return
            else:
                self._refusals.popleft()
        (self._successes if answer.ok else self._refusals).append((answer, now))

    def next(self, now: float) -> Line | float | None:
        """A line to say now, or the seconds until one may be said, or None: nothing waits."""
        while self._successes and self.stale(self._successes[0][1], now):
            self._successes.popleft()
        if not self._successes:
            self._unsaid = 0
        if not (self._refusals or self._successes):
            return None
        while self._back and self._back[0] <= now:
            self._back.popleft()
        if len(self._back) >= self.pace.count:
            return self._back[len(self._back) - self.pace.count] - now
        return self._refusal() if self._refusals else self._merged()

    def spent(self, now: float) -> None:
        """Note that a line went out, whatever became of it."""
        self._back.append(now + self.pace.period_s)

    @staticmethod
    def stale(since: float, now: float) -> bool:
        """Whether a success that waits since then is no longer worth saying."""
        return now - since > SUCCESS_AGE_S

    def _refusal(self) -> Line:
        answer, since = self._refusals.popleft()
        text = answer.text if answer.message_id else f"@{answer.name} {answer.text}"
        return Line(cut(text, self.pace.length_max), False, answer.message_id, since)

    def _merged(self) -> Line:
        briefs = sum(answer.brief is not None for answer, _ in self._successes) + self._unsaid
        if briefs > 1 and self._successes[0][0].brief is not None:
            return self._in_brief()
        answer, since = self._successes.popleft()
        text = cut(f"@{answer.name} {answer.text}", self.pace.length_max)
        while self._successes:
            other = self._successes[0][0]
            if other.brief is not None:
                break
            longer = f"{text}; {cut(f'@{other.name} {other.text}', self.pace.length_max)}"
            if len(longer) > self.pace.length_max:
                break
            text = longer
            self._successes.popleft()
        return Line(text, True, "", since)

    def _in_brief(self) -> Line:
        since = self._successes[0][1]
        done = [(a.name, a.brief) for a, _ in self._successes if a.brief is not None]
        self._successes = deque(one for one in self._successes if one[0].brief is None)
        text = merged(done, self.pace.length_max, unsaid=self._unsaid)
        self._unsaid = 0
        return Line(cut(text, self.pace.length_max), True, "", since)


def _same(one: Answer, other: Answer) -> bool:
    return (one.name, one.text) == (other.name, other.text)


class Sender:
    """Says the answers of one channel, at the pace the channel bears."""

    def __init__(
        self,
        say: Say,
        pace: Pace,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._say = say
        self._outbox = Outbox(pace)
        self._clock = clock
        self._pause = pause
        self._wake = asyncio.Event()

    @property
    def pace(self) -> Pace:
        """The pace in force."""
        return self._outbox.pace

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self._outbox.pace = pace

    def send(self, answer: Answer) -> None:
        """Queue an answer and return at once."""
        self._outbox.put(answer, self._clock())
        self._wake.set()

    async def run(self) -> None:
        """Say what is queued until cancelled."""
        while True:
            step = self._outbox.next(self._clock())
            if isinstance(step, Line):
                await self._speak(step)
            elif step is not None:
                await self._pause(step)
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _speak(self, line: Line) -> None:
        """Say a line; when the platform asks for a pause, honour it once, then let go."""
        wait_s = await self._attempt(line)
        if wait_s is None:
            return
        await self._pause(wait_s)
        if line.ok and self._outbox.stale(line.since, self._clock()):
            return
        if await self._attempt(line) is not None:
            structlog.get_logger().warning("reply.dropped", why="throttled twice")

    async def _attempt(self, line: Line) -> float | None:
        try:
            await self._say(line.text, line.reply_to)
        except Throttled as slow:
            return slow.wait_s
        except Exception:  # noqa: BLE001 - the next line may succeed
            structlog.get_logger().exception("reply.failed")
        finally:
            self._outbox.spent(self._clock())
        return None

"""What we say in a chat channel: paced, merged, refusals first, never in the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies import (
    SUCCESS_AGE_S,
    WAITING_MAX,
    Answer,
    Line,
    Outbox,
    Pace,
    Sender,
    Throttled,
    cut,
)
from commands.chat import Brief

PACE = Pace(count=3, period_s=30.0, length_max=60)


class Room:
    """A channel with a clock of its own: time passes only when the sender pauses."""

    def __init__(self, pace: Pace = PACE) -> None:
        self.now = 0.0
        self.said: list[tuple[float, str, str]] = []
        self.refusals: list[float] = []
        self.spoken = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.trying = asyncio.Event()
        self.pauses: list[float] = []
        self.paused = asyncio.Event()
        self.sender = Sender(self.say, pace, clock=lambda: self.now, pause=self.pause)

    async def say(self, text: str, reply_to: str) -> None:
        self.trying.set()
        await self.open.wait()
        if self.refusals:
            raise Throttled(self.refusals.pop(0))
        self.said.append((self.now, text, reply_to))
        self.spoken.set()

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.paused.set()
        self.now += seconds
        await asyncio.sleep(0)

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.said]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(2):
            while not holds():
                self.spoken.clear()
                await self.spoken.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Room"]:
        task = asyncio.create_task(self.sender.run())
        yield self
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def good(name: str, text: str = "sent a rose") -> Answer:
    return Answer(name, text, ok=True, message_id=f"m-{name}")


def bad(name: str, text: str = "not enough coins") -> Answer:
    return Answer(name, text, ok=False, message_id=f"m-{name}")


# The outbox: what is said next

answers = st.builds(
    Answer,
    name=st.text("abcdefXYZ_09", min_size=1, max_size=25),
    text=st.text(max_size=90),
    ok=st.booleans(),
    message_id=st.sampled_from(["", "m-1"]),
    brief=st.none() | st.builds(Brief, st.text("Rose ×", min_size=1, max_size=30), st.just(7)),
)
steps = st.lists(st.tuples(st.floats(0, 12), st.lists(answers, max_size=6)), max_size=40)


def play(outbox: Outbox, script: list[tuple[float, list[Answer]]]) -> list[tuple[float, Line]]:
    """Everything the outbox gives, as soon as it gives it."""
    said: list[tuple[float, Line]] = []
    now = 0.0
    for gap, batch in [*script, (1000.0, [])]:
        end = now + gap
        while True:
            step = outbox.next(now)
            if isinstance(step, Line):
                said.append((now, step))
                outbox.spent(now)
            elif step is None or now + step > end:
                break
            else:
                assert step > 0
                now += step
        now = end
        for answer in batch:
            outbox.put(answer, now)
    return said


@settings(max_examples=40, deadline=None)
@given(steps)
def test_no_window_holds_more_lines_than_the_channel_bears(
    script: list[tuple[float, list[Answer]]],
) -> None:
    times = [at for at, _ in play(Outbox(PACE), script)]
    for first, later in zip(times, times[PACE.count :], strict=False):
        assert later - first >= PACE.period_s * 0.999_999


@settings(max_examples=40, deadline=None)
@given(steps)
def test_lines_fit_and_are_one_line(script: list[tuple[float, list[Answer]]]) -> None:
    for _, line in play(Outbox(PACE), script):
        assert len(line.text) <= PACE.length_max
        assert "\n" not in line.text


@settings(max_examples=40, deadline=None)
@given(steps)
def test_no_stale_success_is_said_and_no_refusal_is_lost(
    script: list[tuple[float, list[Answer]]],
) -> None:
    said = play(Outbox(PACE), script)
    assert all(at - line.since <= SUCCESS_AGE_S for at, line in said if line.ok)
    refusals = {(a.name, a.text, a.message_id) for _, batch in script for a in batch if not a.ok}
    lines = {(line.text, line.reply_to) for _, line in said if not line.ok}
    for name, text, message_id in refusals:  # fewer than the queue holds
        assert {(cut(text, 60), "m-1"), (cut(f"@{name} {text}", 60), "")} & lines, message_id


def test_refusals_go_before_successes() -> None:
    outbox = Outbox(PACE)
    for answer in (good("ann"), bad("bob"), good("cid"), bad("dan")):
        outbox.put(answer, 0)
    first, second, third = (outbox.next(0) for _ in range(3))
    assert isinstance(first, Line)
    assert (first.text, first.reply_to) == ("not enough coins", "m-bob")
    assert isinstance(second, Line)
    assert second.reply_to == "m-dan"
    assert isinstance(third, Line)
    assert (third.text, third.reply_to) == ("@ann sent a rose; @cid sent a rose", "")
    assert outbox.next(0) is None


def test_what_does_not_fit_waits_for_the_next_line() -> None:
    outbox = Outbox(Pace(9, 30, length_max=40))
    for name in ("ann", "bob", "cid"):
        outbox.put(good(name), 0)
    lines = [outbox.next(0), outbox.next(0)]
    assert [line.text for line in lines if isinstance(line, Line)] == [
        "@ann sent a rose; @bob sent a rose",
        "@cid sent a rose",
    ]


def test_a_full_queue_lets_go_of_the_oldest_success_first() -> None:
    outbox = Outbox(Pace(WAITING_MAX, 30, length_max=60))
    outbox.put(good("first"), 0)
    for number in range(WAITING_MAX):
        outbox.put(bad(f"v{number}"), 0)
    outbox.put(good("late"), 0)
    outbox.put(bad("last"), 0)
    lines = [outbox.next(0) for _ in range(WAITING_MAX)]
    assert [line.reply_to for line in lines if isinstance(line, Line)] == [
        *(f"m-v{number}" for number in range(1, WAITING_MAX)),
        "m-last",
    ]
    assert outbox.next(0) is None


def gave(name: str, what: str, count: int = 1) -> Answer:
    return Answer(name, f"{what} for coins. Gift.", True, f"m-{name}", Brief(what, count))


def texts(outbox: Outbox, now: float = 0) -> list[str]:
    """All that may be said now."""
    said: list[str] = []
    while isinstance(line := outbox.next(now), Line):
        said.append(line.text)
    return said


def test_many_gifts_are_one_short_line() -> None:
    outbox = Outbox(PACE)
    for answer in (gave("a", "Rose", 5), gave("b", "Panda"), gave("a", "Rose", 2)):
        outbox.put(answer, 0)
    assert texts(outbox) == ["@a Rose ×7, @b Panda"]


def test_one_gift_alone_has_its_whole_answer() -> None:
    outbox = Outbox(PACE)
    outbox.put(gave("a", "Rose"), 0)
    outbox.put(good("b", "has 5 coins"), 0)
    assert texts(outbox) == ["@a Rose for coins. Gift.; @b has 5 coins"]


def test_a_viewer_stands_there_once_with_all_their_gifts() -> None:
    outbox = Outbox(PACE)
    for what, count in (("Rose", 1), ("Lion", 1), ("Rose", 1_200)):
        outbox.put(gave("a", what, count), 0)
    assert texts(outbox) == ["@a Rose ×1,201, Lion"]


def test_what_has_no_room_in_the_line_is_counted() -> None:
    outbox = Outbox(Pace(9, 30, length_max=40))
    for number in range(20):
        outbox.put(gave(f"viewer{number}", "Rose"), 0)
    (line,) = texts(outbox)
    assert line == "@viewer0 Rose, @viewer1 Rose +18 more"
    assert len(line) <= 40


def test_gifts_that_the_queue_had_no_room_for_are_counted_too() -> None:
    outbox = Outbox(Pace(9, 30, length_max=500))
    for number in range(WAITING_MAX + 50):
        outbox.put(gave(f"v{number}", "Rose"), 0)
    (line,) = texts(outbox)
    assert line.startswith("@v50 Rose, @v51 Rose")
    named = line.count("@")
    assert line.endswith(f" +{WAITING_MAX + 50 - named} more")
    outbox.put(gave("ann", "Rose"), 1)
    assert texts(outbox, 1) == ["@ann Rose for coins. Gift."]


def test_what_is_counted_goes_stale_with_the_rest() -> None:
    outbox = Outbox(PACE)
    for number in range(WAITING_MAX + 50):
        outbox.put(gave(f"v{number}", "Rose"), 0)
    assert outbox.next(SUCCESS_AGE_S + 1) is None
    outbox.put(gave("ann", "Rose"), 20)
    assert texts(outbox, 20) == ["@ann Rose for coins. Gift."]


def test_answers_that_need_their_words_are_not_shortened() -> None:
    outbox = Outbox(PACE)
    for answer in (good("ann", "has 5 coins"), gave("bob", "Rose"), gave("cid", "Lion")):
        outbox.put(answer, 0)
    assert texts(outbox) == ["@ann has 5 coins", "@bob Rose, @cid Lion"]


def test_a_long_name_still_leaves_a_line_that_fits() -> None:
    outbox = Outbox(Pace(9, 30, length_max=50))
    for number in range(3):
        outbox.put(gave("x" * 300 + str(number), "y" * 300), 0)
    (line,) = texts(outbox)
    assert len(line) <= 50


def test_the_same_refusal_is_not_said_twice_while_it_waits() -> None:
    outbox = Outbox(PACE)
    for _ in range(3):
        outbox.put(bad("ann"), 0)
        outbox.put(bad("bob"), 0)
    assert texts(outbox) == ["not enough coins"] * 2
    outbox.put(bad("ann"), 0)
    assert texts(outbox) == ["not enough coins"]


def test_a_refusal_without_a_message_to_answer_names_the_viewer() -> None:
    outbox = Outbox(PACE)
    outbox.put(Answer("ann", "no", ok=False), 0)
    line = outbox.next(0)
    assert isinstance(line, Line)
    assert line.text == "@ann no"


def test_a_slower_pace_holds_at_once() -> None:
    outbox = Outbox(Pace(3, 30, 60))
    for at in range(3):
        outbox.put(bad("ann"), at)
        outbox.next(at)
        outbox.spent(at)
    outbox.pace = Pace(1, 30, 60)
    outbox.put(bad("ann"), 5)
    assert outbox.next(5) == 2 + 30 - 5  # not before the last of the three has come back


# The sender: saying it


async def test_the_first_answer_goes_out_at_once_and_the_rest_in_one_line() -> None:
    async with Room().running() as room:
        room.open.clear()
        room.sender.send(good("ann"))
        await room.trying.wait()
        for name in ("bob", "cid"):
            room.sender.send(good(name))
        room.open.set()
        await room.until(lambda: len(room.said) == 2)
    assert room.texts == ["@ann sent a rose", "@bob sent a rose; @cid sent a rose"]
    assert room.pauses == []


async def test_a_spent_pace_is_waited_out() -> None:
    async with Room().running() as room:
        for number in range(5):
            room.sender.send(bad(f"v{number}"))
        await room.until(lambda: len(room.said) == 5)
    assert [at for at, *_ in room.said] == [0, 0, 0, 30, 30]


async def test_a_throttled_line_is_said_once_more_after_the_wait() -> None:
    room = Room()
    room.refusals = [7.5]
    async with room.running():
        room.sender.send(bad("ann"))
        await room.until(lambda: len(room.said) == 1)
    assert (room.texts, room.pauses) == (["not enough coins"], [7.5])


async def test_a_line_throttled_twice_is_let_go() -> None:
    room = Room()
    room.refusals = [1, 1]
    async with room.running():
        room.sender.send(bad("ann", "first"))
        room.sender.send(bad("bob", "second"))
        await room.until(lambda: len(room.said) == 1)
    assert room.texts == ["second"]


async def test_a_success_that_grew_stale_in_the_pause_is_let_go() -> None:
    room = Room()
    room.refusals = [SUCCESS_AGE_S + 1]
    async with room.running():
        room.sender.send(good("ann"))
        await room.paused.wait()
        room.sender.send(bad("bob"))
        await room.until(lambda: len(room.said) == 1)
    assert room.texts == ["not enough coins"]


async def test_a_voice_that_breaks_does_not_end_the_sender(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []
    done = asyncio.Event()

    async def say(text: str, reply_to: str) -> None:
        if not said:
            said.append("broken")
            raise ValueError("no voice")
        said.append(text)
        done.set()

    sender = Sender(say, PACE)
    task = asyncio.create_task(sender.run())
    sender.send(bad("ann", "first"))
    sender.send(bad("bob", "second"))
    async with asyncio.timeout(2):
        await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert said == ["broken", "second"]
    assert "reply.failed" in capsys.readouterr().out


def test_a_wait_is_bounded() -> None:
    assert Throttled(1e9).wait_s == 60
    assert Throttled(-1).wait_s == 0

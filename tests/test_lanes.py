"""Lanes: in order for each viewer, side by side for all, bounded, and together in one commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lanes import Lanes
from commands.chat import ChatMessage, Reply
from commands.turns import Turn
from data.errors import Code
from data.identities import Known
from data.sqlite.writer import Writer
from tests.house import MAIN, House, open_house, scale
from tests.page import until

Act = Callable[["Channel"], Awaitable[None]]


class Channel:
    """A chat channel with lanes to a house's desk."""

    def __init__(self, house: House, **how: Any) -> None:
        self.house = house
        self.answers: list[tuple[str, Reply]] = []
        self.lanes = Lanes(house.desk, self._answer, clock=house.clock.monotonic, **how)

    def _answer(self, message: ChatMessage, reply: Reply) -> None:
        self.answers.append((message.text, reply))

    def types(self, text: str, by: str = "mia", **how: Any) -> ChatMessage:
        message = self.house.message(text, by=by, **how)
        self.lanes.put(message)
        return message

    async def quiet(self) -> None:
        """Until everything is decided."""
        async with asyncio.timeout(10):
            while self.lanes._tasks:
                await asyncio.wait(set(self.lanes._tasks))

    @property
    def told(self) -> list[str]:
        return [reply.text for _, reply in self.answers]


@pytest.fixture
async def channel(house: House) -> AsyncIterator[Channel]:
    channel = Channel(house)
    yield channel
    await channel.quiet()
    assert not channel.lanes._last
    assert not channel.lanes._of_channel
    assert not channel.lanes._of_viewer


@asynccontextmanager
async def held(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> AsyncIterator[list[Any]]:
    """Whoever calls this waits until the end; the calls, as they come."""
    calls: list[Any] = []
    real, gate = getattr(owner, name), asyncio.Event()

    async def waiting(*values: Any) -> Any:
        calls.append(values)
        await gate.wait()
        return await real(*values)

    monkeypatch.setattr(owner, name, waiting)
    try:
        yield calls
    finally:
        gate.set()
        monkeypatch.undo()


async def settle_down() -> None:
    """Let everything go on that can."""
    for _ in range(50):
        await asyncio.sleep(0)


async def sent(house: House) -> list[tuple[str, int]]:
    """The gifts in the books, by whom and how many."""
    gifts = await house.records("gift")
    return [(record.aside["viewer"], record.facts["count"]) for record in gifts]


# Order


async def test_gifts_of_one_viewer_are_submitted_without_waiting_for_each_other(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that one commit may carry them all."""
    await channel.house.grant("mia", 100)
    async with held(monkeypatch, channel.house.journal, "record") as calls:
        for count in (1, 2, 3):
            channel.types(f"!gift rose {count}")
        await until(lambda: len(calls) == 3)
        assert [asked.facts["count"] for (asked,) in calls] == [1, 2, 3]
        assert channel.answers == []
    await channel.quiet()
    assert await sent(channel.house) == [("mia", 1), ("mia", 2), ("mia", 3)]


async def test_one_commit_carries_them(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten gifts typed at once cost a few commits, not ten."""
    await channel.house.grant("mia", 100)
    await channel.house.accepted("!gift rose")  # everybody is known now
    commits = 0
    real = Writer.commit

    def counting(writer: Writer) -> None:
        nonlocal commits
        commits += 1
        real(writer)

    monkeypatch.setattr(Writer, "commit", counting)
    for count in range(1, 11):
        channel.types(f"!gift rose {count}")
    await channel.quiet()
    assert len(await sent(channel.house)) == 11
    assert commits <= 5


async def test_order_holds_across_a_slow_look_up(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one needs somebody who is not known yet; the second waits for its turn."""
    await channel.house.grant("mia", 100)
    await channel.house.grant("ben", 100)
    real, gate, lookups = channel.house.people.person, asyncio.Event(), 0

    async def slow(platform: str, user_id: str, name: str) -> Known:
        nonlocal lookups
        lookups += platform == "creator"
        if lookups == 1:
            await gate.wait()
        return await real(platform, user_id, name)

    monkeypatch.setattr(channel.house.people, "person", slow)
    channel.types("!gift rose 1")
    await until(lambda: lookups == 1)
    lookups += 1
    channel.types("!gift rose 2")
    channel.types("!gift rose 9", by="ben")
    await until(lambda: sent(channel.house))
    assert await sent(channel.house) == [("ben", 9)], "others do not wait"
    gate.set()
    await channel.quiet()
    assert await sent(channel.house) == [("ben", 9), ("mia", 1), ("mia", 2)]


async def test_what_asks_what_is_so_waits_for_the_verdicts(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balance after a gift is the balance after that gift."""
    await channel.house.grant("mia", 100)
    async with held(monkeypatch, channel.house.journal, "record"):
        channel.types("!gift rose 10")
        channel.types("!gift rose 20")
        channel.types("!balance")
        channel.types("!gift rose 5")
        await settle_down()
        assert channel.answers == []
    await channel.quiet()
    assert [text for text, _ in channel.answers].index("!balance") == 2
    assert "70 coins" in channel.told[2]
    assert await channel.house.coins("mia") == 65


async def test_refusals_keep_their_place_too(channel: Channel) -> None:
    """The last coin goes to the gift that was typed first."""
    await channel.house.grant("mia", 10)
    for text in ("!gift rose 4", "!gift nothing such", "!gift rose 6", "!gift rose 1"):
        channel.types(text)
    await channel.quiet()
    assert [reply.code for _, reply in channel.answers] == ["", "unknown_gift", "", "not_enough"]


async def test_a_cooldown_counts_from_the_first_of_two(tmp_path: Path) -> None:
    """Where gifts have one, the second waits to see whether the first was sent."""
    async with open_house(tmp_path, cooldown_s={"gift": 5}) as house:
        channel = Channel(house)
        await house.grant("mia", 100)
        for _ in range(3):
            channel.types("!gift rose")
        await channel.quiet()
        assert [reply.code for _, reply in channel.answers] == ["", "cooldown", "cooldown"]


async def test_a_call_takes_its_turn_with_what_was_typed(channel: Channel) -> None:
    """Slash and text share one lane."""
    await channel.house.grant("mia", 100)
    channel.types("!gift rose 1")
    call = channel.house.message("/gift")
    reply = await channel.lanes.invoke(call, "gift", {"gift": "rose", "count": 2})
    assert reply.ok
    assert await sent(channel.house) == [("mia", 1), ("mia", 2)]
    balance = await channel.lanes.invoke(channel.house.message("/balance"), "balance", {})
    assert "97 coins" in balance.text


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["mia", "ben", "eve"]),
        st.sampled_from(["!gift rose {}", "!gift panda {}", "!balance", "!gift x", "hello"]),
        st.integers(0, 3),
    ),
    max_size=30,
)


@settings(max_examples=scale(25, 1_000))
@given(steps=_STEPS, delays=st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_every_viewer_is_carried_out_in_order_whatever_is_slow(tmp_path_factory, steps, delays):
    """Look-ups and the journal's door take any time; so does what lies between two lines."""
    asyncio.run(_whatever_is_slow(tmp_path_factory.mktemp("house"), steps, delays))


async def _whatever_is_slow(
    folder: Path, steps: list[tuple[str, str, int]], delays: list[int]
) -> None:
    async with open_house(folder) as house:
        for name in ("mia", "ben", "eve"):
            await house.grant(name, 1_000_000)
        turn = 0
        real = house.people.person

        async def slow(*values: str) -> Known:
            nonlocal turn
            turn += 1
            for _ in range(delays[turn % len(delays)]):
                await asyncio.sleep(0)
            return await real(*values)

        house.people.person = slow  # type: ignore[assignment, method-assign]
        channel = Channel(house)
        typed: list[tuple[str, int]] = []
        for count, (who, text, pause) in enumerate(steps, 1):
            channel.types(text.format(count), by=who)
            if "{}" in text:
                typed.append((who, count))
            for _ in range(pause):
                await asyncio.sleep(0)
        await channel.quiet()
        done = await sent(house)
        assert sorted(done) == sorted(typed)
        for name in ("mia", "ben", "eve"):
            mine = [count for who, count in done if who == name]
            assert mine == sorted(mine)
        assert len(channel.answers) == sum(text != "hello" for _, text, _ in steps)
        assert not channel.lanes._last


async def test_turns_do_not_pile_up(channel: Channel) -> None:
    """A viewer who never stops typing leaves no chain of what is long decided."""
    await channel.house.grant("mia", 10_000)
    for _ in range(300):
        channel.types("!gift rose")
        await settle_down()
        turn: Turn | None = channel.lanes._last.get("mia")
        length = 0
        while turn is not None:
            turn, length = turn.before, length + 1
        assert length <= channel.lanes._of_viewer["mia"] + 1
    await channel.quiet()


# Bounds


async def full(house: House, monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    """A channel with room for four, two a viewer, that is full while `act` looks at it."""
    channel = Channel(house, channel_max=4, viewer_max=2)
    for name in ("mia", "ben", "eve"):
        await house.grant(name, 100)
    before = await house.standing()
    async with held(monkeypatch, house.journal, "record"):
        for name in ("mia", "mia", "ben", "ben"):
            channel.types("!gift rose", by=name)
        await act(channel)
        assert await house.standing() == before
    await channel.quiet()
    assert len(await sent(house)) == 4
    channel.types("!gift rose", by="eve")
    await channel.quiet()
    assert len(await sent(house)) == 5, "there is room again"


async def test_a_full_channel_says_so_once_in_a_while(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clearly: nothing was charged. Plain talk is never answered."""

    async def act(channel: Channel) -> None:
        for _ in range(20):
            channel.types("!gift rose", by="eve")
            channel.types("hello", by="eve")
        ((text, reply),) = channel.answers
        assert (text, reply.code, reply.ok) == ("!gift rose", Code.BUSY, False)
        assert "Nothing was charged" in reply.text
        house.clock.pass_s(10)
        channel.types("!gift rose", by="eve")
        assert len(channel.answers) == 2
        channel.answers.clear()

    await full(house, monkeypatch, act)


async def test_one_viewer_cannot_take_the_whole_channel(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their share is full, others have theirs."""
    channel = Channel(house, channel_max=100, viewer_max=3)
    await house.grant("mia", 100)
    await house.grant("ben", 100)
    async with held(monkeypatch, house.journal, "record"):
        for _ in range(50):
            channel.types("!gift rose")
        channel.types("!gift rose", by="ben")
        await settle_down()
        assert len(channel.lanes._tasks) == 4
    await channel.quiet()
    assert [who for who, _ in await sent(house)].count("ben") == 1


async def test_a_call_is_answered_when_the_channel_is_full(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one, since only its asker sees it."""

    async def act(channel: Channel) -> None:
        for _ in range(3):
            call = house.message("/gift", by="eve")
            reply = await channel.lanes.invoke(call, "gift", {"gift": "rose"})
            assert reply.code == Code.BUSY

    await full(house, monkeypatch, act)


async def test_one_channel_s_storm_leaves_room_in_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a queue of its own."""

    async def act(channel: Channel) -> None:
        message = house.message("!balance", by="eve")
        other = ChatMessage(**{**{n: getattr(message, n) for n in message.__slots__},
                               "channel": "another"})  # fmt: skip
        channel.lanes.put(other)
        await settle_down()
        assert channel.lanes._of_channel["another"] or channel.answers

    await full(house, monkeypatch, act)


async def test_channels_that_were_told_are_forgotten_in_time(house: House) -> None:
    """What is remembered of them is bounded."""
    channel = Channel(house, channel_max=0)
    for number in range(1_500):
        assert channel.lanes._may_tell_full(str(number))
    assert len(channel.lanes._told_full) <= 1_000


# Faults and ends


async def test_a_desk_that_breaks_once_does_not_stop_the_lane(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is noted, and the next line is heard."""
    await channel.house.grant("mia", 100)

    async def broken(*_: Any) -> Any:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(channel.house.desk, "hear", broken)
        channel.types("!gift rose 1")
        await channel.quiet()
        patch.setattr(channel.house.desk, "invoke", broken)
        with pytest.raises(RuntimeError):
            await channel.lanes.invoke(channel.house.message("/gift"), "gift", {"gift": "rose"})
    channel.types("!gift rose 2")
    await channel.quiet()
    assert await sent(channel.house) == [("mia", 2)]
    assert "lanes.failed" in capsys.readouterr().out


async def test_a_call_goes_on_when_nobody_waits_for_it(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The asker's connection may be gone; what was asked for stands."""
    await channel.house.grant("mia", 100)
    async with held(monkeypatch, channel.house.journal, "record"):
        call = channel.house.message("/gift")
        asking = asyncio.create_task(channel.lanes.invoke(call, "gift", {"gift": "rose"}))
        await settle_down()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await channel.quiet()
    assert await sent(channel.house) == [("mia", 1)]


async def test_the_end_waits_for_what_is_under_way_but_not_for_long(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was heard is decided; what hangs is let go."""
    await channel.house.grant("mia", 100)
    channel.types("!gift rose")
    await channel.lanes.finish(5)
    assert await sent(channel.house) == [("mia", 1)]
    async with held(monkeypatch, channel.house.journal, "record"):
        channel.types("!gift rose")
        channel.types("!gift rose")
        await settle_down()
        await channel.lanes.finish(0)
        assert not channel.lanes._tasks


async def test_a_repeat_is_not_answered_again(channel: Channel) -> None:
    """Platforms deliver twice; the viewer reads one answer."""
    await channel.house.grant("mia", 100)
    for _ in range(3):
        channel.types("!gift rose", id="simulator:once")
    await channel.quiet()
    assert len(channel.answers) == 1
    assert MAIN in channel.house.announced[-1].stage

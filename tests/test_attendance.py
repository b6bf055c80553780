"""Attendance: coins by time slot for those who chat and those who are there."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.chat import Chatter
from commands.presence import Presence
from commands.slots import Place, Slots, begin_of
from data.ledger import Transaction
from data.sqlite import journal as sqlite_journal
from tests.earning import coins_of, earning
from tests.house import MAIN, NOON, House, open_house, scale

NOBODY: frozenset[str] = frozenset()
MINUTE = 60_000
ON_TIME = NOON - NOON % (15 * MINUTE)  # where slots of 5 and of 15 minutes begin


def chatter(name: str) -> Chatter:
    return Chatter(name, name)


def say(house: House, name: str, at: int = ON_TIME, standing: frozenset[str] = NOBODY) -> None:
    house.earner.spoke(MAIN, "twitch", chatter(name), standing, at)


async def poll(
    house: House, *names: str, at: int = ON_TIME, standing: frozenset[str] = NOBODY
) -> None:
    there = [(chatter(name), standing) for name in names]
    await house.earner.watched(MAIN, "twitch", there, at)


async def test_being_there_is_paid_once_a_slot(house: House):
    """However often the platform lists somebody, at once or one after the other."""
    for minute in range(5):
        await poll(house, "mia", "ben", at=ON_TIME + minute * MINUTE)
    await asyncio.gather(*(poll(house, "mia", "cleo") for _ in range(5)))
    assert [await coins_of(house, name) for name in ("mia", "ben", "cleo")] == [10, 10, 10]
    await poll(house, "mia", at=ON_TIME + 5 * MINUTE)
    assert await coins_of(house, "mia") == 20
    assert len(await house.records("grant")) == 4
    assert await house.findings() == []


async def test_a_restart_pays_no_slot_twice(house: House):
    """The memory of who was paid is gone, the journal is not."""
    for minute in range(10):
        await poll(house, "mia", at=ON_TIME + minute * MINUTE)
        say(house, "mia", at=ON_TIME + minute * MINUTE)
        await house.earner.tick()
        await house.restart()
    assert await coins_of(house, "mia") == 2 * 10 + 50
    assert len(await house.records("grant")) == 3


async def test_chatting_is_paid_once_a_slot(house: House):
    """Ten lines earn what one does; the next quarter of an hour is another slot."""
    for second in range(10):
        say(house, "mia", at=ON_TIME + second * 1000)
    await house.earner.tick()
    assert await coins_of(house, "mia") == 50
    say(house, "mia", at=ON_TIME + 15 * MINUTE)
    say(house, "mia", at=ON_TIME + 14 * MINUTE)  # heard late
    await house.earner.tick()
    assert await coins_of(house, "mia") == 100


async def test_one_person_with_two_accounts_is_paid_once(house: House):
    """Whichever of them chats."""
    known = await house.people.person("twitch", "mia", "mia")
    await house.journal.write(
        lambda db: db.execute(
            "INSERT INTO identity VALUES ('discord', '7', ?, 'mia', 'mia', 0)", (known.person,)
        )
    )
    say(house, "mia")
    house.earner.spoke(MAIN, "discord", Chatter("7", "mia"), NOBODY, ON_TIME)
    await house.earner.tick()
    assert await coins_of(house, "mia") == 50


@pytest.mark.parametrize(
    ("live", "coins"), [(None, 10), (True, 10), (False, 3)], ids=["unknown", "live", "offline"]
)
async def test_while_offline_another_rate_counts(house: House, live, coins):
    """Where nobody can tell, a stage is not offline."""
    earning(house, watch={"offline_coins": 3})
    if live is not None:
        await house.shows.ended(MAIN, "twitch", ON_TIME)
    if live:
        await house.shows.began(MAIN, "twitch", "1", ON_TIME)
    await poll(house, "mia")
    assert await coins_of(house, "mia") == coins


async def test_only_active_chatters_when_the_stage_wants_it(house: House):
    """Who speaks up is paid in the same slot still."""
    earning(house, watch={"active_minutes": 10}, chat={"coins": 0})
    say(house, "mia", at=ON_TIME - 10 * MINUTE)
    say(house, "ben", at=ON_TIME - 11 * MINUTE)
    await poll(house, "mia", "ben", "cleo")
    assert [await coins_of(house, name) for name in ("mia", "ben", "cleo")] == [10, 0, 0]
    say(house, "ben", at=ON_TIME + MINUTE)
    await poll(house, "mia", "ben", "cleo", at=ON_TIME + 2 * MINUTE)
    assert [await coins_of(house, name) for name in ("mia", "ben", "cleo")] == [10, 10, 0]


async def test_the_highest_role_multiplies(house: House):
    """A subscriber of the third tier who is also a founder."""
    both = frozenset({"founder", "subscriber3"})
    await poll(house, "mia", standing=both)
    say(house, "ben", standing=frozenset({"subscriber"}))
    await house.earner.tick()
    assert (await coins_of(house, "mia"), await coins_of(house, "ben")) == (20, 60)


async def test_bots_and_switched_off_ways_leave_no_trace(house: House):
    """Not even a refusal: it would be one for each slot, for ever."""
    earning(house, watch={"coins": 0})
    say(house, "Nightbot")
    await poll(house, "mia", "Nightbot")
    house.earner.spoke(MAIN, "simulator", chatter("mia"), NOBODY, ON_TIME)
    await house.earner.tick()
    assert await house.standing() == []
    assert await house.journal.ask(lambda db: db.execute("SELECT * FROM refusal").fetchall()) == []


async def test_who_has_reached_the_limit_is_asked_about_once(house: House):
    """One refusal for the day, not one for each slot; a higher limit counts at once."""
    earning(house, watch={"day_most_coins": 10})
    for slot in range(5):
        await poll(house, "mia", at=ON_TIME + 5 * slot * MINUTE)
    refusals = "SELECT count(*) FROM refusal"
    assert await house.journal.ask(lambda db: db.execute(refusals).fetchone()) == (1,)
    earning(house, watch={"day_most_coins": 100})
    await poll(house, "mia", at=ON_TIME + 25 * MINUTE)
    assert await coins_of(house, "mia") == 20


async def test_whose_earning_is_paused_is_asked_about_once(house: House):
    """And is paid again as soon as a moderator lets them."""
    known = await house.people.person("twitch", "mia", "mia")
    for pause in ("earnpause", "earnresume"):
        await house.journal.record(
            Transaction(MAIN, pause, f"test:{pause}", NOON, subject=known.person)
        )
        for slot in range(3):
            await poll(house, "mia", at=ON_TIME + 5 * slot * MINUTE)
    refusals = "SELECT count(*) FROM refusal"
    assert await house.journal.ask(lambda db: db.execute(refusals).fetchone()) == (1,)
    assert await coins_of(house, "mia") == 20


async def test_coins_that_round_to_nothing_leave_no_trace(house: House):
    """Half of one coin."""
    earning(house, watch={"coins": 1}, roles_pct={"guest": 50})
    await poll(house, "mia", standing=frozenset({"guest"}))
    refusals = "SELECT count(*) FROM refusal"
    assert await house.journal.ask(lambda db: db.execute(refusals).fetchone()) == (0,)
    assert await coins_of(house, "mia") == 0


VIEWERS = ("ann", "bea", "cleo")


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.frozensets(st.sampled_from(VIEWERS)), st.booleans()),
        max_size=8,
    )
)
@settings(max_examples=25)
async def test_any_polls_pay_each_viewer_for_each_slot(tmp_path_factory, polls):
    """In any order of time, with restarts between."""
    slots: dict[str, set[int]] = {name: set() for name in VIEWERS}
    async with open_house(tmp_path_factory.mktemp("polls")) as house:
        for minute, there, restarts in polls:
            await poll(house, *there, at=ON_TIME + minute * MINUTE)
            for name in there:
                slots[name].add(minute // 5)
            if restarts:
                await house.restart()
        for name in VIEWERS:
            assert await coins_of(house, name) == 10 * len(slots[name])


async def test_whom_the_journal_could_not_take_is_paid_later(house: House, monkeypatch):
    """Being there: when listed again within the slot. Chatting: at a later tick."""
    await poll(house, "ben")
    monkeypatch.setattr(sqlite_journal, "QUEUE_MAX", 0)
    say(house, "ben")
    await poll(house, "mia", "ben")
    await house.earner.tick()
    monkeypatch.undo()
    await house.earner.tick()
    await poll(house, "mia", "ben", at=ON_TIME + MINUTE)
    assert (await coins_of(house, "mia"), await coins_of(house, "ben")) == (10, 60)


async def test_thousands_are_there_at_once(house: House):
    """Each is paid once; gifts sent meanwhile are not kept waiting behind them all."""
    await house.grant("gwen", 5)
    names = [f"viewer{n}" for n in range(scale(3_000, 30_000))]
    begun = asyncio.Event()
    house.journal.watch(lambda _: begun.set())
    paying = asyncio.create_task(poll(house, *names))
    await begun.wait()
    assert (await house.say("!gift rose", by="gwen")).ok
    assert not paying.done()
    await paying
    await poll(house, *names, at=ON_TIME + MINUTE)
    paid = [one for one in await house.records("grant") if one.facts.get("cause") == "watch"]
    assert len(paid) == len({one.subject for one in paid}) == len(names)
    assert await house.findings() == []


def test_the_memory_of_chatters_is_bounded():
    """Those who have been silent longest are forgotten."""
    presence = Presence(most=3)
    for at, name in enumerate(["ann", "bea", "cleo", "ann", "dora"]):
        presence.spoke(MAIN, "twitch", chatter(name), at)
    assert [one.viewer.name for one in presence.since(MAIN, 0)] == ["dora", "ann", "cleo"]
    assert [one.viewer.name for one in presence.since(MAIN, 3)] == ["dora", "ann"]
    assert presence.has_spoken(MAIN, "twitch", "ann", 3)
    assert not presence.has_spoken(MAIN, "twitch", "bea", 0)
    assert not presence.has_spoken(MAIN, "discord", "ann", 0)
    assert presence.since("second", 0) == []


def test_the_memory_of_slots_is_bounded():
    """What is forgotten may enter again: the journal knows better."""
    slots, place = Slots(most=2), Place(MAIN, "twitch", "watch")
    assert [slots.enter(place, 5, name) for name in ("a", "a", "b", "b", "c", "a")] == [
        True, False, True, True, True, True,
    ]  # fmt: skip
    for name in ("a", "b", "c"):
        slots.fill(place, name, (1, 2))
    assert [slots.is_full(place, name, (1, 2)) for name in ("a", "b", "c")] == [False, False, True]


@given(st.integers(0, 2**42), st.integers(1, 1_440))
def test_slots_follow_upon_each_other(at, minutes):
    """Each moment lies in exactly one, which begins at a whole minute."""
    begin = begin_of(at, minutes)
    assert begin * MINUTE <= at < (begin + minutes) * MINUTE
    assert begin_of(begin * MINUTE, minutes) == begin
    assert begin_of((begin + minutes) * MINUTE, minutes) == begin + minutes

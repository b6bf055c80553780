"""Seen, or returned: what becomes of a gift, with time that only moves when told to."""

import asyncio

import pytest

from commands.pauses import paused_ms
from commands.policy import StagePolicy
from data.errors import Code
from data.feed import Feed
from data.ledger import Record, Transaction
from data.money import Account
from data.postings import move
from tests.house import MAIN, MOD, NOON, House, grant, open_house

GRACE_S = 60
RETURN_S = 900


@pytest.fixture
async def stage(screened: House) -> House:
    """A house with a settling source, past the grace after its start, and a rich viewer."""
    await screened.grant("mia", 100_000)
    await screened.pass_s(GRACE_S)
    return screened


async def gift(house: House, what: str = "rose 10", by: str = "mia") -> Record:
    return await house.accepted(f"!gift {what}", by=by)


async def recalled(house: House) -> list[str]:
    """The gifts asked back since the last look."""
    found = list(house.screen.recalled)
    house.screen.recalled.clear()
    return found


async def causes(house: House) -> list[str]:
    return [record.facts["cause"] for record in await house.records("return")]


# --- acceptance ---


async def test_without_a_settling_source_a_gift_counts_at_once(house: House):
    """Accepted and settled in one transaction, and the reply says so."""
    await house.grant("mia", 10)
    reply = await house.say("!gift rose 10")
    assert "counts at once" in reply.text
    assert await house.state(house.announced[-1]) == "settled"
    assert (await house.balance("mia")).held == 0
    assert [kind.kind for kind in house.announced] == ["grant", "gift"]


@pytest.mark.parametrize("is_online", [True, False])
async def test_with_a_settling_source_a_gift_is_held(stage: House, is_online):
    """Also when the source is registered but not connected, and the reply says which."""
    stage.screen.is_online = is_online
    reply = await stage.say("!gift rose 10")
    assert ("on its way" in reply.text) is is_online
    assert ("not shown means coins back" in reply.text) is not is_online
    assert await stage.state(stage.announced[-1]) == "ready"
    balance = await stage.balance("mia")
    assert (balance.coins, balance.held) == (99_990, 10)


# --- shown ---


async def test_what_was_shown_is_settled(stage: House):
    """The hold becomes the creator's diamonds and the house's fee, as agreed at acceptance."""
    stage.policy = stage.policy.model_copy(update={"fee_pct": 30})
    rose = await gift(stage)
    stage.policy = stage.policy.model_copy(update={"fee_pct": 90})
    await stage.settler.shown(MAIN, [rose.seq], "s1")
    assert await stage.state(rose) == "settled"
    balances = {line[1]: line[3] for line in await stage.standing() if len(line) == 4}
    assert (balances["earnings"], balances["house"], balances["hold"]) == (7_000, 3_000, 0)
    assert stage.settler.ready(MAIN) == []


async def test_a_gift_shown_by_two_pages_and_again_is_settled_once(stage: House):
    """Whoever reports it, however often, also after a restart."""
    rose = await gift(stage)
    await asyncio.gather(*(stage.settler.shown(MAIN, [rose.seq], f"s{n}") for n in range(3)))
    await stage.restart()
    await stage.settler.shown(MAIN, [rose.seq, rose.seq, 999], "s1")
    assert len(await stage.records("settle")) == 1
    assert await stage.records("note") == []


async def test_many_gifts_shown_at_once_are_settled_together(stage: House):
    """A page reports what it has shown in one go."""
    gifts = [await gift(stage, "rose") for _ in range(20)]
    await stage.settler.shown(MAIN, [one.seq for one in gifts], "s1")
    assert {await stage.state(one) for one in gifts} == {"settled"}
    assert (await stage.balance("mia")).held == 0


# --- the deadline ---


async def test_a_gift_that_nobody_shows_comes_back(stage: House):
    """At its deadline it is asked back; five silent seconds later the coins are home."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S - 1)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]
    assert stage.settler.ready(MAIN) == []
    assert await stage.state(rose) == "ready"
    await stage.pass_s(4.9)
    assert await stage.state(rose) == "ready"
    await stage.pass_s(0.1)
    assert await stage.state(rose) == "returned"
    assert (await stage.coins("mia"), await causes(stage)) == (100_000, ["expired"])
    await stage.pass_s(1_000)
    assert await recalled(stage) == []


async def test_a_gift_asked_back_and_dropped_comes_back_at_once(stage: House):
    """The page has put it away unseen."""
    rose = await gift(stage)
    await stage.settler.dropped(MAIN, [rose.seq])
    assert await stage.state(rose) == "ready"  # nobody had asked for it
    await stage.pass_s(RETURN_S)
    await stage.settler.dropped(MAIN, [rose.seq, 999])
    assert await stage.state(rose) == "returned"


async def test_a_gift_asked_back_but_shown_is_settled(stage: House):
    """Shown wins."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S)
    await stage.settler.shown(MAIN, [rose.seq], "s1")
    await stage.pass_s(5)
    assert await stage.state(rose) == "settled"
    assert await stage.records("return") == []


async def test_of_shown_and_dropped_at_once_one_wins(stage: House):
    """The first commit; the other one changes nothing."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S)
    await asyncio.gather(
        stage.settler.dropped(MAIN, [rose.seq]), stage.settler.shown(MAIN, [rose.seq], "s1")
    )
    assert len(await stage.records("return") + await stage.records("settle")) == 1
    assert await stage.findings() == []


async def test_shown_after_the_return_is_noted_and_moves_nothing(stage: House):
    """Once per source, however often the page says it."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S)
    await stage.settler.dropped(MAIN, [rose.seq])
    for source in ("s1", "s1", "s2"):
        await stage.settler.shown(MAIN, [rose.seq], source)
    assert [note.facts["gift"] for note in await stage.records("note")] == [rose.seq] * 2
    assert await stage.coins("mia") == 100_000
    assert await stage.state(rose) == "returned"


async def test_a_paused_stage_does_not_let_time_run(stage: House):
    """The deadline is accept + 900 s + paused time."""
    rose = await gift(stage)
    await stage.pass_s(800)
    await stage.control("pause")
    for _ in range(20):
        await stage.pass_s(100)
    await stage.control("resume")
    await stage.pass_s(99)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]


async def test_paused_time_counts_over_a_restart(stage: House):
    """Control records are in the journal, so every process computes the same deadline."""
    rose = await gift(stage)
    await stage.pass_s(800)
    await stage.control("pause")
    await stage.restart(after_s=2_000)
    assert stage.settler.paused(MAIN)
    await stage.pass_s(500)
    await stage.control("resume")
    await stage.pass_s(99)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]


async def test_muting_is_remembered_over_a_restart(stage: House):
    """As the last control record says."""
    for action, muted in (("mute", True), ("unmute", False), ("mute", True)):
        await stage.control(action)
        await stage.restart()
        assert stage.settler.muted(MAIN) is muted


async def test_time_does_not_run_while_a_live_page_holds_the_gift(stage: House):
    """It only waits for its turn on the screen."""
    rose = await gift(stage)
    await stage.pass_s(500)
    stage.screen.held.add(rose.seq)
    for _ in range(10):
        await stage.pass_s(500)
    stage.screen.held.clear()
    await stage.pass_s(399)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]


async def test_a_gift_in_the_hands_of_a_live_page_does_not_expire_after_a_restart(stage: House):
    """Though its time ran out while the program was down: it is about to be shown."""
    rose = await gift(stage)
    await stage.restart(after_s=5_000)
    stage.screen.held.add(rose.seq)
    for _ in range(20):
        await stage.pass_s(30)
    assert await recalled(stage) == []
    stage.screen.held.clear()
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]


async def test_nothing_expires_within_a_minute_of_the_start(stage: House):
    """The pages need time to come back."""
    rose = await gift(stage)
    await stage.restart(after_s=100_000)
    assert [one.seq for one in stage.settler.ready(MAIN)] == [rose.seq]
    await stage.pass_s(GRACE_S - 1)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]
    await stage.pass_s(5)
    assert await stage.state(rose) == "returned"


async def test_no_hold_lasts_longer_than_a_day(stage: House):
    """Neither a pause nor a live page keeps coins for ever."""
    rose = await gift(stage)
    stage.screen.held.add(rose.seq)
    await stage.control("pause")
    await stage.pass_s(86_399)
    assert await recalled(stage) == []
    await stage.pass_s(1)
    assert await recalled(stage) == [rose.gift_id]
    await stage.pass_s(5)
    assert await causes(stage) == ["expired"]


async def test_the_deadline_is_the_one_in_force_at_acceptance(stage: House):
    """A policy changed later does not reach back."""
    rose = await gift(stage)
    stage.policy = stage.policy.model_copy(update={"return_after_s": 1})
    quick = await gift(stage)
    await stage.pass_s(1)
    assert await recalled(stage) == [quick.gift_id]
    await stage.pass_s(RETURN_S - 1)
    assert await recalled(stage) == [rose.gift_id]


async def test_a_clock_that_jumps_back_harms_nothing(stage: House):
    """Time that did not pass is not counted, none is taken away."""
    rose = await gift(stage)
    await stage.pass_s(-3_600)
    assert await recalled(stage) == []
    await stage.pass_s(3_600 + RETURN_S)
    assert await recalled(stage) == [rose.gift_id]


# --- approval ---


@pytest.fixture
async def strict(stage: House) -> House:
    """A stage where a moderator decides about gifts from the fifth tier."""
    stage.policy = StagePolicy(approve_from_tier=5)
    return stage


async def test_a_big_gift_waits_for_a_moderator(strict: House):
    """It is neither announced nor handed out, and small ones are not held up."""
    events: list[str] = []
    Feed(strict.journal).follow(lambda _stage, _seq, new: events.extend(e.type for e in new))
    reply = await strict.say("!gift galaxy")
    assert "waits for a moderator" in reply.text
    galaxy = strict.announced[-1]
    rose = await gift(strict)
    assert (await strict.state(galaxy), await strict.state(rose)) == ("waiting", "ready")
    assert [one.seq for one in strict.settler.ready(MAIN)] == [rose.seq]
    assert events == ["gift.sent"]
    await strict.settler.shown(MAIN, [galaxy.seq], "s1")
    assert await strict.state(galaxy) == "waiting"
    await strict.accepted(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    assert await strict.state(galaxy) == "ready"
    assert events == ["gift.sent", "gift.sent"]
    await strict.settler.shown(MAIN, [galaxy.seq], "s1")
    assert await strict.state(galaxy) == "settled"


async def test_a_denied_gift_comes_back(strict: House):
    """At once, with the cause."""
    galaxy = await gift(strict, "galaxy")
    await strict.accepted(f"!deny {galaxy.gift_id}", by="mod", role=MOD)
    assert (await strict.state(galaxy), await causes(strict)) == ("returned", ["denied"])
    refused = await strict.refused(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    assert refused == Code.ALREADY_CLOSED


async def test_a_viewers_last_gift_is_the_last_that_the_act_is_for(strict: House):
    """Decided about is the last that waits, pinned the last that was seen."""
    first = await gift(strict, "galaxy")
    rose = await gift(strict)
    await strict.settler.shown(MAIN, [rose.seq], "s1")
    second = await gift(strict, "galaxy")
    reply = await strict.say("!alerts pin @mia", by="mod", role=MOD)
    assert reply.text.endswith("10 × Rose.")
    later = await gift(strict)
    await strict.accepted("!approve @mia", by="mod", role=MOD)
    assert (await strict.state(second), await strict.state(first)) == ("ready", "waiting")
    await strict.accepted("!deny @mia", by="mod", role=MOD)
    assert await strict.state(first) == "returned"
    assert await strict.refused("!deny @mia", by="mod", role=MOD) == Code.UNCHANGED
    assert await strict.state(later) == "ready"


async def test_a_gift_nobody_decides_about_comes_back(strict: House):
    """After an hour, which runs also while the stage is paused."""
    galaxy = await gift(strict, "galaxy")
    await strict.control("pause")
    await strict.pass_s(3_599)
    assert await strict.state(galaxy) == "waiting"
    await strict.pass_s(1)
    await strict.pass_s(5)
    assert (await strict.state(galaxy), await causes(strict)) == ("returned", ["undecided"])
    assert await recalled(strict) == []  # no page ever had it


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_gift_approved_late_has_its_whole_time_on_the_way_to_the_screen(
    strict: House, restarts
):
    """The time in which a moderator decided does not count, in any process."""
    galaxy = await gift(strict, "galaxy")
    await strict.pass_s(3_000)
    await strict.accepted(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    if restarts:
        await strict.restart()
    await strict.pass_s(RETURN_S - 1)
    assert await recalled(strict) == []
    await strict.pass_s(1)
    assert await recalled(strict) == [galaxy.gift_id]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_pause_during_the_decision_is_not_counted_twice(strict: House, restarts):
    """Deciding and pausing overlap."""
    galaxy = await gift(strict, "galaxy")
    await strict.control("pause")
    await strict.pass_s(1_000)
    await strict.accepted(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    await strict.pass_s(100)
    await strict.control("resume")
    if restarts:
        await strict.restart()
    await strict.pass_s(RETURN_S - 1)
    assert await recalled(strict) == []
    await strict.pass_s(1)
    assert await recalled(strict) == [galaxy.gift_id]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_gift_approved_without_a_settling_source_counts_at_once(strict: House, restarts):
    """Like one that needed no approval, and the reply says so; heard again, it changes nothing."""
    strict.screen.settles = False
    galaxy = await gift(strict, "galaxy")
    assert await strict.state(galaxy) == "waiting"
    line = f"!approve {galaxy.gift_id}"
    reply = await strict.say(line, by="mod", role=MOD, id="m1")
    assert reply.text.endswith("Galaxy. No OBS source is set up yet, so it counts at once.")
    assert (await strict.state(galaxy), (await strict.balance("mia")).held) == ("settled", 0)
    if restarts:
        await strict.restart()
    await strict.say(line, by="mod", role=MOD, id="m1")
    await strict.settler.shown(MAIN, [galaxy.seq], "s1")
    assert [one.closes for one in await strict.records("settle")] == [galaxy.seq]
    assert await strict.findings() == []


async def approve_without_its_settlement(house: House, monkeypatch: pytest.MonkeyPatch) -> Record:
    """A gift approved where no source is set up, by a process that ended right then."""
    galaxy = await gift(house, "galaxy")
    house.screen.settles = False

    async def ends(*_: object) -> bool:
        return False

    with monkeypatch.context() as broken:
        broken.setattr(house.settler, "count", ends)
        await house.accepted(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    assert await house.state(galaxy) == "ready"
    return galaxy


@pytest.mark.parametrize("restarts", [False, True])
async def test_an_approval_that_counts_is_settled_later_if_it_could_not_be_at_once(
    strict: House, monkeypatch: pytest.MonkeyPatch, restarts
):
    """At the next tick, of any process."""
    galaxy = await approve_without_its_settlement(strict, monkeypatch)
    if restarts:
        await strict.restart()
    await strict.pass_s(1)
    assert await strict.state(galaxy) == "settled"
    assert await strict.records("return") == []


async def test_an_approval_does_not_count_for_a_sender_who_was_banned(strict: House):
    """It goes home, with or without a source."""
    strict.screen.settles = False
    galaxy = await gift(strict, "galaxy")
    await strict.rulings.banned(MAIN, "simulator", "mia", strict.clock.now(), until=None)
    reply = await strict.say(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    assert "counts" not in reply.text
    await strict.pass_s(5)
    assert (await strict.state(galaxy), await causes(strict)) == ("returned", ["banned"])


# --- what moderators do ---


async def test_clearing_returns_what_is_queued(stage: House):
    """What a page has shown meanwhile stays settled; the rest comes back."""
    first, second = await gift(stage), await gift(stage)
    reply = await stage.say("!alerts clear", by="mod", role=MOD)
    assert "2 waiting gifts" in reply.text
    assert await recalled(stage) == [first.gift_id, second.gift_id]
    await stage.settler.shown(MAIN, [first.seq], "s1")
    await stage.settler.dropped(MAIN, [second.seq])
    assert (await stage.state(first), await stage.state(second)) == ("settled", "returned")
    assert await causes(stage) == ["cleared"]


async def test_skipping_a_queued_gift_returns_it(stage: House):
    """And leaves the others in the queue."""
    first, second = await gift(stage), await gift(stage)
    await stage.accepted(f"!alerts skip {second.gift_id}", by="mod", role=MOD)
    assert await recalled(stage) == [second.gift_id]
    await stage.pass_s(5)
    assert (await stage.state(first), await stage.state(second)) == ("ready", "returned")


async def test_skipping_a_gift_that_plays_leaves_it_settled(stage: House):
    """It was seen."""
    rose = await gift(stage)
    await stage.settler.shown(MAIN, [rose.seq], "s1")
    await stage.accepted(f"!alerts skip {rose.gift_id}", by="mod", role=MOD)
    await stage.pass_s(10)
    assert await stage.state(rose) == "settled"


async def test_the_last_source_removed_returns_every_open_gift(strict: House):
    """No page will ever show them, waiting ones included."""
    gifts = [await gift(strict), await gift(strict, "galaxy"), await gift(strict)]
    assert await strict.settler.return_all(MAIN, "no_source") == 3
    assert {await strict.state(one) for one in gifts} == {"returned"}
    assert await causes(strict) == ["no_source"] * 3
    assert await strict.coins("mia") == 100_000


async def test_a_refund_of_a_gift_not_yet_shown_is_a_return(stage: House):
    """Its coins are in the hold; nothing was earned."""
    rose = await gift(stage)
    await stage.accepted(f"!refund {rose.gift_id} mistake", by="mod", role=MOD)
    assert (await stage.state(rose), await stage.coins("mia")) == ("returned", 100_000)
    assert stage.settler.ready(MAIN) == []


async def test_a_refund_after_settling_is_a_reversal(stage: House):
    """Earnings, fee and board follow; a second one is refused."""
    stage.policy = stage.policy.model_copy(update={"fee_pct": 30})
    rose = await gift(stage)
    await stage.settler.shown(MAIN, [rose.seq], "s1")
    await stage.accepted(f"!refund {rose.gift_id}", by="mod", role=MOD)
    assert (await stage.state(rose), await stage.coins("mia")) == ("refunded", 100_000)
    balances = {line[1]: line[3] for line in await stage.standing() if len(line) == 4}
    assert (balances["earnings"], balances["house"], balances["issued"]) == (0, 0, 0)
    assert await stage.journal.books.top(MAIN, since_day=0, limit=5) == []
    refused = await stage.refused(f"!refund {rose.gift_id}", by="mod", role=MOD)
    assert refused == Code.ALREADY_REVERSED
    assert await stage.findings() == []


async def test_a_refund_of_what_the_creator_no_longer_has_becomes_a_shortfall(stage: House):
    """Named and below zero there, never in the earnings."""
    rose = await gift(stage)
    await stage.settler.shown(MAIN, [rose.seq], "s1")
    creator = rose.facts["creator"]
    await stage.journal.record(payout(creator, 4_000))
    await stage.accepted(f"!refund {rose.gift_id}", by="mod", role=MOD)
    balances = {line[1]: line[3] for line in await stage.standing() if len(line) == 4}
    assert (balances["earnings"], balances["shortfall"]) == (0, -4_000)
    assert await stage.coins("mia") == 100_000
    assert await stage.findings() == []


async def test_a_returned_gift_cannot_be_refunded_too(stage: House):
    """Its coins are back already."""
    rose = await gift(stage)
    await stage.settler.return_all(MAIN, "no_source")
    assert await stage.refused(f"!refund {rose.gift_id}", by="mod", role=MOD) == Code.STILL_OPEN


async def test_refunding_by_name_means_the_last_gift(stage: House):
    """In whatever state it is."""
    await gift(stage, "rose 1")
    last = await gift(stage, "rose 2")
    await stage.accepted("!refund @mia", by="mod", role=MOD)
    assert await stage.state(last) == "returned"


# --- boards ---


async def test_boards_count_settled_gifts_by_the_day_of_acceptance(tmp_path):
    """In the stage's time zone, whenever they were shown."""
    async with open_house(tmp_path, settles=True, time_zone="Pacific/Auckland") as house:
        await house.grant("mia", 100)
        house.clock.ms = NOON - 3_700_000  # 10:58 UTC: 23:58 on the 15th in Auckland
        before = await gift(house)
        house.clock.pass_s(180)
        after = await gift(house, "rose 3")
        assert await house.journal.books.top(MAIN, since_day=0, limit=5) == []
        house.clock.pass_s(600)
        await house.settler.shown(MAIN, [before.seq, after.seq], "s1")
        assert [before.facts["day"], after.facts["day"]] == [20270115, 20270116]
        (rank,) = await house.journal.books.top(MAIN, since_day=20270116, limit=5)
        assert (rank.coins, rank.gifts) == (3, 1)
        (rank,) = await house.journal.books.top(MAIN, since_day=20270115, limit=5)
        assert (rank.coins, rank.gifts) == (13, 2)


async def test_what_came_back_is_on_no_board(stage: House):
    """Only settled gifts count."""
    await gift(stage)
    await stage.settler.return_all(MAIN, "no_source")
    assert await stage.journal.books.top(MAIN, since_day=0, limit=5) == []


# --- robustness ---


async def test_a_new_stage_in_the_middle_of_a_tick_is_no_trouble(stage: House):
    """A gift goes home while somebody opens a stage."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S)
    stage.clock.pass_s(5)
    opening = stage.journal.record(grant(7, 5, "first on second", "second"))
    await asyncio.gather(stage.settler.tick(), opening)
    assert await stage.state(rose) == "returned"


async def test_many_overdue_gifts_go_home_in_one_commit(stage: House):
    """A thousand returns do not wait for a thousand discs."""
    for _ in range(50):
        await gift(stage, "rose")
    commits: list[int] = []
    stage.journal.watch(lambda records: commits.append(len(records)))
    await stage.pass_s(RETURN_S)
    await stage.pass_s(5)
    assert sum(commits) == 50
    assert len(commits) < 10


async def test_a_return_that_the_journal_could_not_take_is_tried_again(stage: House):
    """At the next tick."""
    rose = await gift(stage)
    await stage.pass_s(RETURN_S)
    assert stage.journal._writer is not None
    stage.journal._writer.connection.close(True)
    await stage.pass_s(5)
    assert await stage.state(rose) == "ready"
    await stage.pass_s(1)
    assert await stage.state(rose) == "returned"


async def test_returning_everything_is_tried_again_too(stage: House):
    """Also when the journal was down at that moment."""
    rose = await gift(stage)
    assert stage.journal._writer is not None
    stage.journal._writer.connection.close(True)
    await stage.settler.return_all(MAIN, "no_source")
    assert await stage.state(rose) == "ready"
    await stage.pass_s(5)
    assert (await stage.state(rose), await causes(stage)) == ("returned", ["no_source"])


async def test_open_gifts_are_taken_up_after_a_restart(strict: House):
    """Oldest first, with their states, however many."""
    gifts = [await gift(strict, "rose") for _ in range(5)]
    galaxy = await gift(strict, "galaxy")
    await strict.settler.shown(MAIN, [gifts[1].seq], "s1")
    await strict.restart()
    left = [one.seq for one in gifts if one is not gifts[1]]
    assert [one.seq for one in strict.settler.ready(MAIN)] == left
    await strict.accepted(f"!approve {galaxy.gift_id}", by="mod", role=MOD)
    assert [one.seq for one in strict.settler.ready(MAIN)] == [*left, galaxy.seq]


def controls(*actions: tuple[str, int]) -> list[Record]:
    return [
        Record(MAIN, n, "control", str(n), at, 0, 0, (), 0, 0, {"action": action}, {}, b"")
        for n, (action, at) in enumerate(actions, start=1)
    ]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([], 0),
        ([("pause", 10)], 90),
        ([("pause", 10), ("resume", 30)], 20),
        ([("pause", 10), ("pause", 20), ("resume", 30), ("resume", 40)], 20),
        ([("pause", -50), ("resume", 30)], 30),
        ([("pause", -50), ("resume", -30)], 0),
        ([("pause", 90), ("resume", 150)], 10),
        ([("pause", 150)], 0),
        ([("pause", 10), ("skip", 15), ("mute", 20), ("resume", 30), ("pause", 95)], 25),
    ],
)
def test_paused_time_between_two_moments(actions, expected):
    """Between 0 and 100, whatever was pressed twice."""
    assert paused_ms(controls(*actions), 0, 100) == expected


def payout(creator: int, thousandths: int) -> Transaction:
    """Diamonds that left the creator's account."""
    postings = move(Account("earnings", creator), Account("issued"), thousandths)
    return Transaction(MAIN, "note", "payout", NOON, postings=postings)

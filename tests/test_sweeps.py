"""Gifts cleared from the queue or skipped in it go home, whatever stops in between."""

import pytest

from commands.policy import StagePolicy
from tests.house import MAIN, MOD, House
from tests.test_settle import GRACE_S, causes, gift, recalled


@pytest.fixture
async def stage(screened: House) -> House:
    """A house with a settling source, past the grace after its start, where a moderator decides
    about gifts from the fifth tier."""
    screened.policy = StagePolicy(approve_from_tier=5)
    await screened.grant("mia", 100_000)
    await screened.pass_s(GRACE_S)
    return screened


@pytest.mark.parametrize("again", [False, True])
async def test_what_was_cleared_before_a_stop_comes_back_after_it(stage: House, again):
    """The record of the clear counts, not what a process remembers, also through two restarts:
    no page is given those gifts any more, and what one had shown before is settled."""
    first, second = await gift(stage), await gift(stage)
    await stage.say("!alerts clear", by="mod", role=MOD, id="m1")
    await recalled(stage)
    later = await gift(stage)
    for _ in range(1 + again):
        await stage.restart(after_s=1)
        assert await recalled(stage) == [first.gift_id, second.gift_id]
        assert [one.seq for one in stage.settler.ready(MAIN)] == [later.seq]
    assert (await stage.say("!alerts clear", by="mod", role=MOD, id="m1")).quiet
    await stage.pass_s(GRACE_S - 1)
    await stage.settler.shown(MAIN, [first.seq], "s1")  # said by a page that is back
    await stage.pass_s(1)
    states = [await stage.state(one) for one in (first, second, later)]
    assert states == ["settled", "returned", "ready"]
    assert await causes(stage) == ["cleared"]
    assert await stage.findings() == []


async def test_what_was_skipped_before_a_stop_comes_back_after_it(stage: House):
    """It alone; one page that never showed it does not speak for those that are not back yet."""
    first, second = await gift(stage), await gift(stage)
    await stage.accepted(f"!alerts skip {second.gift_id}", by="mod", role=MOD)
    await stage.accepted("!alerts skip", by="mod", role=MOD)  # of what plays
    await stage.restart()
    assert [one.seq for one in stage.settler.ready(MAIN)] == [first.seq]
    await stage.pass_s(GRACE_S - 6)
    await stage.settler.dropped(MAIN, [first.seq, second.seq])
    assert await stage.state(second) == "ready"
    await stage.pass_s(6)
    assert (await stage.state(first), await stage.state(second)) == ("ready", "returned")
    assert await causes(stage) == ["skipped"]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_gift_that_waited_for_approval_is_not_cleared_with_the_queue(
    stage: House, restarts
):
    """It did not stand in it, whether it is approved before a restart or after it."""
    before, after = await gift(stage, "galaxy"), await gift(stage, "galaxy")
    reply = await stage.say("!alerts clear", by="mod", role=MOD)
    assert reply.text == "Cleared: no gift was waiting."
    await stage.accepted(f"!approve {before.gift_id}", by="mod", role=MOD)
    if restarts:
        await stage.restart()
    await stage.accepted(f"!approve {after.gift_id}", by="mod", role=MOD)
    assert [one.seq for one in stage.settler.ready(MAIN)] == [before.seq, after.seq]
    await stage.say("!alerts clear", by="mod", role=MOD)
    if restarts:
        await stage.restart()
    assert stage.settler.ready(MAIN) == []


async def test_another_process_clears_what_is_on_the_way_here(stage: House):
    """By the record alone, which it reads like any other."""
    rose = await gift(stage)
    await stage.control("clear")
    assert await recalled(stage) == [rose.gift_id]
    await stage.pass_s(5)
    assert (await stage.state(rose), await causes(stage)) == ("returned", ["cleared"])

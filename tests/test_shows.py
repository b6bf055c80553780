"""Shows: going live and offline, as platforms tell it, and what is counted by them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Code
from data.journal import ShowTotals
from tests.earning import DAY_S
from tests.house import MAIN, MOD, NOON, House, open_house


async def test_a_show_begins_and_ends(house: House):
    """Its number is that of the record that opened it."""
    assert house.shows.live(MAIN) is None
    await house.shows.began(MAIN, "twitch", "40952121085", NOON)
    (begun,) = await house.records("show")
    assert house.shows.live(MAIN) is True
    assert house.shows.current(MAIN) == house.shows.latest(MAIN) == begun.seq
    await house.shows.ended(MAIN, "twitch", NOON)
    assert house.shows.live(MAIN) is False
    assert (house.shows.current(MAIN), house.shows.latest(MAIN)) == (0, begun.seq)
    assert house.shows.live("second") is None


async def test_notices_may_come_twice_and_out_of_nowhere(house: House):
    """Nothing but the first counts, also over restarts."""
    await house.shows.ended(MAIN, "twitch", NOON)
    for _ in range(2):
        await house.shows.began(MAIN, "twitch", "1", NOON)
        await house.restart()
    for _ in range(2):
        await house.shows.ended(MAIN, "twitch", NOON)
    await house.shows.began(MAIN, "twitch", "1", NOON)
    assert [record.facts["action"] for record in await house.records("show")] == ["begin", "end"]
    assert house.shows.live(MAIN) is False


async def test_another_broadcast_opens_another_show(house: House):
    """The program was down when the first one ended; its late repeats change nothing."""
    await house.shows.began(MAIN, "twitch", "1", NOON)
    await house.restart(after_s=DAY_S)
    assert house.shows.live(MAIN) is True
    await house.shows.began(MAIN, "twitch", "2", NOON)
    await house.shows.began(MAIN, "twitch", "1", NOON)
    first, second = await house.records("show")
    assert house.shows.current(MAIN) == second.seq > first.seq
    await house.shows.ended(MAIN, "twitch", NOON)
    assert house.shows.live(MAIN) is False


async def test_what_ended_while_the_program_was_down_is_ended_when_told(house: House):
    """At its start a platform says how it is; before, nobody knows that it is offline."""
    await house.shows.began(MAIN, "twitch", "1", NOON)
    await house.shows.ended(MAIN, "twitch", NOON)
    await house.shows.began(MAIN, "twitch", "2", NOON)
    await house.restart()
    assert house.shows.live(MAIN) is True
    await house.shows.ended(MAIN, "twitch", NOON)
    assert house.shows.live(MAIN) is False
    await house.restart()
    assert house.shows.live(MAIN) is None


async def test_two_platforms_make_one_show(house: House):
    """From the first that is live to the last that is."""
    await house.shows.began(MAIN, "twitch", "1", NOON)
    show = house.shows.current(MAIN)
    await house.shows.began(MAIN, "discord", "7", NOON)
    await house.shows.ended(MAIN, "twitch", NOON)
    assert (house.shows.live(MAIN), house.shows.current(MAIN)) == (True, show)
    await house.shows.began(MAIN, "twitch", "2", NOON)
    await house.shows.ended(MAIN, "discord", NOON)
    assert house.shows.current(MAIN) == show
    await house.shows.ended(MAIN, "twitch", NOON)
    assert house.shows.current(MAIN) == 0


async def test_a_platform_that_is_gone_leaves_no_show_open(house: House):
    """It was taken out of the settings while it was live: nobody could ever say the end."""
    await house.shows.began(MAIN, "kick", "1", NOON)
    await house.restart()
    assert house.shows.current(MAIN) == 0
    assert house.shows.live(MAIN) is None
    assert (await house.records("show"))[-1].facts["action"] == "end"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("began"), st.sampled_from(["twitch", "discord"]), st.integers(1, 3)),
        st.tuples(st.just("ended"), st.sampled_from(["twitch", "discord"]), st.just(0)),
        st.just(("restart", "", 0)),
    ),
    max_size=12,
)


@given(STEPS)
@settings(max_examples=25)
async def test_any_order_of_notices_agrees_with_the_plain_reading(tmp_path_factory, steps):
    """A broadcast begins once; the stage is live while a broadcast is on."""
    on: dict[str, int] = {}
    begun: set[tuple[str, int]] = set()
    shows = 0
    async with open_house(tmp_path_factory.mktemp("shows")) as house:
        for what, platform, number in steps:
            if what == "restart":
                await house.restart()
            elif what == "ended":
                await house.shows.ended(MAIN, platform, NOON)
                on.pop(platform, None)
            else:
                await house.shows.began(MAIN, platform, str(number), NOON)
                if (platform, number) not in begun:
                    begun.add((platform, number))
                    shows += not on.keys() - {platform}
                    on[platform] = number
            assert (house.shows.live(MAIN) is True) == bool(on)
            assert bool(house.shows.current(MAIN)) == bool(on)
            assert bool(house.shows.latest(MAIN)) == bool(shows)


async def top_show(house: House) -> str:
    return (await house.say("!top show", by="mod", role=MOD)).text


async def test_a_board_counts_the_show_that_is_on_or_was_the_last(house: House):
    """By when a gift was accepted; refunds are taken out."""
    for name in ("ann", "bea"):
        await house.grant(name, 100)
    assert await top_show(house) == "No show yet: no gifts."
    await house.accepted("!gift rose 50", by="ann")
    await house.shows.began(MAIN, "twitch", "1", NOON)
    assert await top_show(house) == "This show: no gifts yet. Be the first!"
    await house.accepted("!gift rose 3", by="ann")
    mistaken = await house.accepted("!gift rose 9", by="bea")
    await house.accepted("!gift rose 4", by="bea")
    await house.restart()
    expected = "This show: 1. bea 13 coins · 2. ann 3 coins"
    assert await top_show(house) == expected
    await house.accepted(f"!refund {mistaken.gift_id}", by="mod", role=MOD)
    await house.shows.ended(MAIN, "twitch", NOON)
    await house.accepted("!gift rose 9", by="ann")
    assert await top_show(house) == "Last show: 1. bea 4 coins · 2. ann 3 coins"
    totals = await house.journal.books.show_totals(MAIN, house.shows.latest(MAIN))
    assert totals == ShowTotals(gifts=2, coins=7, viewers=2)
    await house.shows.began(MAIN, "twitch", "2", NOON)
    totals = await house.journal.books.show_totals(MAIN, house.shows.latest(MAIN))
    assert totals == ShowTotals(0, 0, 0)
    await house.shows.ended(MAIN, "twitch", NOON)
    assert await top_show(house) == "Last show: no gifts."
    assert await house.findings() == []


async def test_a_gift_shown_after_its_show_counts_in_it(screened: House):
    """Held when the stream ended, settled later, also over a restart."""
    await screened.grant("ann", 10)
    await screened.shows.began(MAIN, "twitch", "1", NOON)
    gift = await screened.accepted("!gift rose 3", by="ann")
    await screened.shows.ended(MAIN, "twitch", NOON)
    show = screened.shows.latest(MAIN)
    await screened.restart()
    await screened.settler.shown(MAIN, [gift.seq], "s1")
    totals = await screened.journal.books.show_totals(MAIN, show)
    assert totals == ShowTotals(gifts=1, coins=3, viewers=1)
    assert await screened.findings() == []


@pytest.mark.parametrize("open_offline", [True, False])
async def test_gifts_while_offline_are_as_the_stage_wants(tmp_path, open_offline):
    """Refused with a clear word and without a posting; the refusal is remembered."""
    async with open_house(tmp_path, gifts_offline=open_offline) as house:
        await house.grant("mia", 10)
        assert (await house.say("!gift rose")).ok  # nobody can tell: not offline
        await house.shows.ended(MAIN, "twitch", NOON)
        reply = await house.say("!gift rose", id="m1")
        assert reply.ok is open_offline
        if not open_offline:
            assert reply.text.startswith("Gifts are taken while the stream is live.")
            assert await house.refused("!gift rose") == Code.OFFLINE
        await house.shows.began(MAIN, "twitch", "1", NOON)
        assert (await house.say("!gift rose")).ok
        assert (await house.say("!gift rose", id="m1")).ok is open_offline

"""Shows: going live and offline, as platforms tell it."""

from tests.house import MAIN, NOON, House


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


async def test_notices_may_come_twice_and_out_of_nowhere(house: House):
    """Nothing but the first counts."""
    await house.shows.ended(MAIN, "twitch", NOON)
    for _ in range(2):
        await house.shows.began(MAIN, "twitch", "1", NOON)
    for _ in range(2):
        await house.shows.ended(MAIN, "twitch", NOON)
    await house.shows.began(MAIN, "twitch", "1", NOON)
    assert [record.facts["action"] for record in await house.records("show")] == ["begin", "end"]
    assert house.shows.live(MAIN) is False

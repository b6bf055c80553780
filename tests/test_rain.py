"""`rain`: coins shared out among those who chat, exactly and once."""

from hypothesis import given
from hypothesis import strategies as st

from commands.chat import Chatter, Reply
from commands.rain import shares
from data.errors import Code
from data.ledger import Record
from data.money import Account
from tests.earning import earning
from tests.house import MAIN, MOD, House
from tests.linking import join

NOBODY: frozenset[str] = frozenset()


def chat(house: House, *names: str, platform: str = "simulator") -> None:
    """They speak, the last one last."""
    for name in names:
        house.earner.spoke(MAIN, platform, Chatter(name, name), NOBODY, house.clock.now())


async def rain(house: House, coins: int, **who: str) -> Reply:
    return await house.say(f"!rain {coins}", by="mod", role=MOD, **who)


async def fallen(house: House) -> Record:
    return next(one for one in house.announced[::-1] if one.facts.get("cause") == "rain")


@given(st.integers(1, 10**6), st.integers(1, 500))
def test_every_coin_goes_to_somebody(total, people):
    """Nobody gets two more than another, and the mint owes exactly what fell."""
    people = min(people, total)
    legs = shares(total, list(range(1, people + 1)))
    drops = [amount for account, amount in legs if account.kind == "wallet"]
    assert sum(drops) == total == -dict(legs)[Account("mint")]
    assert len(drops) == people
    assert 1 <= max(drops) <= min(drops) + 1
    assert drops == sorted(drops, reverse=True)


async def test_those_who_chatted_lately_share(house: House):
    """Each person once, without bots, the asker, the silent and the paused."""
    chat(house, "old")
    house.clock.pass_s(16 * 60)
    chat(house, "ann", "bea", "Nightbot", "mod", "cleo", "dora", "ann")
    await house.person("dora")
    await house.accepted("!earnpause @dora", by="mod", role=MOD)
    reply = await rain(house, 11)
    record = await fallen(house)
    assert reply.text == (
        "It rains 11 coins: 3 coins or one more each for ann, cleo, bea. "
        f"Undo: !undo {record.gift_id}"
    )
    assert [await house.coins(name) for name in ("ann", "cleo", "bea")] == [4, 4, 3]
    assert [await house.coins(name) for name in ("old", "Nightbot", "mod", "dora")] == [0] * 4
    assert await house.findings() == []


async def test_the_books_tell_who_got_what(house: House):
    """From the record itself, and to each of them in their history."""
    chat(house, *(f"viewer{n}" for n in range(12)))
    reply = await rain(house, 24)
    assert reply.text.startswith("It rains 24 coins: 2 coins each for viewer11, viewer10,")
    assert " and 7 more." in reply.text
    record = await fallen(house)
    got = {account.owner: amount for account, amount in record.postings if amount > 0}
    assert got == {await house.person(f"viewer{n}"): 2 for n in range(12)}
    assert (await house.say("!history", by="viewer3")).text == "rain: +2, left 2"


async def test_a_repeat_of_the_message_pays_nobody(house: House):
    """Even when others chat now, and after a restart."""
    chat(house, "ann", "bea")
    first = await rain(house, 10, id="twitch:chat:1")
    await house.restart()
    chat(house, "cleo", "dora")
    again = await rain(house, 10, id="twitch:chat:1")
    assert (again.ok, again.quiet) == (True, True)
    assert again.text == first.text
    names = ("ann", "bea", "cleo", "dora")
    assert [await house.coins(name) for name in names] == [5, 5, 0, 0]


async def test_few_coins_fall_on_those_who_spoke_last(house: House):
    """One each; and never on more than the stage allows."""
    chat(house, "ann", "bea", "cleo")
    await rain(house, 2)
    assert [await house.coins(name) for name in ("ann", "bea", "cleo")] == [0, 1, 1]
    earning(house, rain={"most_viewers": 1})
    await rain(house, 100)
    assert [await house.coins(name) for name in ("ann", "bea", "cleo")] == [0, 1, 101]


async def test_a_person_with_two_accounts_gets_one_share(house: House):
    """As soon as they are linked."""
    await join(house, {"by": "mia"}, {"by": "mia", "on": "twitch"})
    chat(house, "mia", "ben")
    chat(house, "mia", platform="twitch")
    await rain(house, 10)
    assert (await house.coins("mia"), await house.coins("ben")) == (5, 5)


async def test_it_does_not_rain_on_nobody_nor_without_bound(house: House):
    """Refused with the reason, and nothing was given."""
    reply = await rain(house, 10)
    assert reply.code == Code.NOBODY_THERE
    assert "15 minutes" in reply.text
    chat(house, "ann")
    reply = await rain(house, 100_001)
    assert reply.code == Code.NOT_AN_AMOUNT
    assert "100,000" in reply.text
    assert await house.standing() == []


async def test_a_rain_can_be_undone_while_the_coins_are_there(house: House):
    """All of it or nothing: once somebody has spent their share it stays."""
    chat(house, "ann", "bea")
    await rain(house, 10)
    first = await fallen(house)
    reply = await house.say(f"!undo {first.gift_id} oops", by="mod", role=MOD)
    assert reply.text == f"Undone: the rain {first.gift_id} has dried up, every coin of it."
    assert await house.coins("ann") == await house.coins("bea") == 0
    await rain(house, 10)
    second = await fallen(house)
    assert (await house.say("!gift rose", by="ann")).ok
    reply = await house.say(f"!undo {second.gift_id} oops", by="mod", role=MOD)
    assert reply.text == "One of them has only 4 coins, not 5 coins. Nothing changed."
    assert (await house.coins("ann"), await house.coins("bea")) == (4, 5)
    assert await house.findings() == []

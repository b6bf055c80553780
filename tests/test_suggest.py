"""Suggestions and quotes: what a platform with menus and buttons asks before anything is sent."""

import pytest

from commands.chat import Role
from commands.command import Mention
from commands.quote import Quote
from commands.suggest import Ask
from tests.house import MAIN, MOD, House, open_house

CREATORS = ({"id": "ann", "name": "Ann"}, {"id": "bea", "name": "Béa", "accounts": ["bea_tv"]})


async def offered(house: House, command: str, argument: str, typed="", role=MOD) -> dict[str, str]:
    found = await house.desk.suggest(Ask(MAIN, role, command, argument, typed))
    return {suggestion.value: suggestion.label for suggestion in found}


async def test_gifts_are_offered_with_their_price(house):
    assert await offered(house, "gift", "gift", "gal") == {"galaxy": "Galaxy · 1,000 coins"}
    assert len(await offered(house, "gift", "gift")) == 25


async def test_creators_are_offered_by_name(tmp_path):
    async with open_house(tmp_path, creators=CREATORS) as house:
        assert await offered(house, "gift", "creator") == {"ann": "Ann", "bea": "Béa"}
        assert await offered(house, "gift", "creator", "@bea") == {"bea": "Béa"}


async def test_commands_are_offered_as_far_as_one_may_use_them(house):
    assert "gift" in await offered(house, "help", "command", role=Role.VIEWER)
    assert "refund" not in await offered(house, "help", "command", role=Role.VIEWER)
    assert list(await offered(house, "help", "command", "refu")) == ["refund"]


async def test_moderators_are_offered_the_gifts_and_changes_they_may_mean(tmp_path):
    async with open_house(tmp_path, settles=True, approve_from_tier=4) as house:
        await house.grant("mia", 1_000)
        rose = await house.accepted("!gift rose 5")
        waiting = await house.accepted("!gift bouquet")
        change = await house.accepted("!addcoins @mia 7 quiz", by="mod", role=MOD)
        roses = {rose.gift_id: f"Rose ×5 · mia · {rose.gift_id}"}
        bouquets = {waiting.gift_id: f"Bouquet · mia · {waiting.gift_id}"}
        assert await offered(house, "approve", "gift") == bouquets
        assert await offered(house, "alerts", "gift") == roses | bouquets
        assert list(await offered(house, "refund", "gift")) == [waiting.gift_id, rose.gift_id]
        assert await offered(house, "refund", "gift", "rose") == roses
        changes = await offered(house, "undo", "record")
        assert changes[change.gift_id] == "grant · mia · 7 coins"
        assert rose.gift_id not in changes


@pytest.mark.parametrize(
    ("command", "argument"), [("refund", "gift"), ("refund", "nothing"), ("nothing", "gift")]
)
async def test_nobody_is_offered_what_is_not_theirs_or_not_there(house, command, argument):
    assert await offered(house, command, argument, role=Role.VIEWER) == {}


async def test_a_quote_tells_price_recipient_and_size(tmp_path):
    async with open_house(tmp_path, creators=CREATORS, approve_from_tier=7) as house:
        rose = house.catalogue.find("rose")
        assert rose is not None
        quote = house.desk.quote(MAIN, "gift", {"gift": "Roses", "count": 5, "creator": "@bea_tv"})
        assert quote == Quote(rose, 5, "bea")
        assert (quote.total_coins, quote.what) == (5, "Rose ×5")
        lion = house.desk.quote(MAIN, "gift", {"gift": "lion", "creator": Mention("Ann")})
        assert lion is not None
        assert (lion.total_coins, lion.what, lion.big, lion.waits) == (29_999, "Lion", True, True)


@pytest.mark.parametrize(
    "values",
    [
        {"gift": "nothing"},
        {"gift": "rose", "count": 0},
        {"gift": "universe", "count": 99_999},
        {"gift": "rose", "creator": "stranger"},
        {},
    ],
)
async def test_what_the_command_has_to_refuse_has_no_quote(house, values):
    assert house.desk.quote(MAIN, "gift", values) is None
    assert house.desk.quote(MAIN, "balance", {"gift": "rose"}) is None


async def test_the_size_that_is_asked_about_is_the_stages(tmp_path):
    async with open_house(tmp_path, confirm_above_coins=5) as house:
        five = house.desk.quote(MAIN, "gift", {"gift": "rose", "count": 5})
        six = house.desk.quote(MAIN, "gift", {"gift": "rose", "count": 6})
        assert five is not None
        assert six is not None
        assert (five.big, six.big) == (False, True)

"""Linked accounts: whatever is asked and decided is about the one person, until it ends."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import Chatter
from data.errors import Code
from data.ledger import Record, Transaction
from data.linking import Link, Links, resolve
from data.money import Account
from data.postings import move
from data.sqlite.connection import value
from tests.earning import did, earning
from tests.house import MAIN, MOD, NOON, House, grant, open_house
from tests.linking import DISCORD, TWITCH, balances, join, meet

BOSS: dict[str, Any] = {"by": "mod", "role": MOD, "on": "twitch"}
SIMON: dict[str, Any] = {"by": "simon"}


async def rich(house: House) -> None:
    """50 coins on Discord, 30 on Twitch."""
    await house.grant("Mia", 50, on="discord")
    await house.grant("mia_tw", 30, on="twitch")


@pytest.fixture
async def linked(house: House) -> House:
    """Mia on Discord with 50 coins, and mia_tw on Twitch with 30, are one person."""
    await rich(house)
    await join(house)
    return house


async def shares(house: House) -> list[int]:
    """What each member would take along."""
    mia = await house.person("Mia", "discord")
    return [link.share for link in await house.journal.books.linked(MAIN, mia)]


# --- one wallet ---


async def test_either_account_spends_the_one_wallet(linked: House):
    """More than it had alone; records name the account that acted."""
    gift = await linked.accepted("!gift doughnut 2 hi", **TWITCH)
    assert gift.subject == await linked.person("mia_tw", "twitch")
    assert gift.aside["viewer"] == "mia_tw"
    assert (Account("wallet", await linked.person("Mia", "discord")), -60) in gift.postings
    assert await balances(linked) == (20, 20)
    assert await linked.refused("!gift doughnut", **DISCORD) == Code.NOT_ENOUGH
    assert await linked.findings() == []


async def test_a_reply_tells_what_is_left_of_the_one_wallet(linked: House):
    """Right after the link, and after each gift of either."""
    reply = await linked.say("!gift rose 5", **TWITCH)
    assert "75 coins left" in reply.text
    assert (await linked.say("!balance", **DISCORD)).text == "You have 75 coins."


async def test_gifts_that_race_a_link_are_paid_once(house: House):
    """Both accounts send more than they have while they are linked: of all coins none is lost,
    none spent twice, and nothing stays behind in the wallet that was joined."""
    await rich(house)
    await meet(house, DISCORD, TWITCH)
    await house.say("!link yes", **TWITCH)
    lines = [house.say("!gift doughnut", **who) for who in (TWITCH, DISCORD) for _ in range(4)]
    replies = await asyncio.gather(
        *lines[:4], house.say("!link yes", **DISCORD), *lines[4:], house.say("!balance", **TWITCH)
    )
    sent = sum("Doughnut" in reply.text and reply.ok for reply in replies)
    assert sent == 2
    assert await balances(house) == (20, 20)
    twin = Account("wallet", await house.person("mia_tw", "twitch"))
    held = "SELECT coalesce(sum(balance), 0) FROM account WHERE kind = 'wallet' AND owner = ?"
    own = await house.journal.ask(lambda db: value(db, held, (twin.owner,)))
    assert own == 0
    assert await house.findings() == []


async def test_coins_that_come_back_reach_the_one_wallet(screened: House):
    """A gift sent before the link, another after it: returned or refunded, the coins can be
    spent by either account."""
    await rich(screened)
    early = await screened.accepted("!gift rose 20", **TWITCH)
    await join(screened)
    late = await screened.accepted("!gift rose 30", **TWITCH)
    seen = await screened.accepted("!gift rose 5", **DISCORD)
    balance = await screened.balance("Mia", "discord")
    assert (balance.coins, balance.held) == (25, 55)
    await screened.accepted(f"!refund {early.gift_id} sorry", **BOSS)
    await screened.pass_s(970)
    await screened.pass_s(6)
    assert await screened.state(late) == "returned"
    assert await balances(screened) == (80, 80)
    assert await screened.state(seen) == "returned"
    assert await shares(screened) == [30]
    again = await screened.accepted("!gift rose 70", **TWITCH)
    await screened.settler.shown(MAIN, [again.seq], "s1")
    await screened.accepted(f"!refund {again.gift_id} sorry", **BOSS)
    assert await balances(screened) == (80, 80)
    assert await screened.findings() == []


async def test_a_gift_under_way_when_the_link_ends_comes_back_to_its_sender(screened: House):
    """Whatever wallet paid for it."""
    await rich(screened)
    await join(screened)
    gift = await screened.accepted("!gift rose 25", **TWITCH)
    await screened.accepted("!unlink yes", **TWITCH)
    assert await balances(screened) == (50, 5)
    await screened.accepted(f"!refund {gift.gift_id} not shown", **BOSS)
    assert await balances(screened) == (50, 30)
    assert await screened.findings() == []


# --- by either name ---


async def test_coins_are_given_to_the_one_person_by_either_name(linked: House):
    """From either platform; a name of another platform is written with it in front."""
    await linked.grant("ben", 100, on="twitch")
    ben: dict[str, Any] = {"by": "ben", "on": "twitch"}
    await linked.accepted("!give @mia_tw 10", **ben)
    await linked.accepted("!give @discord:mia 10", **ben)
    assert await linked.refused("!give @mia 10", **ben) == Code.UNKNOWN_PERSON
    assert await linked.refused("!give @creator:main 10", **ben) == Code.UNKNOWN_PERSON
    assert await balances(linked) == (100, 100)
    await linked.accepted("!give @ben 100", **TWITCH)
    assert await linked.coins("ben", "twitch") == 180


async def test_nobody_gives_to_their_other_account(linked: House):
    """It is one wallet; nothing would change."""
    assert await linked.refused("!give @twitch:mia_tw 5", **DISCORD) == Code.ONE_WALLET
    assert "one wallet" in (await linked.say("!give @discord:Mia 5", **TWITCH)).text


async def test_the_last_gift_is_that_of_either_account(linked: House):
    """`refund @viewer` by whichever name."""
    first = await linked.accepted("!gift rose 2", **TWITCH)
    second = await linked.accepted("!gift rose 3", **DISCORD)
    reply = await linked.say("!refund @mia_tw", **BOSS)
    assert "3 × Rose" in reply.text
    assert [await linked.state(gift) for gift in (first, second)] == ["settled", "refunded"]


async def test_the_last_gift_is_ones_own_again_after_the_link(linked: House):
    """Also one that was paid from the other's wallet, while it was theirs too."""
    before = await linked.accepted("!gift rose 2", **TWITCH)
    after = await linked.accepted("!gift rose 3", **DISCORD)
    await linked.accepted("!unlink yes", **TWITCH)
    books = linked.journal.books
    assert await books.last_gift(MAIN, await linked.person("mia_tw", "twitch")) == before
    assert await books.last_gift(MAIN, await linked.person("Mia", "discord")) == after


async def test_a_ban_of_either_account_bars_the_person(linked: House):
    """And is lifted by either name."""
    for name, other in (("mia_tw", DISCORD), ("discord:mia", TWITCH)):
        await linked.accepted(f"!giftban @{name}", **BOSS)
        for who in (DISCORD, TWITCH):
            assert await linked.refused("!gift rose", **who) == Code.BANNED
        await linked.accepted(f"!giftunban @{other['on']}:{other['by']}", **BOSS)
        for who in (DISCORD, TWITCH):
            assert (await linked.say("!gift rose", **who)).ok
    assert await linked.findings() == []


async def test_a_ban_stays_with_the_account_it_was_said_of(linked: House):
    """When a moderator ends the link; an unban of the other one then says nothing of it."""
    await linked.accepted("!giftban @mia_tw", **BOSS)
    await linked.accepted("!unlink @mia_tw not hers", **BOSS)
    assert (await linked.say("!gift rose", **DISCORD)).ok
    await linked.accepted("!giftunban @discord:mia", **BOSS)
    await linked.restart()
    assert await linked.refused("!gift rose", **TWITCH) == Code.BANNED
    assert await linked.findings() == []


async def test_a_platforms_own_ban_is_of_the_person(screened: House):
    """What either account has on the way goes home, and neither gives, until it is lifted."""
    await rich(screened)
    await join(screened)
    gift = await screened.accepted("!gift rose 5", **DISCORD)
    now = screened.clock.now()
    await screened.rulings.banned(MAIN, "twitch", "mia_tw", now, until=None)
    assert gift.gift_id in screened.screen.recalled
    await screened.pass_s(6)
    assert await screened.state(gift) == "returned"
    for who in (DISCORD, TWITCH):
        assert await screened.refused("!gift rose", **who) == Code.BANNED
    books, mia = screened.journal.books, await screened.person("Mia", "discord")
    assert await books.bars(MAIN, mia) == {"twitch": None}
    await screened.accepted("!unlink @mia_tw two people", **BOSS)
    assert await books.bars(MAIN, mia) == {}
    assert (await screened.say("!gift rose", **DISCORD)).ok
    assert await screened.refused("!gift rose", **TWITCH) == Code.BANNED
    await screened.rulings.unbanned(MAIN, "twitch", "mia_tw", now + 1)
    assert (await screened.say("!gift rose", **TWITCH)).ok
    assert await screened.findings() == []


async def test_a_ban_just_before_a_restart_still_reaches_the_other_account(screened: House):
    """What it concerned is in its record."""
    await rich(screened)
    await join(screened)
    gift = await screened.accepted("!gift rose 5", **DISCORD)
    await screened.rulings.banned(MAIN, "twitch", "mia_tw", screened.clock.now(), until=None)
    await screened.restart()
    await screened.pass_s(61)
    await screened.pass_s(6)
    assert await screened.state(gift) == "returned"
    bar = (await screened.records("bar"))[0]
    assert bar.facts["accounts"] == [await screened.person("Mia", "discord"), bar.subject]


async def test_messages_removed_on_one_platform_are_those_of_that_account(linked: House):
    """The words that the other account wrote elsewhere stay."""
    theirs = await linked.accepted("!gift rose 1 hello twitch", **TWITCH)
    other = await linked.accepted("!gift rose 1 hello discord", **DISCORD)
    await linked.rulings.cleared(MAIN, "twitch", "mia_tw")
    books = linked.journal.books
    texts = [await books.find(MAIN, gift.seq) for gift in (theirs, other)]
    assert ["message" in record.aside for record in texts if record] == [False, True]


async def test_the_board_has_one_line_for_the_person(linked: House):
    """What both gave, also before the link; two lines again after it."""
    await linked.accepted("!gift rose 7", **TWITCH)
    await linked.accepted("!gift rose 8", **DISCORD)
    assert (await linked.say("!top all", **TWITCH)).text == "Ever: 1. Mia 15 coins"
    linked.clock.pass_s(3)
    await linked.accepted("!unlink yes", **DISCORD)
    text = (await linked.say("!top all", **DISCORD)).text
    assert text == "Ever: 1. Mia 8 coins · 2. mia_tw 7 coins"


async def test_the_board_of_a_show_has_one_line_for_the_person(linked: House):
    """And its totals count one viewer."""
    await linked.shows.began(MAIN, "twitch", "1", NOON)
    await linked.accepted("!gift rose 7", **TWITCH)
    await linked.accepted("!gift rose 8", **DISCORD)
    assert (await linked.say("!top show", **TWITCH)).text == "This show: 1. Mia 15 coins"
    show = linked.shows.current(MAIN)
    assert (await linked.journal.books.show_totals(MAIN, show)).viewers == 1


async def test_the_history_has_the_lines_of_both(house: House):
    """In their order, from before the link too, and from either platform."""
    await rich(house)
    await house.accepted("!gift rose 1", **TWITCH)
    await house.accepted("!gift rose 2", **DISCORD)
    await join(house)
    await house.accepted("!gift rose 3", **TWITCH)
    told = [(await house.say("!history", **who)).text for who in (DISCORD, TWITCH)]
    assert told[0] == told[1]
    lines = told[0].split(" · ")
    assert lines[0].startswith("Rose × 3")
    assert lines[0].endswith("-3, left 74")
    assert {"linked with mia_tw (Twitch): +29, left 77"} < set(lines)
    assert {"linked with Mia (Discord): -29, left 0"} < set(lines)
    assert lines[3].startswith("Rose × 2")
    assert lines[4].startswith("Rose × 1")


async def test_the_history_of_both_after_the_link(linked: House):
    """Each has the lines of their own wallet; what was done on one's behalf in the shared one
    stays in one's history."""
    await linked.accepted("!gift rose 3", **TWITCH)
    await linked.accepted("!gift rose 4", **DISCORD)
    await linked.accepted("!unlink yes", **TWITCH)
    await linked.accepted("!gift rose 5", **DISCORD)
    twin, mia = await linked.person("mia_tw", "twitch"), await linked.person("Mia", "discord")
    lines = await linked.journal.books.statement(MAIN, twin, limit=9)
    assert [(line.record.kind, line.amount, line.balance) for line in lines] == [
        ("unlink", 27, 27), ("gift", -3, 77), ("link", -30, 0), ("grant", 30, 30),
    ]  # fmt: skip
    lines = await linked.journal.books.statement(MAIN, mia, limit=9)
    assert [(line.record.kind, line.amount) for line in lines] == [
        ("gift", -5), ("unlink", -27), ("gift", -4), ("gift", -3), ("link", 30), ("grant", 50),
    ]  # fmt: skip
    assert "unlinked from Mia (Discord): +27" in (await linked.say("!history", **TWITCH)).text
    assert "unlinked from mia_tw (Twitch): -27" in (await linked.say("!history", **DISCORD)).text


# --- limits of earning ---


async def test_limits_of_earning_are_of_the_person(linked: House):
    """The coins of the day once, whichever account asks; a limit by day counts both."""
    assert (await linked.say("!daily", **TWITCH)).ok
    assert await linked.refused("!daily", **DISCORD) == Code.DAILY_TAKEN
    earning(linked, day_most_coins=600)
    for n, who in enumerate((TWITCH, DISCORD, TWITCH)):
        activity = did("reward", f"twitch:redemption:{n}", by=who["by"], units=200)
        if who is DISCORD:
            activity = type(activity)(
                f"x:{n}", MAIN, "discord", Chatter("Mia", "Mia"), "reward", units=200, at=NOON
            )
        credit = await linked.earner.credit(activity)
        assert bool(credit.refused) == (n == 2)
    await linked.accepted("!unlink yes", **TWITCH)
    assert (await linked.earner.credit(did("reward", "twitch:redemption:9", by="mia_tw",
                                           units=200))).coins == 200  # fmt: skip


async def test_a_row_of_days_goes_on_with_either_account(linked: House):
    """Today on Twitch, tomorrow on Discord."""
    await linked.say("!daily", **TWITCH)
    linked.clock.pass_s(86_400)
    assert "day 2 in a row" in (await linked.say("!daily", **DISCORD)).text


async def test_a_slot_is_paid_to_the_person(linked: House):
    """Chatting on both platforms at once is chatting once."""
    for platform, name in (("twitch", "mia_tw"), ("discord", "Mia")):
        linked.earner.spoke(MAIN, platform, Chatter(name, name), frozenset(), NOON)
    await linked.earner.tick()
    assert await balances(linked) == (130, 130)


async def test_a_pause_of_earning_is_of_the_person(linked: House):
    """By either name; rain passes by as well."""
    await linked.accepted("!earnpause @mia_tw", **BOSS)
    assert await linked.refused("!daily", **DISCORD) == Code.EARNING_PAUSED
    linked.earner.spoke(MAIN, "discord", Chatter("Mia", "Mia"), frozenset(), NOON)
    assert await linked.refused("!rain 10", **BOSS) == Code.NOBODY_THERE
    await linked.accepted("!earnresume @discord:mia", **BOSS)
    assert (await linked.say("!daily", **DISCORD)).ok
    assert await linked.findings() == []


async def test_rain_falls_once_on_a_person(linked: House):
    """And not on the other account of whoever makes it rain."""
    for platform, name in (("twitch", "mia_tw"), ("discord", "Mia"), ("twitch", "ben")):
        linked.earner.spoke(MAIN, platform, Chatter(name, name), frozenset(), NOON)
    await linked.accepted("!rain 10", **BOSS)
    assert (await balances(linked), await linked.coins("ben", "twitch")) == ((85, 85), 5)
    await linked.accepted("!rain 10", **(TWITCH | {"role": MOD}))
    assert (await balances(linked), await linked.coins("ben", "twitch")) == ((85, 85), 15)


# --- the end of a link ---


@pytest.mark.parametrize(
    ("spent", "got", "back"),
    [
        ({}, {}, (50, 30)),
        ({"mia_tw": 30}, {}, (50, 0)),
        ({"mia_tw": 45}, {}, (35, 0)),  # 15 of them were the other's
        ({"Mia": 70}, {}, (0, 10)),  # 20 of them were the other's
        ({"Mia": 20, "mia_tw": 10}, {"mia_tw": 7}, (30, 27)),
        ({"mia_tw": 40}, {"mia_tw": 25, "Mia": 1}, (51, 15)),
    ],
)
async def test_the_end_of_a_link_gives_back_what_was_whose(house: House, spent, got, back):
    """What was brought in and came in, less what was spent; what is not there is given by
    nobody."""
    await rich(house)
    await join(house)
    where = {"Mia": "discord", "mia_tw": "twitch"}
    for name, coins in got.items():
        await house.accepted(f"!addcoins @{where[name]}:{name} {coins} quiz", **BOSS)
    for name, coins in spent.items():
        await house.accepted(f"!gift rose {coins}", by=name, on=where[name])
    asked = await house.say("!unlink", **TWITCH)
    assert f"spent: {back[1]} coin" in asked.text or back == (0, 10)
    assert await house.records("unlink") == []
    record = await house.accepted("!unlink yes", **DISCORD)
    assert record.facts["coins"] == back[1]
    assert await balances(house) == back
    assert await house.findings() == []


async def test_three_accounts_part_in_proportion(house: House):
    """When one of them has spent what was the others', these share what is left."""
    await rich(house)
    await house.grant("simon", 20)
    await join(house)
    await join(house, DISCORD, SIMON)
    await house.accepted("!gift rose 60", **DISCORD)  # 10 of them were of the other two
    which = await house.say("!unlink yes", **DISCORD)
    assert which.code == Code.LINK_WHICH
    assert "@twitch:mia_tw, @simulator:simon" in which.text
    await house.accepted("!unlink @twitch:mia_tw yes", **DISCORD)
    assert await balances(house) == (16, 24)  # 30 of 50 claimed, of 40 that are there
    await house.accepted("!unlink yes", **SIMON)
    assert (await balances(house), await house.coins("simon")) == ((0, 24), 16)
    assert await house.findings() == []


async def test_links_come_and_go(linked: House):
    """Again and again, in both directions, over restarts: the same coins each time."""
    for n in range(4):
        await linked.restart(after_s=700)
        await linked.accepted("!unlink yes", **(DISCORD if n % 2 else TWITCH))
        await linked.restart()
        assert await balances(linked) == (50, 30)
        await join(linked, *((DISCORD, TWITCH) if n % 2 else (TWITCH, DISCORD)))
        assert await balances(linked) == (80, 80)
    assert await linked.findings() == []


async def test_an_end_is_heard_once(linked: House):
    """The same message over a restart; two at once; and then there is nothing to end."""
    first = await linked.say("!unlink yes", id="twitch:chat:1", **TWITCH)
    await linked.restart()
    again = await linked.say("!unlink yes", id="twitch:chat:1", **TWITCH)
    assert (first.ok, again.ok, again.quiet) == (True, True, True)
    assert await linked.refused("!unlink yes", **TWITCH) == Code.NOT_LINKED
    await join(linked)
    replies = await asyncio.gather(
        linked.say("!unlink yes", **TWITCH), linked.say("!unlink yes", **DISCORD)
    )
    assert sorted(reply.ok for reply in replies) == [False, True]
    assert await balances(linked) == (50, 30)
    assert len(await linked.records("unlink")) == 2


async def test_gifts_that_race_the_end_are_paid_once(linked: House):
    """All coins are somewhere, and no wallet is below zero."""
    replies = await asyncio.gather(
        *(linked.say("!gift rose 20", **TWITCH) for _ in range(3)),
        linked.say("!unlink yes", **DISCORD),
        *(linked.say("!gift rose 20", **TWITCH) for _ in range(3)),
    )
    sent = sum("Rose" in reply.text and reply.ok for reply in replies)
    assert sum(await balances(linked)) == 80 - 20 * sent
    assert await linked.findings() == []


async def test_a_moderator_sees_and_ends_a_link(linked: House):
    """With a reason that stays; viewers see and end their own."""
    link = (await linked.records("link"))[0]
    text = (await linked.say("!whois @mia_tw", **BOSS)).text
    for words in ("Mia (Discord) is one person with mia_tw (Twitch)", link.gift_id, "2027-01-15",
                  "share 30 coins", "80 coins in one wallet"):  # fmt: skip
        assert words in text
    assert (await linked.say("!links", **TWITCH)).text == text
    assert await linked.refused("!unlink @mia_tw", **BOSS) == Code.NO_REASON
    ben: dict[str, Any] = {"by": "ben", "on": "twitch"}
    assert await linked.refused("!whois @mia_tw", **ben) == Code.NOT_ALLOWED
    assert await linked.refused("!unlink @mia_tw yes", **ben) == Code.NOT_ALLOWED
    done = await linked.say("!unlink @mia_tw sold the account", **BOSS)
    assert "mia_tw (Twitch) took along 30 coins, Mia (Discord) has 50 coins" in done.text
    record = (await linked.records("unlink"))[0]
    assert record.reverses == link.seq
    assert (record.aside["by"], record.aside["reason"]) == ("mod", "sold the account")
    assert "sold the account" in (await linked.say("!history", **TWITCH)).text
    assert await linked.refused("!unlink @mia_tw again", **BOSS) == Code.NOT_LINKED
    assert "linked with no other" in (await linked.say("!whois @mia_tw", **BOSS)).text


async def test_a_link_is_not_undone_like_a_grant(linked: House):
    """`undo` says which command does it."""
    link = (await linked.records("link"))[0]
    reply = await linked.say(f"!undo {link.gift_id}", **BOSS)
    assert reply.code == Code.NOT_REVERSIBLE
    assert "a link with !unlink" in reply.text


async def test_an_undo_takes_from_whom_the_change_was_made(linked: House):
    """Coins granted to one account in the shared wallet are taken from that account's wallet
    after the link; and the other way round."""
    before = await linked.accepted("!addcoins @mia_tw 5 quiz", **BOSS)
    await linked.accepted("!unlink yes", **TWITCH)
    assert await balances(linked) == (50, 35)
    after = await linked.accepted("!addcoins @mia_tw 2 quiz", **BOSS)
    await linked.accepted(f"!undo {before.gift_id}", **BOSS)
    assert await balances(linked) == (50, 32)
    await join(linked)
    await linked.accepted(f"!undo {after.gift_id}", **BOSS)
    assert (await balances(linked), await shares(linked)) == ((80, 80), [30])
    assert await linked.findings() == []


async def test_a_transfer_between_two_who_are_linked_now_is_undone_when_they_are_not(
    house: House,
) -> None:
    """Between them it would change nothing."""
    await rich(house)
    given = await house.accepted("!give @twitch:mia_tw 10", **DISCORD)
    await join(house)
    assert await house.refused(f"!undo {given.gift_id}", **BOSS) == Code.ONE_WALLET
    await house.accepted("!unlink yes", **DISCORD)
    await house.accepted(f"!undo {given.gift_id}", **BOSS)
    assert await balances(house) == (50, 30)


async def test_a_set_balance_is_that_of_the_one_wallet(linked: House):
    """What the moderator sees is what is set."""
    await linked.accepted("!setcoins @mia_tw 100 quiz", **BOSS)
    assert (await balances(linked), await shares(linked)) == ((100, 100), [50])
    assert await linked.refused("!setcoins @discord:mia 100 quiz", **BOSS) == Code.UNCHANGED


async def test_approval_of_a_gift_moves_no_share(tmp_path) -> None:
    """It repeats what is known of the gift, but no coins move."""
    async with open_house(tmp_path, settles=True, approve_from_tier=1) as house:
        await rich(house)
        await join(house)
        gift = await house.accepted("!gift rose 5", **TWITCH)
        assert await shares(house) == [25]
        await house.accepted(f"!approve {gift.gift_id}", **BOSS)
        await house.settler.shown(MAIN, [gift.seq], "s1")
        assert await shares(house) == [25]
        assert await house.findings() == []


# --- the rule, by itself ---


@given(
    shares=st.lists(st.integers(-100, 100), min_size=1, max_size=4),
    held=st.integers(0, 200),
)
def test_what_members_take_along_is_never_more_than_there_is(shares, held):
    """Whoever goes first, each gets at most what is theirs, all together at most what is
    there; and of two who have not overspent each gets exactly what is theirs."""
    links = Links(Link(n + 1, n + 1, 99, share) for n, share in enumerate(shares))
    own, left = held - sum(shares), held
    for n, share in enumerate(shares):
        link = links.of(n + 1)
        assert link is not None
        back = links.share(link, left)
        assert 0 <= back <= max(0, share)
        if own >= 0 and min(shares) >= 0:
            assert back == share
        left -= back
        links.follow(ended(n + 1))
    assert left >= 0


def ended(person: int) -> Record:
    return Record(MAIN, 50 + person, "unlink", f"u{person}", NOON, 0, person, (), 0, person, {},
                  {}, b"")  # fmt: skip


def test_without_links_a_transaction_is_judged_as_it_was_asked():
    """The very same object: gifts pay nothing for what few people use."""
    asked = grant(1, 5, "k1")
    assert resolve(asked, Links(), lambda _: 0) is asked
    linked = Links([Link(1, 7, 8, 0)])
    assert resolve(asked, linked, lambda _: 0) is asked
    other = Transaction(MAIN, "transfer", "k2", NOON, subject=1,
                        postings=move(Account("wallet", 1), Account("wallet", 7), 5))  # fmt: skip
    resolved = resolve(other, linked, lambda _: 0)
    assert resolved.postings == move(Account("wallet", 1), Account("wallet", 8), 5)
    assert resolved.facts == {"linked": [[7, 8, 5]]}
    assert other.facts == {}

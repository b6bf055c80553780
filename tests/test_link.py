"""Linking: a code proven on two platforms, both sides told and asked, once, and only then."""

import asyncio
from typing import Any

import pytest

from commands.chat import Offer
from commands.linkage import title
from data.errors import Code
from data.identities import Known
from data.link_codes import ALPHABET, GUESSED_MAX, LENGTH, MADE_MAX
from data.sqlite.connection import rows, value
from tests.house import MOD, House, open_house
from tests.linking import DISCORD, TWITCH, balances, code_in, join, meet

EVE: dict[str, Any] = {"by": "eve", "on": "twitch"}


@pytest.fixture
async def rich(house: House) -> House:
    """50 coins on Discord, 30 on Twitch."""
    await house.grant("Mia", 50, on="discord")
    await house.grant("mia_tw", 30, on="twitch")
    return house


async def test_two_accounts_become_one_person(rich: House):
    """Step by step: what is said names the other account, what each has, and how to go on."""
    asked = await rich.say("!link", **DISCORD)
    code = code_in(asked)
    assert asked.private
    typed = await rich.say(f"!link {code.lower().replace('-', '')}", **TWITCH)
    for words in ("Mia (Discord)", "50 coins", "30 coins", "80 coins", "!link yes", "!link no"):
        assert words in typed.text
    noted = await rich.say("!link yes", **TWITCH)
    assert "Now as Mia (Discord)" in noted.text
    shown = await rich.say("!link", **DISCORD)
    for words in ("mia_tw (Twitch)", "30 coins", "80 coins", "!link yes"):
        assert words in shown.text
    assert not await rich.records("link")
    done = await rich.say("!link yes", **DISCORD)
    assert "80 coins in one wallet; 30 coins came with mia_tw" in done.text
    assert await balances(rich) == (80, 80)
    assert await rich.findings() == []


async def test_the_order_of_the_two_yes_does_not_matter(rich: House):
    """The maker may say yes first; the second yes is the link, and names both."""
    await meet(rich, DISCORD, TWITCH)
    assert "Now as mia_tw (Twitch)" in (await rich.say("!link yes", **DISCORD)).text
    assert "Now as mia_tw (Twitch)" in (await rich.say("!link", **DISCORD)).text
    record = await rich.accepted("!link confirm", **TWITCH)
    mia, twin = await rich.person("Mia", "discord"), await rich.person("mia_tw", "twitch")
    assert (record.subject, record.facts["head"], record.actor) == (twin, mia, twin)
    assert (record.aside["viewer"], record.aside["to"]) == ("mia_tw (Twitch)", "Mia (Discord)")


async def test_looking_who_typed_a_code_makes_no_new_one(rich: House):
    """As a button does: nobody yet, and then who it was, with what may follow."""
    assert await rich.refused("!link look", **DISCORD) == Code.NOT_ASKED
    asked = await rich.say("!link", **DISCORD)
    looked = await rich.say("!link look", **DISCORD)
    assert looked.text == "Nobody has typed your code yet."
    assert looked.offers == asked.offers == (Offer("Who typed it?", "link", "code", "look"),)
    await rich.say(f"!link {code_in(asked)}", **TWITCH)
    shown = await rich.say("!link look", **DISCORD)
    assert "mia_tw (Twitch)" in shown.text
    for who, offer in ((TWITCH, shown.offers[0]), (DISCORD, shown.offers[0])):
        message = rich.message("", **who)
        last = await rich.desk.invoke(message, offer.command, {offer.argument: offer.value})
    assert "Linked" in last.text
    ending = await rich.say("!unlink", **DISCORD)
    [offer] = ending.offers
    message = rich.message("", **DISCORD)
    ended = await rich.desk.invoke(message, offer.command, {offer.argument: offer.value})
    assert "two persons again" in ended.text


async def test_nobody_says_yes_to_somebody_they_were_not_told_of(rich: House):
    """Whoever typed a code first is shown to its maker before the maker's yes counts; the
    message that was answered so does not count when it comes again either."""
    code = code_in(await rich.say("!link", **DISCORD))
    await rich.say(f"!link {code}", **EVE)
    await rich.say("!link yes", **EVE)
    for _ in range(3):
        blind = await rich.say("!link yes", id="discord:int:7", **DISCORD)
        assert "eve (Twitch)" in blind.text
        assert "Only if that account is yours" in blind.text
    assert blind.quiet
    assert not await rich.records("link")
    assert (await rich.say("!link no", **DISCORD)).ok
    assert await rich.refused("!link yes", **DISCORD) == Code.NOT_ASKED
    assert await rich.refused("!link yes", **EVE) == Code.NOT_ASKED


async def test_a_code_is_typed_once(rich: House):
    """Somebody else who types it, then or after the link, is told that it is no open code."""
    code = await meet(rich, DISCORD, TWITCH)
    assert await rich.refused(f"!link {code}", **EVE) == Code.LINK_CODE
    assert (await rich.say(f"!link {code}", **TWITCH)).ok  # once more, by whoever took it
    await rich.say("!link yes", **TWITCH)
    await rich.say("!link yes", **DISCORD)
    assert await rich.refused(f"!link {code}", **TWITCH) == Code.LINK_CODE
    assert await rich.refused(f"!link {code}", **EVE) == Code.LINK_CODE


async def test_of_two_who_type_a_code_at_once_one_is_first(rich: House):
    """The other one gets a refusal, whatever the order."""
    code = code_in(await rich.say("!link", **DISCORD))
    who = [{"by": f"viewer{n}", "on": "twitch"} for n in range(20)]
    replies = await asyncio.gather(*(rich.say(f"!link {code}", **one) for one in who))
    assert sum(reply.ok for reply in replies) == 1
    assert {reply.code for reply in replies if not reply.ok} == {Code.LINK_CODE}


async def test_a_code_has_its_time(rich: House):
    """Ten minutes until it is typed, and ten more until both have said yes."""
    code = code_in(await rich.say("!link", **DISCORD))
    rich.clock.pass_s(600)
    assert await rich.refused(f"!link {code}", **TWITCH) == Code.LINK_CODE
    code = code_in(await rich.say("!link", **DISCORD))
    rich.clock.pass_s(599)
    assert (await rich.say(f"!link {code}", **TWITCH)).ok
    rich.clock.pass_s(599)
    assert (await rich.say("!link", **DISCORD)).ok
    assert (await rich.say("!link yes", **TWITCH)).ok
    rich.clock.pass_s(1)
    assert await rich.refused("!link yes", **DISCORD) == Code.NOT_ASKED
    rich.clock.pass_s(3_600)
    await rich.say("!link", **TWITCH)
    codes = await rich.journal.ask(lambda db: value(db, "SELECT count(*) FROM link_code"))
    assert codes == 1  # what is over is forgotten


async def test_a_new_code_takes_the_place_of_the_old(rich: House):
    """Of each account one is open; who types somebody's code gives up their own."""
    first = code_in(await rich.say("!link", **DISCORD))
    second = code_in(await rich.say("!link", **DISCORD))
    assert first != second
    assert await rich.refused(f"!link {first}", **TWITCH) == Code.LINK_CODE
    own = code_in(await rich.say("!link", **TWITCH))
    assert (await rich.say(f"!link {second}", **TWITCH)).ok
    assert await rich.refused(f"!link {own}", **DISCORD) == Code.LINK_CODE


async def test_codes_outlive_a_restart_and_are_not_in_the_file(rich: House):
    """What was begun goes on; only their hashes are written down."""
    code = code_in(await rich.say("!link", **DISCORD))
    await rich.restart(after_s=30)
    assert (await rich.say(f"!link {code}", **TWITCH)).ok
    await rich.restart()
    await rich.say("!link yes", **TWITCH)
    await rich.restart()
    await rich.say("!link", **DISCORD)
    await rich.restart()
    assert (await rich.say("!link yes", **DISCORD)).ok
    assert await balances(rich) == (80, 80)
    plain = code.replace("-", "").encode()
    for path in (rich.path, rich.path.with_name(f"{rich.path.name}-wal")):
        assert plain not in path.read_bytes()
        assert code.encode() not in path.read_bytes()


async def test_a_message_heard_again_changes_nothing(rich: House):
    """Each step delivered three times, over restarts too: the same answers, the repeats quiet."""
    first = await rich.say("!link", id="discord:int:1", **DISCORD)
    code = code_in(first)
    again = await rich.say("!link", id="discord:int:1", **DISCORD)
    assert (again.text, again.quiet) == (first.text, True)
    steps = [
        (f"!link {code}", "twitch:chat:1", TWITCH),
        ("!link yes", "twitch:chat:2", TWITCH),
        ("!link", "discord:int:2", DISCORD),
        ("!link yes", "discord:int:3", DISCORD),
    ]
    for text, key, who in steps:
        replies = [await rich.say(text, id=key, **who) for _ in range(2)]
        await rich.restart()
        replies.append(await rich.say(text, id=key, **who))
        assert all(reply.ok for reply in replies), replies
        assert [reply.quiet for reply in replies[1:]] == [True, True], replies
        late = await rich.say("!link", id="discord:int:1", **DISCORD)
        assert late.quiet
    assert len(await rich.records("link")) == 1
    assert await balances(rich) == (80, 80)


async def test_refusals_are_remembered(rich: House):
    """A code that was wrong stays wrong for that message, even once somebody has that code."""
    code = "3333-3333"
    assert await rich.refused(f"!link {code}", id="twitch:chat:9", **TWITCH) == Code.LINK_CODE
    again = await rich.say(f"!link {code}", id="twitch:chat:9", **TWITCH)
    assert (again.code, again.quiet) == (Code.LINK_CODE, True)


async def test_wrong_codes_are_limited(rich: House):
    """After a few, not even the right one is looked at, for ten minutes; words that cannot be
    a code do not count, nor does the same message heard again."""
    code = code_in(await rich.say("!link", **DISCORD))
    for _ in range(9):
        assert await rich.refused("!link please", **EVE) == Code.LINK_CODE
        assert await rich.refused("!link 3333-3333", id="twitch:chat:1", **EVE) == Code.LINK_CODE
    for n in range(GUESSED_MAX - 1):
        assert await rich.refused(f"!link 3333-444{ALPHABET[n]}", **EVE) == Code.LINK_CODE
    waits = await rich.say(f"!link {code}", **EVE)
    assert waits.code == Code.COOLDOWN
    assert "600 s" in waits.text
    await rich.restart(after_s=300)
    assert await rich.refused(f"!link {code}", **EVE) == Code.COOLDOWN
    assert (await rich.say(f"!link {code}", **TWITCH)).ok  # others are not kept waiting
    rich.clock.pass_s(300)
    assert await rich.refused("!link 3333-5555", **EVE) == Code.LINK_CODE


async def test_codes_of_one_account_are_limited(rich: House):
    """Five in ten minutes."""
    for _ in range(MADE_MAX):
        assert (await rich.say("!link", **DISCORD)).ok
    assert await rich.refused("!link", **DISCORD) == Code.COOLDOWN
    assert (await rich.say("!link", **TWITCH)).ok
    rich.clock.pass_s(601)
    assert (await rich.say("!link", **DISCORD)).ok


async def test_open_codes_of_a_stage_are_bounded(
    rich: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many at once: later, and on another stage at once."""
    monkeypatch.setattr("data.link_codes.OPEN_MAX", 3)
    for n in range(3):
        assert (await rich.say("!link", by=f"viewer{n}", on="discord")).ok
    assert (await rich.say("!link", **DISCORD)).code == Code.BUSY
    assert (await rich.say("!link", stage="second", **DISCORD)).ok
    rich.clock.pass_s(600)
    assert (await rich.say("!link", **DISCORD)).ok


async def test_a_code_is_of_another_account_and_platform(rich: House):
    """One's own account, and another one on the same platform, are refused with words; the
    code stays open for the right account."""
    code = code_in(await rich.say("!link", **DISCORD))
    own = await rich.say(f"!link {code}", **DISCORD)
    assert own.code == Code.LINK_HERE
    assert "account on the other platform" in own.text
    same = await rich.say(f"!link {code}", by="friend", on="discord")
    assert same.code == Code.SAME_PLATFORM
    assert "Both are accounts on Discord" in same.text
    assert (await rich.say(f"!link {code}", **TWITCH)).ok


async def test_a_stage_may_allow_two_accounts_of_a_platform(tmp_path) -> None:
    """`link_same_platform` is off unless somebody sets it."""
    async with open_house(tmp_path, link_same_platform=True) as house:
        await join(house, {"by": "mia"}, {"by": "other"})
        assert (await house.say("!balance", by="other")).text == "You have 0 coins."


async def test_codes_and_links_are_of_one_stage(rich: House):
    """A code of another show is none here, and a link there says nothing here."""
    code = code_in(await rich.say("!link", stage="second", **DISCORD))
    assert await rich.refused(f"!link {code}", **TWITCH) == Code.LINK_CODE
    await join(rich)
    other = await rich.journal.books.balance("second", await rich.person("mia_tw", "twitch"))
    assert other.coins == 0
    assert "linked with no other" in (await rich.say("!whois", stage="second", **TWITCH)).text


async def test_who_is_linked_is_not_linked_twice(rich: House):
    """The same two again, and two who are each linked with others; a third account joins the
    one person, whichever side asks."""
    await join(rich)
    simulated: dict[str, Any] = {"by": "simon", "on": "simulator"}
    code = code_in(await rich.say("!link", **DISCORD))
    assert await rich.refused(f"!link {code}", **TWITCH) == Code.ALREADY_LINKED
    await join(rich, simulated, TWITCH)
    assert len(await rich.records("link")) == 2
    assert await rich.coins("simon") == 80
    await join(rich, {"by": "eva", "on": "youtube"}, {"by": "eva", "on": "kick"})
    code = code_in(await rich.say("!link", by="eva", on="kick"))
    assert await rich.refused(f"!link {code}", **DISCORD) == Code.ALREADY_LINKED
    assert await rich.findings() == []


async def test_a_circle_cannot_be_closed(rich: House):
    """Two codes crosswise: the accounts are one person once, whichever is confirmed last."""
    await meet(rich, DISCORD, TWITCH)
    await rich.say("!link yes", **TWITCH)
    await rich.say("!link yes", **DISCORD)
    other = code_in(await rich.say("!link", **TWITCH))
    assert await rich.refused(f"!link {other}", **DISCORD) == Code.ALREADY_LINKED


async def test_codes_confirmed_at_once_leave_one_head(rich: House):
    """Three accounts in a row, A-B and B-C, all yes at the same time: the journal takes them
    one after the other, and refuses what does not fit any more."""
    kick: dict[str, Any] = {"by": "mia_k", "on": "kick"}
    await meet(rich, DISCORD, TWITCH)
    await rich.say("!link yes", **TWITCH)
    replies = await asyncio.gather(
        *(rich.say("!link yes", **DISCORD) for _ in range(3)), rich.say("!link", **kick)
    )
    assert sum("Linked" in reply.text for reply in replies) == 1
    code = code_in(replies[-1])
    assert (await rich.say(f"!link {code}", **TWITCH)).ok
    await rich.say("!link", **kick)
    await rich.say("!link yes", **kick)
    await rich.say("!unlink yes", **DISCORD)
    assert (await rich.say("!link yes", **TWITCH)).ok
    links = "SELECT person, head FROM link WHERE parted IS NULL"
    found = await rich.journal.ask(lambda db: rows(db, links))
    assert found == [(await rich.person("mia_tw", "twitch"), await rich.person("mia_k", "kick"))]
    assert await rich.findings() == []


async def test_who_is_barred_from_giving_neither_links_nor_unlinks(rich: House):
    """A ban is not shaken off by changing what one is."""
    await meet(rich, DISCORD, TWITCH)
    await rich.say("!link yes", **TWITCH)
    await rich.say("!giftban @mia_tw", by="mod", role=MOD, on="twitch")
    refused = await rich.say("!link yes", **DISCORD)
    assert (refused.ok, refused.code) == (False, Code.BANNED)
    assert "One of the two accounts is barred" in refused.text
    await rich.say("!giftunban @mia_tw", by="mod", role=MOD, on="twitch")
    assert (await rich.say("!link yes", **DISCORD)).ok
    await rich.say("!giftban @mia_tw", by="mod", role=MOD, on="twitch")
    assert await rich.refused("!unlink yes", **DISCORD) == Code.BANNED
    undone = await rich.say("!unlink @mia_tw stolen", by="mod", role=MOD, on="twitch")
    assert undone.ok


async def test_renames_change_nothing_but_the_name(rich: House):
    """Both go by other names: the wallet is the same, and the new names are shown."""
    await join(rich)
    for platform, old, new in (("discord", "Mia", "Maya"), ("twitch", "mia_tw", "maya_tv")):
        await rich.people.person(platform, old, new)
    text = (await rich.say("!whois @maya_tv", by="mod", role=MOD, on="twitch")).text
    assert text.startswith("Maya (Discord) is one person with maya_tv (Twitch)")
    assert await balances(rich) == (80, 80)


def test_an_erased_account_has_no_platform():
    """Its name is someone."""
    assert title(Known(7, "", "", "someone")) == "someone"
    assert title(Known(7, "twitch", "1", "mia")) == "mia (Twitch)"


async def test_codes_are_easy_to_read(house: House):
    """Eight signs, none like another, and no words."""
    assert LENGTH == 8
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("01258BSZOIL" + "AEIOU")
    codes = {code_in(await house.say("!link", by=f"v{n}")) for n in range(30)}
    assert len(codes) == 30

"""The desk with a real journal under it: who may do what, once, and never for coins that are
not there."""

import asyncio
from pathlib import Path

import pytest

from commands.chat import ChatMessage, Chatter, Reply, Role
from data.errors import Code
from data.ledger import Transaction
from data.money import Account
from tests.house import MAIN, MOD, House, open_house


async def test_a_gift_is_debited_and_announced(house: House):
    """Five roses cost five coins, and the journal's listeners hear of it."""
    await house.grant("mia", 10)
    reply = await house.say("!gift rose 5 great play!")
    gift = house.announced[-1]
    assert reply.ok
    assert gift.gift_id in reply.text
    assert (gift.kind, gift.facts["total_coins"], gift.facts["count"]) == ("gift", 5, 5)
    assert gift.aside["message"] == "great play!"
    assert await house.coins("mia") == 5
    assert await house.findings() == []


async def test_a_wallet_pays_for_ten_of_fifty_gifts_sent_at_once(house: House):
    """Exactly ten are accepted, whatever the order in which they reach the writer."""
    await house.grant("mia", 300)
    replies = await asyncio.gather(*(house.say("!gift doughnut") for _ in range(50)))
    assert sum(reply.ok for reply in replies) == 10
    assert {reply.code for reply in replies if not reply.ok} == {"not_enough"}
    assert await house.coins("mia") == 0
    assert len(await house.records("gift")) == 10
    assert await house.findings() == []


async def test_coins_handed_round_by_everybody_at_once_stay_as_many(house: House):
    """A gives B gives C gives A until all run dry: the sum is constant."""
    names = ("ann", "bea", "cleo")
    for name in names:
        await house.grant(name, 7)
    lines = [(giver, taker) for giver in names for taker in names if giver != taker] * 8
    replies = await asyncio.gather(
        *(house.say(f"!give @{taker} {n}", by=giver) for giver, taker in lines for n in (5, 22))
    )
    assert any(reply.ok for reply in replies)
    assert any(not reply.ok for reply in replies)
    assert sum([await house.coins(name) for name in names]) == 21
    assert await house.findings() == []


async def test_the_same_message_debits_once_over_restarts(house: House):
    """Heard five times, with restarts between: one debit, the first verdict, quietly."""
    await house.grant("mia", 10)
    first = await house.say("!gift rose 3", id="twitch:chat:1")
    for _ in range(5):
        await house.restart()
        again = await house.say("!gift rose 3", id="twitch:chat:1")
        assert (again.ok, again.quiet) == (True, True)
    assert (first.ok, first.quiet) == (True, False)
    assert await house.coins("mia") == 7
    assert len(await house.records("gift")) == 1


async def test_the_same_message_heard_five_times_at_once_debits_once(house: House):
    """Within one commit too."""
    await house.grant("mia", 10)
    replies = await asyncio.gather(*(house.say("!gift rose", id="m1") for _ in range(5)))
    assert all(reply.ok for reply in replies)
    assert [reply.quiet for reply in replies].count(False) == 1
    assert await house.coins("mia") == 9


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("!gift rose 3", Code.NOT_ENOUGH),
        ("!gift rsoe 3", Code.UNKNOWN_GIFT),
        ("!gift rose -3", Code.NOT_A_COUNT),
        ("!gift universe 99999", Code.TOO_MUCH),
        ("!give @nobody 3", Code.UNKNOWN_PERSON),
    ],
)
async def test_a_refusal_is_remembered(house: House, text, code):
    """When coins arrive, the refused message stays refused; a new one is judged anew."""
    assert await house.refused(text, id="m1") == code
    await house.grant("mia", 1_000)
    await house.restart()
    again = await house.say(text, id="m1")
    assert (again.ok, again.quiet, again.code) == (False, True, code)
    assert await house.coins("mia") == 1_000
    assert (await house.say("!gift rose 3", id="m2")).ok


@pytest.mark.parametrize("first", ["!gift rose 1", "!gift rose 100"])
async def test_an_id_used_again_for_other_words_is_refused(house: House, first):
    """Whether the first was accepted or refused, the caller is told, and nothing moves."""
    await house.grant("mia", 10)
    await house.say(first, id="m1")
    assert await house.refused("!gift rose 2", id="m1") == Code.KEY_REUSED
    assert (await house.say(first, id="m1")).quiet


async def test_an_id_used_again_by_somebody_else_is_refused(house: House):
    """The same words from another person are another content."""
    await house.grant("mia", 10)
    await house.grant("ben", 10)
    await house.say("!gift rose", id="m1")
    assert await house.refused("!gift rose", id="m1", by="ben") == Code.KEY_REUSED


async def test_a_repeat_gets_its_verdict_after_the_world_has_changed(house: House):
    """The gift was taken out of the catalogue, the viewer banned, a cooldown set."""
    await house.grant("mia", 10)
    await house.say("!gift rose", id="m1")
    await house.say("!giftban @mia", by="mod", role=MOD)
    house.policy = house.policy.model_copy(update={"cooldown_s": {"gift": 60}})
    again = await house.say("!gift rose", id="m1")
    assert (again.ok, again.quiet) == (True, True)
    assert await house.coins("mia") == 9


async def test_a_refused_command_leaves_no_cooldown(house: House):
    """Only what was carried out makes the viewer wait."""
    house.policy = house.policy.model_copy(update={"cooldown_s": {"gift": 30}})
    assert await house.refused("!gift rose") == Code.NOT_ENOUGH
    await house.grant("mia", 10)
    assert (await house.say("!gift rose")).ok
    assert await house.refused("!gift rose") == Code.COOLDOWN
    house.clock.pass_s(30)
    assert (await house.say("!gift rose")).ok


async def test_a_cooldown_of_the_stage_holds_for_everybody(house: House):
    """One viewer's use makes the next one wait."""
    house.policy = house.policy.model_copy(update={"stage_cooldown_s": {"top": 20}})
    assert (await house.say("!top", by="mia")).ok
    assert (await house.say("!top", by="ben")).code == Code.COOLDOWN
    house.clock.pass_s(20)
    assert (await house.say("!top", by="ben")).ok


@pytest.mark.parametrize(
    "text",
    ["!addcoins @mia 5 why", "!setcoins @mia 5 why", "!takecoins @mia 5 why", "!giftban @mia",
     "!giftunban @mia", "!refund @mia", "!approve @mia", "!deny @mia", "!alerts pause"],
)  # fmt: skip
async def test_only_a_moderator_acts_on_others(house: House, text):
    """A viewer is told so, and the books do not change."""
    await house.grant("mia", 10)
    assert await house.refused(text, by="ben") == Code.NOT_ALLOWED


@pytest.mark.parametrize("text", ["!addcoins @mia 5", "!setcoins @mia 5", "!takecoins @mia 5"])
async def test_money_is_changed_by_hand_only_with_a_reason(house: House, text):
    """It stays in the books, with who did it."""
    await house.grant("mia", 10)
    assert await house.refused(text, by="mod", role=MOD) == Code.NO_REASON
    record = await house.accepted(f"{text} won the quiz", by="mod", role=MOD)
    assert (record.aside["reason"], record.aside["by"]) == ("won the quiz", "mod")
    assert record.actor == await house.person("mod")


async def test_a_moderator_sets_grants_and_takes(house: House):
    """Each change is one transaction; more than there is cannot be taken."""
    await house.grant("mia", 10)
    await house.accepted("!addcoins @mia 5 a", by="mod", role=MOD)
    assert await house.coins("mia") == 15
    await house.accepted("!takecoins @mia 15 b", by="mod", role=MOD)
    assert await house.coins("mia") == 0
    assert await house.refused("!takecoins @mia 1 c", by="mod", role=MOD) == Code.NOT_ENOUGH
    await house.accepted("!setcoins @mia 40 d", by="mod", role=MOD)
    await house.accepted("!setcoins @mia 0 e", by="mod", role=MOD)
    assert await house.refused("!setcoins @mia 0 f", by="mod", role=MOD) == Code.UNCHANGED
    assert await house.coins("mia") == 0


@pytest.mark.parametrize(
    ("line", "by", "left"),
    [
        ("!addcoins @mia 5 quiz", "mod", 10),
        ("!takecoins @mia 5 quiz", "mod", 10),
        ("!setcoins @mia 3 quiz", "mod", 10),
        ("!give @ben 4", "mia", 10),
    ],
)
async def test_a_change_by_hand_is_undone_once(house: House, line, by, left):
    """By its id, with the reason; a second time, also by another message, is refused."""
    await house.grant("ben", 1)
    await house.grant("mia", left)
    change = await house.accepted(line, by=by, role=MOD)
    assert await house.coins("mia") != left
    undo = f"!undo {change.gift_id} wrong viewer"
    record = await house.accepted(undo, by="mod", role=MOD, id="m1")
    assert (record.reverses, record.aside["reason"]) == (change.seq, "wrong viewer")
    assert (await house.coins("mia"), await house.coins("ben")) == (left, 1)
    assert (await house.say(undo, by="mod", role=MOD, id="m1")).quiet
    refused = await house.refused(undo, by="mod", role=MOD, id="m2")
    assert refused == Code.ALREADY_REVERSED
    assert await house.findings() == []


async def test_what_was_spent_meanwhile_cannot_be_undone(house: House):
    """Nobody goes below zero."""
    change = await house.accepted("!addcoins @mia 5 quiz", by="mia", role=MOD)
    await house.accepted("!gift rose")
    refused = await house.refused(f"!undo {change.gift_id}", by="mod", role=MOD)
    assert refused == Code.NOT_ENOUGH


async def test_only_changes_of_balances_are_undone(house: House):
    """A gift is refunded, a ban lifted; an undo stays; what does not exist is said so."""
    await house.grant("mia", 10)
    gift = await house.accepted("!gift rose")
    ban = await house.accepted("!giftban @mia", by="mod", role=MOD)
    change = await house.accepted("!addcoins @mia 5 quiz", by="mod", role=MOD)
    undo = await house.accepted(f"!undo {change.gift_id}", by="mod", role=MOD)
    for record in (gift, ban, undo):
        refused = await house.refused(f"!undo {record.gift_id}", by="mod", role=MOD)
        assert refused == Code.NOT_REVERSIBLE
    for ref in ("99", f"{change.seq}-0000", "@mia", "-1", "²"):
        refused = await house.refused(f"!undo {ref}", by="mod", role=MOD)
        assert refused == Code.UNKNOWN_RECORD
    assert await house.refused(f"!undo {gift.gift_id}") == Code.NOT_ALLOWED


async def test_two_moderators_who_set_a_balance_at_once_do_not_add_up(house: House):
    """The second one is told that the balance has changed, or looked after the first was done."""
    await house.grant("mia", 10)
    replies = await asyncio.gather(
        house.say("!setcoins @mia 20 quiz", by="mod", role=MOD),
        house.say("!setcoins @mia 30 quiz", by="deputy", role=MOD),
    )
    assert {reply.code for reply in replies} <= {"", "balance_changed"}
    assert any(reply.ok for reply in replies)
    assert await house.coins("mia") in (20, 30)


async def test_a_banned_viewer_gives_nothing_until_unbanned(house: House):
    """Neither gifts nor coins, also after a restart."""
    await house.grant("mia", 10)
    await house.say("!gift rose", by="ben")
    await house.accepted("!giftban @mia spam", by="mod", role=MOD)
    await house.restart()
    assert await house.refused("!gift rose") == Code.BANNED
    assert await house.refused("!give @ben 1") == Code.BANNED
    await house.accepted("!giftunban @mia", by="mod", role=MOD)
    assert (await house.say("!gift rose")).ok


@pytest.mark.parametrize(
    ("policy", "text", "code"),
    [
        ({"transfers": False}, "!give @ben 1", Code.TRANSFERS_OFF),
        ({"transfer_most_coins": 5}, "!give @ben 6", Code.TRANSFER_CAP),
        ({}, "!give @mia 1", Code.YOURSELF),
        ({}, "!give @ben 0", Code.NOT_AN_AMOUNT),
        ({}, "!give @ben -1", Code.NOT_AN_AMOUNT),
        ({}, "!give @ben 11", Code.NOT_ENOUGH),
        ({}, "!give 5", Code.MISSING),
    ],
)
async def test_handing_coins_over_has_its_limits(tmp_path, policy, text, code):
    """What the stage does not allow moves nothing."""
    async with open_house(tmp_path, **policy) as house:
        await house.grant("ben", 1)
        await house.grant("mia", 10)
        assert await house.refused(text) == code


async def test_balances_follow_the_id_through_a_rename(house: House):
    """A recycled name does not inherit, a renamed person keeps."""
    await house.grant("mia", 10)
    renamed = ChatMessage("m1", MAIN, "simulator", "c", Chatter("mia", "Mia_2"), "!balance", 0)
    taken = ChatMessage("m2", MAIN, "simulator", "c", Chatter("other", "mia"), "!balance", 0)
    kept, none = await house.desk.hear(renamed), await house.desk.hear(taken)
    assert kept is not None
    assert "10 coins" in kept.text
    assert none is not None
    assert "0 coins" in none.text


async def test_the_same_name_on_two_platforms_is_two_people(house: House):
    """Until they are linked by proof."""
    await house.grant("mia", 10)
    other = ChatMessage("m1", MAIN, "discord", "c", Chatter("mia", "mia"), "!gift rose", 0)
    reply = await house.desk.hear(other)
    assert reply is not None
    assert reply.code == Code.NOT_ENOUGH


async def test_stages_do_not_share_coins(house: House):
    """Each stage has an economy, and a chain, of its own."""
    await house.grant("mia", 10)
    assert (await house.say("!gift rose", stage="second")).code == Code.NOT_ENOUGH
    await house.grant("mia", 1, stage="second")
    assert (await house.say("!gift rose", stage="second")).ok
    assert [record.seq for record in await house.records("gift", stage="second")] == [2]
    assert await house.coins("mia") == 10


async def test_a_slash_call_obeys_the_same_rules_as_a_typed_line(house: House):
    """Typed values are checked again, and its id is a key like any other."""
    await house.grant("mia", 10)
    message = house.message("/gift", id="discord:int:1")
    reply = await house.desk.invoke(message, "gift", {"gift": "Rose", "count": 4})
    assert reply.ok
    assert (await house.desk.invoke(message, "gift", {"gift": "Rose", "count": 4})).quiet
    assert await house.coins("mia") == 6
    for bad in ({"gift": "rose", "count": "-1"}, {"gift": "rose", "count": 1.5}, {"gift": "@bob"},
                {}, {"gift": "rose", "count": "\ud800"}, {"gift": "\ud800"}):  # fmt: skip
        before = await house.standing()
        reply = await house.desk.invoke(house.message("/gift"), "gift", bad)
        assert not reply.ok
        assert reply.code not in ("", Code.JOURNAL_DOWN)
        assert await house.standing() == before


async def test_one_strange_caller_does_not_spoil_the_others_commit(house: House):
    """A value that cannot be written down fails alone."""
    await house.grant("mia", 10)
    odd = Transaction(MAIN, "note", "odd", 0, facts={"what": "\ud800"})
    outcome, reply = await asyncio.gather(
        house.journal.record(odd), house.say("!gift rose"), return_exceptions=True
    )
    assert isinstance(outcome, Exception)
    assert isinstance(reply, Reply)
    assert reply.ok


async def test_an_unknown_slash_command_is_refused(house: House):
    """With the way to the list of commands."""
    reply = await house.desk.invoke(house.message("/x"), "nonsense", {})
    assert not reply.ok
    assert "help" in reply.text


async def test_chatter_is_not_answered(house: House):
    """Lines that are no command, and commands of other bots, stay unanswered and unjudged."""
    before = await house.standing()
    for line in (
        "", "!", "hello", "gift rose", "!so @mia", "`!gift rose`", "> !gift rose", "@mia",
        "I said !gift rose", "！gift rose", "@mia hello", "!giftrose",
    ):  # fmt: skip
        assert await house.hears(line) is None, line
    assert await house.standing() == before


async def test_a_gift_switched_off_or_repriced_follows_the_catalogue(house: House):
    """The price of the posting is the price at the moment of sending."""
    await house.grant("mia", 100)
    await house.say("!gift rose")
    path = house.folder / "catalogue.json"
    text = path.read_text("utf-8").replace('"price_coins": 1,', '"price_coins": 9,', 1)
    path.write_text(text, "utf-8")
    house.catalogue.load()
    await house.say("!gift rose")
    gifts = await house.records("gift")
    assert [gift.facts["gift"]["price_coins"] for gift in gifts] == [1, 9]
    path.write_text(text.replace('"enabled": true', '"enabled": false', 1), "utf-8")
    house.catalogue.load()
    assert await house.refused("!gift rose") == Code.GIFT_OFF


async def test_the_terms_in_force_are_copied_onto_each_gift(house: House):
    """A fee that rises later does not touch what was sent before."""
    await house.grant("mia", 100)
    await house.say("!gift rose 10")
    house.policy = house.policy.model_copy(update={"fee_pct": 30, "rate": 500})
    reply = await house.say("!gift rose 10")
    assert "30 %" in reply.text
    balances = {line[1]: line[3] for line in await house.standing() if len(line) == 4}
    assert (balances["earnings"], balances["house"]) == (13_500, 1_500)
    assert balances["issued"] == -15_000


async def test_a_gift_goes_to_the_named_creator(tmp_path):
    """By name or chat account; without one the first gets it; nobody else can."""
    creators = ({"id": "ann", "name": "Ann"}, {"id": "bea", "name": "Bea", "accounts": ["bea_tv"]})
    async with open_house(tmp_path, creators=creators) as house:
        await house.grant("mia", 10)
        for words in ("", "2 @ANN", "3 @bea_tv hi", "@bea"):
            line = f"!gift rose {words}"
            await house.accepted(line)
        gifts = await house.records("gift")
        ann, bea = gifts[0].facts["creator"], gifts[2].facts["creator"]
        assert [gift.facts["creator"] for gift in gifts] == [ann, ann, bea, bea]
        assert [gift.aside["creator"] for gift in gifts] == ["Ann", "Ann", "Bea", "Bea"]
        assert ann != bea
        assert await house.refused("!gift rose @ben") == Code.UNKNOWN_CREATOR


async def test_a_message_is_cut_and_cleaned(tmp_path):
    """No control characters, no direction overrides, at most so many characters."""
    async with open_house(tmp_path, message_chars=10) as house:
        await house.grant("mia", 10)
        gift = await house.accepted("!gift rose 1 \u202egr\u200beat\x07 play that was")
        assert gift.aside["message"] == "great play"


@pytest.mark.parametrize(
    ("most", "words", "told"),
    [
        (10, "great play", ""),
        (10, "great play!", "the first 10 letters are shown"),
        (0, "great play", "not shown with gifts here"),
        (0, "", ""),
    ],
)
async def test_whose_words_are_cut_is_told(tmp_path: Path, most: int, words: str, told: str):
    async with open_house(tmp_path, message_chars=most) as house:
        await house.grant("mia", 10)
        text = (await house.say(f"!gift rose 1 {words}")).text
        assert told in text
        assert ("words" in text.lower()) == bool(told)


async def test_gifts_in_a_row_make_a_combo(house: House):
    """Same viewer and gift within the window; anything else, or later, starts anew."""
    await house.grant("mia", 100)
    await house.grant("ben", 100)

    async def combo(line: str, by: str = "mia") -> tuple[str, int]:
        facts = (await house.accepted(line, by=by)).facts["combo"]
        return facts["id"], facts["count"]

    first, count = await combo("!gift rose")
    assert count == 1
    house.clock.pass_s(5)
    assert await combo("!gift rose 3") == (first, 4)
    assert (await combo("!gift rose", "ben"))[0] != first
    assert (await combo("!gift heart"))[0] != first
    house.clock.pass_s(5)
    assert await combo("!gift rose") == (first, 5)
    house.clock.pass_s(5.001)
    assert await combo("!gift rose") != (first, 6)


async def test_history_shows_every_line_with_what_was_left(screened: House):
    """Open books: grants, gifts, what came back, hand-overs, with reasons."""
    await screened.say("!gifts", by="ben")
    await screened.grant("mia", 100)
    gift = await screened.accepted("!gift rose 5")
    await screened.say("!give @ben 10")
    await screened.say(f"!refund {gift.gift_id} mistake", by="mod", role=MOD)
    reply = await screened.say("!history")
    assert reply.private
    lines = reply.text.split(" · ")
    assert [line.rpartition(": ")[2] for line in lines] == [
        "+5, left 90", "-10, left 85", "-5, left 95", "+100, left 100"
    ]  # fmt: skip
    assert gift.gift_id in lines[2]
    assert "mistake" in lines[0]


async def test_every_line_of_a_history_can_be_read(house: House):
    """Five at a time, each page with the way to the next, and none past the last."""
    for coins in range(1, 13):
        await house.grant("mia", coins)
    pages = [(await house.say(f"!history{page}")).text for page in ("", " 2", " 3")]
    assert pages[0].endswith(" · page 1 of 3, older: !history 2")
    assert pages[1].endswith(" · page 2 of 3, older: !history 3")
    assert pages[2].endswith(" · page 3 of 3")
    lines = [line for page in pages for line in page.split(" · ")[:-1]]
    assert [int(line.partition("+")[2].partition(",")[0]) for line in lines] == [*range(12, 0, -1)]
    assert (await house.say("!history 4")).text == "The pages go from 1 to 3."
    assert not (await house.say("!history 0")).ok
    assert (
        await house.say("!history 7", by="ben")
    ).text == "Nothing has happened in your wallet yet."


async def test_a_long_history_is_not_counted_to_its_end(house: House, monkeypatch):
    """Nor is it cut off there."""
    monkeypatch.setattr("commands.history.COUNTED_MAX", 10)
    for coins in range(1, 13):
        await house.grant("mia", coins)
    assert "page 1 of more than 2, older: !history 2" in (await house.say("!history")).text
    assert (await house.say("!history 3")).text.endswith("page 3 of 3")
    assert (await house.say("!history 4")).text == "The pages go from 1 to 3."


async def test_held_coins_stand_apart(screened: House):
    """A balance says what is under way."""
    await screened.grant("mia", 100)
    await screened.accepted("!gift rose 30")
    assert "70 coins, 30 coins held" in (await screened.say("!balance")).text


async def test_the_board_counts_settled_gifts_of_the_period(house: House):
    """In the stage's calendar, the biggest giver first."""
    await house.grant("mia", 100)
    await house.grant("ben", 100)
    await house.say("!gift rose 50")
    house.clock.pass_s(86_400)
    await house.say("!gift rose 10", by="ben")
    assert (await house.say("!top")).text == "Today: 1. ben 10 coins"
    house.clock.pass_s(10)
    assert "1. mia 50 coins · 2. ben 10 coins" in (await house.say("!top week")).text
    await house.say("!refund @mia", by="mod", role=MOD)
    house.clock.pass_s(10)
    assert (await house.say("!top all")).text == "Ever: 1. ben 10 coins"


async def test_a_sender_is_told_how_the_gift_fares(screened: House):
    """While gifts are paused, nobody is told that theirs is on its way."""
    await screened.grant("mia", 100)
    assert "is on its way to the screen" in (await screened.say("!gift rose", by="mia")).text
    screened.screen.is_online = False
    assert "when the overlay is open" in (await screened.say("!gift rose", by="mia")).text
    await screened.accepted("!alerts pause", by="mod", role=MOD)
    assert "gifts are paused" in (await screened.say("!gift rose", by="mia")).text


async def test_words_name_commands_as_they_are_typed_here(tmp_path):
    """With the stage's own prefix, so that they can be copied."""
    async with open_house(tmp_path, prefix="?") as house:
        await house.grant("mia", 100)
        said = [
            (await house.say(f"?{line}", by="mod", role=MOD)).text
            for line in ("gift @bob 50", "giftban @mia", "alerts mute", "battle stop")
        ]
        words = ("?gift rose 5", "?giftunban @mia", "?alerts unmute", "?battle start")
        assert all(word in text for word, text in zip(words, said, strict=True)), said


async def test_a_newcomer_is_welcomed_once_for_ever(house: House):
    """Also after a restart, and whatever the amount is by then."""
    for coins in (1_000, 1_000, 5_000):
        await house.desk.welcome(house.message("hello"), coins)
        await house.restart()
    assert await house.coins("mia") == 1_000


async def test_a_moderator_may_name_somebody_not_yet_seen(house: House):
    """Where the platform knows them; a viewer may not."""
    house.directory.known["newcomer"] = Chatter("42", "newcomer")
    await house.grant("mia", 10)
    assert await house.refused("!give @newcomer 5") == Code.UNKNOWN_PERSON
    assert (await house.say("!addcoins @newcomer 5 hi", by="mod", role=MOD)).ok
    assert (await house.say("!give @newcomer 5")).ok
    refused = await house.refused("!addcoins @nobody 5 hi", by="mod", role=MOD)
    assert refused == Code.UNKNOWN_PERSON


async def test_help_shows_what_the_asker_may_do(house: House):
    """A viewer's list leaves out what is for moderators, and every command explains itself."""
    assert "addcoins" not in (await house.say("!help")).text
    house.clock.pass_s(2)
    everything = (await house.say("!help", role=Role.CREATOR)).text
    for command in house.desk.commands:
        assert f"!{command.name}" in everything
        house.clock.pass_s(2)
        reply = await house.say(f"!help {command.name}", role=Role.CREATOR)
        assert command.summary in reply.text
        for example in command.examples:
            assert await house.hears(f"!{example}", role=Role.CREATOR) is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!gift", "Which gift? For example: !gift rose 5"),
        ("!give", "To whom? For example: !give @mia 50"),
        ("!give @ben", "How many coins? For example: !give @mia 50"),
        ("!refund", "Which gift: its id, or @viewer for their last? For example: !refund 41-9f3a"),
        ("!bonus 2", "For how many minutes? For example: !bonus x2 60"),
        ("!credits", "What to do? One of: roll, stop. For example: !credits roll"),
        ("!addcoins @ben 5", "Please say why; it stays in the books. For example: !addcoins @mia"),
    ],
)
async def test_what_is_missing_is_asked_for_with_an_example(house: House, line: str, said: str):
    """In words of what it is for, not of how the argument is called."""
    await house.grant("ben", 1)
    assert (await house.say(line, role=Role.CREATOR)).text.startswith(said)


async def test_every_command_that_lacks_something_shows_one_that_does_not(house: House):
    """The example in the answer is read as it stands."""
    lacking = 0
    for command in house.desk.commands:
        if not any(argument.required for argument in command.arguments):
            continue
        lacking += 1
        reply = await house.say(f"!{command.name}", role=Role.CREATOR)
        example = reply.text.rpartition(" For example: ")[2]
        assert example.startswith(f"!{command.name} "), reply.text
        house.clock.pass_s(2)
        again = await house.say(example, role=Role.CREATOR)
        assert again.code not in (Code.MISSING, Code.NO_REASON, Code.UNKNOWN_CHOICE), example
    assert lacking > 10


async def test_a_faulty_command_is_answered_without_a_trace(house: House):
    """A bug in one command silences neither the chat nor the books."""
    await house.grant("mia", 10)
    house.people.person = None  # type: ignore[assignment, method-assign]
    before = await house.standing()
    reply = await house.say("!gift rose")
    assert (reply.ok, reply.code) == (False, Code.JOURNAL_DOWN)
    assert await house.standing() == before


async def test_the_wallet_account_is_what_the_writer_judges_by(house: House):
    """What readers see is what the writer holds."""
    await house.grant("mia", 10)
    wallet = Account("wallet", await house.person("mia"))
    await house.say("!gift rose 4")
    assert house.journal._writer is not None
    assert house.journal._writer.balance(MAIN, wallet) == await house.coins("mia") == 6

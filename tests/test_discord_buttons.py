"""Discord: buttons below a gift, questions before a big one, and the menu that stays."""

import asyncio
import copy

import pytest

from bot.platforms.discord.buttons import MENU, Ask, Decide, Send, meaning, shelves
from bot.platforms.discord.questions import QUESTIONS_MAX, Questions
from commands.chat import ChatMessage, Chatter, Offer, Reply
from commands.quote import Quote
from data.catalogue import GiftDocument, shipped
from data.documents import FileDocuments
from data.errors import Code, GiftError
from data.gifts import Gift
from tests import discord_bench
from tests.discord_bench import ROSE, coins_of, enrich, listening
from tests.fakes.discord import Call, DiscordStandIn, Person
from tests.house import House

server = discord_bench.server

_NO_LONGER = "This question is no longer open."


@pytest.fixture
async def vera(server: DiscordStandIn, house: House) -> Person:
    person = server.person("vera")
    await enrich(house, person, 100_000)
    return person


async def answered(server: DiscordStandIn, call: Call, times: int = 1) -> str:
    """What a call was answered."""
    await server.until(lambda: len(call.words) >= times)
    return call.words[-1]


async def ask_for_a_lion(server: DiscordStandIn, vera: Person) -> Call:
    call = await server.slash(vera, "gift", {"gift": "lion", "message": "roar"})
    assert await answered(server, call) == "Send Lion for 29,999 coins?"
    return call


async def test_below_a_gift_it_can_be_sent_again_and_five_of_it(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "panda", "count": 2})
        assert (await answered(server, call)).startswith("2 × Panda for 10 coins")
        assert call.buttons == ["Send again · 10 coins", "Send ×5 · 25 coins"]
        again = await server.press(vera, call.message, "Send again")
        assert (await answered(server, again)).startswith("2 × Panda for 10 coins")
        five = await server.press(vera, call.message, "Send ×5")
        assert (await answered(server, five)).startswith("5 × Panda for 25 coins")
        assert five.buttons == ["Send again · 25 coins"]
    gifts = await house.records("gift")
    assert [gift.key for gift in gifts] == [f"discord:int:{c.id}" for c in (call, again, five)]
    assert await coins_of(house, vera) == 100_000 - 10 - 10 - 25
    assert call.message is five.message, "answered in place, so that the buttons stay there"
    assert [answer["type"] for answer in again.answers + five.answers] == [7, 7]


async def test_a_press_that_comes_twice_is_one_gift(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, call)
        again = await server.press(vera, call.message, "Send again")
        await answered(server, again)
        await server.replay(again)
        last = await server.press(vera, call.message, "Send again")
        await answered(server, last)
    assert await coins_of(house, vera) == 100_000 - 3


async def test_a_button_for_a_creator_keeps_to_the_creator(server, house, vera, tmp_path):
    house.policy = house.policy.model_validate(
        {"creators": [{"id": "ann", "name": "Ann"}, {"id": "bea", "name": "Bea"}]}
    )
    async with listening(server, house.desk, tmp_path):
        typing = await server.autocomplete(vera, "gift", "creator", "be")
        assert await server.until(lambda: typing.choices) == [{"name": "Bea", "value": "bea"}]
        call = await server.slash(vera, "gift", {"gift": "rose", "creator": "bea"})
        await answered(server, call)
        await answered(server, await server.press(vera, call.message, "Send ×5"))
    assert [gift.aside["creator"] for gift in await house.records("gift")] == ["Bea", "Bea"]


async def test_a_refusal_keeps_the_buttons_where_they_are(server, house, tmp_path):
    poor = server.person("poor")
    await enrich(house, poor, 1)
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(poor, "gift", {"gift": "rose"})
        await answered(server, call)
        again = await server.press(poor, call.message, "Send again")
        assert await answered(server, again) == (
            "You have 0 coins, that costs 1 coin. Nothing was charged."
        )
        assert again.buttons == ["Send again · 1 coin", "Send ×5 · 5 coins"]
        first = await server.slash(poor, "gift", {"gift": "rose"})
        assert (await answered(server, first)).startswith("You have 0 coins")
        assert first.buttons == []


async def test_a_big_gift_is_asked_about_and_sent_once(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        call = await ask_for_a_lion(server, vera)
        assert call.buttons == ["Send · 29,999 coins", "Cancel"]
        assert call.answers[0]["data"]["flags"] & 1 << 6, "for the asker alone"
        assert await coins_of(house, vera) == 100_000
        unchanged = copy.deepcopy(call.message)
        first = await server.press(vera, call.message, "Send · 29,999")
        assert (await answered(server, first)).startswith("Lion for 29,999 coins")
        second = await server.press(vera, copy.deepcopy(unchanged), "Send · 29,999")
        assert (await answered(server, second)).startswith("Lion for 29,999 coins")
        await server.replay(call)  # the question is raised again, to nobody
        cancelled = await server.press(vera, unchanged, "Cancel")
        assert (await answered(server, cancelled)).startswith("It was under way already.")
        [gift] = await house.records("gift")
        assert gift.key == f"discord:int:{call.id}"
        assert gift.aside["message"] == "roar"
        assert await coins_of(house, vera) == 100_000 - 29_999
        assert call.buttons == ["Send again · 29,999 coins", "Send ×5 · 149,995 coins"]
        again = await server.press(vera, call.message, "Send again")
        assert await answered(server, again) == "Send Lion for 29,999 coins?"


async def test_a_cancelled_gift_is_not_sent_whatever_is_pressed_later(
    server, house, vera, tmp_path
):
    async with listening(server, house.desk, tmp_path):
        call = await ask_for_a_lion(server, vera)
        unchanged = copy.deepcopy(call.message)
        no = await server.press(vera, call.message, "Cancel")
        assert await answered(server, no) == "Not sent, nothing was charged."
        assert call.buttons == []
        yes = await server.press(vera, unchanged, "Send")
        assert (await answered(server, yes)).startswith(_NO_LONGER)
    assert await coins_of(house, vera) == 100_000


async def test_a_question_is_open_for_a_while_only(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path, timing={"question_s": 1e-9}):
        call = await ask_for_a_lion(server, vera)
        yes = await server.press(vera, call.message, "Send")
        assert (await answered(server, yes)).startswith(_NO_LONGER)
        assert yes.buttons == []
    assert await coins_of(house, vera) == 100_000


async def test_nobody_answers_for_another(server, house, vera, tmp_path):
    mallory = server.person("mallory")
    async with listening(server, house.desk, tmp_path):
        call = await ask_for_a_lion(server, vera)
        server.private.clear()  # as if the question were there for all to see
        yes = await server.press(mallory, copy.deepcopy(call.message), "Send")
        assert (await answered(server, yes)).startswith(_NO_LONGER)
        assert await coins_of(house, vera) == 100_000
        await answered(server, await server.press(vera, call.message, "Send"), 1)
    assert await coins_of(house, vera) == 100_000 - 29_999


def reprice(house: House, **prices: int) -> None:
    """Somebody edits the catalogue."""
    rows = shipped()
    for row in rows:
        row["price_coins"] = prices.get(row["id"], row["price_coins"])
    documents = FileDocuments(house.folder)
    documents.load("catalogue", GiftDocument)
    documents.save("catalogue", {str(number): row for number, row in enumerate(rows, start=1)})
    house.catalogue.load()


async def test_a_price_that_has_changed_is_told_before_it_is_taken(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        rose = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, rose)
        lion = await ask_for_a_lion(server, vera)
        reprice(house, rose=2)
        again = await server.press(vera, rose.message, "Send again")
        assert await answered(server, again) == "Send Rose for 2 coins?"
        reprice(house, rose=2, lion=30_000)
        yes = await server.press(vera, lion.message, "Send")
        assert await answered(server, yes) == "Send Lion for 30,000 coins?"
        yes = await server.press(vera, lion.message, "Send · 30,000")
        assert (await answered(server, yes)).startswith("Lion for 30,000 coins")
    assert await coins_of(house, vera) == 100_000 - 1 - 30_000


async def test_what_was_not_decided_can_be_pressed_again(server, house, vera, tmp_path):
    record = house.journal.record

    async def full(_: object) -> None:
        raise GiftError(Code.BUSY)

    async with listening(server, house.desk, tmp_path):
        call = await ask_for_a_lion(server, vera)
        house.journal.record = full
        yes = await server.press(vera, call.message, "Send")
        assert (await answered(server, yes)).startswith("Too much is going on at once.")
        house.journal.record = record
        yes = await server.press(vera, call.message, "Send")
        assert (await answered(server, yes)).startswith("Lion for 29,999 coins")
    assert await coins_of(house, vera) == 100_000 - 29_999


async def test_a_stalling_journal_is_announced_in_time(server, house, vera, tmp_path):
    record, opened = house.journal.record, asyncio.Event()

    async def slow(transaction: object) -> object:
        await opened.wait()
        return await record(transaction)

    async with listening(server, house.desk, tmp_path, timing={"defer_after_s": 0.05}):
        first = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, first)
        house.journal.record = slow
        call = await server.slash(vera, "gift", {"gift": "panda"})
        press = await server.press(vera, first.message, "Send again")
        await server.until(lambda: call.answers and press.answers)
        assert [call.answers[0]["type"], press.answers[0]["type"]] == [5, 6]
        opened.set()
        assert (await answered(server, call)).startswith("Panda for 5 coins")
        assert (await answered(server, press)).startswith("Rose for 1 coin")
    assert press.message is first.message
    assert await coins_of(house, vera) == 100_000 - 7


async def test_a_menu_stays_and_serves_everybody(server, house, vera, tmp_path):
    mo = server.person("mo", server.moderator_role_id)
    async with listening(server, house.desk, tmp_path):
        posted = await server.slash(mo, "giftmenu")
        await answered(server, posted)
        assert not posted.message["flags"] & 1 << 6, "for all to see"
        assert posted.buttons == [
            "Tiers 1 to 3 · 1 to 99 coins",
            "Tiers 4 to 6 · 100 to 20,000 coins",
            "Tier 7 · 25,999 to 44,999 coins",
            "Applause · 1 coin",
            "My coins",
            "My gifts",
            "Coins of the day",
        ]
    async with listening(server, house.desk, tmp_path):  # after a restart
        picked = await server.press(vera, posted.message, "Tiers 1", picked="Rose")
        assert (await answered(server, picked)).startswith("Rose for 1 coin")
        assert picked.answers[0]["type"] == 4
        assert picked.answers[0]["data"]["flags"] & 1 << 6
        applause = await server.press(vera, posted.message, "Applause")
        assert (await answered(server, applause)).startswith("Applause for 1 coin")
        big = await server.press(vera, posted.message, "Tier 7", picked="Lion")
        assert await answered(server, big) == "Send Lion for 29,999 coins?"
        mine = await server.press(vera, posted.message, "My coins")
        assert (await answered(server, mine)).startswith("You have 99,998 coins")
        daily = await server.press(vera, posted.message, "Coins of the day")
        assert "for today" in await answered(server, daily)
        again = await server.press(vera, picked.message, "Send again")
        assert (await answered(server, again)).startswith("Rose for 1 coin")
    assert posted.words == [MENU]


async def test_a_menu_is_posted_by_moderators_only(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        with pytest.raises(AssertionError, match="hides /giftmenu from vera"):
            await server.slash(vera, "giftmenu")
        call = await server.slash(vera, "giftmenu", hint_lifted=True)
        assert await answered(server, call) == "That is for moderators."
        assert call.buttons == []


async def test_what_a_command_offers_to_do_next_stands_below_its_answer(server, tmp_path):
    vera, desk = server.person("vera"), discord_bench.RecordingDesk()
    yes = Offer("Yes, that is me", "alerts", "what", "resume")
    desk.reply = Reply("Is that you?", private=True, offers=(yes, Offer("Help", "gift")))
    async with listening(server, desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, call)
        await desk.invoked()
        assert call.buttons == ["Yes, that is me", "Help"]
        pressed = await server.press(vera, call.message, "Yes")
        message, name, values = await desk.invoked()
        assert message.id == f"discord:int:{pressed.id}"
        assert (name, values) == ("alerts", {"what": "resume"})
        await server.press(vera, call.message, "Help")
        assert (await desk.invoked())[1:] == ("gift", {})


async def test_a_button_of_old_is_answered(server, house, vera, tmp_path):
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, call)
        call.message["components"][0]["components"][0]["custom_id"] = "send:rose:many"
        old = await server.press(vera, call.message, "Send again")
        assert await answered(server, old) == "This button is no longer in use. Use /gift instead."


async def test_a_press_elsewhere_has_no_say(server, house, vera, tmp_path):
    server.guilds["666"] = server.person("stranger")
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await answered(server, call)
        elsewhere = await server.press(vera, call.message, "Send again", guild_id="666")
        assert await answered(server, elsewhere) == "This bot serves another server."
    assert await coins_of(house, vera) == 99_999


@pytest.mark.parametrize(
    ("custom_id", "picked", "means"),
    [
        ("send:rose:5:1:", (), Send("rose", 5, 1)),
        ("send:rose:5:1:bea", (), Send("rose", 5, 1, "bea")),
        ("menu:0", ("send:rose:1:1:",), Send("rose", 1, 1)),
        ("ask:balance", (), Ask("balance")),
        ("ask:link:code:yes", (), Ask("link", "code", "yes")),
        ("ask:link:code", (), None),
        ("yes:12", (), Decide(12, True)),
        ("no:12", (), Decide(12, False)),
        ("send:rose:five:1:", (), None),
        ("send:rose", (), None),
        ("yes:", (), None),
        ("", (), None),
    ],
)
def test_a_press_means_what_stands_on_it(custom_id, picked, means):
    assert meaning(custom_id, picked) == means


def a_gift(number: int, tier: int) -> Gift:
    return Gift(f"g{number}", f"Gift {number}", number + 1, tier, "art", "a gift")


@pytest.mark.parametrize(
    ("sizes", "shelved"),
    [
        ((1,), [1]),
        ((6, 9, 7, 9, 9, 7, 4), [22, 25, 4]),
        ((13, 13, 13, 13, 13, 13, 13), [25, 25, 25, 16]),
        ((60,), [25, 25, 10]),
        ((30, 30, 30, 30), [25, 25, 25, 25]),
        ((), []),
    ],
)
def test_gifts_are_shelved_by_tier_as_far_as_a_message_holds(sizes, shelved):
    tiers = [tier for tier, size in enumerate(sizes, start=1) for _ in range(size)]
    found = shelves(a_gift(number, tier) for number, tier in enumerate(tiers))
    assert [len(shelf) for shelf in found] == shelved
    kept = [gift for shelf in found for gift in shelf]
    assert kept == [a_gift(number, tier) for number, tier in enumerate(tiers)][:100]


def test_questions_are_forgotten_in_time_and_in_number():
    now = 0.0
    questions = Questions(120, lambda: now)
    message = ChatMessage("discord:int:1", "main", "discord", "5", Chatter("7", "vera"), "", 0)
    for call_id in range(QUESTIONS_MAX + 1):
        questions.ask(call_id, message, {}, Quote(ROSE, 1))
    assert questions.find(0) is None
    assert questions.find(1) is not None
    now = 121.0
    assert questions.find(1) is None

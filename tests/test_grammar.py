"""The grammar: what a typed line means, and everything that must not be read as an amount."""

import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.chat import Chatter
from commands.command import Command, Mention
from commands.desk import discover
from commands.grammar import Grammar, clean, looks_numeric
from data.catalogue import GiftDocument, shipped
from data.errors import Code, GiftError
from data.gifts import Lexicon, fold
from data.money import COUNT_MAX, TOTAL_COINS_MAX
from tests.house import MOD, House, scale

LEXICON = Lexicon(GiftDocument.model_validate(row).gift() for row in shipped())
GRAMMAR = Grammar(discover(), lambda name: LEXICON.find(name) is not None)

# What people type where a count stands and what `int()` or a careless pattern would take.
TRAPS = [
    "-5", "−5", "–5", "—5", "- 5", "+5", "--5", "±5", "0", "00", "05", "007", "-0", "5.5", "5,5",
    "5.", ".5", "1e9", "1E9", "1e-9", "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "∞", "0x10",
    "0b1", "0o7", "1_000", "1,000", "1.000", "1'000", "٣", "५", "５", "𝟝", "²", "½", "Ⅷ", "⑤", "௧",
    "1٣", "5５", "1²", "5\ufe0f", "5\ufe0f\u20e3", "5\u0301", "5%", "5x", "x5", "X5", "×5", "*5",
    "5k", "5coins",
    "100000", "99999999999999999999", "9" * 500, "-" + "9" * 500, "1" * 30 + ".5", "all", "max",
    "-", "−", ".", "...", ",", "5-6", "5/6", "5:6", "1st", "5!", "0.0", "1__0", "5e", "5d", "5j",
]  # fmt: skip


@pytest.mark.parametrize("typed", TRAPS, ids=ascii)
async def test_what_looks_like_a_number_is_refused_and_charges_nothing(house: House, typed):
    """Also with a message or a creator behind it."""
    await house.grant("mia", 2_000_000)
    for line in (f"!gift rose {typed}", f"!gift rose {typed} for you", f"!gift rose {typed} 5"):
        assert await house.refused(line) == Code.NOT_A_COUNT


@pytest.mark.parametrize("typed", [trap for trap in TRAPS if trap[0] != "0"], ids=ascii)
async def test_amounts_have_the_same_traps(house: House, typed):
    """In chat, for viewers and for moderators."""
    await house.grant("mia", 2_000_000)
    await house.grant("ben", 1)
    if typed == "100000":
        return  # a fair amount of coins, though no count
    for line in (f"!give @ben {typed}", f"!addcoins @ben {typed} why", f"!setcoins @ben {typed} y"):
        assert await house.refused(line, role=MOD) == Code.NOT_AN_AMOUNT


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("!gift", Code.MISSING),
        ("!gift 5 rose", Code.NOT_A_GIFT),
        ("!gift 5", Code.NOT_A_GIFT),
        ("!gift -5", Code.NOT_A_GIFT),
        ("!gift @bob 50", Code.NOT_A_GIFT),
        ("!gift @bob", Code.NOT_A_GIFT),
        ("!gift <@123> 50", Code.NOT_A_GIFT),
        ("!gift rsoe", Code.UNKNOWN_GIFT),
        ("!gift unknown 5", Code.UNKNOWN_GIFT),
        ("!gift \u0301 5", Code.UNKNOWN_GIFT),
        ("!gift universe 99999", Code.TOO_MUCH),
        ("!gift lion 50000", Code.TOO_MUCH),
        ('!gift "rose; rm -rf /"', Code.UNKNOWN_GIFT),
        ("!gift $(id)", Code.UNKNOWN_GIFT),
        ("!gift `id`", Code.UNKNOWN_GIFT),
        ("!gift rose|cat", Code.UNKNOWN_GIFT),
        ("!gift {{7*7}}", Code.UNKNOWN_GIFT),
        ("!gift {0.__class__}", Code.UNKNOWN_GIFT),
        ("!gift %s", Code.UNKNOWN_GIFT),
        ("!gift ' OR 1=1 --", Code.UNKNOWN_GIFT),
        ("!gift 🏳️‍🌈", Code.UNKNOWN_GIFT),
        ("!gift 👨‍👩‍👧", Code.UNKNOWN_GIFT),
        ("!gift 🇩🇪", Code.UNKNOWN_GIFT),
        ("!gift " + "rose" * 400, Code.UNKNOWN_GIFT),
        ("!gift " + "\u0301" * 1_000, Code.UNKNOWN_GIFT),
        ("!gift r" + "\u0301" * 1_000 + "sum", Code.UNKNOWN_GIFT),
        ("!give", Code.MISSING),
        ("!give @ben", Code.MISSING),
        ("!top yesterday", Code.UNKNOWN_CHOICE),
        ("!refund", Code.MISSING),
        ("!refund 99", Code.UNKNOWN_RECORD),
        ("!refund ²", Code.UNKNOWN_RECORD),
        ("!refund " + "9" * 400, Code.UNKNOWN_RECORD),
        ("!refund 1-0000", Code.UNKNOWN_RECORD),
        ("!help nonsense", Code.UNKNOWN_COMMAND),
    ],
    ids=lambda value: ascii(value)[:40],
)
async def test_what_is_no_sensible_command_is_refused_without_a_trace(house: House, line, code):
    """Literal text stays literal: nothing is formatted, evaluated, or guessed and charged."""
    await house.grant("mia", 5_000_000)
    await house.grant("ben", 1)
    assert await house.refused(line, role=MOD) == code


async def test_a_hint_tells_a_gift_from_handing_coins_over(house: House):
    """`!gift @bob 50` is a popular mistake."""
    await house.grant("mia", 100)
    reply = await house.say("!gift @bob 50")
    assert not reply.ok
    assert "give @viewer 50" in reply.text
    assert "Nothing was charged" in reply.text


async def test_a_typo_gets_a_guess_and_is_not_charged(house: House):
    """`rsoe` was probably a rose."""
    await house.grant("mia", 100)
    assert "Did you mean Rose?" in (await house.say("!gift rsoe 5")).text
    assert await house.coins("mia") == 100


@pytest.mark.parametrize(
    ("line", "gift", "count", "message"),
    [
        ("!gift rose", "rose", 1, ""),
        ("!gift rose 5", "rose", 5, ""),
        ("!GIFT  Rose   5", "rose", 5, ""),
        ("  !gift\trose\t5  ", "rose", 5, ""),
        ("! gift rose 5", "rose", 5, ""),
        ("@giftbot !gift rose 5", "rose", 5, ""),
        ("@giftbot  !gift rose 5 well done", "rose", 5, "well done"),
        ("!gift rose 5 \U000e0000", "rose", 5, ""),
        ("!gift rose\U000e0000", "rose", 1, ""),
        ("!gift rose 5\u200b", "rose", 5, ""),
        ("!gift rose 5\n", "rose", 5, ""),
        ("!gift rose 5\r\n", "rose", 5, ""),
        ("\ufeff!gift rose 5", "rose", 5, ""),
        ("!gift rose\u00a05", "rose", 5, ""),
        ("!gift rose\u30005", "rose", 5, ""),
        ("!gift roses 5", "rose", 5, ""),
        ("!gift 🌹 5", "rose", 5, ""),
        ("!gift 🌹", "rose", 1, ""),
        ("!gift ❤ 2", "heart", 2, ""),
        ("!gift ❤️ 2", "heart", 2, ""),
        ("!gift rosé 5", "rose", 5, ""),
        ("!gift ＲＯＳＥ 5", "rose", 5, ""),
        ("!gift thumbs up 2", "thumbs-up", 2, ""),
        ("!gift Thumbs-Up 2", "thumbs-up", 2, ""),
        ("!gift thumbs_up", "thumbs-up", 1, ""),
        ("!gift cherry  blossom 2 for you", "blossom", 2, "for you"),
        ("!gift butterflies 3", "butterfly", 3, ""),
        ("!gift rose great play!", "rose", 1, "great play!"),
        ("!gift rose 1 4ever", "rose", 1, "4ever"),
        ("!gift rose 5 -5", "rose", 5, "-5"),
        ("!gift rose #1 fan", "rose", 1, "#1 fan"),
        ("!gift rose five", "rose", 1, "five"),
        ("!gift rose 1 {0.__class__} %s", "rose", 1, "{0.__class__} %s"),
        ("!gift rose 1 <img src=x onerror=alert(1)>", "rose", 1, "<img src=x onerror=alert(1)>"),
        ("!gift rose 1 \u202eevil\u202c", "rose", 1, "evil"),
        ("!gift rose 1 a\n[INFO] paid", "rose", 1, "a [INFO] paid"),
        ("!gift rose 99999", "rose", 99_999, ""),
        ("!send rose", "rose", 1, ""),
    ],
    ids=lambda value: ascii(value)[:40],
)
async def test_what_people_type_is_understood(house: House, line, gift, count, message):
    """Capitals, spaces, replies, plurals, accents, emoji, invisible tails."""
    await house.grant("mia", 1_000_000)
    record = await house.accepted(line)
    assert record.facts["gift"]["id"] == gift
    assert record.facts["count"] == count
    assert record.aside.get("message", "") == message


async def test_every_shipped_gift_answers_to_each_of_its_names(house: House):
    """Id, name, aliases, in capitals and in the plural."""
    for row in shipped():
        for name in (row["id"], row["name"], *row["aliases"], row["name"].upper()):
            found = house.catalogue.find(name)
            assert found is not None, name
            assert found.id == row["id"]
        assert house.catalogue.find(row["name"] + "s") is not None


@pytest.mark.parametrize("length", range(1_990, 2_012))
def test_a_line_cut_at_its_end_never_cuts_a_number(length):
    """What is left of a number by the limit on lines is not read as one."""
    line = "!gift rose".ljust(length) + "54321"
    assert read(line).get("count") in (None, 54_321)


@pytest.mark.parametrize("length", [500, 2_000, 10_000, 100_000])
def test_a_long_message_still_sends_the_gift(length):
    """Its end is cut off."""
    values = read("!gift rose 5 " + "good play " * (length // 10))
    assert (values["gift"], values["count"]) == ("rose", 5)
    assert values["message"].startswith("good play good play")


def test_a_name_the_platform_resolved_counts_more_than_its_text():
    """`@Mia` may be shown for somebody whose id says otherwise."""
    people = {"@mia": Chatter("42", "Mia"), "<@7>": Chatter("7", "Ben")}
    assert read("!give @MIA 5", people)["viewer"] == Mention("Mia", "42")
    assert read("!give <@7> 5", people)["viewer"] == Mention("Ben", "7")
    assert read("!give <@!8> 5", people)["viewer"] == Mention("<@!8>", "8")
    assert read("!give @zoe 5", people)["viewer"] == Mention("zoe")
    assert read("!give zoe 5", people)["viewer"] == Mention("zoe")


def test_another_prefix_and_aliases_are_obeyed():
    """As a stage's policy has them; names fold like those of gifts."""
    aliases = {"schenke": "gift", "void": "nothing"}
    for line in ("?schenke rose", "?GIFT rose", "?Schenké rose"):
        found = GRAMMAR.find(line, "?", aliases)
        assert found is not None
        assert found[0].name == "gift"
    for line in ("!gift rose", "?void", "?", "? ", "?nothing", "@bot"):
        assert GRAMMAR.find(line, "?", aliases) is None


def test_two_commands_never_answer_to_one_word():
    """Caught when the program starts."""
    twin = Command("gift", "", discover()[0].run)
    with pytest.raises(AssertionError):
        Grammar((*discover(), twin), lambda _: False)


@given(st.text(max_size=60))
@settings(max_examples=scale(500, 100_000))
def test_cleaning_is_done_once_and_for_all(text):
    """A cleaned text is printable, single-spaced, and stays as it is."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "  " not in cleaned
    assert "\n" not in cleaned
    assert cleaned.strip() == cleaned


@given(st.text(max_size=12))
@settings(max_examples=scale(500, 100_000))
def test_whatever_python_takes_for_a_number_looks_like_one(text):
    """Only the documented form passes; the rest is recognised, so that it can be refused."""
    for form in (int, float):
        try:
            form(text)
        except ValueError:
            continue
        assert all(looks_numeric(token) for token in clean(text).split())


PIECES = (
    *TRAPS, *(row["id"] for row in shipped()), "gift", "give", "rose", "lion", "@bob", "<@1>", "@",
    "!", "!!", "5", "99999", "1", "\u200b", "\u200d", "\ufe0f", "\U000e0000", "\x00", "\ud800",
    "\u202e", "\u0301" * 50, "🌹", "❤️‍🔥", "ß", "İ", "ﷺ", "ǅ", "Å", "\u2028", "\t", "\n", "&", "'",
)  # fmt: skip


def test_no_line_can_upset_the_grammar():
    """Random lines from nasty pieces: a refusal, nothing, or amounts within their bounds."""
    random = Random(7)
    commands = [name for command in discover() for name in (command.name, *command.aliases)]
    understood = 0
    for _ in range(scale(20_000, 1_000_000)):
        words = [random.choice(PIECES) for _ in range(random.randrange(6))]
        if random.random() < 0.2:
            words.append("".join(chr(random.randrange(0x110000)) for _ in range(3)))
        glue = random.choice((" ", " ", "  ", "", "\u00a0"))
        line = f"!{random.choice(commands)} {glue.join(words)}"
        try:
            values = read(line)
        except GiftError:
            continue
        understood += 1
        assert 1 <= values.get("count", 1) <= COUNT_MAX
        assert 0 <= values.get("coins", 1) <= TOTAL_COINS_MAX
    assert understood > scale(20_000, 1_000_000) // 10


async def test_no_line_can_upset_the_desk(house: House):
    """The same lines with the books under them: each is answered, none breaks a sum."""
    await house.grant("mia", 100_000)
    random = Random(8)
    for number in range(scale(300, 20_000)):
        words = [random.choice(PIECES) for _ in range(random.randrange(6))]
        command = random.choice(("gift", "give", "addcoins", "setcoins", "refund", "alerts"))
        line = f"!{command} {' '.join(words)}"
        reply = await house.say(line, role=MOD, id=f"fuzz:{number}")
        assert reply.code != Code.JOURNAL_DOWN, line
    assert await house.findings() == []


@pytest.mark.alone
@pytest.mark.parametrize(
    "piece",
    ["!gift ", "rose ", "a", "5", "@", "@a ", "\u0301", "!", " ", "\u200b", "x5 ", "-", "<@1> ",
     "ﷺ", "rose-", "((((", "9.9"],
    ids=ascii,
)  # fmt: skip
def test_reading_takes_linear_time(piece):
    """Twice the length takes less than three times as long, and a full line under 5 ms."""

    def seconds(length: int) -> float:
        line = "!gift " + (piece * length)[:length]
        best = 1.0
        for _ in range(7):
            began = time.perf_counter()
            try:
                read(line)
            except GiftError as refusal:
                LEXICON.guess(str(refusal.facts.get("name", "")))
            best = min(best, time.perf_counter() - began)
        return best

    half, whole, beyond = seconds(990), seconds(1_980), seconds(100_000)
    assert whole < 3 * half + 0.0005
    assert beyond < 3 * whole + 0.0005
    assert whole < 0.005


def read(line: str, mentions: dict[str, Chatter] | None = None) -> dict[str, Any]:
    """The values in a line that is a command."""
    found = GRAMMAR.find(line, "!", {})
    if found is None:
        return {}
    command, tokens = found
    return dict(GRAMMAR.read(command, tokens, "!", mentions or {}).values)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_ascii_is_read_as_it_was_beside_other_letters(text):
    """It goes a shorter way, to the same end."""
    assert clean(f"{text} é") == f"{clean(text)} é".strip()
    assert fold(f"{text} é") == f"{fold(text)} e".strip()

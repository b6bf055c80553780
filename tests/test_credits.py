"""End credits: what stands in them, whose word rolls them, and the roll in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from commands.boards import Boards
from commands.givings import Givings
from commands.spans import Spans
from data.ledger import Record
from overlay.kinds.credits import GIFTS, CreditsKind
from tests.browser import connected, launched, window
from tests.house import MAIN, MOD, House, open_house
from tests.page import add_source, open_app, say, send


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for name in ("mia", "jo", "ann"):
            await opened.grant(name, 10_000)
        yield opened


def kind_of(house: House) -> CreditsKind:
    books = house.journal.books
    spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
    boards = Boards(books, house.people, lambda _: house.policy)
    givings = Givings(books, spans, house.journal)
    return CreditsKind(
        boards, books, givings, catalogue=house.catalogue, shows=house.shows, spans=spans
    )


async def told_of(house: House) -> dict[str, Any]:
    return dict((await kind_of(house).read(MAIN, "credits"))["credits"])


def names(told: dict[str, Any]) -> list[tuple[str, int]]:
    return [(giver["name"], giver["coins"]) for giver in told["givers"]]


async def test_credits_of_a_show_name_everybody_the_biggest_first(house: House) -> None:
    """Not what was given before it, nor after it; also once it is over."""
    await house.accepted("!gift rose 50", by="ann")
    await house.shows.began(MAIN, "twitch", "b1", house.clock.now())
    await house.accepted("!gift rose 5", by="mia")
    await house.accepted("!gift panda 2", by="jo")
    await house.accepted("!gift rose 2", by="jo")
    for _ in range(2):
        told = await told_of(house)
        assert names(told) == [("jo", 12), ("mia", 5)]
        assert [(each["gift"]["id"], each["count"]) for each in told["gifts"]] == [
            ("rose", 7),
            ("panda", 2),
        ]
        assert (told["biggest"]["gift"]["id"], told["biggest"]["viewer"]["name"]) == ("panda", "jo")
        assert told["totals"] == {"gifts": 9, "coins": 17, "viewers": 2}
        await house.shows.ended(MAIN, "twitch", house.clock.now())
        await house.accepted("!gift rose 9", by="ann")
    assert told["ended_at"] is not None


async def test_without_a_show_they_are_of_today(house: House) -> None:
    """As in a trial."""
    await house.accepted("!gift rose 50", by="ann")
    house.clock.pass_s(86_400)
    await house.accepted("!gift rose 5", by="mia")
    told = await told_of(house)
    assert names(told) == [("mia", 5)]
    assert (told["show"], told["ended_at"], told["cue"]) == (0, None, None)
    assert told["biggest"]["count"] == 5


async def test_refunds_flow_back_into_every_part(house: House) -> None:
    """Givers, sums, the biggest gift and the longest combo."""
    for _ in range(3):
        await house.accepted("!gift rose", by="mia")
    big = await house.accepted("!gift panda 10", by="jo")
    combo = [await house.accepted("!gift heart", by="ann") for _ in range(5)]
    told = await told_of(house)
    assert (told["combo"]["units"], told["combo"]["viewer"]["name"]) == (5, "ann")
    assert told["biggest"]["gift_id"] == big.gift_id
    for gift in (big, *combo[:3]):
        await house.accepted(f"!refund {gift.gift_id}", by="nova", role=MOD)
    told = await told_of(house)
    assert names(told) == [("mia", 3), ("ann", 2)]
    assert (told["combo"]["units"], told["combo"]["viewer"]["name"]) == (3, "mia")
    assert told["biggest"]["gift"]["id"] == "rose"


async def test_only_what_was_seen_stands_in_them(tmp_path: Path) -> None:
    """A gift that waits for its page is not settled yet; one that came back never was."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100)
        gift = await house.accepted("!gift rose 5", by="mia")
        await house.accepted("!gift rose 9", by="mia")
        assert (await told_of(house))["biggest"] is None
        await house.settler.shown(MAIN, [gift.seq], "1")
        told = await told_of(house)
        assert names(told) == [("mia", 5)]
        assert told["biggest"]["count"] == 5


async def test_a_single_gift_is_no_combo(house: House) -> None:
    """However many it is of."""
    await house.accepted("!gift rose 99", by="mia")
    assert (await told_of(house))["combo"] is None


async def test_lists_are_bounded(house: House) -> None:
    """Eight gifts, whatever was sent."""
    for gift in house.catalogue.gifts()[: GIFTS + 3]:
        await house.accepted(f"!gift {gift.id}", by="mia")
    assert len((await told_of(house))["gifts"]) == GIFTS


async def test_nothing_given_is_no_error(house: House) -> None:
    """Nor a stage without a record."""
    told = await told_of(house)
    assert (told["givers"], told["biggest"], told["combo"]) == ([], None, None)
    assert (await kind_of(house).read("empty", "credits"))["credits"]["biggest"] is None


async def test_a_moderators_word_rolls_and_stops_them(house: House) -> None:
    """Every page is told, also one that comes later; viewers may not."""
    assert await house.refused("!credits roll") == "not_allowed"
    record = await house.accepted("!credits roll", by="nova", role=MOD)
    assert record.aside["by"] == "nova"
    told = await told_of(house)
    assert (told["cue"]["id"], told["cue"]["rolls"]) == (record.gift_id, True)
    await house.accepted("!alerts pause", by="nova", role=MOD)
    assert (await told_of(house))["cue"]["rolls"]
    await house.accepted("!credits stop", by="nova", role=MOD)
    assert not (await told_of(house))["cue"]["rolls"]


async def test_credits_are_read_only_when_they_may_be_seen_to_change(house: House) -> None:
    """A gift in the middle of a show costs nothing here."""
    kind = kind_of(house)
    gift = await house.accepted("!gift rose", by="mia")
    pause = await house.accepted("!alerts pause", by="nova", role=MOD)
    roll = await house.accepted("!credits roll", by="nova", role=MOD)
    refund: Record = await house.accepted(f"!refund {gift.gift_id}", by="nova", role=MOD)
    assert [kind.follows(each) for each in (gift, pause, roll, refund)] == [
        False,
        False,
        True,
        True,
    ]


# --- in a browser ---


async def test_the_demonstration_rolls(tmp_path: Path) -> None:
    """From below, up and up."""
    async with open_app(tmp_path) as app, launched() as browser, window(browser) as opened:
        page = await opened.page(app.address("/o/credits?demo&title=-"))
        await page.wait_for_selector(".credits-roll")
        top = "() => document.querySelector('.credits-roll').getBoundingClientRect().top"
        before = await page.evaluate(top)
        await page.wait_for_function(f"(before) => ({top})() < before - 40", arg=before)
        assert await page.locator(".credits-title").count() == 0
        assert await opened.found_fault() == []


async def test_credits_roll_at_a_word_go_blank_for_a_refund_and_stop(tmp_path: Path) -> None:
    """Names are text; a reload goes on where they are by then."""
    hostile = "<img src=x>"
    rolls = "() => window.__giftcast.state().rolling"
    async with open_app(tmp_path) as app:
        _, token = await add_source(app, "credits", settles=False, widget="credits")
        await send(app, "!gift rose 5", by="Mia")
        gift_id = await send(app, "!gift rose 3", by=hostile)
        async with launched() as browser, window(browser) as opened:
            page = await opened.page(app.overlay_url("credits", token))
            await connected(page)
            assert not await page.evaluate(rolls)
            await say(app, "!credits roll", by="Mod", role=MOD)
            await page.wait_for_function(rolls)
            givers = await page.locator("[data-giver] .credits-name").all_inner_texts()
            assert givers == ["Mia", hostile]
            await page.reload()
            await page.wait_for_function(rolls)
            await say(app, f"!refund {gift_id}", by="Mod", role=MOD)
            await page.wait_for_selector("[data-giver].gone", state="attached")
            assert await page.locator("[data-giver]:not(.gone)").count() == 1
            await say(app, "!credits stop", by="Mod", role=MOD)
            await page.wait_for_function(f"() => !({rolls})()")
            await page.wait_for_selector(".credits-slate", state="detached")
            assert await page.locator("img[src='x']").count() == 0
            assert await opened.found_fault() == []


# Everything that is to be read while credits roll, and where: from the roll's own top.
READ = """() => { const roll = document.querySelector(".credits-roll");
  const top = roll.getBoundingClientRect().top;
  const said = ".credits-sum, .credits-name, .credits-coins, .credits-count, .credits-gift";
  const all = [...roll.querySelectorAll(said)];
  return { height: roll.offsetHeight,
    tops: all.map((each) => Math.round(each.getBoundingClientRect().top - top)),
    words: all.filter((each) => getComputedStyle(each).visibility === "visible"
      && each.getClientRects().length).map((each) => each.textContent) }; }"""


async def test_credits_that_roll_are_put_right_after_a_refund(tmp_path: Path) -> None:
    """Sums, what a giver has left, what was most sent, the biggest gift, the description; in their
    places."""
    async with open_app(tmp_path) as app:
        _, token = await add_source(app, "credits", settles=False, widget="credits")
        await send(app, "!gift rose 5", by="Mia")
        big = await send(app, "!gift panda 9", by="Mia")
        await send(app, "!gift rose 7", by="Jo")
        gone = await send(app, "!gift heart 3", by="Ann")
        async with launched() as browser, window(browser) as opened:
            page = await opened.page(app.overlay_url("credits", token))
            await connected(page)
            await say(app, "!credits roll", by="Mod", role=MOD)
            await page.wait_for_function("() => window.__giftcast.state().rolling")
            before = await page.evaluate(READ)
            label = "[role=img][aria-label^='Credits']"
            assert "Ann" in (await page.get_attribute(label, "aria-label") or "")
            for gift_id in (big, gone):
                assert (await say(app, f"!refund {gift_id}", by="Mod", role=MOD)).ok
            wanted = "() => document.querySelector('.title .credits-sum').textContent"
            await page.wait_for_function(f"() => ({wanted})() === '12 gifts from 2 viewers'")
            after = await page.evaluate(READ)
            assert await page.get_attribute(label, "aria-label") == "Credits: Jo, Mia"
            assert {"50", "×9", "Ann", "×3", "9 × Panda"} <= set(before["words"])
            assert not {"50", "×9", "Ann", "×3", "9 × Panda"} & set(after["words"])
            assert {"Mia", "5", "Jo", "7", "×12", "7 × Rose"} <= set(after["words"])
            assert (after["height"], after["tops"]) == (before["height"], before["tops"])
            assert await opened.found_fault() == []

"""What a moderator keeps in sight, or plays once more: it moves nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from commands.chat import Reply
from tests.house import MOD, faults_of
from tests.page import Browser, Page, add_source, browsing, open_app, say, send


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    async with browsing(app.address("", "127.0.0.1")) as opened:
        yield opened


async def mod(app: App, text: str) -> Reply:
    return await say(app, text, "Nova", role=MOD)


async def shown_gift(app: App, page: Page, text: str = "!gift lion great!") -> str:
    """A gift that has been played and paid."""
    gift = await send(app, text)
    await page.until(lambda: gift in page.memory.seen and gift not in page.memory.open)
    return gift


def pinned(page: Page) -> list[dict[str, Any]]:
    return [frame["data"] for frame in page.of("pin.changed")]


async def test_a_pinned_gift_is_told_to_every_page_and_again_after_a_reload(
    app: App, browser: Browser
) -> None:
    """With all of the gift, and until when; unpinning takes it off."""
    _, token = await add_source(app)
    page = await browser.open(token)
    gift = await shown_gift(app, page)
    reply = await mod(app, f"!alerts pin {gift} 90")
    assert reply.text == "Pinned for 1 min 30 s: 1 × Lion."
    await page.next("pin.changed")
    (told,) = pinned(page)
    assert (told["gift_id"], told["gift"]["id"], told["message"]) == (gift, "lion", "great!")
    assert told["viewer"]["name"] == "Mia"
    assert told["until"] > page.of("pin.changed")[0]["at"]
    again = await browser.open(token, page.memory)
    await again.next("pin.changed")
    assert pinned(again)[0]["gift_id"] == gift
    await mod(app, "!alerts unpin")
    await again.until(lambda: pinned(again)[-1].get("gone"))
    assert (await mod(app, "!alerts pin @mia")).text == "Pinned for 1 min: 1 × Lion."
    await again.until(lambda: not pinned(again)[-1].get("gone"))
    await mod(app, f"!refund {gift} a mistake")
    await again.until(lambda: pinned(again)[-1].get("gone"))
    assert faults_of(app.journal.path) == []


async def test_a_pin_survives_a_restart_and_ends_by_itself(tmp_path: Path) -> None:
    """It is read from the journal; its time is that of the journal's clock."""
    at = [1_800_000_000_000]
    token = ""
    for pinning in (True, False):
        async with (
            open_app(tmp_path, now=lambda: at[0]) as app,
            browsing(app.address("", "127.0.0.1")) as browser,
        ):
            if pinning:
                _, token = await add_source(app)
            page = await browser.open(token)
            if pinning:
                gift = await shown_gift(app, page)
                await mod(app, f"!alerts pin {gift} 30")
            assert (await page.next("pin.changed"))["data"]["until"] == "2027-01-15T08:00:30.000Z"
            at[0] += 29_000
    at[0] += 1_000
    async with (
        open_app(tmp_path, now=lambda: at[0]) as app,
        browsing(app.address("", "127.0.0.1")) as browser,
    ):
        page = await browser.open(token)
        await page.next("caught_up")
        await shown_gift(app, page)
        assert page.of("pin.changed") == []


async def test_a_replay_goes_to_every_page_and_moves_nothing(app: App, browser: Browser) -> None:
    """The order brings the gift along; what was erased meanwhile stays away."""
    pages = [await browser.open((await add_source(app, name))[1]) for name in ("one", "two")]
    gift = await shown_gift(app, pages[0])
    before = await app.journal.books.balance("main", 1)
    reply = await mod(app, f"!alerts replay {gift}")
    assert reply.text == "Plays once more, for the eyes only: 1 × Lion."
    for page in pages:
        order = (await page.next("control"))["data"]
        assert (order["action"], order["gift_id"]) == ("replay", gift)
        assert (order["sent"]["gift_id"], order["sent"]["message"]) == (gift, "great!")
        assert page.given() == [gift]
    assert await app.journal.books.balance("main", 1) == before
    assert await app.journal.books.state("main", int(gift.partition("-")[0])) == "settled"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("pin", "Which gift: its id, or @viewer for their last? For example: !alerts pin @mia 120"),
        (
            "replay",
            "Which gift: its id, or @viewer for their last? For example: !alerts replay @mia",
        ),
        ("pin 999-abcd", "I find no gift"),
        ("pin {gift} 4", "The seconds go from 5 to 600."),
        ("pin {gift} 601", "The seconds go from 5 to 600."),
        ("pin {gift} soon", "Pinned for 1 min"),
    ],
)
async def test_what_cannot_be_pinned_is_refused(
    app: App, browser: Browser, typed: str, said: str
) -> None:
    """With what is missing or allowed."""
    page = await browser.open((await add_source(app))[1])
    gift = await shown_gift(app, page, "!gift rose")
    assert (await mod(app, "!alerts " + typed.format(gift=gift))).text.startswith(said)


async def test_a_gift_that_nobody_saw_is_neither_pinned_nor_replayed(
    app: App, browser: Browser
) -> None:
    """Its own showing comes first; and one that went back is not shown at all."""
    page = await browser.open((await add_source(app))[1], paints=False)
    gift = await send(app)
    for action in ("pin", "replay"):
        assert "not been shown yet" in (await mod(app, f"!alerts {action} {gift}")).text
    await page.until(lambda: page.given() == [gift])
    await page.paint()
    await page.has_shown(gift)
    await mod(app, f"!refund {gift} oops")
    for action in ("pin", "replay"):
        assert "went back" in (await mod(app, f"!alerts {action} {gift}")).text


async def test_a_page_is_told_when_it_has_caught_up(app: App, browser: Browser) -> None:
    """Between its welcome and this, it is given what it missed."""
    _, token = await add_source(app)
    gifts = [await send(app) for _ in range(3)]
    page = await browser.open(token)
    await page.next("caught_up")
    types = [frame["type"] for frame in page.frames]
    assert page.of("welcome")[0]["catching_up"] is True
    assert types.index("caught_up") > types.index("gift.sent")
    assert page.given() == gifts
    twin = await browser.open(token, page.memory)
    await twin.next("caught_up")
    assert page.of("welcome")[-1]["catching_up"] is False, "it stands by now"

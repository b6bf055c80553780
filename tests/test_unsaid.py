"""Words that were deleted in chat leave the screen at once and do not come again, with the hub
on a clock and on connections that a test holds in its hands."""

import asyncio
from pathlib import Path

import pytest

from data.ledger import Record
from overlay.link import Link
from overlay.widget import Widget
from tests.house import MAIN, MOD
from tests.page import until
from tests.test_hub import Stage, open_stage, stage
from tests.wire import Frame, Wire

__all__ = ["stage"]
WORDLESS = Widget(name="feed", title="Feed", settles=True, events=frozenset({"gift.sent"}))


def said(wire: Wire) -> dict[str, str | None]:
    """What the page was told to show with each gift."""
    return {frame["data"]["gift_id"]: frame["data"]["message"] for frame in wire.of("gift.sent")}


def unsaid(wire: Wire) -> list[Frame]:
    return [frame["data"] for frame in wire.of("gift.text")]


async def delete(stage: Stage, gift: Record) -> None:
    await stage.house.rulings.deleted(MAIN, gift.key)


async def test_every_page_is_told_at_once_and_once(stage: Stage) -> None:
    """Live pages, whether they settle or not; the gift goes on."""
    pages = [await stage.join(await stage.source(name)) for name in ("alerts", "portrait")]
    gift = await stage.gift("!gift rose rude words")
    for _ in range(2):
        await delete(stage, gift)
    for _, wire in pages:
        assert said(wire) == {gift.gift_id: "rude words"}
        assert unsaid(wire) == [{"gift_id": gift.gift_id, "message": None}]
        assert wire.of("gift.text")[0]["seq"] > gift.seq
    await stage.hub.shown(pages[0][0], [gift.gift_id])
    assert await stage.house.state(gift) == "settled"


async def test_a_page_that_comes_later_is_given_the_gift_without_its_words(stage: Stage) -> None:
    """Whether the gift is still open or was shown elsewhere."""
    source, other = await stage.source(), await stage.source("portrait")
    gift = await stage.gift("!gift rose rude words")
    await delete(stage, gift)
    link, wire = await stage.join(source)
    assert said(wire) == {gift.gift_id: None}
    await stage.hub.shown(link, [gift.gift_id])
    _, wire = await stage.join(other)
    assert said(wire) == {gift.gift_id: None}


@pytest.mark.parametrize("widget", [None, WORDLESS])
async def test_words_deleted_while_a_page_catches_up_do_not_come(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, widget: Widget | None
) -> None:
    """They were read from the journal before, and their turn comes after; also for a widget
    that does not listen for such news."""
    source = await stage.source()
    gifts = [await stage.gift(f"!gift rose words {number}") for number in range(1, 4)]
    released = asyncio.Event()
    monkeypatch.setattr(Link, "drained", lambda _: released.wait())
    how = {"widget": widget} if widget else {}
    link, wire = await stage.join(source, stalled=True, **how)
    await until(wire.given)
    await delete(stage, gifts[2])
    released.set()
    assert link.catching_up is not None
    await link.catching_up
    first, second, third = (gift.gift_id for gift in gifts)
    assert said(wire) == {first: "words 1", second: "words 2", third: None}


async def test_a_gift_approved_after_the_deletion_comes_without_words(tmp_path: Path) -> None:
    """To a page that is live."""
    async with open_stage(tmp_path, approve_from_tier=1) as stage:
        _, wire = await stage.join(await stage.source())
        gift = await stage.gift("!gift rose rude words")
        await delete(stage, gift)
        await stage.house.say(f"!approve {gift.gift_id}", by="mod", role=MOD)
        assert said(wire) == {gift.gift_id: None}


async def test_a_banned_viewer_s_gift_approved_across_the_ban_is_not_handed_out(
    tmp_path: Path,
) -> None:
    """The page is never given what is asked back."""
    async with open_stage(tmp_path, approve_from_tier=1) as stage:
        _, wire = await stage.join(await stage.source())
        gift = await stage.gift()
        now = stage.house.clock.now()
        await stage.house.rulings.banned(MAIN, "simulator", "mia", now, until=None)
        await stage.house.say(f"!approve {gift.gift_id}", by="mod", role=MOD)
        assert wire.given() == []
        await stage.pass_s(10)
        assert await stage.house.state(gift) == "returned"


async def test_what_a_banned_viewer_sent_is_asked_back_from_the_page(stage: Stage) -> None:
    """And goes home as soon as the page has put it away."""
    link, wire = await stage.join(await stage.source())
    gift = await stage.gift()
    now = stage.house.clock.now()
    await stage.house.rulings.banned(MAIN, "simulator", "mia", now, until=now + 60_000)
    assert [frame["data"]["gift_ids"] for frame in wire.of("gift.recall")] == [[gift.gift_id]]
    await stage.hub.dropped(link, [gift.gift_id])
    assert await stage.house.state(gift) == "returned"
    assert wire.of("gift.returned")[0]["data"]["cause"] == "banned"

"""Frames: exactly the shapes that other programs rely on."""

import asyncio
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, WSMsgType, web
from aiohttp.test_utils import TestServer

from data.events import event_of
from data.ledger import Record
from overlay.backlog import playing_event
from overlay.frames import frame, greeting, notice, on_wire
from tests.house import MOD, NOON, House

AT = "2027-01-15T12:00:00.000Z"


def framed(record: Record) -> dict[str, Any]:
    event = event_of(record)
    assert event is not None
    found: dict[str, Any] = orjson.loads(frame(event))
    return found


async def test_a_gift_has_every_field_of_the_contract_and_no_other(screened: House) -> None:
    """Field by field, in the words of the design."""
    await screened.grant("mia", 1_000)
    record = await screened.accepted("!gift rose 5 great play!")
    assert framed(record) == {
        "v": 1,
        "seq": record.seq,
        "type": "gift.sent",
        "at": AT,
        "data": {
            "gift_id": record.gift_id,
            "gift": {
                "id": "rose",
                "name": "Rose",
                "price_coins": 1,
                "tier": 1,
                "art": "rose",
                "alt": record.facts["gift"]["alt"],
            },
            "count": 5,
            "total_coins": 5,
            "viewer": {"name": "mia", "platform": "simulator", "avatar": None},
            "creator": {"name": "the streamer"},
            "message": "great play!",
            "combo": {"id": record.facts["combo"]["id"], "count": 5},
            "test": False,
        },
    }


async def test_a_combo_counts_up_and_keeps_its_id(screened: House) -> None:
    """Same viewer, same gift, in time."""
    await screened.grant("mia", 1_000)
    first = framed(await screened.accepted("!gift rose 2"))["data"]["combo"]
    second = framed(await screened.accepted("!gift rose 3"))["data"]["combo"]
    assert (first["id"], first["count"]) == (second["id"], 2)
    assert second["count"] == 5


async def test_a_gift_without_words_has_no_message(screened: House) -> None:
    """null, not an empty text."""
    await screened.grant("mia", 1_000)
    assert framed(await screened.accepted("!gift rose"))["data"]["message"] is None


async def test_an_approved_gift_looks_the_same_live_and_replayed(screened: House) -> None:
    """It keeps its own id and price; only the number on the live frame is the approval's."""
    screened.policy = screened.policy.model_copy(update={"approve_from_tier": 1})
    await screened.grant("mia", 1_000)
    gift = await screened.accepted("!gift rose 2 hello")
    assert event_of(gift) is None
    live = framed(await screened.accepted(f"!approve {gift.gift_id}", by="mod", role=MOD))
    replayed = orjson.loads(frame(playing_event(gift)))
    assert (live["type"], live["data"]) == ("gift.sent", replayed["data"])
    assert (live["seq"], replayed["seq"]) == (gift.seq + 1, gift.seq)


async def test_returns_refunds_and_controls(house: House) -> None:
    """`gift.returned {gift_id, cause}` and `control {action, gift_id?}`."""
    await house.grant("mia", 1_000)
    gift = await house.accepted("!gift rose")
    refund = await house.accepted(f"!refund {gift.gift_id} wrong gift", by="mod", role=MOD)
    assert framed(refund)["type"] == "gift.returned"
    assert framed(refund)["data"] == {"gift_id": gift.gift_id, "cause": "refund"}
    for action in ("pause", "resume", "mute", "unmute"):
        record = await house.accepted(f"!alerts {action}", by="mod", role=MOD)
        assert framed(record) == {
            "v": 1,
            "seq": record.seq,
            "type": "control",
            "at": AT,
            "data": {"action": action},
        }
    skip = await house.accepted(f"!alerts skip {gift.gift_id}", by="mod", role=MOD)
    assert framed(skip)["data"] == {"action": "skip", "gift_id": gift.gift_id}


async def test_the_books_own_records_are_no_news(house: House) -> None:
    """Grants and settlements are not for the screen."""
    receipt = await house.grant("mia", 5)
    assert receipt.record is not None
    assert event_of(receipt.record) is None


def test_notices_and_greetings_carry_no_number_of_the_journal() -> None:
    """`settled`, `gift.recall`, `welcome`."""
    assert orjson.loads(notice("settled", NOON, gift_ids=["1-abcd"])) == {
        "v": 1,
        "seq": 0,
        "type": "settled",
        "at": AT,
        "data": {"gift_ids": ["1-abcd"]},
    }
    assert orjson.loads(greeting("ping")) == {"v": 1, "type": "ping"}


@pytest.mark.parametrize("size", [2, 125, 126, 65_535, 65_536, 200_000])
async def test_what_we_put_on_the_wire_is_a_websocket_message(size: int) -> None:
    """At every length that RFC 6455 writes differently, as an independent reader sees it."""
    text = orjson.dumps("x" * (size - 2))

    async def serve(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        assert request.transport is not None
        request.transport.write(on_wire(text) + on_wire(b'"end"'))
        await ws.receive()
        return ws

    app = web.Application()
    app.router.add_get("/", serve)
    async with (
        TestServer(app) as server,
        asyncio.timeout(5),
        ClientSession() as session,
        session.ws_connect(server.make_url("/")) as ws,
    ):
        first, second = await ws.receive(), await ws.receive()
    assert (first.type, first.data) == (WSMsgType.TEXT, text.decode())
    assert second.data == '"end"'

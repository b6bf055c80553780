"""The sockets of browser sources, over real connections to the whole program."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from bot.app import App
from commands.chat import Role
from data.access import Source
from overlay import socket as endpoint
from overlay.backlog import PAGE
from overlay.link import BUFFER_MAX
from tests.page import (
    MAIN,
    Browser,
    Memory,
    add_source,
    browsing,
    hello,
    open_app,
    say,
    send,
    shown_by,
    state_of,
    until,
)

MOD = Role.MODERATOR


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    async with browsing(app.address("", "127.0.0.1")) as opened:
        yield opened


@pytest.fixture
async def alerts(app: App) -> tuple[Source, str]:
    return await add_source(app)


async def code_of(ws: ClientWebSocketResponse) -> int | None:
    """Wait until the server has closed it; with which code."""
    async with asyncio.timeout(5):
        while not ws.closed:
            await ws.receive()
    return ws.close_code


# --- hello ---


async def test_welcome_comes_first_and_says_how_things_stand(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """The first message is the welcome of the design, also when hello confirms something."""
    gift_id = await send(app)
    memory = Memory({gift_id}, [gift_id])
    page = await browser.open(alerts[1], memory)
    await page.next("settled")
    assert page.frames[0] == {
        "v": 1,
        "type": "welcome",
        "stage": "main",
        "widget": "alerts",
        "settings": page.frames[0]["settings"],
        "paused": False,
        "muted": False,
        "standby": False,
        "catching_up": True,
        "looks": {"theme": {"name": "house", "sheet": None}, "art": {}},
    }
    assert page.frames[0]["settings"]["volume"] == 0.7
    assert await state_of(app, gift_id) == "settled"
    assert page.given() == []


async def test_silence_instead_of_hello_is_closed_in_time(
    app: App, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    """Who says nothing within five seconds is sent away."""
    assert endpoint.HELLO_S == 5
    monkeypatch.setattr(endpoint, "HELLO_S", 0.05)
    assert await code_of(await browser.connect()) == endpoint.TOO_LATE


@pytest.mark.parametrize("token", ["", "x", "x" * 100, "шифр"])
async def test_an_unknown_token_is_refused_with_its_own_code(browser: Browser, token: str) -> None:
    """4401 tells the page to stop trying so often."""
    ws = await browser.connect()
    await ws.send_json(hello(token))
    assert await code_of(ws) == 4401


@pytest.mark.parametrize(
    "first",
    [
        "{",
        "null",
        "[]",
        '"hello"',
        '{"v":1,"type":"shown","gift_ids":[]}',
        '{"v":2,"type":"hello","token":"t"}',
        '{"v":1,"type":"hello"}',
        '{"v":1,"type":"hello","token":7}',
        '{"v":1,"type":"hello","token":"%s"}' % ("t" * 101),
    ],
)
async def test_a_first_message_that_is_no_hello_is_closed(browser: Browser, first: str) -> None:
    """Nothing but a hello opens the conversation."""
    ws = await browser.connect()
    await ws.send_str(first)
    assert await code_of(ws) == endpoint.BAD_MESSAGE


async def test_a_page_that_leaves_without_a_word_harms_nobody(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """Going away before or during hello leaves the server as it was."""
    for _ in range(3):
        ws = await browser.connect()
        await ws.close()
    page = await browser.open(alerts[1])
    gift_id = await send(app)
    await page.until(lambda: not page.memory.open and page.memory.painted == [gift_id])


# --- what a page may say ---


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        '{"type":"grant","coins":1000}',
        '{"type":"shown"}',
        '{"type":"shown","gift_ids":"1-abcd"}',
        '{"type":"shown","gift_ids":["<img>"]}',
        '{"type":"shown","gift_ids":["-1-abcd"]}',
        '{"type":"state","visible":"perhaps"}',
        json.dumps({"type": "shown", "gift_ids": ["1-abcd"] * (endpoint.IDS_MAX + 1)}),
    ],
)
async def test_nonsense_ends_the_conversation(
    app: App, browser: Browser, alerts: tuple[Source, str], text: str
) -> None:
    """A page can acknowledge and nothing else; whatever else it says, it is sent away."""
    page = await browser.open(alerts[1])
    head = app.journal.head(MAIN)
    await page.socket.send_str(text)
    assert await page.ended() == endpoint.BAD_MESSAGE
    assert app.journal.head(MAIN) == head


async def test_bytes_and_oversized_messages_end_the_conversation(
    browser: Browser, alerts: tuple[Source, str]
) -> None:
    """Only text of a sensible size is read."""
    page = await browser.open(alerts[1])
    await page.socket.send_bytes(b"\x00")
    assert await page.ended() == endpoint.BAD_MESSAGE
    page = await browser.open(alerts[1])
    await page.socket.send_str("x" * (endpoint.MESSAGE_MAX + 1))
    assert await page.ended() == 1009


async def test_unknown_and_forged_gifts_are_confirmed_and_nothing_else(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """An id that is no gift here settles nothing; unconfirmed, the page would ask for ever."""
    gift_id = await send(app)
    seq, _, tag = gift_id.partition("-")
    forged = f"{seq}-{int(tag, 16) ^ 1:04x}"
    page = await browser.open(alerts[1], paints=False)
    await page.say("shown", gift_ids=[forged, "999999-abcd", f"{int(seq) - 1}-0000"])
    assert forged in (await page.next("settled"))["data"]["gift_ids"]
    assert await state_of(app, gift_id) == "ready"
    assert await shown_by(app, alerts[0]) == []


# --- giving and settling ---


async def test_a_shown_gift_is_settled_and_remembered(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """From chat to the books: handed over, painted, settled, marked as shown."""
    page = await browser.open(alerts[1])
    gift_id = await send(app, "!gift rose 5 great play!")
    await page.until(lambda: page.of("settled"))
    assert page.memory.painted == [gift_id]
    assert await state_of(app, gift_id) == "settled"
    assert await shown_by(app, alerts[0]) == [int(gift_id.partition("-")[0])]


async def test_resume_replays_exactly_the_unshown_oldest_first(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """A long backlog comes in order over several pages of the journal, without what was shown."""
    early = [await send(app) for _ in range(3)]
    page = await browser.open(alerts[1], memory := Memory())
    await page.until(lambda: memory.painted == early and not memory.open)
    await page.close()
    total = 2 * PAGE + 50
    for at in range(0, total, 50):
        await asyncio.gather(*(send(app, by=f"viewer{at + i}") for i in range(50)))
    page = await browser.open(alerts[1], memory)
    live = await send(app)
    await page.until(lambda: len(page.of("gift.sent")) == total + 1)
    await page.until(lambda: not memory.open)
    seqs = [int(gift_id.partition("-")[0]) for gift_id in page.given()]
    assert seqs == sorted(set(seqs))
    assert page.given()[-1] == live
    assert not set(early) & set(page.given())
    assert memory.painted == early + page.given()


async def test_two_pages_of_one_source_one_plays_the_other_takes_over(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """The newer page plays, the older stands by, and carries on where the newer one ends."""
    older = await browser.open(alerts[1], paints=False)
    newer = await browser.open(alerts[1], paints=False)
    await older.until(lambda: older.standby)
    first, second = await send(app), await send(app)
    await newer.until(lambda: newer.given() == [first, second])
    assert older.given() == []
    await newer.paint(first)
    await newer.next("settled")
    await newer.close()
    await older.until(lambda: not older.standby and older.given() == [second])


async def test_a_hidden_page_hands_over_to_a_visible_one(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """Which page plays follows what can be seen."""
    older = await browser.open(alerts[1], paints=False)
    newer = await browser.open(alerts[1], paints=False)
    await newer.say("state", visible=False, active=False)
    await newer.until(lambda: newer.standby)
    gift_id = await send(app)
    await older.until(lambda: older.given() == [gift_id])
    await newer.say("state", visible=True, active=True)
    await newer.until(lambda: newer.given() == [gift_id])


async def test_two_sources_each_show_a_gift_once(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """A portrait and a landscape source both play it; the money moves once."""
    _, other_token = await add_source(app, "portrait")
    wide, tall = await browser.open(alerts[1]), await browser.open(other_token)
    gifts = [await send(app) for _ in range(5)]
    for page in (wide, tall):
        await page.has_shown(*gifts)
    records = await app.journal.read(MAIN, after=0, limit=1_000)
    assert sorted(r.facts["gift_id"] for r in records if r.kind == "settle") == sorted(gifts)


async def test_a_source_that_was_away_shows_what_another_settled_meanwhile(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """What has been shown is kept for each source apart."""
    _, other_token = await add_source(app, "portrait")
    wide = await browser.open(alerts[1])
    gift_id = await send(app)
    await wide.until(lambda: wide.of("settled"))
    tall = await browser.open(other_token)
    await tall.until(lambda: tall.memory.painted == [gift_id])


async def test_a_new_source_gets_only_what_is_still_ready(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """What was settled before the source existed is no news to it."""
    page = await browser.open(alerts[1], paints=False)
    old, held = await send(app), await send(app)
    await page.until(lambda: page.given() == [old, held])
    await page.paint(old)
    await page.next("settled")
    _, token = await add_source(app, "new")
    new = await browser.open(token)
    fresh = await send(app)
    await new.until(lambda: new.memory.painted == [held, fresh])


async def test_a_source_does_not_inherit_what_a_removed_one_has_shown(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """A new source gets a number of its own, and no memory of another's."""
    preview, token = await add_source(app, "extra preview", settles=False)
    page = await browser.open(token)
    gift_id = await send(app)
    await page.until(lambda: page.of("settled"))
    await app.access.remove(preview)
    app.hub.drop_source(preview)
    await page.ended()
    again, token = await add_source(app, "portrait")
    assert again.id != preview.id
    new = await browser.open(token)
    await new.until(lambda: new.memory.painted == [gift_id])


async def test_a_preview_shows_but_never_settles(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """Only a settling source moves money."""
    preview = await browser.open(app.preview_url().partition("#")[2])
    gift_id = await send(app)
    await preview.until(lambda: preview.of("settled"))
    assert await state_of(app, gift_id) == "ready"


@pytest.mark.alone
async def test_a_rotated_token_is_dead_at_once(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """The old page is cut within a second and its token opens nothing any more."""
    page = await browser.open(alerts[1])
    headers = {"Authorization": f"Bearer {app.api_token}"}
    url = app.address("/api/v1/sources/alerts/token")
    async with browser.session.post(url, headers=headers) as answer:
        fresh = (await answer.json())["url"].partition("#")[2]
    await page.ended(within_s=1)
    ws = await browser.connect()
    await ws.send_json(hello(alerts[1]))
    assert await code_of(ws) == endpoint.BAD_TOKEN
    assert not (await browser.open(fresh)).standby


# --- steering ---


async def test_pause_mute_and_their_end_reach_pages_and_later_welcomes(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """A page that comes later is told how things stand."""
    page = await browser.open(alerts[1])
    for action in ("pause", "mute"):
        await say(app, f"!alerts {action}", role=MOD)
    await page.until(lambda: len(page.of("control")) == 2)
    assert [f["data"] for f in page.of("control")] == [{"action": "pause"}, {"action": "mute"}]
    late = await browser.open(alerts[1])
    assert (late.frames[0]["paused"], late.frames[0]["muted"]) == (True, True)
    for action in ("resume", "unmute"):
        await say(app, f"!alerts {action}", role=MOD)
    last = await browser.open(alerts[1])
    assert (last.frames[0]["paused"], last.frames[0]["muted"]) == (False, False)


async def test_clear_asks_back_and_returns_what_was_not_shown(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """Recall, dropped, returned: and what had been shown stays settled."""
    page = await browser.open(alerts[1], paints=False)
    shown, queued = await send(app), await send(app)
    await page.until(lambda: page.line == [shown, queued])
    await page.paint(shown)
    await page.next("settled")
    reply = await say(app, "!alerts clear", role=MOD)
    assert reply.ok
    recall = await page.next("gift.recall")
    assert recall["data"] == {"gift_ids": [queued]}
    returned = await page.next("gift.returned")
    assert returned["data"] == {"gift_id": queued, "cause": "cleared"}
    assert (await state_of(app, shown), await state_of(app, queued)) == ("settled", "returned")


async def test_shown_after_the_return_moves_no_money_and_is_noted(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """The viewer keeps the coins; the books keep the fact."""
    page = await browser.open(alerts[1], paints=False)
    gift_id = await send(app)
    await page.until(lambda: page.line == [gift_id])
    await say(app, "!alerts clear", role=MOD)
    await page.next("gift.returned")
    await page.paint(gift_id)
    await page.next("settled")
    records = await app.journal.read(MAIN, after=0, limit=100)
    assert [r.facts["gift"] for r in records if r.kind == "note"] == [int(gift_id.split("-")[0])]
    assert await state_of(app, gift_id) == "returned"


async def test_a_gift_that_waits_comes_with_its_approval(
    app: App, browser: Browser, alerts: tuple[Source, str], tmp_path: Path
) -> None:
    """Approve first: nothing is shown before, and the gift keeps its own id."""
    path = tmp_path / "policy.json"
    path.write_text(path.read_text().replace('"approve_from_tier": 0', '"approve_from_tier": 1'))
    app.edited.watched[1].look()
    page = await browser.open(alerts[1])
    first, second = await send(app), await send(app)
    await say(app, f"!deny {first}", role=MOD)
    await say(app, f"!approve {second}", role=MOD)
    await page.until(lambda: page.of("settled"))
    assert page.memory.painted == [second]
    assert (await state_of(app, first), await state_of(app, second)) == ("returned", "settled")


@pytest.mark.alone
async def test_the_last_source_gone_gives_every_open_gift_back(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """No page will ever show them, so the coins go home at once."""
    headers = {"Authorization": f"Bearer {app.api_token}"}
    gifts = [await send(app) for _ in range(3)]
    page = await browser.open(alerts[1], paints=False)
    async with browser.session.delete(
        app.address("/api/v1/sources/alerts"), headers=headers
    ) as answer:
        assert await answer.json() == {"removed": "alerts", "gifts_returned": 3}
    await page.ended(within_s=1)
    assert [await state_of(app, gift_id) for gift_id in gifts] == ["returned"] * 3


# --- hard times ---


async def test_a_stalled_page_is_cut_and_harms_no_other(
    app: App, browser: Browser, alerts: tuple[Source, str]
) -> None:
    """A page that never reads costs a bounded buffer, then its connection, and nobody else."""
    _, token = await add_source(app, "stalled")
    stalled = await stalled_socket(app, token)
    with closing(stalled):
        page = await browser.open(alerts[1])
        (link,) = (link for link in app.hub._links.playing(MAIN) if link.source.name == "stalled")
        wire = link.transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        total = 0
        while not link.closed:
            texts = (f"!gift rose {'🌹' * 130}" for _ in range(100))
            await asyncio.gather(*(send(app, t, f"v{i}") for i, t in enumerate(texts)))
            total += 100
            assert link.transport.get_write_buffer_size() <= BUFFER_MAX + 65_536
            assert total < 20_000, "it was never cut"
        gift_id = await send(app)
        await page.until(lambda: gift_id in page.memory.painted and not page.memory.open, 60)
        assert len(page.memory.painted) == total + 1


async def stalled_socket(app: App, token: str) -> socket.socket:
    """A page that has said hello and reads nothing any more."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    wire.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(wire, ("127.0.0.1", app.port))
    await loop.sock_sendall(
        wire,
        b"GET /o/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    )
    text = b'{"v":1,"type":"hello","token":"%s"}' % token.encode()
    await loop.sock_sendall(wire, bytes((0x81, 0x80 | len(text))) + bytes(4) + text)
    async with asyncio.timeout(30):
        heard = b""
        while b'"welcome"' not in heard:
            heard += await loop.sock_recv(wire, 4_096)
    return wire


async def test_what_was_acknowledged_while_the_journal_was_down_is_settled_later(
    app: App, browser: Browser, alerts: tuple[Source, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No false confirmation: the page says it again with its next hello, and shows it once."""
    page = await browser.open(alerts[1], memory := Memory(), paints=False)
    gift_id = await send(app)
    await page.until(lambda: page.line == [gift_id])
    writer = app.journal._writer
    assert writer is not None

    def fails() -> Any:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(type(writer), "commit", lambda _: fails())
        await page.paint()
        await page.say("pong")
        await page.say("state", visible=True)
        await until_refused(app)
        assert not page.of("settled")
    await page.close()
    page = await browser.open(alerts[1], memory)
    await page.next("settled")
    await page.until(lambda: not memory.open)
    assert memory.painted == [gift_id]
    assert await state_of(app, gift_id) == "settled"


async def until_refused(app: App) -> None:
    """Wait until the journal has failed somebody."""
    await until(lambda: not app.journal.usable)

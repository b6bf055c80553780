"""The whole path in a real browser: typed in chat, seen in the overlay, settled in the books."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from commands.chat import Role
from tests.browser import connected, overlay_in, shown, shows, window
from tests.house import faults_of, scale
from tests.page import GIFT_ID, MAIN, add_source, open_app, say, send, shown_by, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOOK = (
    "() => [...document.querySelectorAll('#stage *')]"
    ".filter((e) => !e.children.length).map((e) => e.textContent).join('\\n')"
)
CONFIRMED = "() => Object.values(localStorage).every((kept) => !JSON.parse(kept).open.length)"


async def paints(page: Page) -> list[str]:
    """The gifts in a page's own record. A counter that is painted anew while its first paint is
    under way may note a gift twice for one moment; never for two."""
    painted: dict[str, int] = {}
    for one in await page.evaluate("() => window.__giftcast.shown"):
        first = painted.setdefault(one["id"], one["painted_at"])
        assert one["painted_at"] - first < 500, "shown twice on one page"
    return list(painted)


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def logged_in(app: App, page: Page) -> None:
    """By the one-time link, as from the terminal."""
    await page.goto(app.address(f"/login#{app.entry.new_code()}"))
    await page.wait_for_url("**/chat")


async def type_line(page: Page, text: str) -> str:
    """Type a line and send it; what is answered."""
    replies = page.locator(".reply:not(.pending) p:first-child")
    before = await replies.count()
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await replies.nth(before).wait_for()
    return str(await replies.nth(before).inner_text())


async def test_from_the_link_in_the_terminal_to_a_gift_on_the_screen(
    app: App, browser: Browser
) -> None:
    """Log in, type `!gift rose 5`, see it in the overlay beside; the browser finds no fault."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/chat"))
        assert page.url == app.address("/login")
        await logged_in(app, page)
        overlay = await overlay_in(page)
        reply = await type_line(page, "!gift rose 5")
        found = GIFT_ID.search(reply)
        assert found, reply
        await shows(overlay, found.group())
        text = await overlay.evaluate(LOOK)
        assert "Mia" in text
        assert "Rose" in text
        assert "5" in text
        assert await type_line(page, "!balance")
        record = await overlay.evaluate("() => window.__giftcast.shown[0]")
        assert record["count"] == 5
        assert record["painted_at"] >= record["at"]
        assert await opened.found_fault() == []
        assert {url.split("/")[2] for url in opened.requests} == {
            f"localhost:{app.port}",
            f"127.0.0.1:{app.port}",
        }


async def test_a_login_link_works_once(app: App, browser: Browser) -> None:
    """The second browser that opens it is told so, in words, and may type another code."""
    code = app.entry.new_code()
    async with window(browser) as first, window(browser) as second:
        page = await first.page(app.address(f"/login#{code}"))
        await page.wait_for_url("**/chat")
        other = await second.page(app.address(f"/login#{code}"))
        await other.wait_for_function(
            "() => document.querySelector('#login-code').validationMessage"
            ".includes('giftcast login')"
        )
        assert code not in other.url
        await other.fill("#login-code", app.entry.new_code())
        await other.click("button[type=submit]")
        await other.wait_for_url("**/chat")


async def test_a_registered_source_settles_what_it_shows(app: App, browser: Browser) -> None:
    """In a page of its own, as in OBS: painted, acknowledged, settled, remembered."""
    source, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift_id = await send(app, "!gift rose 5 great play!")
        await shows(page, gift_id)

        async def settled() -> bool:
            return await state_of(app, gift_id) == "settled"

        await until(settled)
        assert "great play!" in await page.evaluate(LOOK)
        await page.wait_for_function(CONFIRMED)
        assert await shown_by(app, source) == [int(gift_id.partition("-")[0])]
        assert await opened.found_fault() == []
        assert not [url for url in opened.requests if token in url]


async def test_a_reload_shows_nothing_twice(app: App, browser: Browser) -> None:
    """What was shown stays shown, what came meanwhile is shown then."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        first = await send(app)
        await shows(page, first)
        await page.goto("about:blank")
        second = await send(app, by="Jonas")
        await page.goto(app.overlay_url("alerts", token))
        await shows(page, second)
        assert await shown(page) == [second]


async def test_a_page_killed_in_a_storm_shows_every_gift_once(app: App, browser: Browser) -> None:
    """OBS shuts the page down again and again while 200 gifts come; counted on both sides."""
    source, token = await add_source(app)
    chance = random.Random(7)
    rounds, each = scale(5, 50), 40
    gifts: list[str] = []
    painted: list[str] = []

    async def storm() -> None:
        kinds = chance.choices(["rose", "heart", "panda", "doughnut"], k=each)
        sent = (send(app, f"!gift {kind}", by=f"v{i % 7}") for i, kind in enumerate(kinds))
        gifts.extend(await asyncio.gather(*sent))

    async def acknowledged() -> bool:
        return len(await app.access.shown(source)) == rounds * each

    async with window(browser) as opened:
        for _ in range(rounds):
            sending = asyncio.create_task(storm())
            page = await opened.page(app.overlay_url("alerts", token))
            await page.wait_for_function(
                "(enough) => window.__giftcast?.shown.length >= enough",
                arg=chance.randrange(9),
                polling=chance.randrange(1, 40),
            )
            painted += await paints(page)
            await page.close()
            await sending
        page = await opened.page(app.overlay_url("alerts", token))
        await until(acknowledged, within_s=40)
        await page.wait_for_function(CONFIRMED)
        painted += await paints(page)
        (memory,) = await page.evaluate("() => Object.values(localStorage).map(JSON.parse)")
        assert await opened.found_fault() == []
    assert set(memory["seen"]) == set(gifts)
    assert memory["open"] == []
    assert len(painted) == len(set(painted))
    assert set(painted) <= set(gifts)  # what was painted while a page was closed is not read
    records = await app.journal.read(MAIN, after=0, limit=100_000)
    settled = [r.facts["gift_id"] for r in records if r.kind == "settle"]
    assert len(settled) == rounds * each
    assert sorted(settled) == sorted(gifts)
    assert faults_of(app.journal.path) == []


NASTY = (
    '<img src=x onerror="window.__ran=1">',
    "</script><script>window.__ran=1</script>",
    '"><svg onload="window.__ran=1">',
    "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    "{{7*7}}${7*7}",
)


async def test_what_viewers_write_is_text(app: App, browser: Browser) -> None:
    """Names and messages with markup are shown as they were typed."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        for at, text in enumerate(NASTY):
            kind = ("rose", "heart", "panda", "doughnut", "butterfly")[at]
            gift_id = await send(app, f"!gift {kind} {text}", by=text[:40])
            await shows(page, gift_id)
            assert text[:20] in await page.evaluate(LOOK)
            await say(app, "!alerts skip", role=Role.MODERATOR)
        assert await page.evaluate("() => window.__ran") == 0
        assert await page.locator("#stage img[src='x'], #stage iframe, #stage script").count() == 0
        assert await opened.found_fault() == []


async def test_bidi_zalgo_and_invisible_letters_are_tamed(app: App, browser: Browser) -> None:
    """Nobody turns the line around, climbs over it, or hides."""
    _, token = await add_source(app)
    zalgo = "Z" + "\u0301\u0352\u0489" * 40 + "algo"
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift_id = await send(app, f"!gift rose \u202egnp.elif {zalgo}", by=f"\u202e\u200b{zalgo}")
        await shows(page, gift_id)
        look = await page.evaluate(LOOK)
        assert not set(look) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u0000")
        assert look.count("\u0301") <= 8
        assert "algo" in look


async def test_the_chat_page_shows_nasty_lines_as_text(app: App, browser: Browser) -> None:
    """Viewers' names, lines and our replies alike."""
    async with window(browser) as opened:
        page = await opened.page(app.address("/login"))
        await logged_in(app, page)
        await overlay_in(page)
        await page.click("#add-open")
        await page.fill("#add-name", NASTY[0][:40])
        await page.press("#add-name", "Enter")
        await type_line(page, f"!gift {NASTY[0]}")
        await type_line(page, f"!gift rose {NASTY[1]}")
        assert NASTY[0] in await page.inner_text("#lines")
        assert await page.evaluate("() => window.__ran") == 0
        assert await page.locator("#lines img[src='x'], #lines iframe, #lines script").count() == 0
        assert await opened.found_fault() == []


async def test_obs_may_style_the_page_and_strangers_may_not_frame_it(
    app: App, browser: Browser
) -> None:
    """OBS's own Custom CSS works; a foreign page cannot take the overlay into a frame."""
    async with window(browser) as opened:
        page = await opened.page(app.preview_url())
        await connected(page)
        await page.evaluate(
            "() => { const style = document.createElement('style');"
            " style.innerHTML = 'body { outline: 3px solid red }'; document.head.append(style); }"
        )
        style = await page.evaluate("() => getComputedStyle(document.body).outlineWidth")
        assert style == "3px"
        assert await opened.found_fault() == []
        corners = await page.screenshot(omit_background=True, type="png")
        assert corners[:4] == b"\x89PNG"


async def test_a_dead_link_says_so_without_showing_itself(app: App, browser: Browser) -> None:
    """A rotated token: words for the streamer, no token on the stream."""
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", "no-longer-valid"))
        notice = page.locator("#notice")
        await page.wait_for_function("() => document.querySelector('#notice').textContent !== ''")
        assert "no longer valid" in await notice.inner_text()
        assert "no-longer-valid" not in await page.content()


async def test_pause_holds_gifts_back_and_resume_lets_them_play(app: App, browser: Browser) -> None:
    """A moderator's word reaches the screen."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await say(app, "!alerts pause", role=Role.MODERATOR)
        await page.wait_for_function("() => window.__giftcast.state().paused")
        gift_id = await send(app)
        await page.wait_for_function("() => window.__giftcast.state().waiting === 1")
        assert await shown(page) == []
        assert await state_of(app, gift_id) == "ready"
        await say(app, "!alerts resume", role=Role.MODERATOR)
        await shows(page, gift_id)


RUDE = "sesquipedalian"


async def typed(app: App, text: str, by: str = "Mia") -> tuple[str, str]:
    """A gift, and the key of the chat message that sent it."""
    gift_id = await send(app, text, by)
    record = await app.journal.books.find(MAIN, int(gift_id.partition("-")[0]))
    assert record is not None
    return gift_id, record.key


@pytest.mark.parametrize("kind", ["rose 3", "lion"])
async def test_words_deleted_in_chat_leave_the_screen_at_once(
    app: App, browser: Browser, kind: str
) -> None:
    """From a card and from the caption of a film; the gift plays on."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift_id, key = await typed(app, f"!gift {kind} {RUDE}")
        await shows(page, gift_id)
        assert RUDE in await page.evaluate(LOOK)
        await app.rulings.deleted(MAIN, key)
        await page.wait_for_function(f"() => !({LOOK})().includes({RUDE!r})", timeout=1_000)
        assert "Mia" in await page.evaluate(LOOK)
        assert await state_of(app, gift_id) == "settled"
        assert RUDE not in await page.content()
        assert await opened.found_fault() == []


async def test_words_deleted_while_a_gift_waits_never_come(app: App, browser: Browser) -> None:
    """In the page's own line, and from the server after a reload."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await say(app, "!alerts pause", role=Role.MODERATOR)
        card, card_key = await typed(app, f"!gift rose {RUDE}")
        film, film_key = await typed(app, f"!gift lion {RUDE}", by="Jonas")
        await page.wait_for_function("() => window.__giftcast.state().wings === 1")
        await app.rulings.deleted(MAIN, card_key)
        await app.rulings.deleted(MAIN, film_key)
        other = await opened.page(app.overlay_url("alerts", (await add_source(app, "other"))[1]))
        await connected(other)
        late, late_key = await typed(app, f"!gift heart {RUDE}", by="Aiko")
        await page.goto("about:blank")
        await app.rulings.deleted(MAIN, late_key)
        await page.goto(app.overlay_url("alerts", token))
        await connected(page)
        await watch_for(page, RUDE)
        await watch_for(other, RUDE)
        await say(app, "!alerts resume", role=Role.MODERATOR)
        await shows(page, card, film, late)
        assert [await page.evaluate("() => window.__seen") for page in (page, other)] == [0, 0]
        assert await opened.found_fault() == []


async def watch_for(page: Page, word: str) -> None:
    """Count from now on how often a word stands on the page."""
    await page.evaluate(
        "(word) => { window.__seen = 0; new MutationObserver(() => {"
        " if (document.body.textContent.includes(word)) window.__seen += 1; })"
        ".observe(document.body, {childList: true, subtree: true, characterData: true}); }",
        word,
    )

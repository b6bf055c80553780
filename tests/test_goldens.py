"""Widgets and films look as they did when somebody looked at them last."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from benchmarks.goldens import (
    FOUND,
    KEPT,
    Darkroom,
    Held,
    darkroom,
    golden,
    names,
    still,
    taken,
)
from benchmarks.reel import Cinema
from benchmarks.scenes import SMALL

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = 2
ALL_BYTES_MAX = 3_000_000
RENEW = "If that is meant: make goldens, look at goldens/index.html, and commit tests/goldens."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(cinema: Cinema) -> Darkroom:
    return await darkroom(cinema.browser)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sheets(cinema: Cinema, room: Darkroom) -> AsyncIterator[dict[str, "asyncio.Task[bytes]"]]:
    """All of them under way, a few at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def sheet(name: str) -> bytes:
        async with turns:
            return await room.sheet(await taken(cinema, name))

    tasks = {name: asyncio.create_task(sheet(name)) for name in names()}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


@pytest.mark.parametrize("name", names())
async def test_it_looks_as_it_did(
    sheets: dict[str, "asyncio.Task[bytes]"], room: Darkroom, name: str
) -> None:
    path = golden(name)
    assert path.exists(), f"{name} has no golden picture yet: run make goldens, and look at it."
    after = await sheets[name]
    held = await room.hold(path.read_bytes(), after)
    if not held.alike:
        FOUND.mkdir(exist_ok=True)
        for kind, picture in (("now", after), ("difference", held.picture)):
            (FOUND / f"{name}-{kind}.webp").write_bytes(picture)
        pytest.fail(f"{name}: {held}. See goldens/{name}-difference.webp. {RENEW}")


async def test_no_golden_is_left_over_and_all_are_small() -> None:
    kept = {path.stem: path.stat().st_size for path in KEPT.glob("*.webp")}
    assert sorted(kept.keys() - set(names())) == []
    assert sum(kept.values()) < ALL_BYTES_MAX


Compare = Callable[[str], Awaitable[Held]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def compare(cinema: Cinema, room: Darkroom) -> Compare:
    """Holds a panel with a style sheet more against the panel as it is."""

    async def sheet(css: str) -> bytes:
        def style(page: Page) -> Awaitable[Any]:
            return page.add_style_tag(content=f"/**/{css}")

        return await room.sheet([await still(cinema, "ticker", SMALL, style)])

    before = await sheet("")

    async def held(css: str) -> Held:
        return await room.hold(before, await sheet(css))

    return held


@pytest.mark.parametrize(
    ("what", "css"),
    [
        ("moved", ".panel { transform: translateY(12px) }"),
        ("one picture turned", ".sent:first-child .sent-art { transform: rotate(90deg) }"),
        ("recoloured", ".panel { --plate: rgba(90, 20, 30, .86) }"),
        ("one count gone", ".sent-count { visibility: hidden }"),
        ("larger letters", ".sent-name { font-size: 150% }"),
    ],
)
async def test_a_change_that_one_sees_is_caught(compare: Compare, what: str, css: str) -> None:
    held = await compare(css)
    assert not held.alike, (what, str(held))


@pytest.mark.parametrize(
    ("what", "css"),
    [
        ("nothing", ""),
        ("fatter letters", ".panel { -webkit-text-stroke: .3px }"),
        ("letters half a pixel off", ".sent-name { text-indent: .5px }"),
        ("a shade darker", ".panel { opacity: .98 }"),
    ],
)
async def test_what_another_machine_s_letters_change_is_not(
    compare: Compare, what: str, css: str
) -> None:
    held = await compare(css)
    assert held.alike, (what, str(held))

"""Errands: deeds that wait for the journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from bot.errands import Errands
from data.errors import Code, GiftError


@asynccontextmanager
async def working(errands: Errands) -> AsyncIterator[None]:
    task = asyncio.create_task(errands.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def done(errands: Errands) -> None:
    await errands.finish(5)


async def test_with_one_hand_they_are_done_in_order() -> None:
    errands, seen = Errands(), []

    async def deed(number: int) -> None:
        await asyncio.sleep(0)
        seen.append(number)

    async with working(errands):
        for number in range(20):
            assert errands.add("test", partial(deed, number))
        await done(errands)
    assert seen == list(range(20))


@pytest.mark.parametrize("code", [Code.BUSY, Code.JOURNAL_DOWN])
async def test_what_was_not_decided_is_tried_again_at_growing_pauses(code: Code) -> None:
    tries, pauses = 0, []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def deed() -> None:
        nonlocal tries
        tries += 1
        if tries < 6:
            raise GiftError(code)

    errands = Errands(retry_s=(1.0, 5.0), pause=pause)
    async with working(errands):
        errands.add("test", deed)
        await done(errands)
    assert tries == 6
    assert pauses == [1.0, 2.0, 4.0, 5.0, 5.0]


async def test_what_was_refused_or_fails_does_not_keep_others_waiting() -> None:
    seen: list[str] = []

    async def refused() -> None:
        seen.append("refused")
        raise GiftError(Code.KEY_REUSED)

    async def broken() -> None:
        seen.append("broken")
        raise ValueError("a fault of ours")

    async def fine() -> None:
        seen.append("fine")

    errands = Errands()
    async with working(errands):
        for deed in (refused, broken, fine):
            errands.add("test", deed)
        await done(errands)
    assert seen == ["refused", "broken", "fine"]


async def test_with_several_hands_one_that_waits_holds_nobody_up() -> None:
    gate, seen = asyncio.Event(), []

    async def fine(number: int) -> None:
        seen.append(number)

    errands = Errands(hands=2)
    async with working(errands):
        errands.add("test", gate.wait)
        for number in range(3):
            errands.add("test", partial(fine, number))
        async with asyncio.timeout(5):
            while len(seen) < 3:  # noqa: ASYNC110 - what is waited for sets no event
                await asyncio.sleep(0)
        gate.set()
        await done(errands)


async def test_what_is_too_much_is_let_go_and_said_so() -> None:
    errands = Errands(most=2)
    asked = [errands.add("test", asyncio.Event().wait) for _ in range(3)]
    assert asked == [True, True, False]


async def test_the_end_does_not_wait_for_ever() -> None:
    errands = Errands()
    async with working(errands):
        errands.add("test", asyncio.Event().wait)
        async with asyncio.timeout(5):
            await errands.finish(0.01)

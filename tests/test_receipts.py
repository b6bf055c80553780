"""What a page says it has shown is settled many at a time, and no page is kept waiting for it."""

import asyncio
from collections.abc import Sequence

import pytest

from overlay import receipts
from overlay.receipts import Receipts


class Disk:
    """Settles when it is let. batches: what was settled at once."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.free = asyncio.Semaphore(0)

    async def settle(self, gift_ids: Sequence[str]) -> None:
        await self.free.acquire()
        self.batches.append(list(gift_ids))


async def test_what_comes_while_the_disk_works_goes_in_one_batch() -> None:
    """One by one, a page in a storm would wait for the disk once for every gift."""
    disk = Disk()
    page = Receipts(disk.settle)
    await page.add(["1"])
    await asyncio.sleep(0)
    for gift in ("2", "3", "4", "3"):
        await page.add([gift])
    disk.free.release()
    disk.free.release()
    await page.finish()
    assert disk.batches == [["1"], ["2", "3", "4"]]
    disk.free.release()
    await page.add(["5"])
    await page.finish()
    assert disk.batches[-1] == ["5"]


async def test_a_page_far_ahead_of_the_disk_is_not_read_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receipts, "GATHERED_MAX", 3)
    disk = Disk()
    page = Receipts(disk.settle)
    await page.add(["1"])
    await asyncio.sleep(0)
    await page.add(["2", "3"])
    waiting = asyncio.create_task(page.add(["4"]))
    await asyncio.sleep(0)
    assert not waiting.done()
    disk.free.release()
    disk.free.release()
    await waiting
    assert disk.batches == [["1"], ["2", "3", "4"]]


async def test_what_settling_raises_ends_the_page_s_connection() -> None:
    async def settle(_: Sequence[str]) -> None:
        raise RuntimeError("a fault of ours")

    page = Receipts(settle)
    await page.add(["1"])
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError):
        await page.add(["2"])


async def test_a_page_that_is_cut_leaves_nothing_running() -> None:
    disk = Disk()
    page = Receipts(disk.settle)
    page.stop()
    await page.add(["1"])
    await asyncio.sleep(0)
    page.stop()
    with pytest.raises(asyncio.CancelledError):
        await page.finish()
    assert disk.batches == []

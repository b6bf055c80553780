"""How things are measured: loops of callers, percentiles, the pace of a disk."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_BLOCK = os.urandom(4096)
_BLOCKS = 1_000
_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a loop of callers reached. cpu_us: processor time of this process for one act."""

    per_s: float
    cpu_us: float
    p50_ms: float
    p99_ms: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


async def closed_loop(
    callers: int, seconds: float, act: Callable[[int], Awaitable[object]]
) -> Pace:
    """So many callers, each acting again as soon as it is answered, and once at least. act: gets
    a number, a new one each time."""
    loop = asyncio.get_running_loop()
    took: list[float] = []
    numbers = iter(range(1 << 62))
    began, cpu = loop.time(), time.process_time()
    end = began + seconds

    async def caller() -> None:
        for number in numbers:
            start = time.perf_counter()
            await act(number)
            took.append(time.perf_counter() - start)
            if loop.time() >= end:
                return

    await asyncio.gather(*(caller() for _ in range(callers)))
    passed, spent = loop.time() - began, time.process_time() - cpu
    return Pace(
        len(took) / passed,
        spent / len(took) * 1e6,
        percentile(took, 0.5) * 1e3,
        percentile(took, 0.99) * 1e3,
    )


async def fixed_loop(
    callers: int, acts: int, act: Callable[[int], Awaitable[object]]
) -> tuple[float, float]:
    """So many acts shared by so many callers: (seconds, processor seconds) of one act."""
    numbers = iter(range(acts))
    began, cpu = time.perf_counter(), time.process_time()

    async def caller() -> None:
        for number in numbers:
            await act(number)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return (time.perf_counter() - began) / acts, (time.process_time() - cpu) / acts


class Disk:
    """The yardstick of everything durable: 4 KiB written in place, then fdatasync."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "yardstick"
        with self._path.open("wb") as file:
            for _ in range(_BLOCKS):
                file.write(_BLOCK)
            file.flush()
            os.fsync(file.fileno())

    def syncs_per_s(self, seconds: float) -> float:
        """How many of them a second; the calling thread waits."""
        handle = os.open(self._path, os.O_RDWR)
        try:
            count, began = 0, time.perf_counter()
            while time.perf_counter() - began < seconds:
                os.lseek(handle, (count % _BLOCKS) * len(_BLOCK), os.SEEK_SET)
                os.write(handle, _BLOCK)
                _sync(handle)
                count += 1
            return count / (time.perf_counter() - began)
        finally:
            os.close(handle)

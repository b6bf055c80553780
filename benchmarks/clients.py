"""The other end of `benchmarks/client.py`: pages in a process of their own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.client import ANSWER_MAX
from benchmarks.place import ROOT, many_files


@dataclass(frozen=True, slots=True)
class Report:
    """What a crowd of pages received. closed: how many the server has ended."""

    p50_ms: float
    p99_ms: float
    most_ms: float
    least_received: int
    received: int
    closed: int


class Clients:
    """A process full of pages."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def connect(
        self, port: int, tokens: Sequence[str], *, raw: bool = False, acks: bool = False
    ) -> None:
        """One page for each token; returns when all are welcomed."""
        await self.order(do="connect", port=port, tokens=list(tokens), raw=raw, acks=acks)

    async def clear(self) -> None:
        """Forget what came so far."""
        await self.order(do="clear")

    async def report(self) -> Report:
        """What came since."""
        return Report(**await self.order(do="report"))

    async def order(self, **order: Any) -> Any:
        """Have something done there and get its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the client process has ended")
        return json.loads(answer)


@asynccontextmanager
async def clients() -> AsyncIterator[Clients]:
    """A client process, ended afterwards."""
    many_files()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.client", cwd=ROOT, limit=ANSWER_MAX,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Clients(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()

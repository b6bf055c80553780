"""A process beside the benchmark that obeys: orders and answers are lines of JSON."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.place import ROOT, many_files

LINE_MAX = 1 << 24


class Helper:
    """The benchmark's end of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def order(self, **order: Any) -> Any:
        """Have something done there and get its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the helping process has ended")
        return json.loads(answer)


@asynccontextmanager
async def helper(*module: str) -> AsyncIterator[Helper]:
    """A module, with its arguments, as a program; ended afterwards."""
    many_files()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, cwd=ROOT, limit=LINE_MAX,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Helper(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


async def obey(act: Callable[[dict[str, Any]], Awaitable[Any]]) -> None:
    """The program's end: carry out orders until there are no more."""
    many_files()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LINE_MAX)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(await act(json.loads(line))), flush=True)

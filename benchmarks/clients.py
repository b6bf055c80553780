"""The other end of `benchmarks/client.py`: pages in a process of their own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.helper import Helper, helper


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

    def __init__(self, helping: Helper) -> None:
        self.order = helping.order

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


@asynccontextmanager
async def clients() -> AsyncIterator[Clients]:
    """A client process, ended afterwards."""
    async with helper("benchmarks.client") as helping:
        yield Clients(helping)

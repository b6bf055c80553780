"""Turns: the commands of one viewer are submitted in order, and their verdicts awaited together.

A turn begins when the one before it has submitted what it asks for; by then its place in the
journal is certain, and both may be carried by one commit. A command whose outcome does not
follow from the journal's judgement alone waits until all before it are decided.
"""

import asyncio


class Turn:
    """The place of one command among those of its viewer. Made in order, each after the last."""

    def __init__(self, before: "Turn | None" = None) -> None:
        self._before = before
        self._submitted = asyncio.Event()
        self._decided = asyncio.Event()

    async def begin(self) -> None:
        """Wait until the one before has submitted, or has nothing to submit."""
        if self._before is not None:
            await self._before._submitted.wait()

    async def alone(self) -> None:
        """Wait until all before are decided."""
        while self._before is not None:
            await self._before._decided.wait()
            self._pass_over()

    def submit(self) -> None:
        """What this one asks for takes its place in the journal before anything else happens:
        the next may follow."""
        self._submitted.set()

    def end(self) -> None:
        """This one is decided."""
        self._submitted.set()
        self._decided.set()
        self._pass_over()

    def _pass_over(self) -> None:
        """Let go of those that are decided, so that a line of turns does not grow for ever."""
        while self._before is not None and self._before._decided.is_set():
            self._before = self._before._before

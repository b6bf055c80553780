"""Turns: the commands of one viewer are submitted in order, and their verdicts awaited together.

A turn begins when the one before it has submitted what it asks for; by then its place in the
journal is certain, and both may be carried by one commit. A command whose outcome does not
follow from the journal's judgement alone waits until all before it are decided.
"""

from asyncio import Event


class Turn:
    """The place of one command among those of its viewer. Made in order, each after the last.

    submitted: its place in the journal is certain, or it needs none. decided: it has ended.
    """

    def __init__(self, before: "Turn | None" = None) -> None:
        self.before = before
        self.submitted = Event()
        self.decided = Event()

    async def begin(self) -> None:
        """Wait until the one before has submitted."""
        if self.before is not None:
            await self.before.submitted.wait()

    async def alone(self) -> None:
        """Wait until all before are decided."""
        while self.before is not None:
            await self.before.decided.wait()
            self._pass_over()

    def submit(self) -> None:
        """To be called right before the journal is asked: the next may follow."""
        self.submitted.set()

    def end(self) -> None:
        """This one is decided."""
        self.submitted.set()
        self.decided.set()
        self._pass_over()

    def _pass_over(self) -> None:
        """Let go of those that are decided, so that a line of turns does not grow for ever."""
        while self.before is not None and self.before.decided.is_set():
            self.before = self.before.before

"""How many lines a chat takes from one speaker within a period; what is more is refused."""

import time
from collections import deque


class Allowance:
    """A sliding window. most: the most lines that stood in it; refused: how many were too many."""

    def __init__(self, count: int, period_s: float) -> None:
        self.count = count
        self.period_s = period_s
        self.most = self.refused = 0
        self._spent: deque[float] = deque()

    def wait_s(self) -> float:
        """Take a line: 0, or the seconds until the next one is allowed."""
        now = time.monotonic()
        while self._spent and now - self._spent[0] >= self.period_s:
            self._spent.popleft()
        if len(self._spent) >= self.count:
            self.refused += 1
            return self.period_s - (now - self._spent[0])
        self._spent.append(now)
        self.most = max(self.most, len(self._spent))
        return 0.0

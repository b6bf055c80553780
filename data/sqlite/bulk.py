"""Many rows in one statement.

Each step of a statement lets another thread have Python's lock and takes it back. With a row a
step that costs more than the row does, when the event loop is busy at the same time.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import apsw

_SIZES = (64, 16, 4, 2, 1)  # few, so that their statements stay prepared


class Insert:
    """An `INSERT … VALUES` of rows of one width. tail: what comes behind the rows."""

    def __init__(self, head: str, width: int, tail: str = "") -> None:
        row = f"({','.join('?' * width)})"
        self._texts = [(n, f"{head} VALUES {','.join([row] * n)} {tail}") for n in _SIZES]
        self._one = self._texts[-1][1]

    def run(self, cursor: apsw.Cursor, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert them all, in their order."""
        left, at = list(rows), 0
        if len(left) == 1:
            cursor.execute(self._one, left[0])
            return
        for size, text in self._texts:
            while len(left) - at >= size:
                cursor.execute(text, tuple(chain.from_iterable(left[at : at + size])))
                at += size

"""Many rows in one statement.

Each step of a statement lets another thread have Python's lock and takes it back. With a row a
step that costs more than the row does, when the event loop is busy at the same time.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import apsw

_MANY, _FEW = 64, 4


class Insert:
    """An `INSERT … VALUES` of rows of one width. tail: what comes behind the rows."""

    def __init__(self, head: str, width: int, tail: str = "") -> None:
        row = f"({','.join('?' * width)})"
        sizes = (_MANY, _MANY // _FEW, *range(_FEW, 0, -1))  # few, so that they stay prepared
        self._texts = {n: f"{head} VALUES {','.join([row] * n)} {tail}" for n in sizes}

    def run(self, cursor: apsw.Cursor, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert them all, in their order."""
        left, at = list(rows), 0
        if text := self._texts.get(len(left)):  # a lone gift, or a full batch
            cursor.execute(text, tuple(chain.from_iterable(left)))
            return
        for size, text in self._texts.items():
            while len(left) - at >= size:
                cursor.execute(text, tuple(chain.from_iterable(left[at : at + size])))
                at += size

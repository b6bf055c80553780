"""Once: Twitch delivers at least once, and says under which id."""

from collections import OrderedDict
from typing import Any

REMEMBERED = 10_000


class Once:
    """The ids of the newest notifications, so that a repeat costs nothing.

    It only saves work: what may count once is decided by keys in the journal, which a restart
    does not forget.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()

    def first(self, event: Any) -> bool:
        """Whether this notification (as twitchio gives it) was not seen before."""
        told = event.metadata
        if told is None:
            return True
        known = told.message_id in self._seen
        self._seen[told.message_id] = None
        self._seen.move_to_end(told.message_id)
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return not known

"""Where people were last heard, so that they can be told something there."""

from collections import OrderedDict
from collections.abc import Sequence

PEOPLE_MAX = 5_000


class Whereabouts:
    """The channel in which each person last typed or called.

    A direct message would be more private, but Discord lets a bot open few of them.
    """

    def __init__(self, channel_ids: Sequence[str]) -> None:
        self._usual = int(channel_ids[0]) if channel_ids else None
        self._people: OrderedDict[str, int] = OrderedDict()

    def note(self, user_id: str, channel_id: int) -> None:
        """Somebody is here now."""
        self._people[user_id] = channel_id
        self._people.move_to_end(user_id)
        if len(self._people) > PEOPLE_MAX:
            self._people.popitem(last=False)

    def of(self, user_id: str) -> int | None:
        """Their channel; of somebody not heard yet the usual one, else where chat is going on."""
        latest = next(reversed(self._people.values()), None)
        return self._people.get(user_id, self._usual or latest)

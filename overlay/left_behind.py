"""Links in OBS that a new port leaves behind: they name the one that was listened to before."""

from collections.abc import Iterable
from typing import Protocol

from overlay.entry import PREVIEW
from overlay.stages import MAIN

NAMED_MAX = 20  # sources


class Named(Protocol):
    """A source, as far as a command names it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def stage(self) -> str:
        """Whose gifts it shows."""


def left_behind(port: int, before: int | None, sources: Iterable[Named]) -> str:
    """What to know when links with this port were given out; empty when nothing is left behind.
    before: the port that links named until now. sources: those whose links were not given."""
    words = {
        each.name + ("" if each.stage == MAIN else f" --stage {each.stage}")
        for each in sources
        if each.name != PREVIEW
    }
    named = ", ".join(sorted(words)[:NAMED_MAX])
    if before in (None, port) or not named:
        return ""
    return (
        f"Every start listens on port {port} from now on, no more on {before}. Links that name "
        f"port {before} are dead then; for new ones: giftcast source rotate, for each of these: "
        f"{named}"
    )

"""Links in OBS that a new port leaves behind: they name the one that was listened to before."""

from collections.abc import Iterable

from overlay.entry import PREVIEW

NAMED_MAX = 20  # sources


def left_behind(port: int, before: int | None, sources: Iterable[str]) -> str:
    """What to know when links with this port were given out; empty when nothing is left behind.
    before: the port that links named until now. sources: those whose links were not given."""
    named = ", ".join(sorted(set(sources) - {PREVIEW})[:NAMED_MAX])
    if before in (None, port) or not named:
        return ""
    return (
        f"Every start listens on port {port} from now on, no more on {before}. Links that name "
        f"port {before} are dead then; for new ones: giftcast source rotate, for each of these: "
        f"{named}"
    )

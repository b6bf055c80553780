"""How often art flashes, measured as large as a film shows it on a stream."""

from collections.abc import Sequence

from overlay.flashing import Grid, judge
from overlay.formats import FLASHES_MAX, ArtRefusedError

SIDE = 19  # cells of the art …
WIDE, TALL = 36, 27  # … in a view of so many
EMPTY = bytes(4)
SLOW_MS = 33  # frames that stand at least so long are looked at 30 times a second, others 60
LOOPED_MS = 2_500


def flashes(cells: Sequence[bytes], times_ms: Sequence[int]) -> float:
    """The most flashes within a second. cells: each frame as SIDE × SIDE cells of R, G, B, A;
    times_ms: how long each stands. It is looked at as it loops."""
    rate = 30 if min(times_ms) >= SLOW_MS else 60
    length = max(1, sum(times_ms))
    looked_ms = min(2 * length, max(length + 1_500, LOOPED_MS)) if len(cells) > 1 else 0
    if length < LOOPED_MS and len(cells) > 1:
        looked_ms = LOOPED_MS
    ends: list[int] = []
    for time in times_ms:
        ends.append((ends[-1] if ends else 0) + time)
    views = [_view(each) for each in cells]
    shown: list[bytes] = []
    at = 0
    for tick in range(looked_ms * rate // 1_000):
        now = (tick * 1_000 // rate) % length
        if at and now < ends[at - 1]:
            at = 0
        while ends[at] <= now:
            at += 1
        shown.append(views[at])
    if not shown:
        return 0.0
    verdict = judge(shown, Grid(WIDE, TALL, rate))
    return max(verdict.general, verdict.red)


def refuse_flashing(found: float) -> None:
    """Raises `ArtRefusedError` when it flashes more than three times a second."""
    if found > FLASHES_MAX:
        raise ArtRefusedError(
            f"It flashes {found:g} times within a second, which can hurt people (WCAG 2.3.1).",
            f"At most {FLASHES_MAX}: slow the changes down, or make them fainter or smaller.",
        )


def _view(cells: bytes) -> bytes:
    """The view with the art in its middle and nothing around it."""
    left, top = (WIDE - SIDE) // 2, (TALL - SIDE) // 2
    rows = [EMPTY * WIDE] * top
    for y in range(SIDE):
        row = cells[y * SIDE * 4 : (y + 1) * SIDE * 4]
        rows.append(EMPTY * left + row + EMPTY * (WIDE - SIDE - left))
    rows += [EMPTY * WIDE] * (TALL - SIDE - top)
    return b"".join(rows)

"""How often a moving picture flashes, after WCAG 2.3.1 (three flashes or below threshold).

A general flash is a pair of opposing changes of relative luminance of 10 % of the maximum or more
where the darker state is below 0.80; a red flash a pair of opposing changes to or from a saturated
red. Only what covers a quarter of some 341 × 256 block of a 1024 × 768 view counts, that is of a
third of the picture either way. More than three in a second fail.

Two counts are made in each block, and the worse one is the verdict: flashes of the same quarter,
whether its cells change together or not (noise, checkers), and times at which a quarter more, then
a quarter less of the block is bright (lights here and there). What merely moves past, brightening
the block once and darkening it once, is one flash.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_PER_S = 3
STEP = 0.1  # of the relative luminance
DARK = 0.8
RED_STEP = 20 / 320  # of R − G − B, linear
SATURATED = 0.8
SHARE = 0.25  # of a block
STRIDE = 4  # cells between blocks
Frame = bytes  # R, G, B, A of each cell, row by row, not premultiplied
Cells = list[float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The most flashes within any second. Half a flash is a single change."""

    general: float
    red: float

    @property
    def passes(self) -> bool:
        """Whether it may be shown."""
        return max(self.general, self.red) <= MOST_PER_S


@dataclass(frozen=True, slots=True)
class Grid:
    """How many cells a frame has, and how many frames make a second."""

    wide: int
    tall: int
    rate: int = 30


def _linear(byte: int) -> float:
    share = byte / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


_LINEAR = [_linear(byte) for byte in range(256)]


def judge(frames: Sequence[Frame], grid: Grid, grounds: Sequence[int] = (0, 255)) -> Verdict:
    """The worst over grey grounds (0: black … 255: white) on which the picture may lie."""
    worst_general = worst_red = 0.0
    for ground in grounds:
        views = [_over(frame, ground) for frame in frames]
        general = [[_luminance(*cell) for cell in view] for view in views]
        red = [[_redness(*cell) for cell in view] for view in views]
        worst_general = max(worst_general, _most(general, grid, STEP, lambda low: low < DARK))
        worst_red = max(worst_red, _most(red, grid, RED_STEP, lambda _low: True))
    return Verdict(worst_general, worst_red)


def _over(frame: Frame, ground: int) -> list[tuple[float, float, float]]:
    """Linear colours of the frame on a grey ground; the page blends in sRGB, and so does this."""
    cells = []
    for i in range(0, len(frame), 4):
        alpha = frame[i + 3]
        if alpha == 0:
            cells.append((_LINEAR[ground],) * 3)
            continue
        rest = ground * (255 - alpha)
        mixed = [_LINEAR[(frame[i + c] * alpha + rest) // 255] for c in range(3)]
        cells.append((mixed[0], mixed[1], mixed[2]))
    return cells


def _luminance(red: float, green: float, blue: float) -> float:
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _redness(red: float, green: float, blue: float) -> float:
    """R − G − B of a saturated red, otherwise 0."""
    total = red + green + blue
    return max(0.0, red - green - blue) if total > 0 and red / total >= SATURATED else 0.0


def _most(values: Sequence[Cells], grid: Grid, step: float, dark: Callable[[float], bool]) -> float:
    """The most flashes a second that any block sees."""
    changes = _changes(values, step, dark)
    pairs = _pairs(changes, grid.rate)
    most = 0.0
    for block in _blocks(grid):
        most = max(most, _repeated(pairs, block, grid.rate), _swings(changes, block, grid.rate))
    return most


def _changes(
    values: Sequence[Cells], step: float, dark: Callable[[float], bool]
) -> list[dict[int, int]]:
    """By frame: the cells that have just changed by a step against their last extreme, ±1.

    A slow change counts in the frame in which it reaches the step; after that only the way back
    does.
    """
    found: list[dict[int, int]] = [{} for _ in values]
    low, high = list(values[0]), list(values[0])
    way = [0] * len(low)
    for frame, cells in enumerate(values):
        for cell, value in enumerate(cells):
            low[cell], high[cell] = min(low[cell], value), max(high[cell], value)
            if way[cell] <= 0 and value - low[cell] >= step and dark(low[cell]):
                found[frame][cell] = way[cell] = 1
            elif way[cell] >= 0 and high[cell] - value >= step and dark(value):
                found[frame][cell] = way[cell] = -1
            else:
                continue
            low[cell] = high[cell] = value
    return found


def _blocks(grid: Grid) -> list[set[int]]:
    """The cells of every block of a third of the picture either way."""
    wide, tall = max(1, grid.wide // 3), max(1, grid.tall // 3)
    return [
        {y * grid.wide + x for y in range(top, top + tall) for x in range(left, left + wide)}
        for top in range(0, grid.tall - tall + 1, STRIDE)
        for left in range(0, grid.wide - wide + 1, STRIDE)
    ]


def _pairs(changes: Sequence[dict[int, int]], rate: int) -> list[list[int]]:
    """By frame: the cells that have come back from a change within the last second."""
    found: list[list[int]] = [[] for _ in changes]
    open_since: dict[int, int] = {}
    for frame, changed in enumerate(changes):
        for cell in changed:
            if frame - open_since.pop(cell, -rate) < rate:
                found[frame].append(cell)
            else:
                open_since[cell] = frame
    return found


def _repeated(pairs: Sequence[list[int]], block: set[int], rate: int) -> float:
    """How often a quarter of the block has flashed within a second, cell by cell."""
    here = [[cell for cell in cells if cell in block] for cells in pairs]
    needed = math.ceil(SHARE * len(block))
    counts: Counter[int] = Counter()
    most = 0
    for frame, cells in enumerate(here):
        counts.update(cells)
        if frame >= rate:
            counts.subtract(here[frame - rate])
        while cells and sum(1 for count in counts.values() if count > most) >= needed:
            most += 1
    return float(most)


def _swings(changes: Sequence[dict[int, int]], block: set[int], rate: int) -> float:
    """How often within a second a quarter of the block has become brighter and darker again."""
    here = [[sign for cell, sign in changed.items() if cell in block] for changed in changes]
    needed = SHARE * len(block)
    level = low = high = way = most = 0
    turns: deque[int] = deque()
    for frame, signs in enumerate(here):
        level += sum(signs)
        low, high = min(low, level), max(high, level)
        while turns and frame - turns[0] >= rate:
            turns.popleft()
        if (way <= 0 and level - low >= needed) or (way >= 0 and high - level >= needed):
            way = 1 if way <= 0 and level - low >= needed else -1
            low = high = level
            turns.append(frame)
            most = max(most, len(turns))
    return most / 2

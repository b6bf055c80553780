"""Panels in sources that are cut low or narrow: what one is there for can be read; and words of a
train that stay clear of its steam."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops

from benchmarks.reel import Cinema, Reel, reel
from overlay.themes import HOUSE, shipped_names
from overlay.widget import discover
from tests.browser import HIDES
from tests.test_care import READ, contrasts

pytestmark = pytest.mark.asyncio(loop_scope="module")

PANELS = sorted(set(discover()) - {"alerts"})
LOW = ((900, 70), (1280, 80))
STILL_MS = 3_000
READABLE = 12  # px
# Counts on cells and headings beside what they head; a tag on a jar.
ASIDE = (
    "cell-count", "board-title", "step-name", "vase-tag", "credits-crown",
    "combo-record", "credits-coins",
)  # fmt: skip
LETTERS = f"""(aside) => ({READ})()
  .filter((each) => !each.matches("img, svg, svg *, canvas, .goal-name small"))
  .filter((each) => !aside.some((name) => each.closest(`.${{name}}`)))
  .map((each) => [parseFloat(getComputedStyle(each).fontSize), each.className, each.textContent])
  .filter(([px]) => px < {READABLE - 1})"""
OUTSIDE = f"""() => ({READ})().filter((each) => {{
  const at = each.getBoundingClientRect();
  return !each.closest(".track, .credits-roll") && (at.left < 0 || at.top < -1
    || at.right > innerWidth || at.bottom > innerHeight + 1);
}}).map((each) => each.className)"""
APART = """(names) => {
  const all = names.flatMap((name) => [...document.querySelectorAll(name)])
    .filter((each) => !each.hidden && each.getBoundingClientRect().width)
    .map((each) => [each.className, each.getBoundingClientRect()]);
  return all.flatMap(([name, one], at) => all.slice(at + 1)
    .filter(([, other]) => one.left < other.right - 1 && other.left < one.right - 1
      && one.top < other.bottom - 1 && other.top < one.bottom - 1)
    .map(([other]) => `${name} over ${other}`));
}"""

WITHIN = """(names) => {
  const [one, other] = names.map((name) => document.querySelector(name).getBoundingClientRect());
  return one.left >= other.left && one.right <= other.right;
}"""


@pytest.mark.parametrize("widget", PANELS)
async def test_a_panel_can_be_read_in_a_low_source(cinema: Cinema, widget: str) -> None:
    for size in LOW:
        async with reel(cinema, size, widget=widget, volume=0) as stage:
            await stage.demo(still=True)
            await stage.turn(STILL_MS, 100)
            assert await stage.page.evaluate(f"({READ})().length") > 0
            assert await stage.page.evaluate(LETTERS, list(ASIDE)) == [], size
            assert await stage.page.evaluate(OUTSIDE) == [], size


def frame(kind: str, **data: Any) -> Any:
    return {"v": 1, "seq": 0, "type": kind, "at": "2026-01-01T00:00:00Z", "data": data}


def battle(**more: Any) -> Any:
    def side(name: str, points: int) -> dict[str, Any]:
        return {"name": name, "points": points, "coins": points, "givers": 1, "best": None}

    data = {
        "battle_id": 1, "phase": "on", "began_at": None, "ends_at": None, "winner": None,
        "left": side("W" * 40, 1_234_567), "right": side("愛" * 30, 7_654_321), "boost": None,
    }  # fmt: skip
    return frame("battle.changed", **(data | more))


@pytest.mark.parametrize("size", [*LOW, (420, 60)])
async def test_a_battle_in_a_low_source_is_one_line(cinema: Cinema, size: tuple[int, int]) -> None:
    """Names give way to points and clock, whatever is going on."""
    states: tuple[dict[str, Any], ...] = (
        {},
        {"boost": {"times": 3, "ends_at": None}},
        {"phase": "counting"},
        {"phase": "over", "winner": "right", "ends_at": "2026-01-01T00:00:00Z"},
    )
    parts = [f".battle-{part}" for part in ("name", "points", "time", "boost", "crown", "bar")]
    async with reel(cinema, size, widget="battle", volume=0) as stage:
        for state in states:
            await stage.tell(battle(**state))
            await stage.turn(STILL_MS, 100)
            assert await stage.page.evaluate("() => window.reel.state().form") == "line"
            assert await stage.page.evaluate(APART, parts) == [], state
            assert await stage.page.evaluate(OUTSIDE) == [], state
            assert await stage.page.evaluate(
                f"() => !({HIDES})(document.querySelector('.battle-bar'))"
            )
            names = await stage.page.locator(".battle-name").all_inner_texts()
            assert [name[-1] for name in names] == ["…", "…"]


@pytest.mark.parametrize("theme", shipped_names())
@pytest.mark.parametrize("widget", ["battle", "entrance", "train"])
async def test_a_line_can_be_read_in_every_theme(cinema: Cinema, theme: str, widget: str) -> None:
    """Names and scores, that is; small signs on a ground of their own are measured too roughly."""
    words = {"battle": ("3,060", "2,410", "Ann Äpfel"), "entrance": ("Mira",), "train": ("Hype",)}
    async with reel(cinema, LOW[0], widget=widget, volume=0) as stage:
        if theme != HOUSE:
            await stage.wear(theme)
        await stage.demo(still=True)
        await stage.turn(STILL_MS, 100)
        if widget == "entrance":
            title = await stage.page.locator(".ribbon-title").inner_text()
            assert title == "Top gifter this month · 128,400 coins"
        pale = await contrasts(stage)
        assert [each for each in pale if any(word in each for word in words[widget])] == []


STEAM = 32  # of 255; letters that are drawn anew may differ by half of it, steam by far more


def train(**more: Any) -> Any:
    data = {
        "train_id": "t", "phase": "riding", "number": 1, "level": 2, "levels_max": 5, "now": 300,
        "target": 1_125, "coins": 2_000, "window_s": 60, "ends_at": None, "riders": 0,
        "contributors": [], "best": None,
    }  # fmt: skip
    return frame("train.changed", **(data | more))


async def head(stage: Reel) -> Image.Image:
    """What the words of a train look like now."""
    shot = await stage.page.locator(".train-head").screenshot()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def far(one: Image.Image, other: Image.Image) -> int:
    """How much two pictures differ where they differ most, 0 … 255."""
    return max(ImageChops.difference(one, other).tobytes())


@pytest.mark.parametrize("size", [(700, 190), (420, 480), (900, 70)])
async def test_the_words_of_a_train_stay_clear_of_its_steam(
    cinema: Cinema, size: tuple[int, int]
) -> None:
    async with reel(cinema, size, widget="train", volume=0) as stage:
        await stage.tell(train())
        await stage.turn(STILL_MS, 100)
        before = await head(stage)
        for more in range(1, 4):
            await stage.tell(train(coins=2_000 + more))
            await stage.turn(250, 50)
        assert await stage.page.locator(".train-puff").count() > 3
        assert far(await head(stage), before) < STEAM
        await stage.turn(STILL_MS, 100)
        assert await stage.page.locator(".train-puff").count() == 0


@pytest.mark.parametrize("size", [(700, 190), (420, 480), (900, 70)])
async def test_what_a_train_calls_out_fits_into_it(cinema: Cinema, size: tuple[int, int]) -> None:
    async with reel(cinema, size, widget="train", volume=0) as stage:
        await stage.tell(train(phase="boarding", level=0))
        await stage.turn(STILL_MS, 100)
        await stage.tell(train())
        await stage.turn(900, 50)
        assert await stage.page.locator(".train-cheer").inner_text() == "Off we go: level 2!"
        assert await stage.page.evaluate(WITHIN, [".train-cheer", ".train-card"])

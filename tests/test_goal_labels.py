"""The words of a goal, drawn: its own name, and those of its steps, however close they are."""

from typing import Any

import pytest

from benchmarks.reel import Cinema, Reel, reel

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = ((1280, 720), (640, 120), (240, 600))  # a stream, a bar, a pillar
LABELS = """() => [...document.querySelectorAll(".step-name")].filter((each) => each.textContent)
  .map((each) => { const { left, top, right, bottom } = each.getBoundingClientRect();
    return { text: each.textContent, at: [left, top, right, bottom] }; })"""
CARD = """() => {
  const card = document.querySelector(".goal-card").getBoundingClientRect();
  return [card.left, card.top, card.right, card.bottom];
}"""


async def told(stage: Reel, **more: Any) -> None:
    """The server tells of a goal."""
    goal = {
        "goal_id": "chair",
        "place": 0,
        "name": "A chair",
        "counts": "coins",
        "gift": None,
        "now": 2440,
        "target": 5000,
        "period": "week",
        "segments": [],
        **more,
    }
    frame = {"v": 1, "seq": 1, "type": "goal.changed", "at": "2026-01-01T00:00:00Z", "data": goal}
    await stage.tell(frame)
    await stage.turn(2_000, 100)


def collide(labels: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Those of which one lies over the other."""
    found = []
    for at, one in enumerate(labels):
        for other in labels[at + 1 :]:
            a, b = one["at"], other["at"]
            if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1:
                found.append((one["text"], other["text"]))
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("now", [0, 2440, 9000])
async def test_close_steps_are_all_named_and_none_lies_over_another(
    cinema: Cinema, size: tuple[int, int], now: int
) -> None:
    """In whole words, inside the card."""
    names = ["Karaoke night", "Hot sauce challenge", "Chat picks"]
    ats = (2300, 2500, 2600)
    steps = [{"at": at, "name": name} for at, name in zip(ats, names, strict=True)]
    async with reel(cinema, size, widget="goal", volume=0) as stage:
        await told(stage, segments=steps, now=now)
        labels = await stage.page.evaluate(LABELS)
        assert [label["text"] for label in labels] == names
        assert collide(labels) == []
        left, top, right, bottom = await stage.page.evaluate(CARD)
        for label in labels:
            at = label["at"]
            assert left <= at[0] <= at[2] <= right
            assert top <= at[1] <= at[3] <= bottom


@pytest.mark.parametrize("size", SIZES)
async def test_of_very_many_steps_those_that_matter_now_are_named(
    cinema: Cinema, size: tuple[int, int]
) -> None:
    steps = [{"at": 100 * at, "name": f"{at}. step"} for at in range(1, 21)]
    async with reel(cinema, size, widget="goal", volume=0) as stage:
        await told(stage, segments=steps, now=1050)
        labels = await stage.page.evaluate(LABELS)
        assert 3 <= len(labels) < 20
        assert collide(labels) == []
        assert {10, 11} <= {int(label["text"].split(".")[0]) for label in labels}


async def test_the_demonstration_s_name_is_whole(cinema: Cinema) -> None:
    """In smaller letters rather than cut; a still longer one is cut."""
    async with reel(cinema, SIZES[0], widget="goal", volume=0) as stage:
        await stage.demo(still=True)
        assert await stage.page.inner_text(".goal-name bdi") == "A new chair for the stream"
        await told(stage, name="A chair " * 9)
        assert (await stage.page.inner_text(".goal-name bdi")).endswith("…")
        fits = "(name) => name.scrollWidth <= name.clientWidth + 1"
        assert await stage.page.eval_on_selector(".goal-name", fits)

"""Everybody who sent something is named on the screen, however many came at once.

The real page on a clock turned by hand; what its elements say is read off them.
"""

import pytest

from benchmarks.reel import Cinema, Reel, reel, sent
from data.catalogue import shipped

pytestmark = pytest.mark.asyncio(loop_scope="module")

GIFTS = {gift["id"]: gift for gift in shipped()}
SMALL = ("rose", "heart", "panda", "doughnut", "butterfly", "clap", "coffee", "star", "popcorn")
# Which viewers stand on the screen with their whole name.
WATCH = r"""() => {
  const named = (window.named = new Set());
  const look = () => {
    for (const line of document.querySelectorAll(".card-name, .card-message, .hero-name"))
      if (!line.closest("[hidden]"))
        for (const name of line.textContent.match(/viewer\d+x/g) ?? []) named.add(name);
  };
  new MutationObserver(look).observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true });
}"""
HEAR = "(frames) => Promise.all(frames.map(window.reel.hear))"
IDLE = """() => {
  const { hero, wings, waiting, lanes } = window.reel.state();
  return !hero && !wings && !waiting && !lanes.length;
}"""


async def unnamed(stage: Reel, gifts: list[str], *, most_s: int) -> list[str]:
    """Who sent one of these, each their own, in a second and was not named until all was over."""
    await stage.page.evaluate(WATCH)
    frames = [
        sent(GIFTS[gift], gift_id=f"{at + 1}-x", viewer=f"viewer{at}x")
        for at, gift in enumerate(gifts)
    ]
    for at in range(0, len(frames), 10):
        await stage.page.evaluate(HEAR, frames[at : at + 10])
        await stage.turn(10_000 / len(gifts), 100)
    for _ in range(most_s):
        await stage.turn(1000, 200)
        if await stage.page.evaluate(IDLE):
            break
    else:
        raise AssertionError(f"still busy after {most_s} s")
    named = set(await stage.page.evaluate("() => [...window.named]"))
    return sorted({f"viewer{at}x" for at in range(len(gifts))} - named)


@pytest.mark.parametrize(("gift", "count"), [("lion", 15), ("galaxy", 30)])
async def test_all_who_share_a_film_are_named(cinema: Cinema, gift: str, count: int) -> None:
    async with reel(cinema, (1280, 720), volume=0, fx="low") as stage:
        assert await unnamed(stage, [gift] * count, most_s=90) == []


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920)])
async def test_all_of_a_crowd_are_named(cinema: Cinema, size: tuple[int, int]) -> None:
    async with reel(cinema, size, volume=0, fx="low") as stage:
        gifts = [SMALL[at % len(SMALL)] for at in range(300)]
        assert await unnamed(stage, gifts, most_s=60) == []

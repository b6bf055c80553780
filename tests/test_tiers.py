"""The same gift in each tier, frame by frame: every tier shows more than the one before."""

from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.camera import picture
from benchmarks.reel import Cinema, Reel, reel
from data.catalogue import shipped

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZE = (1280, 720)
TIERS = range(1, 8)
ALIVE_MAX = 420
# The page's own measures: sparks in the air, the art's width (px), elements of the card.
_SEEN = """() => ({
  sparks: window.reel.state().sparks,
  art: document.querySelector(".card-art").offsetWidth,
  light: Number(getComputedStyle(document.querySelector(".card-halo")).opacity),
  layers: document.querySelectorAll(".card, .card *").length,
})"""


@dataclass(frozen=True)
class Arrival:
    """How a card comes in. sparks: the most at once; light: the most behind the art, 0 to 1;
    pictures: frames by ms."""

    sparks: int
    art: int
    light: float
    layers: int
    pictures: dict[int, bytes]


async def arrival(cinema: Cinema, tier: int, **settings: Any) -> Arrival:
    crown = next(gift for gift in shipped() if gift["id"] == "crown")
    rules = {"volume": 0, "fx": "high", "hero_from_tier": 9, "hero_from_coins": 0, **settings}
    async with reel(cinema, SIZE, **rules) as film:
        await film.gift({**crown, "tier": tier})
        return await seen(film)


async def seen(film: Reel) -> Arrival:
    found, pictures = [], {}
    for ms in range(100, 1600, 100):
        await film.turn(100)
        found.append(await film.page.evaluate(_SEEN))
        if ms in (600, 1500):
            pictures[ms] = await picture(film.page)
    sparks, light = (max(each[key] for each in found) for key in ("sparks", "light"))
    return Arrival(sparks, found[-1]["art"], light, found[0]["layers"], pictures)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def arrivals(cinema: Cinema) -> dict[int, Arrival]:
    return {tier: await arrival(cinema, tier) for tier in TIERS}


@pytest.mark.parametrize("tier", TIERS[1:])
async def test_a_tier_shows_more_than_the_one_before(
    arrivals: dict[int, Arrival], tier: int
) -> None:
    before, now = arrivals[tier - 1], arrivals[tier]
    assert now.sparks >= before.sparks + 3
    assert now.art > before.art
    assert all(now.pictures[ms] != before.pictures[ms] for ms in now.pictures)


async def test_it_is_restrained(arrivals: dict[int, Arrival]) -> None:
    """Room for three lanes of the greatest, art that leaves the next lane its own, no more layers
    than a sheen."""
    assert all(3 * each.sparks <= ALIVE_MAX for each in arrivals.values())
    assert arrivals[7].art <= 1.5 * arrivals[1].art
    assert arrivals[1].light == 0 < arrivals[2].light < arrivals[3].light
    assert {each.layers - arrivals[1].layers for each in arrivals.values()} <= {0, 1}


async def test_the_same_gift_comes_in_the_same_way(
    cinema: Cinema, arrivals: dict[int, Arrival]
) -> None:
    """Or the frames would differ by themselves."""
    assert await arrival(cinema, 2) == arrivals[2]


async def test_calm_shows_tiers_by_size_and_light_and_nothing_flies(
    cinema: Cinema, arrivals: dict[int, Arrival]
) -> None:
    small, great = [await arrival(cinema, tier, calm=True) for tier in (1, 4)]
    assert small.sparks == great.sparks == 0
    assert small.light == great.light == 0
    assert (small.art, great.art) == (arrivals[1].art, arrivals[4].art)
    assert small.pictures[1500] != great.pictures[1500]


async def test_the_line_of_a_combo_waits_for_its_plate(cinema: Cinema) -> None:
    """Also of one that counts up before it is open."""
    fuse = "() => Number(getComputedStyle(document.querySelector('.card-fuse')).opacity)"
    async with reel(cinema, SIZE, volume=0) as film:
        rose = next(gift for gift in shipped() if gift["id"] == "rose")
        combo = {"combo": {"id": "c1", "count": 2}}
        await film.gift(rose, gift_id="1-a", count=2, **combo)
        await film.turn(200)
        assert await film.page.evaluate(fuse) == 0
        await film.gift(rose, gift_id="2-b", count=3, combo={"id": "c1", "count": 5})
        await film.turn(200)
        assert await film.page.evaluate(fuse) < 0.5
        await film.turn(600)
        assert await film.page.evaluate(fuse) > 0.9

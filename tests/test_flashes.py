"""No shipped gift flashes more than three times in a second, measured on its rendered frames."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.flashes import (
    GRID,
    OVERLAY,
    SIZE,
    Kept,
    digest,
    drawn_by,
    filmed,
    fingerprint,
    hurry,
    keep,
    kept,
    measure,
    stale,
)
from benchmarks.reel import Cinema, reel
from data.catalogue import shipped
from overlay.flashing import Grid, Verdict, judge

GIFTS = {gift["id"]: gift for gift in shipped()}
SMALL = Grid(24, 9)
PIXELS = SMALL.wide * SMALL.tall
_STROBE = """(hz) => {
  const light = document.createElement("div");
  light.style.cssText = "position:fixed;inset:0;background:#fff";
  document.body.append(light);
  const easing = "steps(1)";
  const frames = [{ opacity: 0, easing }, { opacity: 1, offset: 0.5, easing }, { opacity: 0 }];
  light.animate(frames, { duration: 1000 / hz, iterations: Infinity });
}"""


def flat(red: int, green: int, blue: int, share: float = 1.0) -> bytes:
    """A frame of one colour; beyond the share, from the left, transparent."""
    edge = round(SMALL.wide * share)
    row = bytes((red, green, blue, 255)) * edge + bytes(4) * (SMALL.wide - edge)
    return row * SMALL.tall


def strobe(one: bytes, other: bytes, hz: float, seconds: float = 2) -> list[bytes]:
    """Changes between two frames so many times a second and back."""
    return [
        one if int(2 * hz * number / SMALL.rate) % 2 == 0 else other
        for number in range(round(seconds * SMALL.rate))
    ]


BLACK, WHITE = flat(0, 0, 0), flat(255, 255, 255)


@pytest.mark.parametrize(("hz", "passes"), [(1, True), (3, True), (5, False), (10, False)])
def test_more_than_three_flashes_a_second_fail(hz: float, passes: bool) -> None:
    verdict = judge(strobe(BLACK, WHITE, hz), SMALL)
    assert verdict.passes is passes
    assert verdict.general == pytest.approx(hz, abs=0.5)


def test_a_still_picture_does_not_flash() -> None:
    assert judge([WHITE] * 60, SMALL) == Verdict(0, 0)


def test_a_weak_change_is_no_flash() -> None:
    assert judge(strobe(flat(100, 100, 100), flat(110, 110, 110), 10), SMALL).general == 0


def test_a_change_between_bright_states_is_no_flash() -> None:
    assert judge(strobe(flat(232, 232, 232), WHITE, 10), SMALL).general == 0


def test_less_than_a_quarter_of_a_block_may_flash() -> None:
    assert judge(strobe(bytes(4) * PIXELS, flat(255, 255, 255, 0.05), 10), SMALL, [0]).passes


def test_a_quarter_of_a_block_may_not() -> None:
    assert not judge(strobe(bytes(4) * PIXELS, flat(255, 255, 255, 0.1), 10), SMALL, [0]).passes


def test_a_red_flash_is_one_though_its_luminance_hardly_changes() -> None:
    verdict = judge(strobe(BLACK, flat(90, 0, 0), 6), SMALL, [0])
    assert verdict.general == 0
    assert verdict.red > 3


def test_a_dark_flash_shows_on_a_white_picture_and_a_light_one_on_a_black() -> None:
    nothing = bytes(4) * PIXELS
    assert judge(strobe(nothing, BLACK, 6), SMALL, [0]).general == 0
    assert not judge(strobe(nothing, BLACK, 6), SMALL).passes
    assert not judge(strobe(nothing, WHITE, 6), SMALL).passes


def test_checkers_that_change_places_flash_though_the_mean_stays() -> None:
    fields = (b"\xff\xff\xff\xff", b"\0\0\0\xff")
    places = [x + y for y in range(SMALL.tall) for x in range(SMALL.wide)]
    one, other = (b"".join(fields[(at + turn) % 2] for at in places) for turn in (0, 1))
    assert not judge(strobe(one, other, 6), SMALL, [0]).passes


def test_what_moves_past_once_is_one_flash() -> None:
    frames = []
    for number in range(36):
        lit = [b"\xff\xff\xff\xff" if 0 <= number - x < 6 else bytes(4) for x in range(SMALL.wide)]
        frames.append(b"".join(lit) * SMALL.tall)
    assert judge(frames, SMALL, [0]).general == 1


RENEW = "Measure them and commit benchmarks/flashes.json: make flashes"


def test_every_shipped_gift_has_a_verdict_that_passes() -> None:
    known = kept()
    waiting = [gift["id"] for gift in stale(known)]
    assert not waiting, f"new, or drawn otherwise since: {', '.join(waiting)}. {RENEW}"
    assert list(known) == [gift["id"] for gift in shipped()]
    assert [name for name, one in known.items() if not one.passes] == []


def test_what_draws_a_gift_is_all_that_the_page_loads_for_it() -> None:
    """So that a change of it makes the verdict stale."""
    film = {path.relative_to(OVERLAY).as_posix() for path in drawn_by(GIFTS["lion"])}
    card = {path.relative_to(OVERLAY).as_posix() for path in drawn_by(GIFTS["rose"])}
    both = ("art.js", "face.css", "flair.js", "moves.js", "particles.js", "sprites.js", "stage.css")
    for name in (*both, "hero.js", "hero.css", "film.js", "film.css", "pressure.js", "players.js"):
        assert f"static/stage/{name}" in film, name
    for name in (*both, "cards.js", "cards.css", "themes.js"):
        assert f"static/stage/{name}" in card, name
    assert {"static/stage/heroes/lion.js", "art/layers/lion/mane-1024.webp"} <= film
    assert "static/stage/heroes/swan.js" not in film
    assert "art/gifts/rose-256.webp" in card
    assert "static/stage/hero.js" not in card


def test_a_gift_that_is_new_or_drawn_otherwise_is_stale_and_no_other_is() -> None:
    known = {name: Kept(fingerprint(gift), 1, 0) for name, gift in GIFTS.items()}
    assert stale(known) == []
    known["lion"] = Kept("of an older film", 1, 0)
    del known["rose"]
    assert [gift["id"] for gift in stale(known)] == ["rose", "lion"]


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    script = tmp_path / "one.js"
    script.write_text("export const one = 1;\n")
    before = digest([script], tmp_path)
    assert digest([script], tmp_path) == before
    script.write_text("export const one = 2;\n")
    assert digest([script], tmp_path) != before


def test_verdicts_are_kept_in_the_catalogue_s_order_and_without_strangers(tmp_path: Path) -> None:
    path = tmp_path / "flashes.json"
    keep({"lion": Kept("b", 2, 1), "no gift": Kept("c", 9, 9), "rose": Kept("a", 1, 0)}, path)
    assert kept(path) == {"rose": Kept("a", 1, 0), "lion": Kept("b", 2, 1)}
    assert list(kept(path)) == ["rose", "lion"]
    assert kept(tmp_path / "none.json") == {}


@pytest.mark.asyncio(loop_scope="module")
async def test_kept_verdicts_are_what_the_page_shows(cinema: Cinema) -> None:
    """Of a card in a combo and of a film behind which others wait; browsers may differ by one."""
    known = kept()
    assert known.keys() >= {"panda", "racing-car"}, RENEW
    both = (measure(cinema, GIFTS["panda"]), measure(cinema, GIFTS["racing-car"], hurried=True))
    card, film = await asyncio.gather(*both)
    for found, one in ((card, known["panda"]), (film, known["racing-car"])):
        assert found.passes
        assert found.general <= one.general + 1
        assert found.red <= one.red + 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_hurried_film_runs_as_fast_as_any_can(cinema: Cinema) -> None:
    async with reel(cinema, SIZE, volume=0, hero_from_coins=0) as stage:
        rate = await hurry(stage, GIFTS["lion"])
        fastest = await stage.page.evaluate(
            "async () => (await import('/static/stage/pressure.js')).filmRate(Infinity)"
        )
    assert rate == fastest > 1


@pytest.mark.asyncio(loop_scope="module")
async def test_the_measurement_sees_a_strobe_on_the_page(cinema: Cinema) -> None:
    async with reel(cinema, SIZE, volume=0) as stage:
        await stage.page.evaluate(_STROBE, 5)
        frames = await filmed(stage, 1200)
    verdict = judge(frames, GRID)
    assert verdict.general >= 4
    assert not verdict.passes

"""No shipped gift flashes more than three times in a second, measured on its rendered frames."""

import pytest

from benchmarks import flashes
from benchmarks.flashes import GRID, cases, changed, fingerprint, kept
from benchmarks.reel import reel
from overlay.flashing import Grid, Verdict, judge
from tests.browser import launched

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


def test_every_film_has_a_verdict_that_passes() -> None:
    known = kept()
    for gift in cases():
        one = known[gift["id"]]
        assert Verdict(one.general, one.red).passes, gift["id"]


def test_a_changed_film_is_measured_again_and_after_a_new_player_the_worst_three() -> None:
    known = {gift["id"]: flashes.Kept(fingerprint(gift), 1, 0) for gift in cases()}
    known[flashes.ENGINE] = flashes.Kept(flashes.engine(), 0, 0)
    assert changed(known) == []
    known["lion"] = flashes.Kept("of an older film", 1, 0)
    assert [gift["id"] for gift in changed(known)] == ["lion"]
    known["lion"] = flashes.Kept(fingerprint(next(g for g in cases() if g["id"] == "lion")), 1, 2.5)
    known[flashes.ENGINE] = flashes.Kept("of an older player", 0, 0)
    worst = changed(known)
    assert len(worst) == flashes.SENTINELS
    assert worst[0]["id"] == "lion"


async def test_what_has_changed_since_is_measured_now() -> None:
    stale = changed(kept())
    async with launched() as browser:
        found = {gift["id"]: await flashes.measure(browser, gift) for gift in stale}
    assert not {name: verdict for name, verdict in found.items() if not verdict.passes}


async def test_the_measurement_sees_a_strobe_on_the_page() -> None:
    async with launched() as browser:
        darkroom = await browser.new_page()
        async with reel(browser, flashes.SIZE, volume=0) as film:
            await film.page.evaluate(_STROBE, 5)
            frames = await flashes.filmed(film, darkroom, 1200)
    verdict = judge(frames, GRID)
    assert verdict.general >= 4
    assert not verdict.passes

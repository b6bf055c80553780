"""Widgets for everybody: inside the safe area, legible, described, and still for who wants it so.

Real pages on a clock turned by hand, at the sizes of streams; every widget there is.
"""

import base64
from typing import Any

import pytest
from playwright.async_api import Page

from benchmarks.camera import picture
from benchmarks.reel import Cinema, Reel, reel, sent
from data.catalogue import shipped
from overlay.widget import discover
from tests.browser import HIDES

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDGETS = sorted(discover())
SIZES = ((1280, 720), (1920, 1080), (1080, 1920))
STILL_MS = 3_000
GIFTS = {gift["id"]: gift for gift in shipped()}
LONG = "W" * 40
WORDS = "so many words that a line cannot hold them all, however narrow they are written"
# What is to be read or seen: elements with text of their own, and pictures. Films may go to the
# edge, their pictures are no part of it.
READ = f"""() => [...document.querySelectorAll("#stage *")].filter((each) => {{
  const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return (own || each.matches("img, svg, canvas:not(.sparks)"))
    && !each.closest(".ear, .film, .sheen") && !({HIDES})(each);
}}).filter((each) => {{
  for (let up = each; up; up = up.parentElement)
    if (Number(getComputedStyle(up).opacity) < 0.1) return false;
  return each.getBoundingClientRect().width;
}})"""
# Where it stands, as far as what holds it does not cut it off.
SEEN = """const seen = (each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    const at = { left, top, right, bottom };
    for (let up = each.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflow === "visible") continue;
      const room = up.getBoundingClientRect();
      for (const side of ["left", "top"]) at[side] = Math.max(at[side], room[side]);
      for (const side of ["right", "bottom"]) at[side] = Math.min(at[side], room[side]);
    }
    return at;
  };"""
OUTSIDE = f"""() => {{
  const safe = Math.min(innerWidth, innerHeight) * 0.05 - 2;
  {SEEN}
  return ({READ})().map((each) => [each.className, seen(each)])
    .filter(([, at]) => at.right > at.left && at.bottom > at.top)
    .filter(([, at]) => at.left < safe || at.top < safe
      || at.right > innerWidth - safe || at.bottom > innerHeight - safe)
    .map(([name, at]) => `${{name}} ${{[at.left, at.top, at.right, at.bottom].map(Math.round)}}`);
}}"""
# Whether a card is coming in: its picture may fly from anywhere.
ENTERS = """() => document.getAnimations().some((move) => move.effect.target.matches(".card-art")
  && move.effect.getTiming().iterations === 1 && move.effect.getComputedTiming().progress < 1)"""
OVERLAPS = """(name) => {
  const all = [...document.querySelectorAll(name)].map((each) => each.getBoundingClientRect());
  return all.filter((one, at) => all.some((other, to) => to > at && one.left < other.right - 1
    && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1));
}"""
# How wide a card is, and the height of its smaller letters, as they are seen.
CARDS = """() => [...document.querySelectorAll(".card")].map((each) => {
  const deed = each.querySelector(".card-deed");
  const plate = each.querySelector(".card-plate").getBoundingClientRect();
  const shrunk = each.getBoundingClientRect().width / each.offsetWidth;
  const letters = Math.round(parseFloat(getComputedStyle(deed).fontSize) * shrunk * 10) / 10;
  return { letters, wide: Math.round(plate.width) };
})"""
MUTE = """.muted-text { color: transparent !important; text-shadow: none !important;
  -webkit-text-fill-color: transparent !important; }"""
# The colour of what is to be read, and where. Letters with an outline or a gradient of their own
# carry their ground with them; the initial in a face stands beside its name.
INKS = f"""() => {{
{SEEN}
  return ({READ})().filter((each) => {{
  const at = seen(each);
  if (at.bottom - at.top < 0.9 * each.getBoundingClientRect().height) return false;
  const slate = each.closest(".credits-slate")?.getBoundingClientRect();
  const edge = slate ? 0.2 * slate.height : 0; // credits fade in and out there
  if (slate && (at.top < slate.top + edge || at.bottom > slate.bottom - edge)) return false;
  const style = getComputedStyle(each);
  return !each.matches("img, svg, svg *, canvas, .face")
    && style.webkitTextFillColor === style.color && style.webkitTextStrokeWidth === "0px";
}}).map((each) => {{
  const style = getComputedStyle(each);
  const range = document.createRange();
  const words = [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  range.selectNodeContents(words[0]);
  const {{ left, top, width, height }} = range.getBoundingClientRect();
  each.classList.add("muted-text");
  const px = parseFloat(style.fontSize);
  const large = px >= 24 || (px >= 18.6 && Number(style.fontWeight) >= 700);
  return {{ name: each.className, text: each.textContent, ink: style.color, large,
    at: [left, top, width, height] }};
}});
}}"""
CONTRAST = """async ([shot, inks]) => {
  const bytes = await (await fetch(`data:image/png;base64,${shot}`)).blob();
  const bitmap = await createImageBitmap(bytes);
  const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  const share = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = ([r, g, b]) => 0.2126 * share(r) + 0.7152 * share(g) + 0.0722 * share(b);
  return inks.map(({ ink, at: [left, top, width, height] }) => {
    const [r, g, b, alpha = 1] = ink.match(/[\\d.]+/g).map(Number);
    const ratios = [];
    const { data } = pen.getImageData(left, top, Math.max(1, width), Math.max(1, height));
    for (let i = 0; i < data.length; i += 4) {
      const ground = [data[i], data[i + 1], data[i + 2]];
      const seen = [r, g, b].map((value, at) => value * alpha + ground[at] * (1 - alpha));
      const [low, high] = [light(ground), light(seen)].sort((one, other) => one - other);
      ratios.push((high + 0.05) / (low + 0.05));
    }
    ratios.sort((one, other) => one - other);
    return ratios[Math.floor(ratios.length * 0.05)];
  });
}"""
UNDESCRIBED = """() => [...document.querySelectorAll("img, [role=img]")]
  .filter((each) => each.getClientRects().length)
  .filter((each) => !each.hasAttribute(each.getAttribute("role") === "img" ? "aria-label" : "alt"))
  .map((each) => each.outerHTML)"""
# What moves in so many steps of 200 ms: motions that change more than how strong something is.
MOTIONS = """async (steps) => {
  const found = new Set();
  for (let step = 0; step < steps; step += 1) {
    await window.reel.turn(200, 100);
    for (const motion of document.getAnimations()) {
      const frames = motion.effect.getKeyframes();
      const slow = motion.effect.getTiming().duration >= 8_000; // a clock that runs down
      if (!slow && new Set(frames.map((frame) => frame.transform ?? "none")).size > 1)
        found.add(motion.effect.target.className);
    }
    if (window.reel.state()?.sparks > 1) found.add("sparks"); // a burst has many
  }
  return [...found];
}"""


async def ground(page: Page, colour: str) -> None:
    """What the stream shows behind the overlay."""
    await page.evaluate("(c) => { document.documentElement.style.background = c; }", colour)


@pytest.mark.parametrize("widget", WIDGETS)
async def test_a_widget_stands_inside_the_safe_area_and_can_be_read(
    cinema: Cinema, widget: str
) -> None:
    """Nothing that is to be read or seen lies at the very edge, where players and phones cut; and
    it has contrast as WCAG wants it: 4.5, or 3 for large letters."""
    for size in SIZES:
        async with reel(cinema, size, widget=widget, volume=0) as stage:
            await stage.demo(still=True)
            await stage.turn(STILL_MS, 50)
            assert await stage.page.evaluate(f"({READ})().length") > 0
            assert await stage.page.locator(".qr-code path").count() == (widget == "qr")
            assert await stage.page.evaluate(OUTSIDE) == [], size
            if size == SIZES[0]:
                assert await contrasts(stage) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("side", ["left", "right"])
async def test_cards_with_the_longest_names_stand_inside_and_apart(
    cinema: Cinema, size: tuple[int, int], side: str
) -> None:
    async with reel(cinema, size, volume=0, side=side) as stage:
        await stage.gift(GIFTS["rose"], count=120, viewer=LONG, message=WORDS)
        await stage.gift(GIFTS["butterfly"], gift_id="2-reel", viewer=LONG, message=WORDS)
        await stage.gift(GIFTS["crown"], gift_id="3-reel", viewer="愛" * 20, count=3)
        await stage.turn(STILL_MS, 50)
        assert await stage.page.evaluate("() => document.querySelectorAll('.card').length") == 3
        assert await stage.page.evaluate(OUTSIDE) == []
        assert await stage.page.evaluate(OVERLAPS, ".card-plate") == []


@pytest.mark.parametrize("size", [*SIZES, (400, 300), (240, 400)])
async def test_cards_stand_inside_whatever_is_set(cinema: Cinema, size: tuple[int, int]) -> None:
    """And none waits for ever: with less room, fewer stand at once."""
    largest = ((1.6, 30, "left"), (1.6, 95, "right"))
    rest = ((1.6, 70, "left"), (1, 30, "right"), (0.5, 95, "left"))
    for scale, height, side in (*largest, *(rest if size == SIZES[0] else ())):
        asked: dict[str, Any] = {"scale": scale, "lane_height": height, "side": side}
        async with reel(cinema, size, volume=0, card_s=2, fx="low", **asked) as stage:
            await stage.gift(GIFTS["rose"], count=120, viewer=LONG, message=WORDS)
            await stage.gift(GIFTS["butterfly"], gift_id="2-reel", viewer=LONG, message=WORDS)
            await stage.gift(GIFTS["crown"], gift_id="3-reel", viewer="愛" * 20, count=3)
            seen: set[str] = set()
            for _ in range(18):
                await stage.turn(500, 100)
                if await stage.page.evaluate(ENTERS):
                    continue
                assert await stage.page.evaluate(OUTSIDE) == [], asked
                assert await stage.page.evaluate(OVERLAPS, ".card-plate") == [], asked
                seen.update(await stage.page.locator(".card-deed bdi").all_inner_texts())
            assert len(seen) == 3, asked


@pytest.mark.parametrize("size", SIZES)
async def test_the_caption_of_a_film_stands_inside(cinema: Cinema, size: tuple[int, int]) -> None:
    async with reel(cinema, size, volume=0) as stage:
        await stage.gift(GIFTS["lion"], viewer=LONG, message=WORDS, count=999)
        await stage.turn(STILL_MS, 50)
        assert await stage.page.evaluate(OUTSIDE) == []
        names = [".hero-name", ".hero-title", ".hero-line"]
        heights = [await stage.page.locator(name).bounding_box() for name in names]
        assert all(box and box["height"] > 0.02 * min(size) for box in heights)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("height", "side"), [(70, "left"), (95, "right")])
async def test_beside_a_film_cards_stand_back_from_it_and_above_its_caption(
    cinema: Cinema, size: tuple[int, int], height: int, side: str
) -> None:
    """And can be read; when it is over they are as they were."""
    async with reel(cinema, size, volume=0, lane_height=height, side=side, card_s=20) as stage:
        await stage.gift(GIFTS["rose"], count=120, viewer=LONG)
        await stage.gift(GIFTS["butterfly"], gift_id="2-reel", viewer=LONG, message=WORDS)
        await stage.gift(GIFTS["crown"], gift_id="3-reel", viewer="愛" * 20)
        await stage.turn(1_500, 50)
        before = await stage.page.evaluate(CARDS)
        await stage.hear(sent(GIFTS["lion"], gift_id="4-reel", viewer=LONG, message=WORDS))
        await stage.turn(2_500, 50)
        assert await stage.page.evaluate(OUTSIDE) == []
        assert await stage.page.evaluate(OVERLAPS, ".card-plate, .hero-caption") == []
        cards = await stage.page.evaluate(CARDS)
        assert len(cards) == 3
        for card, was in zip(cards, before, strict=True):
            assert card["letters"] >= 12
            if size[0] > size[1]:
                assert card["wide"] == pytest.approx(0.75 * was["wide"], rel=0.02)
        await stage.turn(7_000, 50)
        assert await stage.page.evaluate(CARDS) == before


@pytest.mark.parametrize("calm", [False, True])
async def test_cards_glide_back_from_a_film_or_if_it_shall_be_calm_only_fade(
    cinema: Cinema, calm: bool
) -> None:
    """Once; from one film to the next they stay where they are."""
    moves = """() => document.getAnimations().map((each) => each.effect)
      .filter((effect) => effect.target.matches(".layer"))
      .map((effect) => effect.getKeyframes().some((frame) => "transform" in frame))"""
    async with reel(cinema, SIZES[0], volume=0, calm=calm, card_s=20) as stage:
        await stage.gift(GIFTS["rose"], viewer="Mira")
        await stage.turn(1_500, 50)
        await stage.hear(sent(GIFTS["burning-heart"], gift_id="2-reel"))
        await stage.hear(sent(GIFTS["swan"], gift_id="3-reel"))
        seen: list[bool] = []
        was = False
        for _ in range(140):
            await stage.turn(50, 50)
            moving = await stage.page.evaluate(moves)
            if moving and not was:
                seen += moving
            was = bool(moving)
        assert await stage.page.locator(".hero-title").inner_text() == "SWAN"
        assert seen == [not calm]


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]])
@pytest.mark.parametrize(("scale", "side"), [(0.5, "left"), (1, "right"), (1.6, "left")])
async def test_a_tray_a_pin_and_cards_stand_apart_and_can_be_read(
    cinema: Cinema, size: tuple[int, int], scale: float, side: str
) -> None:
    async with reel(cinema, size, volume=0, scale=scale, side=side, card_s=20) as stage:
        await stage.demo(still=True, moment="tray")
        pin = sent(GIFTS["lion"], gift_id="90-reel", viewer=LONG, message=WORDS)["data"]
        until = {"at": "2026-01-01T00:00:00Z", "data": pin | {"until": "2026-01-01T00:01:00Z"}}
        await stage.tell({"v": 1, "seq": 0, "type": "pin.changed", **until})
        for number, viewer in enumerate((LONG, "愛" * 20, "مريم الأحمد"), 91):
            gift, count = (GIFTS["rose"], 120) if number == 91 else (GIFTS["crown"], 1)
            await stage.gift(gift, gift_id=f"{number}-reel", viewer=viewer, count=count)
        await stage.turn(2_600, 50)
        assert await stage.page.locator(".card").count() >= 2
        assert await stage.page.evaluate(OUTSIDE) == []
        assert await stage.page.evaluate(OVERLAPS, ".tray, .pin, .card") == []
        for name in (".tray-name", ".pin-name"):
            letters = (
                f"() => parseFloat(getComputedStyle(document.querySelector('{name}')).fontSize)"
            )
            assert await stage.page.evaluate(letters) >= 15


async def contrasts(stage: Reel) -> list[str]:
    """What has too little contrast to what is behind it, on a white or a black stream."""
    found = []
    inks: list[dict[str, Any]] = await stage.page.evaluate(INKS)
    await stage.page.add_style_tag(content=MUTE)
    for colour in ("#ffffff", "#000000", "#7a8290"):
        await ground(stage.page, colour)
        shot = base64.b64encode(await picture(stage.page)).decode()
        for ink, ratio in zip(inks, await stage.page.evaluate(CONTRAST, [shot, inks]), strict=True):
            if ratio < (3.0 if ink["large"] else 4.5):
                found.append(f"{ink['name']} “{ink['text']}” on {colour}: {ratio:.1f}")
    return found


async def test_grey_letters_on_a_grey_plate_are_found(cinema: Cinema) -> None:
    async with reel(cinema, (640, 360), widget="ticker", volume=0) as stage:
        await stage.demo(still=True)
        await stage.page.add_style_tag(content=".sent-deed { color: #555 }")
        assert any("sent-deed" in each for each in await contrasts(stage))


@pytest.mark.parametrize("gift", ["butterfly", "crown", "galaxy", "swan"])
async def test_a_gift_can_be_read_on_every_ground(cinema: Cinema, gift: str) -> None:
    async with reel(cinema, SIZES[0], volume=0) as stage:
        await stage.gift(GIFTS[gift], count=12, message="great stream!")
        await stage.turn(STILL_MS, 50)
        assert await contrasts(stage) == []


@pytest.mark.parametrize("gift", ["rose", "lion"])
async def test_a_gift_is_spoken_with_what_it_looks_like(cinema: Cinema, gift: str) -> None:
    """Name, gift, its description and its worth, for a card and for a film."""
    async with reel(cinema, (640, 360), volume=0) as stage:
        await stage.gift(GIFTS[gift], viewer="Mira", count=3)
        spoken = await stage.page.inner_text("[aria-live]")
        coins = f"{GIFTS[gift]['price_coins'] * 3:,}"
        for words in ("Mira", GIFTS[gift]["name"], GIFTS[gift]["alt"], f"{coins} coins"):
            assert words in spoken
        label = await stage.page.get_attribute(".card, .hero-caption", "aria-label")
        assert label == spoken


# Panels ask both at one place: of the system, three stand for all.
@pytest.mark.parametrize(
    ("widget", "why"),
    [
        *((widget, "setting") for widget in WIDGETS),
        *((widget, "system") for widget in ("alerts", "leaderboard", "vase")),
    ],
)
async def test_a_calm_widget_only_fades_and_is_described(
    cinema: Cinema, widget: str, why: str
) -> None:
    """By its own setting, and when the system asks for reduced motion. Pictures carry words or are
    marked as decoration; there is a place that speaks."""
    async with reel(cinema, (640, 360), widget=widget, volume=0, calm=why == "setting") as stage:
        if why == "system":
            await stage.page.emulate_media(reduced_motion="reduce")
            await stage.page.evaluate("() => dispatchEvent(new Event('resize'))")
        await stage.demo(still=False)
        assert await stage.page.evaluate(MOTIONS, 60) == []
        assert await stage.page.evaluate(UNDESCRIBED) == []
        assert await stage.page.locator("[aria-live]").count() > 0

"""The scenes of golden pictures that are neither a widget's demonstration nor a film."""

from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.camera import picture
from benchmarks.reel import Cinema, Reel, dock, reel, sent
from data.catalogue import shipped
from overlay.themes import HOUSE, shipped_names

SMALL = (640, 360)
HD = (1280, 720)
FULL_HD = (1920, 1080)
LOW = (900, 70)
LARGE = 1.6
STOOD_MS = 1_200  # then a card, a pin and a cheer have come in
GONE_MS = 1_000  # then what was cleared is gone
STILL_MS = 3_000
FILM_MS = 2_600  # then a film is on
TRAY_MS = 2_600  # then a tray's rows have come in


async def cards(cinema: Cinema) -> list[bytes]:
    """A hot combo and a scene with words; then a crowd that had to wait."""
    async with reel(cinema, SMALL, volume=0) as stage:
        await _combo_and_scene(stage)
        heart = next(gift for gift in shipped() if gift["id"] == "heart")
        for number in range(12):
            await stage.tell(sent(heart, gift_id=f"{3 + number}-reel", viewer=f"愛子{number}"))
        return await frames(stage, (STOOD_MS, 4_000, 7_000))


async def beside_a_film(cinema: Cinema) -> list[bytes]:
    """The combo and the scene beside a film, and above its caption where they stand low."""
    pictures = []
    places: tuple[dict[str, Any], ...] = ({}, {"lane_height": 95, "side": "right"})
    for where in places:
        async with reel(cinema, HD, volume=0, **where) as stage:
            await _combo_and_scene(stage)
            await stage.turn(STOOD_MS)
            lion = next(gift for gift in shipped() if gift["id"] == "lion")
            await stage.hear(sent(lion, gift_id="3-reel", viewer="愛子さん"))
            pictures += await frames(stage, (FILM_MS,))
    return pictures


async def low(cinema: Cinema) -> list[bytes]:
    """Panels in a source that is cut as low as a line of a chat."""
    pictures = []
    for widget in ("battle", "entrance", "qr", "train", "vase"):
        async with reel(cinema, LOW, widget=widget, volume=0) as stage:
            await stage.demo(still=True)
            pictures += await frames(stage, (STILL_MS,))
    return pictures


async def full_hd(cinema: Cinema) -> list[bytes]:
    """The combo and the scene as they are on most streams."""
    async with reel(cinema, FULL_HD, volume=0) as stage:
        await _combo_and_scene(stage)
        return await frames(stage, (STOOD_MS,))


async def themes(cinema: Cinema) -> list[bytes]:
    """The same two cards in each theme that comes with giftcast; large, so that edges count."""
    pictures = []
    async with reel(cinema, SMALL, volume=0, scale=LARGE) as stage:
        for at, name in enumerate(each for each in shipped_names() if each != HOUSE):
            await stage.wear(name)
            await _combo_and_scene(stage, at)
            pictures += await frames(stage, (STOOD_MS,))
            await stage.tell(_frame("control", action="clear"))
            await stage.turn(GONE_MS)
    return pictures


async def beside(cinema: Cinema) -> list[bytes]:
    """What stands beside the cards: a pin with a cheer, and the tray of what was missed."""
    async with reel(cinema, SMALL, volume=0) as stage:
        await stage.demo(still=True, moment="pin")
        cheer = {"bits": 1_200, "viewer": {"name": "Łukasz"}, "message": "for the boss fight!"}
        await stage.tell(_frame("cheer", anonymous=False, **cheer))
        pictures = await frames(stage, (STOOD_MS,))
    async with reel(cinema, SMALL, volume=0) as stage:
        await stage.demo(still=True, moment="tray")
        return [*pictures, *await frames(stage, (TRAY_MS,))]


async def dock_page(cinema: Cinema) -> list[bytes]:
    """The moderators' dock, dark and light."""
    pictures = []
    async with dock(cinema, (340, 900)) as page:
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            pictures.append(await page.screenshot(animations="disabled"))
    return pictures


SCENES: dict[str, Callable[[Cinema], Awaitable[list[bytes]]]] = {
    "beside": beside,
    "beside-a-film": beside_a_film,
    "cards": cards,
    "dock": dock_page,
    "full-hd": full_hd,
    "low": low,
    "themes": themes,
}


async def frames(stage: Reel, moments: tuple[float, ...]) -> list[bytes]:
    """A picture at each of these moments (ms)."""
    pictures, now = [], 0.0
    for moment in moments:
        await stage.turn(max(0.0, moment - now))
        now = max(now, moment)
        pictures.append(await picture(stage.page))
    return pictures


async def _combo_and_scene(stage: Reel, turn: int = 0) -> None:
    gifts = {gift["id"]: gift for gift in shipped()}
    first = 1 + 100 * turn
    long = "TheLongestNameInTheWholeChatRoom"
    await stage.gift(gifts["rose"], gift_id=f"{first}-reel", count=120, viewer=long)
    await stage.gift(
        gifts["butterfly"], gift_id=f"{first + 1}-reel", viewer="مريم", message="what a run!"
    )


def _frame(kind: str, **data: Any) -> Any:
    return {"v": 1, "seq": 0, "type": kind, "at": "2026-01-01T00:00:00Z", "data": data}

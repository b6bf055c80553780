"""Viewers' faces: fetched from the platforms' own hosts alone, drawn anew, and never waited for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from PIL import Image

from bot.app import App
from bot.avatars import AGAIN_S, FRESH_S, WAITING_MAX, Avatars, Portrait, avatar_settings
from bot.errors import SettingsError
from bot.identicon import identicon
from bot.portraits import (
    BYTES_MAX,
    SIDE,
    Fetcher,
    PublicResolver,
    UnfitError,
    origin_of,
    redrawn,
)
from overlay import faces as faces_module
from overlay.faces import Faces
from tests.house import House, open_house
from tests.page import add_source, browsing, open_app, send, until


def picture(
    size: tuple[int, int] = (300, 200), kind: str = "PNG", exif: Image.Exif | None = None
) -> bytes:
    made = BytesIO()
    more = {"exif": exif} if exif and kind in ("JPEG", "WEBP") else {}
    Image.new("RGB", size, (200, 40, 90)).save(made, kind, **more)
    return made.getvalue()


def kept_in(folder: Path) -> int:
    return len(list(folder.glob("*.webp")))


# --- one picture ---


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_becomes_a_small_square_without_what_came_with_it(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    raw = picture(kind=kind, exif=exif)
    with Image.open(BytesIO(await redrawn(raw))) as made:
        assert (made.format, made.size) == ("WEBP", (SIDE, SIDE))
        assert not made.getexif()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture()[:-40],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        picture((2_100, 2_000)),
        picture(kind="BMP"),
        picture(kind="TIFF"),
    ],
)
async def test_what_is_damaged_huge_or_no_picture_is_unfit(raw: bytes) -> None:
    with pytest.raises(UnfitError):
        await redrawn(raw)


def test_who_has_no_picture_gets_one_that_stays_theirs() -> None:
    assert identicon("mia") == identicon("mia") != identicon("jo")
    assert identicon("\ud800")


# --- where it may come from ---


class Host:
    """Somebody's server of pictures."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        match request.path:
            case "/moved.png":
                raise web.HTTPFound("/mia.png")
            case "/page.png":
                return web.Response(text="<script>", content_type="text/html")
            case "/large.png":
                return web.Response(body=b"\0" * (BYTES_MAX + 1), content_type="image/png")
            case "/gone.png":
                raise web.HTTPNotFound
            case _:
                return web.Response(body=picture(), content_type="image/png")


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Host, str]]:
    host, app = Host(), web.Application()
    app.router.add_get("/{name}", host.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield host, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_only_hosts_that_are_allowed_are_asked_and_no_redirect_is_followed() -> None:
    """Whatever stands in the address; and what comes is checked before it is taken."""
    async with serving() as (host, address):
        fetcher = Fetcher([address, "cdn.example.com"])
        try:
            assert await fetcher.get(f"{address}/mia.png") == picture()
            before = len(host.asked)
            elsewhere = address.replace("127.0.0.1", "127.0.0.2")
            with_user = address.replace("http://", "http://cdn.example.com@")
            for refused in (
                f"{elsewhere}/mia.png", f"{with_user}/mia.png", "http://cdn.example.com/mia.png",
                "https://cdn.example.com.evil.example/mia.png", "http://169.254.169.254/latest",
                "file:///etc/passwd", "javascript:alert(1)", "", "http://[::1", "//cdn.example.com",
            ):  # fmt: skip
                with pytest.raises(UnfitError, match="no host of the platform"):
                    await fetcher.get(refused)
            assert len(host.asked) == before
            for name in ("moved", "page", "large", "gone"):
                with pytest.raises(
                    UnfitError, match=r"answered 302|no picture|larger|answered 404"
                ):
                    await fetcher.get(f"{address}/{name}.png")
            assert host.asked[before:] == ["/moved.png", "/page.png", "/large.png", "/gone.png"]
        finally:
            await fetcher.close()


async def test_a_name_that_leads_into_the_own_network_leads_nowhere() -> None:
    """A platform's name that somebody points at this machine is of no use to them."""
    async with serving() as (host, address):
        named = address.replace("127.0.0.1", "localhost")
        fetcher = Fetcher([named])
        try:
            with pytest.raises(UnfitError):
                await fetcher.get(f"{named}/mia.png")
        finally:
            await fetcher.close()
        resolver = PublicResolver()
        with pytest.raises(OSError, match="no public address"):
            await resolver.resolve("localhost", 80)
        await resolver.close()
        assert host.asked == []


def test_the_settings_name_hosts() -> None:
    assert avatar_settings({}).enabled
    assert not avatar_settings({"avatars": {"enabled": "false"}}).enabled
    assert origin_of("cdn.example.com") == "https://cdn.example.com"
    for wrong in ("ftp://a.example", "a.example/path", "https://"):
        with pytest.raises(SettingsError, match=r"\[avatars\] hosts"):
            avatar_settings({"avatars": {"hosts": [wrong]}})


# --- what is kept ---


async def test_faces_are_kept_in_bounds_and_can_be_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under names that tell nothing; a restart finds them again."""
    monkeypatch.setattr(faces_module, "FACES_MAX", 3)
    faces = Faces(tmp_path)
    faces.load()
    for person in range(1, 5):
        await faces.keep(person, b"picture", at=1_000.0 + person)
    assert faces.path_of(1) is None
    assert len({faces.path_of(person) for person in (2, 3, 4)}) == 3
    again = Faces(tmp_path)
    again.load()
    assert again.path_of(4) == faces.path_of(4)
    assert again.kept_at(4) == 1_004.0
    await again.forget(4)
    await again.forget(99)
    assert again.path_of(4) is None
    assert kept_in(tmp_path) == 2
    other = Faces(tmp_path / "other")
    other.load()
    await other.keep(2, b"picture", at=1.0)
    assert other.path_of(2) != again.path_of(2), "nobody can work out an address"


# --- the whole way ---


class Looks:
    """A platform on which some have a picture."""

    def __init__(self, told: Mapping[str, Portrait]) -> None:
        self.told = told
        self.asked: list[list[str]] = []
        self.fails = False

    async def portraits(self, user_ids: Sequence[str]) -> Mapping[str, Portrait]:
        self.asked.append(list(user_ids))
        if self.fails:
            raise OSError("away")
        return {user_id: self.told[user_id] for user_id in user_ids if user_id in self.told}


class Bench:
    """Avatars in a house without a screen. shown: what pages would be told."""

    def __init__(self, house: House, looks: Looks, hosts: Sequence[str] = ()) -> None:
        self.house = house
        self.shown: list[tuple[str, list[str], str]] = []
        self.fetcher = Fetcher(hosts)
        self.faces = Faces(house.folder / "avatars")
        self.faces.load()
        self.avatars = Avatars(
            house.journal,
            house.people,
            {"simulator": looks},  # type: ignore[dict-item]
            faces=self.faces,
            fetcher=self.fetcher,
            shown=lambda stage, gifts, path: self.shown.append((stage, list(gifts), path)),
            now=house.clock.monotonic,
        )


async def test_a_face_is_fetched_once_and_looked_at_again_after_a_week(tmp_path: Path) -> None:
    """Several gifts ask together; who has none is asked about again after an hour."""
    async with open_house(tmp_path) as house:
        looks = Looks({"mia": picture()})
        bench = Bench(house, looks)
        await house.grant("mia", 1_000)
        await house.grant("jo", 1_000)
        gifts = [(await house.accepted("!gift rose")).gift_id for _ in range(3)]
        await house.accepted("!gift rose", by="jo")
        await bench.avatars.fetch()
        assert sorted(looks.asked[0]) == ["jo", "mia"]
        mia = (await house.people.by_id("simulator", "mia")).person
        path = bench.faces.path_of(mia)
        assert path is not None
        assert bench.shown == [("main", gifts, path)]
        await house.accepted("!gift rose")
        await bench.avatars.fetch()
        assert len(looks.asked) == 1
        house.clock.pass_s(AGAIN_S)
        for who in ("mia", "jo"):
            await house.accepted("!gift rose", by=who)
        await bench.avatars.fetch()
        assert looks.asked[1:] == [["jo"]]
        house.clock.pass_s(FRESH_S)
        await house.accepted("!gift rose")
        await bench.avatars.fetch()
        assert looks.asked[2:] == [["mia"]]


async def test_what_fails_ends_nothing_and_what_is_erased_goes(tmp_path: Path) -> None:
    """A platform that is away, an unfit picture, an identity that is gone."""
    async with open_house(tmp_path) as house, serving() as (_, address):
        looks = Looks({"mia": f"{address}/page.png", "jo": f"{address}/jo.png"})
        bench = Bench(house, looks, [address])
        for who in ("mia", "jo"):
            await house.grant(who, 1_000)
        looks.fails = True
        await house.accepted("!gift rose", by="jo")
        await bench.avatars.fetch()
        looks.fails = False
        house.clock.pass_s(AGAIN_S)
        for who in ("mia", "jo"):
            await house.accepted("!gift rose", by=who)
        await bench.avatars.fetch()
        assert len(bench.shown) == 1
        jo = (await house.people.by_id("simulator", "jo")).person
        assert bench.faces.path_of(jo)
        house.clock.pass_s(FRESH_S)
        await house.accepted("!gift rose", by="jo")
        await house.journal.write(
            lambda db: db.execute("DELETE FROM identity WHERE person = ?", (jo,)).fetchall()
        )
        await bench.avatars.fetch()
        assert bench.faces.path_of(jo) is None
        await bench.fetcher.close()


async def test_a_crowd_waits_in_bounds(tmp_path: Path) -> None:
    """Who finds no room is asked about at their next gift."""
    async with open_house(tmp_path) as house:
        bench = Bench(house, Looks({}))
        await house.grant("mia", 10)
        record = await house.accepted("!gift rose")
        for person in range(100, 100 + 2 * WAITING_MAX):
            record.subject = person
            bench.avatars._follow([record])
        assert len(bench.avatars._wanted) == WAITING_MAX


async def test_the_first_gift_waits_for_no_face_and_the_next_brings_it(tmp_path: Path) -> None:
    """A page is told when it has come; it asks our own address, and only for what there is."""
    async with (
        open_app(tmp_path) as app,
        browsing(app.address("", "127.0.0.1")) as browser,
        ClientSession() as session,
    ):
        page = await browser.open((await add_source(app))[1])
        gift = await send(app)
        assert (await page.next("gift.sent"))["data"]["viewer"]["avatar"] is None
        face = (await page.next("gift.face"))["data"]
        assert face["gift_ids"] == [gift]
        await send(app)
        assert (await page.next("gift.sent", 2))["data"]["viewer"]["avatar"] == face["avatar"]
        for path, status in ((face["avatar"], 200), ("/avatars/" + "0" * 32 + ".webp", 404)):
            async with session.get(app.address(path)) as answer:
                assert answer.status == status
                if status == 200:
                    assert answer.content_type == "image/webp"
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
        async with session.get(app.address("/avatars/key")) as answer:
            assert answer.status == 404


async def test_who_wants_no_avatars_gets_none(tmp_path: Path) -> None:
    async with (
        open_app(tmp_path, {"avatars": {"enabled": False}}) as app,
        browsing(app.address("", "127.0.0.1")) as browser,
    ):
        page = await browser.open((await add_source(app))[1])
        await page.has_shown(await send(app))
        assert app.extras.avatars is None
        assert kept_in(app.folder / "avatars") == 0


async def test_it_is_done_beside_everything_else_until_the_end(app_with_work: App) -> None:
    """The duty takes what comes, one batch after the other."""
    for name in ("Mia", "Jo", "Ann"):
        await send(app_with_work, by=name)
    await until(lambda: kept_in(app_with_work.folder / "avatars") == 3)


@pytest.fixture
async def app_with_work(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running

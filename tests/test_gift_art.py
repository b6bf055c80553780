"""Art of one's own for gifts: put there by the command or the API, kept whole, one step back."""

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from typer.testing import CliRunner

from bot.app import App
from bot.cli import app as cli
from overlay.formats import ArtRefusedError, Found
from overlay.formats.check import ART_MAX, examine
from overlay.gift_art import GiftArt
from tests.media import bell, lottie, picture, svg, webm
from tests.page import add_source, browsing, open_app

UNMEASURED = Found("lottie", "lottie", "json", 128, 128, 60, 2_000, None)


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


def written(path: Path, data: bytes) -> Path:
    """A file to upload."""
    path.write_bytes(data)
    return path


def told(folder: Path, *words: str) -> tuple[int, str]:
    """What `giftcast gift …` says, and with which status it ends."""
    done = CliRunner().invoke(cli, ["gift", *words, "--data", str(folder)])
    return done.exit_code, done.output


# --- the keeper ---


def test_art_and_sound_are_kept_and_come_back_after_a_restart(tmp_path: Path) -> None:
    """Each without the other; what pages are told names addresses that change with the files."""
    art = GiftArt(tmp_path)
    data = picture("WEBP", frames=6)
    first = art.put_art("rose", data, examine(data), confirmed=False)
    art.put_sound("rose", bell("ogg"))
    again = GiftArt(tmp_path)
    rose = again.told()["rose"]
    assert (rose["plays"], rose["ms"], rose["wide"]) == ("image", 600, 64)
    assert rose["url"].startswith("/gift-art/rose/art.webp?v=")
    assert first.version not in rose["url"]
    found = again.file("rose", "art.webp")
    assert found is not None
    assert found[0].read_bytes() == data
    assert again.file("rose", "sound.ogg")
    for name in ("record.json", "../rose/art.webp", "art.", "sound.", "art.png", ""):
        assert again.file("rose", name) is None


def test_one_step_back_is_kept_and_itself_can_be_undone(tmp_path: Path) -> None:
    """Also after a removal; before the first there is nothing."""
    art = GiftArt(tmp_path)
    with pytest.raises(ArtRefusedError, match="nothing before"):
        art.undo("rose")
    for data in (picture(), svg()):
        art.put_art("rose", data, examine(data), confirmed=False)
    back = art.undo("rose")
    assert back is not None
    assert back.format == "png"
    forth = art.undo("rose")
    assert forth is not None
    assert forth.format == "svg"
    assert art.remove("rose")
    assert not art.remove("rose")
    assert art.told() == {}
    assert art.undo("rose") is not None
    assert "art.svg" in art.told()["rose"]["url"]


def test_what_nobody_measured_stands_still_until_its_owner_has_looked(tmp_path: Path) -> None:
    """It is a still, or without one the shipped art, unless it is confirmed."""
    art = GiftArt(tmp_path)
    art.put_art("rose", lottie(), UNMEASURED, confirmed=False)
    assert (art.told()["rose"]["plays"], art.told()["rose"]["url"]) == ("", None)
    art.put_art("rose", lottie(), UNMEASURED, confirmed=True)
    assert art.told()["rose"]["plays"] == "lottie"
    assert art.told()["rose"]["url"]


def test_a_damaged_folder_is_named_with_the_way_out_and_harms_no_other(tmp_path: Path) -> None:
    """And what an interrupted upload left there is cleared away."""
    art = GiftArt(tmp_path)
    data = svg()
    for gift in ("rose", "heart", "panda"):
        art.put_art(gift, data, examine(data), confirmed=False)
    (tmp_path / "rose" / "record.json").write_text("{", encoding="utf-8")
    (tmp_path / "heart" / "art.svg").unlink()
    (tmp_path / ".new-lion").mkdir()
    again = GiftArt(tmp_path)
    assert list(again.told()) == ["panda"]
    assert len(again.problems()) == 2
    assert all("giftcast gift art" in problem for problem in again.problems())
    assert not (tmp_path / ".new-lion").exists()
    again.put_art("rose", data, examine(data), confirmed=False)
    assert len(again.problems()) == 1


# --- the API ---


async def test_an_upload_reaches_pages_at_once_and_needs_a_login(app: App) -> None:
    """They are told what to play; a stranger is sent away."""
    _, token = await add_source(app)
    address = app.address("/api/v1/gifts/rose/art")
    mine = {"Authorization": f"Bearer {app.api_token}"}
    async with browsing(app.address("")) as browser:
        page = await browser.open(token)
        assert page.frames[0]["looks"]["art"] == {}
        session = browser.session
        async with session.put(address, data=svg()) as answer:
            assert answer.status == 401
        async with session.put(address, data=svg(), headers=mine) as answer:
            assert answer.status == 200
            said = await answer.json()
        assert (said["format"], said["moves"], said["notes"]) == ("svg", True, [])
        looks = (await page.next("looks.changed"))["data"]
        url = looks["art"]["rose"]["url"]
        async with session.get(app.address(url)) as answer:
            assert (answer.status, answer.content_type) == (200, "image/svg+xml")
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("record.json", "..%2f..%2fapi-token", "art.png"):
            async with session.get(app.address(f"/gift-art/rose/{path}")) as answer:
                assert answer.status == 404
        async with session.get(app.address("/api/v1/gifts/art"), headers=mine) as answer:
            assert [one["gift"] for one in await answer.json()] == ["rose"]
        async with session.delete(address, headers=mine) as answer:
            assert (await answer.json())["removed"] is True
        assert (await page.next("looks.changed", 2))["data"]["art"] == {}
        async with session.post(f"{address}/undo", headers=mine) as answer:
            assert (await answer.json())["format"] == "svg"


async def test_what_is_refused_says_why_and_changes_nothing(app: App) -> None:
    """Strange files, too many bytes (also when their number is not told), unknown gifts."""
    mine = {"Authorization": f"Bearer {app.api_token}"}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(ART_MAX // 65_536 + 2):
            yield bytes(65_536)

    async with ClientSession(headers=mine) as session:
        for path, data, status, what in (
            ("rose/art", b"<html>", 422, "which is not taken"),
            ("rose/art", webm("strobe"), 422, "flashes"),
            ("rose/sound", picture(), 422, "OGG"),
            ("rose/art", endless(), 413, "more than"),
            ("nothing/art", svg(), 404, "no such gift"),
        ):
            async with session.put(app.address(f"/api/v1/gifts/{path}"), data=data) as answer:
                assert answer.status == status, what
                said = await answer.json()
                assert what.casefold() in said["error"].casefold()
                assert said["fix"]
        async with session.post(app.address("/api/v1/gifts/rose/art/undo")) as answer:
            assert answer.status == 409
    assert app.looks.art.told() == {}
    assert not list((app.folder / "gifts").glob("[a-z]*"))


# --- the command line ---


def test_the_command_puts_removes_and_undoes_while_giftcast_rests(tmp_path: Path) -> None:
    """And says what it found."""
    clip, ding = written(tmp_path / "a.webm", webm()), written(tmp_path / "b.mp3", bell("mp3"))
    status, said = told(tmp_path, "art", "rose", str(clip), "--sound", str(ding))
    assert status == 0, said
    assert "webm (VP9 with alpha), 64 × 64" in said
    assert "1.0 s, 20 frames, flashes " in said
    assert "sound mp3 of 0.4 s" in said
    assert "sound mp3" in told(tmp_path, "list")[1]
    assert told(tmp_path, "art", "rose", "--remove")[1].startswith("Removed")
    assert "webm" in told(tmp_path, "art", "rose", "--undo")[1]
    for words, what in (
        (("art", "rose"), "say one of"),
        (("art", "rose", str(clip), "--remove"), "say one of"),
        (("art", "nothing", str(clip)), "no gift"),
        (("art", "rose", str(written(tmp_path / "x.gif", b"GIF89a"))), "of no kind"),
    ):
        status, said = told(tmp_path, *words)
        assert status == 1
        assert what in said


def test_the_command_says_plainly_what_was_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to let it move all the same."""
    monkeypatch.setattr("overlay.formats.check._drawn", lambda _kind, _data: None)
    clip = written(tmp_path / "a.json", lottie())
    said = told(tmp_path, "art", "rose", str(clip))[1]
    assert "flashes not measured" in said
    assert "giftcast[formats]" in said
    assert "--unmeasured-flashes-ok" in said
    said = told(tmp_path, "art", "rose", str(clip), "--unmeasured-flashes-ok")[1]
    assert "plays as a still" not in said
    record = orjson.loads((tmp_path / "gifts" / "rose" / "record.json").read_bytes())
    assert (record["flashes"], record["confirmed"]) == (None, True)

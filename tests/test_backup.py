"""Backups: checked copies taken while all goes on, and the way back from them."""

import asyncio
from pathlib import Path

import apsw
import pytest

from bot.backup import make_backup, restore, set_aside, verify_file
from data.errors import JournalError
from data.sqlite.journal import FILE_NAME, SqliteJournal
from tests.house import House, faults_of, scale
from tests.page import add_source, browsing, open_app, say, send


async def backup(house: House) -> Path:
    return await make_backup(house.journal, house.folder, house.clock.now)


async def test_backups_under_load_are_each_a_prefix_of_the_books(house: House) -> None:
    """Every copy opens, adds up and lacks only what came later."""
    for name in ("mia", "jonas"):
        await house.grant(name, 10_000)
    done = asyncio.Event()

    async def spend(name: str) -> None:
        while not done.is_set():
            await house.accepted("!gift rose", by=name)

    spending = [asyncio.create_task(spend(name)) for name in ("mia", "jonas")]
    copies = []
    for _ in range(scale(5, 50)):
        house.clock.pass_s(1)
        copies.append(await backup(house))
    done.set()
    await asyncio.gather(*spending)
    whole = [record.hash for record in await house.journal.read("main", after=0, limit=1_000_000)]
    lengths = []
    for copy in copies:
        assert faults_of(copy / FILE_NAME) == []
        db = apsw.Connection(str(copy / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
        hashes = [row[0] for row in db.execute("SELECT hash FROM txn ORDER BY seq")]
        db.close()
        assert hashes == whole[: len(hashes)]
        lengths.append(len(hashes))
    assert lengths == sorted(lengths)


async def test_a_backup_holds_the_documents_and_no_secret(house: House) -> None:
    """Catalogue, policy, goals and settings of sources come along, tokens do not."""
    (house.folder / "api-token").write_text("secret")
    for name in ("goals.json", "sources.json"):
        (house.folder / name).write_text("{}")
    copy = await backup(house)
    names = sorted(path.name for path in copy.iterdir())
    assert names == ["catalogue.json", "goals.json", FILE_NAME, "sources.json"]


async def test_art_and_themes_of_ones_own_come_along_and_back(house: House) -> None:
    """What they were later is set aside with the later books."""
    for name in ("gifts/rose", "themes/mine"):
        (house.folder / name).mkdir(parents=True)
        (house.folder / name / "it").write_text("first")
    copy = await backup(house)
    (house.folder / "themes/mine/it").write_text("second")
    (house.folder / "themes/mine/more").write_text("later")
    await house.journal.close()
    aside = restore(copy, house.folder)
    assert aside is not None
    assert (house.folder / "gifts/rose/it").read_text() == "first"
    assert {p.name: p.read_text() for p in (house.folder / "themes/mine").iterdir()} == {
        "it": "first"
    }
    assert (aside / "themes/mine/it").read_text() == "second"


async def test_a_backup_that_fails_leaves_nothing_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Complete or absent."""

    async def fails(_: object, target: Path) -> None:
        (target.parent / "half").touch()
        raise OSError("no space left on device")

    monkeypatch.setattr(SqliteJournal, "backup", fails)
    with pytest.raises(OSError, match="no space"):
        await backup(house)
    assert list((house.folder / "backups").iterdir()) == []


async def test_restore_brings_everything_back_and_keeps_what_was_there(house: House) -> None:
    """Gifts, balances and prices are as they were; the later ones are set aside, whole."""
    await house.grant("mia", 100)
    await house.accepted("!gift rose 10")
    before = await house.standing()
    copy = await backup(house)
    await house.accepted("!gift rose 5")
    (house.folder / "catalogue.json").write_text("{}")
    await house.stop()
    aside = restore(copy, house.folder)
    assert aside is not None
    await house.start()
    assert await house.standing() == before
    assert await house.coins("mia") == 90
    assert house.catalogue.find("rose")
    assert faults_of(aside / FILE_NAME) == []
    assert verify_file(aside / FILE_NAME).checked == 3


async def test_a_damaged_or_missing_backup_is_refused_and_changes_nothing(house: House) -> None:
    """What is in use stays in use."""
    await house.grant("mia", 100)
    copy = await backup(house)
    before = await house.standing()
    await house.stop()
    stored = (copy / FILE_NAME).read_bytes()
    db = apsw.Connection(str(copy / FILE_NAME))
    db.execute("UPDATE account SET balance = balance + 1 WHERE kind = 'wallet'")
    db.close()
    for spoil in (None, b"", b"no database", stored[: len(stored) // 2]):
        if spoil is not None:
            (copy / FILE_NAME).write_bytes(spoil)
        with pytest.raises(JournalError):
            restore(copy, house.folder)
    with pytest.raises(JournalError, match="does not exist"):
        restore(house.folder / "nosuch", house.folder)
    await house.start()
    assert await house.standing() == before


def test_setting_aside_nothing_is_nothing(tmp_path: Path) -> None:
    """A new folder has nothing to keep."""
    assert set_aside(tmp_path, "trial") is None
    assert list(tmp_path.iterdir()) == []


async def test_a_restore_on_another_machine_works_whole(tmp_path: Path) -> None:
    """Sources keep their tokens, the chat page its preview, viewers their coins."""
    old, new = tmp_path / "old", tmp_path / "new"
    async with open_app(old) as app:
        _, token = await add_source(app)
        gift_id = await send(app, "!gift rose")
        copy = await make_backup(app.journal, old, app.now)
    assert restore(copy, new) is None
    async with open_app(new) as app, browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(token)
        await page.until(lambda: page.memory.painted == [gift_id])
        preview = await browser.open(app.preview_url().partition("#")[2])
        assert not preview.standby
        await page.until(lambda: not page.memory.open)
        assert "999,999 coins" in (await say(app, "!balance")).text

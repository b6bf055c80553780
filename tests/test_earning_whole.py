"""Earning through the whole program, composed as `giftcast run` does it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.app import App
from data.sqlite.connection import open_writer, rows
from data.sqlite.rows import NEWEST_MARKS
from data.sqlite.verification import verify
from tests.earning import did
from tests.house import MAIN, MOD, NOON, Clock, House, faults_of, open_house
from tests.page import open_app, say, until


async def type_in(app: App, session: ClientSession, **line: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {app.api_token}"}
    url = app.address("/api/v1/chat")
    async with session.post(url, json=line, headers=headers) as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def test_it_rains_in_the_simulated_chat(tmp_path: Path) -> None:
    """On those who typed something; typing alone earns nothing there."""
    async with open_app(tmp_path) as app, ClientSession() as session:
        for number, viewer in enumerate(("Mia", "Ben")):
            await type_in(app, session, id=f"hello{number}", viewer=viewer, text="hello")
        await app.earner.tick()
        told = await type_in(app, session, id="1", viewer="Nova", text="!rain 7", role="moderator")
        assert told["reply"].startswith("It rains 7 coins: 3 coins or one more each for Ben, Mia.")
        told = await type_in(app, session, id="2", viewer="Mia", text="!balance")
        assert told["reply"] == "You have 100,003 coins."


async def test_time_ends_a_bonus_and_tells_who_began_it(tmp_path: Path) -> None:
    """By the duty that ticks once a second."""
    clock = Clock()
    async with open_app(tmp_path, now=clock.now) as app, ClientSession() as session:
        assert (await say(app, "!bonus x2 60", "Nova", role=MOD)).ok
        assert (await app.earner.credit(did("follow"))).coins == 600
        clock.pass_s(3_600)
        headers = {"Authorization": f"Bearer {app.api_token}"}

        async def told() -> list[dict[str, Any]]:
            url = app.address("/api/v1/chat/notices?after=0")
            async with session.get(url, headers=headers) as answer:
                found: list[dict[str, Any]] = await answer.json()
                return found

        await until(told)
        (notice,) = await told()
        assert (notice["viewer"], "bonus time is over" in notice["text"]) == ("Nova", True)


async def test_a_show_of_a_platform_that_is_set_up_survives_a_restart(tmp_path: Path) -> None:
    """One of another does not."""
    async with open_app(tmp_path) as app:
        await app.shows.began(MAIN, "simulator", "1", NOON)
        await app.shows.began("second", "kick", "1", NOON)
    async with open_app(tmp_path) as app:
        assert app.shows.current(MAIN) > 0
        assert app.shows.current("second") == 0


async def test_a_journal_from_before_earning_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its records stay as they are, a backup is made, and earning begins."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 10)
        await house.accepted("!gift rose 3")
    db = open_writer(house.path)
    for table in ("earned", "earn_paused", "show_tally"):
        db.execute(f"DROP TABLE {table}")
    db.execute("DROP INDEX txn_mark")
    db.execute("DELETE FROM schema_migrations WHERE version IN (2, 6, 10)")
    db.close()
    async with open_house(tmp_path) as house:
        await house.accepted("!daily")
        assert await house.coins("mia") == 107
    assert faults_of(house.path) == []
    assert (tmp_path / "backups" / "before-migration-0002.sqlite3").exists()


async def test_marks_are_found_without_reading_the_journal(house: House) -> None:
    """By their index: they are few among millions."""
    await house.shows.began(MAIN, "twitch", "1", NOON)
    asked = (MAIN, "show", 5)
    plan = await house.journal.ask(lambda db: rows(db, f"EXPLAIN QUERY PLAN {NEWEST_MARKS}", asked))
    assert any("txn_mark" in line[3] for line in plan), plan
    assert (await house.journal.ask(verify)).findings == ()
    assert await house.journal.books.marks(MAIN, "bonus", limit=5) == []


async def test_a_message_carries_what_the_viewer_is(house: House) -> None:
    """So that what is asked for in chat is multiplied too."""
    message = replace(house.message("!daily"), standing=frozenset({"subscriber"}))
    told = await house.desk.hear(message)
    assert told
    assert told.text.startswith("120 coins for today.")

"""Killed at any moment: what was acknowledged is there, and the books add up."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from data.sqlite.connection import open_reader, open_writer, rows
from data.sqlite.migration import migrate
from data.sqlite.verification import verify_new
from tests.house import faults, open_house, scale
from tests.victim import Victims

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs fork")
SEEDS = range(scale(5, 50))
LIVES = 4  # of one journal, each ended by a kill


def reopened(path: Path) -> tuple[set[str], list[str]]:
    """The keys that a start finds in the file, and what does not hold."""
    writer = open_writer(path)
    migrate(writer, path.parent / "backups")
    verify_new(writer)
    writer.close()
    reader = open_reader(path)
    try:
        return {key for (key,) in rows(reader, "SELECT key FROM txn")}, faults(reader)
    finally:
        reader.close()


def trials(folder: Path, seed: int) -> list[str]:
    """20 trials, 64 callers each; every fourth begins with a new file. What did not hold."""
    random = Random(seed)
    recorded = 0
    wrong: list[str] = []
    with Victims() as victims:
        promised: set[str] = set()
        for trial in range(20):
            path = folder / f"{trial // LIVES}" / "journal.sqlite3"
            if trial % LIVES == 0:
                promised = set()
            victims.start("journal", path)
            promised |= set(victims.kill_within(random.uniform(0, 0.1)))
            if not path.exists():
                wrong += [f"promised without a file: {key}" for key in promised]
                continue
            found, faulty = reopened(path)
            wrong += [f"lost: {key}" for key in promised - found] + faulty
            recorded += len(found)
    return wrong if recorded > 100 else [*wrong, f"only {recorded} records: that was no trial"]


@pytest.fixture(scope="module")
def under_way(disk: Path) -> Iterator[dict[int, Future[list[str]]]]:
    """The trials of all seeds beside each other: they mostly wait."""
    with ThreadPoolExecutor(4) as pool:
        yield {seed: pool.submit(trials, disk / f"seed{seed}", seed) for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_acknowledged_gift_is_lost_by_a_kill(
    under_way: dict[int, Future[list[str]]], seed: int
) -> None:
    assert under_way[seed].result() == []


async def test_after_a_kill_the_house_goes_on(disk: Path) -> None:
    """Open holds are taken up, and the next gift is the next number."""
    folder = disk / "goes-on"
    path = folder / "journal.sqlite3"
    with Victims() as victims:
        victims.start("journal", path)
        promised = victims.kill_within(0.01, lines=500)
    async with open_house(folder, settles=True) as house:
        assert {
            record.key for record in await house.journal.read("main", after=0, limit=10**6)
        } >= (set(promised))
        head = house.journal.head("main")
        assert head >= len(promised) > 64
        await house.grant("mia", 10)
        assert (await house.accepted("!gift rose")).seq == head + 2
        held = await house.settler.return_all("main", "no_source")
        assert held > 1
        assert await house.findings() == []

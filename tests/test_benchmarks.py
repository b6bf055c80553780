"""Every benchmark in a tiny form, so that none rots; their figures mean nothing here."""

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from benchmarks import gallery, place
from benchmarks.measure import closed_loop
from benchmarks.one import FAILED, NAMES, run_one
from benchmarks.place import IN_MEMORY, Place, RefusedError
from benchmarks.report import Section, Table, Target, at_least, at_most, section_text, write
from data.catalogue import shipped

WORKERS = 4
SOME_DAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[Section]"]]:
    """All of them under way, beside each other, the longest first."""
    root = tmp_path_factory.mktemp("benchmarks")
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        under_way = {}
        for name in sorted(NAMES, reverse=True):
            for part in (folder := root / name, shared := root / f"{name}-shared"):
                part.mkdir()
            under_way[name] = pool.submit(run_one, name, Place(folder, shared, tiny=True))
        yield under_way


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_still_runs(running: dict[str, "Future[Section]"], name: str) -> None:
    section = running[name].result(timeout=60)
    assert not [note for note in section.notes if note.startswith(FAILED)]
    assert section.targets, section.notes
    assert section.name == name
    for table in section.tables:
        assert all(len(row) == len(table.head) for row in table.rows), table
    assert "nan" not in section_text(section, "a machine", SOME_DAY)


def section(name: str, measured: float) -> Section:
    table = Table(("case", "figure"), [("one", "1")])
    return Section(name, "what it is", "How.", [table], [at_most("cost", measured, 1.5, "×")])


async def test_each_caller_of_a_loop_acts_once_however_busy_the_machine_is() -> None:
    """Where the time is over before the first begins, there is a pace nevertheless."""
    acts: list[int] = []

    async def act(number: int) -> None:
        acts.append(number)

    pace = await closed_loop(3, 0, act)
    assert acts == [0, 1, 2]
    assert pace.per_s > 0


def test_results_of_one_benchmark_leave_the_others(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    write([section("first", 1.0), section("second", 2.0)], ["first", "second"], "one", results)
    write([section("first", 1.25)], ["first", "second"], "another", results)
    text = results.read_text("utf-8")
    assert "| first | cost | ≤ 1.5× | 1.25× | yes |" in text
    assert "| second | cost | ≤ 1.5× | 2.00× | **no** |" in text
    assert text.count("\n## ") == 2
    assert text.index("## first") < text.index("## second")
    assert "- cost: 2.00× (target ≤ 1.5×): **missed**" in text
    assert text.count("another") == 1


def test_targets_from_above_and_below() -> None:
    assert at_most("p99", 25.0, 25, " ms") == Target("p99", "≤ 25 ms", "25.0 ms", reached=True)
    assert not at_least("fps", 57.9, 58).reached


def test_a_durable_benchmark_refuses_a_disk_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "filesystem", lambda _: IN_MEMORY[0])
    Place(tmp_path, tmp_path, tiny=True).real_disk()
    with pytest.raises(RefusedError, match="in memory"):
        Place(tmp_path, tmp_path).real_disk()


def test_the_gallery_shows_every_gift() -> None:
    html = gallery.contents(shipped(), [])
    for gift in shipped():
        assert f'src="art/{gift["art"]}-256.webp"' in html
        assert (gallery.ART / f"{gift['art']}-256.webp").is_file()


def test_the_sheet_for_the_readme_shows_every_gift_and_is_small() -> None:
    heroes = [gift for gift in shipped() if gift["tier"] >= gallery.HERO_FROM_TIER]
    html = gallery.compact(shipped(), heroes)
    for gift in shipped():
        assert f'src="art/{gift["art"]}-256.webp"' in html
    for hero in heroes:
        assert f'src="heroes/{hero["id"]}-{gallery.key_frame(hero)}.png"' in html
    assert 0 < gallery.SHEET.stat().st_size < 600_000

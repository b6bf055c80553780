"""Goals: documents that people edit, counted from the books."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands.goals import GOALS_MAX, Goal, Goals, Progress
from commands.spans import Spans
from data.documents import FileDocuments, Watched
from data.errors import DocumentError
from overlay.kinds.goals import GoalKind
from tests.house import MAIN, MOD, NOON, House, open_house
from tests.page import add_source, browsing, open_app, say, send, until


def write(folder: Path, *goals: dict[str, Any]) -> None:
    """Somebody edits the file."""
    table = {str(n): goal for n, goal in enumerate(goals, start=1)}
    (folder / "goals.json").write_text(json.dumps({"goals": table}, indent=1), "utf-8")


def goal(id: str = "chair", **more: Any) -> dict[str, Any]:  # noqa: A002 - the document's word
    return {"id": id, "name": "A new chair", "target": 100, **more}


@pytest.fixture
def goals(tmp_path: Path) -> Goals:
    found = Goals(FileDocuments(tmp_path))
    found.load()
    return found


# --- the document ---


def test_the_first_start_writes_a_goal_for_editing(tmp_path: Path, goals: Goals) -> None:
    """One that counts from the first gift on."""
    (first,) = goals.of(MAIN)
    assert (first.id, first.counts, first.period) == ("today", "coins", "today")
    assert "Goal of the day" in (tmp_path / "goals.json").read_text("utf-8")


def test_goals_are_those_of_a_stage_that_are_on(tmp_path: Path, goals: Goals) -> None:
    """In the order of the document; the same id may stand on another stage."""
    write(tmp_path, goal("b"), goal("a"), goal("off", enabled=False), goal("a", stage="second"))
    goals.load()
    assert [each.id for each in goals.of(MAIN)] == ["b", "a"]
    assert [each.id for each in goals.of("second")] == ["a"]
    assert goals.of("third") == []


STEPS = [{"at": 10, "name": "a"}, {"at": 50, "name": "b"}]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        (goal(target=0), '"target": 0 — target'),
        (goal(target="100"), '"target": "100" — target'),
        (goal(target=10**13), '"target": 10000000000000 — target'),
        (goal(id="No Spaces"), '"id": "No Spaces" — id'),
        (goal(name=""), '"name": "" — name'),
        (goal(period="year"), '"period": "year" — period'),
        (goal(counts="hugs"), '"counts": "hugs" — counts'),
        (goal(start=-1), '"start": -1 — start'),
        (goal(colour="red"), '"colour": "red" — colour'),
        (goal(counts="viewers", gift="rose"), '"gift": "rose" — viewers are counted by any'),
        (goal(since="2027-01-01"), '"since": "2027-01-01" — goes with "period": "forever" only'),
        (goal(period="forever", since="soon"), '"since": "soon" — since'),
        (goal(milestones=[*STEPS, {"at": 100, "name": "c"}]), '"milestones": [ — less than the'),
        (goal(milestones=STEPS[::-1]), '"milestones": [ — more than the one before it'),
        (goal(milestones=[STEPS[0], {"at": -5, "name": "b"}]), '"at": -5, — milestones.1.at'),
        (goal(milestones=[{"at": n, "name": "x"} for n in range(1, 14)]), '"milestones": [ — '),
    ],
)  # fmt: skip
def test_a_broken_goal_is_refused_with_its_line_and_the_last_good_ones_stay(
    tmp_path: Path, goals: Goals, written: dict[str, Any], place: str
) -> None:
    """Where the editor can jump to."""
    before = goals.of(MAIN)
    write(tmp_path, goal("fine"), written)
    with pytest.raises(DocumentError) as caught:
        goals.load()
    what = str(caught.value)
    lines = (tmp_path / "goals.json").read_text("utf-8").splitlines()
    number = int(what.partition("line ")[2].partition(":")[0])
    there, reason = place.split(" — ")
    assert lines[number - 1].strip().startswith(there)
    assert reason in what
    assert goals.of(MAIN) == before


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([goal("a"), goal("a")], "'a' stands there twice"),
        ([goal(f"g{n}") for n in range(GOALS_MAX + 1)], "more than"),
    ],
)
def test_goals_that_do_not_fit_together_are_refused(
    tmp_path: Path, goals: Goals, written: list[dict[str, Any]], reason: str
) -> None:
    """Twins, and too many."""
    write(tmp_path, *written)
    with pytest.raises(DocumentError, match=reason):
        goals.load()


def test_an_edit_comes_into_force_while_the_program_runs(tmp_path: Path) -> None:
    """And a broken one in between does not."""
    documents = FileDocuments(tmp_path)
    goals = Goals(documents)
    goals.load()
    watched = Watched(documents, "goals", goals.load)
    write(tmp_path, goal("hat"))
    assert watched.look()
    assert [each.id for each in goals.of(MAIN)] == ["hat"]
    write(tmp_path, goal("hat", target=0))
    assert watched.look()
    assert "line 6: target" in watched.problem
    assert [each.id for each in goals.of(MAIN)] == ["hat"]


# --- what counts ---


async def now(house: House, **more: Any) -> int:
    """How far a goal has come."""
    spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
    return await Progress(house.journal.books, spans).of(Goal(**goal(**more)))


async def test_coins_gifts_one_gift_or_viewers(tmp_path: Path) -> None:
    """And what stands there before the first gift."""
    async with open_house(tmp_path) as house:
        for name in ("mia", "jo"):
            await house.grant(name, 100)
        assert await now(house, start=7) == 7
        await house.accepted("!gift rose 5")
        await house.accepted("!gift panda 2", by="jo")
        await house.accepted("!gift rose 3", by="jo")
        assert await now(house) == 18
        assert await now(house, counts="gifts") == 10
        assert await now(house, counts="gifts", gift="rose", start=100) == 108
        assert await now(house, gift="panda") == 10
        assert await now(house, counts="viewers") == 2


async def test_a_refund_subtracts_and_a_restart_changes_nothing(tmp_path: Path) -> None:
    """The number is the journal's, not a memory's."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 100)
        gift = await house.accepted("!gift rose 5")
        await house.accepted("!gift rose 2")
        assert await now(house) == 7
        await house.accepted(f"!refund {gift.gift_id}", by="mod", role=MOD)
        assert await now(house) == 2
        await house.restart(after_s=5)
        assert await now(house) == 2
        assert await now(house, counts="viewers") == 1


async def test_each_period_counts_from_its_beginning(tmp_path: Path) -> None:
    """By the day of acceptance, in the stage's time zone; Friday the 15th is in its week."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 100)
        await house.accepted("!gift rose 1")
        await house.shows.began(MAIN, "twitch", "1", NOON)
        house.clock.pass_s(2 * 24 * 3_600)
        await house.accepted("!gift rose 2")
        house.clock.pass_s(24 * 3_600)
        await house.accepted("!gift rose 4")
        found = {
            period: await now(house, period=period)
            for period in ("today", "week", "month", "show", "forever")
        }
        assert found == {"today": 4, "week": 4, "month": 7, "show": 6, "forever": 7}
        assert await now(house, period="forever", since="2027-01-17") == 6
        assert await now(house, period="forever", since="2027-01-19") == 0


async def test_only_what_was_seen_counts(tmp_path: Path) -> None:
    """On the day on which it was sent, however late it was shown."""
    async with open_house(tmp_path, settles=True) as house:
        await house.grant("mia", 100)
        gift = await house.accepted("!gift rose 5")
        assert await now(house, period="forever") == 0
        house.clock.pass_s(24 * 3_600)
        await house.settler.shown(MAIN, [gift.seq], "1")
        assert await now(house, period="forever") == 5
        assert await now(house, period="today") == 0


async def test_what_pages_are_told_of_a_goal(tmp_path: Path) -> None:
    """With its place, its gift as `gift.sent` has it, its segments and the period in force."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 100)
        await house.accepted("!gift panda 2")
        write(tmp_path, goal("a"), goal("b", counts="gifts", gift="panda", period="show",
                                        milestones=STEPS))  # fmt: skip
        goals = Goals(FileDocuments(tmp_path))
        goals.load()
        spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
        kind = GoalKind(goals, Progress(house.journal.books, spans), spans, house.catalogue)
        told = await kind.read(MAIN, "goals")
        assert list(told) == ["a", "b"]
        assert told["a"]["gift"] is None
        assert told["a"]["segments"] == []
        panda = house.catalogue.find("panda")
        assert panda is not None
        assert told["b"] == {
            "goal_id": "b", "place": 1, "name": "A new chair", "counts": "gifts",
            "gift": panda.face(), "now": 2, "target": 100, "segments": STEPS, "period": "today",
        }  # fmt: skip


async def test_an_edited_goal_reaches_the_page(tmp_path: Path) -> None:
    """In the whole program: a gift, an edit, a goal taken out."""
    write(tmp_path, goal("a", target=50), goal("b"))
    async with open_app(tmp_path) as app, browsing(app.address("", "127.0.0.1")) as browser:
        _, token = await add_source(app, "goal", settles=False, widget="goal")
        page = await browser.open(token)

        def told() -> dict[str, Any]:
            """What the page knows by now."""
            known: dict[str, Any] = {}
            for frame in page.of("goal.changed"):
                data = frame["data"]
                known.pop(data["goal_id"], None)
                if not data.get("gone"):
                    known[data["goal_id"]] = (data["now"], data["target"])
            return known

        await page.until(lambda: told() == {"a": (0, 50), "b": (0, 100)})
        gift_id = await send(app, "!gift rose 5")
        await page.until(lambda: told() == {"a": (5, 50), "b": (5, 100)})
        write(tmp_path, goal("a", target=60))
        await page.until(lambda: told() == {"a": (5, 60)})
        write(tmp_path, goal("a", target=0))
        await until(app.problems)
        assert app.problems() == ["goals.json, line 6: target: must be greater than or equal to 1"]
        await say(app, f"!refund {gift_id}", by="Mod", role=MOD)
        await page.until(lambda: told() == {"a": (0, 60)})

"""The catalogue: the shipped gifts, and what people make of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands.policies import Policies
from data.catalogue import GIFTS_MAX, Catalogue, shipped
from data.documents import FileDocuments, Watched
from data.errors import DocumentError
from data.gifts import TIERS, fold

STAYING = {"rose": 1, "heart": None, "panda": None, "doughnut": None, "butterfly": None,
           "galaxy": None, "lion": None, "universe": None}  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """The shipped gifts, from a folder that had none."""
    made = Catalogue(FileDocuments(tmp_path))
    made.load()
    return made


def row(gift_id: str, **changes: Any) -> dict[str, Any]:
    return {"id": gift_id, "name": gift_id.title(), "price_coins": 1, "tier": 1, "art": "rose",
            "alt": "something", **changes}  # fmt: skip


def write(folder: Path, *gifts: dict[str, Any]) -> None:
    table = {str(n): gift for n, gift in enumerate(gifts, start=1)}
    (folder / "catalogue.json").write_text(json.dumps({"catalogue": table}, indent=1), "utf-8")


def test_the_shipped_gifts_are_many_in_seven_tiers(catalogue):
    """At least 36, each tier has some, and a dearer tier is dearer."""
    gifts = catalogue.gifts()
    assert len(gifts) >= 36
    assert {gift.tier for gift in gifts} == set(TIERS)
    for tier in list(TIERS)[:-1]:
        dearest = max(gift.price_coins for gift in gifts if gift.tier == tier)
        assert dearest <= min(gift.price_coins for gift in gifts if gift.tier == tier + 1)


def test_the_ids_other_programs_rely_on_are_there(catalogue):
    """And a rose costs one coin."""
    for gift_id, price in STAYING.items():
        gift = catalogue.find(gift_id)
        assert gift is not None
        assert gift.id == gift_id
        assert price in (None, gift.price_coins)


def test_every_shipped_gift_is_described_for_those_who_do_not_see_it():
    """No two share a name, and each says what is seen."""
    rows = shipped()
    assert len({gift["alt"] for gift in rows}) == len(rows)
    assert all(10 <= len(gift["alt"]) <= 120 for gift in rows)


def test_the_first_start_writes_the_shipped_gifts_for_editing(tmp_path, catalogue):
    """A file that can be opened in an editor, and that loads again."""
    assert (tmp_path / "catalogue.json").exists()
    again = Catalogue(FileDocuments(tmp_path))
    again.load()
    assert again.gifts() == catalogue.gifts()


@pytest.mark.parametrize(
    ("gifts", "reason"),
    [
        ([row("rose"), row("rose")], "and so does"),
        ([row("rose"), row("tulip", name="ROSÉ")], "line "),
        ([row("rose", aprice_coins=1)], "did you mean price_coins?"),
        ([row("rose"), row("tulip", name="ROSÉ")], "answers to “rose”, and so does rose"),
        ([row("rose"), row("tulip", aliases=["Rose"])], "answers to “rose”, and so does rose"),
        ([row("red-rose"), row("tulip", aliases=["red rose"])], "and so does"),
        ([row("rose", aliases=["🌹"]), row("tulip", aliases=["🌹\ufe0f"])], "and so does"),
        ([row("rose", aliases=["-"])], "without letters"),
        ([row("Rose")], "id"),
        ([row("rose", price_coins=0)], "price_coins"),
        ([row("rose", price_coins=-5)], "price_coins"),
        ([row("rose", price_coins="5")], "price_coins"),
        ([row("rose", price_coins=1.5)], "price_coins"),
        ([row("rose", price_coins=True)], "price_coins"),
        ([row("rose", price_coins=1_000_001)], "price_coins"),
        ([row("rose", tier=8)], "tier"),
        ([row("rose", tier=0)], "tier"),
        ([row("rose", name="")], "name"),
        ([row("rose", name="x" * 41)], "name"),
        ([row("rose", name="  ")], "name"),
        ([row("rose", colour="red")], "colour"),
        ([row("rose", art="../../secret")], "art"),
        ([], "no gift"),
        ([row(f"rose{n}") for n in range(GIFTS_MAX + 1)], "more than"),
    ],
)  # fmt: skip
def test_a_broken_catalogue_is_refused_and_the_last_good_one_stays(
    tmp_path, catalogue, gifts, reason
):
    """With the place, and without a gap in which nothing could be sent."""
    before = catalogue.gifts()
    write(tmp_path, *gifts)
    with pytest.raises(DocumentError, match=reason) as caught:
        catalogue.load()
    assert str(caught.value).startswith("catalogue.json")
    assert catalogue.gifts() == before
    assert catalogue.find("rose") is not None


def test_a_wrong_price_is_named_with_its_line(tmp_path, catalogue):
    """Where the editor can jump to."""
    write(tmp_path, row("rose"), row("tulip", price_coins=0))
    lines = (tmp_path / "catalogue.json").read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if '"price_coins": 0' in text)
    with pytest.raises(DocumentError, match=rf"line {line}: price_coins"):
        catalogue.load()


def test_an_edit_comes_into_force_while_the_program_runs(tmp_path):
    """And a broken one in between does not."""
    documents = FileDocuments(tmp_path)
    catalogue = Catalogue(documents)
    catalogue.load()
    watched = Watched(documents, "catalogue", catalogue.load)
    write(tmp_path, row("tulip", price_coins=7))
    assert watched.look()
    assert [gift.price_coins for gift in catalogue.gifts()] == [7]
    write(tmp_path, row("tulip", price_coins=0))
    assert watched.look()
    assert "price_coins" in watched.problem
    assert [gift.price_coins for gift in catalogue.gifts()] == [7]


@pytest.mark.parametrize("kind", [Catalogue, Policies])
def test_a_document_that_is_deleted_meanwhile_is_missed_and_stays_in_force(
    tmp_path: Path, kind: type[Catalogue | Policies]
) -> None:
    """It says how to get it back; a start writes what comes with giftcast."""
    documents = FileDocuments(tmp_path)
    kept = kind(documents)
    kept.load()
    (path,) = tmp_path.glob("*.json")
    watched, whole = Watched(documents, path.stem, kept.load), path.read_text("utf-8")
    path.unlink()
    assert watched.look()
    assert watched.problem.startswith(f"{path.name} is gone: ")
    assert "in force stay" in watched.problem
    assert "start giftcast again" in watched.problem
    assert not path.exists()
    path.write_text(whole, "utf-8")
    assert watched.look()
    assert watched.problem == ""
    path.unlink()
    kind(FileDocuments(tmp_path)).load()
    assert path.read_text("utf-8") == whole


def test_a_gift_switched_off_is_not_offered_but_known(tmp_path, catalogue):
    """So that the reply can say so."""
    write(tmp_path, row("rose"), row("tulip", enabled=False))
    catalogue.load()
    assert [gift.id for gift in catalogue.gifts()] == ["rose"]
    tulip = catalogue.find("tulip")
    assert tulip is not None
    assert not tulip.enabled
    assert catalogue.suggest("tu", 5) == []


def test_suggestions_begin_with_what_was_typed(catalogue):
    """Then come those that contain it, at most so many, each once."""
    assert catalogue.suggest("ros", 5)[0].id == "rose"
    names = [gift.id for gift in catalogue.suggest("bear", 5)]
    assert "teddy" in names
    assert len(names) == len(set(names))
    assert catalogue.suggest("", 3) == catalogue.gifts()[:3]
    assert len(catalogue.suggest("e", 25)) == 25
    assert catalogue.suggest("qqq", 5) == []


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("rsoe", "rose"),
        ("univrese", "universe"),
        ("buterfly", "butterfly"),
        ("qqqq", None),
        ("", None),
    ],
)
def test_a_typo_is_guessed_and_nothing_else(catalogue, typed, guess):
    """A hint, never a charge."""
    found = catalogue.guess(typed)
    assert (found.id if found else None) == guess
    assert catalogue.find(typed) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rosé", "rose"), ("ＲＯＳＥ", "rose"), ("thumbs-up", "Thumbs  UP"), ("a_b", "A b"),
     ("❤️", "❤"), ("❤️\u200d🔥", "❤🔥"), ("ﬁre", "fire"), ("STRASSE", "straße")],
)  # fmt: skip
def test_names_that_read_alike_are_alike(one, other):
    """Case, accents, widths, joiners and hyphens apart."""
    assert fold(one) == fold(other)

"""Documents that people edit: never half-written, and a broken edit changes nothing."""

import json
import os
import time
from pathlib import Path
from random import Random
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from commands.policy import StagePolicy
from data import documents
from data.documents import AtomicStorage, FileDocuments, Watched, parse
from data.errors import DocumentError
from tests.house import scale
from tests.victim import Victims


class Goal(BaseModel):
    """Something to edit."""

    model_config = ConfigDict(extra="forbid")

    name: str
    target: Annotated[int, Field(ge=1)]
    steps: tuple[int, ...] = ()


GOALS = {"1": {"name": "hats", "target": 5}, "2": {"name": "new chair", "target": 900}}


@pytest.fixture
def kept(tmp_path: Path) -> FileDocuments:
    """A folder with one table."""
    found = FileDocuments(tmp_path)
    found.save("goals", GOALS)
    return found


def load(kept: FileDocuments) -> dict[str, dict[str, Any]]:
    found = kept.load("goals", Goal)
    return {key: goal.model_dump(exclude_unset=True) for key, goal in found.items()}


def edit(kept: FileDocuments, text: str) -> None:
    kept.path("goals").write_text(text, "utf-8")


def problem(kept: FileDocuments) -> str:
    with pytest.raises(DocumentError) as caught:
        load(kept)
    return str(caught.value)


def test_what_was_saved_is_loaded_again(kept):
    """And reads well in an editor."""
    assert load(kept) == GOALS
    assert load(FileDocuments(kept.path("goals").parent)) == GOALS
    assert '    "1": {\n      "name": "hats",\n' in kept.path("goals").read_text("utf-8")


def test_there_may_be_no_document_yet(tmp_path):
    """Then a table is empty and has no version."""
    found = FileDocuments(tmp_path)
    assert found.version("goals") == ""
    assert found.load("goals", Goal) == {}


def test_saving_notices_an_edit_in_between(kept):
    """Nobody's work is overwritten unseen."""
    text = kept.path("goals").read_text("utf-8").replace("900", "9000")
    edit(kept, text)
    with pytest.raises(DocumentError, match="edited meanwhile"):
        kept.save("goals", {})
    assert load(kept)["2"]["target"] == 9_000
    kept.save("goals", GOALS)
    assert load(kept) == GOALS


def test_other_tables_in_the_file_are_kept(kept):
    """Those of TinyDB itself, say."""
    edit(kept, json.dumps({"goals": GOALS, "_default": {"1": {"a": 1}}}))
    load(kept)
    kept.save("goals", {})
    assert parse(kept.path("goals")) == {"_default": {"1": {"a": 1}}, "goals": {}}


def test_an_editors_byte_order_mark_is_no_trouble(kept):
    """Some editors write one."""
    edit(kept, "\ufeff" + json.dumps({"goals": GOALS}))
    assert load(kept) == GOALS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: Expecting value"),
        ('{"goals": {', "line 1: Expecting property name"),
        ('{\n "goals": {\n  "1": {"name": "hats" "target": 5}\n }\n}', "line 3: Expecting ',' "),
        ('{"goals": {"1": {"name": "a", "target": 1,}}}', "line 1: "),
        ("[]", "expected"),
        ("null", "expected"),
        ("5", "expected"),
        ('{\n"goals": []\n}', 'line 2: expected {"goals"'),
        ('{\n\n"goals": {"1": 5}}', 'line 3: expected {"goals"'),
        ('{"goals": {"a": {}}}', 'line 1: expected {"goals"'),
        ('{"goals": {"-1": {}}}', 'line 1: expected {"goals"'),
        ('{"goals": {"٣": {}}}', 'line 1: expected {"goals"'),
        ('{"goals": {"01": {}, "1": {}}}', 'line 1: expected {"goals"'),
        ('{"goals": {"' + "9" * 5_000 + '": {}}}', 'line 1: expected {"goals"'),
        ('{"goals": {"1": {}, "1": {}}}', '"1" stands there twice'),
        ('{"goals": {"1": {"name": "a", "name": "b"}}}', '"name" stands there twice'),
        ('{"goals": {\n"1": {"name": "a",\n"target": 0}}}', "line 3: target: "),
        ('{"goals": {\n"1": {"name": "a",\n"target": "x"}}}', "line 3: target: "),
        ('{"goals": {\n"1": {"name": "a",\n"target": NaN}}}', "line 3: target: "),
        ('{"goals": {\n"1": {"name": "a",\n"target": 1e999}}}', "line 3: target: "),
        ('{"goals": {\n"1": {"name": "a",\n"target": 1, \n"tarte": 1}}}', "line 4: tarte: "),
        ('{"goals": {\n"1": {"name": "a"}}}', "line 2: target: is missing"),
        ('{"goals": {"1": {"name": "a", "target": 1,\n"steps": [1, "x"]}}}', "line 2: steps.1: "),
        ('{"goals": {"1": {"name": "\\ud800", "target": 1}}}', "half a character"),
        ('{"goals": {"1": {"name": "a", "target": 1' + "0" * 5_000 + "}}}", "goals.json"),
        ("[" * 100_000, "goals.json"),
        ('{"goals": ' * 5_000, "goals.json"),
        ("x" * 4_000_001, "larger than 4 MB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_broken_edit_is_refused_with_its_place_and_the_reason(kept, text, reason):
    """So that it can be mended."""
    edit(kept, text)
    said = problem(kept)
    assert said.startswith("goals.json")
    assert reason in said


def test_text_in_another_encoding_is_refused(kept):
    """Rather than misread."""
    kept.path("goals").write_bytes('{"goals": {"1": {"name": "hüte"}}}'.encode("latin-1"))
    assert "UTF-8" in problem(kept)


def test_what_is_no_file_is_refused(kept):
    """With a sentence, not with a crash."""
    kept.path("goals").unlink()
    kept.path("goals").mkdir()
    assert problem(kept).startswith("goals.json")


def test_a_broken_policy_names_the_stage_setting(tmp_path):
    """What people will see most often."""
    found = FileDocuments(tmp_path)
    text = '{"policy": {\n "1": {\n  "stage": "main",\n  "fee_pct": 130\n }\n}}'
    found.path("policy").write_text(text, "utf-8")
    with pytest.raises(DocumentError, match=r"policy\.json, line 4: fee_pct: "):
        found.load("policy", StagePolicy)


def test_an_edit_is_read_while_the_program_runs(kept):
    """The last good version stays in force until the edit is whole."""
    goals: dict[str, Any] = {}

    def apply() -> None:
        found = load(kept)
        goals.clear()
        goals.update(found)

    apply()
    watched = Watched(kept, "goals", apply)
    assert not watched.look()
    edit(kept, '{"goals": {"1": {"name": "hats", "target": 0}}}')
    assert watched.look()
    assert "target" in watched.problem
    assert goals == GOALS
    assert not watched.look()
    edit(kept, '{"goals": {"1": {"name": "hats", "target": 77}}}')
    assert watched.look()
    assert (watched.problem, goals["1"]["target"]) == ("", 77)
    kept.path("goals").unlink()
    assert watched.look()
    assert goals == {}


# --- never half-written ---


@given(st.dictionaries(st.integers(0, 99).map(str), st.dictionaries(st.text(), st.text())))
def test_any_content_survives_the_file(tmp_path, content):
    """All of Unicode but halves of characters, which no file can hold."""
    storage = AtomicStorage(str(tmp_path / "any.json"))
    storage.write({"any": content})
    assert storage.read() == {"any": content}


@pytest.mark.parametrize("failing", ["open", "fsync", "rename"])
def test_a_write_that_fails_leaves_the_file_as_it_was(kept, monkeypatch, failing):
    """Disk full, or the rename forbidden."""
    load(kept)
    table = kept.path("goals")
    real = Path.open

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def full(path: Path, mode: str = "r", **more: Any) -> object:
        if "w" in mode:
            fail()
        return real(path, mode, **more)

    match failing:
        case "open":
            monkeypatch.setattr(Path, "open", full)
        case "fsync":
            monkeypatch.setattr(os, "fsync", fail)
        case _:
            monkeypatch.setattr(documents, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        kept.save("goals", {})
    monkeypatch.undo()
    assert parse(table) == {"goals": GOALS}
    kept.save("goals", {"1": GOALS["1"]})
    assert load(kept) == {"1": GOALS["1"]}


def test_a_file_an_editor_holds_is_tried_again(kept, monkeypatch):
    """As Windows wants it."""
    waits: list[float] = []
    attempts = iter([PermissionError(), PermissionError(), None])
    rename = Path.replace

    def reluctant(self: Path, target: Path) -> Path:
        if error := next(attempts):
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", reluctant)
    monkeypatch.setattr(time, "sleep", waits.append)
    load(kept)
    kept.save("goals", {})
    assert load(kept) == {}
    assert len(waits) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs fork")
def test_a_killed_writer_leaves_the_old_or_the_new_file(disk: Path) -> None:
    """Content that grows and shrinks, killed at any moment: always readable, always whole."""
    path = disk / "goals.json"
    AtomicStorage(str(path)).write({"goals": {}})
    random = Random(1)
    with Victims() as victims:
        for _ in range(scale(50, 1_000)):
            victims.start("document", path)
            victims.kill_within(random.uniform(0, 0.02))
            rows = parse(path)["goals"]
            assert all(row == {"name": "x" * len(rows)} for row in rows.values())

"""Widgets are found by their place and declare themselves."""

import re
from pathlib import Path

import pytest

from data.errors import DocumentError
from overlay.widget import FOLDER, discover, read_widget

GOOD = """/* giftcast-widget
{"title": "Clock", "events": ["control"],
 "settings": {"size": {"type": "number", "default": 5, "min": 1, "max": 9}}
}
*/
export default function start(stage) {}
"""


def written(folder: Path, text: str, name: str = "clock.js") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_alerts_settle_and_hear_what_they_need() -> None:
    """What the built-in widget declares is what the hub hands to it."""
    alerts = discover()["alerts"]
    assert alerts.settles
    assert alerts.events >= {"gift.sent", "gift.returned", "gift.recall", "settled", "control"}
    assert all(setting.label for setting in alerts.settings.values())
    assert alerts.defaults()["volume"] == 0.7


def test_every_widget_of_ours_can_be_read() -> None:
    """Each file in the folder is one, by its name."""
    assert set(discover()) == {path.stem for path in FOLDER.glob("*.js")}


def test_a_new_file_is_a_new_widget(tmp_path: Path) -> None:
    """Nothing else has to be edited; other files are not looked at."""
    written(tmp_path, GOOD)
    written(tmp_path, "not a widget", "notes.txt")
    (clock,) = discover(tmp_path).values()
    assert (clock.name, clock.title, clock.settles) == ("clock", "Clock", False)
    assert clock.defaults() == {"size": 5, "theme": ""}


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ("export default 5", "clock.js", "does not begin with"),
        ("// first\n" + GOOD, "clock.js", "does not begin with"),
        (GOOD.replace('"title": "Clock"', '"title": 5'), "clock.js", "title"),
        (GOOD.replace('"title": "Clock", ', ""), "clock.js", "title"),
        (GOOD.replace('"events"', '"event"'), "clock.js", "event"),
        (GOOD.replace('"default": 5, ', ""), "clock.js", "settings.size.default"),
        (GOOD.replace("}}", "}"), "clock.js", "clock.js"),
        (GOOD, "My Clock.js", "name"),
        (GOOD.replace('{"title"', '{"name": "other", "title"'), "clock.js", "clock.js"),
    ],
)
def test_a_faulty_declaration_names_file_and_place(
    tmp_path: Path, text: str, name: str, what: str
) -> None:
    """Whoever writes a widget is told where to look."""
    with pytest.raises(DocumentError, match=re.escape(what)) as refused:
        read_widget(written(tmp_path, text, name))
    assert str(refused.value).startswith(name)

"""Widgets: each is one JavaScript file in `overlay/widgets`, found by its place.

The file begins with a comment `/* giftcast-widget { … } */` whose JSON declares it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from data.errors import DocumentError
from overlay.setting import WidgetSetting

FOLDER = Path(__file__).parent / "widgets"
_MANIFEST = re.compile(r"\A/\*\s*giftcast-widget\s*(\{.*?\})\s*\*/", re.DOTALL)

# What every widget takes besides its own: see overlay/looks.py.
_SHARED = {
    "theme": {
        "type": "text",
        "label": "Theme (house, clean, neon, paper, pixel or one of your own; empty: the stage's)",
        "default": "",
        "max": 32,
    }
}


class Widget(BaseModel):
    """What a widget declares. settles: whether its `shown` settles gifts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    title: Annotated[str, Field(max_length=60)]
    description: str = ""
    settles: bool = False
    events: frozenset[str] = frozenset()
    settings: dict[str, WidgetSetting] = {}

    def defaults(self) -> dict[str, Any]:
        """The value of each setting before anybody changed it."""
        return {name: setting.default for name, setting in self.settings.items()}

    def take(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """These values as a page gets them; None, as declared, is left out. Raises
        `DocumentError` that names the setting and what it may hold."""
        taken: dict[str, Any] = {}
        for name, value in values.items():
            if name not in self.settings:
                names = ", ".join(sorted(self.settings)) or "none"
                raise DocumentError(f"{self.name} has no setting {name!r}, but these: {names}")
            if value is None:
                continue
            try:
                taken[name] = self.settings[name].take(value)
            except DocumentError as error:
                raise DocumentError(f"{name}: {error}") from None
        return taken


def read_widget(path: Path) -> Widget:
    """The declaration in a widget's file. Raises `DocumentError` with file and reason."""
    found = _MANIFEST.match(path.read_text(encoding="utf-8"))
    if found is None:
        raise DocumentError(f"{path.name}: does not begin with /* giftcast-widget {{…}} */")
    try:
        declared = orjson.loads(found.group(1))
        if "name" in declared:
            raise DocumentError(
                f"{path.name}: name: a widget is called like its file; leave it out"
            )
        settings = {**declared.get("settings", {}), **_SHARED}
        return Widget.model_validate({**declared, "name": path.stem, "settings": settings})
    except orjson.JSONDecodeError as error:
        raise DocumentError(f"{path.name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DocumentError(f"{path.name}: {place}: {first['msg']}") from None


def discover(folder: Path = FOLDER) -> dict[str, Widget]:
    """Every widget by name."""
    return {path.stem: read_widget(path) for path in sorted(folder.glob("*.js"))}

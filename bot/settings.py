"""Settings: `giftcast.toml` in the data folder, and `GIFTCAST_<SECTION>__<KEY>` over it."""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from data.faults import dotted, first_fault

FILE_NAME = "giftcast.toml"
PREFIX = "GIFTCAST_"
DEFAULT_PORT = 7878


class ServerSettings(BaseModel):
    """`[server]`: where pages are served; only this machine can reach it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65_535)

    @property
    def chosen(self) -> bool:
        """Whether somebody named the port."""
        return "port" in self.model_fields_set


class JournalSettings(BaseModel):
    """`[journal]`: empty url: SQLite in the data folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to start. sections: everything else, such as `[twitch]`."""

    server: ServerSettings
    journal: JournalSettings
    sections: Mapping[str, Mapping[str, Any]]

    def enabled(self, section: str) -> bool | None:
        """Whether a section says that it is on or off; None when it does not say."""
        said = self.sections.get(section, {}).get("enabled")
        if said is None:
            return None
        return str(said).lower() in ("1", "true", "yes", "on")

    def with_section(self, name: str, values: Mapping[str, Any]) -> "Settings":
        """The same with these keys in a section of them."""
        section = {**self.sections.get(name, {}), **values}
        return replace(self, sections={**self.sections, name: section})


def data_folder(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The data folder: the given one, `GIFTCAST_DATA`, or the system's usual place."""
    if given is not None:
        return given.expanduser().resolve()
    if named := environment.get("GIFTCAST_DATA"):
        return Path(named).expanduser().resolve()
    return Path(platformdirs.user_data_dir("giftcast", appauthor=False))


def load_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises `SettingsError` with the key, the fault and the fix."""
    path = folder / FILE_NAME
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text("utf-8-sig")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    for name, text in sorted((os.environ if environment is None else environment).items()):
        if name.startswith(PREFIX) and "__" in name:
            _put(found, name, text)
    for section, values in found.items():
        if not isinstance(values, dict):
            raise SettingsError(f"{path}: {section} stands outside a section such as [server]")
    server = _checked(ServerSettings, "server", found.pop("server", {}))
    journal = _checked(JournalSettings, "journal", found.pop("journal", {}))
    if server.host not in ("127.0.0.1", "localhost"):
        raise SettingsError(
            f"[server] host {server.host!r}: giftcast answers on this machine only; "
            "write 127.0.0.1, or leave it out"
        )
    if journal.url:
        raise SettingsError(
            "[journal] url: this version keeps its journal in the data folder; leave url empty"
        )
    return Settings(server, journal, found)


def _put(found: dict[str, Any], name: str, text: str) -> None:
    *sections, key = name.removeprefix(PREFIX).lower().split("__")
    place = found
    for section in sections:
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise SettingsError(f"{name}: {section} is a value in {FILE_NAME}, not a section")
    value: Any = text
    if text[:1] in ("[", "{"):
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = text
    place[key] = value


def _checked(model: type[Any], section: str, values: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        place, reason = first_fault(error, model)
        raise SettingsError(f"[{section}] {dotted(place)}: {reason}") from None

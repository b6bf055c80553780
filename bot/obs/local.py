"""OBS on this machine: whether it runs, and what its own settings say. Read only when allowed."""

import configparser
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

_PROGRAMS = {"obs", "obs64.exe", "obs32.exe", "obs.exe"}
_SIZE_MAX = 1_000_000
# obs-websocket 5.5 (OBS 30.2) and later keep a file of their own; before, OBS's global.ini
_OWN_FILE = Path("plugin_config", "obs-websocket", "config.json")
_SHARED_FILE = Path("global.ini")
_SHARED_SECTION = "OBSWebSocket"


@dataclass(frozen=True, slots=True)
class Found:
    """What OBS's settings say about its WebSocket server. password: empty when it asks none."""

    path: Path
    enabled: bool
    port: int
    password: str

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self.port}"


def is_near(url: str) -> bool:
    """Whether the address is on this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def obs_runs() -> bool:
    """Whether OBS runs on this machine."""
    names = (process.info["name"] or "" for process in psutil.process_iter(["name"]))
    return any(name.casefold() in _PROGRAMS for name in names)


def config_folders(environment: Mapping[str, str], home: Path, system: str) -> list[Path]:
    """Where OBS keeps its settings. system: as `sys.platform` says it."""
    if system == "win32":
        roaming = environment.get("APPDATA")
        return [Path(roaming) / "obs-studio"] if roaming else []
    if system == "darwin":
        return [home / "Library" / "Application Support" / "obs-studio"]
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        own / "obs-studio",
        home / ".var" / "app" / "com.obsproject.Studio" / "config" / "obs-studio",  # Flatpak
        home / "snap" / "obs-studio" / "current" / ".config" / "obs-studio",
    ]


def read_obs_settings(folders: list[Path] | None = None) -> Found | None:
    """The newest settings of OBS on this machine; None when there are none to be read."""
    if folders is None:
        folders = config_folders(os.environ, Path.home(), sys.platform)
    found = [
        (path.stat().st_mtime, said)
        for folder in folders
        for path, read in ((folder / _OWN_FILE, _own), (folder / _SHARED_FILE, _shared))
        if path.is_file() and path.stat().st_size <= _SIZE_MAX and (said := read(path))
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _own(path: Path) -> Found | None:
    try:
        said = json.loads(path.read_text("utf-8-sig"))
        asks = said.get("auth_required", True)
        password = str(said.get("server_password", "")) if asks else ""
        port = int(said.get("server_port", 4455))
        return Found(path, said.get("server_enabled") is True, port, password)
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _shared(path: Path) -> Found | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    try:
        parser.read_string(path.read_text("utf-8-sig"))
        if not parser.has_section(_SHARED_SECTION):
            return None  # moved to the plugin's own file
        said = parser[_SHARED_SECTION]
        asks = said.getboolean("AuthRequired", fallback=True)
        password = said.get("ServerPassword", "") if asks else ""
        port = said.getint("ServerPort", fallback=4455)
        return Found(path, said.getboolean("ServerEnabled", fallback=False), port, password)
    except (OSError, ValueError, configparser.Error):
        return None

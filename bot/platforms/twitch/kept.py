"""Small things that Twitch's side of the house keeps in files of the data folder."""

import json
import os
from pathlib import Path
from typing import Any

import structlog


def read(path: Path) -> dict[str, Any]:
    """What is kept; nothing when there is no file, or none that can be read."""
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log = structlog.get_logger()
        log.warning("twitch.file_unread", file=path.name, error=type(error).__name__)
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, values: dict[str, Any], *, sync: bool) -> bool:
    """Replace the file at one stroke; False, with a line in the log, when that fails.

    sync: whether it has to be on the disk when this returns.
    """
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        log = structlog.get_logger()
        log.error("twitch.file_unwritten", file=path.name, error=type(error).__name__)
        return False
    return True

"""What effects have changed in OBS and not put back yet, in a small file in the data folder.

It is written before OBS is asked: giftcast that is killed in the middle of an effect leaves a line
that finds nothing to put back, or one that does, never a change that nobody remembers.
"""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from bot.obs.errors import REFUSED, ObsError
from bot.obs.settings import EFFECTS_MAX, Effect
from bot.running import write_private

FILE_NAME = "obs-effects.json"
SIZE_MAX = 100_000  # bytes
OWED_MAX = 2 * EFFECTS_MAX  # those of the last run, and those of this one


class Owed(BaseModel):
    """An effect that is on. before: what OBS goes back to: a scene, or whether something is on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    effect: Effect
    before: StrictStr | StrictBool


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    v: Literal[1] = 1
    owed: Annotated[tuple[Owed, ...], Field(max_length=OWED_MAX)] = ()


class OwedFile:
    """The file, gone while nothing is owed. `left`: what the last run did not put back."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()  # a write that nobody awaits any more may still be going on
        self.left = self._read()
        self._now = self.left

    def _read(self) -> tuple[Owed, ...]:
        try:
            if self._path.stat().st_size > SIZE_MAX:
                raise ValueError(f"it has more than {SIZE_MAX:,} bytes")
            return _File.model_validate_json(self._path.read_text("utf-8")).owed
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            why = "it is damaged" if isinstance(error, ValidationError) else str(error)
            structlog.get_logger().warning(
                "obs.owed_unreadable",
                path=str(self._path),
                why=why,
                fix="ignored: look in OBS whether an effect is still on, then remove the file",
            )
            return ()

    async def write(self, owed: Sequence[Owed]) -> None:
        """Write down all that is on now. Raises `ObsError` when that cannot be done."""
        now = tuple(owed)[-OWED_MAX:]
        if now == self._now:
            return
        self._now = now
        try:
            await asyncio.to_thread(self._put)
        except OSError as error:
            raise ObsError(
                REFUSED,
                f"It cannot be written down in {self._path} ({error.strerror or error})",
                "Make room on the disk, or see who may write to the data folder",
            ) from None

    def _put(self) -> None:
        with self._lock:
            if owed := self._now:
                text = _File(owed=owed).model_dump_json(indent=1, by_alias=True, exclude_none=True)
                write_private(self._path, text + "\n")
            else:
                self._path.unlink(missing_ok=True)

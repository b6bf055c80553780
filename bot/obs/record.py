"""What the set-up has done to OBS, kept in a small file, so that it can be taken back exactly.

Each act is written down before it is done: a crash in between leaves an act that finds nothing
to take back, never a change that nobody remembers.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.obs.links import key_of
from bot.running import write_private
from data.errors import DocumentError
from overlay.stages import MAIN

FILE_NAME = "obs-setup.json"
ACTS_MAX = 1_000


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mark(_Value):
    """By what an input is found again: its uuid (empty where OBS has none), or the token of the
    page that it shows. collection: the scene collection that it is in; input: its name then;
    stage: whose gifts it shows."""

    stage: str = MAIN
    collection: str
    input: str
    uuid: str = ""
    token: str


class MadeSource(_Value):
    """A source of giftcast's own was registered, with the link that OBS opens."""

    act: Literal["source"] = "source"
    name: str
    stage: str = MAIN


class MadeInput(_Value):
    """An input was made."""

    act: Literal["input"] = "input"
    of: Mark


class MadeItem(_Value):
    """An input that was there was put into one more scene."""

    act: Literal["item"] = "item"
    of: Mark
    scene: str
    id: int = -1


class Changed(_Value):
    """Settings of an input were changed. before: the old values, where there were any.
    after: those that we set."""

    act: Literal["settings"] = "settings"
    of: Mark
    before: dict[str, Any]
    after: dict[str, Any]


class Moved(_Value):
    """An item was made to fit the canvas."""

    act: Literal["transform"] = "transform"
    of: Mark
    scene: str
    id: int
    before: dict[str, Any]
    after: dict[str, Any]


Act = Annotated[MadeSource | MadeInput | MadeItem | Changed | Moved, Field(discriminator="act")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    v: Literal[1] = 1
    tokens: dict[str, str] = {}
    acts: Annotated[list[Act], Field(max_length=ACTS_MAX)] = []


class Record:
    """The file in the data folder; private, for it holds the links of the sources.

    Raises `DocumentError` when somebody has damaged it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._file = _File()
        try:
            self._file = _File.model_validate_json(self._path.read_text("utf-8"))
        except FileNotFoundError:
            pass
        except (ValidationError, UnicodeDecodeError):
            raise DocumentError(
                f"{self._path} is damaged, so what was done to OBS is not known any more: "
                "remove the giftcast sources in OBS by hand, then this file"
            ) from None

    @property
    def acts(self) -> list[Act]:
        """Everything not yet taken back, oldest first."""
        return list(self._file.acts)

    @property
    def marks(self) -> list[Mark]:
        """Every input that something was done to."""
        return [act.of for act in self._file.acts if not isinstance(act, MadeSource)]

    def token(self, source: str, stage: str) -> str:
        """The token of one of giftcast's sources, as far as the set-up made it."""
        return self._file.tokens.get(key_of(source, stage), "")

    def remember(self, source: str, stage: str, token: str) -> None:
        """Keep the token of a source, so that its link can be given again."""
        self._file.tokens[key_of(source, stage)] = token
        self._save()

    def add(self, act: Act) -> None:
        """Write down what is about to be done."""
        self._file.acts.append(act)
        self._save()

    def replace(self, old: Act, new: Act) -> None:
        """Write down more about an act."""
        self._file.acts[self._file.acts.index(old)] = new
        self._save()

    def drop(self, act: Act) -> None:
        """The act is taken back."""
        self._file.acts.remove(act)
        if isinstance(act, MadeSource):
            self._file.tokens.pop(key_of(act.name, act.stage), None)
        self._save()

    def _save(self) -> None:
        if self._file.acts or self._file.tokens:
            write_private(self._path, self._file.model_dump_json(indent=1) + "\n")
        else:
            self._path.unlink(missing_ok=True)

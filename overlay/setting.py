"""Settings of widgets: what each may hold, from which a form can be made."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.errors import DocumentError

TEXT_MAX = 2_000
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
Number = int | float


class WidgetSetting(BaseModel):
    """One setting of a widget. min, max: of a number; of a text, max is its most letters.
    needed: of a text without which the page shows nothing, an example."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Literal["number", "integer", "boolean", "choice", "text"]
    default: Any
    label: Annotated[str, Field(max_length=120)] = ""
    min: Number | None = None
    max: Number | None = None
    choices: tuple[str, ...] = ()
    needed: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """A setting without bounds could not be checked."""
        if self.type in ("number", "integer") and (self.min is None or self.max is None):
            raise ValueError("a number needs min and max")
        if self.type == "text" and not 0 < (self.max or 0) <= TEXT_MAX:
            raise ValueError(f"a text needs max, its most letters, up to {TEXT_MAX}")
        if self.type == "choice" and not self.choices:
            raise ValueError("a choice needs choices")
        try:
            self.take(self.default)
        except DocumentError as error:
            raise ValueError(f"default: {error}") from None
        return self

    def allowed(self) -> str:
        """What it may hold, in words."""
        match self.type:
            case "boolean":
                return "true or false"
            case "choice":
                return f"one of {', '.join(self.choices)}"
            case "text":
                return f"a text of up to {self.max} letters"
            case "integer":
                return f"a whole number from {self.min} to {self.max}"
            case _:
                return f"a number from {self.min} to {self.max}"

    def take(self, value: Any) -> Any:
        """The value as a page gets it; typed text is understood too. Raises `DocumentError`
        with what is allowed."""
        taken = _READERS[self.type](value)
        if taken is None or not self._fits(taken):
            raise DocumentError(f"{self.allowed()}, not {str(value)[:60]!r}")
        return taken

    def _fits(self, value: Any) -> bool:
        match self.type:
            case "boolean":
                return True
            case "choice":
                return value in self.choices
            case "text":
                return bool(len(value) <= (self.max or 0))
            case _:
                return bool((self.min or 0) <= value <= (self.max or 0))


def _number(value: Any) -> Number | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return _integer(value) or float(value)
    except (ValueError, OverflowError):
        return None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        whole = int(value)
    except (ValueError, OverflowError):
        return None
    return whole if isinstance(value, str) or whole == value else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    bad = any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value)
    return None if bad else value


_READERS: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _text,
    "text": _text,
}

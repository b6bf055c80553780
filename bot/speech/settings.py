"""The `[speech]` section: which engine says viewers' messages, and how much of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from data.faults import dotted, first_fault

SECTION = "speech"


class SpeechSettings(BaseModel):
    """engine: empty: nothing is spoken. program: where it is, unless it is found by its name;
    voice: a voice of espeak-ng, or the model of piper. from_coins: of gifts that cost as much.
    seconds_max, length_max: of one message, in letters. names: whether the name is said, too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: Literal["", "espeak-ng", "piper"] = ""
    program: Annotated[str, Field(max_length=500)] = ""
    voice: Annotated[str, Field(max_length=500, pattern=r"^([^\x00-\x1f-][^\x00-\x1f]*)?$")] = ""
    from_coins: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    seconds_max: Annotated[float, Field(ge=1, le=60)] = 12.0
    length_max: Annotated[int, Field(ge=10, le=500)] = 200
    names: bool = True


def speech_settings(sections: Mapping[str, Mapping[str, Any]]) -> SpeechSettings:
    """The section, checked. Raises `SettingsError` with the key and the fault."""
    try:
        return SpeechSettings.model_validate(sections.get(SECTION, {}))
    except ValidationError as error:
        place, reason = first_fault(error, SpeechSettings)
        raise SettingsError(f"[{SECTION}] {dotted(place)}: {reason}") from None

"""The `[obs]` section: where OBS is, and what it does when a great gift is shown."""

from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import SettingsError
from data.faults import dotted, first_fault

SECTION = "obs"
DEFAULT_URL = "ws://127.0.0.1:4455"
EFFECTS_MAX = 10
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Effect(BaseModel):
    """One thing that OBS does for a while, and then takes back: exactly one of

    - `scene`: switch to that scene;
    - `filter` and `source`: turn that filter of that source on (`off = true`: off);
    - `show` and `in`: show that source of that scene (`off = true`: hide it);
    - `save_replay = true`: save the replay buffer, at the end, so that the gift is in it.

    for_s: how long, in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    scene: Name | None = None
    filter: Name | None = None
    source: Name | None = None
    show: Name | None = None
    inside: Annotated[Name | None, Field(alias="in")] = None
    save_replay: bool = False
    off: bool = False
    for_s: Annotated[float, Field(ge=1, le=60)] = 8.0

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        named = [one is not None for one in (self.scene, self.filter, self.show)]
        if sum([*named, self.save_replay]) != 1:
            raise ValueError(
                "name one of: scene, filter (of a source), show (in a scene), save_replay"
            )
        if (self.filter is None) != (self.source is None):
            raise ValueError("filter and source belong together")
        if (self.show is None) != (self.inside is None):
            raise ValueError("show and in belong together")
        if self.off and (self.save_replay or self.scene is not None):
            raise ValueError("off is for a filter or a source, not for a scene or a replay")
        return self


def _one_scene(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    if sum(effect.scene is not None for effect in effects) > 1:
        raise ValueError("there can be one scene at most, for only one is in the programme")
    return effects


def _listed(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


class ObsSettings(BaseModel):
    """`[obs]`. read_obs_settings: port and password may be read from OBS's own settings.

    on_hero: one effect or a list. A hero is a gift from tier `hero_from_tier` on, or one of
    at least `hero_from_coins` (0: the tier alone decides), as in the alerts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    url: str = DEFAULT_URL
    password: Annotated[str, Field(max_length=500, repr=False)] = ""
    read_obs_settings: bool = False
    on_hero: Annotated[
        tuple[Effect, ...],
        BeforeValidator(_listed),
        AfterValidator(_one_scene),
        Field(max_length=EFFECTS_MAX),
    ] = ()
    hero_from_tier: Annotated[int, Field(ge=1, le=9)] = 5
    hero_from_coins: Annotated[int, Field(ge=0)] = 2_000

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("ws", "wss") and parts.hostname and (parts.port or 1)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(f"{url!r} is no address of OBS; write one like {DEFAULT_URL}")
        return url


def obs_settings(section: Mapping[str, Any]) -> ObsSettings:
    """Check the section. Raises `SettingsError` with the key, the fault and the fix."""
    try:
        return ObsSettings.model_validate(section)
    except ValidationError as error:
        place, reason = first_fault(error, ObsSettings)
        raise SettingsError(f"[{SECTION}] {dotted(place)}: {reason}") from None

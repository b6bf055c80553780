"""What is wrong in something that people edit, in their words instead of the validator's."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError


def first_fault(error: ValidationError, model: type[BaseModel]) -> tuple[Sequence[str | int], str]:
    """The first thing that is wrong: where, as keys from the outermost on, and why."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = fault["loc"]
    if fault["type"] == "extra_forbidden":
        return place, _unknown(str(place[-1]), _fields(model, place[:-1]))
    if fault["type"] == "missing":
        return place, "is missing"
    reason = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be", 1)
    return place, reason


def dotted(place: Sequence[str | int]) -> str:
    """`earning.daily.coins`."""
    return ".".join(str(part) for part in place)


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    return "is not known here" + (f"; did you mean {near[0]}?" if near else "")


def _fields(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """What may stand there; nothing for what is inside of a list or a table."""
    for part in place:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)

"""Answers to programs and people: JSON with a fix in it, pages from templates."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
TEMPLATES = Path(__file__).parent / "templates"
_FIXES = {
    400: "Look at the request's form and send it again.",
    401: "Log in with the link from the terminal, or send the token from the file api-token.",
    403: "Reload the page; it must be opened from this address.",
    404: "Look at the address again.",
    413: "Send less at once.",
    421: "Open it as http://localhost or http://127.0.0.1.",
}


def json_answer(value: Any, status: int = 200) -> web.Response:
    """A value as JSON."""
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", charset="utf-8"
    )


def refusal(status: int, error: str, fix: str = "") -> web.Response:
    """What is wrong and what to do about it."""
    return json_answer({"error": error, "fix": fix or _FIXES.get(status, "")}, status)


async def body(request: web.Request, model: type[M]) -> M:
    """The JSON body of a request. Raises the answer that says what is wrong with it."""
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise web.HTTPBadRequest(
            text=orjson.dumps({"error": f"{place}: {first['msg']}", "fix": _FIXES[400]}).decode(),
            content_type="application/json",
        ) from None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )


def page(name: str, status: int = 200, **values: Any) -> web.Response:
    """A page from a template; everything in it is escaped."""
    text = _environment().get_template(name).render(status=status, **values)
    return web.Response(text=text, status=status, content_type="text/html")


def wants_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser's reader asks, not a program."""
    return "text/html" in headers.get("Accept", "")


def fix_for(status: int) -> str:
    """What to do about a status, in a sentence."""
    return _FIXES.get(status, "")


def title_for(status: int, reason: str) -> str:
    """What a person reads in large letters."""
    return {404: "There is nothing here", 405: "That cannot be done here"}.get(
        status, reason[:1].upper() + reason[1:]
    )

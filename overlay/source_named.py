"""Which source an address means."""

import orjson
from aiohttp import web

from data.access import Access, Source
from overlay.entry import PREVIEW


def source_named(access: Access, request: web.Request) -> Source:
    """The source of `/api/v1/sources/{name}`. Raises the answer that says where names stand."""
    stage = request.query.get("stage", "main")
    source = access.named(stage, request.match_info["name"])
    if source is None or source.name == PREVIEW:
        error = {"error": "there is no such source", "fix": "See: giftcast source list"}
        raise web.HTTPNotFound(text=orjson.dumps(error).decode(), content_type="application/json")
    return source

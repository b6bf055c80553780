"""QR codes as modules, for the page that draws them. The link is a setting of its source."""

from urllib.parse import urlsplit

import segno
from aiohttp import web

from overlay.answers import json_answer, refusal

LINK_MAX = 300  # characters
_SCHEMES = ("http", "https")


class LinkError(ValueError):
    """This can be no link of a QR card; says why, and what one looks like."""


def link_of(text: str) -> str:
    """The link in a setting. Raises `LinkError` for anything but http and https, and for what
    is too long."""
    link = text.strip()
    if len(link) > LINK_MAX:
        raise LinkError(f"a link has at most {LINK_MAX} characters")
    try:
        parts = urlsplit(link)
        named = bool(parts.hostname)
    except ValueError:
        named = False
    if not named or parts.scheme not in _SCHEMES or not link.isprintable() or " " in link:
        raise LinkError("a link begins with https:// or http:// and has no spaces")
    return link


def modules(link: str) -> list[str]:
    """The rows of the code, `1` for dark, without the quiet zone around it. Error correction is
    raised as far as costs no larger code, from M (15 %) on: it is filmed and compressed."""
    code = segno.make(link, error="m", boost_error=True, micro=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]


class QrCodes:
    """`/o/qr/modules?link=…`: `{link, rows}`. It knows nothing of this house, so it asks for no
    token; the demonstration has none."""

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/o/qr/modules", self._modules)

    async def _modules(self, request: web.Request) -> web.Response:
        try:
            link = link_of(request.query.get("link", ""))
        except LinkError as error:
            return refusal(400, str(error), "Change the setting “link” of this source.")
        return json_answer({"link": link, "rows": modules(link)})

"""A sign that giftcast is here, for the loader page on the disk.

A page from the disk may not read our answers, and shall not; but every page may look at the size
of a picture. So it tells us from another program on the same port without learning anything.
"""

from aiohttp import web

WIDTH, HEIGHT = 71, 67
_SIGN = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"/>'


class Here:
    """`/o/here.svg`."""

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/o/here.svg", self._here)

    async def _here(self, request: web.Request) -> web.Response:
        return web.Response(
            text=_SIGN,
            content_type="image/svg+xml",
            headers={"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-store"},
        )

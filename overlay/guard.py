"""The door: Host and Origin checks and the security headers of every answer."""

from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OVERLAY_PATHS = ("/o/", "/widgets/", "/static/", "/art/")
BODY_MAX = 65_536


def policy(path: str, port: int) -> str:
    """The Content-Security-Policy of a page. OBS's own Custom CSS needs inline styles."""
    origins = " ".join(f"http://{host}:{port}" for host in ("127.0.0.1", "localhost"))
    if path.startswith("/o/"):
        return (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; "
            "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
            f"frame-ancestors 'self' {origins}"
        )
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"frame-src 'self' {origins}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def make_guard(hosts: tuple[str, ...] = LOOPBACK) -> Middleware:
    """The outermost middleware. hosts: names under which this server may be called."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        _check_origin(request, hosts)
        try:
            response = await handler(request)
        except web.HTTPException as answer:
            if answer.status >= 500 or not request.path.startswith("/o/socket"):
                _protect(request, answer)
            raise
        _protect(request, response)
        return response

    return guard


def _check_origin(request: web.Request, hosts: tuple[str, ...]) -> None:
    """A foreign Host is DNS rebinding; a foreign Origin is another web page."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in hosts:
        structlog.get_logger().warning("guard.foreign_host", host=request.host[:100])
        raise web.HTTPMisdirectedRequest(reason="unknown host")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        structlog.get_logger().warning("guard.foreign_origin", origin=origin[:100])
        raise web.HTTPForbidden(reason="foreign origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in ("GET", "HEAD") and site not in ("none", "same-origin"):
        raise web.HTTPForbidden(reason="foreign site")


def _protect(request: web.Request, response: web.StreamResponse) -> None:
    if response.prepared:
        return
    port = request.url.port or 80
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
    headers.setdefault("Content-Security-Policy", policy(request.path, port))
    if not request.path.startswith(OVERLAY_PATHS):
        headers.setdefault("Cache-Control", "no-store")
    elif not request.path.startswith("/o/"):
        headers.setdefault("Cache-Control", "no-cache")

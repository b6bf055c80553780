"""The door: Host and Origin checks and the security headers of every answer."""

from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from overlay.answers import refusal

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OVERLAY_PATHS = ("/o/", "/widgets/", "/static/", "/art/", "/avatars/", "/themes/", "/gift-art/")
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
        if fault := _fault(request, hosts):
            status, what = fault
            response: web.StreamResponse = refusal(status, what)
        else:
            try:
                response = await handler(request)
            except web.HTTPException as answer:
                _protect(request, answer)
                raise
        _protect(request, response)
        return response

    return guard


def _called(request: web.Request) -> tuple[str, int]:
    """The name and port by which we are called; nothing when that makes no sense."""
    try:
        parts = urlsplit(f"//{request.host}")
        return parts.hostname or "", parts.port or 80
    except ValueError:
        return "", 0


def _fault(request: web.Request, hosts: tuple[str, ...]) -> tuple[int, str] | None:
    """A foreign Host is DNS rebinding; a foreign Origin is another web page."""
    name, _ = _called(request)
    if name not in hosts:
        structlog.get_logger().warning("guard.foreign_host", host=request.host[:100])
        return 421, "unknown host"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        structlog.get_logger().warning("guard.foreign_origin", origin=origin[:100])
        return 403, "foreign origin"
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in ("GET", "HEAD") and site not in ("none", "same-origin"):
        return 403, "foreign site"
    return None


def _protect(request: web.Request, response: web.StreamResponse) -> None:
    if response.prepared:
        return
    _, port = _called(request)
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
    headers.setdefault("Content-Security-Policy", policy(request.path, port))
    if not request.path.startswith(OVERLAY_PATHS):
        headers.setdefault("Cache-Control", "no-store")
    elif not request.path.startswith("/o/"):
        headers.setdefault("Cache-Control", "no-cache")

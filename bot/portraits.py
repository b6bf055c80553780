"""Portraits: a picture from a platform's own host, fetched within bounds and drawn anew."""

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from PIL import Image, ImageOps, UnidentifiedImageError
from yarl import URL

BYTES_MAX = 1_000_000
PIXELS_MAX = 4_000_000
SIDE = 128
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
PATIENCE_S = 8.0


class UnfitError(Exception):
    """It cannot be used; the text says why."""


def origin_of(entry: str) -> str:
    """`cdn.example` means https there; `http://127.0.0.1:9` is a stand-in. Raises `ValueError`."""
    url = URL(entry if "://" in entry else f"https://{entry}")
    if url.scheme not in ("http", "https") or not url.host or url.path not in ("", "/"):
        raise ValueError(f"{entry!r} is no host: write one such as cdn.example.com")
    return str(url.origin())


class PublicResolver(AbstractResolver):
    """Names that lead to this machine or its network lead nowhere."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """See `AbstractResolver`."""
        found = await self._inner.resolve(host, port, family)
        public = [each for each in found if ipaddress.ip_address(each["host"]).is_global]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Nothing is held."""
        await self._inner.close()


class Fetcher:
    """Asks the hosts that are allowed, and no other. Redirects are not followed: the platforms'
    own hosts need none."""

    def __init__(self, hosts: Collection[str], resolver: AbstractResolver | None = None) -> None:
        self._origins = frozenset(map(origin_of, hosts))
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def get(self, address: str) -> bytes:
        """The bytes at an address. Raises `UnfitError`."""
        try:
            url = URL(address)
            allowed = str(url.origin()) in self._origins and not url.user
        except ValueError:
            allowed = False
        if not allowed:
            raise UnfitError("that is no host of the platform")
        try:
            async with self._opened().get(url, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise UnfitError(f"it answered {answer.status}")
                if answer.content_type not in TYPES:
                    raise UnfitError(f"it is {answer.content_type[:40]}, no picture")
                return await _read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnfitError(type(error).__name__) from None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=4, resolver=self._resolver or PublicResolver(), force_close=True
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"Accept-Encoding": "identity"},
            )
        return self._session


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_chunked(65_536):
        size += len(part)
        if size > BYTES_MAX:
            raise UnfitError(f"it is larger than {BYTES_MAX:,} bytes")
        parts.append(part)
    return b"".join(parts)


async def redrawn(raw: bytes) -> bytes:
    """The picture as a small square WebP, without what came with it. Raises `UnfitError`."""
    return await asyncio.to_thread(_redrawn, raw)


def _redrawn(raw: bytes) -> bytes:
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > PIXELS_MAX:
                raise UnfitError(f"it has {found.width} × {found.height} pixels")
            turned: Any = ImageOps.exif_transpose(found)
            picture = ImageOps.fit(turned.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnfitError("it is damaged, or no picture") from None
    made = BytesIO()
    picture.save(made, "WEBP", quality=84, method=4)
    return made.getvalue()

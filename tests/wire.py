"""A page's connection that a test holds in its hands."""

import asyncio
from typing import Any

import orjson

Frame = dict[str, Any]


class Wire(asyncio.WriteTransport):
    """A connection that keeps what is written. stalled: nobody reads at the other end."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.stalled = False
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def get_write_buffer_size(self) -> int:
        return len(self.written) if self.stalled else 0

    def abort(self) -> None:
        self.aborted = True

    def frames(self) -> list[Frame]:
        """What was written, unpacked as RFC 6455 says."""
        found: list[Frame] = []
        rest = self.written
        while rest:
            assert rest[0] == 0x81, "one unmasked text frame"
            size, at = rest[1], 2
            if size >= 126:
                more = 2 if size == 126 else 8
                size, at = int.from_bytes(rest[2 : 2 + more], "big"), 2 + more
            found.append(orjson.loads(rest[at : at + size]))
            rest = rest[at + size :]
        return found

    def of(self, type_: str) -> list[Frame]:
        return [frame for frame in self.frames() if frame["type"] == type_]

    def given(self) -> list[str]:
        return [frame["data"]["gift_id"] for frame in self.of("gift.sent")]

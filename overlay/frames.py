"""Frames: an event on the wire, encoded once for all who get it."""

from typing import Any

import orjson

from data.events import Event, stamp

VERSION = 1


def frame(event: Event) -> bytes:
    """The event as JSON text."""
    return orjson.dumps(
        {
            "v": VERSION,
            "seq": event.seq,
            "type": event.type,
            "at": stamp(event.at),
            "data": event.data,
        }
    )


def notice(type_: str, at: int, **data: Any) -> bytes:
    """A frame that is no event of the journal, such as `settled`; it has no number."""
    return orjson.dumps({"v": VERSION, "seq": 0, "type": type_, "at": stamp(at), "data": data})


def greeting(type_: str, **fields: Any) -> bytes:
    """A message about the link itself: `welcome`, `ping`."""
    return orjson.dumps({"v": VERSION, "type": type_, **fields})


def seq_of(gift_id: str) -> int:
    """The number in a gift's id; 0 when there is none."""
    digits = gift_id.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


def on_wire(payload: bytes) -> bytes:
    """A WebSocket text message in one unmasked frame (RFC 6455, section 5.2), so that a
    thousand links can be handed the same bytes."""
    size = len(payload)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65_536:
        head = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + size.to_bytes(8, "big")
    return head + payload

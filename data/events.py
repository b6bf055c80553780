"""Events: what a record means to those who watch. A function of the record and nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from data.ledger import Record

SHOWN_NAME_WHEN_ERASED = "someone"


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered fact of a stage. type and data are those of the wire's frame. person: whose
    affair it is; no page is told."""

    stage: str
    seq: int
    type: str
    at: int
    data: dict[str, Any]
    person: int = 0


def event_of(record: Record) -> Event | None:
    """The event of a record; None for what only the books need to know."""
    match record.kind:
        case "gift" if not record.facts["waiting"]:
            return _event(record, "gift.sent", _gift(record, record.gift_id))
        case "approve":
            return _event(record, "gift.sent", _gift(record, record.facts["gift_id"]))
        case "return":
            data = {"gift_id": record.facts["gift_id"], "cause": record.facts["cause"]}
            return _event(record, "gift.returned", data)
        case "refund":
            data = {"gift_id": record.facts["gift_id"], "cause": "refund"}
            return _event(record, "gift.returned", data)
        case "cheer":
            return _event(record, "cheer", _cheer(record))
        case "strike":
            data = {"gift_id": record.facts["gift_id"], "message": None}
            return _event(record, "gift.text", data)
        case "control":
            return _event(record, "control", dict(record.facts))
        case _:
            return None


def stamp(at: int) -> str:
    """Milliseconds since the epoch as an ISO 8601 time in UTC."""
    text = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _event(record: Record, type_: str, data: dict[str, Any]) -> Event:
    return Event(record.stage, record.seq, type_, record.at, data, record.subject)


def _cheer(record: Record) -> dict[str, Any]:
    facts, aside = record.facts, record.aside
    return {
        "viewer": {
            "name": aside.get("viewer") or SHOWN_NAME_WHEN_ERASED,
            "platform": facts["platform"],
        },
        "bits": facts["bits"],
        "message": aside.get("message") or None,
        "anonymous": facts["anonymous"],
    }


def _gift(record: Record, gift_id: str) -> dict[str, Any]:
    facts, aside = record.facts, record.aside
    return {
        "gift_id": gift_id,
        "gift": facts["gift"],
        "count": facts["count"],
        "total_coins": facts["total_coins"],
        "viewer": {
            "name": aside.get("viewer") or SHOWN_NAME_WHEN_ERASED,
            "platform": facts.get("platform", ""),
            "avatar": None,
        },
        "creator": {"name": aside.get("creator", "")},
        "message": aside.get("message") or None,
        "combo": facts.get("combo"),
        "test": False,
    }

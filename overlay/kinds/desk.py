"""`desk.changed {paused, muted, live, queue, waiting, log}`: what a moderator wants to know.

Told to people who are logged in (`overlay/dock.py`); no widget of OBS declares it.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from commands.open_gifts import OpenGift
from commands.settle import Settler
from commands.shows import Shows
from data.events import SHOWN_NAME_WHEN_ERASED, stamp
from data.identities import Identities
from data.journal import Books, Journal
from data.ledger import Record
from overlay.kinds import Data

LISTED = 40  # gifts of each list; all are counted
LOGGED = 40  # things that happened lately
LOOKED_BACK = 400  # records, when the first person comes
KEPT = 200  # gifts of which things are told
_ENDS = {"settle": "shown", "refund": "refunded", "return": "returned", "approve": "approved"}
_ACTS = frozenset(
    {"control", "ban", "unban", "grant", "take", "set", "undo", "earnpause", "earnresume", "bonus"}
)


class DeskKind:
    """The whole desk of a stage.

    queue, waiting: `{count, coins, gifts}`, the oldest first; a gift is as in `gift.sent`, with
    `at` and `leaving` (it was asked back). log: what happened lately, newest first: `{id, at,
    what, by, settle, gift?, cause?, reason?, action?, who?, coins?, balance?, viewers?}`; coins:
    by how much; balance: what somebody was set to; viewers: how many it rained on;
    settle: a page has shown it just then.
    """

    type = "desk.changed"

    def __init__(
        self,
        journal: Journal,
        books: Books,
        people: Identities,
        settler: Settler,
        shows: Shows,
    ) -> None:
        self._journal, self._books, self._people = journal, books, people
        self._settler, self._shows = settler, shows
        self._log: dict[str, deque[Record]] = {}
        self._gifts: OrderedDict[tuple[str, int], Record] = OrderedDict()
        journal.watch(self._note)

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("desk",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return record.kind in ("gift", "strike", "show", "bar") or _is_logged(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        log = await self._lately(stage)
        under_way = self._settler.under_way(stage)
        told = [await self._told(record) for record in reversed(log)]
        return {
            topic: {
                "paused": self._settler.paused(stage),
                "muted": self._settler.muted(stage),
                "live": self._shows.live(stage),
                "queue": _listed([gift for gift in under_way if gift.state == "ready"]),
                "waiting": _listed([gift for gift in under_way if gift.state == "waiting"]),
                "log": told,
            }
        }

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now

    def _note(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind == "strike":
                self._gifts.pop((record.stage, record.facts["gift"]), None)
            elif record.stage in self._log and _is_logged(record):
                self._log[record.stage].append(record)

    async def _lately(self, stage: str) -> list[Record]:
        if stage not in self._log:
            head = self._journal.head(stage)
            known = await self._journal.read(
                stage, after=max(0, head - LOOKED_BACK), limit=LOOKED_BACK
            )
            later = self._log.setdefault(stage, deque(maxlen=LOGGED))
            self._log[stage] = deque(filter(_is_logged, known), maxlen=LOGGED)
            newest = known[-1].seq if known else 0
            self._log[stage].extend(record for record in later if record.seq > newest)
        return list(self._log[stage])

    async def _told(self, record: Record) -> Data:
        told: Data = {
            "id": record.gift_id,
            "at": stamp(record.at),
            "what": _ENDS.get(record.kind, record.kind),
            "by": record.aside.get("by", ""),
            "settle": record.kind == "settle",
        }
        if not told["by"] and record.actor and record.kind in ("approve", *_ACTS):
            names = await self._people.names([record.actor])
            told["by"] = names.get(record.actor, "")
        if record.kind == "gift":
            return {**told, "what": "shown", "gift": _face(record)}
        if record.kind in _ENDS:
            gift = await self._gift(record)
            cause = record.facts.get("cause")
            reason = record.aside.get("reason", "")
            return {**told, "gift": gift and _face(gift), "cause": cause, "reason": reason}
        gift = await self._gift(record) if record.facts.get("gift_id") else None
        return {
            **told,
            "gift": gift and _face(gift),
            "action": record.facts.get("action"),
            "cause": record.facts.get("cause"),
            "who": record.aside.get("viewer", ""),
            "coins": next((abs(amount) for _, amount in record.postings), 0),
            "balance": record.facts.get("balance"),
            "viewers": record.facts.get("viewers"),
            "reason": record.aside.get("reason", ""),
        }

    async def _gift(self, record: Record) -> Record | None:
        seq = record.closes or record.reverses or record.facts.get("approves", 0)
        if not seq:  # an act on a gift names it
            seq = int(record.facts["gift_id"].partition("-")[0])
        known = self._gifts.get((record.stage, seq))
        if known is None:
            known = await self._books.find(record.stage, seq)
            if known is not None:
                self._gifts[record.stage, seq] = known
        if len(self._gifts) > KEPT:
            self._gifts.popitem(last=False)
        return known


def _is_logged(record: Record) -> bool:
    if record.kind == "gift":
        return bool(record.facts["settled"])
    if record.kind == "grant":  # what viewers earn is no act of a moderator
        return bool(record.aside.get("by"))
    return record.kind in _ENDS or record.kind in _ACTS


def _listed(gifts: Sequence[OpenGift]) -> Data:
    told = [{**_face(gift.record), "leaving": bool(gift.recalled_at)} for gift in gifts[:LISTED]]
    coins = sum(gift.record.facts["total_coins"] for gift in gifts)
    return {"count": len(gifts), "coins": coins, "gifts": told}


def _face(record: Record) -> Data:
    facts, aside = record.facts, record.aside
    return {
        "gift_id": record.gift_id,
        "gift": facts["gift"],
        "count": facts["count"],
        "total_coins": facts["total_coins"],
        "viewer": {
            "name": aside.get("viewer") or SHOWN_NAME_WHEN_ERASED,
            "platform": facts.get("platform", ""),
        },
        "message": aside.get("message") or None,
        "at": stamp(record.at),
    }

"""Settling and returning: what becomes of a gift between its acceptance and its end.

A gift that a page has shown is settled; one that nobody saw in time is asked back and then
returned. The money's state is the journal's alone: here stands only what is open, and when
its time is up.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol

import structlog

from commands.open_gifts import BANNED, SWEEPS, OpenGift
from commands.pauses import paused_ms
from commands.policy import StagePolicy
from data.errors import GiftError
from data.journal import Books, Journal
from data.ledger import Receipt, Record, Transaction

GRACE_MS = 60_000  # after a start, before anything expires
RECALL_MS = 5_000  # for a page to say whether it has shown what is asked back
_PAGE = 500


class Pages(Protocol):
    """The pages of settling sources; the overlay's hub is them."""

    def holds(self, stage: str, seq: int) -> bool:
        """Whether a live page (heard from within 15 s) was given this gift."""

    def recall(self, stage: str, gift_ids: Sequence[str]) -> None:
        """Stop handing these out and ask the pages to drop them."""


class Settler:
    """Follows the open gifts of every stage, settles and returns them. now: epoch ms."""

    def __init__(
        self,
        journal: Journal,
        books: Books,
        policies: Callable[[str], StagePolicy],
        now: Callable[[], int],
    ) -> None:
        self._journal = journal
        self._books = books
        self._policies = policies
        self._now = now
        self._pages: Pages | None = None
        self._open: dict[str, dict[int, OpenGift]] = {}
        self._paused: dict[str, bool] = {}
        self._muted: dict[str, bool] = {}
        self._started = self._ticked = now()
        journal.watch(self._follow)

    async def load(self, pages: Pages) -> None:
        """Take up every open gift; once, at the start."""
        self._pages = pages
        for stage in await self._books.stages():
            controls = await self._books.controls(stage)
            for record in controls:
                self._steer(record)
            found: list[tuple[str, Record]] = []
            while page := await self._books.open_gifts(
                stage, after=found[-1][1].seq if found else 0, limit=_PAGE
            ):
                found += page
            approved = await self._approvals(stage, found)
            gifts = self._open.setdefault(stage, {})
            for state, record in found:
                gift = gifts[record.seq] = OpenGift(record, state)
                since = record.at
                if approval := approved.get(record.seq):
                    gift.approved_by(approval)
                    since = approval.at
                gift.waited_ms = since - record.at + paused_ms(controls, since, self._started)
            overruled = [gifts[seq] for seq in await self._books.overruled(stage) if seq in gifts]
            self._ask_back(stage, overruled, BANNED)
            for record in controls:  # asked back before the stop, and not yet returned
                if record.seq > min(gifts, default=record.seq):
                    self._sweep(record)
            for gift in gifts.values():
                if gift.recalled_at:  # pages are not back yet; they may have shown it
                    gift.recalled_at += GRACE_MS - RECALL_MS

    async def _approvals(
        self, stage: str, found: Sequence[tuple[str, Record]]
    ) -> dict[int, Record]:
        """The approvals of those of these gifts that had to wait, by the gift's seq."""
        wanted = {
            record.seq for state, record in found if state == "ready" and record.facts["waiting"]
        }
        approved: dict[int, Record] = {}
        after = min(wanted, default=0)
        while len(approved) < len(wanted) and (
            page := await self._journal.read(stage, after=after, limit=_PAGE)
        ):
            for record in page:
                if record.kind == "approve" and record.facts["approves"] in wanted:
                    approved[record.facts["approves"]] = record
            after = page[-1].seq
        return approved

    def paused(self, stage: str) -> bool:
        """Whether gifts wait until a moderator lets them play."""
        return self._paused.get(stage, False)

    def muted(self, stage: str) -> bool:
        """Whether gifts play silently."""
        return self._muted.get(stage, False)

    def ready(self, stage: str) -> list[Record]:
        """Gifts that may be handed to a page now, oldest first."""
        return [
            gift.record
            for _, gift in sorted(self._open.get(stage, {}).items())
            if gift.state == "ready" and not gift.recalled_at
        ]

    def under_way(self, stage: str) -> list[OpenGift]:
        """Every gift that is neither settled nor returned, oldest first."""
        return [gift for _, gift in sorted(self._open.get(stage, {}).items())]

    def leaving(self, stage: str) -> list[str]:
        """The ids of the oldest gifts that are asked back from the pages, in order."""
        gifts = (one for one in self.under_way(stage) if one.state == "ready" and one.recalled_at)
        return [gift.record.gift_id for gift in islice(gifts, _PAGE)]

    def open_record(self, stage: str, seq: int) -> Record | None:
        """The record of a gift that is neither settled nor returned."""
        gift = self._open.get(stage, {}).get(seq)
        return gift.record if gift else None

    # --- what pages say ---

    async def shown(self, stage: str, seqs: Iterable[int], source: str) -> None:
        """These gifts have been on screen: settle those that are still open. Returns once
        that is on disk; raises `GiftError` when the journal cannot take it now."""
        receipts = await asyncio.gather(*(self._shown(stage, seq, source) for seq in seqs))
        for receipt in receipts:
            if receipt and receipt.refusal:
                structlog.get_logger().info("settle.lost_race", code=receipt.refusal.code.value)

    async def _shown(self, stage: str, seq: int, source: str) -> Receipt | None:
        gift = self._open.get(stage, {}).get(seq)
        if gift is not None and gift.state == "ready":
            return await self._journal.record(gift.settling(self._now()))
        if await self._books.state(stage, seq) == "returned":
            return await self._journal.record(
                Transaction(
                    stage, "note", f"late:{stage}:{seq}:{source}", self._now(),
                    facts={"note": "shown after it was returned", "gift": seq},
                )
            )  # fmt: skip
        return None

    async def dropped(self, stage: str, seqs: Iterable[int]) -> None:
        """The page has put these away unseen; those that were asked back go home at once. After
        a start they wait for the other pages, which are not back yet and may have shown them."""
        gifts = (self._open.get(stage, {}).get(seq) for seq in seqs)
        asked = [gift for gift in gifts if gift and 0 < gift.recalled_at <= self._now()]
        await asyncio.gather(*(self._return(gift) for gift in asked))

    # --- time ---

    def swept(self, stage: str, seq: int) -> int:
        """See `commands.call.Backstage`."""
        return sum(gift.swept_by == seq for gift in self._open.get(stage, {}).values())

    async def count(self, stage: str, seq: int) -> bool:
        """See `commands.call.Backstage`."""
        gift = self._open.get(stage, {}).get(seq)
        if gift is None or not gift.counts or gift.recalled_at:
            return False
        await self._end(gift.settling(self._now()))
        return True

    def begin_grace(self) -> None:
        """The machine slept: pages need a moment to come back before anything expires."""
        self._started = self._now()

    async def tick(self) -> None:
        """Let time pass: ask back what is due, return what was asked back long enough ago.
        Called about once a second."""
        now, passed = self._now(), self._now() - self._ticked
        self._ticked = now
        ends: list[Transaction] = []
        for stage, gifts in self._open.items():
            policy = self._policies(stage)
            due: list[OpenGift] = []
            for gift in gifts.values():
                if gift.recalled_at:
                    if now - gift.recalled_at >= RECALL_MS:
                        ends.append(gift.returning(now))
                    continue
                if gift.counts:  # its approval was recorded, its settlement could not be
                    ends.append(gift.settling(now))
                    continue
                still = self._stands_still(stage, gift)
                if still:
                    gift.waited_ms += max(0, passed)
                graced = now - self._started < GRACE_MS
                if cause := "" if graced else gift.overdue(policy, now, still=still):
                    gift.cause = cause
                    due.append(gift)
            self._ask_back(stage, due, "")
        await asyncio.gather(*map(self._end, ends))

    async def return_all(self, stage: str, cause: str) -> int:
        """No page will ever show them: give every open gift of the stage back."""
        gifts = list(self._open.get(stage, {}).values())
        for gift in gifts:
            gift.cause, gift.recalled_at = cause, self._now()
        await asyncio.gather(*(self._return(gift) for gift in gifts))
        return len(gifts)

    def _stands_still(self, stage: str, gift: OpenGift) -> bool:
        assert self._pages is not None
        return gift.state == "ready" and (
            self.paused(stage) or self._pages.holds(stage, gift.record.seq)
        )

    def _ask_back(self, stage: str, gifts: Sequence[OpenGift], cause: str) -> None:
        for gift in gifts:
            gift.recalled_at = self._now()
            gift.cause = cause or gift.cause
        ready = [gift.record.gift_id for gift in gifts if gift.state == "ready"]
        if ready and self._pages is not None:
            self._pages.recall(stage, ready)

    async def _return(self, gift: OpenGift) -> None:
        await self._end(gift.returning(self._now()))

    async def _end(self, ending: Transaction) -> None:
        try:
            await self._journal.record(ending)
        except GiftError as error:  # tried again at the next tick
            structlog.get_logger().warning("settle.failed", kind=ending.kind, code=error.code.value)

    # --- keeping up with the journal ---

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            gifts = self._open.setdefault(record.stage, {})
            match record.kind:
                case "gift" if not record.facts["settled"]:
                    state = "waiting" if record.facts["waiting"] else "ready"
                    gifts[record.seq] = OpenGift(record, state)
                case "approve":
                    if gift := gifts.get(record.facts["approves"]):
                        self._approve(gift, record)
                case "settle" | "return":
                    gifts.pop(record.closes, None)
                case "bar":
                    self._overrule(record)
                case "strike":
                    if gift := gifts.get(record.facts["gift"]):
                        gift.strike()
                case "control":
                    self._steer(record)
                    self._sweep(record)
                case _:
                    pass

    def _approve(self, gift: OpenGift, approval: Record) -> None:
        overruled = gift.recalled_at and gift.cause == BANNED
        gift.approved_by(approval)
        gift.recalled_at = 0
        gift.waited_ms += approval.at - gift.record.at
        if overruled:  # now that pages may get it, they are asked for it back
            self._ask_back(approval.stage, [gift], BANNED)

    def _overrule(self, bar: Record) -> None:
        """A platform bars somebody: what they have on the way goes home."""
        gifts = self._open[bar.stage].values()
        self._ask_back(bar.stage, [gift for gift in gifts if gift.falls_under(bar)], BANNED)

    def _sweep(self, control: Record) -> None:
        """A moderator clears the queue or skips what stands in it: that goes home. What the
        record says counts, so that it holds in every process and after a restart."""
        cause = SWEEPS.get(control.facts["action"], "")
        if not cause:
            return
        gifts = [gift for gift in self._open[control.stage].values() if gift.falls_to(control)]
        for gift in gifts:
            gift.swept_by = control.seq
        self._ask_back(control.stage, gifts, cause)

    def _steer(self, record: Record) -> None:
        match record.facts["action"]:
            case "pause" | "resume" as action:
                self._paused[record.stage] = action == "pause"
            case "mute" | "unmute" as action:
                self._muted[record.stage] = action == "mute"
            case _:
                pass

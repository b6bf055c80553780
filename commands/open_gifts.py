"""Gifts under way: neither settled nor returned, and when their time is up."""

from dataclasses import dataclass, replace

from commands.policy import StagePolicy
from data.ledger import Record, Transaction
from data.linking import ACCOUNTS
from data.money import Account, Terms
from data.postings import earn, give_back

BANNED = "banned"
SWEEPS = {"clear": "cleared", "skip": "skipped"}  # what asks queued gifts back, and the cause then


@dataclass(slots=True)
class OpenGift:
    """A gift under way. waited_ms: time that does not count: paused, or held by a live page.
    approval: seq of the record that let it be shown, if it had to wait. counts: it was approved
    where no source could show it, so it is settled at once. swept_by: seq of the control record
    that asked it back."""

    record: Record
    state: str
    waited_ms: int = 0
    recalled_at: int = 0
    cause: str = ""
    approval: int = 0
    counts: bool = False
    swept_by: int = 0

    def approved_by(self, approval: Record) -> None:
        """It may be shown from this record on."""
        self.state, self.approval = "ready", approval.seq
        self.counts = bool(approval.facts.get("counts"))

    def overdue(self, policy: StagePolicy, now: int, *, still: bool) -> str:
        """Why the gift must go back now; empty while it has time, or time stands still."""
        age = now - self.record.at
        if age >= policy.hold_max_s * 1000:
            return "expired"
        facts = self.record.facts
        if self.state == "waiting":
            return "undecided" if age >= facts["decide_after_s"] * 1000 else ""
        if still:
            return ""
        return "expired" if age - self.waited_ms >= facts["return_after_s"] * 1000 else ""

    def falls_under(self, bar: Record) -> bool:
        """Whether a bar from giving reaches this gift: it was sent before the bar ended."""
        until = bar.facts["until"]
        return (
            self.record.subject in bar.facts.get(ACCOUNTS, (bar.subject,))
            and not self.recalled_at
            and (until is None or self.record.at < until)
        )

    def falls_to(self, control: Record) -> bool:
        """Whether a clear, or a skip by name, finds this gift in the queue: it came before."""
        named = control.facts.get("gift_id")
        return (
            self.state == "ready"
            and not self.recalled_at
            and max(self.record.seq, self.approval) < control.seq
            and (control.facts["action"] == "clear" or named == self.record.gift_id)
        )

    def strike(self) -> None:
        """Forget what was written with it."""
        kept = {name: text for name, text in self.record.aside.items() if name != "message"}
        self.record = replace(self.record, aside=kept)

    def settling(self, at: int) -> Transaction:
        """Seen, or as good as: the creator earns it. at: epoch ms."""
        record, facts = self.record, self.record.facts
        return Transaction(
            record.stage, "settle", f"settle:{record.stage}:{record.gift_id}", at,
            subject=record.subject, closes=record.seq,
            postings=earn(
                Account("hold"),
                facts["creator"],
                facts["total_coins"],
                Terms(facts["fee_pct"], facts["rate"]),
            ),
            facts={"gift_id": record.gift_id},
        )  # fmt: skip

    def returning(self, at: int) -> Transaction:
        """Not seen: its coins go home. at: epoch ms."""
        record = self.record
        return Transaction(
            record.stage, "return", f"return:{record.stage}:{record.gift_id}", at,
            subject=record.subject, closes=record.seq,
            postings=give_back(record.subject, record.facts["total_coins"]),
            facts={"gift_id": record.gift_id, "cause": self.cause or "expired"},
            aside={"viewer": record.aside.get("viewer", "")},
        )  # fmt: skip

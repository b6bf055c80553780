"""Gifts under way: neither settled nor returned, and when their time is up."""

from dataclasses import dataclass, replace

from commands.policy import StagePolicy
from data.ledger import Record
from data.linking import ACCOUNTS

BANNED = "banned"


@dataclass(slots=True)
class OpenGift:
    """A gift under way. waited_ms: time that does not count: paused, or held by a live page."""

    record: Record
    state: str
    waited_ms: int = 0
    recalled_at: int = 0
    cause: str = ""

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

    def strike(self) -> None:
        """Forget what was written with it."""
        kept = {name: text for name, text in self.record.aside.items() if name != "message"}
        self.record = replace(self.record, aside=kept)

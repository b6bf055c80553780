"""A stage's ledger in a few dictionaries, as plain as can be: what the real one must agree with."""

from dataclasses import dataclass, field

from data.errors import Code
from data.ledger import BalanceIs, EarnedAtMost, MayEarn, NotBanned, Transaction
from data.money import MAY_OWE, Account, Terms

# In which states a gift may be closed or approved.
OPEN_FOR = {"settle": ("ready",), "return": ("ready", "waiting"), "approve": ("waiting",)}

REVERSAL = {"gift": "refund", "link": "unlink"}
UNDONE = ("grant", "take", "set", "transfer")


@dataclass
class Gift:
    """A gift as the model knows it."""

    viewer: int
    coins: int
    terms: Terms
    state: str
    day: int
    show: int = 0
    gift: str = ""
    units: int = 1


@dataclass
class Model:
    """One stage in a few dictionaries."""

    creator: int
    balances: dict[Account, int] = field(default_factory=dict)
    gifts: dict[int, Gift] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    bans: set[int] = field(default_factory=set)
    board: dict[int, int] = field(default_factory=dict)
    show_board: dict[int, int] = field(default_factory=dict)
    given: dict[tuple[int, int, str], list[int]] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    earned: dict[int, tuple[int, int, str, int]] = field(default_factory=dict)

    def one(self, person: int) -> set[int]:
        """All accounts of one person."""
        return {person}

    def balance(self, account: Account) -> int:
        return self.balances.get(account, 0)

    def move(self, account: Account, amount: int) -> None:
        self.balances[account] = self.balance(account) + amount

    def pay_out(self, gift: Gift, source: Account) -> None:
        """Seen: the creator and the house get their diamonds, and the board counts it."""
        fee = gift.terms.rate * gift.terms.fee_pct // 100 * gift.coins
        earned = gift.terms.rate * gift.coins - fee
        self.move(source, -gift.coins)
        self.move(Account("spent"), gift.coins)
        self.move(Account("issued"), -earned - fee)
        self.move(Account("earnings", self.creator), earned)
        self.move(Account("house"), fee)
        self.count(gift, gift.coins)
        gift.state = "settled"

    def take_back(self, gift: Gift) -> None:
        fee = gift.terms.rate * gift.terms.fee_pct // 100 * gift.coins
        earned = gift.terms.rate * gift.coins - fee
        left = min(earned, self.balance(Account("earnings", self.creator)))
        self.move(Account("wallet", gift.viewer), gift.coins)
        self.move(Account("spent"), -gift.coins)
        self.move(Account("issued"), earned + fee)
        self.move(Account("earnings", self.creator), -left)
        self.move(Account("shortfall", self.creator), left - earned)
        self.move(Account("house"), -fee)
        self.count(gift, -gift.coins)
        gift.state = "refunded"

    def count(self, gift: Gift, coins: int) -> None:
        self.board[gift.day] = self.board.get(gift.day, 0) + coins
        if gift.show:
            self.show_board[gift.show] = self.show_board.get(gift.show, 0) + coins
        sign = 1 if coins > 0 else -1
        units, gifts, total = self.given.get((gift.day, gift.show, gift.gift), (0, 0, 0))
        sums = [units + sign * gift.units, gifts + sign, total + coins]
        self.given[gift.day, gift.show, gift.gift] = sums

    def earnings(self) -> dict[tuple[int, int, str], int]:
        """By person, day and way, of the grants that were not undone."""
        found: dict[tuple[int, int, str], int] = {}
        for seq, (person, day, way, coins) in self.earned.items():
            if seq not in self.undone:
                found[person, day, way] = found.get((person, day, way), 0) + coins
        return found

    def judge(self, asked: Transaction) -> Code | None:
        """Why it must be refused, if it must."""
        return (
            self._guarded(asked)
            or self._closed(asked)
            or self._reversed(asked)
            or (Code.NOT_ENOUGH if self._lacks(asked) else None)
        )

    def _guarded(self, asked: Transaction) -> Code | None:
        for guard in asked.guards:
            if isinstance(guard, NotBanned) and self.one(guard.person) & self.bans:
                return Code.BANNED
            if isinstance(guard, MayEarn) and self.one(guard.person) & self.paused:
                return Code.EARNING_PAUSED
            if isinstance(guard, EarnedAtMost) and guard.most < sum(
                coins
                for (person, day, way), coins in self.earnings().items()
                if person in self.one(guard.person) and day == guard.day and guard.way in ("", way)
            ):
                return Code.EARNED_ENOUGH
            if isinstance(guard, BalanceIs) and self.balance(guard.account) != guard.amount:
                return Code.BALANCE_CHANGED
        return None

    def _closed(self, asked: Transaction) -> Code | None:
        if asked.kind not in OPEN_FOR:
            return None
        target = self.gifts.get(asked.closes or asked.facts.get("approves", 0))
        if target is None and asked.kind != "approve":
            return Code.UNKNOWN_RECORD
        if target is None or target.state not in OPEN_FOR[asked.kind]:
            return Code.ALREADY_CLOSED
        return None

    def _reversed(self, asked: Transaction) -> Code | None:
        if not asked.reverses:
            return None
        if asked.reverses > len(self.kinds):
            return Code.UNKNOWN_RECORD
        kind = self.kinds[asked.reverses - 1]
        if asked.kind != REVERSAL.get(kind, "undo" if kind in UNDONE else None):
            return Code.NOT_REVERSIBLE
        if asked.reverses in self.undone:
            return Code.ALREADY_REVERSED
        if asked.kind == "refund" and self.gifts[asked.reverses].state != "settled":
            return Code.STILL_OPEN
        return None

    def _lacks(self, asked: Transaction) -> bool:
        return any(
            self.balance(account) + amount < 0
            for account, amount in asked.postings
            if account.kind not in MAY_OWE
            and not (asked.kind == "refund" and account.kind == "earnings")
        )

    def bar(self, kind: str, person: int) -> None:
        barred = self.bans if kind.endswith("ban") else self.paused
        if kind in ("ban", "earnpause"):
            barred.add(person)
        else:
            barred -= self.one(person)

    def follow(self, asked: Transaction) -> None:
        """What becomes of a transaction that is in order."""
        self.kinds.append(asked.kind)
        seq = len(self.kinds)
        match asked.kind:
            case "gift":
                facts = asked.facts
                terms = Terms(facts["fee_pct"], facts["rate"])
                gift = Gift(
                    asked.subject, facts["total_coins"], terms, "ready", facts["day"],
                    facts.get("show", 0), facts["gift"]["id"], facts["count"],
                )  # fmt: skip
                self.gifts[seq] = gift
                if facts["settled"]:
                    self.pay_out(gift, Account("wallet", gift.viewer))
                else:
                    self.move(Account("wallet", gift.viewer), -gift.coins)
                    self.move(Account("hold"), gift.coins)
                    gift.state = "waiting" if facts["waiting"] else "ready"
            case "approve":
                self.gifts[asked.facts["approves"]].state = "ready"
            case "settle":
                self.pay_out(self.gifts[asked.closes], Account("hold"))
            case "return":
                gift = self.gifts[asked.closes]
                self.move(Account("hold"), -gift.coins)
                self.move(Account("wallet", gift.viewer), gift.coins)
                gift.state = "returned"
            case "refund":
                self.take_back(self.gifts[asked.reverses])
            case "ban" | "unban" | "earnpause" | "earnresume":
                self.bar(asked.kind, asked.subject)
            case _:
                for account, amount in asked.postings:
                    self.move(account, amount)
        if asked.kind == "grant" and (day := asked.facts.get("day")) is not None:
            self.earned[seq] = asked.subject, day, asked.facts["cause"], asked.facts["coins"]
        if asked.reverses:
            self.undone.add(asked.reverses)

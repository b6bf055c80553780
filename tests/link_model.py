"""A stage in which accounts are linked: the plain model with a purse for each person, and a
note of what is whose."""

from dataclasses import dataclass, field

from data.errors import Code
from data.ledger import Transaction
from data.money import Account
from tests.ledger_model import Model


@dataclass
class Tie:
    """A link as the model knows it. own: what the member has in the one purse, or owes it."""

    person: int
    head: int
    own: int
    parted: int | None = None


@dataclass
class LinkedModel(Model):
    """Ties by the seq of their record."""

    ties: dict[int, Tie] = field(default_factory=dict)

    def lasting(self) -> dict[int, Tie]:
        return {tie.person: tie for tie in self.ties.values() if tie.parted is None}

    def head(self, person: int) -> int:
        tie = self.lasting().get(person)
        return tie.head if tie else person

    def members(self, head: int) -> list[Tie]:
        return [tie for tie in self.lasting().values() if tie.head == head]

    def group(self, person: int) -> list[int]:
        head = self.head(person)
        return [head, *sorted(tie.person for tie in self.members(head))]

    def one(self, person: int) -> set[int]:
        return set(self.group(person))

    def purse(self, account: Account) -> Account:
        return Account("wallet", self.head(account.owner)) if account.kind == "wallet" else account

    def balance(self, account: Account) -> int:
        return super().balance(self.purse(account))

    def move(self, account: Account, amount: int) -> None:
        if account.kind == "wallet" and (tie := self.lasting().get(account.owner)):
            tie.own += amount
        super().move(self.purse(account), amount)

    def judge(self, asked: Transaction) -> Code | None:
        if asked.kind == "link":
            person, head = asked.subject, asked.facts["head"]
            if person in self.one(head):
                return Code.ALREADY_LINKED
            if len(self.one(person)) > 1:
                return Code.ALREADY_LINKED
            if self.head(head) != head or self.group(head) != asked.facts["group"]:
                return Code.LINKS_CHANGED
        if asked.kind == "unlink":
            tie = self.ties.get(asked.reverses)
            if tie is None or tie.parted or tie.person != asked.subject:
                return Code.NOT_LINKED
        purses: dict[Account, int] = {}
        for account, amount in asked.postings:
            purses[self.purse(account)] = purses.get(self.purse(account), 0) + amount
        if asked.postings and not any(purses.values()):
            return Code.ONE_WALLET
        return super().judge(asked)

    def takes_along(self, tie: Tie) -> int:
        """What an account gets when its link ends: its own; but of what is left only, and
        when that is less than what all claim, in proportion to the claims."""
        left = self.balance(Account("wallet", tie.head))
        others = sum(one.own for one in self.members(tie.head))
        claims = [max(0, one.own) for one in self.members(tie.head)]
        claims.append(max(0, left - others))
        back = max(0, tie.own) * left // sum(claims) if sum(claims) else 0
        if len(self.members(tie.head)) == 1:
            assert back == min(max(0, tie.own), left)
        assert 0 <= back <= left
        return back

    def follow(self, asked: Transaction) -> None:
        if asked.kind == "unlink":
            tie = self.ties[asked.reverses]
            back = self.takes_along(tie)
            tie.parted = len(self.kinds) + 1
            super().move(Account("wallet", tie.head), -back)
            super().move(Account("wallet", tie.person), back)
        super().follow(asked)
        if asked.kind == "link":
            brought = self.balance(Account("wallet", asked.subject))
            super().move(Account("wallet", asked.subject), -brought)
            super().move(Account("wallet", asked.facts["head"]), brought)
            self.ties[len(self.kinds)] = Tie(asked.subject, asked.facts["head"], brought)

"""The ledger's rules: what a transaction is, and how it is judged. Pure; no storage in sight.

A transaction is composed by whoever asks, judged by the one writer of its stage, and then
recorded for ever. What must hold at that moment travels with it as guards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from data.errors import Code, GiftError
from data.money import (
    BALANCE_MAX,
    MAY_OWE,
    Account,
    Posting,
    unbalanced,
)

Kind = Literal[
    "gift",  # accepted: wallet → hold, or straight to the creator when `facts.settled`
    "approve",  # a waiting gift may now be shown
    "settle",  # seen: hold → spent, diamonds → earnings and house
    "return",  # not seen: hold → wallet
    "refund",  # a settled gift taken back
    "grant",
    "take",
    "set",
    "transfer",
    "undo",  # reverses a grant, take, set or transfer
    "ban",
    "unban",  # of the whole person: of all accounts that are linked then
    "link",  # an account joins another's person; its coins go into the one wallet
    "unlink",  # it leaves, with its share
    "bar",  # a platform's own moderation bars somebody from giving, for a time or for good
    "unbar",
    "strike",  # the text of a gift is erased: its chat message was deleted
    "gap",  # a time in which a platform was not heard
    "earnpause",  # somebody earns nothing until `earnresume`
    "earnresume",  # like unban, of the whole person
    "show",  # a platform went live or offline
    "cheer",  # somebody spent a platform's own money; it moves no coins
    "bonus",  # a time in which more is earned: begun, ended early, over
    "battle",  # of two sides for gifts: begun, stopped, a time in which coins count more
    "control",  # what plays: pause, resume, skip …, as `alerts` has it
    "note",  # something worth keeping that moves nothing, such as `shown` after a return
]
REVERSIBLE: dict[str, Kind] = {
    "gift": "refund",
    "grant": "undo",
    "take": "undo",
    "set": "undo",
    "transfer": "undo",
    "link": "unlink",
}
STATES = ("waiting", "ready", "settled", "returned", "refunded")


@dataclass(frozen=True, slots=True)
class BalanceIs:
    """The account holds exactly this, as the asker saw it."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class NotBanned:
    """The person may give: neither a moderator nor a platform bars them."""

    person: int


@dataclass(frozen=True, slots=True)
class MayEarn:
    """The person's earning is not paused."""

    person: int


@dataclass(frozen=True, slots=True)
class EarnedAtMost:
    """The person has earned no more than `most` coins until now: on that day (yyyymmdd; 0 for
    what is earned once for ever) and in that way, or in all ways when it is empty."""

    person: int
    day: int
    way: str
    most: int


Guard = BalanceIs | NotBanned | MayEarn | EarnedAtMost


@dataclass(slots=True)
class Transaction:
    """A change that somebody asks for. Treated as a value: nothing writes to it once made.

    key: unique for ever, over all stages; a repeat gets the first verdict back.
    at: milliseconds since the epoch, UTC. actor: who asked; subject: whose affair it is
    (person ids, 0 for the house). closes: seq of the gift that it settles or returns.
    reverses: seq of the record that it takes back. facts: JSON values that may be kept for
    ever. aside: texts about people, erasable: names, message, reason, and `fp`, a
    fingerprint by which another content under the same key is recognised. combo_ms: a gift
    joins the combo of the same viewer, gift and creator when it follows within this time.
    """

    stage: str
    kind: Kind
    key: str
    at: int
    actor: int = 0
    subject: int = 0
    postings: tuple[Posting, ...] = ()
    guards: tuple[Guard, ...] = ()
    closes: int = 0
    reverses: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    combo_ms: int = 0


@dataclass(slots=True)
class Record:
    """A transaction as it stands in the journal. seq: dense within its stage, from 1.

    hash: over this record and the hash of the one before it in its stage.
    """

    stage: str
    seq: int
    kind: Kind
    key: str
    at: int
    actor: int
    subject: int
    postings: tuple[Posting, ...]
    closes: int
    reverses: int
    facts: dict[str, Any]
    aside: dict[str, str]
    hash: bytes

    @property
    def gift_id(self) -> str:
        """The public id of a gift, or of any record."""
        return record_id(self.seq, self.hash)


@dataclass(slots=True)
class Receipt:
    """What recording returns. record is None when refused; then refusal says why.

    fresh: False when the key was known and this is its first verdict again. left: the coins
    in the subject's wallet right after a fresh record.
    """

    record: Record | None
    refusal: GiftError | None = None
    fresh: bool = True
    left: int = 0


def record_id(seq: int, digest: bytes) -> str:
    """The public id of a record: its seq and a tag from its hash, so that a journal that was
    set aside or restored can never lend one gift's id to another."""
    return f"{seq}-{digest[:2].hex()}"


def strike_key(stage: str, facts: Mapping[str, Any]) -> str:
    """The key under which the text of a gift is erased, once."""
    return f"strike:{stage}:{facts['gift_id']}"


class Standing(Protocol):
    """What the writer of a stage knows at the moment of judgement."""

    def balance(self, account: Account) -> int:
        """0 for an account that never moved."""

    def banned(self, person: int) -> bool:
        """Whether a moderator bars the person from giving."""

    def bars(self, person: int) -> Mapping[str, int | None]:
        """Until when platforms bar the person, by platform; None: for good. Also bars past."""

    def may_earn(self, person: int) -> bool:
        """Whether the person's earning is not paused."""

    def earned(self, person: int, day: int, way: str) -> int:
        """Coins earned, as `EarnedAtMost` counts them."""

    def state(self, seq: int) -> str | None:
        """The state of that gift, or None when it is no gift of this stage."""

    def kind(self, seq: int) -> str | None:
        """The kind of that record; None when there is no such record."""

    def reversed(self, seq: int) -> bool:
        """Whether that record was reversed already."""


def judge(transaction: Transaction, standing: Standing) -> tuple[Posting, ...]:
    """The postings to record. Raises `GiftError` to refuse, which changes nothing."""
    for guard in transaction.guards:
        _judge_guard(guard, transaction.at, standing)
    if transaction.closes:
        _judge_closing(transaction, standing)
    if transaction.reverses:
        _judge_reversal(transaction, standing)
    if transaction.kind == "approve" and standing.state(transaction.facts["approves"]) != "waiting":
        raise GiftError(Code.ALREADY_CLOSED)
    postings = _cover_shortfall(transaction, standing)
    assert unbalanced(postings) is None, f"{transaction.kind} does not sum to zero"
    assert len(dict(postings)) == len(postings), f"{transaction.kind} moves an account twice"
    for account, amount in postings:
        if amount < 0 and account.kind not in MAY_OWE:
            have = standing.balance(account)
            if have + amount < 0:
                raise GiftError(Code.NOT_ENOUGH, have=have, need=-amount)
        elif amount > 0 and standing.balance(account) + amount > BALANCE_MAX:
            raise GiftError(Code.BALANCE_FULL, most=BALANCE_MAX)
    return postings


def _judge_guard(guard: Guard, at: int, standing: Standing) -> None:
    match guard:
        case NotBanned(person):
            _judge_bars(person, at, standing)
        case MayEarn(person):
            if not standing.may_earn(person):
                raise GiftError(Code.EARNING_PAUSED)
        case EarnedAtMost(person, day, way, most):
            if (earned := standing.earned(person, day, way)) > most:
                raise GiftError(Code.EARNED_ENOUGH, earned=earned, way=way)
        case BalanceIs(account, amount):
            if (now := standing.balance(account)) != amount:
                raise GiftError(Code.BALANCE_CHANGED, now=now)


def _judge_bars(person: int, at: int, standing: Standing) -> None:
    if standing.banned(person):
        raise GiftError(Code.BANNED)
    for platform, until in standing.bars(person).items():
        if until is None:
            raise GiftError(Code.BANNED, platform=platform)
        if until > at:
            raise GiftError(Code.BANNED, platform=platform, wait_s=-(-(until - at) // 1000))


def _judge_closing(transaction: Transaction, standing: Standing) -> None:
    state = standing.state(transaction.closes)
    if state is None:
        raise GiftError(Code.UNKNOWN_RECORD, ref=str(transaction.closes))
    if state == "waiting" and transaction.kind == "return":
        return
    if state != "ready":
        raise GiftError(Code.ALREADY_CLOSED)


def _judge_reversal(transaction: Transaction, standing: Standing) -> None:
    kind = standing.kind(transaction.reverses)
    if kind is None:
        raise GiftError(Code.UNKNOWN_RECORD, ref=str(transaction.reverses))
    if REVERSIBLE.get(kind) != transaction.kind:
        raise GiftError(Code.NOT_REVERSIBLE, ref=str(transaction.reverses))
    if standing.reversed(transaction.reverses):
        raise GiftError(Code.ALREADY_REVERSED)
    if transaction.kind == "refund" and standing.state(transaction.reverses) != "settled":
        raise GiftError(Code.STILL_OPEN)


def _cover_shortfall(transaction: Transaction, standing: Standing) -> tuple[Posting, ...]:
    """In a refund, what the creator no longer has comes from their shortfall account."""
    if transaction.kind != "refund":
        return transaction.postings
    covered: list[Posting] = []
    for posting in transaction.postings:
        account, amount = posting
        lacking = -amount - standing.balance(account) if account.kind == "earnings" else 0
        if lacking <= 0:
            covered.append(posting)
            continue
        if amount + lacking:
            covered.append(Posting(account, amount + lacking))
        covered.append(Posting(Account("shortfall", account.owner), -lacking))
    return tuple(covered)

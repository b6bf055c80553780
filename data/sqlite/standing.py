"""What the writer knows of one stage, in memory, loaded from the file as it is needed."""

from dataclasses import dataclass, field

import apsw

from data import chain
from data.ledger import Record, Transaction
from data.linking import Links
from data.money import Account
from data.sqlite.connection import row, rows
from data.sqlite.links import load_links

_COMBOS_MAX = 10_000


@dataclass(slots=True)
class Entry:
    """An account's row. id 0: not in the file yet. last: seq of its newest posting."""

    id: int
    balance: int
    last: int = 0


@dataclass(slots=True)
class OpenGift:
    """A gift neither seen nor returned, with what its closing needs."""

    state: str
    viewer: int
    total_coins: int
    day: int


@dataclass(slots=True)
class StageBook:
    """A stage as its writer sees it: head of the chain, balances, open gifts, bans, links,
    combos.

    dirty, opened, closed, tallies: what the next flush writes.
    """

    connection: apsw.Connection
    id: int
    name: str
    seq: int
    hash: bytes
    bans: set[int]
    links: Links
    accounts: dict[Account, Entry] = field(default_factory=dict)
    gifts: dict[int, OpenGift] = field(default_factory=dict)
    combos: dict[tuple[int, str, int], tuple[str, int, int]] = field(default_factory=dict)
    dirty: dict[Account, Entry] = field(default_factory=dict)
    opened: dict[int, OpenGift] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    tallies: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    @classmethod
    def load(cls, connection: apsw.Connection, name: str) -> "StageBook":
        """The book of an existing stage."""
        found = row(connection, "SELECT id, genesis FROM stage WHERE name = ?", (name,))
        assert found is not None
        stage, genesis = found
        head = row(
            connection,
            "SELECT seq, hash FROM txn WHERE stage = ? ORDER BY seq DESC LIMIT 1",
            (stage,),
        )
        seq, digest = head or (0, genesis)
        bans = rows(connection, "SELECT person FROM banned WHERE stage = ?", (stage,))
        links = load_links(connection, stage)
        book = cls(connection, stage, name, seq, digest, {person for (person,) in bans}, links)
        gifts = rows(
            connection,
            "SELECT t.seq, o.state, t.subject, t.facts FROM open_gift o "
            "JOIN txn t ON t.stage = o.stage AND t.seq = o.seq WHERE o.stage = ?",
            (stage,),
        )
        for gift, state, viewer, text in gifts:
            facts = chain.load(text)
            book.gifts[gift] = OpenGift(state, viewer, facts["total_coins"], facts["day"])
        return book

    # --- data.ledger.Standing ---

    def balance(self, account: Account) -> int:
        """As the ledger asks for it."""
        return self.entry(account).balance

    def banned(self, person: int) -> bool:
        """As the ledger asks for it: a ban of one account bars the person."""
        return bool(self.bans) and not self.bans.isdisjoint(self.links.group(person))

    def state(self, seq: int) -> str | None:
        """As the ledger asks for it."""
        if gift := self.gifts.get(seq):
            return gift.state
        return gift_state(self.connection, self.id, seq)

    def kind(self, seq: int) -> str | None:
        """As the ledger asks for it."""
        found = row(
            self.connection, "SELECT kind FROM txn WHERE stage = ? AND seq = ?", (self.id, seq)
        )
        return None if found is None else str(found[0])

    def reversed(self, seq: int) -> bool:
        """As the ledger asks for it."""
        sql = "SELECT 1 FROM txn WHERE stage = ? AND reverses = ?"
        return row(self.connection, sql, (self.id, seq)) is not None

    # --- keeping up with what is recorded ---

    def entry(self, account: Account) -> Entry:
        """The account's row, read from the file at its first use."""
        entry = self.accounts.get(account)
        if entry is None:
            found = row(
                self.connection,
                "SELECT id, balance, last FROM account WHERE stage = ? AND kind = ? AND owner = ?",
                (self.id, account.kind, account.owner),
            )
            entry = self.accounts[account] = Entry(*found) if found else Entry(0, 0)
        return entry

    def combo(self, asked: Transaction, seq: int) -> dict[str, str | int]:
        """The combo that a gift joins or opens, decided once and kept on its record."""
        facts = asked.facts
        who = (asked.subject, facts["gift"]["id"], facts["creator"])
        combo_id, count, at = self.combos.pop(who, ("", 0, 0))
        if not combo_id or asked.at - at > asked.combo_ms:
            combo_id, count = f"c{seq}", 0
        count += facts["count"]
        if len(self.combos) >= _COMBOS_MAX:
            self.combos.pop(next(iter(self.combos)))
        self.combos[who] = (combo_id, count, asked.at)
        return {"id": combo_id, "count": count}

    def follow(self, record: Record) -> None:
        """Take note of a record just appended."""
        self.seq, self.hash = record.seq, record.hash
        facts = record.facts
        match record.kind:
            case "gift" if facts["settled"]:
                self._tally(facts["day"], record.subject, facts["total_coins"], 1)
            case "gift":
                state = "waiting" if facts["waiting"] else "ready"
                gift = OpenGift(state, record.subject, facts["total_coins"], facts["day"])
                self.gifts[record.seq] = self.opened[record.seq] = gift
            case "approve":
                gift = self.opened[facts["approves"]] = self.gifts[facts["approves"]]
                gift.state = "ready"
            case "settle" | "return":
                gift = self.gifts.pop(record.closes)
                self.opened.pop(record.closes, None)
                self.closed.add(record.closes)
                if record.kind == "settle":
                    self._tally(gift.day, gift.viewer, gift.total_coins, 1)
            case "refund":
                self._tally(facts["day"], record.subject, -facts["total_coins"], -1)
            case "ban":
                self.bans.add(record.subject)
                self.connection.execute(
                    "INSERT OR IGNORE INTO banned VALUES (?, ?)", (self.id, record.subject)
                )
            case "unban":
                for person in self.links.group(record.subject):
                    self.bans.discard(person)
                    self.connection.execute(
                        "DELETE FROM banned WHERE stage = ? AND person = ?", (self.id, person)
                    )
            case _:
                pass
        if self.links or record.kind == "link":
            self.links.follow(record)

    def _tally(self, day: int, viewer: int, coins: int, gifts: int) -> None:
        sums = self.tallies.setdefault((day, viewer), [0, 0])
        sums[0] += coins
        sums[1] += gifts


def gift_state(connection: apsw.Connection, stage: int, seq: int) -> str | None:
    """The state of any gift, derived from the journal alone; None when it is no gift."""
    found = row(
        connection,
        "SELECT facts ->> '$.settled', "
        "(SELECT kind FROM txn c WHERE c.stage = ?1 AND c.closes = ?2), "
        "EXISTS (SELECT 1 FROM txn r WHERE r.stage = ?1 AND r.reverses = ?2), "
        "(SELECT state FROM open_gift o WHERE o.stage = ?1 AND o.seq = ?2) "
        "FROM txn WHERE stage = ?1 AND seq = ?2 AND kind = 'gift'",
        (stage, seq),
    )
    if found is None:
        return None
    settled, closed_by, refunded, still_open = found
    if refunded:
        return "refunded"
    if settled or closed_by == "settle":
        return "settled"
    return "returned" if closed_by == "return" else str(still_open)

"""What the writer knows of one stage, in memory, loaded from the file as it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import apsw

from data import chain
from data.ledger import Record, Transaction
from data.linking import ACCOUNTS, Links
from data.money import Account
from data.sqlite.connection import row, rows
from data.sqlite.earned import Earned
from data.sqlite.links import load_links
from data.sqlite.rulings import Bars, erase
from data.sqlite.tallies import Counted, Tallies

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
    counted: Counted


@dataclass(slots=True)
class StageBook:
    """A stage as its writer sees it: head of the chain, balances, open gifts, bans, combos,
    who is linked with whom, and what was earned.

    dirty, opened, closed, tallies: what the next flush writes.
    """

    connection: apsw.Connection
    id: int
    name: str
    seq: int
    hash: bytes
    bans: set[int]
    platform_bars: Bars
    paused: set[int]
    links: Links
    earnings: Earned
    accounts: dict[Account, Entry] = field(default_factory=dict)
    gifts: dict[int, OpenGift] = field(default_factory=dict)
    combos: dict[tuple[int, str, int], tuple[str, int, int]] = field(default_factory=dict)
    dirty: dict[Account, Entry] = field(default_factory=dict)
    opened: dict[int, OpenGift] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    tallies: Tallies = field(default_factory=Tallies)

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
        paused = rows(connection, "SELECT person FROM earn_paused WHERE stage = ?", (stage,))
        book = cls(
            connection, stage, name, seq, digest, {person for (person,) in bans},
            Bars(connection, stage), {person for (person,) in paused},
            load_links(connection, stage), Earned(connection, stage),
        )  # fmt: skip
        gifts = rows(
            connection,
            "SELECT t.seq, o.state, t.subject, t.facts FROM open_gift o "
            "JOIN txn t ON t.stage = o.stage AND t.seq = o.seq WHERE o.stage = ?",
            (stage,),
        )
        for gift, state, viewer, text in gifts:
            book.gifts[gift] = OpenGift(state, Counted.of(viewer, chain.load(text)))
        return book

    # --- data.ledger.Standing ---

    def balance(self, account: Account) -> int:
        """As the ledger asks for it."""
        return self.entry(account).balance

    def banned(self, person: int) -> bool:
        """As the ledger asks for it: of any account of the person."""
        return not self.bans.isdisjoint(self.links.group(person))

    def bars(self, person: int) -> Mapping[str, int | None]:
        """As the ledger asks for it: of all accounts of the person."""
        return self.platform_bars.of(self.links.group(person))

    def may_earn(self, person: int) -> bool:
        """As the ledger asks for it: with every account of the person."""
        return self.paused.isdisjoint(self.links.group(person))

    def earned(self, person: int, day: int, way: str) -> int:
        """As the ledger asks for it: with all accounts of the person."""
        return sum(self.earnings.coins(one, day, way) for one in self.links.group(person))

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
                self.tallies.add(Counted.of(record.subject, facts), 1)
            case "gift":
                state = "waiting" if facts["waiting"] else "ready"
                gift = OpenGift(state, Counted.of(record.subject, facts))
                self.gifts[record.seq] = self.opened[record.seq] = gift
            case "approve":
                gift = self.opened[facts["approves"]] = self.gifts[facts["approves"]]
                gift.state = "ready"
            case "settle" | "return":
                gift = self.gifts.pop(record.closes)
                self.opened.pop(record.closes, None)
                self.closed.add(record.closes)
                if record.kind == "settle":
                    self.tallies.add(gift.counted, 1)
            case "refund":
                self.tallies.add(self._reversed_gift(record.reverses), -1)
            case "grant" if "day" in facts:
                self.earnings.add(record.subject, facts["day"], facts["cause"], facts["coins"])
            case "undo":
                self._forget_earned(record.reverses)
            case "ban" | "unban" | "earnpause" | "earnresume" as kind:
                self._bar(kind, record.subject, facts)
            case "bar" | "unbar":
                self.platform_bars.follow(record)
            case "strike":
                erase(self.connection, self.id, facts["gift"])
            case _:
                pass
        self.links.follow(record)

    def _bar(self, kind: str, person: int, facts: Mapping[str, Any]) -> None:
        barred, table = (
            (self.bans, "banned") if kind.endswith("ban") else (self.paused, "earn_paused")
        )
        if kind in ("ban", "earnpause"):
            barred.add(person)
            sql = f"INSERT OR IGNORE INTO {table} VALUES (?, ?)"
            self.connection.execute(sql, (self.id, person))
            return
        for one in facts.get(ACCOUNTS, (person,)):
            barred.discard(one)
            sql = f"DELETE FROM {table} WHERE stage = ? AND person = ?"
            self.connection.execute(sql, (self.id, one))

    def _reversed_gift(self, seq: int) -> Counted:
        """What a refund takes out of the count. The writer has flushed before it."""
        sql = "SELECT subject, facts FROM txn WHERE stage = ? AND seq = ?"
        viewer, text = rows(self.connection, sql, (self.id, seq))[0]
        return Counted.of(viewer, chain.load(text))

    def _forget_earned(self, seq: int) -> None:
        """An undo of something earned gives room back. The writer has flushed before it."""
        sql = "SELECT subject, facts FROM txn WHERE stage = ? AND seq = ? AND kind = 'grant'"
        if found := row(self.connection, sql, (self.id, seq)):
            person, facts = found[0], chain.load(found[1])
            if "day" in facts:
                self.earnings.add(person, facts["day"], facts["cause"], -facts["coins"])


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

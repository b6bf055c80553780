"""Random histories of a ledger against a plain model: gifts and their ends, grants, hand-overs,
bans, repeats and reorderings of messages, restarts and crashes."""
# ruff: noqa: S608, PLR0917 - queries of our own; a rule's arguments come by name

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from data.errors import Code, GiftError
from data.ledger import BalanceIs, EarnedAtMost, MayEarn, NotBanned, Record, Transaction
from data.linking import meant
from data.money import Account, Terms
from data.postings import earn, gift_facts, give_back, hold, move, opposite, refund
from data.sqlite.connection import rows
from data.sqlite.migration import migrate
from data.sqlite.rows import RECORDS_AFTER, load_records
from data.sqlite.standing import gift_state
from data.sqlite.writer import Writer
from tests.house import NOON, faults, scale
from tests.ledger_model import Gift, Model

STAGES = ("main", "second")
PEOPLE = (1, 2, 3)
CREATOR = 9
MINT = Account("mint")
UNDOABLE = (["grant"], ["take"], ["set"], ["transfer"])
NOBODYS = Gift(PEOPLE[0], 1, Terms(), "", 0)

stages = st.sampled_from(STAGES)
people = st.sampled_from(PEOPLE)
amounts = st.integers(1, 40)


@dataclass
class World:
    """Every stage, and the verdict of every message heard."""

    stages: dict[str, Any]  # of the machine's model
    verdicts: dict[str, tuple[str, int, Code | None]] = field(default_factory=dict)


class LedgerMachine(RuleBasedStateMachine):
    """Writes through the journal's writer as its thread does, and compares."""

    model: type[Model] = Model
    asked = Bundle("asked")  # messages, to be heard again
    sent = Bundle("sent")  # (stage, seq) of gifts
    moved = Bundle("moved")  # (stage, seq) of grants and the like

    @initialize()
    def start(self) -> None:
        self.db = apsw.Connection(":memory:")
        migrate(self.db, Path())
        self.writer = Writer(self.db)
        self.writer.begin()
        self.world = World({name: self.model(CREATOR) for name in STAGES})
        self.keys = 0
        self.heard: list[Transaction] = []
        for stage in STAGES:
            for person in PEOPLE:
                self.grant(stage, person, 50)
        self.commit()

    def ask(self, transaction: Transaction) -> int | None:
        """Record a transaction and compare the verdict; the seq of a fresh record."""
        model = self.world.stages[transaction.stage]
        known = self.world.verdicts.get(transaction.key)
        text = transaction.aside["fp"]
        if known is not None and known[0] != text:
            with pytest.raises(GiftError, match=Code.KEY_REUSED):
                self.writer.record(transaction)
            return None
        receipt = self.writer.record(transaction)
        code = receipt.refusal.code if receipt.refusal else None
        seq = receipt.record.seq if receipt.record else 0
        if known is not None:
            assert (receipt.fresh, (text, seq, code)) == (False, known)
            return None
        assert receipt.fresh
        assert code == model.judge(transaction)
        self.world.verdicts[transaction.key] = (text, seq, code)
        if code is not None:
            return None
        model.follow(transaction)
        assert seq == len(model.kinds)
        assert receipt.left == model.balance(Account("wallet", transaction.subject))
        return seq

    def new(self, stage: str, kind: Any, person: int, **more: Any) -> Transaction:
        self.keys += 1
        more["aside"] = {"fp": f"{self.keys}", "viewer": f"viewer {person}"}
        key = f"k{self.keys}"
        return Transaction(stage, kind, key, NOON + self.keys, person, person, **more)

    # --- what people do ---

    @rule(target=sent, viewer=people, how=st.sampled_from(("waiting", "ready", "settled")))
    def plain_gift(self, viewer: int, how: str) -> Any:
        return self.gift(STAGES[0], viewer, 2, how, 30, 0, 0)

    @rule(
        target=sent,
        stage=stages,
        viewer=people,
        coins=st.integers(1, 8),
        how=st.sampled_from(("settled", "ready", "ready", "waiting")),
        fee_pct=st.sampled_from((0, 30, 33)),
        combo_ms=st.sampled_from((0, 3)),
        show=st.sampled_from((0, 1, 2)),
    )
    def gift(
        self, stage: str, viewer: int, coins: int, how: str, fee_pct: int, combo_ms: int,
        show: int,
    ) -> Any:  # fmt: skip
        terms = Terms(fee_pct, 7)
        many = coins if coins % 3 == 0 else 1
        face = {
            "id": "rose" if coins % 2 else "lion",
            "name": "Rose",
            "price_coins": coins // many,
            "tier": 1,
            "art": "a",
            "alt": "b",
        }
        facts = gift_facts(
            face, count=many, creator=CREATOR, terms=terms, day=20270101 + self.keys // 10,
            deadline_s=900, decide_s=3600, settled=how == "settled", waiting=how == "waiting",
        )  # fmt: skip
        if show:
            facts["show"] = show
        wallet = Account("wallet", viewer)
        legs = earn(wallet, CREATOR, coins, terms) if how == "settled" else hold(viewer, coins)
        guards = (NotBanned(viewer),)
        return self.hear(
            self.new(stage, "gift", viewer, postings=legs, guards=guards, facts=facts,
                     combo_ms=combo_ms)
        )  # fmt: skip

    @rule(target=moved, stage=stages, viewer=people, coins=amounts)
    def grant(self, stage: str, viewer: int, coins: int) -> Any:
        legs = move(MINT, Account("wallet", viewer), coins)
        return self.hear(self.new(stage, "grant", viewer, postings=legs))

    @rule(
        target=moved, stage=stages, viewer=people, coins=amounts,
        day=st.sampled_from((0, 1, 1, 2)), way=st.sampled_from(("watch", "chat")),
    )  # fmt: skip
    def earn(self, stage: str, viewer: int, coins: int, day: int, way: str) -> Any:
        legs = move(MINT, Account("wallet", viewer), coins)
        facts = {"cause": way, "coins": coins, "day": day}
        own = EarnedAtMost(viewer, day, way, 60 - coins)
        overall = EarnedAtMost(viewer, day, "", 80 - coins)
        guards = (MayEarn(viewer), own, overall)
        return self.hear(
            self.new(stage, "grant", viewer, postings=legs, guards=guards, facts=facts)
        )

    @rule(target=moved, stage=stages, viewer=people, coins=amounts)
    def take(self, stage: str, viewer: int, coins: int) -> Any:
        legs = move(Account("wallet", viewer), MINT, coins)
        return self.hear(self.new(stage, "take", viewer, postings=legs))

    @rule(
        target=moved, stage=stages, viewer=people, coins=amounts, missed=st.sampled_from((0, 0, 3))
    )
    def set(self, stage: str, viewer: int, coins: int, missed: int) -> Any:
        wallet = Account("wallet", viewer)
        seen = self.world.stages[stage].balance(wallet) + missed
        if coins == seen:
            return multiple()
        legs = (
            move(MINT, wallet, coins - seen) if coins > seen else move(wallet, MINT, seen - coins)
        )
        guards = (BalanceIs(wallet, seen),)
        return self.hear(self.new(stage, "set", viewer, postings=legs, guards=guards))

    @rule(target=moved, stage=stages, giver=people, taker=people, coins=amounts)
    def transfer(self, stage: str, giver: int, taker: int, coins: int) -> Any:
        if giver == taker:
            return multiple()
        legs = move(Account("wallet", giver), Account("wallet", taker), coins)
        guards = (NotBanned(giver),)
        return self.hear(self.new(stage, "transfer", giver, postings=legs, guards=guards))

    @rule(
        stage=stages,
        viewer=people,
        kind=st.sampled_from(("ban", "unban", "unban", "earnpause", "earnresume", "earnresume")),
    )
    def bar(self, stage: str, viewer: int, kind: str) -> None:
        self.hear(self.new(stage, kind, viewer))

    @rule(gift=sent)
    def approve(self, gift: tuple[str, int]) -> None:
        stage, seq = gift  # perhaps of a gift that a crash undid
        facts = {"approves": seq, "gift_id": f"{seq}", "waiting": False}
        self.hear(self.new(stage, "approve", 0, facts=facts))

    @rule(gift=sent)
    def settle(self, gift: tuple[str, int]) -> None:
        stage, seq = gift
        found = self.world.stages[stage].gifts.get(seq, NOBODYS)
        legs = earn(Account("hold"), CREATOR, found.coins, found.terms)
        facts = {"gift_id": f"{seq}"}
        self.hear(self.new(stage, "settle", found.viewer, postings=legs, closes=seq, facts=facts))

    @rule(gift=sent, cause=st.sampled_from(("denied", "expired")))
    def give_back(self, gift: tuple[str, int], cause: str) -> None:
        stage, seq = gift
        found = self.world.stages[stage].gifts.get(seq, NOBODYS)
        legs = give_back(found.viewer, found.coins)
        facts = {"gift_id": f"{seq}", "cause": cause}
        self.hear(self.new(stage, "return", found.viewer, postings=legs, closes=seq, facts=facts))

    @rule(stage=stages)
    def expire(self, stage: str) -> None:
        for seq, gift in list(self.world.stages[stage].gifts.items()):
            if gift.state in ("ready", "waiting"):
                self.give_back((stage, seq), "expired")

    @rule(gift=sent)
    def refund(self, gift: tuple[str, int]) -> None:
        stage, seq = gift
        if seq not in self.world.stages[stage].gifts:
            return
        self.writer.flush()
        (record,) = self.records(stage, after=seq - 1, limit=1)
        counted = ("total_coins", "day", "show")
        facts = {name: fact for name, fact in record.facts.items() if name in counted}
        facts["gift_id"] = f"{seq}"
        self.hear(
            self.new(stage, "refund", record.subject, postings=refund(record), reverses=seq,
                     facts=facts)
        )  # fmt: skip

    @rule(stage=stages, share=st.sampled_from((1, 2)))
    def pay_creator(self, stage: str, share: int) -> None:
        earnings = Account("earnings", CREATOR)
        if amount := self.world.stages[stage].balance(earnings) // share:
            legs = move(earnings, Account("issued"), amount)
            self.hear(self.new(stage, "note", CREATOR, postings=legs))

    @rule(change=moved)
    def undo(self, change: tuple[str, int]) -> None:
        stage, seq = change
        if self.world.stages[stage].kinds[seq - 1 : seq] not in UNDOABLE:
            return
        self.writer.flush()
        (record,) = self.records(stage, after=seq - 1, limit=1)
        legs = opposite(meant(record))
        self.hear(self.new(stage, "undo", record.subject, postings=legs, reverses=seq))

    # --- what befalls them ---

    def hear(self, transaction: Transaction) -> Any:
        """Ask; what was recorded goes into the bundle of its kind."""
        self.heard.append(transaction)
        seq = self.ask(transaction)
        return multiple() if seq is None else (transaction.stage, seq)

    @rule(which=st.integers(0, 10**6), other_words=st.sampled_from((False, False, True)))
    def hear_again(self, which: int, other_words: bool) -> None:
        """Any earlier message, in any order; sometimes its id comes with other words."""
        if self.heard:
            again = copy.deepcopy(self.heard[which % len(self.heard)])
            if other_words:
                again.aside["fp"] += "other"
            before = self.world.verdicts.get(again.key)
            self.ask(again)
            assert before is None or self.world.verdicts[again.key] == before

    @rule()
    def commit(self) -> None:
        self.writer.commit()
        self.writer.begin()
        self.saved = copy.deepcopy(self.world)

    @rule()
    def restart(self) -> None:
        """All memory is lost, the file is not."""
        self.writer.commit()
        self.writer = Writer(self.db)
        self.writer.begin()
        self.saved = copy.deepcopy(self.world)

    @rule(when=st.sampled_from((False, False, True)))
    def crash(self, when: bool) -> None:
        """What was not committed never was, and nobody has asked anything about it: readers,
        from whom such questions come, see only what is on disk."""
        if not when:
            return
        self.writer.flush()
        self.db.execute("ROLLBACK")
        self.writer = Writer(self.db)
        self.writer.begin()
        self.world = copy.deepcopy(self.saved)
        self.heard = [
            asked
            for asked in self.heard
            if max(asked.closes, asked.reverses, asked.facts.get("approves", 0))
            <= len(self.world.stages[asked.stage].kinds)
        ]

    # --- what must be so ---

    def records(self, stage: str, *, after: int = 0, limit: int = -1) -> list[Record]:
        return load_records(self.db, rows(self.db, RECORDS_AFTER, (stage, after, limit)))

    def teardown(self) -> None:
        if not hasattr(self, "db"):
            return
        self.writer.commit()
        assert faults(self.db) == []
        replayed = apsw.Connection(":memory:")
        migrate(replayed, Path())
        again = Writer(replayed)
        again.begin()
        for stage, model in self.world.stages.items():
            records = self.records(stage)
            assert [one.seq for one in records] == list(range(1, len(model.kinds) + 1))
            assert [one.kind for one in records] == model.kinds
            closed = [one.closes for one in records if one.closes]
            assert len(closed) == len(set(closed))
            for record in records:
                receipt = again.record(as_asked(record))
                assert receipt.record is not None, receipt
                assert receipt.record.postings == record.postings
        again.commit()
        assert faults(replayed) == []
        assert standing(replayed) == standing(self.db)
        for number, stage in rows(self.db, "SELECT id, name FROM stage"):
            self.compare(self.world.stages[stage], number)
        self.db.close()
        replayed.close()

    def compare(self, model: Model, stage: int) -> None:
        """The file's balances, states, bans and boards with the model's."""
        query = "SELECT kind, owner, balance FROM account WHERE stage = ? AND balance <> 0"
        found = {Account(kind, owner): held for kind, owner, held in rows(self.db, query, (stage,))}
        assert found == {account: held for account, held in model.balances.items() if held}
        for seq, gift in model.gifts.items():
            assert gift_state(self.db, stage, seq) == gift.state
        bans = rows(self.db, "SELECT person FROM banned WHERE stage = ?", (stage,))
        assert {person for (person,) in bans} == model.bans
        paused = rows(self.db, "SELECT person FROM earn_paused WHERE stage = ?", (stage,))
        assert {person for (person,) in paused} == model.paused
        query = "SELECT person, day, way, coins FROM earned WHERE stage = ? AND coins <> 0"
        earned = {tuple(what): coins for *what, coins in rows(self.db, query, (stage,))}
        assert earned == model.earnings()
        for unit, table, board in (
            ("day", "tally", model.board),
            ("show", "show_tally", model.show_board),
        ):
            query = f"SELECT {unit}, sum(coins) FROM {table} WHERE stage = ? GROUP BY 1"
            sums = rows(self.db, query, (stage,))
            assert {which: coins for which, coins in sums if coins} == (
                {which: coins for which, coins in board.items() if coins}
            )

        query = "SELECT day, show, gift, units, gifts, coins FROM gift_tally WHERE stage = ?"
        given = {
            (day, show, gift): sums for day, show, gift, *sums in rows(self.db, query, (stage,))
        }
        assert given == model.given


def as_asked(record: Record) -> Transaction:
    """The transaction that a record was, its guards judged long ago."""
    return Transaction(
        record.stage, record.kind, record.key, record.at, record.actor, record.subject,
        record.postings, (), record.closes, record.reverses, record.facts, record.aside,
    )  # fmt: skip


def standing(db: apsw.Connection) -> list[list[tuple[Any, ...]]]:
    """What follows from the records, whatever numbers the rows have."""
    name = "(SELECT name FROM stage s WHERE s.id = t.stage) AS name"
    queries = (
        f"SELECT {name}, kind, owner, balance FROM account t WHERE balance <> 0 ORDER BY 1, 2, 3",
        f"SELECT {name}, seq, state, viewer, coins FROM open_gift t ORDER BY 1, 2",
        f"SELECT {name}, person FROM banned t ORDER BY 1, 2",
        f"SELECT {name}, day, viewer, coins, gifts FROM tally t ORDER BY 1, 2, 3",
        f"SELECT {name}, show, viewer, coins, gifts FROM show_tally t ORDER BY 1, 2, 3",
        f"SELECT {name}, day, show, gift, units, coins FROM gift_tally t ORDER BY 1, 2, 3, 4",
        f"SELECT {name}, person FROM earn_paused t ORDER BY 1, 2",
        f"SELECT {name}, person, day, way, coins FROM earned t ORDER BY 1, 2, 3, 4",
        f"SELECT {name}, seq, person, head, share, parted FROM link t ORDER BY 1, 2",
    )
    return [rows(db, query) for query in queries]


LedgerMachine.TestCase.settings = settings(
    max_examples=scale(1_000, 100_000), stateful_step_count=40
)
test_any_history_agrees_with_the_model = LedgerMachine.TestCase

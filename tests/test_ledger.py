"""The ledger's rules, by themselves: what is recorded, what is refused, and why."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Code, GiftError
from data.ledger import BalanceIs, EarnedAtMost, MayEarn, NotBanned, Record, Transaction, judge
from data.money import BALANCE_MAX, TOTAL_COINS_MAX, Account, Posting, Terms, unbalanced
from data.postings import earn, gift_facts, give_back, hold, move, opposite, refund

VIEWER, CREATOR = 1, 2
WALLET, EARNINGS = Account("wallet", VIEWER), Account("earnings", CREATOR)
FACE = {"id": "rose", "name": "Rose", "price_coins": 1, "tier": 1, "art": "rose", "alt": "A rose"}


@dataclass
class FakeStanding:
    """What a writer knows, as plain dictionaries."""

    balances: dict[Account, int] = field(default_factory=dict)
    bans: set[int] = field(default_factory=set)
    barred: dict[str, int | None] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    undone: dict[int, bool] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    earnings: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def balance(self, account: Account) -> int:
        return self.balances.get(account, 0)

    def bars(self, person: int) -> dict[str, int | None]:
        return self.barred

    def banned(self, person: int) -> bool:
        return person in self.bans

    def may_earn(self, person: int) -> bool:
        return person not in self.paused

    def earned(self, person: int, day: int, way: str) -> int:
        return self.earnings.get((person, day, way), 0)

    def state(self, seq: int) -> str | None:
        return self.states.get(seq)

    def kind(self, seq: int) -> str | None:
        return "gift" if seq in self.states else "grant" if seq in self.undone else None

    def reversed(self, seq: int) -> bool:
        return self.undone.get(seq, False)


def asked(kind, postings=(), **more) -> Transaction:
    return Transaction("main", kind, "key", 0, postings=postings, **more)


def settled_gift(coins: int, terms: Terms = Terms()) -> Record:  # noqa: B008 - a value
    facts = gift_facts(
        FACE, count=coins, creator=CREATOR, terms=terms, day=20270115, deadline_s=900,
        decide_s=3600, settled=True, waiting=False,
    )  # fmt: skip
    postings = earn(WALLET, CREATOR, coins, terms)
    return Record("main", 1, "gift", "k", 0, VIEWER, VIEWER, postings, 0, 0, facts, {}, b"\1\2")


def refusal(transaction: Transaction, standing: FakeStanding) -> GiftError:
    with pytest.raises(GiftError) as caught:
        judge(transaction, standing)
    return caught.value


def test_a_gift_that_the_wallet_pays_for_is_recorded_as_asked():
    """Ten coins pay for ten coins."""
    assert judge(asked("gift", hold(VIEWER, 10)), FakeStanding({WALLET: 10})) == hold(VIEWER, 10)


def test_a_gift_is_never_clamped_to_what_is_there():
    """Ten coins do not pay for eleven, and the refusal says both."""
    no = refusal(asked("gift", hold(VIEWER, 11)), FakeStanding({WALLET: 10}))
    assert (no.code, no.facts) == (Code.NOT_ENOUGH, {"have": 10, "need": 11})


def test_the_mint_may_owe_and_nobody_else():
    """Coins come from the mint; taking them needs a wallet that has them."""
    assert judge(asked("grant", move(Account("mint"), WALLET, 5)), FakeStanding())
    no = refusal(asked("take", move(WALLET, Account("mint"), 5)), FakeStanding({WALLET: 4}))
    assert no.code is Code.NOT_ENOUGH


def test_no_account_grows_past_what_json_keeps_exact():
    """The bound holds for whoever receives."""
    standing = FakeStanding({WALLET: BALANCE_MAX})
    assert refusal(asked("grant", move(Account("mint"), WALLET, 1)), standing).code is (
        Code.BALANCE_FULL
    )


def test_an_account_has_one_leg_in_a_transaction():
    """Two legs, each affordable, could together spend what is not there."""
    twice = (Posting(WALLET, -6), Posting(WALLET, -6), Posting(Account("hold"), 12))
    with pytest.raises(AssertionError):
        judge(asked("gift", twice), FakeStanding({WALLET: 10}))


def test_postings_that_do_not_sum_to_zero_are_a_programmers_mistake():
    """They stop the program's own code, they are no polite refusal."""
    with pytest.raises(AssertionError):
        judge(asked("grant", (Posting(WALLET, 5),)), FakeStanding())


def test_a_guard_on_the_balance_holds_at_the_debit():
    """What the moderator saw must still be so."""
    guarded = asked("set", move(Account("mint"), WALLET, 5), guards=(BalanceIs(WALLET, 10),))
    assert judge(guarded, FakeStanding({WALLET: 10}))
    no = refusal(guarded, FakeStanding({WALLET: 12}))
    assert (no.code, no.facts) == (Code.BALANCE_CHANGED, {"now": 12})


def test_a_ban_holds_at_the_debit():
    """A banned viewer's coins stay where they are."""
    gift = asked("gift", hold(VIEWER, 1), guards=(NotBanned(VIEWER),))
    assert refusal(gift, FakeStanding({WALLET: 9}, {VIEWER})).code is Code.BANNED
    assert judge(gift, FakeStanding({WALLET: 9}, {CREATOR}))


def test_who_is_paused_earns_nothing():
    """And nobody else is touched by it."""
    grant = asked("grant", move(Account("mint"), WALLET, 5), guards=(MayEarn(VIEWER),))
    assert refusal(grant, FakeStanding(paused={VIEWER})).code is Code.EARNING_PAUSED
    assert judge(grant, FakeStanding(paused={CREATOR}))


def test_what_is_earned_stays_under_its_limit():
    """The limit is what may have been earned before; the refusal says what was."""
    guard = EarnedAtMost(VIEWER, 20270115, "watch", 90)
    grant = asked("grant", move(Account("mint"), WALLET, 10), guards=(guard,))
    assert judge(grant, FakeStanding(earnings={(VIEWER, 20270115, "watch"): 90}))
    assert judge(grant, FakeStanding(earnings={(VIEWER, 20270114, "watch"): 99}))
    no = refusal(grant, FakeStanding(earnings={(VIEWER, 20270115, "watch"): 91}))
    assert (no.code, no.facts) == (Code.EARNED_ENOUGH, {"earned": 91, "way": "watch"})


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("settle", "ready", None),
        ("settle", "waiting", Code.ALREADY_CLOSED),
        ("settle", "settled", Code.ALREADY_CLOSED),
        ("settle", "returned", Code.ALREADY_CLOSED),
        ("settle", "refunded", Code.ALREADY_CLOSED),
        ("settle", None, Code.UNKNOWN_RECORD),
        ("return", "ready", None),
        ("return", "waiting", None),
        ("return", "settled", Code.ALREADY_CLOSED),
        ("return", "returned", Code.ALREADY_CLOSED),
        ("return", "refunded", Code.ALREADY_CLOSED),
        ("return", None, Code.UNKNOWN_RECORD),
    ],
)
def test_a_hold_is_closed_once(kind, state, expected):
    """Only a ready gift settles, only an open one returns."""
    legs = earn(Account("hold"), CREATOR, 5, Terms()) if kind == "settle" else give_back(VIEWER, 5)
    standing = FakeStanding({Account("hold"): 5}, states={7: state} if state else {})
    if expected is None:
        assert judge(asked(kind, legs, closes=7), standing) == legs
    else:
        assert refusal(asked(kind, legs, closes=7), standing).code is expected


@pytest.mark.parametrize("state", ["ready", "settled", "returned", "refunded", None])
def test_only_a_waiting_gift_can_be_approved(state):
    """Whatever else it is, approving comes too late."""
    approval = asked("approve", facts={"approves": 7})
    standing = FakeStanding(states={7: state} if state else {})
    assert refusal(approval, standing).code is Code.ALREADY_CLOSED
    assert judge(approval, FakeStanding(states={7: "waiting"})) == ()


def test_a_record_is_reversed_at_most_once():
    """The second reversal is refused, and so is one of nothing."""
    undo = asked("undo", move(WALLET, Account("mint"), 5), reverses=3)
    assert judge(undo, FakeStanding({WALLET: 5}, undone={3: False}))
    assert refusal(undo, FakeStanding({WALLET: 5}, undone={3: True})).code is Code.ALREADY_REVERSED
    assert refusal(undo, FakeStanding({WALLET: 5})).code is Code.UNKNOWN_RECORD


def test_a_reversal_is_of_the_kind_that_its_record_takes():
    """A gift is refunded and a grant undone, never the other way round."""
    undo = asked("undo", move(WALLET, Account("mint"), 5), reverses=1)
    assert refusal(undo, FakeStanding(states={1: "settled"})).code is Code.NOT_REVERSIBLE
    taken_back = asked("refund", refund(settled_gift(5)), reverses=3)
    assert refusal(taken_back, FakeStanding(undone={3: False})).code is Code.NOT_REVERSIBLE


@pytest.mark.parametrize("state", ["waiting", "ready", "returned"])
def test_only_a_settled_gift_can_be_refunded(state):
    """What was not paid out cannot be taken back."""
    taken_back = asked("refund", refund(settled_gift(5)), reverses=1)
    standing = FakeStanding(states={1: state}, undone={1: False})
    assert refusal(taken_back, standing).code is Code.STILL_OPEN


@given(
    st.integers(1, 10_000),
    st.builds(Terms, st.integers(0, 100), st.integers(0, 5_000)),
    st.integers(0, 10**8),
)
def test_a_refund_takes_what_is_there_and_names_the_rest(coins, terms, left):
    """The viewer gets everything back; what the creator lacks becomes a shortfall."""
    gift = settled_gift(coins, terms)
    earned = sum(amount for account, amount in gift.postings if account == EARNINGS)
    fee = sum(amount for account, amount in gift.postings if account.kind == "house")
    standing = FakeStanding(
        {Account("spent"): coins, EARNINGS: left, Account("house"): fee},
        states={1: "settled"},
        undone={1: False},
    )
    legs = dict(judge(asked("refund", refund(gift), reverses=1), standing))
    assert unbalanced(tuple(Posting(*leg) for leg in legs.items())) is None
    assert legs[WALLET] == coins
    assert left + legs.get(EARNINGS, 0) >= 0
    assert legs.get(EARNINGS, 0) + legs.get(Account("shortfall", CREATOR), 0) == -earned
    assert 0 not in legs.values()


@given(
    st.integers(1, TOTAL_COINS_MAX), st.builds(Terms, st.integers(0, 100), st.integers(0, 10**6))
)
def test_whatever_is_composed_sums_to_zero(coins, terms):
    """Every transaction the house knows, for every amount."""
    composed = (
        hold(VIEWER, coins),
        earn(WALLET, CREATOR, coins, terms),
        earn(Account("hold"), CREATOR, coins, terms),
        give_back(VIEWER, coins),
        refund(settled_gift(coins, terms)),
        opposite(hold(VIEWER, coins)),
    )
    for postings in composed:
        assert unbalanced(postings) is None
        assert all(amount for _, amount in postings)


@pytest.mark.parametrize("coins", [0, -1, TOTAL_COINS_MAX + 1])
def test_no_gift_is_composed_outside_the_bounds(coins):
    """Nothing, less than nothing, or more than one gift may cost."""
    with pytest.raises(AssertionError):
        hold(VIEWER, coins)


def test_prices_and_terms_are_copied_onto_the_gift():
    """A later change of a price or a fee cannot reach back."""
    facts = settled_gift(3, Terms(30, 500)).facts
    assert facts["gift"] == FACE
    assert facts["gift"] is not FACE
    assert (facts["total_coins"], facts["fee_pct"], facts["rate"]) == (3, 30, 500)

"""Links: several accounts of one person on a stage, who have one wallet. Pure.

A link joins a member to a head. Nobody is renumbered: records go on naming the account that
acted, only the coins lie in the head's wallet. Whatever would move a member's coins moves the
head's, and notes in the fact `linked`, as `[member, head, amount]`, on whose behalf. From these
notes follows each member's share, which `unlink` gives back. What concerns all accounts of a
person notes which those were, as `accounts`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.errors import Code, GiftError
from data.ledger import BalanceIs, Guard, Record, Transaction
from data.money import Account, Posting

MEMBERS_MAX = 8
NOTE = "linked"
ACCOUNTS = "accounts"
OF_ALL = ("unban", "earnresume", "bar")  # they concern all accounts of a person


@dataclass(slots=True)
class Link:
    """That `person` is one with `head`. seq: the record of the link; parted: that of its end,
    0 while it lasts. share: what they brought in and what has come in and gone out on their
    behalf since; below zero when they spent more than that."""

    seq: int
    person: int
    head: int
    share: int
    parted: int = 0


class Links:
    """The links of a stage that last. Those that change are to be written down."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        self._links = {link.person: link for link in links}
        self._members: dict[int, list[int]] = {}
        self._changed: dict[int, Link] = {}
        for link in self._links.values():
            self._members.setdefault(link.head, []).append(link.person)

    def __bool__(self) -> bool:
        return bool(self._links)

    def of(self, person: int) -> Link | None:
        """By which somebody is the member of another."""
        return self._links.get(person)

    def head(self, person: int) -> int:
        """In whose wallet the coins of that person are; mostly their own."""
        link = self._links.get(person)
        return person if link is None else link.head

    def group(self, person: int) -> tuple[int, ...]:
        """All accounts of the one person, the head first."""
        if not self._links:  # asked about each gift, and mostly nobody is linked
            return (person,)
        head = self.head(person)
        return (head, *sorted(self._members.get(head, ())))

    def share(self, link: Link, held: int) -> int:
        """What a member takes along of the `held` coins in the one wallet: their share, or when
        somebody has overspent, so that there is less than is claimed, their part of it."""
        shares = [self._links[person].share for person in self._members[link.head]]
        claims = sum(share for share in (*shares, held - sum(shares)) if share > 0)
        return link.share * held // claims if link.share > 0 else 0

    def follow(self, record: Record) -> None:
        """Take note of a record just appended."""
        for member, _, amount in record.facts.get(NOTE, ()):
            if link := self._links.get(member):
                link.share += amount
                self._changed[link.seq] = link
        if record.kind == "link":
            head, coins = record.facts["head"], record.facts["coins"]
            link = self._links[record.subject] = Link(record.seq, record.subject, head, coins)
            self._members.setdefault(head, []).append(record.subject)
            self._changed[link.seq] = link
        elif record.kind == "unlink":
            link = self._links.pop(record.subject)
            link.parted = record.seq
            self._members[link.head].remove(record.subject)
            self._changed[link.seq] = link

    @property
    def changed(self) -> bool:
        """Whether `changes` has any."""
        return bool(self._changed)

    def changes(self) -> Iterator[Link]:
        """Those that are not written down yet; then they count as written."""
        changed, self._changed = self._changed, {}
        return iter(changed.values())


def resolve(asked: Transaction, links: Links, balance: Callable[[Account], int]) -> Transaction:
    """What is asked for, as it is to be judged while people are linked; mostly what it was.

    A link and its end get their postings here: what is moved is what is there at the moment of
    judgement. Raises `GiftError` ALREADY_LINKED, LINKS_CHANGED, NOT_LINKED, or ONE_WALLET when
    coins would only go from a wallet into itself.
    """
    if asked.kind == "link":
        return _joined(asked, links, balance)
    if asked.kind == "unlink":
        return _parted(asked, links, balance)
    if NOTE in asked.facts and not asked.postings:  # copied from another record
        asked = replace(asked, facts={k: v for k, v in asked.facts.items() if k != NOTE})
    if not links:
        return asked
    if asked.kind in OF_ALL and len(links.group(asked.subject)) > 1:
        return replace(asked, facts=asked.facts | {ACCOUNTS: list(links.group(asked.subject))})
    if not any(_of_member(account, links) for account, _ in asked.postings):
        return _guarded(asked, links)
    postings, notes = _redirected(asked.postings, links)
    if not postings:
        raise GiftError(Code.ONE_WALLET)
    noted = replace(asked, postings=postings, facts=asked.facts | {NOTE: notes})
    return _guarded(noted, links)


def meant(record: Record) -> tuple[Posting, ...]:
    """The postings of a record as if nobody had been linked: what an undo has to reverse,
    whoever is linked by then."""
    legs = dict(record.postings)
    for member, head, amount in record.facts.get(NOTE, ()):
        for owner, change in ((head, -amount), (member, amount)):
            account = Account("wallet", owner)
            legs[account] = legs.get(account, 0) + change
    return tuple(Posting(account, amount) for account, amount in legs.items() if amount)


def _of_member(account: Account, links: Links) -> bool:
    return account.kind == "wallet" and links.of(account.owner) is not None


def _redirected(
    postings: Sequence[Posting], links: Links
) -> tuple[tuple[Posting, ...], list[list[int]]]:
    """The postings on the wallets where the coins are, and on whose behalf."""
    legs: dict[Account, int] = {}
    notes: list[list[int]] = []
    for account, amount in postings:
        place = account
        if account.kind == "wallet" and (link := links.of(account.owner)):
            place = Account("wallet", link.head)
            notes.append([link.person, link.head, amount])
        legs[place] = legs.get(place, 0) + amount
    return tuple(Posting(account, amount) for account, amount in legs.items() if amount), notes


def _guarded(asked: Transaction, links: Links) -> Transaction:
    if not any(isinstance(g, BalanceIs) and _of_member(g.account, links) for g in asked.guards):
        return asked
    guards: list[Guard] = [
        BalanceIs(Account("wallet", links.head(guard.account.owner)), guard.amount)
        if isinstance(guard, BalanceIs) and guard.account.kind == "wallet"
        else guard
        for guard in asked.guards
    ]
    return replace(asked, guards=tuple(guards))


def _joined(asked: Transaction, links: Links, balance: Callable[[Account], int]) -> Transaction:
    """facts: `head`, and `group`, the accounts that are one with it as the asker saw them."""
    person, head = asked.subject, int(asked.facts["head"])
    if person in links.group(head):
        raise GiftError(Code.ALREADY_LINKED, same=True)
    if len(links.group(person)) > 1:
        raise GiftError(Code.ALREADY_LINKED, same=False)
    if links.head(head) != head or list(links.group(head)) != asked.facts["group"]:
        raise GiftError(Code.LINKS_CHANGED)
    if len(links.group(head)) > MEMBERS_MAX:
        raise GiftError(Code.LINKS_FULL, most=MEMBERS_MAX)
    brought = balance(Account("wallet", person))
    return _moving(asked, person, head, brought, {"coins": brought})


def _parted(asked: Transaction, links: Links, balance: Callable[[Account], int]) -> Transaction:
    """Takes `reverses`, the record of the link, at its word: of each link there is one end."""
    link = links.of(asked.subject)
    if link is None or link.seq != asked.reverses:
        raise GiftError(Code.NOT_LINKED)
    back = links.share(link, balance(Account("wallet", link.head)))
    facts = {"head": link.head, "coins": back, "share": link.share}
    return _moving(asked, link.head, link.person, back, facts)


def _moving(
    asked: Transaction, giver: int, taker: int, coins: int, facts: dict[str, Any]
) -> Transaction:
    legs = (Posting(Account("wallet", giver), -coins), Posting(Account("wallet", taker), coins))
    return replace(asked, postings=legs if coins else (), facts=asked.facts | facts)
